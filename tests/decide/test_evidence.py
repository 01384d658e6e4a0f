"""Scores are sums of evidence, and the sum is all there is to them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st
from making import filter_of, rule

from contentfilter import Category, ContentFilter
from contentfilter.categories import ABUSE
from contentfilter.decide.evidence import (
    NO_EVIDENCE,
    PRIOR,
    Contribution,
    contributions,
    evidence_of,
    model_evidence,
    sigmoid,
    sum_up,
    told_by_rules,
    unruled,
    weight_of,
)
from contentfilter.match.keywords import Term
from contentfilter.match.settle import Hit
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
    assert weights[:3] == [5.0] * 3, "among syllables that have theirs they were left out on purpose"
    assert 2.0 < weights[3] < 5.0


def model_says(logit: float, *ruled: Category) -> dict[Category, float]:
    return {category: sigmoid(PRIOR + weight) for category, _, weight in model_evidence(("toxic",), (logit,), dict.fromkeys(ruled, 1.0))}


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
    told = {category: sigmoid(PRIOR + weight) for category, _, weight in model_evidence(("toxic", "threat"), (toxic, threat), {})}
    assert told[Category.THREAT] == pytest.approx(sigmoid(score))


def test_of_other_harms_toxic_says_nothing() -> None:
    told = [category for category, _, _ in model_evidence(("toxic", "scam"), (-9.0, 1.0), {})]
    assert told == [Category.INSULT, Category.SCAM, Category.PROFANITY, Category.THREAT, Category.SEXUAL]


HEADED = st.lists(st.sampled_from(("toxic", "hate", "threat", "sexual", "scam", "no category's")), unique=True)
AT_THE_BORDERS = st.sampled_from((-60.0, PRIOR - 1, PRIOR, PRIOR + 1, -1e-9, 0.0, 1e-9, 1.0)) | st.floats(-20, 20)


@given(HEADED.flatmap(lambda heads: st.tuples(st.just(heads), st.lists(st.tuples(*[AT_THE_BORDERS] * len(heads)), min_size=1, max_size=4))))
def test_columns_of_texts_without_matches_say_what_single_texts_do(drawn: tuple[list[str], list[tuple[float, ...]]]) -> None:
    heads, rows = drawn
    columns = unruled(heads, np.array(rows).reshape(len(rows), len(heads)))
    for i, row in enumerate(rows):
        alone = sum_up(model_evidence(heads, row, ()))
        assert {category: column[i] for category, column in columns.items()} == dict.fromkeys(columns, PRIOR) | alone


@pytest.mark.parametrize(
    ("weight", "added"),
    [(9.0, 0.3), (PRIOR + 0.2, 0.2), (PRIOR - 9.0, -0.5)],
)
def test_a_head_of_its_own_adds_little_to_a_rule(weight: float, added: float) -> None:
    assert model_evidence(("scam",), (weight,), {Category.SCAM: 20.0}) == [(Category.SCAM, "model", pytest.approx(added))]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], set()),
        ([(Category.SCAM, "scam.test", 0.0)], set()),
        ([(Category.SCAM, "model", 5.0), (Category.SPAM, "spam.test", 1.0)], {Category.SPAM}),
        ([(Category.SCAM, "scam.sign", -3.0)], set()),
        ([(Category.SCAM, "model", 3.0), (Category.SCAM, "scam.weak", 3.0)], set()),  # the head alone holds it
        ([(Category.SCAM, "model", 0.3), (Category.SCAM, "scam.weak", 3.0)], {Category.SCAM}),
        ([(Category.SCAM, "model", 3.0), (Category.SCAM, "scam.sure", 4.0)], {Category.SCAM}),
        ([(Category.HATE, "model", 6.0), (Category.HATE, "hate.weak", 1.0)], set(ABUSE)),
        ([(Category.PROFANITY, "profanity.test", 4.0)], {Category.PROFANITY}),
        ([(Category.THREAT, "threat.test", 4.0)], set(ABUSE)),
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


def hit(weight: float = 3.0, missing: int = 0, steps: tuple[str, ...] = (), rule: int | None = 0, *categories: Category) -> Hit:
    where = categories or (Category.INSULT,)
    return Hit(0, 3, Term("tạ", rule, weight, categories=where), steps, missing, where)


@pytest.mark.parametrize(
    ("weight", "missing", "steps", "expected"),
    [
        (3.0, 0, (), 3.0),
        (3.0, 1, (), 2.7),
        (3.0, 2, (), 2.5),
        (3.0, 9, (), 2.5),
        (3.0, 0, ("leet",), 3.0),
        (3.0, 0, ("separators",), 3.8),
        (3.0, 0, ("leet", "spaced letters"), 3.8),
        (3.0, 0, ("masks",), 3.8),
        (3.0, 1, ("separators",), 3.5),
        (0.5, 1, ("masks",), 1.0),
        (1.0, 1, (), 0.7),
        (0.0, 1, ("masks",), 0.0),
        (-2.0, 2, ("masks",), -2.0),
    ],
)
def test_what_a_match_weighs(weight: float, missing: int, steps: tuple[str, ...], expected: float) -> None:
    assert weight_of(hit(weight, missing, steps)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("heads", "logits", "ruled", "expected"),
    [
        (("toxic",), (1.0,), (), [("insult", 5.0)]),
        (("toxic",), (-4.0,), (), [("insult", 0.0)]),
        (("toxic",), (-4.2,), (), [("insult", -0.2), ("profanity", -0.2), ("threat", -0.2), ("sexual", -0.2)]),
        (("toxic",), (-4.2,), ("insult",), [("insult", -0.2), ("profanity", -0.2), ("threat", -0.2), ("sexual", -0.2)]),
        (("toxic",), (-6.0,), ("insult", "threat"), [("insult", -0.5), ("profanity", -2.0), ("sexual", -2.0)]),
        (("toxic",), (-6.0,), ("scam",), [("insult", -2.0), ("profanity", -2.0), ("threat", -2.0), ("sexual", -2.0)]),
        (("hate",), (-6.0,), (), [("hate", -2.0)]),
        (("hate",), (-6.0,), ("hate",), [("hate", -0.5)]),
        (("hate",), (2.0,), ("hate",), [("hate", 6.0)]),
        (("scam",), (-3.0,), ("scam",), [("scam", 0.3)]),  # the rule's 3.0 and this are more than the head's own
        (("scam",), (2.0,), ("scam",), [("scam", 3.0)]),  # no less than the head alone
        (("scam",), (-9.0,), ("scam",), [("scam", -0.5)]),
        (("other",), (9.0,), (), []),
    ],
)
def test_what_the_model_adds(heads: tuple[str, ...], logits: tuple[float, ...], ruled: tuple[str, ...], expected: list[object]) -> None:
    found = model_evidence(heads, logits, {Category(name): 3.0 for name in ruled})
    assert [source for _, source, _ in found] == ["model"] * len(found)
    assert sorted((str(category), weight) for category, _, weight in found) == sorted(
        (category, pytest.approx(weight)) for category, weight in expected
    )


RULES = (rule("insult.mild", "tạ", severity=1), rule("insult.grave", "gà", severity=3), rule("insult.kept", "bí", severity=2))


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        ([hit(2.0)], [("insult", "insult.mild", 2.0)]),
        ([hit(2.0), hit(3.0), hit(2.5)], [("insult", "insult.mild", 3.0)]),
        ([hit(2.0), hit(-3.0)], [("insult", "insult.mild", -3.0)]),
        ([hit(2.0), hit(-2.0)], [("insult", "insult.mild", 2.0)]),  # of equals the first
        ([hit(-2.0), hit(2.0)], [("insult", "insult.mild", -2.0)]),
        ([hit(0.0)], []),
        ([hit(3.0, 0, (), 1), hit(2.0)], [("insult", "insult.mild", 2.0), ("insult", "insult.grave", 3.0)]),
        (
            [hit(2.0, 0, (), 0, Category.SPAM, Category.INSULT)],
            [("insult", "insult.mild", 2.0), ("spam", "insult.mild", 2.0)],
        ),
    ],
)
def test_what_rules_add(hits: list[Hit], expected: list[tuple[str, str, float]]) -> None:
    found = contributions(RULES, hits, (), ())
    assert [(str(category), source, weight) for category, source, weight in found] == expected


def test_sums_begin_at_the_prior() -> None:
    found = [(Category.SPAM, "spam.a", 2.0), (Category.INSULT, "model", -1.0), (Category.SPAM, "spam.b", 0.5)]
    assert sum_up(found) == {Category.SPAM: -1.5, Category.INSULT: -5.0}
    assert sum_up([]) == {}
    assert PRIOR == -4.0


@pytest.mark.parametrize(
    ("hits", "grade"),
    [
        ([], 0),
        ([hit()], 1),
        ([hit(), hit(3.0, 0, (), 1)], 3),
        ([hit(3.0, 0, (), 1), hit()], 3),
        ([hit(0.0, 0, (), 2)], 0),  # keeps a place from others
        ([hit(0.5, 0, (), 2)], 2),
        ([hit(-1.0, 0, (), 2)], 0),
        ([hit(3.0, 0, (), None)], 0),  # an innocent phrase
        ([hit(0.0, 0, (), None)], 0),
    ],
)
def test_severity_is_that_of_the_gravest_rule(hits: list[Hit], grade: int) -> None:
    severity = evidence_of(RULES, hits, ()).severity
    assert severity == {category: grade if category is Category.INSULT else 0 for category in Category}


def test_what_nobody_spoke_to_stays_at_the_prior() -> None:
    found = ((Category.SPAM, "spam.a", 4.0), (Category.HATE, "model", 4.0), (Category.INSULT, "model", 3.9))
    evidence = evidence_of((), (), found)
    assert evidence.scores == {category: pytest.approx(1 / (1 + math.exp(4))) for category in Category} | {
        Category.SPAM: 0.5, Category.HATE: 0.5, Category.INSULT: pytest.approx(1 / (1 + math.exp(0.1))),
    }  # fmt: skip
    assert evidence.severity == dict.fromkeys(Category, 0) | {Category.HATE: 1, Category.SPAM: 1}
    assert evidence.contributions == found
    assert (evidence_of((), (), ()).scores, evidence_of((), (), ()).severity) == (NO_EVIDENCE.scores, NO_EVIDENCE.severity)


def test_what_is_found_changes_no_other_text() -> None:
    evidence_of(RULES, [hit()], [(Category.INSULT, "insult.mild", 9.0)])
    assert set(NO_EVIDENCE.severity.values()) == {0}
    assert set(NO_EVIDENCE.scores.values()) == {sigmoid(PRIOR)}
