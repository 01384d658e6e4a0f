"""Questions of the page and their answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from making import filter_of, model

from contentfilter import Category, ContentFilter, DataError
from contentfilter.decide.evidence import sigmoid
from contentfilter.decide.policy import POLICIES
from contentfilter.playground.trial import MOST_CHARACTERS, Question, question_of, trial


def ask(contentfilter: ContentFilter, text: str, *words: tuple[str, str], lang: str = "en") -> dict[str, Any]:
    question = question_of({"text": text, "words": [list(pair) for pair in words], "lang": lang})
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
