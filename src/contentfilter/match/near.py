"""Where hits stand in a text and to one another."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final, final

from .settle import Hit

_MOST: Final = 64
"""Hits of a part that are looked at, the first ones: a text of one word a thousand times has no more to say."""

_word: Final = re.compile(r"[^\W_]+")
_break: Final = re.compile(r"[!?…\n]|\.(?=\s|$)")


@final
class Words:
    """Where the words of a text stand and where its sentences end, found once for all hits: a hit may be asked about many others."""

    __slots__ = ("_breaks", "_ends", "_starts", "_text")

    def __init__(self, text: str) -> None:
        spans = [match.span() for match in _word.finditer(text)]
        self._text = text
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        self._breaks = [match.start() for match in _break.finditer(text)]

    def between(self, start: int, end: int) -> int:
        """How many words stand in [start, end), those that a border cuts counted in."""
        return bisect_left(self._starts, end) - bisect_right(self._ends, start) if start < end else 0

    def in_one_sentence(self, start: int, end: int) -> bool:
        """Does no sentence end in [start, end)?"""
        place = bisect_left(self._breaks, start)
        return (place == len(self._breaks) or self._breaks[place] >= end) and not self._text.endswith(".", start, end)

    def none_before(self, hit: Hit) -> bool:
        """Is there no letter or digit before the hit?"""
        return not self._starts or hit.start <= self._starts[0]

    def none_behind(self, hit: Hit) -> bool:
        """Is there no letter or digit behind the hit?"""
        return not self._ends or self._ends[-1] <= hit.end


def near(
    words: Words, parts: Sequence[Sequence[Hit] | None], within: int, ordered: bool = False, same_sentence: bool = False
) -> list[Hit] | None:
    """One hit of each part, such that between two that follow each other stand at most `within` syllables; None where there are none.

    `ordered`: in the order of the parts. `same_sentence`: with no end of a sentence between.
    """
    if any(not hits for hits in parts):
        return None
    rows = [sorted({(hit.start, hit.end): hit for hit in hits or ()}.values(), key=lambda hit: hit.start)[:_MOST] for hits in parts]
    every = frozenset(range(len(rows)))
    hopeless: set[tuple[int, frozenset[int]]] = set()

    def follow(end: int, left: frozenset[int]) -> list[Hit] | None:
        """A hit of each of the parts left, in a chain that begins behind `end`."""
        if not left:
            return []
        if (end, left) in hopeless:
            return None
        for part in (min(left),) if ordered else sorted(left):
            for hit in rows[part]:
                reached = hit.start >= end and words.between(end, hit.start) <= within
                if reached and (not same_sentence or words.in_one_sentence(end, hit.start)):
                    rest = follow(hit.end, left - {part})
                    if rest is not None:
                        return [hit, *rest]
        hopeless.add((end, left))
        return None

    for part in (0,) if ordered else sorted(every):
        for hit in rows[part]:
            rest = follow(hit.end, every - {part})
            if rest is not None:
                return [hit, *rest]
    return None
