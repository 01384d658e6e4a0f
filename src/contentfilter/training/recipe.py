"""The recipe of the shipped model: data sets of permissive licences → hashed features → logistic regression → 16-bit weights.

The features are those of `model.features`; the design matrix is put together so that a row times the weights is exactly what
`model.linear` computes from remembered shares. Three things keep it to the words:

- Features are scaled by 1 + |log p₁/p₀|, as naive Bayes weighs them (Wang and Manning 2012), before the regression sees them.
- A source has an offset of its own, which is then dropped, so that no style of writing need explain why one is more often toxic;
  what is all clean counts little, for the same reason.
- For words that only say of whom a sentence speaks (`targets.txt`), what one weighs more than the others of its line is pressed to
  nothing: the difference is given as a row that is positive and negative at once.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from contentfilter.data import data_folder
from contentfilter.model.features import SPECIFICATION, Integers, chunk_ngrams, pair_buckets, pair_hashes, pair_keys
from contentfilter.model.linear import SHARE_UNITS, LinearModel, norms
from contentfilter.model.spans import SpanModel, chunk_spans
from contentfilter.normalize.fold import fold
from contentfilter.rules.load import load_allowed, load_word_lists

from .datasets import Labelled, innocent, news, own, reviews, safesense, targets, vihos, vihos_spans


@dataclass(frozen=True, slots=True)
class Head:
    """What one head learns."""

    name: str
    strength: float
    """Inverse regularisation."""
    base_rate: float
    """The share of comments that are so where nobody chose them: a judgement. Comment sections differ (17 % not clean in ViHSD as
    published, arXiv 2103.11528; 5 % in those of its dev rows that ViHOS did not pick; 1 % of shop reviews), and the dev sets are far
    richer, so their rows are weighed to these shares."""
    weights: Mapping[str, float]
    """Source → what a row of it counts."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model to be made."""

    name: str
    version: str
    sources: str
    heads: tuple[Head, ...]
    ngram_bits: int = 19
    pair_bits: int = 18
    span_strength: float = 1.0
    """Inverse regularisation of the model of spans."""


SHIPPED: Final = Recipe(
    name="contentfilter-vi",
    version="1.1.0",
    sources=(
        "ViHOS (MIT) without rows of ViHSD's test; SafeSense-VI (MIT); news headlines and leads (MIT); shop reviews (MIT, Apache-2.0); "
        "the examples and innocent phrases of the shipped packs, innocent sentences and target words of the project's own (Apache-2.0)"
    ),
    heads=(
        Head("toxic", 10.0, 0.08, {"vihos": 1.0, "safesense": 1.0, "news": 0.03, "reviews": 0.03, "packs": 0.1, "innocent": 0.5}),
        Head("hate", 6.0, 0.04, {"safesense": 1.0, "news": 0.1, "reviews": 0.1, "packs": 0.3, "innocent": 0.5}),
    ),
)
RECIPES: Final = {recipe.name: recipe for recipe in (SHIPPED,)}

_REVIEWS_EVERY: Final = 6
_SEED: Final = 2026
_ROUNDS: Final = 40
"""Of liblinear: twice as many move no figure."""
_INTERCEPT: Final = 5.0
"""The value of the feature that every row has: large, so that it is hardly regularised."""
_SWAP_SCALE: Final = 5.0
"""How large a difference between target words is made before it is pressed to nothing."""

Matrix = Any  # scipy.sparse.csr_matrix; scipy ships no types


def design_matrix(texts: Sequence[str], ngram_bits: int, pair_bits: int) -> Matrix:
    """Feature values, shape (texts, 2^ngram_bits + 2^pair_bits): n-grams of chunks, then pairs of neighbours."""
    split = [text.split() for text in texts]
    by_chunk, row, left, right = _chunk_features(split, ngram_bits)
    rows = np.split(row, np.cumsum([len(chunks) for chunks in split])[:-1])
    lengths = np.array([len(row) for row in rows])
    scale = 1 / norms(lengths)
    chosen = _csr(row, np.repeat(scale, lengths), lengths, by_chunk.shape[0])
    pairs = [pair_buckets(pair_hashes(left[row[:-1]], right[row[1:]]), pair_bits) for row in rows]
    pair_counts = np.maximum(lengths - 1, 0)
    by_pair = _csr(np.concatenate(pairs), np.repeat(scale, pair_counts), pair_counts, 1 << pair_bits)
    return sparse.hstack([chosen @ by_chunk, by_pair]).tocsr()


def _chunk_features(split: Sequence[Sequence[str]], ngram_bits: int) -> tuple[Matrix, Integers, Integers, Integers]:
    """The n-grams of each distinct chunk, the rows of all chunks in that, and what each distinct one brings to a pair, left and right."""
    ids = {chunk: i for i, chunk in enumerate(dict.fromkeys(chunk for chunks in split for chunk in chunks))}
    plains = [fold(chunk)[0].text for chunk in ids]
    buckets, counts = chunk_ngrams(plains, ngram_bits)
    by_chunk = _csr(buckets, np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts), counts, 1 << ngram_bits)
    left, right = (np.array(keys, dtype=np.int64) for keys in pair_keys(plains))
    return by_chunk, np.array([ids[chunk] for chunks in split for chunk in chunks], dtype=np.int64), left, right


def _csr(columns: Any, values: Any, counts: Any, width: int) -> Matrix:
    matrix = sparse.csr_matrix((values, columns, np.concatenate(([0], np.cumsum(counts)))), shape=(len(counts), width))
    matrix.sum_duplicates()
    return matrix


def train(data: Path, recipe: Recipe = SHIPPED, without_outlet: str = "") -> LinearModel:
    """Make a recipe's model from the folder of data sets. The same data give the same model on the same machine.

    `without_outlet` leaves out a source of news, so that false alarms can be measured on text that was not learned as clean.
    """
    sources = _sources(data, without_outlet)
    rows = [row for found in sources.values() for row in found]
    names = np.repeat(list(sources), [len(found) for found in sources.values()])
    tune = [*vihos(data, "dev"), *safesense(data, "dev")]
    bits = recipe.ngram_bits, recipe.pair_bits
    features, tuning = (design_matrix([row.text for row in part], *bits) for part in (rows, tune))
    swaps = _swaps(targets(), *bits)
    columns, units, biases = [], [], []
    for head in recipe.heads:
        coefficients, intercept = _fit(features, swaps, rows, names, head)
        unit = np.abs(coefficients).max() / 32767
        quantised = np.rint(coefficients / unit).astype(np.int16)
        logits = tuning @ (quantised * unit) + intercept
        slope, shift = _calibrate(logits, [getattr(row, head.name) for row in tune], head.base_rate)
        columns.append(quantised)
        units.append(unit * slope / SHARE_UNITS)
        biases.append(intercept * slope + shift)
    stacked = np.stack(columns, axis=1)
    return LinearModel(
        name=recipe.name,
        version=recipe.version,
        specification=SPECIFICATION,
        heads=tuple(head.name for head in recipe.heads),
        ngram_weights=stacked[: 1 << recipe.ngram_bits],
        pair_weights=stacked[1 << recipe.ngram_bits :],
        unit=np.array(units),
        bias=np.array(biases),
        spans=_span_model(vihos_spans(data, "train"), recipe),
    )


def _sources(data: Path, without_outlet: str) -> dict[str, list[Labelled]]:
    folder = data_folder("wordlists")
    return {
        "vihos": vihos(data, "train"),
        "safesense": safesense(data, "train"),
        "news": news(data, without_outlet),
        "reviews": reviews(data, _REVIEWS_EVERY),
        "packs": own(load_word_lists(folder), load_allowed(folder / "allow.yaml")),
        "innocent": innocent(),
    }


def _swaps(groups: Sequence[Sequence[str]], ngram_bits: int, pair_bits: int) -> Matrix:
    """For each target word, how its features differ from the mean of its group."""
    parts = []
    for words in groups:
        values = design_matrix(words, ngram_bits, pair_bits)
        parts.append(values - sparse.csr_matrix(np.ones((len(words), 1))) @ sparse.csr_matrix(values.mean(axis=0)))
    return _SWAP_SCALE * sparse.vstack(parts).tocsr()


def _fit(features: Matrix, swaps: Matrix, rows: Sequence[Labelled], names: npt.NDArray[Any], head: Head) -> tuple[Any, float]:
    """The weights (features,) and the intercept of one head."""
    known = [getattr(row, head.name) for row in rows]
    weights = np.array([head.weights.get(name, 0.0) if label is not None else 0.0 for name, label in zip(names, known, strict=True)])
    told = weights > 0
    features, weights, names = features[told], weights[told], names[told]
    labels = np.array([label for label, kept in zip(known, told, strict=True) if kept])
    ratios = 1 + np.abs(_log_ratios(features, labels, weights))
    mixed = [name for name in head.weights if len(set(labels[names == name])) > 1]
    offsets = np.stack([np.full(len(labels), _INTERCEPT), *(np.asarray(names == name, dtype=float) for name in mixed[1:])], axis=1)
    design = sparse.hstack([features @ sparse.diags(ratios), sparse.csr_matrix(offsets)])
    balanced = sparse.hstack([swaps @ sparse.diags(ratios), sparse.csr_matrix((swaps.shape[0], offsets.shape[1]))])
    regression = LogisticRegression(
        C=head.strength, solver="liblinear", dual=True, max_iter=_ROUNDS, fit_intercept=False, random_state=_SEED
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(
            sparse.vstack([design, balanced, balanced]).tocsr(),
            np.concatenate([labels, np.ones(swaps.shape[0]), np.zeros(swaps.shape[0])]),
            sample_weight=np.concatenate([weights, np.ones(2 * swaps.shape[0])]),
        )
    coefficients = regression.coef_[0]
    return coefficients[: len(ratios)] * ratios, float(_INTERCEPT * coefficients[len(ratios)])


def _span_model(texts: Sequence[tuple[str, Sequence[tuple[int, int]]]], recipe: Recipe) -> SpanModel:
    """Learn which chunks of toxic texts the spans hold, at least half of each."""
    labels = [
        int(2 * sum(max(0, min(end, high) - max(start, low)) for low, high in spans) >= end - start)
        for text, spans in texts
        for start, end in chunk_spans(text)
    ]
    by_chunk, row, left, right = _chunk_features([text.split() for text, _ in texts], recipe.ngram_bits)
    lengths = [len(text.split()) for text, _ in texts]
    second = np.delete(np.arange(len(row)), np.cumsum([0, *lengths[:-1]]))  # the right one of each pair of neighbours
    buckets = pair_buckets(pair_hashes(left[row[second - 1]], right[row[second]]), recipe.pair_bits)
    both, columns = np.concatenate((second - 1, second)), np.concatenate((buckets, buckets))
    pairs = sparse.csr_matrix((np.ones(len(both)), (both, columns)), shape=(len(row), 1 << recipe.pair_bits))
    regression = LogisticRegression(C=recipe.span_strength, solver="liblinear", dual=True, max_iter=_ROUNDS, random_state=_SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(sparse.hstack([by_chunk[row], pairs]).tocsr(), labels)
    unit = float(np.abs(regression.coef_).max() / 32767)
    weights = np.rint(regression.coef_[0] / unit).astype(np.int16)
    return SpanModel(weights[: 1 << recipe.ngram_bits], weights[1 << recipe.ngram_bits :], unit, float(regression.intercept_[0]))


def _log_ratios(features: Matrix, labels: npt.NDArray[Any], weights: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """For each feature the logarithm of how much more often positive rows have it than negative ones."""
    present = features.sign()
    positive, negative = (present.T @ (weights * (labels == label)) + 1.0 for label in (1, 0))
    return np.asarray(np.log((positive / positive.sum()) / (negative / negative.sum())))


def _calibrate(logits: Any, labels: Sequence[int | None], base_rate: float) -> tuple[float, float]:
    """Platt scaling: the slope and shift with which σ(slope · logit + shift) is a probability where `base_rate` are positive."""
    told = [i for i, label in enumerate(labels) if label is not None]
    known = np.array([labels[i] for i in told])
    share = known.mean()
    weights = {1: base_rate / share, 0: (1 - base_rate) / (1 - share)}
    fitted = LogisticRegression(C=1e6, class_weight=weights).fit(logits[told].reshape(-1, 1), known)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
