"""Regular expressions, run only where a literal was found that they need, and never for longer than a time-out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from time import monotonic
from typing import Any, Final, NamedTuple

import ahocorasick

from contentfilter.errors import CUT_OFF
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.readings import Analysis

from .keywords import Term
from .settle import Hit

SECONDS: Final = 1.0
"""For all patterns of a text together. A pattern needs microseconds; one that needs a second would need for ever."""


class Pattern(NamedTuple):
    """A regular expression over the plain view of a text: lower case, composed, look-alikes undone, its own white space."""

    regex: str
    literal: str
    """Letters or digits without diacritics that stand in all that it matches."""
    term: Term


class Patterns:
    """The patterns of a filter and an automaton over their literals; immutable."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        by_literal: dict[str, list[int]] = {}
        for position, pattern in enumerate(patterns):
            by_literal.setdefault(pattern.literal, []).append(position)
        self._automaton = ahocorasick.Automaton()
        for literal, positions in by_literal.items():
            self._automaton.add_word(literal, positions)
        self._automaton.make_automaton()

    def __bool__(self) -> bool:
        return bool(self._patterns)

    @cached_property
    def _compiled(self) -> list[Any]:
        import regex  # takes a tenth of the package's import, and few filters have patterns

        return [regex.compile(pattern.regex, regex.IGNORECASE) for pattern in self._patterns]

    def find(self, text: str, chunks: Sequence[str], analyses: Sequence[Analysis]) -> tuple[list[Hit], tuple[str, ...]]:
        """The places of all patterns, and a message for each that was cut off."""
        row = bare(" ".join([analysis.readings[0].view.text for analysis in analyses]))
        asked = sorted({position for _, positions in self._automaton.iter(row) for position in positions})
        if not asked:
            return [], ()
        view = _PlainText(text, chunks, analyses)
        hits: list[Hit] = []
        errors: list[str] = []
        last = monotonic() + SECONDS
        for position in asked:
            pattern = self._patterns[position]
            try:
                for match in self._compiled[position].finditer(view.text, timeout=max(last - monotonic(), 1e-3)):
                    if match.start() < match.end():
                        start, end = view.origin(match.start(), match.end())
                        hits.append(Hit(start, end, pattern.term, (), 0, pattern.term.categories))
            except TimeoutError:
                errors.append(f"{CUT_OFF}: {pattern.regex!r} was cut off after {SECONDS:g} s")
        return hits, tuple(errors)


class _PlainText:
    """The plain forms of a text's chunks with the text's own white space between, and the way back."""

    def __init__(self, text: str, chunks: Sequence[str], analyses: Sequence[Analysis]) -> None:
        self._views = [analysis.readings[0].view for analysis in analyses]
        self._origins: list[int] = []
        """Where each chunk starts in the caller's text."""
        self._behind: list[int] = []
        """Where it ends there."""
        self._starts: list[int] = []
        """Where its plain form starts here."""
        parts: list[str] = []
        position = length = 0
        for chunk, view in zip(chunks, self._views, strict=True):
            origin = text.index(chunk, position)
            parts += (text[position:origin], view.text)
            self._origins.append(origin)
            self._starts.append(length + origin - position)
            length += origin - position + len(view.text)
            position = origin + len(chunk)
            self._behind.append(position)
        self._ends = [start + len(view.text) for start, view in zip(self._starts, self._views, strict=True)]
        self.text = "".join((*parts, text[position:]))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """A span of `text` in the caller's text."""
        return self._place(start, start + 1)[0], self._place(end - 1, end)[1]

    def _place(self, start: int, end: int) -> tuple[int, int]:
        chunk = bisect_right(self._starts, start) - 1
        if chunk < 0:
            return start, end
        if start >= self._ends[chunk]:  # white space behind the chunk
            offset = self._behind[chunk] + start - self._ends[chunk]
            return offset, offset + 1
        low, high = self._views[chunk].origin(start - self._starts[chunk], end - self._starts[chunk])
        return self._origins[chunk] + low, self._origins[chunk] + high
