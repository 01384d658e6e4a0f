"""What chunks say, side by side: lines to match, made from ids without a look at all else that is known of a chunk.

Line 0 is made of the first form of each chunk, as it is written; each further one of every chunk's next form, or its last.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Protocol

from contentfilter.kernel import KERNEL


class Forms(Protocol):
    """The forms of chunks, by id, with and without diacritics. Grows, never changes what is there."""

    def tell(self, i: int, forms: list[tuple[str, str]]) -> None:
        """Take in a chunk: each of its forms, and the same without diacritics, as long."""

    def line(self, ids: list[int], number: int, bare: bool) -> str | None:
        """The forms of these chunks in a line, with one space between and around; None where a chunk was not told."""

    def starts(self, ids: list[int], number: int) -> list[int] | None:
        """Where in a line each of these chunks starts, and one more for the end; None where one was not told."""

    def lines(self, ids: list[int]) -> int | None:
        """How many lines these chunks make; None where one was not told."""


class PlainForms:
    """In Python, where nothing was compiled."""

    def __init__(self) -> None:
        self._told: dict[int, list[tuple[str, str]]] = {}

    def tell(self, i: int, forms: list[tuple[str, str]]) -> None:
        """See `Forms`."""
        self._told[i] = forms

    def line(self, ids: list[int], number: int, bare: bool) -> str | None:
        """See `Forms`."""
        told = self._in_line(ids, number)
        return None if told is None else " ".join(["", *[form[bare] for form in told], ""])

    def starts(self, ids: list[int], number: int) -> list[int] | None:
        """See `Forms`."""
        told = self._in_line(ids, number)
        return None if told is None else list(accumulate([len(text) + 1 for text, _ in told], initial=1))

    def lines(self, ids: list[int]) -> int | None:
        """See `Forms`."""
        told = [self._told.get(i) for i in ids]
        return None if None in told else max([len(forms) for forms in told if forms], default=1)

    def _in_line(self, ids: list[int], number: int) -> list[tuple[str, str]] | None:
        told = [self._told.get(i) for i in ids]
        return None if None in told else [forms[min(number, len(forms) - 1)] for forms in told if forms]


def new_forms() -> Forms:
    """Empty ones."""
    made: Forms = PlainForms() if KERNEL is None else KERNEL.Forms()
    return made
