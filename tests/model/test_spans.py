"""The model marks places: in order, inside the text, on words, and never what a rule has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st
from making import filter_of, model, rule

from contentfilter import ContentFilter, ModelError
from contentfilter.model.legible import words_of
from contentfilter.model.spans import SpanModel, chunk_spans
from contentfilter.model.store import load, save
from contentfilter.rules.schema import WordLists

RANDOM = np.random.default_rng(5)
SPANS = SpanModel(*(RANDOM.integers(-999, 999, 1 << 10).astype(np.int16) for _ in range(2)), 1e-3, 0.0)
EVERYWHERE = replace(SPANS, unit=0.0)
FILTER = filter_of(rule("insult.test", "đồ tồi"))
TABLE = FILTER._reader.table


@given(texts.mixtures)
def test_spans_are_in_order_and_inside(text: str) -> None:
    spans = SPANS.find([text], [()], TABLE)[0]
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert len(chunk_spans(text)) == len(text.split()) == len(SPANS.logits(text.split()))


@given(st.lists(texts.mixtures, max_size=4))
def test_words_are_of_chunks_in_a_row(every: list[str]) -> None:
    for text, words in zip(every, words_of(TABLE, every), strict=True):
        ranges = list(dict.fromkeys((word.first, word.end) for word in words))
        assert [i for first, end in ranges for i in range(first, end)] == list(range(len(text.split())))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anh bi2nh ti4nh", [("anh", 0, 1), ("bình", 1, 2), ("tĩnh", 2, 3)]),
        ("cái n h à này", [("cái", 0, 1), ("nhà", 1, 4), ("này", 4, 5)]),
        ("n.h.à.c.ử.a đây", [("nhà", 0, 1), ("cửa", 0, 1), ("đây", 1, 2)]),
    ],
)
def test_disguised_words_are_read_as_the_other_heads_hear_them(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert words_of(TABLE, [text]) == [expected]


@pytest.mark.parametrize(
    ("text", "covered", "expected"),
    [
        ("đồ tồi, biến đi!", [], ["đồ tồi, biến đi"]),
        ("đồ tồi, biến đi!", [(3, 6)], ["đồ", "biến đi"]),
        ("  :)) ", [], [":))"]),
        ("", [], []),
    ],
)
def test_runs_of_marked_chunks(text: str, covered: list[tuple[int, int]], expected: list[str]) -> None:
    assert [text[start:end] for start, end in EVERYWHERE.find([text], [covered], TABLE)[0]] == expected


@given(st.text(alphabet="à ,", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=6))
def test_what_is_covered_is_what_shares_a_character(text: str, places: list[tuple[int, int]]) -> None:
    covered = [(start, start + length) for start, length in places]
    left = [span for span in chunk_spans(text) if not any(first < span[1] and span[0] < last for first, last in covered)]
    found = EVERYWHERE.find([text], [covered], TABLE)[0]
    assert [span for span in chunk_spans(text) if any(start <= span[0] and span[1] <= end for start, end in found)] == left


def filter_with(bias: float) -> ContentFilter:
    made = object.__new__(ContentFilter)
    word_lists = WordLists((rule("insult.test", "đồ tồi"),), (), (("address", ()), ("spaced_pairs", ())), ())
    made.__setstate__(("default", word_lists, replace(model(bias=bias), spans=EVERYWHERE)))
    return made


def test_what_no_rule_covers_is_a_match_of_the_model() -> None:
    result = filter_with(bias=1.0).classify("Biến đi, đồ tồi")
    assert [(match.text, match.source, match.rule) for match in result.matches] == [
        ("Biến đi", "model", "model"),
        ("đồ tồi", "keyword", "insult.test"),
    ]
    assert result.masked == "**** **, ** ***"


def test_a_text_that_the_model_does_not_suspect_has_only_matches_of_rules() -> None:
    result = filter_with(bias=-1.0).classify("Biến đi, đồ tồi")
    assert [match.source for match in result.matches] == ["keyword"]


def test_spans_are_saved_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "small.safetensors"
    save(replace(model(), spans=SPANS), path, "nothing")
    spans = load(path).spans
    assert spans is not None
    assert (spans.unit, spans.bias) == (SPANS.unit, SPANS.bias)
    assert np.array_equal(spans.ngram_weights, SPANS.ngram_weights)
    save(replace(model(), spans=replace(SPANS, pair_weights=SPANS.pair_weights[:1000])), path, "nothing")
    with pytest.raises(ModelError, match="tensor span_pair_weights: 1000 rows, expected a power of two"):
        load(path)
