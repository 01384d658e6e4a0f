"""The steps of settling one by one, on hits made by hand: positions, ties, and what stands beside them."""

from __future__ import annotations

import pytest
from hits import INSULT, SCAM, Line, hit, spans
from making import COMPILED

from contentfilter.match.keywords import SIGN, Term
from contentfilter.match.settle import (
    Hit,
    Spans,
    company_of,
    settle,
    settle_special,
    standing,
)

if COMPILED:
    pytest.skip("compiled, a stage takes no line made by hand; the checks run this in plain Python too", allow_module_level=True)

ADDRESS = company_of(("mày", "thằng"), abuse=True, model=True)


def test_an_innocent_phrase_swallows_no_sign_of_innocence() -> None:
    flood, gang = hit(1, 8, weight=-5.0), hit(5, 8)
    assert standing(Line(" nước lũ về "), [flood, gang], [(1, 8)], False, ADDRESS) == [flood]


def test_placing_a_hit_adds_what_the_line_had_undone() -> None:
    placed = hit(2, 5, line=Line(number=1, offset=10, steps=("leet",)), steps=("toneless",)).placed()
    assert (placed.start, placed.end, placed.steps, placed.line) == (12, 15, ("leet", "toneless"), None)
    assert placed.placed() is placed


@pytest.mark.parametrize(
    ("found", "guessed"),
    [
        (hit(0, 1, line=Line(number=0)), False),
        (hit(0, 1, line=Line(number=1)), True),
        (hit(0, 1, line=Line(number=2)), True),
        (hit(0, 1, line=Line(number=0), steps=("toneless",)), False),
        (hit(0, 1), False),
        (hit(0, 1, steps=("leet",)), True),
    ],
)
def test_what_may_be_a_guess(found: Hit, guessed: bool) -> None:
    assert found.guessed is guessed


SETTLED: list[tuple[str, list[Hit], list[tuple[int, int]]]] = [
    ("nothing", [], []),
    ("one", [hit(3, 5)], [(3, 5)]),
    ("a lone sign", [hit(3, 5, weight=1.0)], []),
    ("as much as a sign needs", [hit(3, 5, weight=SIGN)], [(3, 5)]),
    ("a hair less", [hit(3, 5, weight=SIGN - 0.01)], []),
    ("apart, in any order", [hit(6, 8), hit(0, 2)], [(0, 2), (6, 8)]),
    ("side by side", [hit(0, 2), hit(2, 4)], [(0, 2), (2, 4)]),
    ("leftmost", [hit(1, 4), hit(0, 3)], [(0, 3)]),
    ("longest", [hit(0, 2), hit(0, 4)], [(0, 4)]),
    ("inside", [hit(0, 6), hit(2, 4)], [(0, 6)]),
    ("a chain", [hit(0, 3), hit(2, 5), hit(4, 7)], [(0, 3), (4, 7)]),
    ("the next begins where one ends", [hit(0, 3), hit(1, 2), hit(3, 5)], [(0, 3), (3, 5)]),
    ("other categories do not compete", [hit(0, 4), hit(2, 6, categories=(SCAM,))], [(0, 4), (2, 6)]),
    ("a sign beside", [hit(0, 2), hit(6, 8, weight=1.0)], [(0, 2), (6, 8)]),
    ("a sign beside another category", [hit(0, 2, categories=(SCAM,)), hit(6, 8, weight=1.0)], [(0, 2)]),
    ("a sign across the border of more", [hit(0, 4, weight=1.0), hit(2, 6)], [(2, 6)]),
    ("a sign across the border of just enough", [hit(0, 4, weight=1.0), hit(2, 6, weight=SIGN)], [(2, 6)]),
    ("a sign across the border behind", [hit(2, 6), hit(4, 8, weight=1.0)], [(2, 6)]),
    ("a sign that holds more whole", [hit(0, 6, weight=1.0), hit(2, 4), hit(8, 9)], [(0, 6), (8, 9)]),
    ("a sign over the very same", [hit(2, 4, weight=1.0, text="a"), hit(2, 4, text="b")], [(2, 4)]),
    ("a sign that touches more", [hit(0, 2, weight=1.0), hit(2, 6), hit(3, 4)], [(0, 2), (2, 6)]),
    ("a sign far before a long one", [hit(90, 104, weight=1.0), hit(4, 95), hit(100, 101)], [(4, 95), (100, 101)]),
]


@pytest.mark.parametrize(("hits", "expected"), [row[1:] for row in SETTLED], ids=[row[0] for row in SETTLED])
def test_settled(hits: list[Hit], expected: list[tuple[int, int]]) -> None:
    assert spans(settle(list(hits))) == expected
    assert spans(settle(list(reversed(hits)))) in (expected, expected[::-1])


def test_of_equals_the_least_undone_then_the_heaviest_then_the_first_by_name() -> None:
    def kept(*hits: Hit) -> Hit:
        (one,) = settle([*hits, hit(1, 2)])
        return one

    assert kept(hit(0, 3, steps=("leet", "masks")), hit(0, 3, steps=("leet",))).steps == ("leet",)
    assert kept(hit(0, 3, weight=3.0), hit(0, 3, weight=4.0)).term.weight == 4.0
    assert kept(hit(0, 3, text="b"), hit(0, 3, text="a")).term.text == "a"
    assert kept(hit(0, 3, weight=4.0, steps=("leet",)), hit(0, 3, weight=3.0)).term.weight == 3.0


def test_a_hit_keeps_the_categories_in_which_its_place_is_free() -> None:
    first, both = hit(0, 4), hit(2, 6, categories=(SCAM, INSULT))
    kept = settle([first, both])
    assert [(one.start, one.categories) for one in kept] == [(0, (INSULT,)), (2, (SCAM,))]
    assert both.categories == (SCAM, INSULT)
    apart = settle([hit(0, 2), hit(1, 2), hit(2, 6, categories=(SCAM, INSULT))])
    assert [one.categories for one in apart] == [(INSULT,), (SCAM, INSULT)]


def test_lone_signs_are_kept_where_asked() -> None:
    hits = [hit(0, 2, weight=1.0), hit(4, 6, weight=0.0)]
    assert settle(list(hits)) == []
    assert spans(settle(list(hits), lone_signs=True)) == [(0, 2), (4, 6)]
    assert spans(settle([hits[0]], lone_signs=True)) == [(0, 2)]


def test_the_same_term_in_two_lines_is_told_once_with_the_fewest_steps() -> None:
    term = Term("ngu", 0, 5.0, categories=(INSULT,))
    plain, guess = Line(number=0, offset=1, steps=("stretching",)), Line(number=1, offset=0)
    one = Hit(0, 3, term, (), 0, (INSULT,), plain)
    two = Hit(1, 4, term, (), 0, (INSULT,), guess)
    for hits in ([one, two], [two, one]):
        (kept,) = settle(hits)
        assert (kept.start, kept.end, kept.steps, kept.line) == (1, 4, (), None)
    other = Hit(1, 4, Term("ngu", 1, 5.0, categories=(SCAM,)), (), 0, (SCAM,), guess)
    assert len(settle([one, other])) == 2


def test_hits_of_one_line_are_left_to_be_placed_later() -> None:
    line = Line(number=1, offset=7)
    kept = settle([hit(0, 2, line=line), hit(4, 6, line=line)])
    assert [one.line for one in kept] == [line, line]
    assert [one.line for one in settle([hit(0, 2, line=line), hit(4, 6, line=Line())])] == [None, None]


def test_rules_on_trial_stand_in_nobodys_way_and_come_last() -> None:
    acting, trial = hit(2, 6), hit(0, 4, trial=True)
    kept = settle_special([trial, acting])
    assert [(one.start, one.term.trial) for one in kept] == [(2, False), (0, True)]
    sign, part = hit(0, 2, weight=1.0, trial=True), hit(8, 9, categories=())
    assert spans(settle_special([sign, part])) == []
    assert spans(settle_special([sign, part], lone_signs=True)) == [(0, 2), (8, 9)]
    assert spans(settle_special([sign, hit(5, 6), part])) == [(5, 6), (0, 2)]
    # nor does what acts stand in the way of what is watched
    assert spans(settle_special([hit(0, 4), hit(2, 6, trial=True)])) == [(0, 4), (2, 6)]
    # what is on trial is no company for a sign that acts
    assert spans(settle_special([hit(0, 2, weight=1.0), hit(5, 6, trial=True)])) == [(5, 6)]


@pytest.mark.parametrize(
    ("start", "end", "swallowed"),
    [(2, 5, True), (3, 4, True), (2, 6, False), (1, 5, False), (1, 3, False), (7, 9, True), (8, 9, True), (7, 10, False), (5, 7, False)],
)
def test_spans_that_swallow(start: int, end: int, swallowed: bool) -> None:
    assert Spans([(7, 9), (2, 3), (2, 5)]).swallow(hit(start, end)) is swallowed


def test_a_long_span_before_short_ones_still_swallows() -> None:
    allowed = Spans([(0, 20), (1, 2), (3, 4)])
    assert allowed.swallow(hit(3, 20))
    assert not allowed.swallow(hit(3, 21))
    assert not Spans([]).swallow(hit(0, 1))


def test_spans_between() -> None:
    every = Spans([(5, 6), (1, 9), (3, 4), (5, 7)])
    assert list(every.between(3, 5)) == [(3, 4)]
    assert list(every.between(3, 6)) == [(3, 4), (5, 6), (5, 7)]
    assert list(every.between(0, 1)) == []
