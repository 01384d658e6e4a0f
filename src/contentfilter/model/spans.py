"""Which chunks of a toxic text are the attack: looked at only for a text that is suspected, when somebody asks for its matches.

It reads a text's words as the other heads hear them, with disguises undone (`legible`). A word's logit is, over the same buckets as
in `linear`,

    (Σ weight(n-gram) / √(n-grams) + weight(pair with the left neighbour) + weight(pair with the right one)) · unit + bias

learned from the labelled spans of toxic texts; a chunk is marked where a word in it has 0 or more, half likely.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from contentfilter.chunks import ChunkTable
from contentfilter.normalize.offsets import chunk_starts

from .features import chunk_ngrams, pair_buckets, pair_hashes, pair_keys
from .legible import words_of

Span = tuple[int, int]

_CHUNK: Final = re.compile(r"\S+")
_REMEMBERED: Final = 1 << 16
"""Words whose part in the sum is kept: most of a suspected text's were in others."""


@dataclass(frozen=True)
class SpanModel:
    """Weights of the words of a text that is taken for toxic."""

    ngram_weights: npt.NDArray[np.int16]
    """(2^bits,)"""
    pair_weights: npt.NDArray[np.int16]
    """(2^bits,)"""
    unit: float
    bias: float
    _known: dict[str, tuple[float, int, int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Word → the sum of its n-grams' weights over √(n-grams), and what it brings to a pair from the left and from the right."""

    def __reduce__(self) -> tuple[type[SpanModel], tuple[Any, ...]]:
        return SpanModel, (self.ngram_weights, self.pair_weights, self.unit, self.bias)

    def find(self, texts: Sequence[str], covered: Sequence[Sequence[Span]], table: ChunkTable) -> list[list[Span]]:
        """For each text the half-open spans of neighbouring marked chunks, without marks at their ends and without the chunks in
        what is `covered` of it; `table` tells what the chunks say.
        """
        words = words_of(table, texts)
        ends = list(accumulate(map(len, words)))
        marks = (self.logits([word.text for own in words for word in own], ends[:-1]) >= 0).tolist()
        spans: list[list[Span]] = []
        for text, taken, own, end in zip(texts, covered, words, ends, strict=True):
            ranges = {(word.first, word.end) for word, mark in zip(own, marks[end - len(own) : end], strict=True) if mark}
            marked = {i for first, behind in ranges for i in range(first, behind)}  # many words may stand in one range
            spans.append(_runs(text, taken, sorted(marked)))
        return spans

    def logits(self, words: Sequence[str], borders: Sequence[int] = ()) -> npt.NDArray[np.float64]:
        """For each word how likely it is part of the attack, in log-odds, (words,); at `borders` another text begins."""
        if not words:
            return np.zeros(0)
        every: list[Any] = list(map(self._known.get, words))
        if None in every:
            new = list(dict.fromkeys([word for word, known in zip(words, every, strict=True) if known is None]))
            found = dict(zip(new, self._analysed(new), strict=True))
            every = [known or found[word] for word, known in zip(words, every, strict=True)]
            if len(self._known) + len(new) > _REMEMBERED:
                self._known.clear()
            self._known.update(found)
        sums, left, right = zip(*every, strict=True)
        logits = np.array(sums)
        hashes = pair_hashes(np.array(left[:-1], dtype=np.int64), np.array(right[1:], dtype=np.int64))
        pairs = self.pair_weights[pair_buckets(hashes, len(self.pair_weights).bit_length() - 1)]
        pairs[[border - 1 for border in borders if 0 < border < len(words)]] = 0
        logits[:-1] += pairs
        logits[1:] += pairs
        return np.asarray(logits * self.unit + self.bias)

    def _analysed(self, words: list[str]) -> Iterable[tuple[float, int, int]]:
        buckets, counts = chunk_ngrams(words, len(self.ngram_weights).bit_length() - 1)
        sums = np.add.reduceat(self.ngram_weights[buckets].astype(np.float64), np.cumsum(counts) - counts) / np.sqrt(counts)
        return zip(sums.tolist(), *pair_keys(words).T.tolist(), strict=True)


def _runs(text: str, covered: Sequence[Span], marked: Sequence[int]) -> list[Span]:
    """The spans of neighbouring chunks that are marked, given their numbers in order."""
    if not marked:
        return []
    chunks = text.split()
    starts = chunk_starts(text, chunks)
    taken = sorted(covered, reverse=True)
    reached = 0  # by what is covered of the text up to here
    spans: list[Span] = []
    before = -2
    for i in marked:
        start, end = _trimmed(text, starts[i], starts[i] + len(chunks[i]))
        while taken and taken[-1][0] < end:
            reached = max(reached, taken.pop()[1])
        if reached <= start:
            spans.append((spans.pop()[0], end) if i == before + 1 else (start, end))
            before = i
    return spans


def chunk_spans(text: str) -> list[Span]:
    """Where the chunks of a text stand, `text.split()` one by one, without marks before and behind their letters."""
    return [_trimmed(text, *chunk.span()) for chunk in _CHUNK.finditer(text)]


def _trimmed(text: str, start: int, end: int) -> Span:
    if text[start].isalnum() and text[end - 1].isalnum():
        return start, end
    first, last = start, end
    while first < last and not _spoken(text[first]):
        first += 1
    while last > first and not _spoken(text[last - 1]):
        last -= 1
    return (first, last) if first < last else (start, end)


def _spoken(character: str) -> bool:
    return character.isalnum() or unicodedata.combining(character) != 0
