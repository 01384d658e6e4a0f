"""Ids of known chunks → what every text takes from them: the model's sums, and whether any term may be in it.

The same sums twice: for a batch in numpy columns, for one text with plain Python over the same table, where numpy's calls would
cost more than the work. Both add integers, so both give the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Final

import numpy as np
import numpy.typing as npt

from contentfilter.chunks import ASKING, FRAGMENT, GUESSED, INTERESTING, Generation
from contentfilter.normalize.readings import ALWAYS, FIRST, SECOND, Vocabulary

from .features import Integers, pair_buckets, pair_hashes, pair_keys
from .linear import SHARE_UNITS, LinearModel

_WORD: Final = (1 << 64) - 1
_ANNOUNCED_SHIFT: Final = 42
"""A map of 2²² pairs: 4 MB, of which ten thousand terms fill a hundredth at most."""
_OWN: Final = INTERESTING | GUESSED


class Adder:
    """Sums over chunks for one model and one vocabulary; immutable."""

    def __init__(self, model: LinearModel, vocabulary: Vocabulary) -> None:
        self._heads = len(model.heads)
        self._pair_weights = model.pair_weights
        self._shift = model.pair_shift
        self._announced, self._kind_list = _announced(vocabulary)
        self._kinds = np.array(self._kind_list, dtype=np.int64)
        # memoryviews: an element of a numpy array takes a loop three times as long
        self._announced_view = memoryview(self._announced.data)
        self._pair_columns = [memoryview(np.ascontiguousarray(column).data) for column in model.pair_weights.T]

    def batch(self, generation: Generation, ids: Integers, lengths: Integers) -> tuple[Integers, Integers]:
        """For each text its summed shares, shape (texts, heads), and its flags, given all ids in a row and each text's count.

        Of a chunk's flags a text keeps `INTERESTING`, `GUESSED`, and `FRAGMENT` where two that share one stand side by side. It is
        interesting too where one chunk asks for company that another offers, and `ASKING` where none does.
        """
        sums = np.zeros((len(lengths), self._heads), dtype=np.int64)
        flags = np.zeros(len(lengths), dtype=np.int64)
        if not len(ids):
            return sums, flags
        filled = lengths > 0
        ends = np.cumsum(lengths)
        starts = (ends - lengths)[filled]
        inside = np.ones(len(ids), dtype=np.uint8)  # has this chunk a right neighbour in its text?
        inside[ends[filled] - 1] = 0
        pairs = pair_hashes(generation.left[ids[:-1]], generation.right[ids[1:]])
        shares = generation.shares[ids]
        shares[:-1] += self._pair_weights[pair_buckets(pairs, 64 - self._shift)] * (inside[:-1, None] * np.int64(SHARE_UNITS))
        sums[filled] = np.add.reduceat(shares, starts, axis=0)
        own = generation.flags[ids]
        seen = own & _OWN
        seen[:-1] |= (own[:-1] & own[1:] & FRAGMENT) * inside[:-1]
        asks = generation.asks[ids]
        announced = self._kinds[self._announced[pairs >> _ANNOUNCED_SHIFT] * inside[:-1]]
        asks[:-1] |= announced & ~(FIRST | SECOND)
        asks[:-2] |= (announced[:-1] & (announced[1:] << 1) & FIRST) << 1  # FIRST with SECOND behind it is ALWAYS
        flags[filled] = np.bitwise_or.reduceat(seen, starts)
        asked = np.bitwise_or.reduceat(asks, starts)
        offered = np.bitwise_or.reduceat(generation.offers[ids], starts)
        flags[filled] |= np.where(asked & (offered | ALWAYS), INTERESTING, np.where(asked, ASKING, 0))
        return sums, flags

    def single(self, generation: Generation, ids: Sequence[int]) -> tuple[list[int], int]:
        """The same for one text: its summed shares, one a head, and its flags."""
        if not ids:
            return [0] * self._heads, 0
        rows = generation.rows
        flags, asks, offers, left, right, *shares = zip(*[rows[i] for i in ids], strict=True)
        pairs = [(one + other) & _WORD for one, other in zip(left, right[1:], strict=False)]
        buckets = [pair >> self._shift for pair in pairs]
        sums = [
            sum(share) + sum([weights[bucket] for bucket in buckets]) * SHARE_UNITS
            for share, weights in zip(shares, self._pair_columns, strict=True)
        ]
        announced, kinds = self._announced_view, self._kind_list
        seen = reduce(or_, flags) & _OWN
        seen |= reduce(or_, [one & other for one, other in pairwise(flags)], 0) & FRAGMENT
        pair_kinds = [kinds[announced[pair >> _ANNOUNCED_SHIFT]] for pair in pairs]
        asked = (reduce(or_, asks) | reduce(or_, pair_kinds, 0)) & ~(FIRST | SECOND)
        if any([one & (other << 1) & FIRST for one, other in pairwise(pair_kinds)]):
            asked |= ALWAYS
        if asked:
            seen |= INTERESTING if asked & reduce(or_, offers, ALWAYS) else ASKING
        return sums, seen


def _announced(vocabulary: Vocabulary) -> tuple[npt.NDArray[np.uint8], list[int]]:
    """What the pairs that announce terms ask for: a byte for each value of a pair hash's top bits, and what the bytes mean.

    Other pairs fall on the same bytes, a few in a thousand; they are then found to be nothing.
    """
    tokens = sorted(vocabulary.paired)
    left, right = (dict(zip(tokens, keys, strict=True)) for keys in pair_keys(tokens))
    asked: dict[int, int] = {}
    for (first, second), asks in vocabulary.pairs.items():
        place = ((left[first] + right[second]) & _WORD) >> _ANNOUNCED_SHIFT
        asked[place] = asked.get(place, 0) | asks
    meanings = {0: 0, ALWAYS | FIRST | SECOND: 1}
    for asks in sorted(set(asked.values())):
        if len(meanings) < 256:
            meanings.setdefault(asks, len(meanings))
    marks = np.zeros(1 << (64 - _ANNOUNCED_SHIFT), dtype=np.uint8)
    marks[list(asked)] = [meanings.get(asks, 1) for asks in asked.values()]  # what finds no byte of its own asks for nothing
    return marks, list(meanings)
