"""Two readings of a text are one answer: which matches of the one give way to those of the other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentfilter import Category
from contentfilter.match.keywords import Term
from contentfilter.match.restored import both
from contentfilter.match.settle import Hit
from contentfilter.match.stage import Matched

INSULT, SCAM = Category.INSULT, Category.SCAM
TEXT = "thang cho dien kia oi"
RESTORED = "thằng chó điên kia oi"


def hit(start: int, end: int, *categories: Category, **more: Any) -> Hit:
    missing = more.pop("missing", 0)
    return Hit(start, end, Term("x", 0, more.pop("weight", 4.0), **more), (), missing, categories or (INSULT,))


CASES: list[tuple[str, list[Hit], list[Hit], bool, list[tuple[int, int]], bool]] = [
    # what, found as written, found as restored, has the text hardly any diacritics, what stays, is the reading disputed
    ("restored alone, among diacritics", [], [hit(6, 14)], False, [(6, 14)], False),
    ("restored alone, without any", [], [hit(6, 14)], True, [], True),
    ("borne out", [hit(6, 9)], [hit(6, 14)], True, [(6, 14)], False),
    ("of another category", [hit(6, 9, SCAM)], [hit(6, 14)], True, [], True),
    ("the longer one as written", [hit(6, 14)], [hit(6, 9)], True, [(6, 14)], False),
    ("the same", [hit(6, 9)], [hit(6, 9)], False, [(6, 9)], False),
    ("side by side", [hit(0, 5)], [hit(6, 9)], False, [(0, 5), (6, 9)], False),
    ("as written, another word as restored", [hit(6, 9)], [], True, [], False),
    ("as written, another word, but it is long and sure", [hit(0, 9, missing=3, weight=4.6)], [], True, [(0, 9)], False),
    ("as written, another word, but it is a site's own", [hit(6, 9, own=True)], [], True, [(6, 9)], False),
    ("as written, another word, but of self-harm", [hit(6, 9, Category.SELF_HARM)], [], True, [(6, 9)], False),
    ("as written, the same word", [hit(19, 21)], [], True, [(19, 21)], False),
    ("as written, a syllable without its own", [hit(19, 21, missing=1)], [], True, [], False),
    ("as written, among diacritics", [hit(6, 9)], [], False, [(6, 9)], False),
    ("two give way to one that holds them", [hit(6, 18)], [hit(6, 9), hit(10, 14)], False, [(6, 18)], False),
    ("one in the way of another two", [hit(6, 9), hit(10, 14)], [hit(6, 14)], False, [(6, 14)], False),
    ("across each other", [hit(0, 9)], [hit(6, 14)], False, [(6, 14)], False),
    ("one that gave way stands in no other's", [hit(0, 9), hit(7, 9, SCAM)], [hit(6, 9, INSULT, SCAM)], False, [(0, 9), (7, 9)], False),
]


@pytest.mark.parametrize(("before", "anew", "plain", "stays", "disputed"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_which_stay(before: list[Hit], anew: list[Hit], plain: bool, stays: list[tuple[int, int]], disputed: bool) -> None:
    found, told = both(TEXT, RESTORED, Matched(before), Matched(anew), plain)
    assert [(one.start, one.end) for one in found.hits] == stays
    assert told is disputed


def test_what_was_restored_in_a_match_is_told() -> None:
    found, _ = both(TEXT, RESTORED, Matched([]), Matched([hit(6, 18), hit(19, 21)]), False)
    assert [(one.steps, one.missing) for one in found.hits] == [(("toneless",), 2), ((), 0)]


def test_errors_of_both_readings_are_told_once() -> None:
    found, _ = both(TEXT, RESTORED, Matched([], ("a", "b")), Matched([], ("b", "c")), False)
    assert found.errors == ("b", "c", "a")


spans = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.sampled_from([(INSULT,), (SCAM,), (INSULT, SCAM)])), max_size=6)


@given(spans, spans)
def test_a_restored_match_over_nothing_stays_and_one_as_written_over_nothing_too(
    before: list[tuple[int, int, tuple[Category, ...]]], anew: list[tuple[int, int, tuple[Category, ...]]]
) -> None:
    one, two = ([hit(start, start + length, *own) for start, length, own in rows] for rows in (before, anew))
    text = "à" * 30
    found = both(text, text, Matched(one), Matched(two), False)[0].hits
    places = [(each.start, each.end, each.categories) for each in found]

    def over(each: Hit, others: list[Hit]) -> bool:
        return any(each.start < other.end and other.start < each.end and set(each.categories) & set(other.categories) for other in others)

    assert [place[0] for place in places] == sorted(place[0] for place in places)
    for row, others in ((one, two), (two, one)):
        assert all((each.start, each.end, each.categories) in places for each in row if not over(each, others))
