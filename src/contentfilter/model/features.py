"""Chunks → hashed features. What a specification name means never changes: a mended feature gets a new name.

Specification `chunk-1`: a chunk is folded to its plain form, cut to 64 characters, and put between U+0002 and U+0003. Its
features are the character n-grams, n = 1 to 6, of this string and, hashed apart, of the same without diacritics. A text
has besides, for each two neighbouring chunks, one feature for the pair of their words (the plain forms without the marks
around them).

An n-gram c₁…cₙ hashes to ((…((s·P + c₁)·P + c₂)…)·P + cₙ) mod 2⁶⁴, mixed as in `mix`, its top bits being the bucket; s is
the seed of the view. A pair (a, b) falls into bucket (h(a)·A + mix(h(b))·B) mod 2⁶⁴, top bits.

Specification `chunk-2` differs in one thing: in the n-grams of a chunk with two digits or more each digit is a 0, so that all phone
numbers, amounts and dates of one shape are alike. Pairs have the digits as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from contentfilter.kernel import KERNEL
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.entities import LONGEST_WORD, word_of

SPECIFICATION: Final = "chunk-2"
"""What new models are made for."""
LONGEST_NGRAM: Final = 6

# Odd 64-bit constants: the fractional part of the golden ratio (Knuth, TAOCP 6.4), the two mixers of splitmix64 (Steele, Lea,
# Flood 2014), and for the right neighbour another multiplier; any odd number of scattered bits would serve.
_P = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_LEFT = 0x94D049BB133111EB
_RIGHT = 0xD6E8FEB86659FD93
_SEEDS = (np.uint64(1), np.uint64(2))

_WORD = (1 << 64) - 1

Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


def _shape(plain: str) -> str:
    """Every digit as 0, where a chunk has several.

    >>> _shape("0912.345.678"), _shape("m3")
    ('0000.000.000', 'm3')
    """
    if plain.isalpha():
        return plain
    shape, digits = _digits("0", plain)
    return shape if digits > 1 else plain


_digits = re.compile(r"\d").subn

NGRAMS_OF: Final[Mapping[str, Callable[[str], str]]] = {"chunk-1": str, "chunk-2": _shape}
"""Specification → what the n-grams of a plain form are taken from."""


def _mix(hashes: Hashes) -> Hashes:
    return (hashes ^ (hashes >> np.uint64(31))) * _MIX


def chunk_ngrams(plains: Sequence[str], bits: int) -> tuple[Integers, Integers]:
    """The buckets of the n-grams of every chunk, one chunk after the other, and the number of them per chunk.

    Returns (buckets in [0, 2^bits), shape (sum of counts,)) and (counts, shape (len(plains),)).
    """
    cut = [plain[:LONGEST_WORD] for plain in plains]
    lengths = np.fromiter(map(len, cut), dtype=np.int64, count=len(cut)) + 2
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(cut) else 0
    # room behind each position up to its chunk's end
    room = np.repeat(ends, lengths) - np.arange(total)
    orders = np.arange(1, LONGEST_NGRAM + 1)
    fits = room[:, None] >= orders
    fits[:, 0] &= room > 1  # the mark at the end alone is no feature
    fits[ends - lengths, 0] = False  # nor the one at the start
    padding = np.zeros(LONGEST_NGRAM, dtype=np.uint64)
    views: list[Hashes] = []
    for seed, strings in zip(_SEEDS, (cut, [bare(plain) for plain in cut]), strict=True):
        joined = "".join(f"\x02{string}\x03" for string in strings)
        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
        points = np.concatenate((points, padding))
        hashes = np.empty((total, LONGEST_NGRAM), dtype=np.uint64)
        rolling = np.full(total, seed)
        for order in range(LONGEST_NGRAM):
            rolling = rolling * _P + points[order : order + total]
            hashes[:, order] = rolling
        views.append(hashes)
    every = np.concatenate(views, axis=1)
    buckets = (_mix(every) >> np.uint64(64 - bits))[np.concatenate((fits, fits), axis=1)].astype(np.int64)
    per_position = 2 * fits.sum(axis=1)
    counts = np.add.reduceat(per_position, ends - lengths) if total else np.zeros(0, dtype=np.int64)
    return buckets, counts


def ngram_sums(plains: Sequence[str], weights: npt.NDArray[np.int16]) -> tuple[Integers, Integers]:
    """The summed weights, (2^bits, heads), of every chunk's n-grams, (n, heads), and how many these are, (n,)."""
    if KERNEL is None:
        return _ngram_sums(plains, weights)
    cut = [plain[:LONGEST_WORD] for plain in plains]
    heads = weights.shape[1]
    found = KERNEL.ngram_sums(cut, list(map(bare, cut)), weights, heads)
    sums = np.frombuffer(found, dtype=np.int64).reshape(len(cut), heads + 1)
    return sums[:, :heads], sums[:, heads]


def _ngram_sums(plains: Sequence[str], weights: npt.NDArray[np.int16]) -> tuple[Integers, Integers]:
    buckets, counts = chunk_ngrams(plains, len(weights).bit_length() - 1)
    sums = np.zeros((len(plains), weights.shape[1]), dtype=np.int64)
    filled = counts > 0
    if filled.any():
        starts = (np.cumsum(counts) - counts)[filled]
        sums[filled] = np.add.reduceat(weights[buckets].astype(np.int64), starts, axis=0)
    return sums, counts


def pair_keys(plains: Sequence[str]) -> Integers:
    """What each chunk brings to a pair as the left and as the right neighbour, (n, 2).

    A pair's hash is left(a) + right(b), wrapped to 64 bits.
    """
    words = list(map(word_of, plains))
    if KERNEL is None:
        return _word_keys(words)
    return np.frombuffer(KERNEL.word_keys(words), dtype=np.int64).reshape(len(words), 2)


def _word_keys(words: Sequence[str]) -> Integers:
    hashes = map(_string_hash, words)
    keys = [(_signed(value * _LEFT), _signed(((value ^ (value >> 31)) * int(_MIX) & _WORD) * _RIGHT)) for value in hashes]
    return np.array(keys, dtype=np.int64).reshape(len(words), 2)


def _signed(value: int) -> int:
    """The low 64 bits as numpy's int64 reads them."""
    value &= _WORD
    return value - (1 << 64) if value >> 63 else value


def _string_hash(word: str) -> int:
    value = 5381
    for character in word:
        value = (value * 0x9E3779B97F4A7C15 + ord(character)) & _WORD
    return value ^ (value >> 29)


def pair_hashes(left: Integers, right: Integers) -> Hashes:
    """The 64-bit hashes of pairs, element by element, from what the left and the right neighbour bring."""
    return (left + right).view(np.uint64)


def pair_buckets(hashes: Hashes, bits: int) -> Integers:
    """The buckets of pairs: the top `bits` bits of their hashes."""
    return (hashes >> np.uint64(64 - bits)).astype(np.int64)
