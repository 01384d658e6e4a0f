"""A text as lines to match: its chunks' readings side by side, with the way back to the caller's characters.

Line 0 is the text as written (the plain readings). Each further line takes every chunk's next guess where it has one, so
that a phrase is found though several of its chunks are disguised. Most texts have one line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from contentfilter.normalize.offsets import View, chunk_starts
from contentfilter.normalize.readings import Analysis, Reading


class Document:
    """A text on its way through matching: its chunks, some runs of which are joined into one entry each.

    `firsts` holds the first chunk of each entry; None where every entry is one chunk.
    """

    __slots__ = ("_begins", "_chunks", "_offsets", "_starts", "_views", "entries", "firsts", "text")

    def __init__(self, text: str, entries: list[Analysis], firsts: Sequence[int] | None = None) -> None:
        self.text = text
        self.entries = entries
        self.firsts = firsts
        # What placing a match asks for, worked out once for all matches: most texts have none.
        self._chunks: list[str] = []
        self._starts: dict[int, list[int]] | None = None
        self._views: dict[tuple[int, int], View] | None = None
        self._begins: list[int] | None = None
        self._offsets: list[int] | None = None

    def bare_lines(self, several: bool) -> list[str]:
        """The lines without diacritics, for the automaton; `several` tells that some entry may have guesses."""
        parts = [entry.bare for entry in self.entries]
        lines = [f" {' '.join(parts)} "]
        if several:
            guessed = [(i, entry.readings) for i, entry in enumerate(self.entries) if len(entry.readings) > 1]
            for number in range(1, max([len(readings) for _, readings in guessed], default=0)):
                for i, readings in guessed:
                    if number < len(readings):
                        parts[i] = readings[number].bare
                lines.append(f" {' '.join(parts)} ")
        return lines

    def texts(self, number: int) -> list[str]:
        """What each entry says in one of the lines."""
        texts = [entry.text for entry in self.entries]
        if number:
            for i, entry in enumerate(self.entries):
                readings = entry.readings
                if len(readings) > 1:
                    texts[i] = readings[min(number, len(readings) - 1)].text
        return texts

    def reading(self, entry: int, number: int) -> Reading:
        """The reading of an entry that stands in a line: its own of that number, or its last."""
        readings = self.entries[entry].readings
        return readings[number] if number < len(readings) else readings[-1]

    def starts(self, number: int) -> list[int]:
        """Where in a line the reading of each entry starts, and one more for the end."""
        if self._starts is None:
            self._starts = {}
        if number not in self._starts:
            self._starts[number] = list(accumulate([len(text) + 1 for text in self.texts(number)], initial=1))
        return self._starts[number]

    def view(self, entry: int, number: int) -> View:
        """The reading of an entry in a line, with its origins."""
        if self._views is None:
            self._views = {}
        if (entry, number) not in self._views:
            self._views[entry, number] = self.reading(entry, number).line
        return self._views[entry, number]

    def locate(self, entry: int, position: int) -> int:
        """The place in the text of a character of an entry; joined chunks have one space between."""
        if self._offsets is None:
            self._chunks = self.text.split()
            self._offsets = chunk_starts(self.text, self._chunks)
        if self.firsts is None:
            return self._offsets[entry] + position
        chunk = self.firsts[entry]
        if position > len(self._chunks[chunk]):
            # where the entry's chunks start in the entry's own text, up to an offset that all of them share
            if self._begins is None:
                self._begins = list(accumulate([len(chunk) + 1 for chunk in self._chunks], initial=0))
            begin = self._begins[chunk]
            chunk = bisect_right(self._begins, begin + position) - 1
            position -= self._begins[chunk] - begin
        return self._offsets[chunk] + position


class Line:
    """One line of a document: the tokens of its readings with one space between and one around."""

    __slots__ = ("document", "number", "text")

    def __init__(self, document: Document, number: int) -> None:
        self.document = document
        self.number = number
        self.text = f" {' '.join(document.texts(number))} "

    def place(self, start: int, end: int) -> tuple[int, int, tuple[str, ...]]:
        """For whole tokens `text[start:end]` the span of the document's text they came from, and the disguises undone in it."""
        document, number = self.document, self.number
        starts = document.starts(number)
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        steps = document.reading(first, number).steps
        offset = start - starts[first]
        begin, _ = document.view(first, number).origin(offset, offset + 1)
        if last != first:
            readings = [document.reading(i, number) for i in range(first, last + 1)]
            steps = tuple(dict.fromkeys([step for reading in readings for step in reading.steps]))
        offset = end - starts[last]
        _, stop = document.view(last, number).origin(offset - 1, offset)
        return document.locate(first, begin), document.locate(last, stop - 1) + 1, steps
