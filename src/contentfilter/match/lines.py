"""A text as lines to match: its chunks' readings side by side, with the way back to the caller's characters.

Line 0 is the text as written (the plain readings). Each further line takes every chunk's next guess where it has one, so
that a phrase is found though several of its chunks are disguised. Most texts have one line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from operator import attrgetter

from contentfilter.normalize.offsets import View
from contentfilter.normalize.readings import Analysis, Reading

_bare, _text = attrgetter("bare"), attrgetter("text")


class Document:
    """A text on its way through matching: its chunks, some runs of which are joined into one entry each.

    `firsts` holds the first chunk of each entry; None where every entry is one chunk.
    """

    def __init__(self, text: str, chunks: Sequence[str], entries: Sequence[Analysis], firsts: Sequence[int] | None = None) -> None:
        self.text = text
        self.chunks = chunks
        self.entries = entries
        self.firsts = firsts

    def bare_lines(self, several: bool) -> list[str]:
        """The lines without diacritics, for the automaton; `several` tells that some entry may have guesses."""
        parts = list(map(_bare, self.entries))
        lines = [f" {' '.join(parts)} "]
        if several:
            guessed = [(i, entry.readings) for i, entry in enumerate(self.entries) if len(entry.readings) > 1]
            for number in range(1, max([len(readings) for _, readings in guessed], default=0)):
                for i, readings in guessed:
                    if number < len(readings):
                        parts[i] = readings[number].bare
                lines.append(f" {' '.join(parts)} ")
        return lines

    def line(self, number: int) -> Line:
        """One of the lines, in full."""
        if number == 0:
            return Line(self, 0, list(map(_text, self.entries)))
        return Line(self, number, [self.reading(i, number).text for i in range(len(self.entries))])

    def reading(self, entry: int, number: int) -> Reading:
        """The reading of an entry that stands in a line: its own of that number, or its last."""
        readings = self.entries[entry].readings
        return readings[number] if number < len(readings) else readings[-1]

    def locate(self, entry: int, position: int) -> int:
        """The place in the text of a character of an entry; joined chunks have one space between."""
        if self.firsts is None:
            return self._offsets[entry] + position
        chunk = self.firsts[entry]
        if position > len(self.chunks[chunk]):
            # where the entry's chunks start in the entry's own text, up to an offset that all of them share
            begin = self._joined[chunk]
            chunk = bisect_right(self._joined, begin + position) - 1
            position -= self._joined[chunk] - begin
        return self._offsets[chunk] + position

    @cached_property
    def _joined(self) -> list[int]:
        """Where each chunk would start if all were joined with one space between."""
        return list(accumulate([len(chunk) + 1 for chunk in self.chunks], initial=0))

    @cached_property
    def _offsets(self) -> list[int]:
        """Where each chunk starts in the text."""
        lengths = list(map(len, self.chunks))
        if len(self.text) == sum(lengths) + len(lengths) - 1:  # one character of white space between any two, none around
            return list(accumulate([length + 1 for length in lengths], initial=0))
        offsets: list[int] = []
        position = 0
        for chunk in self.chunks:
            position = self.text.index(chunk, position)
            offsets.append(position)
            position += len(chunk)
        return offsets


class Line:
    """One line of a document: the tokens of its readings with one space between and one around."""

    def __init__(self, document: Document, number: int, texts: list[str]) -> None:
        self.text = f" {' '.join(texts)} "
        self._document = document
        self._number = number
        self._texts = texts
        self._views: dict[int, View] = {}

    def place(self, start: int, end: int) -> tuple[int, int, tuple[str, ...]]:
        """For whole tokens `text[start:end]` the span of the document's text they came from, and the disguises undone in it."""
        document, starts = self._document, self._starts
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        steps = document.reading(first, self._number).steps
        offset = start - starts[first]
        begin, _ = self._view(first).origin(offset, offset + 1)
        if last != first:
            readings = [document.reading(i, self._number) for i in range(first, last + 1)]
            steps = tuple(dict.fromkeys([step for reading in readings for step in reading.steps]))
        offset = end - starts[last]
        _, stop = self._view(last).origin(offset - 1, offset)
        return document.locate(first, begin), document.locate(last, stop - 1) + 1, steps

    def _view(self, entry: int) -> View:
        """An entry's reading with its origins, worked out once for all matches in it."""
        if entry not in self._views:
            self._views[entry] = self._document.reading(entry, self._number).line
        return self._views[entry]

    @cached_property
    def _starts(self) -> list[int]:
        """Where in `text` the reading of each entry starts, and one more for the end."""
        return list(accumulate([len(text) + 1 for text in self._texts], initial=1))
