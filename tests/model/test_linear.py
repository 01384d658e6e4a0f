"""One score, whatever way it is computed: few chunks or many, alone or in company, one text or a batch."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st
from making import model

from contentfilter.chunks import Analyser, ChunkTable
from contentfilter.model.features import chunk_ngrams, ngram_sums, pair_buckets, pair_hashes, pair_keys
from contentfilter.model.linear import SHARE_UNITS
from contentfilter.model.sums import Adder
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.fold import fold
from contentfilter.normalize.readings import analyse
from contentfilter.normalize.vocabulary import Vocabulary

MODEL = model(seed=7)
NOTHING = Vocabulary(frozenset(), frozenset(), {}, {}, (), frozenset(), frozenset())
plains = texts.chunks.map(lambda chunk: fold(chunk)[0].text)


def buckets_of(plain: str, bits: int) -> list[int]:
    """The buckets of a chunk's n-grams, straight from their definition in `features`."""
    found = []
    for seed, string in enumerate((plain[:64], bare(plain[:64])), 1):
        marked = f"\x02{string}\x03"
        for ngram in (marked[start:end] for start in range(len(marked)) for end in range(start + 1, min(start + 6, len(marked)) + 1)):
            if ngram in ("\x02", "\x03"):
                continue
            rolling = seed
            for character in ngram:
                rolling = (rolling * 0x9E3779B97F4A7C15 + ord(character)) % 2**64
            found.append((rolling ^ rolling >> 31) * 0xBF58476D1CE4E5B9 % 2**64 >> 64 - bits)
    return found


@given(plains | st.just("a" * 1000))
def test_buckets_are_as_defined(plain: str) -> None:
    buckets, counts = chunk_ngrams([plain], 10)
    assert sorted(buckets.tolist()) == sorted(buckets_of(plain, 10))
    assert counts.tolist() == [len(buckets)]


@given(plains | st.just("a" * 1000))
def test_sums_are_of_the_weights_in_the_buckets(plain: str) -> None:
    sums, counts = ngram_sums([plain], MODEL.ngram_weights)
    buckets = buckets_of(plain, len(MODEL.ngram_weights).bit_length() - 1)
    assert (sums[0] == MODEL.ngram_weights[buckets].sum(axis=0, dtype=np.int64)).all()
    assert counts.tolist() == [len(buckets)]


def rows(batch: list[str]) -> list[tuple[int, ...]]:
    """For each chunk its two keys and the share of each head."""
    return list(map(tuple, MODEL.score(batch).tolist()))


@given(st.lists(plains, max_size=30))
def test_a_share_does_not_depend_on_its_batch(batch: list[str]) -> None:
    assert rows(batch) == [row for plain in batch for row in rows([plain])]


@given(st.lists(st.lists(texts.chunks, min_size=1, max_size=4), min_size=1, max_size=5))
def test_merged_words_have_the_shares_and_the_pairs_of_all(batch: list[list[str]]) -> None:
    batch = [[word for chunk in words for word in chunk.split(" ") if word] or ["x"] for words in batch]
    for row, words in zip(rows([" ".join(words) for words in batch]), batch, strict=True):
        alone = rows(words)
        pairs = [pair_hashes(np.array([one[0]]), np.array([other[1]])) for one, other in pairwise(alone)]
        weights = [MODEL.pair_weights[pair_buckets(pair, 64 - MODEL.pair_shift)][0].astype(np.int64) * SHARE_UNITS for pair in pairs]
        expected = np.sum([*(one[2:] for one in alone), *weights], axis=0)
        assert row == (alone[-1][0], alone[0][1], *expected.tolist())


@pytest.mark.parametrize("count", [0, 1, 8, 9, 100])
def test_a_row_for_each_chunk(count: int) -> None:
    every = rows(["ngu"] * count)
    assert len(every) == count
    assert all(len(row) == 2 + len(MODEL.heads) for row in every)


@given(st.lists(st.tuples(st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40), st.integers(0, 10**6)), min_size=1, max_size=20))
def test_logit_is_logits_to_the_bit(rows: list[tuple[int, int, int]]) -> None:
    many = MODEL.logits(np.array([row[:2] for row in rows]), np.array([row[2] for row in rows]))
    for row, expected in zip(rows, many.tolist(), strict=True):
        assert list(MODEL.logit(row[:2], row[2])) == expected


@given(st.lists(texts.mixtures, min_size=1, max_size=8))
def test_sums_of_one_text_are_those_of_the_batch(batch: list[str]) -> None:
    table = ChunkTable(Analyser(lambda chunk: analyse(chunk, NOTHING), MODEL.score, 2), 1000)
    adder = Adder(MODEL, NOTHING)
    generation, ids, counts = table.split(batch)
    sums, flags = adder.batch(generation, ids, counts)
    ends = np.cumsum(counts)
    for i, (end, count) in enumerate(zip(ends, counts, strict=True)):
        assert adder.single(generation, ids[end - count : end]) == (sums[i].tolist(), flags[i])


def test_the_order_of_neighbours_counts() -> None:
    left, right = pair_keys(["óc", "chó"]).T
    there, back = pair_hashes(left, right[::-1].copy()).tolist()
    assert there != back
    assert pair_buckets(pair_hashes(left, right), 10).max() < 1 << 10


def test_marks_around_a_word_do_not_change_its_pairs() -> None:
    one, other = pair_keys(["ngu", "(ngu),"]).tolist()
    assert one == other


def test_two_views_are_hashed_apart() -> None:
    # "chó" has the n-grams of its bare form too, but not twice the same
    buckets = buckets_of("chó", 40)
    assert len(buckets) == len(set(buckets))


def test_numbers_of_one_shape_are_alike_to_the_n_grams() -> None:
    phones = ["0912.345.678", "0333.666.999"]
    assert rows([phones[0]])[0][2:] == rows([phones[1]])[0][2:]
    assert rows(["m3"])[0][2:] != rows(["m4"])[0][2:]
    first, second = replace(MODEL, specification="chunk-1").score(phones)[:, 2:].tolist()
    assert first != second
