"""What networks say of texts: one a fold, so that a text learned from is told of by one that has not seen it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.model_selection import StratifiedKFold

from contentfilter.normalize.fold import fold

from .network import Array, Network, Parameters, Shape, Vocabulary, log_softmax
from .stacked import FOLDS, Facts, Floats, Integers, counts

_WORD: Final = re.compile(r"\w+|[^\w\s]")


class Opinions:
    """Networks of all folds but one each; `held_out` has the log-probabilities of the texts learned from, (texts, classes)."""

    def __init__(self, texts: Sequence[str], facts: Sequence[Facts], labels: Integers, seed: int, start: Parameters | None = None) -> None:
        self._vocabulary = Vocabulary()
        self._facts = DictVectorizer(sparse=False).fit(facts)
        words, known = self._read(texts, facts)
        shape = Shape(int(labels.max()) + 1, known.shape[1])
        self._networks = []
        self.held_out = np.zeros((len(texts), shape.classes))
        for fold_, (learn, rest) in enumerate(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(words, labels)):
            network = Network(shape, FOLDS * seed + fold_, start)
            network.learn(self._vocabulary, [words[i] for i in learn], known[learn], labels[learn])
            self.held_out[rest] = self._told(network, [words[i] for i in rest], known[rest])
            self._networks.append(network)

    def logs(self, texts: Sequence[str], facts: Sequence[Facts]) -> Floats:
        """The mean of what all networks say of other texts, (texts, classes)."""
        words, known = self._read(texts, facts)
        return log_softmax(np.mean([self._told(network, words, known) for network in self._networks], axis=0))

    def _read(self, texts: Sequence[str], facts: Sequence[Facts]) -> tuple[list[Array], Array]:
        words = [self._vocabulary.numbers(words_of(text)) for text in texts]
        return words, np.hstack([counts(texts), self._facts.transform(facts)]).astype(np.float32)

    def _told(self, network: Network, words: Sequence[Array], facts: Array) -> Array:
        logits, _ = network.tell(self._vocabulary, words, facts)
        return log_softmax(logits)


def words_of(text: str) -> list[str]:
    """The words of a text in plain form, and its other signs one by one."""
    return _WORD.findall(" ".join([fold(chunk)[0].text for chunk in text.split()]))


def grouped(logs: Floats, groups: Mapping[int, int]) -> Floats:
    """Logits of coarser classes, nought in the mean, from log-probabilities of finer ones (texts, finer) and the coarser class of each."""
    joined: Any = np.zeros((len(logs), max(groups.values()) + 1))
    for fine, coarse in groups.items():
        joined[:, coarse] += np.exp(logs[:, fine])
    logs = np.log(np.maximum(joined, 1e-9))
    return np.asarray(logs - logs.mean(axis=1, keepdims=True))
