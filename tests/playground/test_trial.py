"""Questions of the page and their answers."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from making import filter_of, model

from contentfilter import Category, ContentFilter, DataError
from contentfilter.decide.evidence import sigmoid
from contentfilter.decide.policy import POLICIES
from contentfilter.playground.trial import MOST_CHARACTERS, Question, question_of, trial


def ask(contentfilter: ContentFilter, text: str, *words: tuple[str, str], lang: str = "en", overlay: str = "") -> dict[str, Any]:
    question = question_of({"text": text, "words": [list(pair) for pair in words], "lang": lang, "overlay": overlay})
    return json.loads(json.dumps(trial(contentfilter)(question)))  # as the page gets it


def test_a_verdict_is_the_filters_own(shipped: ContentFilter) -> None:
    text = "Đồ n.g.u, gọi 0912 345 678 nhé"
    told, result = ask(shipped, text), shipped.classify(text)
    assert told["before"] is None
    now = told["now"]
    assert (now["action"], now["masked"]) == (result.action, result.masked)
    assert {score["category"]: score["score"] for score in now["scores"]} == result.scores
    assert {score["category"]: score["severity"] for score in now["scores"]} == result.severity
    assert [(m["start"], m["end"], m["text"], m["category"], m["rule"]) for m in now["matches"]] == [
        (m.start, m.end, m.text, m.category, m.rule) for m in result.matches
    ]
    assert now["matches"][0] | {"term": "đồ ngu", "steps": ["separators"], "says": "Calls someone stupid"} == now["matches"][0]


def test_the_evidence_adds_up_to_the_scores(shipped: ContentFilter) -> None:
    for score in ask(shipped, "Đồ n.g.u, gọi 0912 345 678 nhé")["now"]["scores"]:
        assert score["score"] == pytest.approx(sigmoid(score["start"] + sum(term["weight"] for term in score["evidence"])))


def test_actions_are_those_of_filters_with_these_policies() -> None:
    filters = {name: ContentFilter(policy=name) for name in POLICIES}
    answer = trial(filters["default"])
    for text in ("", "xin chào", "Đồ n.g.u", "gọi 0912 345 678", "Nhà cái uy tín, nạp lần đầu tặng 100%", "tao chán sống quá"):
        told = answer(Question(text, (), "en"))["now"]["policies"]
        assert {row["policy"]: row["action"] for row in told} == {name: filters[name].classify(text).action for name in POLICIES}


def test_the_model_alone_blocks_under_no_policy() -> None:
    made = object.__new__(ContentFilter)
    _, lists, *_ = filter_of().__getstate__()
    made.__setstate__(("default", lists, model(bias=9.0)))
    assert {row["action"] for row in ask(made, "bất kỳ")["now"]["policies"]} == {"review"}


def test_a_text_that_was_not_judged_whole_is_held_under_every_policy() -> None:
    short = ContentFilter(max_characters=5)
    verdict = ask(short, "xin chào cả nhà")["now"]
    assert verdict["errors"] == list(short.classify("xin chào cả nhà").errors) != []
    assert {row["action"] for row in verdict["policies"]} == {"review"}


def test_words_change_the_verdict_and_the_other_is_told_too(shipped: ContentFilter) -> None:
    told = ask(shipped, "Đúng là gà mờ, đồ ngu", ("insult", "gà mờ"), ("allowed", "đồ ngu"))
    now = [match["text"] for match in told["now"]["matches"]]
    assert "gà mờ" in now
    assert "đồ ngu" not in now
    assert [match["text"] for match in told["before"]["matches"]] == ["đồ ngu"]
    assert told["before"] == ask(shipped, "Đúng là gà mờ, đồ ngu")["now"]


HEAD = "overlay: site\nversion: 1.0.0\n"


def test_rules_on_trial_are_told_and_change_nothing_else(shipped: ContentFilter) -> None:
    text = "Đồ n.g.u, về nhà đi"
    told = ask(shipped, text, overlay=HEAD + "status: {insult.stupid: trial}\n")
    now, before = told["now"], told["before"]
    assert [(m["text"], m["rule"], m["steps"], m["action"], m["action_name"]) for m in now["trials"]] == [
        ("Đồ n.g.u", "insult.stupid", ["separators"], before["action"], "block")
    ]
    assert now["action"] != before["action"]
    assert "insult.stupid" not in {match["rule"] for match in now["matches"]}
    assert "insult.stupid" not in {term["rule"] for score in now["scores"] for term in score["evidence"]}
    assert before["trials"] == []


def test_overlays_of_the_page_are_what_a_question_starts_from(shipped: ContentFilter, tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(HEAD + "terms: {insult: [đồ bánh bao]}\nactions: {insult: block}\n", encoding="utf-8")
    answer = trial(shipped, [site])
    alone = answer(Question("đồ bánh bao", (), "en"))
    assert [row["action"] for row in alone["now"]["policies"]] == ["block", "block", "allow"]
    assert alone["before"] is None
    eased = answer(Question("đồ bánh bao", (), "en", "overlay: eased\nversion: 1.0.0\nactions: {insult: review}\n"))
    assert [row["action"] for row in eased["now"]["policies"]] == ["review", "review", "allow"]
    assert eased["before"] == alone["now"]


@pytest.mark.parametrize(
    "overlay",
    [
        "status: {insult.stupid: off}\n", "weights: {insult.stupid: 9}\n", "actions: {insult: block, pii: review}\n",
        "thresholds: {insult: {review: 0.01}}\n", "terms: {insult: [gà mờ]}\n", "allow: [đồ ngu ngơ]\n",
    ],
    ids=str.strip,
)  # fmt: skip
@pytest.mark.parametrize("text", ["Đúng là gà mờ", "Đồ n.g.u ngơ, gọi 0912 345 678"])
def test_an_overlay_does_what_it_does_in_a_file(tmp_path: Path, shipped: ContentFilter, text: str, overlay: str) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(HEAD + overlay, encoding="utf-8")
    told = ask(shipped, text, overlay=HEAD + overlay)
    assert told["faults"] == []
    assert told["before"] == ask(shipped, text)["now"]
    result = shipped.with_overlays([path]).classify(text)
    assert {score["category"]: score["score"] for score in told["now"]["scores"]} == result.scores
    assert [match["text"] for match in told["now"]["matches"]] == [match.text for match in result.matches]
    assert {row["policy"]: row["action"] for row in told["now"]["policies"]} == {
        name: ContentFilter(policy=name, overlays=[path]).classify(text).action for name in POLICIES
    }


def test_an_overlay_comes_upon_the_words(shipped: ContentFilter) -> None:
    overlay = f"{HEAD}status: {{own.insult: off}}\n"
    assert ask(shipped, "Đúng là gà mờ", ("insult", "gà mờ"))["now"]["matches"] != []
    assert ask(shipped, "Đúng là gà mờ", ("insult", "gà mờ"), overlay=overlay)["now"]["matches"] == []
    assert ask(shipped, "Đúng là gà mờ", overlay=overlay)["faults"][0]["line"] == 3  # there is no such rule


@pytest.mark.parametrize(
    ("overlay", "places"),
    [
        (f"{HEAD}status: {{insult.none: off}}\n", [(3, 10)]),
        (f"{HEAD}thresholds: {{insult: {{review: 7}}}}\nactions: {{insult: shout}}\n", [(3, 31), (4, 19)]),
        ("overlay: [", [(2, 1)]),
        ("terms: {insult: [gà mờ]}\n", [(1, 1), (1, 1)]),
        ("\x00", [(1, 1)]),
        ("a\ud800", [(1, 1)]),
    ],
    ids=["unknown rule", "two", "no YAML", "no name", "control character", "lone surrogate"],
)
def test_faults_of_an_overlay_have_their_places(
    shipped: ContentFilter, overlay: str, places: list[tuple[int, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told = ask(shipped, "Đồ n.g.u", overlay=overlay)
    assert [(fault["line"], fault["column"]) for fault in told["faults"]] == places
    assert not any(str(tmp_path) in fault["message"] for fault in told["faults"])
    assert told["before"] is None
    assert told["now"] == ask(shipped, "Đồ n.g.u")["now"]
    assert list(tmp_path.iterdir()) == []  # nothing of it is kept


def test_a_blank_overlay_is_none(shipped: ContentFilter) -> None:
    assert ask(shipped, "Đồ n.g.u", overlay=" \n")["before"] is None


def test_names_are_in_the_language_asked_for(shipped: ContentFilter) -> None:
    verdict = ask(shipped, "Đồ n.g.u", lang="vi")["now"]
    assert verdict["policies"][0]["name"] == "chặn"
    assert verdict["matches"][0]["steps"] == ["dấu chen giữa"]
    assert verdict["scores"][list(Category).index(Category.INSULT)]["name"] == "xúc phạm"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "found list, expected an object"),
        ({}, "text: expected text of at most 100,000 characters"),
        ({"text": 5}, "text: expected text"),
        ({"text": "a" * (MOST_CHARACTERS + 1)}, "text: expected text of at most"),
        ({"text": "a", "lang": "fr"}, "lang: found 'fr', expected 'vi' or 'en'"),
        ({"text": "a", "lang": "vi", "overlay": 5}, "overlay: expected text of at most 100,000 characters"),
        ({"text": "a", "lang": "vi"}, "words: found NoneType, expected a list of pairs"),
        ({"text": "a", "lang": "vi", "words": [["insult", "b"], ["politics", "c"]]}, r"words\[1\]: expected a pair"),
        ({"text": "a", "lang": "vi", "words": [["insult", " "]]}, r"words\[0\]: expected a pair"),
        ({"text": "a", "lang": "vi", "words": ["ab"]}, r"words\[0\]: expected a pair"),
    ],
)
def test_what_is_no_question(value: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        question_of(value)


def test_a_question() -> None:
    assert question_of({"text": "a", "lang": "vi", "words": [["allowed", "b"]]}) == Question("a", (("allowed", "b"),), "vi")
