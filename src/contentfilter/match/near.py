"""Where hits stand in a text and to one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from .settle import Hit

_MOST: Final = 64
"""Hits of a part that are looked at, the first ones: a text of one word a thousand times has no more to say."""

_word: Final = re.compile(r"[^\W_]+")
_break: Final = re.compile(r"[!?…\n]|\.(?=\s|$)")


def near(
    text: str, parts: Sequence[Sequence[Hit] | None], within: int, ordered: bool = False, same_sentence: bool = False
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
                if hit.start >= end and _reaches(text, end, hit.start, within, same_sentence):
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


def _reaches(text: str, start: int, end: int, within: int, same_sentence: bool) -> bool:
    if same_sentence and _break.search(text, start, end):
        return False
    return next(islice(_word.finditer(text, start, end), within, None), None) is None


def stands_at_the_start(text: str, hit: Hit) -> bool:
    """Is there no letter or digit before the hit?"""
    return _word.search(text, 0, hit.start) is None


def stands_at_the_end(text: str, hit: Hit) -> bool:
    """Is there no letter or digit behind the hit?"""
    return _word.search(text, hit.end) is None
