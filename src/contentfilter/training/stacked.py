"""The research recipe for whole texts: what a data set's own training half can teach.

Three steps. **Views**: tf-idf of character 1–6-grams and words, with diacritics and without, the rules that match, and a few
counts. **Lines**: for every class two linear models on them, one plain and one with naive Bayes weights (Wang and Manning 2012).
**Judges**: small boosted trees and a logistic regression that read what the lines, and networks (`opinions`), say of texts they did
not learn from, and the counts; the mean of their log-probabilities counts, with an offset a class (`best_offsets`), chosen for the
macro-F1 of texts held out.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from contentfilter.filter import ContentFilter
from contentfilter.model.features import SPECIFICATION
from contentfilter.model.linear import LinearModel
from contentfilter.model.store import save
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.fold import fold

FOLDS: Final = 5

Facts = Mapping[str, float]
"""What is known of a text besides its words: its rating, the words of its title."""
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Matrix = Any  # scipy.sparse.csr_matrix; scipy ships no types

_WORD: Final = r"\w+|[^\w\s]+"
_RULE_VALUE: Final = 0.5
_STRENGTHS: Final = ((2.0, False), (0.5, True))
"""Inverse regularisation, and whether features are weighed as naive Bayes has them; by cross-validation on ViHSD train."""
_OFFSETS: Final = np.arange(-2.0, 3.01, 0.1)


class Views:
    """Texts → feature values: vocabularies of the training half, and what the shipped rules find."""

    def __init__(self) -> None:
        words: dict[str, Any] = {"analyzer": "word", "token_pattern": _WORD}
        characters: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (1, 6)}
        self._vectorizers = [
            TfidfVectorizer(lowercase=False, min_df=2, sublinear_tf=True, dtype=np.float32, preprocessor=preprocessor, **options)
            for preprocessor, options in (
                (None, characters),
                (bare, characters),
                (None, words),
                (None, words | {"ngram_range": (2, 2)}),
                (None, words | {"ngram_range": (3, 3)}),
            )
        ]
        self._rules = DictVectorizer(dtype=np.float32)
        self._facts = DictVectorizer(dtype=np.float32)
        self._filter = rules_alone()

    def learn(self, texts: Sequence[str], facts: Sequence[Facts]) -> Matrix:
        """Choose the vocabularies, and give the values, shape (texts, features)."""
        return self._values(texts, facts, "fit_transform")

    def values(self, texts: Sequence[str], facts: Sequence[Facts]) -> Matrix:
        """The values of other texts, (texts, features)."""
        return self._values(texts, facts, "transform")

    def _values(self, texts: Sequence[str], facts: Sequence[Facts], method: str) -> Matrix:
        folded = [" ".join([fold(chunk)[0].text for chunk in text.split()]) for text in texts]
        parts = [getattr(vectorizer, method)(folded) for vectorizer in self._vectorizers]
        parts.append(getattr(self._rules, method)(self._matches(texts)))
        parts.append(getattr(self._facts, method)(facts))
        return sparse.hstack([*parts, sparse.csr_matrix(counts(texts))], dtype=np.float32).tocsr()

    def _matches(self, texts: Sequence[str]) -> list[Facts]:
        found: list[Facts] = []
        for result in self._filter.classify_batch(texts):
            seen: dict[str, float] = {}
            for match, term in result.matched():
                seen[match.rule] = seen[f"term {term}"] = seen[f"category {match.category}"] = _RULE_VALUE
            found.append(seen)
        return found


def rules_alone() -> ContentFilter:
    """The shipped rules with a model that finds nothing toxic: the shipped one has learned from texts that stand in the sets measured."""
    nothing = np.zeros((2, 1), dtype=np.int16)
    blank = LinearModel("nothing", "0", SPECIFICATION, ("toxic",), nothing, nothing, np.zeros(1), np.full(1, -9.0))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "nothing.safetensors"
        save(blank, path, "nothing")
        return ContentFilter(model=path)


def counts(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Of each text: its length, and the shares of capitals, marks, emoji, single letters, numbers and repeated words, (texts, 10)."""
    table = []
    for text in texts:
        characters, words = len(text) + 1, text.split()
        spoken = len(words) + 1
        table.append(
            [
                np.log(characters) / 5,
                sum(c.isupper() for c in text) / characters,
                sum(c in "!?" for c in text) / 5,
                sum(not c.isalnum() and not c.isspace() for c in text) / characters,
                sum(ord(c) > 0x1F000 for c in text) / 5,
                np.log(spoken) / 4,
                sum(len(word) == 1 for word in words) / spoken,
                sum(word[0].isupper() for word in words) / spoken,
                sum(any(c.isdigit() for c in word) for word in words) / spoken,
                len(set(words)) / spoken,
            ]
        )
    return np.array(table, dtype=np.float32)


def fit_line(values: Matrix, positive: npt.NDArray[np.bool_], strength: float, naive_bayes: bool, seed: int) -> tuple[Floats, float]:
    """One linear model, as weights (features,) and bias: logistic regression, by liblinear."""
    ratios = np.ones(values.shape[1], dtype=np.float32)
    if naive_bayes:
        inside, outside = (np.asarray((values[rows] > 0).sum(axis=0)).ravel() + 1.0 for rows in (positive, ~positive))
        ratios = (0.25 + np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))).astype(np.float32)
    regression = LogisticRegression(C=strength, solver="liblinear", dual=True, max_iter=60, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # sixty rounds are enough, a thousand give the same figures
        regression.fit(values @ sparse.diags(ratios), positive)
    return regression.coef_[0] * ratios, float(regression.intercept_[0])


class Lines:
    """For every class, or for the second of two, a linear model of each strength."""

    def __init__(self, values: Matrix, labels: Integers, seed: int) -> None:
        last = int(labels.max())
        classes = range(last + 1) if last > 1 else (1,)
        fitted = [fit_line(values, labels == i, *strength, seed) for strength in _STRENGTHS for i in classes]
        self._weights = np.stack([weights for weights, _ in fitted], axis=1)
        self._biases = np.array([bias for _, bias in fitted])

    def logits(self, values: Matrix) -> Floats:
        """What each model says of each text, (texts, models)."""
        return np.asarray(values @ self._weights + self._biases)


def held_out(values: Matrix, labels: Integers, seed: int) -> Floats:
    """What lines say of each text that learned from other folds only, (texts, models)."""
    told: Floats | None = None
    for learn, rest in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(values, labels):
        logits = Lines(values[learn], labels[learn], seed).logits(values[rest])
        told = np.zeros((len(labels), logits.shape[1])) if told is None else told
        told[rest] = logits
    assert told is not None
    return told


class Judges:
    """Trees and lines of several folds, which read what lines and networks say of texts that they did not learn from."""

    def __init__(self, inputs: Floats, labels: Integers, seed: int) -> None:
        self._judges: list[Any] = []
        self.held_out = np.zeros((len(labels), int(labels.max()) + 1))
        """The log-probabilities of the rows learned from, by judges that have not seen them, (rows, classes)."""
        for learn, rest in StratifiedKFold(FOLDS, shuffle=True, random_state=seed + 100).split(inputs, labels):
            trees = HistGradientBoostingClassifier(
                max_iter=120, learning_rate=0.06, max_leaf_nodes=5, min_samples_leaf=40, l2_regularization=5, random_state=seed
            )
            line = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=300))
            both = [judge.fit(inputs[learn], labels[learn]) for judge in (trees, line)]
            self.held_out[rest] = self._told(both, inputs[rest])
            self._judges += both

    def logs(self, inputs: Floats) -> Floats:
        """The mean log-probabilities of other rows, (rows, classes)."""
        return self._told(self._judges, inputs)

    @staticmethod
    def _told(judges: Sequence[Any], inputs: Floats) -> Floats:
        return np.asarray(np.mean([np.log(np.maximum(judge.predict_proba(inputs), 1e-9)) for judge in judges], axis=0))


def best_offsets(scores: Floats, labels: Integers) -> Floats:
    """What is added to each class's score so that the macro-F1 of the largest is best, a class at a time, twice."""
    offsets = np.zeros(scores.shape[1])
    best = macro_f1(labels, scores.argmax(axis=1))
    for _ in range(2):
        for column in range(1, len(offsets)):
            for offset in _OFFSETS:
                tried = offsets.copy()
                tried[column] = offset
                reached = macro_f1(labels, (scores + tried).argmax(axis=1))
                if reached > best:
                    best, offsets = reached, tried
    return offsets


def macro_f1(labels: Integers, found: Integers) -> float:
    """The mean of the classes' F1, as scikit-learn has it but many times as fast."""
    classes = int(max(labels.max(), found.max())) + 1
    table = np.bincount(labels * classes + found, minlength=classes * classes).reshape(classes, classes)
    spoken = table.sum(axis=0) + table.sum(axis=1)
    return float(np.mean(2 * np.diag(table)[spoken > 0] / spoken[spoken > 0]))
