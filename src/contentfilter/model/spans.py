"""Which chunks of a toxic text are the attack: looked at only for a text that is suspected, when somebody asks for its matches.

A chunk's logit is, over the same buckets as in `linear`,

    (Σ weight(n-gram) / √(n-grams) + weight(pair with the left neighbour) + weight(pair with the right one)) · unit + bias

learned from the labelled spans of toxic texts; a chunk is marked from 0 on, half likely.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from contentfilter.normalize.fold import fold

from .features import chunk_ngrams, pair_buckets, pair_hashes, pair_keys

Span = tuple[int, int]

_CHUNK: Final = re.compile(r"\S+")


@dataclass(frozen=True)
class SpanModel:
    """Weights of the chunks of a text that is taken for toxic."""

    ngram_weights: npt.NDArray[np.int16]
    """(2^bits,)"""
    pair_weights: npt.NDArray[np.int16]
    """(2^bits,)"""
    unit: float
    bias: float

    def find(self, text: str, covered: Iterable[Span] = ()) -> list[Span]:
        """The half-open spans of neighbouring marked chunks, without marks at their ends and without the chunks in `covered`."""
        taken = bytearray(len(text))
        for start, end in covered:
            taken[start:end] = b"\x01" * (end - start)
        spans: list[Span] = []
        joined = False
        for (start, end), logit in zip(chunk_spans(text), self.logits(text.split()).tolist(), strict=True):
            if marked := logit >= 0 and not any(taken[start:end]):
                if joined:
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((start, end))
            joined = marked
        return spans

    def logits(self, chunks: list[str]) -> npt.NDArray[np.float64]:
        """For each chunk of a text how likely it is part of the attack, in log-odds, (chunks,)."""
        if not chunks:
            return np.zeros(0)
        ids = {chunk: i for i, chunk in enumerate(dict.fromkeys(chunks))}
        plains = [fold(chunk)[0].text for chunk in ids]
        buckets, counts = chunk_ngrams(plains, len(self.ngram_weights).bit_length() - 1)
        sums = np.add.reduceat(self.ngram_weights[buckets].astype(np.float64), np.cumsum(counts) - counts) / np.sqrt(counts)
        left, right = (np.array(keys, dtype=np.int64) for keys in pair_keys(plains))
        row = np.array([ids[chunk] for chunk in chunks])
        pairs = self.pair_weights[pair_buckets(pair_hashes(left[row[:-1]], right[row[1:]]), len(self.pair_weights).bit_length() - 1)]
        logits = sums[row]
        logits[:-1] += pairs
        logits[1:] += pairs
        return np.asarray(logits * self.unit + self.bias)


def chunk_spans(text: str) -> list[Span]:
    """Where the chunks of a text stand, `text.split()` one by one, without marks before and behind their letters."""
    return [_trimmed(text, *chunk.span()) for chunk in _CHUNK.finditer(text)]


def _trimmed(text: str, start: int, end: int) -> Span:
    inside = [i for i in range(start, end) if text[i].isalnum() or unicodedata.combining(text[i])]
    return (inside[0], inside[-1] + 1) if inside else (start, end)
