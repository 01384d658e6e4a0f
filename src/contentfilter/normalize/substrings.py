"""Letters that announce a term or pattern wherever they stand in a chunk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ahocorasick


class Substrings:
    """A set of strings without diacritics; immutable, compared by its strings. Spaces in them are borders of tokens."""

    def __init__(self, strings: Iterable[str] = ()) -> None:
        self.strings = frozenset(strings)
        self._automaton = ahocorasick.Automaton()
        for string in self.strings:
            self._automaton.add_word(string, True)
        self._automaton.make_automaton()

    def __bool__(self) -> bool:
        return bool(self.strings)

    def stand_in(self, text: str) -> bool:
        """Stands one of them in a bare text?"""
        return next(self._automaton.iter(text), None) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Substrings) and self.strings == other.strings

    def __hash__(self) -> int:
        return hash(self.strings)

    def __reduce__(self) -> tuple[Any, ...]:
        return Substrings, (self.strings,)
