"""Texts → what is known of each before it is matched: split, looked up, scored by the model, their lost diacritics restored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import ge
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from contentfilter.categories import Category
from contentfilter.chunks import FRAGMENT, ChunkTable, Generation, Run
from contentfilter.decide.evidence import HEADS
from contentfilter.match.join import Looked
from contentfilter.match.restored import Logits, Restored
from contentfilter.model.linear import LinearModel
from contentfilter.model.rejoined import Rejoiner
from contentfilter.model.sums import Adder
from contentfilter.normalize.diacritics import diacritics

_SUSPECTED: Final = math.log(0.3 / 0.7)
"""The logit of a harm from which the strictest shipped policy holds a text."""
_NOBODY: Final[frozenset[Category]] = frozenset()


class Read(NamedTuple):
    """Texts that were looked up together."""

    texts: list[str]
    generation: Generation
    ids: npt.NDArray[np.int64]
    """Of all chunks in a row."""
    starts: list[int]
    """Where the ids of each text start, and one more for the end."""
    flags: npt.NDArray[np.int64]
    logits: npt.NDArray[np.float64]
    """(texts, heads)"""
    runs: dict[int, list[Run]]
    """The runs of fragments of the texts that have any."""


class Reader:
    """The first stages of a filter; immutable, but for its table of known chunks."""

    def __init__(self, table: ChunkTable, adder: Adder, model: LinearModel, toxic: int) -> None:
        """`toxic` is the number of the head by which the likelier of two readings is chosen."""
        self.table = table
        self.adder = adder
        self._model = model
        self._toxic = toxic
        self._suspicion = tuple([_SUSPECTED if head in HEADS else math.inf for head in model.heads])
        self._bounds = np.array(self._suspicion)
        self._rejoiner = Rejoiner(adder, model, toxic)

    def read(self, texts: list[str]) -> Read:
        """Texts split and looked up together, and what the model says of them."""
        generation, ids, counts = self.table.split(texts)
        sums, flags = self.adder.batch(generation, ids, counts)
        logits = self._model.logits(sums, counts)
        starts = [0, *np.cumsum(counts).tolist()]
        cut = np.flatnonzero(flags & FRAGMENT).tolist()
        runs = dict(zip(cut, generation.runs([ids[starts[i] : starts[i + 1]] for i in cut]), strict=True))
        split, written = [texts[i].split() for i in cut], logits[cut].tolist()
        rejoined = self._rejoiner.logits(self.table, split, list(runs.values()), written) if cut else ()
        for i, again in zip(cut, rejoined, strict=True):
            if again is not None:
                logits[i] = again
        return Read(texts, generation, ids, starts, flags, logits, runs)

    def looked(self, read: Read, places: Sequence[int], toxic: Sequence[bool]) -> list[Looked]:
        """Those at these places of the texts that were read together; `toxic` tells whether the model finds them, or the same restored,
        toxic."""
        chosen = np.array(places, dtype=np.int64)
        texts, ids, starts, logits = read.texts, read.ids, read.starts, read.logits[chosen]
        rows = zip(places, toxic, read.flags[chosen].tolist(), logits.tolist(), self.reached(logits).tolist(), strict=True)
        return [
            Looked(
                texts[i],
                ids[starts[i] : starts[i + 1]].tolist(),
                flags,
                is_toxic,
                own,
                read.runs.get(i, ()),
                self._suspected(own) if reached else _NOBODY,
            )
            for i, is_toxic, flags, own, reached in rows
        ]

    def reached(self, logits: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """For each text, (texts, heads) → (texts,), might the model alone flag it, under any policy?"""
        found: npt.NDArray[np.bool_] = np.any(logits >= self._bounds, axis=1)
        return found

    def restored(self, read: Read, places: Sequence[int]) -> dict[int, Restored]:
        """Of the texts at these places those that most likely were others before their diacritics were dropped, looked up together."""
        changed: dict[int, tuple[str, bool]] = {}
        for i in places:
            ids = read.ids[read.starts[i] : read.starts[i + 1]].tolist()
            again = _with_diacritics(read.generation, ids, read.texts[i])
            if again is not None:
                changed[i] = again
        if not changed:
            return {}
        anew = self.read([text for text, _ in changed.values()])
        toxic = (anew.logits[:, self._toxic] >= 0).tolist()
        every = zip(changed.items(), self.looked(anew, range(len(changed)), toxic), strict=True)
        return {
            i: Restored(looked, anew.generation, tuple(looked.logits), tuple(read.logits[i].tolist()), plain)
            for (i, (_, plain)), looked in every
        }

    def look_up(self, text: str) -> tuple[Looked, Generation, Logits]:
        """One text's chunks, and what the model says of it."""
        generation, ids, _ = self.table.split([text])
        sums, flags = self.adder.single(generation, ids)
        logits = self._model.logit(sums, len(ids))
        runs = generation.runs([ids])[0] if flags & FRAGMENT else ()
        if runs:
            logits = self._rejoiner.logits(self.table, [text.split()], [runs], [logits])[0] or logits
        looked = Looked(text, ids.tolist(), flags, logits[self._toxic] >= 0, list(logits), runs, self._suspected(logits))
        return looked, generation, logits

    def restored_alone(self, looked: Looked, generation: Generation, logits: Logits) -> Restored | None:
        """A single text as `restored` has it, given its logits."""
        again = _with_diacritics(generation, looked.ids, looked.text)
        return Restored(*self.look_up(again[0]), logits, again[1]) if again else None

    def _suspected(self, logits: Sequence[float]) -> frozenset[Category]:
        """What the model alone might flag a text for, under any policy: scores do not hang on the policy."""
        if not any(map(ge, logits, self._suspicion)):
            return _NOBODY  # most often
        heads = zip(self._model.heads, logits, self._suspicion, strict=True)
        return frozenset([HEADS[head] for head, logit, bound in heads if logit >= bound])


def _with_diacritics(generation: Generation, ids: list[int], text: str) -> tuple[str, bool] | None:
    """A text as it most likely was before its diacritics were dropped, and whether it has hardly any; None where it is the same."""
    again = diacritics().restore(generation.words, generation.chunks, ids, text)
    return None if again[0] == text else again
