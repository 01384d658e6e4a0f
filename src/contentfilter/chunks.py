"""The chunk table: what is known of each chunk, once.

A chunk is a run of characters between white space. Text after text is made of the same ones, so all that is costly is
done when a chunk is new and remembered here, in columns by id. The table is bounded and forgets what was not used again
since it last forgot; since an analysis depends on the chunk alone, that never changes an answer.

Threads share a table without a lock as long as all their chunks are known. An id means the same chunk for the whole life
of its `Generation`; forgetting starts a new one, and who still holds the old one goes on with it undisturbed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from contentfilter.lanes import pack
from contentfilter.normalize.readings import Analysis

INTERESTING: Final = 1
"""A term may match around this chunk."""
LETTERS: Final = 2
DIGITS: Final = 4
"""The chunk may be a part of a spaced word or number: two such in a row are joined and looked up together."""
FRAGMENT: Final = LETTERS | DIGITS
GUESSED: Final = 8
"""The chunk has more than one reading."""
BESIDE: Final = 16
"""Its pieces may announce a term together or with the chunks on either side."""
ASKING: Final = 32
"""Of a text: it has terms that need company, and only the model could be that."""

DROPPED: Final = 64
"""The chunk has most likely lost its diacritics."""

_LONGEST_REMEMBERED = 64
"""Longer chunks (links, keyboard mashing, attacks) are forgotten first: they seldom come twice and take much room."""
_CHARACTERS_PER_CHUNK = 16
"""Room for the text of chunks, on average; Vietnamese ones have five characters."""

Scored = tuple[list[list[int]], list[int], list[int]]
"""For each head the shares of n chunks, and what each chunk brings to a pair as left and as right neighbour."""
Row = tuple[int, ...]


class Columns(NamedTuple):
    """What every text takes from its chunks, by chunk: each of length n, `shares` n a head."""

    flags: list[int]
    asks: list[int]
    offers: list[int]
    left: list[int]
    right: list[int]
    shares: list[list[int]]


@dataclass(frozen=True, slots=True)
class Analyser:
    """What the table asks about new chunks, many at once."""

    analyse: Callable[[str], Analysis]
    score: Callable[[Sequence[str]], Scored]
    """Plain forms → columns."""
    heads: int

    def columns(self, analyses: Sequence[Analysis]) -> Columns:
        """The columns of analysed chunks."""
        shares, left, right = self._scored([analysis.plain for analysis in analyses])
        flags = [
            analysis.interesting * INTERESTING
            | analysis.beside * BESIDE
            | analysis.letters * LETTERS
            | analysis.digits * DIGITS
            | (len(analysis.readings) > 1) * GUESSED
            | analysis.dropped * DROPPED
            for analysis in analyses
        ]
        return Columns(flags, [analysis.asks for analysis in analyses], [analysis.offers for analysis in analyses], left, right, shares)

    def _scored(self, plains: Sequence[str]) -> Scored:
        """The columns of plain forms; one of several words, merged as they were written, has the shares of all of them."""
        if not any([" " in plain for plain in plains]):
            return self.score(plains)
        rows = [plain.split(" ") for plain in plains]
        shares, left, right = self.score([word for row in rows for word in row])
        ends = list(accumulate(map(len, rows)))
        starts = [0, *ends[:-1]]
        summed = [[sum(column[start:end]) for start, end in zip(starts, ends, strict=True)] for column in shares]
        return summed, [left[end - 1] for end in ends], [right[start] for start in starts]


class Generation:
    """Ids and columns. Grows, never changes what is there."""

    def __init__(self, heads: int, room: int) -> None:
        self.ids: dict[str, int] = {}
        self.chunks: list[str] = []
        self.analyses: list[Analysis | None] = []
        """None where only the columns are known as yet."""
        self.rows: list[Row] = []
        """For single texts: flags, asks, offers, left, right, the shares of all heads in one (see `lanes`)."""
        self.flags = np.zeros(room, dtype=np.uint8)
        self.shares = np.zeros((room, heads), dtype=np.int64)
        self.asks = np.zeros(room, dtype=np.int64)
        self.offers = np.zeros(room, dtype=np.int64)
        self.left = np.zeros(room, dtype=np.int64)
        self.right = np.zeros(room, dtype=np.int64)
        self.used = bytearray(room)
        self.characters = 0

    def mark(self, ids: npt.NDArray[np.int64]) -> None:
        """Remember that these, known before, were used again. Lost marks of a race only make a chunk be analysed again."""
        np.frombuffer(self.used, dtype=np.uint8)[ids] = 1

    def mark_few(self, ids: Sequence[int]) -> None:
        """The same in plain Python."""
        used = self.used
        for i in ids:
            used[i] = 1

    def append(self, chunks: Sequence[str], analyses: Sequence[Analysis | None], columns: Columns) -> None:
        """Add new chunks under the next ids."""
        first, last = len(self.chunks), len(self.chunks) + len(chunks)
        if last > len(self.flags):
            self._grow(max(last, 2 * len(self.flags)))
        flags, asks, offers, left, right, shares = columns
        self.flags[first:last], self.asks[first:last], self.offers[first:last] = flags, asks, offers
        self.left[first:last], self.right[first:last] = left, right
        for head, column in enumerate(shares):
            self.shares[first:last, head] = column
        self.chunks.extend(chunks)
        self.analyses.extend(analyses)
        self.rows.extend(zip(flags, asks, offers, left, right, pack(self.shares[first:last]), strict=True))
        self.characters += sum(map(len, chunks))
        self.ids.update(zip(chunks, range(first, last), strict=True))  # last: an id is seen when all of it is there

    def _grow(self, room: int) -> None:
        for name in ("flags", "asks", "offers", "shares", "left", "right"):
            old = getattr(self, name)
            new = np.zeros((room, *old.shape[1:]), dtype=old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)
        self.used = self.used + bytearray(room - len(self.used))

    def survivors(self, most: int, heads: int, room: int) -> Generation:
        """A new generation of at most `most` chunks that were used again in this one, the newest of them."""
        used = [i for i, chunk in enumerate(self.chunks) if i < len(self.used) and self.used[i] and len(chunk) <= _LONGEST_REMEMBERED]
        kept = used[max(len(used) - most, 0) :]
        young = Generation(heads, room)
        if kept:
            flags, asks, offers, left, right, shares = (
                column[kept].T.tolist() for column in (self.flags, self.asks, self.offers, self.left, self.right, self.shares)
            )
            columns = Columns(flags, asks, offers, left, right, shares)
            young.append([self.chunks[i] for i in kept], [self.analyses[i] for i in kept], columns)
        return young


_learning = threading.Lock()
if hasattr(os, "register_at_fork"):  # a process forked while another thread learns would find half a table and a lock held for ever
    os.register_at_fork(before=_learning.acquire, after_in_parent=_learning.release, after_in_child=_learning.release)


class ChunkTable:
    """Chunks → ids in a generation, analysing what is new. Shared by threads."""

    def __init__(self, analyser: Analyser, capacity: int, seed: tuple[Sequence[str], Columns] | None = None) -> None:
        """`seed` is what the analyser says of common chunks, so that the table knows them from the start."""
        if capacity < 1:
            raise ValueError(f"chunk table: capacity {capacity}, expected at least 1")
        self._analyser = analyser
        self._capacity = capacity
        self.generation = self._empty()
        if seed is not None:
            chunks, columns = seed
            self.generation.append(chunks, [None] * len(chunks), columns)

    def _empty(self) -> Generation:
        return Generation(self._analyser.heads, min(self._capacity, 1 << 12))

    def __len__(self) -> int:
        return len(self.generation.chunks)

    def look_up(self, chunks: list[str]) -> tuple[Generation, list[int]]:
        """The ids of `chunks`, in order, and the generation in which they hold."""
        generation = self.generation
        found = list(map(generation.ids.get, chunks))
        if None not in found:
            return generation, found  # type: ignore[return-value]  # no None is in it
        generation = self._learn(chunks)
        return generation, list(map(generation.ids.__getitem__, chunks))

    def analyses(self, generation: Generation, ids: Sequence[int]) -> list[Analysis]:
        """All that is known of the chunks of these ids."""
        known = generation.analyses
        found = [known[i] for i in ids]
        if None in found:
            for place, i in enumerate(ids):
                if found[place] is None:
                    found[place] = known[i] = self._analyser.analyse(generation.chunks[i])
        return found  # type: ignore[return-value]  # no None is in it any more

    def _learn(self, chunks: list[str]) -> Generation:
        with _learning:
            generation = self.generation
            new = [chunk for chunk in dict.fromkeys(chunks) if chunk not in generation.ids]
            full = len(generation.chunks) + len(new) > self._capacity
            if full or generation.characters > _CHARACTERS_PER_CHUNK * self._capacity:
                generation = generation.survivors(self._capacity // 2, self._analyser.heads, min(len(generation.flags), self._capacity))
                new = [chunk for chunk in dict.fromkeys(chunks) if chunk not in generation.ids]
            analyses = [self._analyser.analyse(chunk) for chunk in new]
            columns = self._analyser.columns(analyses)
            try:
                generation.append(new, analyses, columns)
            except BaseException:  # an interrupt too: half of a row would give wrong answers ever after
                self.generation = self._empty()
                raise
            self.generation = generation
            return generation


def fragment_runs(flags: Sequence[int]) -> list[tuple[int, int]]:
    """The half-open ranges of two or more chunks in a row that may be the parts of one spaced word or number."""
    runs: list[tuple[int, int]] = []
    start, shared = 0, 0
    for i, flag in enumerate((*flags, 0)):
        if shared & flag:
            shared &= flag
            continue
        if i - start >= 2 and shared:
            runs.append((start, i))
        start, shared = i, flag & FRAGMENT
    return runs
