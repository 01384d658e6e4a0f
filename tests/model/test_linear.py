"""One score, whatever way it is computed: few chunks or many, alone or in company, one text or a batch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st
from making import model

from contentfilter.chunks import Analyser, ChunkTable
from contentfilter.model.features import chunk_ngrams, ngram_buckets, pair_buckets, pair_hashes, pair_keys
from contentfilter.model.sums import Adder
from contentfilter.normalize.fold import fold
from contentfilter.normalize.readings import analyse
from contentfilter.normalize.vocabulary import Vocabulary

MODEL = model(seed=7)
NOTHING = Vocabulary(frozenset(), frozenset(), {}, {}, (), frozenset(), frozenset())
plains = texts.chunks.map(lambda chunk: fold(chunk)[0].text)


@given(plains | st.just("a" * 1000))
def test_buckets_in_plain_python_are_those_of_the_columns(plain: str) -> None:
    buckets, counts = chunk_ngrams([plain], 10)
    assert sorted(buckets.tolist()) == sorted(ngram_buckets(plain, 10))
    assert counts.tolist() == [len(buckets)]


def rows(batch: list[str]) -> list[tuple[int, ...]]:
    """For each chunk the share of each head and its two keys."""
    shares, left, right = MODEL.score(batch)
    return list(zip(*shares, left, right, strict=True))


@given(st.lists(plains, max_size=30))
def test_a_share_does_not_depend_on_its_batch(batch: list[str]) -> None:
    assert rows(batch) == [row for plain in batch for row in rows([plain])]


@pytest.mark.parametrize("count", [0, 1, 8, 9, 100])
def test_a_row_for_each_chunk(count: int) -> None:
    every = rows(["ngu"] * count)
    assert len(every) == count
    assert all(type(value) is int for row in every for value in row)


@given(st.lists(st.tuples(st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40), st.integers(0, 10**6)), min_size=1, max_size=20))
def test_logit_is_logits_to_the_bit(rows: list[tuple[int, int, int]]) -> None:
    many = MODEL.logits(np.array([row[:2] for row in rows]), np.array([row[2] for row in rows]))
    for row, expected in zip(rows, many.tolist(), strict=True):
        assert list(MODEL.logit(row[:2], row[2])) == expected


@given(st.lists(texts.mixtures, min_size=1, max_size=8))
def test_sums_of_one_text_are_those_of_the_batch(batch: list[str]) -> None:
    table = ChunkTable(Analyser(lambda chunk: analyse(chunk, NOTHING), MODEL.score, 2), 1000)
    adder = Adder(MODEL, NOTHING)
    chunks = [text.split() for text in batch]
    generation, ids = table.look_up([chunk for part in chunks for chunk in part])
    sums, flags = adder.batch(generation, np.array(ids, dtype=np.int64), np.array([len(part) for part in chunks], dtype=np.int64))
    position = 0
    for i, part in enumerate(chunks):
        own = ids[position : position + len(part)]
        position += len(part)
        assert adder.single(generation, own) == (sums[i].tolist(), flags[i])


def test_the_order_of_neighbours_counts() -> None:
    left, right = (np.asarray(keys, dtype=np.int64) for keys in pair_keys(["óc", "chó"]))
    there, back = pair_hashes(left, right[::-1].copy()).tolist()
    assert there != back
    assert pair_buckets(pair_hashes(left, right), 10).max() < 1 << 10


def test_marks_around_a_word_do_not_change_its_pairs() -> None:
    (one, other), _ = pair_keys(["ngu", "(ngu),"])
    assert one == other


def test_two_views_are_hashed_apart() -> None:
    # "chó" has the n-grams of its bare form too, but not twice the same
    buckets = ngram_buckets("chó", 40)
    assert len(buckets) == len(set(buckets))


def test_numbers_of_one_shape_are_alike_to_the_n_grams() -> None:
    phones = ["0912.345.678", "0333.666.999"]
    assert rows([phones[0]])[0][:2] == rows([phones[1]])[0][:2]
    assert rows(["m3"])[0][:2] != rows(["m4"])[0][:2]
    older = replace(MODEL, specification="chunk-1").score(phones)[0]
    assert [shares[0] for shares in older] != [shares[1] for shares in older]
