"""A text as lines to match: its chunks' readings side by side, with the way back to the caller's characters.

Line 0 is the text as written (the plain readings). Each further line takes every chunk's next guess where it has one, so
that a phrase is found though several of its chunks are disguised. Most texts have one line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

from contentfilter.chunks import ChunkTable, Generation
from contentfilter.normalize.offsets import chunk_starts
from contentfilter.normalize.readings import Analysis, Reading


class Document:
    """A text on its way through matching: the ids of its entries, which are its chunks, but for runs that were joined into one entry each.

    `firsts` holds the first chunk of each entry; None where every entry is one chunk.
    """

    __slots__ = ("_begins", "_chunks", "_generation", "_guessed", "_ids", "_known", "_offsets", "_starts", "_table", "firsts", "text")

    def __init__(self, text: str, table: ChunkTable, generation: Generation, ids: list[int], firsts: Sequence[int] | None = None) -> None:
        self.text = text
        self.firsts = firsts
        self._table = table
        self._generation: Generation | None = generation
        self._ids = ids
        self._known: list[Analysis] | None = None
        # What guesses and placing a match ask for, worked out once for all of them: most texts have none.
        self._guessed: list[int] | None = None
        self._chunks: list[str] = []
        self._starts: dict[int, list[int]] | None = None
        self._begins: list[int] | None = None
        self._offsets: list[int] | None = None

    def let_go(self) -> None:
        """Keep what placing a match asks for, and let go of the generation: a result may be kept for long."""
        generation = self._looked_up()
        self._starts, self._guessed = self._starts or {0: generation.forms.starts(self._ids) or []}, self.guessed
        self._known = self._table.analyses(generation, self._ids)
        self._generation = None

    def _looked_up(self) -> Generation:
        assert self._generation is not None, "let go of already"
        return self._generation

    @property
    def entries(self) -> list[Analysis]:
        """What is known of each."""
        return self._known if self._known is not None else self._table.analyses(self._looked_up(), self._ids)

    def bare_lines(self, several: bool) -> list[str]:
        """The lines without diacritics, for the automaton; `several` tells that some entry may have guesses."""
        first = self._table.line(self._looked_up(), self._ids, True)
        lines = [first]
        if several:
            most = max([len(self._readings(i)) for i in self.guessed], default=1)
            lines += [self._with_guesses(first, number, True) for number in range(1, most)]
        return lines

    def line(self, number: int) -> str:
        """One of the lines."""
        first = self._table.line(self._looked_up(), self._ids, False)
        return self._with_guesses(first, number, False) if number else first

    def _with_guesses(self, first: str, number: int, bare: bool) -> str:
        starts = self.starts(0)
        parts: list[str] = []
        position = 0
        for i in self.guessed:
            reading = self.reading(i, number)
            parts += first[position : starts[i]], reading.bare if bare else reading.text
            position = starts[i + 1] - 1
        return "".join([*parts, first[position:]])

    @property
    def guessed(self) -> list[int]:
        """The entries that have guesses; their lines were asked for before."""
        if self._guessed is None:
            self._guessed = self._looked_up().forms.guessed(self._ids) or []
        return self._guessed

    def _readings(self, entry: int) -> tuple[Reading, ...]:
        if self._known is not None:
            return self._known[entry].readings
        return self._table.analysis(self._looked_up(), self._ids[entry]).readings

    def reading(self, entry: int, number: int) -> Reading:
        """The reading of an entry that stands in a line: its own of that number, or its last."""
        readings = self._readings(entry)
        return readings[number] if number < len(readings) else readings[-1]

    def starts(self, number: int) -> list[int]:
        """Where in a line the reading of each entry starts, and one more for the end; a line was asked for before."""
        if self._starts is None:
            self._starts = {0: self._looked_up().forms.starts(self._ids) or []}
        if number not in self._starts:
            starts = self._starts[0]
            lengths = [end - start for start, end in pairwise(starts)]
            for i in self.guessed:
                lengths[i] = len(self.reading(i, number).text) + 1
            self._starts[number] = list(accumulate(lengths, initial=1))
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

    __slots__ = ("document", "number", "text")

    def __init__(self, document: Document, number: int) -> None:
        self.document = document
        self.number = number
        self.text = document.line(number)

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
