"""Columns of a batch are what its results say one by one."""

from __future__ import annotations

import math

import texts
from hypothesis import given
from hypothesis import strategies as st
from making import filter_of, model, rule

from contentfilter import ContentFilter
from contentfilter.categories import CATEGORIES
from contentfilter.columns import MILLION, Columns
from contentfilter.result import Result
from contentfilter.rules.schema import WordLists

TEXTS = ["xin chào", "Đồ n.g.u", "gọi 0912 345 678", "hàng đẹp, giao nhanh", "thằng ngu này", "", "đồ ngu, lũ chó, gọi 0912 345 678"]


def check(results: list[Result]) -> None:
    found = Columns(results)
    scores, millionths, severity, matches = found.scores(), found.millionths(), found.severity(), found.matches()
    assert scores.shape == millionths.shape == severity.shape == (len(CATEGORIES), len(results))
    for i, result in enumerate(results):
        assert scores[:, i].tolist() == list(result.scores.values())
        assert [f"{score / MILLION:.6f}" for score in millionths[:, i].tolist()] == [f"{score:.6f}" for score in result.scores.values()]
        assert severity[:, i].tolist() == list(result.severity.values())
        assert matches[i] == result.matches


@given(st.lists(st.sampled_from(TEXTS) | texts.mixtures, max_size=12))
def test_the_shipped_filter(shipped: ContentFilter, batch: list[str]) -> None:
    check(shipped.classify_batch(batch))


@given(st.lists(st.sampled_from(TEXTS), max_size=6), st.sampled_from([-9.0, -4.0, -3.5, -0.1, 0.0, 2.0]))
def test_whatever_the_model_says(batch: list[str], bias: float) -> None:
    made = object.__new__(ContentFilter)
    lists = WordLists((rule("insult.test", "đồ ngu"),), (), (("address", ()), ("spaced_pairs", ())), ())
    made.__setstate__(("default", lists, model(bias=bias)))
    check(made.classify_batch(batch))


def test_results_of_several_batches_and_of_what_was_held() -> None:
    short = ContentFilter(max_characters=20, max_matches=1)
    check([*short.classify_batch(TEXTS), short.classify("Đồ n.g.u"), *short.classify_batch(TEXTS[::-1])])


@given(st.lists(st.integers(0, MILLION - 1), min_size=1, max_size=20))
def test_scores_halfway_between_two_millionths_round_as_they_print(halves: list[int]) -> None:
    found = Columns(filter_of(rule("insult.test", "đồ ngu")).classify_batch(["chào"] * len(halves)))
    found.log_odds[0] = [math.log((half + 0.5) / (MILLION - half - 0.5)) for half in halves]
    assert [f"{score / MILLION:.6f}" for score in found.millionths()[0].tolist()] == [f"{score:.6f}" for score in found.scores()[0]]


def test_nothing() -> None:
    check([])


def test_a_filter_of_few_rules() -> None:
    check(filter_of(rule("insult.test", "đồ ngu"), toxic=True).classify_batch(TEXTS))
