"""Texts whose chunks were looked up → documents to match: runs of fragments joined, and what can hold no term left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, final

from contentfilter.categories import Category
from contentfilter.chunks import ASKING, BESIDE, FRAGMENT, INNOCENT, INTERESTING, ChunkTable, Generation, Run
from contentfilter.normalize.readings import Analysis

from .lines import Document

Beside = Callable[[str, str], bool]
"""May these two tokens stand side by side in what announces a term?"""


@final
class Looked:
    """A text whose chunks were looked up: their ids, the flags of the whole, whether the model finds it toxic, its logits, by head, and its
    runs of fragments."""

    __slots__ = ("flags", "ids", "logits", "runs", "suspected", "text", "toxic")

    def __init__(
        self,
        text: str,
        ids: list[int],
        flags: int,
        toxic: bool,
        logits: list[float],
        runs: Sequence[Run],
        suspected: frozenset[Category],
    ) -> None:
        self.text = text
        self.ids = ids
        self.flags = flags
        self.toxic = toxic
        self.logits = logits
        self.runs = runs
        self.suspected = suspected
        """What the model alone would flag it for: signs of innocence speak against it."""


CURIOUS: Final = INTERESTING | FRAGMENT | BESIDE
"""A text with one of these flags may hold a term."""


def is_curious(looked: Looked) -> bool:
    """May a term be in the text, or a sign against what the model suspects?"""
    return bool((looked.suspected and looked.flags & INNOCENT) or looked.flags & CURIOUS or (looked.toxic and looked.flags & ASKING))


def join(texts: Sequence[Looked], table: ChunkTable, generation: Generation, beside: Beside) -> list[Document | None]:
    """The texts as documents, their runs of fragments joined and looked up as one; None where no term can be."""
    words = [[generation.joined(text.ids[low:high]) for low, high in text.runs] for text in texts]
    younger, ids = table.look_up([word for own in words for word in own])
    found, position = table.analyses(younger, ids), 0
    documents: list[Document | None] = []
    for text, own in zip(texts, words, strict=True):
        start, position = position, position + len(own)
        joined = found[start:position]
        certain = (text.suspected and text.flags & INNOCENT) or text.flags & INTERESTING or (text.toxic and text.flags & ASKING)
        certain = certain or any([_tells(one, text.flags) for one in joined])
        if not certain and not text.flags & BESIDE and not any([one.beside for one in joined]):
            documents.append(None)
        elif not joined:
            document = Document(text.text, table, generation, text.ids)
            documents.append(document if certain or _announced(document.entries, beside) else None)
        else:
            document = _joined(text, table, generation, younger, ids[start:position], own)
            documents.append(document if certain or _announced(document.entries, beside) else None)
    return documents


def _tells(joined: Analysis, flags: int) -> bool:
    """May a joined run hold a term, or be the company that one in its text, of these flags, asks for?"""
    return joined.interesting or joined.asks > 0 or len(joined.readings) > 1 or (flags & ASKING > 0 and joined.offers > 0)


def _announced(entries: Sequence[Analysis], beside: Beside) -> bool:
    """Does any chunk of several readings announce a term, within itself or with its neighbours?"""
    for i, entry in enumerate(entries):
        if not entry.beside:
            continue
        before = [reading.tokens[-1] for reading in entries[i - 1].readings] if i else []
        after = [reading.tokens[0] for reading in entries[i + 1].readings] if i + 1 < len(entries) else []
        for reading in entry.readings:
            tokens = reading.tokens
            if (
                any([beside(last, tokens[0]) for last in before])
                or any([beside(tokens[-1], first) for first in after])
                or any([beside(first, second) for first, second in pairwise(tokens)])
            ):
                return True
    return False


def _joined(
    text: Looked, table: ChunkTable, generation: Generation, younger: Generation, ids: Sequence[int], words: Sequence[str]
) -> Document:
    """A text whose runs of fragments are one entry each: these words, of these ids."""
    if younger is not generation:  # some of what was known has been forgotten
        generation, written = table.look_up([*map(generation.chunks.__getitem__, text.ids), *words])
        own, ids = written[: len(text.ids)], written[len(text.ids) :]
    else:
        own = text.ids
    entries: list[int] = []
    firsts: list[int] = []
    position = 0
    for (low, high), i in zip(text.runs, ids, strict=True):
        entries += (*own[position:low], i)
        firsts += (*range(position, low), low)
        position = high
    return Document(text.text, table, generation, [*entries, *own[position:]], [*firsts, *range(position, len(own))])
