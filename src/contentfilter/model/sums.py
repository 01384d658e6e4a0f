"""Ids of known chunks → what every text takes from them: the model's sums, and whether any term may be in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from contentfilter import chunks
from contentfilter.chunks import ASKING, ASKS, BESIDE, DROPPED, FLAGS, FRAGMENT, GUESSED, INNOCENT, INTERESTING, LEFT, OFFERS, RIGHT, SHARES
from contentfilter.kernel import KERNEL
from contentfilter.normalize.vocabulary import ALWAYS, INNOCENCE, Vocabulary

from .announce import NEXT, Announcer
from .features import Integers, pair_buckets, pair_hashes
from .linear import SHARE_UNITS, LinearModel

_OWN: Final = INTERESTING | GUESSED | BESIDE | DROPPED | INNOCENT


class Adder:
    """Sums over chunks for one model and one vocabulary; immutable."""

    def __init__(self, model: LinearModel, vocabulary: Vocabulary) -> None:
        self._heads = len(model.heads)
        self._pair_weights = model.pair_weights
        self._shift = model.pair_shift
        self.announcer = Announcer(vocabulary.runs, vocabulary.signs)
        tables = (np.ascontiguousarray(model.pair_weights), *self.announcer.tables)
        self._compiled = KERNEL and KERNEL.Adder(self._heads, _OWN, FRAGMENT, NEXT, *tables)

    def batch(self, generation: chunks.Generation, ids: Integers, counts: Integers) -> tuple[Integers, Integers]:
        """For each text its summed shares, shape (texts, heads), and its flags, given all ids in a row and each text's count.

        Of a chunk's flags a text keeps all but `LETTERS` and `DIGITS`, of which it keeps what two that share one stand side by side with.
        It is interesting too where one chunk asks for company that another offers, `ASKING` where none does, and `INNOCENT`
        where signs of innocence are announced.
        """
        found = self._found(generation, ids, counts)
        seen, asked, offered = found[:, self._heads :].T
        company = np.where(asked & (offered | ALWAYS), INTERESTING, np.where(asked & ~INNOCENCE, ASKING, 0))
        return found[:, : self._heads], seen | company | np.where(asked & INNOCENCE, INNOCENT, 0)

    def single(self, generation: chunks.Generation, ids: Integers) -> tuple[Sequence[int], int]:
        """The same for one text: its summed shares, one a head, and its flags."""
        *sums, seen, asked, offered = self._found(generation, ids, np.array([len(ids)])).ravel().tolist()
        if asked:
            seen |= INTERESTING if asked & (offered | ALWAYS) else ASKING if asked & ~INNOCENCE else 0
            seen |= INNOCENT if asked & INNOCENCE else 0
        return sums, seen

    def _found(self, generation: chunks.Generation, ids: Integers, counts: Integers) -> Integers:
        """For each text the sums, the flags that it keeps, and what its chunks and neighbours ask for and offer: (texts, heads + 3)."""
        if self._compiled is None:
            return self.found_in_python(generation, ids, counts)
        return np.frombuffer(self._compiled.add(generation.rows, ids, counts), dtype=np.int64).reshape(len(counts), self._heads + 3)

    def found_in_python(self, generation: chunks.Generation, ids: Integers, counts: Integers) -> Integers:
        """What the kernel's `Adder` finds, where nothing was compiled."""
        found = np.zeros((len(counts), self._heads + 3), dtype=np.int64)
        if not len(ids):
            return found
        filled = counts > 0
        ends = np.cumsum(counts)
        starts = (ends - counts)[filled]
        inside = np.ones(len(ids), dtype=np.uint8)  # has this chunk a right neighbour in its text?
        inside[ends[filled] - 1] = 0
        rows = generation.rows[ids]
        pairs = pair_hashes(rows[:-1, LEFT], rows[1:, RIGHT])
        shares = rows[:, SHARES:]
        shares[:-1] += self._pair_weights[pair_buckets(pairs, 64 - self._shift)] * (inside[:-1, None] * np.int64(SHARE_UNITS))
        own, asks = rows[:, FLAGS], rows[:, ASKS]
        seen = own & _OWN
        seen[:-1] |= (own[:-1] & own[1:] & FRAGMENT) * inside[:-1]
        for places, announced in self.announcer.batch(pairs, inside[:-1]):
            asks[places] |= announced
        found[filled, : self._heads] = np.add.reduceat(shares, starts, axis=0)
        for place, column in enumerate((seen, asks, rows[:, OFFERS]), self._heads):
            found[filled, place] = np.bitwise_or.reduceat(column, starts)
        return found
