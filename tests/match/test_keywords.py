"""The automaton finds what a naive search finds, and diacritics decide which term it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentfilter.match.keywords import Candidate, Keywords, Term, Toneless, missing_diacritics, verify
from contentfilter.normalize.alphabet import bare

syllables = st.sampled_from("a á ạ an ăn cho chó chợ đi dị đ d . <phone>".split())
terms = st.lists(
    st.builds(
        Term,
        text=st.lists(syllables, min_size=1, max_size=3).map(" ".join),
        rule=st.none() | st.integers(0, 3),
        weight=st.sampled_from([-2.0, 1.0, 2.0, 5.0]),
        toneless=st.sampled_from(["never", "company", "free"]),
    ),
    max_size=8,
)
lines = st.lists(st.lists(syllables, max_size=10).map(lambda tokens: f" {' '.join(tokens)} "), max_size=4)


def search(keywords: Keywords, written: list[str]) -> list[list[Candidate]]:
    found = keywords.find([bare(line) for line in written], lone_signs=True)
    return [verify(number, line, spans) for number, (line, spans) in enumerate(zip(written, found, strict=True))]


def naive(vocabulary: list[Term], line: str) -> set[tuple[Term, int, int, int]]:
    """Each term at each place where it is written whole, or with syllables that lack all diacritics where the term allows that."""
    found = set()
    for term in vocabulary:
        for start in range(1, len(line) - len(term.text)):
            end = start + len(term.text)
            if line[start - 1] == line[end] == " " and bare(line[start:end]) == bare(term.text):
                missing = missing_diacritics(line[start:end], term.text)
                if missing is not None and (missing == 0 or term.toneless != "never"):
                    found.add((term, start, end, missing))
    return found


@given(terms, lines)
def test_the_automaton_equals_a_naive_search(vocabulary: list[Term], written: list[str]) -> None:
    for number, candidates in enumerate(search(Keywords(vocabulary), written)):
        found = {(candidate.term, candidate.start, candidate.end, candidate.missing) for candidate in candidates}
        assert found == naive(vocabulary, written[number])


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
    for spans, kept in zip(every, Keywords(vocabulary).find(bared), strict=True):
        telling = any(term.rule is not None and term.weight >= 2.0 for _, _, group in spans for term in group)
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
        ("never", "đit", False), ("free", "đô ngu", False), ("free", "dồ ngu", False),
    ],
)  # fmt: skip
def test_tiers(toneless: Toneless, written: str, matches: bool) -> None:
    candidates = search(Keywords([Term("đồ ngu", 0, 5.0, toneless)]), [f" {written} "])[0]
    assert [candidate.exact for candidate in candidates] == ([written == "đồ ngu"] if matches else [])


def test_a_syllable_that_lost_some_diacritics_counts_as_written() -> None:
    (candidate,) = search(Keywords([Term("địt", 0, 5.0, "never")]), [" đit "])[0]
    assert (candidate.missing, candidate.exact) == (0, False)


@pytest.mark.parametrize("written", [[], [" "], ["  "], [" a ", " ", " b "]])
def test_nothing_to_find(written: list[str]) -> None:
    assert Keywords([]).find(written) == [[] for _ in written]
    assert Keywords([Term("x", 0, 5.0)]).find(written) == [[] for _ in written]
