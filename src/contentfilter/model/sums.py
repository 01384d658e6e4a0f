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

from contentfilter.chunks import ASKING, BESIDE, DROPPED, FRAGMENT, GUESSED, INTERESTING, Generation
from contentfilter.lanes import Lanes, unpack
from contentfilter.normalize.vocabulary import ALWAYS, Vocabulary

from .announce import Announcer
from .features import Integers, pair_buckets, pair_hashes
from .linear import SHARE_UNITS, LinearModel

_WORD: Final = (1 << 64) - 1
_OWN: Final = INTERESTING | GUESSED | BESIDE | DROPPED


class Adder:
    """Sums over chunks for one model and one vocabulary; immutable."""

    def __init__(self, model: LinearModel, vocabulary: Vocabulary) -> None:
        self._heads = len(model.heads)
        self._pair_weights = model.pair_weights
        self._shift = model.pair_shift
        self.announcer = Announcer(vocabulary.runs)
        self._packed_pairs = Lanes(model.pair_weights.astype(np.int64) * SHARE_UNITS)  # before numpy 2 the product would be 16 bits

    def batch(self, generation: Generation, ids: Integers, lengths: Integers) -> tuple[Integers, Integers]:
        """For each text its summed shares, shape (texts, heads), and its flags, given all ids in a row and each text's count.

        Of a chunk's flags a text keeps `INTERESTING`, `GUESSED`, `BESIDE`, `DROPPED`, and `FRAGMENT` where two that share one stand side by
        side. It is interesting too where one chunk asks for company that another offers, and `ASKING` where none does.
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
        for places, announced in self.announcer.batch(pairs, inside[:-1]):
            asks[places] |= announced
        flags[filled] = np.bitwise_or.reduceat(seen, starts)
        asked = np.bitwise_or.reduceat(asks, starts)
        offered = np.bitwise_or.reduceat(generation.offers[ids], starts)
        flags[filled] |= np.where(asked & (offered | ALWAYS), INTERESTING, np.where(asked, ASKING, 0))
        return sums, flags

    def single(self, generation: Generation, ids: Sequence[int]) -> tuple[Sequence[int], int]:
        """The same for one text: its summed shares, one a head, and its flags."""
        if not ids:
            return [0] * self._heads, 0
        rows = generation.rows
        flags, asks, offers, left, right, shares = zip(*[rows[i] for i in ids], strict=True)
        pairs = [(one + other) & _WORD for one, other in zip(left, right[1:], strict=False)]
        shift, packed = self._shift, self._packed_pairs
        total = sum(shares) + sum([packed[pair >> shift] for pair in pairs])
        seen = reduce(or_, flags) & _OWN
        seen |= reduce(or_, [one & other for one, other in pairwise(flags)], 0) & FRAGMENT
        asked = reduce(or_, asks) | self.announcer.single(pairs)
        if asked:
            seen |= INTERESTING if asked & reduce(or_, offers, ALWAYS) else ASKING
        return unpack(total, len(ids) + len(pairs), self._heads), seen
