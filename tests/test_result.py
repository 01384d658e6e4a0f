"""What a caller gets: masked text, plain values, an explanation that adds up."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Literal

import pytest
import regex
import texts
from hypothesis import given
from making import LISTS, filter_of, found, model, rule

from contentfilter import Action, Category, ContentFilter, Match
from contentfilter.explain import ACTION_NAMES, CATEGORY_NAMES, explain, printable
from contentfilter.result import Result
from contentfilter.rules.schema import WordLists

OVERLAY = "\N{COMBINING LONG STROKE OVERLAY}"


def graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


MASKED = [
    # text, masked, where "đồ ngu" is an insult
    ("Đồ ngu!", "** ***!"),
    ("đồ n.g.u nhé", "** ***** nhé"),
    (f"đồ n{OVERLAY}gu", "** ***"),
    ("đo\N{COMBINING CIRCUMFLEX ACCENT}\N{COMBINING GRAVE ACCENT} ngu", "** ***"),
    ("đồ\n\tngu", "**\n\t***"),
    ("đồ ngu đồ ngu", "** *** ** ***"),
    ("xin chào", "xin chào"),
    ("👩‍👧 đồ ngu 🇻🇳", "👩‍👧 ** *** 🇻🇳"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_masked(text: str, masked: str) -> None:
    assert filter_of(rule("insult.test", "đồ ngu")).classify(text).masked == masked


def test_only_flagged_categories_that_mask_are_masked() -> None:
    insult, betting = rule("insult.test", "đồ ngu"), rule("gambling.test", "nhà cái", category="gambling")
    contentfilter = filter_of(insult, betting, rule("hate.test", "bọn nó", category="hate", weight=2.0))
    assert contentfilter.classify("nhà cái bọn nó đồ ngu").masked == "nhà cái bọn nó ** ***"


@given(texts.mixtures)
def test_masked_text_has_as_many_graphemes(shipped: ContentFilter, text: str) -> None:
    result = shipped.classify(text)
    assert graphemes(result.masked) == graphemes(text)
    if not result.flagged:
        assert result.masked == text


@given(texts.mixtures)
def test_plain_values(shipped: ContentFilter, text: str) -> None:
    result = shipped.classify(text)
    told = result.to_dict()
    assert list(told) == ["action", "flagged", "scores", "severity", "matches", "trials", "errors"]
    assert json.loads(json.dumps(told)) == told
    assert told["action"] == result.action
    assert list(told["scores"]) == list(told["severity"]) == [category.value for category in Category]
    assert len(told["matches"]) == len(result.matches)


def test_a_match_as_plain_values() -> None:
    (match,) = filter_of(rule("insult.test", "đồ ngu")).classify("Đồ n.g.u").to_dict()["matches"]
    assert match == {
        "start": 0, "end": 8, "text": "Đồ n.g.u", "category": "insult", "rule": "insult.test", "source": "keyword", "steps": ["separators"],
        "weight": 5.8,
    }  # fmt: skip
    assert type(match["category"]) is str


def test_where_a_match_comes_from() -> None:
    contentfilter = filter_of(rule("pii.test", "<phone>", "zalo <phone>", category="pii"))
    assert [match.source for match in contentfilter.classify("gọi 0912345678").matches] == ["regex"]
    assert [match.source for match in contentfilter.classify("zalo 0912345678").matches] == ["keyword"]


def test_results_are_equal_by_value() -> None:
    contentfilter = filter_of(rule("insult.test", "đồ ngu"))
    assert contentfilter.classify("đồ ngu") == contentfilter.classify("đồ ngu")
    assert contentfilter.classify("đồ ngu") != contentfilter.classify("Đồ ngu")
    assert contentfilter.classify("đồ ngu") != "đồ ngu"
    with pytest.raises(TypeError):
        hash(contentfilter.classify("đồ ngu"))


def test_scores_are_the_callers_own() -> None:
    result = filter_of().classify("xin chào")
    result.scores.clear()
    result.severity.clear()
    assert len(result.scores) == len(result.severity) == 11


def test_matches_do_not_change() -> None:
    (match,) = filter_of(rule("insult.test", "ngu")).classify("ngu").matches
    with pytest.raises(AttributeError):
        match.start = 1  # type: ignore[misc]
    assert isinstance(match, Match)


def test_severity_is_the_gravest_of_a_category() -> None:
    mild, grave = rule("insult.mild", "gà", severity=1), rule("insult.grave", "óc chó", severity=3)
    contentfilter = filter_of(mild, grave, rule("threat.test", "đấm", category="threat", severity=2))
    assert contentfilter.classify("gà, óc chó, đấm").severity == {
        category: {"insult": 3, "threat": 2}.get(category, 0) for category in Category
    }
    assert set(contentfilter.classify("").severity.values()) == {0}


def test_actions_are_strings() -> None:
    assert [str(action) for action in Action] == ["allow", "review", "mask", "block"]
    assert Action("mask") is Action.MASK
    assert f"{Category.SELF_HARM}" == "self_harm"


# --- explanations ---


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_name_is_there(lang: str) -> None:
    assert set(CATEGORY_NAMES[lang]) == set(Category)  # type: ignore[index]
    assert set(ACTION_NAMES[lang]) == set(Action)  # type: ignore[index]


def test_an_explanation_shows_the_sum() -> None:
    contentfilter = filter_of(rule("insult.test", "đồ ngu"), rule("context.test", "bị cáo", weight=-2.0))
    assert contentfilter.classify("Bị cáo: đồ n.g.u").explain("en").splitlines()[:3] == [
        "Action: allow",
        "insult: score 0.33, severity 1",
        "  -4.0 starting point",
    ]
    assert "  +5.8 en: insult.test (insult.test): “đồ n.g.u” → đồ ngu (separators)" in contentfilter.classify("đồ n.g.u").explain("en")
    assert "  +5.8 vi: insult.test (insult.test): “đồ n.g.u” → đồ ngu (dấu chen giữa)" in contentfilter.classify("đồ n.g.u").explain()


def test_nothing_to_explain() -> None:
    assert filter_of().classify("xin chào").explain("en") == "Action: allow\nNothing found."


def test_another_language_is_an_error() -> None:
    with pytest.raises(ValueError, match="expected 'vi' or 'en'"):
        explain(filter_of().classify(""), "fr")  # type: ignore[arg-type]


@given(texts.mixtures)
def test_an_explanation_obeys_no_control_character(shipped: ContentFilter, text: str) -> None:
    for lang in ("vi", "en"):
        for line in shipped.classify(text).explain(lang).split("\n"):  # type: ignore[arg-type]
            assert line == printable(line)


@given(texts.anything)
def test_printable_shows_what_can_not_be_seen(text: str) -> None:
    shown = printable(text)
    shown.encode()
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 or character in "\u202e\u200b\u2028\ud800" for character in shown)


def test_matches_are_found_in_the_small_filter() -> None:
    assert found(filter_of(rule("insult.test", "ngu")), "ngu") == ["ngu"]


def test_support_is_the_note_of_the_strongest_rule() -> None:
    calm = replace(rule("self_harm.calm", "hồ lô", weight=3.0, category="self_harm"), support_vi="Nhẹ", support_en="Calm")
    grave = replace(rule("self_harm.grave", "mướp đắng", category="self_harm"), support_vi="Gọi 115", support_en="Call 115")
    contentfilter = filter_of(calm, grave, rule("insult.test", "bầu bí"), replace(rule("spam.kind", "dưa", weight=-2.0), support_vi="X"))
    both = contentfilter.classify("hồ lô, bầu bí, mướp đắng, dưa")
    assert (both.support(), both.support("vi"), both.support("en")) == ("Gọi 115", "Gọi 115", "Call 115")
    assert contentfilter.classify("bầu bí").support() == ""
    assert contentfilter.classify("hồ lô").support() == "", "what passes needs no note"
    assert contentfilter.classify("trời đẹp").support("en") == ""
    with pytest.raises(ValueError, match="expected 'vi' or 'en'"):
        both.support("fr")  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("text", ["Mình muốn tự tử", "Chết bằng cách nào cho đỡ đau", "Con xin lỗi bố mẹ, con đi đây"])
@pytest.mark.parametrize("policy", ["lenient", "default", "strict"])
def test_who_speaks_of_self_harm_is_told_where_help_is(text: str, policy: str) -> None:
    result = ContentFilter(policy=policy).classify(text)
    assert result.action is Action.REVIEW
    assert "115" in result.support("vi")
    assert "111" in result.support("en")


@pytest.mark.parametrize("text", ["đm, tao muốn chết quách cho xong", "Vl thật, mệt vl, mình muốn tự tử", "đời như cc, wanna kill myself"])
def test_who_swears_in_despair_is_seen_by_a_person(shipped: ContentFilter, text: str) -> None:
    result = shipped.classify(text)
    assert result.action is Action.REVIEW
    assert "115" in result.support("vi")


def test_who_urges_others_is_told_nothing(shipped: ContentFilter) -> None:
    result = shipped.classify("Mày nhảy cầu chết đi")
    assert result.flagged
    assert result.support() == ""


@pytest.mark.parametrize("bias", [-9.0, -4.0, 1.0])
@pytest.mark.parametrize("text", ["xin chào", "đúng là gà mờ", "đồ ngu, gà mờ", "gà mờ, gà mờ"])
@pytest.mark.parametrize("weight", [2.5, 4.6, 9.0])
def test_what_a_rule_on_trial_would_do_is_what_it_does_when_it_is_active(bias: float, text: str, weight: float) -> None:
    def judged(status: Literal["trial", "active"]) -> Result:
        made = object.__new__(ContentFilter)
        rules = (rule("insult.stupid", "đồ ngu"), replace(rule("insult.dull", "gà mờ", weight=weight), status=status))
        made.__setstate__(("default", WordLists(rules, (), LISTS, ()), model(bias=bias)))
        return made.classify(text)

    assert judged("trial").action_with("insult.dull") is judged("active").action
    assert judged("active").action_with("insult.dull") is judged("active").action
