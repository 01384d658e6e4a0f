"""The neighbours that announce terms, in columns: as tuples those of a million terms would take 170 MB."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping

from contentfilter.normalize.vocabulary import Run

_LONGEST = 3


class Runs:
    """Runs in order, to go through as often as asked; immutable."""

    __slots__ = ("_asks", "_bare", "_numbers", "_tokens")

    def __init__(self, runs: Mapping[tuple[tuple[str, ...], bool], int]) -> None:
        """`runs`: two or three tokens, and whether each may be written bare → the company that they need."""
        self._tokens = sorted({token for run, _ in runs for token in run})
        numbers = {token: number for number, token in enumerate(self._tokens)}
        ordered = sorted(runs)
        self._numbers = array("i")
        """Three a run, the last −1 where it has two."""
        for run, _ in ordered:
            self._numbers.extend([numbers[token] for token in run] + [-1] * (_LONGEST - len(run)))
        self._bare = bytes([may_be_bare for _, may_be_bare in ordered])
        self._asks = array("q", [runs[key] for key in ordered])

    def __len__(self) -> int:
        return len(self._asks)

    def __iter__(self) -> Iterator[Run]:
        tokens, numbers = self._tokens, iter(self._numbers)
        for first, second, third, may_be_bare, asks in zip(numbers, numbers, numbers, self._bare, self._asks, strict=True):
            run = (tokens[first], tokens[second]) if third < 0 else (tokens[first], tokens[second], tokens[third])
            yield run, bool(may_be_bare), asks

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Runs | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))
