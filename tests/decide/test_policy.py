"""Policies: what a lenient one flags, a stricter one flags too."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError

import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st

from contentfilter import Action, Category, ContentFilter, PolicyError
from contentfilter.decide.evidence import sigmoid
from contentfilter.decide.policy import POLICIES, Policy, Thresholds, adjusted, policy_named

NAMES = ("lenient", "default", "strict")
LINES = [*texts.lines("clean.txt"), *texts.lines("collisions.txt"), *texts.PHRASES]


def everywhere(thresholds: Thresholds) -> Policy:
    return Policy("test", dict.fromkeys(Category, thresholds), frozenset())


@pytest.fixture(scope="module")
def filters() -> dict[str, ContentFilter]:
    return {name: ContentFilter(policy=name) for name in NAMES}


def test_stricter_policies_flag_more(filters: dict[str, ContentFilter]) -> None:
    every = [*LINES, *(texts.EXAMPLES / "comments.txt").read_text(encoding="utf-8").splitlines()]
    flagged = {name: {result.text for result in filters[name].classify_batch(every) if result.flagged} for name in NAMES}
    assert flagged["lenient"] <= flagged["default"] <= flagged["strict"]
    assert len(flagged["lenient"]) < len(flagged["default"]) < len(flagged["strict"])


@given(texts.mixtures)
def test_stricter_policies_flag_any_text_sooner(filters: dict[str, ContentFilter], text: str) -> None:
    lenient, default, strict = (filters[name].classify(text) for name in NAMES)
    assert lenient.flagged <= default.flagged <= strict.flagged
    assert lenient.scores == default.scores == strict.scores  # a policy changes what is done, not what is known
    assert lenient.matches == default.matches == strict.matches


@pytest.mark.parametrize("name", NAMES)
def test_self_harm_goes_to_a_person(name: str) -> None:
    policy = policy_named(name)
    actions = {policy.action({Category.SELF_HARM: log_odds / 10}) for log_odds in range(-100, 400)}
    assert actions == {Action.ALLOW, Action.REVIEW}


@pytest.mark.parametrize("name", NAMES)
@given(log_odds=st.dictionaries(st.sampled_from(list(Category)), st.floats(-50, 50)))
def test_the_gravest_action_wins(name: str, log_odds: dict[Category, float]) -> None:
    policy = policy_named(name)
    order = list(Action)
    each = [order.index(policy.action({category: value})) for category, value in log_odds.items()]
    assert policy.action(log_odds) is order[max(each, default=0)]


@pytest.mark.parametrize(
    ("score", "action"),
    [(0.0, "allow"), (0.29, "allow"), (0.31, "review"), (0.51, "mask"), (0.89, "mask"), (0.91, "block"), (1.0, "block")],
)
def test_thresholds(score: float, action: str) -> None:
    log_odds = math.log(score / (1 - score)) if 0 < score < 1 else math.inf if score else -math.inf
    assert everywhere(Thresholds(review=0.3, mask=0.5, block=0.9)).action({Category.INSULT: log_odds}) == action
    assert sigmoid(log_odds if math.isfinite(log_odds) else 1e3 * (score or -1)) == pytest.approx(score)


def test_the_shipped_default_thresholds() -> None:
    default = policy_named("default").thresholds
    assert default[Category.INSULT].least == pytest.approx(0.0)  # even odds
    assert policy_named("lenient").action({Category.PROFANITY: 50.0}) is Action.ALLOW


@pytest.mark.parametrize("name", ["", "Default", "none", None, 1, []])
def test_an_unknown_policy_is_an_error_that_lists_the_known(name: object) -> None:
    with pytest.raises(PolicyError, match="expected one of: default, strict, lenient"):
        policy_named(name)  # type: ignore[arg-type]  # wrong on purpose


def test_a_filter_takes_no_unknown_policy() -> None:
    with pytest.raises(PolicyError, match="policy 'none'"):
        ContentFilter(policy="none")


@pytest.mark.parametrize(("step", "score"), [("review", 0.5), ("mask", 0.5), ("block", 0.5), ("review", 0.9)])
def test_a_threshold_is_reached_at_its_very_score(step: str, score: float) -> None:
    policy, bound = everywhere(Thresholds(**{step: score})), math.log(score / (1 - score))
    assert policy.action({Category.SPAM: bound}) == step
    assert policy.action({Category.SPAM: math.nextafter(bound, -math.inf)}) is Action.ALLOW


SHIPPED = {
    # policy: what holds of most categories, and of those that differ; None: never
    "default": ((0.5, None, 0.95), {"profanity": (None, 0.5, None), "pii": (None, 0.5, None), "self_harm": (0.5, None, None)}),
    "strict": ((0.3, None, 0.7), {"profanity": (None, 0.3, 0.95), "pii": (None, 0.3, None), "self_harm": (0.3, None, None)}),
    "lenient": ((0.8, None, 0.99), {"profanity": (None, None, None), "pii": (None, 0.8, None), "self_harm": (0.6, None, None)}),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_thresholds(name: str) -> None:
    usual, own = SHIPPED[name]
    found = {
        category: tuple(score if score <= 1 else None for score in (thresholds.review, thresholds.mask, thresholds.block))
        for category, thresholds in policy_named(name).thresholds.items()
    }
    assert found == {category: own.get(category, usual) for category in Category}


@pytest.mark.parametrize("never", [1.0, 1.5, 2.0])
def test_a_score_of_one_and_more_is_never_reached(never: float) -> None:
    assert everywhere(Thresholds(review=never, mask=never, block=never)).action({Category.SPAM: 700.0}) is Action.ALLOW
    assert everywhere(Thresholds(review=0.5, block=never)).action({Category.SPAM: 700.0}) is Action.REVIEW
    assert Thresholds().least == math.inf


@pytest.mark.parametrize(
    ("thresholds", "alone", "ruled"),
    [
        (Thresholds(review=0.5, block=0.9), "review", "block"),
        (Thresholds(block=0.9), "review", "block"),
        (Thresholds(mask=0.5), "mask", "mask"),
        (Thresholds(review=0.5), "review", "review"),
        (Thresholds(), "allow", "allow"),
    ],
)
def test_the_model_alone_never_blocks(thresholds: Thresholds, alone: str, ruled: str) -> None:
    policy = everywhere(thresholds)
    assert policy.action({Category.INSULT: 5.0}, ()) == alone
    assert policy.action({Category.INSULT: 5.0}, (Category.INSULT,)) == policy.action({Category.INSULT: 5.0}) == ruled
    assert policy.action({}, ()) is Action.ALLOW


def test_a_policy_stays_as_it_is() -> None:
    policy = policy_named("default")
    with pytest.raises(FrozenInstanceError):
        policy.name = "other"  # type: ignore[misc]  # wrong on purpose
    with pytest.raises(FrozenInstanceError):
        policy.thresholds[Category.SPAM].block = 0.1  # type: ignore[misc]  # wrong on purpose


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Action.ALLOW, (None, None, None)),
        (Action.REVIEW, (0.3, None, None)),
        (Action.MASK, (None, 0.3, None)),
        (Action.BLOCK, (None, None, 0.3)),
    ],
)
@pytest.mark.parametrize("written", [Thresholds(0.3, 0.6, 0.9), Thresholds(block=0.3), Thresholds(mask=0.3, block=0.4)])
def test_one_action_alone_from_where_anything_was_done(
    written: Thresholds, action: Action, expected: tuple[float | None, ...]
) -> None:
    before = Policy("site", dict.fromkeys(Category, written), frozenset({Category.PII}))
    after = adjusted(before, {}, {Category.SCAM: action})
    own = after.thresholds[Category.SCAM]
    assert tuple(score if score <= 1 else None for score in (own.review, own.mask, own.block)) == expected
    assert {category: after.thresholds[category] for category in Category if category is not Category.SCAM} == {
        category: written for category in Category if category is not Category.SCAM
    }
    assert (after.name, after.masking) == ("site", {Category.PII})
    assert before.thresholds[Category.SCAM] is written


def test_least_scores_of_ones_own_and_then_the_action() -> None:
    policy = adjusted(POLICIES["default"], {Category.SCAM: {"review": 0.4, "mask": 0.2}}, {Category.SCAM: Action.BLOCK})
    assert policy.thresholds[Category.SCAM] == Thresholds(block=0.2)
    kept = adjusted(POLICIES["default"], {Category.SCAM: {"review": 0.4}}, {})
    assert kept.thresholds[Category.SCAM] == Thresholds(review=0.4, block=0.95)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_the_shipped_policies_mask(name: str) -> None:
    assert policy_named(name).masking == {Category.PROFANITY, Category.INSULT, Category.HATE, Category.SEXUAL, Category.PII}
    assert policy_named(name).name == name


@pytest.mark.parametrize(
    ("category", "ruled", "action"),
    [
        (Category.SCAM, (Category.SCAM,), Action.BLOCK),
        (Category.SCAM, (Category.PROFANITY,), Action.REVIEW),
        (Category.PII, (Category.PII,), Action.MASK),
        (Category.PII, (), Action.REVIEW),
        (Category.INSULT, (), Action.REVIEW),
    ],
)
def test_where_the_model_alone_speaks_a_person_looks(category: Category, ruled: tuple[Category, ...], action: Action) -> None:
    assert policy_named("default").action({category: 9.0}, ruled) is action


def test_what_the_model_marked_may_be_masked() -> None:
    chosen = adjusted(policy_named("default"), {}, {Category.INSULT: Action.MASK, Category.SCAM: Action.MASK})
    assert chosen.action({Category.INSULT: 9.0}, ()) is Action.MASK
    assert chosen.action({Category.SCAM: 9.0}, ()) is Action.REVIEW


@pytest.mark.parametrize(
    ("category", "log_odds", "action"),
    [
        (Category.SCAM, 0.3, Action.ALLOW),  # odds of three to two: 0.405
        (Category.SCAM, 0.5, Action.REVIEW),
        (Category.PII, 0.3, Action.ALLOW),
        (Category.INSULT, 0.3, Action.REVIEW),
        (Category.INSULT, -0.1, Action.ALLOW),
        (Category.THREAT, 9.0, Action.REVIEW),  # never a block by the model alone
    ],
)
def test_where_no_rule_speaks_the_model_must_be_surer_of_trade(category: Category, log_odds: float, action: Action) -> None:
    assert policy_named("default").action({category: log_odds}, ruled=()) is action
    assert policy_named("default").action({category: max(log_odds, 0.0)}, ruled=(category,)) is not Action.ALLOW
