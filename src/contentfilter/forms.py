"""What chunks say as they are written, side by side: lines to match, made from ids without a look at all else that is known of a chunk."""

from __future__ import annotations

from itertools import accumulate
from typing import Protocol

from contentfilter.kernel import KERNEL


class Forms(Protocol):
    """Of chunks, by id, the first reading with and without diacritics, and whether there are more. Grows, never changes what is there."""

    def tell(self, i: int, text: str, bare: str, guessed: bool) -> None:
        """Take in a chunk: its first reading, the same without diacritics, as long, and whether it has further ones."""

    def line(self, ids: list[int], bare: bool) -> str | None:
        """The first readings of these chunks with one space between and around; None where one was not told."""

    def starts(self, ids: list[int]) -> list[int] | None:
        """Where in their line each of these chunks starts, and one more for the end; None where one was not told."""

    def guessed(self, ids: list[int]) -> list[int] | None:
        """The places of those that have further readings; None where one was not told."""


class PlainForms:
    """In Python, where nothing was compiled."""

    def __init__(self) -> None:
        self._told: dict[int, tuple[str, str, bool]] = {}

    def tell(self, i: int, text: str, bare: str, guessed: bool) -> None:
        """See `Forms`."""
        self._told[i] = (text, bare, guessed)

    def line(self, ids: list[int], bare: bool) -> str | None:
        """See `Forms`."""
        told = self._of(ids)
        return None if told is None else " ".join(["", *[plain if bare else text for text, plain, _ in told], ""])

    def starts(self, ids: list[int]) -> list[int] | None:
        """See `Forms`."""
        told = self._of(ids)
        return None if told is None else list(accumulate([len(text) + 1 for text, _, _ in told], initial=1))

    def guessed(self, ids: list[int]) -> list[int] | None:
        """See `Forms`."""
        told = self._of(ids)
        return None if told is None else [place for place, (_, _, guessed) in enumerate(told) if guessed]

    def _of(self, ids: list[int]) -> list[tuple[str, str, bool]] | None:
        told = [self._told.get(i) for i in ids]
        return None if None in told else told  # type: ignore[return-value]  # no None is in it


def new_forms() -> Forms:
    """Empty ones."""
    made: Forms = PlainForms() if KERNEL is None else KERNEL.Forms()
    return made
