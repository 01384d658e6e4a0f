"""A linear model whose score is a sum of remembered shares.

A text of n chunks has, for each head, the logit

    (Σ share(chunk) + Σ weight(pair of neighbours)) · unit / norm(n) + bias,     share = Σ weight(n-gram) / √(n-grams)

norm(n) is √(n + 1) up to 63 chunks, as long as comments are; beyond that (n + 1) / 8, so that a long text has the logit of its
average and not one that grows with its length.

Weights are 16-bit integers and shares integers of 1/256 of their unit, so that a sum is exact in whatever order it is made:
a batch, a single call and a text cut in any way agree to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .features import NGRAMS_OF, Integers, ngram_sums, pair_buckets, pair_hashes, pair_keys
from .spans import SpanModel

SHARE_UNITS: Final = 256

Floats = npt.NDArray[np.float64]


def norms(chunks: Integers) -> Floats:
    """By what the sums of texts of so many chunks are divided, (n,) → (n,)."""
    return np.maximum(np.sqrt(chunks + 1), (chunks + 1) / 8)


@dataclass(frozen=True)
class LinearModel:
    """Weights and what they mean. `unit` turns summed shares into log-odds, calibration included."""

    name: str
    version: str
    specification: str
    heads: tuple[str, ...]
    ngram_weights: npt.NDArray[np.int16]
    """(2^bits, heads)"""
    pair_weights: npt.NDArray[np.int16]
    """(2^bits, heads)"""
    unit: Floats
    """(heads,)"""
    bias: Floats
    """(heads,)"""
    spans: SpanModel | None = None
    """What marks the places of an attack; None where the model has none."""
    digest: str = ""
    """Of the file that it was read from; empty where it was made in memory."""

    def __getstate__(self) -> dict[str, Any]:
        return {name.name: getattr(self, name.name) for name in fields(self)}  # without what is only remembered

    @property
    def pair_shift(self) -> int:
        """How far a pair's 64-bit hash is shifted right to give its bucket."""
        return 64 - (len(self.pair_weights).bit_length() - 1)

    def score(self, plains: Sequence[str]) -> Integers:
        """What a row has of a new chunk, from its plain form: left and right pair key, a share a head; n chunks → (n, 2 + heads).

        A plain form of several words, merged as they were written, has the shares of all of them and the weights of their pairs.
        """
        if not any([" " in plain for plain in plains]):
            return self._score(plains)
        words = [plain.split(" ") for plain in plains]
        scored = self._score([word for row in words for word in row])
        ends = np.cumsum([len(row) for row in words])
        starts = np.concatenate(([0], ends[:-1]))
        inside = np.ones(len(scored), dtype=np.int64)
        inside[ends - 1] = 0
        pairs = pair_buckets(pair_hashes(scored[:-1, 0], scored[1:, 1]), 64 - self.pair_shift)
        scored[:-1, 2:] += self.pair_weights[pairs] * (inside[:-1, None] * np.int64(SHARE_UNITS))
        summed = np.add.reduceat(scored, starts, axis=0)
        summed[:, 0], summed[:, 1] = scored[ends - 1, 0], scored[starts, 1]
        return summed

    def _score(self, plains: Sequence[str]) -> Integers:
        sums, counts = ngram_sums(list(map(self._read, plains)), self.ngram_weights)
        scored = np.empty((len(plains), 2 + len(self.heads)), dtype=np.int64)
        scored[:, :2] = pair_keys(plains)
        scored[:, 2:] = np.rint(sums * SHARE_UNITS / np.sqrt(np.maximum(counts, 1))[:, None])
        return scored

    def logits(self, sums: Integers, chunks: Integers) -> Floats:
        """The logits (n, heads) of texts with these sums of shares (n, heads) and numbers of chunks (n,)."""
        return sums * self.unit / norms(chunks)[:, None] + self.bias

    def logit(self, sums: Sequence[int], chunks: int) -> tuple[float, ...]:
        """`logits` for one text: the same operations in the same order, so the same bits."""
        norm = max(math.sqrt(chunks + 1), (chunks + 1) / 8)
        return tuple([total * unit / norm + bias for total, (unit, bias) in zip(sums, self._heads, strict=True)])

    @cached_property
    def _read(self) -> Callable[[str], str]:
        return NGRAMS_OF[self.specification]

    @cached_property
    def _heads(self) -> tuple[tuple[float, float], ...]:
        return tuple(zip(self.unit.tolist(), self.bias.tolist(), strict=True))
