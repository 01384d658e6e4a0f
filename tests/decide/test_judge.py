"""The judge's short way to an action is that of the sums which explain it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import rule

from contentfilter import Action, Category
from contentfilter.decide.evidence import PRIOR, contributions, sum_up, told_by_rules
from contentfilter.decide.judge import Judge, on_trial
from contentfilter.decide.policy import POLICIES, Policy, Thresholds
from contentfilter.match.keywords import Term
from contentfilter.match.settle import Hit

RULES = [rule(f"test.{i}", "tạ") for i in range(6)]
RULES[4] = replace(RULES[4], support_vi="Bạn ơi", support_en="Dear")
HEADS = ("toxic", "hate", "scam", "threat", "self_harm", "pii")
EARLY = Policy("early", dict.fromkeys(Category, Thresholds(review=0.01, mask=0.015, block=0.02)), frozenset())
POLICY = st.sampled_from([*POLICIES.values(), EARLY])

categories = st.lists(st.sampled_from(list(Category)), min_size=1, max_size=3, unique=True).map(tuple)
weights = st.sampled_from((-3.0, -0.5, 0.0, 0.5, 1.0, 3.0, 4.0, 6.5)) | st.floats(-8, 8)
hits = st.builds(
    lambda number, weight, where, missing: Hit(0, 2, Term("tạ", number, weight, categories=where), (), missing, where),
    st.integers(0, len(RULES) - 1), weights, categories, st.integers(0, 2),
)  # fmt: skip
logit = st.sampled_from((-60.0, PRIOR - 1, PRIOR, -1e-9, 0.0, 0.4, 1.0, 5.0)) | st.floats(-20, 20)


@given(
    st.lists(hits, max_size=5),
    st.lists(st.sampled_from([*HEADS, "no category's"]), unique=True).flatmap(
        lambda heads: st.tuples(st.just(heads), st.lists(logit, min_size=len(heads), max_size=len(heads)))
    ),
    POLICY,
)
def test_an_action_is_that_of_the_contributions(found: list[Hit], said: tuple[list[str], list[float]], policy: Policy) -> None:
    heads, logits = said
    told = contributions(RULES, found, heads, logits)
    expected = policy.action(sum_up(told), told_by_rules(told))
    despair = any(hit.term.rule == 4 and hit.term.weight > 0 and Category.SELF_HARM in hit.categories for hit in found)
    if despair and expected in (Action.MASK, Action.BLOCK):
        own = policy.action({Category.SELF_HARM: sum_up(told).get(Category.SELF_HARM, PRIOR)})
        expected = expected if own in (Action.ALLOW, Action.BLOCK, expected) else Action.REVIEW
    assert Judge(RULES, heads, policy.bounds()).action(found, logits) is expected


@given(st.lists(logit, min_size=len(HEADS), max_size=len(HEADS)), st.sampled_from(list(POLICIES.values())))
def test_under_its_bounds_the_model_alone_flags_nothing(logits: list[float], policy: Policy) -> None:
    judge = Judge(RULES, HEADS, policy.bounds())
    if all(logit < bound for logit, bound in zip(logits, judge.suspected_from, strict=True)):
        assert judge.action((), logits) is Action.ALLOW


@pytest.mark.parametrize(("trials", "any_trial"), [((), False), ((False,), False), ((False, True), True)])
def test_which_hits_are_on_trial(trials: tuple[bool, ...], any_trial: bool) -> None:
    assert on_trial([Hit(0, 2, Term("tạ", 0, 1.0, trial=trial), (), 0, ()) for trial in trials]) is any_trial
