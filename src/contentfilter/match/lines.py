"""A text as lines to match: its chunks' readings side by side, with the way back to the caller's characters.

Line 0 is the text as written (the plain readings). Each further line takes every chunk's next guess where it has one, so
that a phrase is found though several of its chunks are disguised. Most texts have one line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from contentfilter.chunks import ChunkTable, Generation
from contentfilter.normalize.offsets import chunk_starts
from contentfilter.normalize.readings import Analysis, Reading


class Document:
    """A text on its way through matching: the ids of its entries, which are its chunks, but for runs that were joined into one entry each.

    `firsts` holds the first chunk of each entry; None where every entry is one chunk.
    """

    __slots__ = ("_begins", "_chunks", "_generation", "_ids", "_known", "_offsets", "_starts", "_table", "firsts", "text")

    def __init__(self, text: str, table: ChunkTable, generation: Generation, ids: list[int], firsts: Sequence[int] | None = None) -> None:
        self.text = text
        self.firsts = firsts
        self._table = table
        self._generation: Generation | None = generation
        self._ids = ids
        self._known: list[Analysis] | None = None
        # What placing a match asks for, worked out once for all of them: most texts have none.
        self._chunks: list[str] = []
        self._starts: dict[int, list[int]] = {}
        self._begins: list[int] | None = None
        self._offsets: list[int] | None = None

    def let_go(self) -> None:
        """Keep what placing a match asks for, and let go of the generation: a result may be kept for long."""
        self._known = self.entries
        self._generation = None

    @property
    def looked_up(self) -> tuple[Generation, list[int]]:
        """The ids of the entries, and the generation in which they hold."""
        assert self._generation is not None, "let go of already"
        return self._generation, self._ids

    @property
    def entries(self) -> list[Analysis]:
        """What is known of each."""
        return self._known if self._known is not None else self._table.analyses(*self.looked_up)

    @property
    def lines(self) -> int:
        """How many lines it has."""
        generation, ids = self.looked_up
        return self._table.lines(generation, ids)

    def line(self, number: int, bare: bool) -> str:
        """One of the lines, with or without its diacritics; the latter is for the automaton."""
        generation, ids = self.looked_up
        return self._table.line(generation, ids, number, bare)

    def reading(self, entry: int, number: int) -> Reading:
        """The reading of an entry that stands in a line: its own of that number, or its last."""
        known = self._known
        if known is None:
            generation, ids = self.looked_up
            readings = self._table.analysis(generation, ids[entry]).readings
        else:
            readings = known[entry].readings
        return readings[number] if number < len(readings) else readings[-1]

    def starts(self, number: int) -> list[int]:
        """Where in a line the reading of each entry starts, and one more for the end."""
        if number not in self._starts:
            found = self._generation.forms.starts(self._ids, number) if self._generation is not None else None
            lengths = [] if found else [len(self.reading(i, number).text) + 1 for i in range(len(self._ids))]
            self._starts[number] = found or list(accumulate(lengths, initial=1))
        return self._starts[number]

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

    __slots__ = ("_text", "document", "number")

    def __init__(self, document: Document, number: int) -> None:
        self.document = document
        self.number = number
        self._text = ""

    @property
    def text(self) -> str:
        """What stands in it; asked for before its document lets go."""
        if not self._text:
            self._text = self.document.line(self.number, False)
        return self._text

    def place(self, start: int, end: int) -> tuple[int, int, tuple[str, ...]]:
        """For whole tokens `text[start:end]` the span of the document's text they came from, and the disguises undone in it."""
        document, number = self.document, self.number
        starts = document.starts(number)
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        readings = [document.reading(i, number) for i in range(first, last + 1)]
        steps = readings[0].steps
        if last != first:
            steps = tuple(dict.fromkeys([step for reading in readings for step in reading.steps]))
        offset = start - starts[first]
        begin, _ = readings[0].line.origin(offset, offset + 1)
        offset = end - starts[last]
        _, stop = readings[-1].line.origin(offset - 1, offset)
        return document.locate(first, begin), document.locate(last, stop - 1) + 1, steps
