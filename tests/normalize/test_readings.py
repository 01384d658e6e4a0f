"""What a chunk can stand for: separators, spaced letters, stretching and leet undone by guess."""

from __future__ import annotations

from itertools import pairwise

import pytest
import texts
from hypothesis import example, given
from hypothesis import strategies as st
from making import LISTS, rule

from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.readings import Reading, analyse
from contentfilter.normalize.vocabulary import Vocabulary
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.schema import WordLists

VOCABULARY: Vocabulary = compile_rules(
    WordLists((rule("insult.test", "ngu", "đồ ngu", "chó", "đm", "địt", "xoong", "vcl", "lol", "bé"),), (), LISTS, ())
).vocabulary


def guesses(chunk: str) -> dict[str, tuple[str, ...]]:
    """The tokens of each reading behind the first, with the steps undone."""
    return {reading.text: reading.steps for reading in analyse(chunk, VOCABULARY).readings[1:]}


GUESSES = [
    # name, chunk, one of its readings, steps
    ("dots", "n.g.u", "ngu", ("separators",)),
    ("hyphens", "c-h-ó", "chó", ("separators",)),
    ("commas between two", "đ,m", "đm", ("separators",)),
    ("any separator", "đ/ị|t", "địt", ("separators",)),
    ("two words", "đ.ồ.n.g.u", "đồ ngu", ("separators",)),
    ("two words, each whole", "đồ-ngu", "đồ ngu", ("separators",)),
    ("a word behind others", "x.y.n.g.u", "x y ngu", ("separators",)),
    ("spaced", "n g u", "ngu", ("spaced letters",)),
    ("spaced, two words", "đ ồ n g u", "đồ ngu", ("spaced letters",)),
    ("spaced, with marks", "n . g . u", "ngu", ("spaced letters",)),
    ("spaced pair of the list", "đ m", "đm", ("spaced letters",)),
    ("stretched at the end", "nguuu", "ngu", ("stretching",)),
    ("stretched at the start", "nnngu", "ngu", ("stretching",)),
    ("stretched throughout", "nnnggguuu", "ngu", ("stretching",)),
    ("stretched to a double letter", "xooong", "xoong", ("stretching",)),
    ("digit for a letter", "đ1t", "đit", ("leet",)),
    ("zero", "l0l", "lol", ("leet",)),
    ("an l", "vc1", "vcl", ("leet",)),
    ("separators and stretching", "n.g.uuu", "ngu", ("separators", "stretching")),
    ("separators and leet", "đ.1.t", "đit", ("separators", "leet")),
    ("leet and stretching", "l000l", "lol", ("leet", "stretching")),
    ("full width and dots", "ｎ．ｇ．ｕ", "ngu", ("compatibility", "separators")),
    ("invisible and stretching", "ng\N{ZERO WIDTH SPACE}uuu", "ngu", ("invisible", "stretching")),
]


@pytest.mark.parametrize(("chunk", "text", "steps"), [row[1:] for row in GUESSES], ids=[row[0] for row in GUESSES])
def test_disguises_are_undone(chunk: str, text: str, steps: tuple[str, ...]) -> None:
    assert guesses(chunk).get(text) == steps


@pytest.mark.parametrize(
    "chunk",
    ["ngu", "ngu!", "ngu!!!", "(ngu)", "ngu.", "2ngu", "hôm", "xyz", "x.y.z", "1.5", "...", "aaaa", "h3llo", "v.v", "trời-đẹp", "a m", "@"],
)
def test_nothing_is_guessed_where_no_term_is_behind(chunk: str) -> None:
    assert guesses(chunk) == {}


def test_a_pair_of_initials_is_no_word() -> None:
    # "b é" could be "bé", but two single letters are initials; only listed pairs count when they stand apart
    assert guesses("b é") == {}
    assert "bé" in guesses("b.é")


def test_the_first_reading_is_the_text_as_written() -> None:
    first = analyse("N.g.u!", VOCABULARY).readings[0]
    assert (first.text, first.steps) == ("n . g . u !", ())


ORIGINS = [
    # chunk, reading, the part of the chunk that each of its characters came from
    ("n.g.u", "ngu", ["n", "g", "u"]),
    ("nguuu", "ngu", ["n", "g", "uuu"]),
    ("đ1t", "đit", ["đ", "1", "t"]),
    ("n g u", "ngu", ["n", "g", "u"]),
    ("N.g\N{ZERO WIDTH SPACE}.ｕu", "ngu", ["N", "g", "ｕu"]),
]


@pytest.mark.parametrize(("chunk", "text", "parts"), ORIGINS)
def test_origins(chunk: str, text: str, parts: list[str]) -> None:
    line = next(reading for reading in analyse(chunk, VOCABULARY).readings if reading.text == text).line
    assert [chunk[start:end] for start, end in (line.origin(i, i + 1) for i in range(len(text)))] == parts


fragments = st.lists(st.sampled_from("n g u đ m ị t . - 0 1 @ u! N ｕ h\u0301 \u0111\u0323".split()), min_size=2, max_size=12).map(" ".join)
"""Runs of single letters and marks, as the filter joins them."""
words = st.text(st.sampled_from("ngu đmịtchó.-1@00"), min_size=1, max_size=20).map(lambda text: "".join(text.split())).filter(bool)


def _check(reading: Reading, chunk: str) -> None:
    line = reading.line
    assert line.text == reading.text
    assert reading.bare == bare(reading.text)
    assert len(reading.bare) == len(reading.text)
    spans = [line.origin(i, i + 1) for i in range(len(line.text))]
    assert all(0 <= start <= end <= len(chunk) for start, end in spans)
    assert all(start < end for (start, end), character in zip(spans, line.text, strict=True) if character != " ")
    of_letters = [span for span, character in zip(spans, line.text, strict=True) if character != " "]  # a space that was put in has none
    # A token may begin inside what one character stands for: "¼đ" is "1⁄4đ" is "1", "⁄", "4đ".
    assert all(one[0] <= other[0] and one[1] <= other[1] for one, other in pairwise(of_letters))
    assert "  " not in reading.text
    assert len(reading.text) <= 2 * 6 * len(chunk) + 1


@given(texts.chunks | fragments | words)
@example("\N{VULGAR FRACTION ONE QUARTER}\N{LATIN CAPITAL LETTER ETH}")
def test_origins_are_in_range_and_in_order(chunk: str) -> None:
    for reading in analyse(chunk, VOCABULARY).readings:
        _check(reading, chunk)


@given(texts.chunks | fragments | words)
def test_readings_are_few_and_differ(chunk: str) -> None:
    readings = analyse(chunk, VOCABULARY).readings
    assert len(readings) <= 4
    assert len({(reading.text) for reading in readings}) == len(readings)


@given(texts.chunks | words)
def test_a_form_that_looks_the_same_reads_the_same(chunk: str) -> None:
    simple, capital = (analyse(form, VOCABULARY).readings for form in (chunk.lower(), chunk.upper()))
    misread = any("encoding" in reading.steps for reading in (*simple, *capital))  # bytes have no capitals
    if chunk.upper().lower() == chunk.lower() and not misread:
        assert [reading.text for reading in capital] == [reading.text for reading in simple]


UNITS = ["u", "u\N{COMBINING ACUTE ACCENT}", "\N{PILE OF POO}"]


@pytest.mark.parametrize("unit", UNITS)
def test_a_million_characters_finish(unit: str) -> None:
    assert analyse(unit * (1_000_000 // len(unit)), VOCABULARY).readings


@pytest.mark.parametrize("unit", ["u.", "0", "n.g.u.", "a1", "l0", "đ", "-", "ab.", "1!", "n g u "])
def test_a_hundred_thousand_characters_of_a_pattern_finish(unit: str) -> None:
    assert analyse((unit * (100_000 // len(unit))).strip(), VOCABULARY).readings
