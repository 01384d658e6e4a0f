"""The obvious glue: what one writes in an afternoon from the same parts, to measure the library against.

A text is composed and lowered, searched for the terms of the same packs, segmented by underthesea, and scored by a
scikit-learn pipeline of character n-grams. Undoing disguises, settling and weighing are left out, so it does less.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from underthesea import word_tokenize

from contentfilter.normalize.entities import ENTITIES
from contentfilter.rules.compile import canonical
from contentfilter.rules.schema import Rule

_ALONE = 5.0
"""Log-odds with which a term flags alone; see wordlists/README.md, "Weights"."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the glue says of one text."""

    flagged: bool
    probability: float
    """Of harm, in [0, 1], by the classifier alone."""
    terms: tuple[str, ...]
    words: tuple[str, ...]


class Glue:
    """Built from the library's rules and a few labelled texts.

    Only its speed is of interest, so a small labelled set will do: how long a prediction takes hangs on the text's n-grams and
    on scikit-learn's calls, hardly on how many texts were learned from. It says nothing of how accurate the glue could be.
    """

    def __init__(self, rules: Iterable[Rule], texts: Sequence[str], harmful: Sequence[bool]) -> None:
        self._automaton = _automaton(rules)
        self._classifier = _classifier(texts, harmful)

    @property
    def terms(self) -> int:
        """The number of distinct terms it searches for."""
        return len(self._automaton)

    def classify(self, text: str) -> Verdict:
        """Judge one text."""
        folded, terms, alone, words = self._read(text)
        probability = self.probabilities([folded])[0]
        return Verdict(alone or probability >= 0.5, probability, terms, words)

    def classify_batch(self, texts: Sequence[str]) -> list[Verdict]:
        """Judge texts with one `predict_proba` for all: what can be batched in the glue without more thought."""
        read = [self._read(text) for text in texts]
        probabilities = self.probabilities([folded for folded, *_ in read])
        return [
            Verdict(alone or probability >= 0.5, probability, terms, words)
            for (_, terms, alone, words), probability in zip(read, probabilities, strict=True)
        ]

    def find(self, folded: str) -> list[tuple[str, float]]:
        """The terms that stand in a folded text as whole words, and their weights."""
        return [value for last, value in self._automaton.iter(folded) if _is_whole(folded, last + 1 - len(value[0]), last + 1)]

    def probabilities(self, folded: Sequence[str]) -> list[float]:
        """Of harm, for each folded text."""
        found: list[float] = self._classifier.predict_proba(folded)[:, 1].tolist()
        return found

    def _read(self, text: str) -> tuple[str, tuple[str, ...], bool, tuple[str, ...]]:
        folded = fold(text)
        found = self.find(folded)
        alone = any(weight >= _ALONE for _, weight in found)
        return folded, tuple(term for term, _ in found), alone, tuple(word_tokenize(folded))


def fold(text: str) -> str:
    """A text composed and lowered."""
    return unicodedata.normalize("NFC", text).lower()


def _automaton(rules: Iterable[Rule]) -> Any:
    """All terms of the packs but those with an entity (`<phone>`), which is no literal text and needs more than this glue."""
    automaton = ahocorasick.Automaton()
    for rule in rules:
        for term in rule.terms:
            text = canonical(term.text)
            if ENTITIES.isdisjoint(text.split(" ")):
                _, weight = automaton.get(text, (text, term.weight))
                automaton.add_word(text, (text, max(weight, term.weight)))
    automaton.make_automaton()
    return automaton


def _classifier(texts: Sequence[str], harmful: Sequence[bool]) -> Pipeline:
    pipeline = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True),
        LogisticRegression(max_iter=1000),
    )
    return pipeline.fit([fold(text) for text in texts], list(harmful))


def _is_whole(text: str, start: int, end: int) -> bool:
    """Do no letters or digits stand right before or after? Else "ngu" would be found in "nguyên"."""
    return not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()
