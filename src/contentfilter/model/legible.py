"""A text's words as the model hears them: disguises undone, words spelled in single letters put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from contentfilter.chunks import ChunkTable, joined_chunks


class Word(NamedTuple):
    """A word, and the half-open range of its text's chunks in which it stands: one, or several where it was spelled."""

    text: str
    first: int
    end: int


def words_of(table: ChunkTable, texts: Sequence[str]) -> list[list[Word]]:
    """The words of each text, in order; a chunk in which words were merged has several."""
    generation, ids, counts = table.split(list(texts))
    borders = list(accumulate(counts.tolist(), initial=0))
    every = [ids[low:high] for low, high in pairwise(borders)]
    found: list[list[Word]] = []
    for text, own, runs in zip(texts, every, generation.runs(every), strict=True):
        plains = [one.plain for one in table.analyses(generation, own.tolist())]
        spelled: dict[int, tuple[int, str]] = {}
        if runs:
            younger, joined = table.look_up(joined_chunks(text.split(), runs))
            for (low, high), one in zip(runs, table.analyses(younger, joined), strict=True):
                if one.plain != " ".join(plains[low:high]):
                    spelled[low] = (high, one.plain)
        found.append(list(_words(plains, spelled)))
    return found


def _words(plains: Sequence[str], spelled: dict[int, tuple[int, str]]) -> Iterator[Word]:
    first = 0
    while first < len(plains):
        end, plain = spelled.get(first, (first + 1, plains[first]))
        for word in plain.split(" "):
            yield Word(word, first, end)
        first = end
