"""Text that remembers where each of its characters came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import final


@final
class View:
    """A normalised form of a source text, with its origins.

    `starts[i]` and `ends[i]` are the half-open span of the source from which `text[i]` was made: one character may stand
    for several ("a" + combining marks), several for one (a ligature), and one that was put in for none. Where both are
    None, every character stands for itself.
    """

    __slots__ = ("ends", "starts", "text")

    def __init__(self, text: str, starts: Sequence[int] | None = None, ends: Sequence[int] | None = None) -> None:
        self.text = text
        self.starts = starts
        self.ends = ends

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that `text[start:end]` was made from, for start < end."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def derive(self, pieces: Iterable[tuple[str, int, int]]) -> View:
        """A view of the same source, made of pieces (text, start, end), each from `self.text[start:end]`.

        A piece as long as what it is made from is mapped character by character, any other as a whole.
        """
        texts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for text, start, end in pieces:
            texts.append(text)
            if len(text) == end - start:
                spans = [self.origin(i, i + 1) for i in range(start, end)]
                starts.extend(span[0] for span in spans)
                ends.extend(span[1] for span in spans)
            else:
                here = self.origin(start, end) if start < end else (self._edge(start),) * 2
                starts.extend([here[0]] * len(text))
                ends.extend([here[1]] * len(text))
        return View("".join(texts), starts, ends)

    def over(self, source: View) -> View:
        """This view of `source.text` as a view of what `source` is a view of."""
        if source.starts is None:
            return self
        spans = [source.origin(*self.origin(i, i + 1)) for i in range(len(self.text))]
        return View(self.text, [start for start, _ in spans], [end for _, end in spans])

    def _edge(self, position: int) -> int:
        """Where in the source something put in before `text[position]` would stand."""
        if self.ends is None:
            return position
        return self.ends[position - 1] if position else 0


def chunk_starts(text: str, chunks: Sequence[str]) -> list[int]:
    """Where each chunk starts in the text."""
    lengths = list(map(len, chunks))
    if len(text) == sum(lengths) + len(lengths) - 1:  # one character of white space between any two, none around
        return list(accumulate([length + 1 for length in lengths], initial=0))
    starts: list[int] = []
    position = 0
    for chunk in chunks:
        position = text.index(chunk, position)
        starts.append(position)
        position += len(chunk)
    return starts
