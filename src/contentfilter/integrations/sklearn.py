"""scikit-learn: the scores as features."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin

from contentfilter.categories import CATEGORIES
from contentfilter.default import default_filter
from contentfilter.filter import ContentFilter


class ContentScores(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Texts → their scores, an array of shape (texts, categories) of probabilities; nothing is learned.

    `contentfilter` is a filter of your own, None the default one. `transform` takes any iterable of `str` and raises `TypeError`
    for what is none.
    """

    def __init__(self, contentfilter: ContentFilter | None = None) -> None:
        self.contentfilter = contentfilter

    def fit(self, texts: Iterable[str], labels: object = None) -> ContentScores:  # noqa: ARG002  # as scikit-learn calls it
        """Nothing to learn."""
        return self

    def transform(self, texts: Iterable[str]) -> npt.NDArray[np.float64]:
        """The scores, a row for each text, a column for each of `get_feature_names_out`."""
        results = (self.contentfilter or default_filter()).classify_batch(texts)
        return np.array([list(result.scores.values()) for result in results]).reshape(len(results), len(CATEGORIES))

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[Any]:  # noqa: ARG002  # as scikit-learn calls it
        """The categories' names, in the order of the columns."""
        return np.array([category.value for category in CATEGORIES], dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True
