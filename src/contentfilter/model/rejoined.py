"""What the model says of a text whose words were cut or spelled in single letters: it reads chunks, so they are put together first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, islice

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

    def logits(
        self, table: ChunkTable, texts: Sequence[list[str]], runs: Sequence[Sequence[Run]], written: Sequence[Sequence[float]]
    ) -> list[Logits | None]:
        """For each text, given its chunks, the logits with its runs of fragments as they are spelled; None where they are likelier as
        written, or no run spells anything."""
        joined = [joined_chunks(chunks, own) for chunks, own in zip(texts, runs, strict=True)]
        generation, ids = table.look_up([word for words in joined for word in words])  # those that are new together
        spelled = iter([len(one.readings) > 1 for one in table.analyses(generation, ids)])
        found: list[Logits | None] = []
        for chunks, own, words, logits in zip(texts, runs, joined, written, strict=True):
            told = list(islice(spelled, len(own)))
            again = self._logits(table, _rejoined(chunks, list(compress(own, told)), list(compress(words, told)))) if any(told) else None
            found.append(again if again and again[self._head] > logits[self._head] else None)
        return found

    def _logits(self, table: ChunkTable, chunks: list[str]) -> Logits:
        generation, ids = table.look_up(chunks)
        return self._model.logit(self._adder.single(generation, np.array(ids, dtype=np.int64))[0], len(ids))


def _rejoined(chunks: Sequence[str], runs: Sequence[Run], joined: Sequence[str]) -> list[str]:
    """The chunks with each of these runs as one."""
    parts: list[str] = []
    position = 0
    for (low, high), word in zip(runs, joined, strict=True):
        parts += (*chunks[position:low], word)
        position = high
    return [*parts, *chunks[position:]]
