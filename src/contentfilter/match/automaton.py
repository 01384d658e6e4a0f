"""Where keys stand in a text: the automaton of Aho and Corasick, the kernel's or, where nothing was compiled, pyahocorasick's.

The kernel has its own because what it finds there is never made an object: a known comment takes seven tenths of the time, and a filter
of a million terms 570 MB instead of 780.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import ahocorasick

from contentfilter.kernel import KERNEL

Spot = tuple[int, int, int]
"""A half-open span of a text, and the number of the key that stands there; a key's own spaces at either end are no part of it."""


class Automaton(Protocol):
    """Immutable."""

    def spots(self, text: str) -> list[Spot]:
        """All places where keys stand, in order of their ends, of those the longest first."""


class PlainAutomaton:
    """Where nothing was compiled."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._automaton: Any = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for number, key in enumerate(keys):
            self._automaton.add_word(key, number)
        self._automaton.make_automaton()
        self._lengths = [len(key.strip(" ")) for key in keys]
        self._behind = [key[-1] != " " for key in keys]

    def spots(self, text: str) -> list[Spot]:
        """See `Automaton`."""
        if not self._lengths:
            return []  # pyahocorasick has no automaton of nothing
        found: list[Spot] = []
        last: int
        number: int
        for last, number in self._automaton.iter(text):
            end = last + self._behind[number]
            found.append((end - self._lengths[number], end, number))
        return found


def new_automaton(keys: list[str]) -> Automaton:
    """Of keys, numbered in their order, no two the same."""
    made: Automaton = PlainAutomaton(keys) if KERNEL is None else KERNEL.Automaton(keys)
    return made
