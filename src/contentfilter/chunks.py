"""The chunk table: what is known of each chunk, once.

A chunk is a run of characters between white space. Text after text is made of the same ones, so all that is costly is
done when a chunk is new and remembered here, a row by id. The table is bounded and forgets what was not used again
since it last forgot; since an analysis depends on the chunk alone, that never changes an answer.

Threads share a table without a lock as long as all their chunks are known. An id means the same chunk for the whole life
of its `Generation`; forgetting starts a new one, and who still holds the old one goes on with it undisturbed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from contentfilter.forms import new_forms
from contentfilter.index import UNKNOWN, new_index
from contentfilter.normalize.likeliest import new_words
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
INNOCENT: Final = 128
"""The chunk may be a part of a sign of innocence."""

_LONGEST_REMEMBERED: Final = 64
"""Longer chunks (links, keyboard mashing, attacks) are forgotten first: they seldom come twice and take much room."""
_CHARACTERS_PER_CHUNK: Final = 16
"""Room for the text of chunks, on average; Vietnamese ones have five characters."""

Integers = npt.NDArray[np.int64]
Run = tuple[int, int]
"""A half-open range of a text's chunks."""

FLAGS, ASKS, OFFERS, LEFT, RIGHT, SHARES = range(6)
"""What a chunk's row holds: its flags; the company that it asks for and offers; what it brings to a pair as left and as right neighbour;
and from `SHARES` on its share of each head."""


@dataclass(frozen=True, slots=True)
class Analyser:
    """What the table asks about new chunks, many at once."""

    analyse: Callable[[str], Analysis]
    score: Callable[[Sequence[str]], Integers]
    """n plain forms → (n, 2 + heads): their rows from `LEFT` on."""
    heads: int

    def rows(self, analyses: Sequence[Analysis]) -> Integers:
        """The rows of analysed chunks, (n, `SHARES` + heads)."""
        rows = np.empty((len(analyses), SHARES + self.heads), dtype=np.int64)
        rows[:, LEFT:] = self.score([analysis.plain for analysis in analyses])
        rows[:, :LEFT] = [
            (
                analysis.interesting * INTERESTING
                | analysis.beside * BESIDE
                | analysis.letters * LETTERS
                | analysis.digits * DIGITS
                | (len(analysis.readings) > 1) * GUESSED
                | analysis.dropped * DROPPED
                | analysis.innocent * INNOCENT,
                analysis.asks,
                analysis.offers,
            )
            for analysis in analyses
        ] or np.empty((0, LEFT))
        return rows


class Generation:
    """Ids and rows. Grows, never changes what is there."""

    def __init__(self, heads: int, room: int) -> None:
        self.index = new_index()
        self.chunks: list[str] = []
        self.analyses: list[Analysis | None] = []
        """None where only the row is known as yet."""
        self.forms = new_forms()
        self.words = new_words()
        """Told when a text that has them is restored."""
        self.rows = np.zeros((room, SHARES + heads), dtype=np.int64)
        self.used = bytearray(room)
        self.characters = 0

    def runs(self, texts: Sequence[Integers]) -> list[list[Run]]:
        """For each text, given the ids of its chunks, the ranges of it that may be the parts of one spaced word or number."""
        ends = np.cumsum([len(ids) for ids in texts]).tolist()
        flags = self.rows[np.concatenate(texts), FLAGS].tolist() if texts else []
        return [fragment_runs(flags[end - len(ids) : end]) for ids, end in zip(texts, ends, strict=True)]

    def joined(self, ids: Sequence[int]) -> str:
        """The chunks of these ids as one, with a space between any two."""
        return " ".join([self.chunks[i] for i in ids])

    def append(self, chunks: list[str], analyses: Sequence[Analysis | None], rows: Integers) -> None:
        """Add new chunks under the next ids."""
        first, last = len(self.chunks), len(self.chunks) + len(chunks)
        if last > len(self.rows):
            self._grow(max(last, 2 * len(self.rows)))
        self.rows[first:last] = rows
        self.chunks.extend(chunks)
        self.analyses.extend([None] * len(chunks))
        for i, analysis in enumerate(analyses, first):
            if analysis is not None:
                self.tell(i, analysis)
        self.characters += sum(map(len, chunks))
        self.index.add(chunks)  # last: an id is seen when all of it is there

    def tell(self, i: int, analysis: Analysis) -> None:
        """Take in all that is known of the chunk of this id."""
        self.forms.tell(i, [(reading.text, reading.bare) for reading in analysis.readings])
        self.analyses[i] = analysis  # last: what has an analysis has its forms, whoever else asks meanwhile

    def _grow(self, room: int) -> None:
        rows = np.zeros((room, self.rows.shape[1]), dtype=np.int64)
        rows[: len(self.rows)] = self.rows
        self.rows = rows
        self.used = self.used + bytearray(room - len(self.used))

    def survivors(self, most: int, heads: int, room: int) -> Generation:
        """A new generation of at most `most` chunks that were used again in this one, the newest of them."""
        used = [i for i, chunk in enumerate(self.chunks) if i < len(self.used) and self.used[i] and len(chunk) <= _LONGEST_REMEMBERED]
        kept = used[max(len(used) - most, 0) :]
        young = Generation(heads, room)
        young.append([self.chunks[i] for i in kept], [self.analyses[i] for i in kept], self.rows[kept])
        return young


_learning: Final = threading.Lock()
if hasattr(os, "register_at_fork"):  # a process forked while another thread learns would find half a table and a lock held for ever
    os.register_at_fork(before=_learning.acquire, after_in_parent=_learning.release, after_in_child=_learning.release)


class ChunkTable:
    """Chunks → ids in a generation, analysing what is new. Shared by threads."""

    def __init__(self, analyser: Analyser, capacity: int, seed: tuple[list[str], Integers] | None = None) -> None:
        """`seed` is what the analyser says of common chunks, so that the table knows them from the start."""
        if capacity < 1:
            raise ValueError(f"chunk table: capacity {capacity}, expected at least 1")
        self._analyser = analyser
        self._capacity = capacity
        self.generation = self._empty()
        if seed is not None:
            chunks, rows = seed
            self.generation.append(chunks, [None] * len(chunks), rows)

    def _empty(self) -> Generation:
        return Generation(self._analyser.heads, min(self._capacity, 1 << 12))

    def __len__(self) -> int:
        return len(self.generation.chunks)

    def split(self, texts: list[str]) -> tuple[Generation, Integers, Integers]:
        """The ids of all chunks of the texts in a row, how many of them each text has, and the generation in which they hold."""
        generation = self.generation
        ids, counts, new = generation.index.split(texts, generation.used)
        found = np.frombuffer(ids, dtype=np.int64)
        if new:
            younger = self._learn(new)
            if younger is generation:
                found[found == UNKNOWN] = generation.index.find(new)
            else:  # some of what was known has been forgotten
                generation = self._learn([chunk for text in texts for chunk in text.split()])
                ids, counts, _ = generation.index.split(texts, generation.used)
                found = np.frombuffer(ids, dtype=np.int64)
        return generation, found, np.frombuffer(counts, dtype=np.int64)

    def look_up(self, chunks: list[str]) -> tuple[Generation, list[int]]:
        """The ids of `chunks`, in order, and the generation in which they hold."""
        generation = self.generation
        found = generation.index.find(chunks)
        if UNKNOWN in found:
            generation = self._learn(chunks)
            found = generation.index.find(chunks)
        return generation, found

    def analysis(self, generation: Generation, i: int) -> Analysis:
        """All that is known of the chunk of this id."""
        found = generation.analyses[i]
        if found is None:
            found = self._analyser.analyse(generation.chunks[i])
            generation.tell(i, found)
        return found

    def analyses(self, generation: Generation, ids: Sequence[int]) -> list[Analysis]:
        """All that is known of the chunks of these ids."""
        return [self.analysis(generation, i) for i in ids]

    def line(self, generation: Generation, ids: list[int], number: int, bare: bool) -> str:
        """One of the lines that the chunks of these ids make (see `forms`), with or without its diacritics."""
        line = generation.forms.line(ids, number, bare)
        if line is not None:
            return line
        self.analyses(generation, ids)
        return self.line(generation, ids, number, bare)

    def lines(self, generation: Generation, ids: list[int]) -> int:
        """How many lines they make."""
        found = generation.forms.lines(ids)
        if found is not None:
            return found
        self.analyses(generation, ids)
        return self.lines(generation, ids)

    def _learn(self, chunks: list[str]) -> Generation:
        with _learning:
            generation = self.generation
            new = _unknown(chunks, generation)
            full = len(generation.chunks) + len(new) > self._capacity
            if full or generation.characters > _CHARACTERS_PER_CHUNK * self._capacity:
                generation = generation.survivors(self._capacity // 2, self._analyser.heads, min(len(generation.rows), self._capacity))
                new = _unknown(chunks, generation)
            analyses = [self._analyser.analyse(chunk) for chunk in new]
            rows = self._analyser.rows(analyses)
            try:
                generation.append(new, analyses, rows)
            except BaseException:  # an interrupt too: half of a row would give wrong answers ever after
                self.generation = self._empty()
                raise
            self.generation = generation
            return generation


def _unknown(chunks: list[str], generation: Generation) -> list[str]:
    """Those that a generation does not know, each once."""
    different = list(dict.fromkeys(chunks))
    return [chunk for chunk, i in zip(different, generation.index.find(different), strict=True) if i == UNKNOWN]


def joined_chunks(chunks: Sequence[str], runs: Sequence[Run]) -> list[str]:
    """The chunks of each of these ranges as one, with a space between any two."""
    return [" ".join(chunks[low:high]) for low, high in runs]


def fragment_runs(flags: Sequence[int]) -> list[Run]:
    """The ranges of two or more chunks in a row that may be the parts of one spaced word or number."""
    runs: list[Run] = []
    start, shared = 0, 0
    for i, flag in enumerate((*flags, 0)):
        if shared & flag:
            shared &= flag
            continue
        if i - start >= 2 and shared:
            runs.append((start, i))
        start, shared = i, flag & FRAGMENT
    return runs
