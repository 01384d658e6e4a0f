"""A small recurrent network, trained with numpy: the second opinion of the research recipes.

A word is the mean of the vectors of its n-grams, with diacritics and without, hashed (Bojanowski et al. 2017), so that the unseen
and the misspelled have one too; gated recurrent units (Cho et al. 2014) read a text in both directions; the text's classes are
told from the largest and the mean of what they hold and from what is known of the text besides its words, and each word's class
from what they hold at it. Gradients are written out by hand and tested against differences; Adam (Kingma and Ba 2015).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from contentfilter.normalize.alphabet import bare

Array = npt.NDArray[Any]
Parameters = dict[str, Array]

WIDTH: Final = 96
_BUCKETS: Final = 1 << 15
_LONGEST: Final = 100
"""Words of a text that are read; what follows is not."""
_MOST_NGRAMS: Final = 60
_DROPPED_WORDS: Final = 0.1
_DROPPED_INPUT: Final = 0.3
_DROPPED_HELD: Final = 0.5
_SMOOTHED: Final = 0.1
"""How much of a label is spread over all classes (Szegedy et al. 2016): they are noisy."""
_RATE: Final = 2e-3
_RISE: Final = 0.1
"""The share of the steps in which the rate rises; then it falls as a cosine does."""
_LONGEST_STEP: Final = 1.0
EMBEDDING: Final = "embedding"


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a network is, and how long it learns."""

    classes: int
    facts: int
    tokens: bool = False
    """Does it tell of each word, too?"""
    width: int = WIDTH
    epochs: int = 6
    batch: int = 64
    kept: bool = True
    """Is anything dropped or smoothed while it learns?"""


class Batch(NamedTuple):
    """Texts side by side: word numbers (longest, texts), 1 where there is a word (longest, texts, 1), the distinct words of all and
    their n-grams (words, buckets used)."""

    places: Array
    mask: Array
    ngrams: Any
    buckets: Array


class Vocabulary:
    """Words → the buckets of their n-grams."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._buckets: list[list[int]] = []

    def numbers(self, words: Sequence[str]) -> Array:
        """A number for each word of a text; a text without words has an empty one."""
        return np.array([self._number(word) for word in words[:_LONGEST]] or [self._number("")])

    def _number(self, word: str) -> int:
        if word not in self._numbers:
            self._numbers[word] = len(self._numbers)
            parts = {f"plain {word}", f"bare {bare(word)}"}
            for view in {f"^{word}$", f"^{bare(word)}$"}:
                parts |= {view[i : i + n] for n in range(2, 6) for i in range(len(view) - n + 1)}
            self._buckets.append([zlib.crc32(part.encode()) % _BUCKETS for part in sorted(parts)[:_MOST_NGRAMS]])
        return self._numbers[word]

    def batch(self, texts: Sequence[Array]) -> Batch:
        """Put texts side by side."""
        distinct, places = np.unique(np.concatenate(texts), return_inverse=True)
        lengths = [len(text) for text in texts]
        side = np.zeros((max(lengths), len(texts)), dtype=np.int64)
        mask = np.zeros((*side.shape, 1), dtype=np.float32)
        for i, part in enumerate(np.split(places, np.cumsum(lengths)[:-1])):
            side[: len(part), i], mask[: len(part), i] = part, 1
        found = [self._buckets[word] for word in distinct]
        counts = np.array([len(buckets) for buckets in found])
        columns: Array
        used: Array
        used, columns = np.unique(np.concatenate(found), return_inverse=True)
        shares = np.repeat(1 / counts, counts).astype(np.float32)
        matrix = sparse.csr_matrix((shares, columns, np.concatenate(([0], np.cumsum(counts)))), shape=(len(distinct), len(used)))
        return Batch(side, mask, matrix, used)


class Units:
    """Gated recurrent units in one direction: forward, then backward of the same texts."""

    def __init__(self, parameters: Parameters, name: str, backwards: bool) -> None:
        self._parameters, self._name = parameters, name
        self._step = -1 if backwards else 1

    @staticmethod
    def start(name: str, width: int, rng: np.random.Generator) -> Parameters:
        """Parameters to begin with."""
        shapes = {"input": (width, 3 * width), "held": (width, 3 * width)}
        scale = 1 / np.sqrt(width)
        weights = {f"{name} {key}": rng.uniform(-scale, scale, shape).astype(np.float32) for key, shape in shapes.items()}
        return weights | {f"{name} {key} bias": np.zeros(3 * width, dtype=np.float32) for key in shapes}

    def forward(self, inputs: Array, mask: Array) -> Array:
        """What they hold after each word, (longest, texts, width)."""
        weights, name = self._parameters, self._name
        length, texts, width = inputs.shape
        gates = (inputs.reshape(-1, width) @ weights[f"{name} input"] + weights[f"{name} input bias"]).reshape(length, texts, -1)
        held = np.zeros((length, texts, width), dtype=inputs.dtype)
        before = np.zeros_like(held[0])
        self._inputs, self._mask, self._saved = inputs, mask, {}
        for t in self._order(length):
            told = before @ weights[f"{name} held"] + weights[f"{name} held bias"]
            open_ = 1 / (1 + np.exp(-gates[t, :, : 2 * width] - told[:, : 2 * width]))
            reset, keep, own = open_[:, :width], open_[:, width:], told[:, 2 * width :]
            new = np.tanh(gates[t, :, 2 * width :] + reset * own)
            self._saved[t] = reset, keep, own, new, before
            before = held[t] = before + mask[t] * (1 - keep) * (new - before)
        return held

    def backward(self, gradient: Array) -> tuple[Array, Parameters]:
        """The gradients of the inputs and of the parameters, from that of what `forward` gave."""
        weights, name = self._parameters, self._name
        length, texts, width = gradient.shape
        by_input, by_held = (np.zeros((length, texts, 3 * width), dtype=gradient.dtype) for _ in range(2))
        befores = np.zeros_like(gradient)
        carried = np.zeros_like(gradient[0])
        for t in reversed(self._order(length)):
            reset, keep, own, new, before = self._saved[t]
            whole = gradient[t] + carried
            taken = self._mask[t] * (1 - keep)
            by_new = whole * taken * (1 - new * new)
            by_keep = -whole * self._mask[t] * (new - before) * keep * (1 - keep)
            by_reset = by_new * own * reset * (1 - reset)
            by_input[t] = np.concatenate([by_reset, by_keep, by_new], axis=1)
            by_held[t] = np.concatenate([by_reset, by_keep, by_new * reset], axis=1)
            befores[t] = before
            carried = whole * (1 - taken) + by_held[t] @ weights[f"{name} held"].T
        flat_input, flat_held = by_input.reshape(-1, 3 * width), by_held.reshape(-1, 3 * width)
        found = {
            f"{name} input": self._inputs.reshape(-1, width).T @ flat_input,
            f"{name} input bias": flat_input.sum(axis=0),
            f"{name} held": befores.reshape(-1, width).T @ flat_held,
            f"{name} held bias": flat_held.sum(axis=0),
        }
        return (flat_input @ weights[f"{name} input"].T).reshape(gradient.shape), found

    def _order(self, length: int) -> range:
        return range(length)[:: self._step]


def begin(width: int, rng: np.random.Generator) -> Parameters:
    """An embedding and units of both directions that know nothing."""
    found: Parameters = {EMBEDDING: rng.normal(0, 0.3, (_BUCKETS, width)).astype(np.float32)}
    for name in ("on", "back"):
        found |= Units.start(name, width, rng)
    return found


def at_words(batch: Batch, at_places: Array) -> Array:
    """Sums over the places of each distinct word, (words, width), of what is at places (longest, texts, width)."""
    flat = at_places.reshape(batch.places.size, -1)
    chosen = sparse.csr_matrix(
        (np.ones(len(flat), dtype=flat.dtype), batch.places.ravel(), np.arange(len(flat) + 1)), shape=(len(flat), batch.ngrams.shape[0])
    )
    return np.asarray(chosen.T @ flat)


class Network:
    """Learns classes of texts, and of their words where the shape says so; what it begins with may have read before (`language`)."""

    def __init__(self, shape: Shape, seed: int, start: Parameters | None = None) -> None:
        self.shape = shape
        self._rng = np.random.default_rng(seed)
        width = shape.width
        self.parameters = begin(width, self._rng) if start is None else {name: value.copy() for name, value in start.items()}
        self._units = [Units(self.parameters, name, name == "back") for name in ("on", "back")]
        self._layer("text", 5 * width + shape.facts, shape.classes)
        if shape.tokens:
            self._layer("token", 3 * width, 1)

    def _layer(self, name: str, inputs: int, outputs: int) -> None:
        scale = 1 / np.sqrt(inputs)
        self.parameters[name] = self._rng.uniform(-scale, scale, (inputs, outputs)).astype(np.float32)
        self.parameters[f"{name} bias"] = np.zeros(outputs, dtype=np.float32)

    def _dropped(self, shape: tuple[int, ...], share: float, learning: bool) -> Array | float:
        if not learning or not self.shape.kept:
            return 1.0
        return (self._rng.random(shape, dtype=np.float32) >= share) / np.float32(1 - share)

    def forward(self, batch: Batch, facts: Array, learning: bool) -> tuple[Array, Array]:
        """The logits of texts (texts, classes), and of words (longest, texts): nought where it has none."""
        weights, mask = self.parameters, batch.mask
        self._words = self._dropped((batch.ngrams.shape[0], 1), _DROPPED_WORDS, learning)
        vectors = (batch.ngrams @ weights[EMBEDDING][batch.buckets]) * self._words
        self._drop = self._dropped((*batch.places.shape, vectors.shape[1]), _DROPPED_INPUT, learning)
        inputs = vectors[batch.places] * self._drop
        held = np.concatenate([units.forward(inputs, mask) for units in self._units], axis=2)
        self._counts = mask.sum(axis=0)
        self._best = np.where(mask > 0, held, -9).argmax(axis=0)
        largest = np.take_along_axis(held, self._best[None], axis=0)[0]
        means = [(part * mask).sum(axis=0) / self._counts for part in (held, inputs)]
        self._text = np.concatenate([largest, *means, facts], axis=1)
        self._text_drop = self._dropped(self._text.shape, _DROPPED_HELD, learning)
        texts = (self._text * self._text_drop) @ weights["text"] + weights["text bias"]
        if not self.shape.tokens:
            return texts, np.zeros(batch.places.shape, dtype=texts.dtype)
        self._token = np.concatenate([held, inputs], axis=2)
        self._token_drop = self._dropped(self._token.shape, _DROPPED_HELD, learning)
        return texts, ((self._token * self._token_drop) @ weights["token"] + weights["token bias"])[:, :, 0]

    def backward(self, batch: Batch, by_text: Array, by_token: Array) -> Parameters:
        """The gradients of all parameters (of the embedding: of the buckets used), from those of the logits."""
        weights, mask, width = self.parameters, batch.mask, self.shape.width
        found = {"text": (self._text * self._text_drop).T @ by_text, "text bias": by_text.sum(axis=0)}
        pooled = (by_text @ weights["text"].T) * self._text_drop
        spread = [pooled[:, low:high] / self._counts for low, high in ((2 * width, 4 * width), (4 * width, 5 * width))]
        by_held, by_input = (part * mask for part in spread)
        at = np.take_along_axis(by_held, self._best[None], axis=0) + pooled[None, :, : 2 * width]
        np.put_along_axis(by_held, self._best[None], at, axis=0)
        if self.shape.tokens:
            flat = (self._token * self._token_drop).reshape(-1, 3 * width)
            found |= {"token": flat.T @ by_token.reshape(-1, 1), "token bias": by_token.sum(keepdims=True)[0]}
            back = (by_token[:, :, None] @ weights["token"].T) * self._token_drop
            by_held, by_input = by_held + back[:, :, : 2 * width], by_input + back[:, :, 2 * width :]
        for i, units in enumerate(self._units):
            more, gradients = units.backward(by_held[:, :, i * width : (i + 1) * width])
            found |= gradients
            by_input = by_input + more
        return found | {EMBEDDING: batch.ngrams.T @ (at_words(batch, by_input * self._drop) * self._words)}

    def gradients(self, batch: Batch, facts: Array, wanted: Array, tokens: Array) -> tuple[float, Parameters]:
        """The loss of wanted classes (texts, classes) and of wanted words (longest, texts), and its gradients."""
        texts, words = self.forward(batch, facts, learning=True)
        logs = log_softmax(texts)
        loss = -(wanted * logs).sum() / len(wanted)
        by_text = (np.exp(logs) - wanted) / len(wanted)
        by_token = np.zeros_like(words)
        if self.shape.tokens:
            mask = batch.mask[:, :, 0]
            loss += ((np.logaddexp(0, words) - tokens * words) * mask).sum() / mask.sum()
            by_token = (1 / (1 + np.exp(-words)) - tokens) * mask / mask.sum()
        return float(loss), self.backward(batch, by_text, by_token.astype(texts.dtype))

    def learn(self, vocabulary: Vocabulary, texts: Sequence[Array], facts: Array, labels: Array, tokens: Sequence[Array] = ()) -> Network:
        """Learn labels (texts,) of texts with facts (texts, facts), and of each text's words where `tokens` has them."""
        shape, step = self.shape, Adam(self.parameters)
        wanted = np.eye(shape.classes, dtype=np.float32)[labels]
        smooth = _SMOOTHED if shape.kept else 0.0
        wanted = wanted * (1 - smooth) + smooth / shape.classes
        order = [rows for _ in range(shape.epochs) for rows in batches(texts, shape.batch, self._rng)]
        for done, rows in enumerate(order):
            batch = vocabulary.batch([texts[i] for i in rows])
            told = np.zeros(batch.places.shape, dtype=np.float32)
            for column, i in enumerate(rows if shape.tokens else ()):
                told[: len(texts[i]), column] = tokens[i][: len(texts[i])] * (1 - smooth) + smooth / 2
            _, found = self.gradients(batch, facts[rows], wanted[rows], told)
            step(found, batch.buckets, rate_at(done / len(order)))
        return self

    def tell(self, vocabulary: Vocabulary, texts: Sequence[Array], facts: Array) -> tuple[Array, list[Array]]:
        """The logits of texts (texts, classes), and of each text's words."""
        classes = np.zeros((len(texts), self.shape.classes), dtype=np.float32)
        words: list[Array] = [np.zeros(0, dtype=np.float32)] * len(texts)
        order = np.argsort([len(text) for text in texts], kind="stable")
        for low in range(0, len(order), 256):
            rows = order[low : low + 256]
            classes[rows], told = self.forward(vocabulary.batch([texts[i] for i in rows]), facts[rows], learning=False)
            for i, column in zip(rows, told.T, strict=True):
                words[i] = column[: len(texts[i])]
        return classes, words


def log_softmax(logits: Array) -> Array:
    """Log-probabilities from logits, (texts, classes) both."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


class Adam:
    """Steps along the gradients, of the embedding where there are any."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._means, self._squares = ({name: np.zeros_like(value) for name, value in parameters.items()} for _ in range(2))
        self._steps = 0

    def __call__(self, gradients: Parameters, buckets: Array, rate: float) -> None:
        """One step down, at a rate; the embedding's gradient is that of these buckets."""
        self._steps += 1
        length = np.sqrt(sum(float((gradient * gradient).sum()) for gradient in gradients.values()))
        scale = min(1.0, _LONGEST_STEP / (length + 1e-6))
        rate = rate * np.sqrt(1 - 0.999**self._steps) / (1 - 0.9**self._steps)
        for name, gradient in gradients.items():
            rows: Any = buckets if name == EMBEDDING else slice(None)
            scaled = gradient * np.float32(scale)
            mean = self._means[name][rows] * np.float32(0.9) + scaled * np.float32(0.1)
            square = self._squares[name][rows] * np.float32(0.999) + scaled * scaled * np.float32(0.001)
            self._means[name][rows], self._squares[name][rows] = mean, square
            self._parameters[name][rows] -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(1e-8))


def rate_at(done: float) -> float:
    """How far Adam steps when this share of the steps is done."""
    return _RATE * (done / _RISE if done < _RISE else (1 + np.cos(np.pi * (done - _RISE) / (1 - _RISE))) / 2) + 1e-6


def batches(texts: Sequence[Array], size: int, rng: np.random.Generator) -> Iterator[Array]:
    """The rows of all texts in batches of nearly one length, in random order."""
    order = rng.permutation(len(texts))
    order = order[np.argsort([len(texts[i]) // 4 for i in order], kind="stable")]
    starts = np.arange(0, len(order), size)
    for low in rng.permutation(starts):
        yield order[low : low + size]
