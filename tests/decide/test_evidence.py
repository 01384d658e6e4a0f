"""Scores are sums of evidence, and the sum is all there is to them."""

from __future__ import annotations

import math

import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st
from making import filter_of, rule

from contentfilter import Category, ContentFilter
from contentfilter.categories import ABUSE
from contentfilter.decide.evidence import PRIOR, Contribution, contributions, evidence_of, model_evidence, sigmoid, told_by_rules
from contentfilter.rules.schema import TermSpec


@given(st.floats(-1e6, 1e6))
def test_sigmoid_is_a_probability(logit: float) -> None:
    assert 0.0 <= sigmoid(logit) <= 1.0
    assert sigmoid(logit) + sigmoid(-logit) == pytest.approx(1.0)


@given(texts.mixtures)
def test_a_score_is_the_sum_of_its_contributions(shipped: ContentFilter, text: str) -> None:
    result = shipped.classify(text)
    assert list(result.scores) == list(Category)
    for category, score in result.scores.items():
        log_odds = PRIOR + sum(weight for concerned, _, weight in result.evidence.contributions if concerned is category)
        assert score == pytest.approx(1 / (1 + math.exp(-log_odds)))
        assert 0 <= result.severity[category] <= 3


@given(texts.mixtures)
def test_every_match_is_in_the_sum(shipped: ContentFilter, text: str) -> None:
    result = shipped.classify(text)
    told = {(category, source) for category, source, _ in result.evidence.contributions}
    assert {(match.category, match.rule) for match in result.matches} <= told


def test_a_rule_says_a_thing_once() -> None:
    contentfilter = filter_of(rule("insult.test", "ngu"))
    once, thrice = contentfilter.classify("ngu"), contentfilter.classify("ngu ngu ngu")
    assert once.scores == thrice.scores
    assert len(thrice.matches) == 3


def test_the_strongest_match_of_a_rule_counts() -> None:
    contentfilter = filter_of(rule("insult.test", TermSpec("tạ", 2.0), TermSpec("gà", 3.0)))
    assert contentfilter.classify("tạ gà").scores == contentfilter.classify("gà").scores


def test_what_lost_its_diacritics_weighs_less() -> None:
    contentfilter = filter_of(rule("insult.test", "óc chó lợn"))
    weights = [contentfilter.classify(text).matches[0].weight for text in ("óc chó lợn", "óc chó lon", "óc cho lon", "oc cho lon")]
    assert weights[0] == 5.0
    assert weights[0] > weights[1] > weights[2] >= weights[3] > 2.0


def model_says(logit: float, *ruled: Category) -> dict[Category, float]:
    return {category: sigmoid(PRIOR + weight) for category, _, weight in model_evidence(("toxic",), (logit,), ruled)}


def test_the_model_alone_gives_its_own_probability() -> None:
    assert model_says(1.3) == {Category.INSULT: pytest.approx(sigmoid(1.3))}


def test_the_model_takes_little_from_what_rules_found() -> None:
    assert sigmoid(PRIOR - 2) < model_says(-50.0, Category.INSULT)[Category.INSULT] < sigmoid(PRIOR)


def test_what_is_surely_not_toxic_is_no_other_abuse_either() -> None:
    told = model_says(-9.0, Category.PROFANITY)
    assert told == dict.fromkeys((Category.INSULT, Category.THREAT, Category.SEXUAL), pytest.approx(sigmoid(-9.0)))


@pytest.mark.parametrize(
    ("threat", "toxic", "score"),
    [
        (1.0, -9.0, 1.0),  # likely by its own head
        (-2.0, -9.0, -9.0),  # not likely, and surely not toxic
        (-6.0, -3.0, -6.0),
        (-6.0, 3.0, -6.0),
        (-2.0, 3.0, -2.0),
    ],
)
def test_a_head_of_its_own_says_what_other_abuse_there_is(threat: float, toxic: float, score: float) -> None:
    told = {category: sigmoid(PRIOR + weight) for category, _, weight in model_evidence(("toxic", "threat"), (toxic, threat), ())}
    assert told[Category.THREAT] == pytest.approx(sigmoid(score))


def test_of_other_harms_toxic_says_nothing() -> None:
    told = [category for category, _, _ in model_evidence(("toxic", "scam"), (-9.0, 1.0), ())]
    assert told == [Category.INSULT, Category.SCAM, Category.PROFANITY, Category.THREAT, Category.SEXUAL]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], set()),
        ([(Category.SCAM, "model", 5.0), (Category.SPAM, "spam.test", 1.0)], {Category.SPAM}),
        ([(Category.SCAM, "scam.sign", -3.0)], set()),
        ([(Category.PROFANITY, "profanity.test", 4.0)], set(ABUSE)),
    ],
)
def test_what_rules_speak_for(found: list[Contribution], told: set[Category]) -> None:
    assert told_by_rules(found) == told


@pytest.mark.parametrize(("bias", "grade"), [(0.0, 1), (-1e-9, 0)])
def test_the_model_alone_gives_the_mildest_grade_from_even_odds(bias: float, grade: int) -> None:
    found = contributions((), (), ("toxic",), (bias,))
    assert evidence_of((), (), found).severity[Category.INSULT] == grade


def test_a_sigmoid_at_nothing_and_beside_it() -> None:
    assert sigmoid(0.0) == 0.5
    assert sigmoid(2.0) == pytest.approx(0.8807970779778823)
    assert sigmoid(-2.0) == pytest.approx(1 - 0.8807970779778823)
