"""What the model says of a text whose words were cut or spelled in single letters: it reads chunks, so they are put together first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from contentfilter.chunks import ChunkTable, Generation, fragment_runs, joined_chunks

from .linear import LinearModel
from .sums import Adder

Logits = tuple[float, ...]


class Rejoiner:
    """A model, and the head by which the likelier of two readings is chosen; immutable."""

    def __init__(self, adder: Adder, model: LinearModel, head: int) -> None:
        self._adder = adder
        self._model = model
        self._head = head

    def learn(self, table: ChunkTable, generation: Generation, texts: Sequence[tuple[Sequence[str], Sequence[int]]]) -> None:
        """Look up the runs of fragments of all these texts, chunks and their ids, together: what is new is analysed at once."""
        table.look_up([run for chunks, ids in texts for run in joined_chunks(chunks, fragment_runs(generation.flags(ids)))])

    def logits(self, table: ChunkTable, chunks: Sequence[str], ids: Sequence[int], generation: Generation, written: Logits) -> Logits:
        """The logits of a text with runs of fragments as they are spelled, where they are likelier so; else as written."""
        rejoined = _rejoin(table, chunks, fragment_runs(generation.flags(ids)))
        if not rejoined:
            return written
        younger, new = table.look_up(rejoined)
        again = self._model.logit(self._adder.single(younger, np.array(new, dtype=np.int64))[0], len(new))
        return again if again[self._head] > written[self._head] else written


def _rejoin(table: ChunkTable, chunks: Sequence[str], runs: Sequence[tuple[int, int]]) -> list[str]:
    """The chunks with the runs joined that may spell something which a term has; empty where none does."""
    generation, ids = table.look_up(joined_chunks(chunks, runs))
    parts: list[str] = []
    position = 0
    for (low, high), one in zip(runs, table.analyses(generation, ids), strict=True):
        if len(one.readings) > 1:
            parts += (*chunks[position:low], " ".join(chunks[low:high]))
            position = high
    return [*parts, *chunks[position:]] if position else []
