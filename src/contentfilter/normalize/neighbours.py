"""Which token follows which in runs, in any of their forms: sorted numbers, since the sets of a million runs would take 180 MB."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, final

from .alphabet import bare


@final
class Neighbours:
    """Each token that another follows → what follows it; immutable, but that it sorts when asked."""

    __slots__ = ("_following", "_numbers", "_sorted")

    def __init__(self, runs: Iterable[tuple[tuple[str, ...], bool, int]]) -> None:
        self._numbers: dict[str, int] = {}
        self._following: dict[str, Any] = {}
        """Arrays of numbers."""
        self._sorted: set[str] = set()
        for run, may_be_bare, _ in runs:
            for first, second in pairwise(run):
                self._add(first, second)
                if may_be_bare:
                    for one, other in ((first, bare(second)), (bare(first), second), (bare(first), bare(second))):
                        if one != first or other != second:
                            self._add(one, other)

    def _add(self, first: str, second: str) -> None:
        following = self._following.get(first)
        if following is None:
            following = self._following[first] = array("i")
        following.append(self._numbers.setdefault(second, len(self._numbers)))

    def stand_so(self, first: str, second: str) -> bool:
        """Does `second` follow `first`?"""
        number, following = self._numbers.get(second), self._following.get(first)
        if number is None or following is None:
            return False
        if first not in self._sorted:
            following = self._following[first] = array("i", sorted(set(following)))
            self._sorted.add(first)
        place = bisect_left(following, number)
        return place < len(following) and bool(following[place] == number)
