"""Reading before learning: what a network may know of words from unlabelled text before it is shown a label.

The units that read on are to foresee each word's successor, those that read back its predecessor, by a softmax over the distinct
words of the texts read side by side; a word stands there with the vector by which it is read (Press and Wolf 2017), so that nothing
but two small layers is learned besides what `network` begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from .network import EMBEDDING, Adam, Array, Batch, Parameters, Units, Vocabulary, at_words, batches, begin, rate_at

_EPOCHS: Final = 3
_TEXTS: Final = 128
"""Texts side by side: the more, the more words are told apart."""
_DROPPED: Final = 0.2
_SHARPNESS: Final = 4.0
"""What the products of vectors are multiplied by; words begin with short ones."""


class Reader:
    """An embedding and units of two directions that learn what stands beside what."""

    def __init__(self, width: int, seed: int, kept: bool = True) -> None:
        self._rng = np.random.default_rng(seed)
        self._kept = kept  # is anything dropped while it learns?
        self.parameters = begin(width, self._rng)
        self._heads = {"next on": 1, "next back": -1}
        for name in self._heads:
            self.parameters[name] = self._rng.normal(0, 1 / np.sqrt(width), (width, width)).astype(np.float32)

    def _dropped(self, shape: tuple[int, ...]) -> Array | float:
        return (self._rng.random(shape, dtype=np.float32) >= _DROPPED) / np.float32(1 - _DROPPED) if self._kept else 1.0

    def gradients(self, batch: Batch) -> tuple[float, Parameters]:
        """The mean loss of the words foreseen in both directions, and the gradients of it (of the embedding: of the buckets used)."""
        weights, there = self.parameters, batch.mask[:, :, 0] > 0
        vectors = batch.ngrams @ weights[EMBEDDING][batch.buckets]
        drop = self._dropped((*batch.places.shape, vectors.shape[1]))
        inputs = vectors[batch.places] * drop
        found: Parameters = {}
        loss, by_vector, by_input = 0.0, np.zeros_like(vectors), np.zeros_like(inputs)
        pairs = there[1:] & there[:-1]
        for name, step in self._heads.items():
            units = Units(weights, name.removeprefix("next "), backwards=step < 0)
            held = units.forward(inputs, batch.mask)
            ends = (slice(None, -1), slice(1, None))[::step]
            seen, wanted = held[ends[0]][pairs], batch.places[ends[1]][pairs]
            seen_drop = self._dropped(seen.shape)
            told = (seen * seen_drop) @ weights[name]
            odds = told @ vectors.T * np.float32(_SHARPNESS)
            odds -= odds.max(axis=1, keepdims=True)
            np.exp(odds, out=odds)
            odds /= odds.sum(axis=1, keepdims=True)
            rows = np.arange(len(wanted))
            loss -= float(np.log(odds[rows, wanted] + 1e-9).mean()) / 2
            odds[rows, wanted] -= 1
            odds *= np.float32(_SHARPNESS / (2 * len(wanted)))
            by_vector += odds.T @ told
            by_told = odds @ vectors
            found[name] = (seen * seen_drop).T @ by_told
            by_held = np.zeros_like(held)
            by_held[ends[0]][pairs] = (by_told @ weights[name].T) * seen_drop
            more, gradients = units.backward(by_held)
            found |= gradients
            by_input += more
        by_vector += at_words(batch, by_input * drop)
        return loss, found | {EMBEDDING: batch.ngrams.T @ by_vector}

    def learn(self, vocabulary: Vocabulary, texts: Iterable[Sequence[str]]) -> None:
        """Learn from the words of texts; those of one word tell nothing."""
        numbers = [vocabulary.numbers(words) for words in texts if len(words) > 1]
        step = Adam(self.parameters)
        order = [rows for _ in range(_EPOCHS) for rows in batches(numbers, _TEXTS, self._rng)]
        for done, rows in enumerate(order):
            batch = vocabulary.batch([numbers[i] for i in rows])
            step(self.gradients(batch)[1], batch.buckets, rate_at(done / len(order)))


def read_on(texts: Iterable[Sequence[str]], width: int, seed: int) -> Parameters:
    """What networks of this width may begin with, learned from the words of unlabelled texts."""
    reader = Reader(width, seed)
    reader.learn(Vocabulary(), texts)
    return {name: value for name, value in reader.parameters.items() if not name.startswith("next ")}
