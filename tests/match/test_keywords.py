"""The automaton finds what a naive search finds, and diacritics decide which term it was."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentfilter import Category
from contentfilter.match.keywords import Held, Keywords, Term, Toneless, missing_diacritics
from contentfilter.match.settle import company_of
from contentfilter.normalize.alphabet import bare

syllables = st.sampled_from("a á ạ an ăn cho chó chợ đi dị đ d . <phone>".split())
terms = st.lists(
    st.builds(
        Term,
        text=st.lists(syllables, min_size=1, max_size=3).map(" ".join),
        rule=st.none() | st.integers(0, 3),
        weight=st.sampled_from([-2.0, 1.0, 2.0, 5.0]),
        toneless=st.sampled_from(["never", "among", "company", "free"]),
        place=st.sampled_from(["whole", "prefix", "suffix", "inside"]),
        means=st.just(""),
        undone=st.just(()),
    ),
    max_size=8,
)
lines = st.lists(st.lists(syllables, max_size=10).map(lambda tokens: f" {' '.join(tokens)} "), max_size=4)


Place = tuple[int, int, Held | None]
"""A span and the term that holds there; None for an allowed phrase, of which no more is told."""


def search(keywords: Keywords, written: list[str]) -> list[list[Place]]:
    places: list[list[Place]] = []
    for line, spans in zip(written, keywords.find([bare(line) for line in written], lone_signs=True), strict=True):
        places.append([])
        for start, end, number in spans:
            held, allowed = keywords.held(number, line[start:end])
            places[-1] += [(start, end, one) for one in held] + [(start, end, None)] * allowed
    return places


def naive(vocabulary: list[Term], line: str) -> set[tuple[Term, int, int, int]]:
    """Each term at each place where it is written, at the borders that it asks for; with syllables that lack all diacritics where the term
    allows that."""
    found = set()
    for term in vocabulary:
        for start in range(1, len(line) - len(term.text)):
            end = start + len(term.text)
            begins = term.place in ("suffix", "inside") or line[start - 1] == " "
            ends = term.place in ("prefix", "inside") or line[end] == " "
            if begins and ends and bare(line[start:end]) == bare(term.text):
                missing = missing_diacritics(line[start:end], term.text)
                if missing is not None and (missing == 0 or term.toneless != "never"):
                    found.add((term, start, end, missing))
    return found


@given(terms, lines)
def test_the_automaton_equals_a_naive_search(vocabulary: list[Term], written: list[str]) -> None:
    for line, places in zip(written, search(Keywords(vocabulary), written), strict=True):
        expected = naive(vocabulary, line)
        assert {(held.term, start, end, held.missing) for start, end, held in places if held} == {
            row for row in expected if row[0].rule is not None
        }
        assert {(start, end) for start, end, held in places if not held} == {row[1:3] for row in expected if row[0].rule is None}


@given(terms, lines)
def test_lines_are_searched_as_if_each_stood_alone(vocabulary: list[Term], written: list[str]) -> None:
    keywords = Keywords(vocabulary)
    bared = [bare(line) for line in written]
    for lone_signs in (False, True):
        assert keywords.find(bared, lone_signs) == [keywords.find([line], lone_signs)[0] for line in bared]


@given(terms, lines)
def test_lines_with_nothing_but_signs_are_left_out(vocabulary: list[Term], written: list[str]) -> None:
    bared = [bare(line) for line in written]
    every = Keywords(vocabulary).find(bared, lone_signs=True)
    for line, spans, kept in zip(bared, every, Keywords(vocabulary).find(bared), strict=True):
        looks = naive([replace(term, text=bare(term.text)) for term in vocabulary], line)
        telling = any(term.rule is not None and (term.weight >= 2.0 or term.anchor) for term, *_ in looks)
        assert kept == (spans if telling else [])


TONES = [
    # written, term, syllables without diacritics; None where it is another word
    ("địt", "địt", 0),
    ("dit", "địt", 1),
    ("đit", "địt", 0),
    ("dịt", "địt", None),
    ("các", "cac", None),
    ("cac", "các", 1),
    ("cạc", "các", None),
    ("lớn", "lồn", None),
    ("lon", "lồn", 1),
    ("lôn", "lồn", None),
    ("đeo", "đéo", None),
    ("deo", "đéo", 1),
    ("do ngu", "đồ ngu", 1),
    ("đo ngu", "đồ ngu", None),
    ("oc cho", "óc chó", 2),
    ("óc cho", "óc chó", 1),
    ("óc chợ", "óc chó", None),
]


@pytest.mark.parametrize(("written", "term", "missing"), TONES)
def test_missing_diacritics(written: str, term: str, missing: int | None) -> None:
    assert missing_diacritics(written, term) == missing


@pytest.mark.parametrize(
    ("toneless", "written", "matches"),
    [
        ("never", "đồ ngu", True), ("never", "do ngu", False), ("free", "do ngu", True), ("company", "do ngu", True),
        ("among", "do ngu", True), ("never", "đit", False), ("free", "đô ngu", False), ("free", "dồ ngu", False),
    ],
)  # fmt: skip
def test_tiers(toneless: Toneless, written: str, matches: bool) -> None:
    places = search(Keywords([Term("đồ ngu", 0, 5.0, toneless)]), [f" {written} "])[0]
    steps = () if written == "đồ ngu" else ("toneless",)
    assert [held and held.steps for _, _, held in places] == ([steps] if matches else [])


def test_a_syllable_that_lost_some_diacritics_counts_as_written() -> None:
    ((_, _, held),) = search(Keywords([Term("địt", 0, 5.0, "never")]), [" đit "])[0]
    assert held
    assert (held.missing, held.steps) == (0, ("toneless",))


@pytest.mark.parametrize("written", [[], [" "], ["  "], [" a ", " ", " b "]])
def test_nothing_to_find(written: list[str]) -> None:
    assert Keywords([]).find(written) == [[] for _ in written]
    assert Keywords([Term("x", 0, 5.0)]).find(written) == [[] for _ in written]


def test_terms_of_one_kind_stay_the_terms_that_they_were() -> None:
    every = [Term("bán chó", 1, 5.0), Term("bán cho", 1, 5.0), Term("mua chó", 1, 5.0), Term("mua xe", 2, 5.0), Term("xe đạp")]
    keywords = Keywords(every)
    assert [list(group) for group in keywords.groups] == [every[:2], *([term] for term in every[2:])]
    assert keywords.group(1)[0] is keywords.group(1)[0]  # hits of one term are told by what it is


OTHER = Term(
    "ngu", 1, 2.0, "free", company_of(("mày",)), 3, True, (Category.SCAM,), True, "đồ ngu", ("toneless",), "prefix", False, True, "<otp>",
    True, True, True, True, True,
)  # fmt: skip


@pytest.mark.parametrize("name", [one.name for one in fields(Term)])
def test_terms_are_alike_that_differ_in_their_text_alone(name: str) -> None:
    term = Term("chó")
    other = replace(term, **{name: getattr(OTHER, name)})
    assert other != term
    assert other.is_like(term) is (name == "text")
