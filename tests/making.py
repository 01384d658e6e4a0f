"""Small filters, rules and models, so that a test says all it depends on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from contentfilter import Category, ContentFilter
from contentfilter.match import settle
from contentfilter.match.settle import Hit
from contentfilter.model.features import SPECIFICATION
from contentfilter.model.linear import LinearModel
from contentfilter.normalize.diacritics import Diacritics
from contentfilter.normalize.likeliest import new_words
from contentfilter.rules.schema import Rule, TermSpec, WordLists

COMPILED = not str(settle.__file__).endswith(".py")
"""Is the hot path compiled?"""
LISTS = (("address", ("mày", "thằng", "đồ")), ("spaced_pairs", ("đm",)))


def rule(identity: str, *terms: str | TermSpec, weight: float = 5.0, severity: int = 1, category: str = "insult", **term: Any) -> Rule:
    """A rule of these terms; keywords beyond the rule's own go into each of its terms."""
    specs = tuple(spec if isinstance(spec, TermSpec) else TermSpec(spec, weight, **term) for spec in terms)
    return Rule(identity, (Category(category),), f"vi: {identity}", f"en: {identity}", severity, weight, "judgement", specs)


def model(heads: tuple[str, ...] = ("toxic", "hate"), bias: float = -9.0, seed: int | None = None) -> LinearModel:
    """A model that says `bias` whatever it reads; with a seed, one of random weights."""
    shape = (1 << 10, len(heads))
    random = np.random.default_rng(seed)
    weights = [random.integers(-999, 999, shape) if seed is not None else np.zeros(shape) for _ in range(2)]
    return LinearModel(
        name="small",
        version="0",
        specification=SPECIFICATION,
        heads=heads,
        ngram_weights=weights[0].astype(np.int16),
        pair_weights=weights[1].astype(np.int16),
        unit=np.full(len(heads), 1e-6),
        bias=np.full(len(heads), bias),
    )


def filter_of(*rules: Rule, allowed: tuple[str, ...] = (), policy: str = "default", toxic: bool = False) -> ContentFilter:
    """A filter of these rules alone, whose model finds everything toxic or nothing."""
    made = object.__new__(ContentFilter)
    # Logit 0.0 is "toxic" to a term that needs the model, and flags by itself under no lenient policy.
    made.__setstate__((policy, WordLists(rules, allowed, LISTS, ()), model(bias=0.0 if toxic else -9.0)))
    return made


def found(contentfilter: ContentFilter, text: str) -> list[str]:
    """What the filter marks, as it stands in the text."""
    return [match.text for match in contentfilter.classify(text).matches]


def places(hits: Iterable[Hit]) -> list[tuple[object, ...]]:
    """Hits as values that can be compared: placed, with their terms and what was undone."""
    return [(hit.start, hit.end, hit.term, hit.steps, hit.missing, hit.categories) for hit in map(Hit.placed, hits)]


def restored(diacritics: Diacritics, text: str) -> tuple[str, bool]:
    """What the text most likely was before its diacritics were dropped, and whether it has hardly any."""
    chunks = text.split()
    return diacritics.restore(new_words(), chunks, list(range(len(chunks))), text)
