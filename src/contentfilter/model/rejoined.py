"""What the model says of a text whose words were cut or spelled in single letters: it reads chunks, so they are put together first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from contentfilter.chunks import ChunkTable, Run, joined_chunks

from .linear import LinearModel
from .sums import Adder

Logits = tuple[float, ...]


class Rejoiner:
    """A model, and the head by which the likelier of two readings is chosen; immutable."""

    def __init__(self, adder: Adder, model: LinearModel, head: int) -> None:
        self._adder = adder
        self._model = model
        self._head = head

    def logits(self, table: ChunkTable, chunks: Sequence[str], runs: Sequence[Run], written: Logits) -> Logits:
        """The logits of a text with its runs of fragments as they are spelled, where they are likelier so; else as written."""
        rejoined = _rejoin(table, chunks, runs)
        if not rejoined:
            return written
        generation, ids = table.look_up(rejoined)
        again = self._model.logit(self._adder.single(generation, np.array(ids, dtype=np.int64))[0], len(ids))
        return again if again[self._head] > written[self._head] else written


def _rejoin(table: ChunkTable, chunks: Sequence[str], runs: Sequence[Run]) -> list[str]:
    """The chunks with the runs joined that may spell something which a term has; empty where none does."""
    joined = joined_chunks(chunks, runs)
    generation, ids = table.look_up(joined)
    parts: list[str] = []
    position = 0
    for (low, high), word, one in zip(runs, joined, table.analyses(generation, ids), strict=True):
        if len(one.readings) > 1:
            parts += (*chunks[position:low], word)
            position = high
    return [*parts, *chunks[position:]] if position else []
