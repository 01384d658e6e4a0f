"""Filters that have judged nothing, filters that are warm, and whether both say the same."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from corpora import Corpus
from expected import Expected

from contentfilter import ContentFilter, Result
from contentfilter.bench import digest, versions
from contentfilter.errors import ContentFilterError

_CHECKED_SINGLY: Final = 1_000
"""Texts, at most, that are also judged one by one."""


def new_filter() -> ContentFilter:
    """A filter that has seen nothing: the bounded caches, which all filters share, are emptied too."""
    modules = [module for name, module in sys.modules.items() if name.startswith("contentfilter")]
    for value in [value for module in modules for value in vars(module).values()]:
        parameters = getattr(value, "cache_parameters", None)
        if parameters is not None and parameters()["maxsize"] is not None:  # unbounded ones hold what is loaded once
            value.cache_clear()
    return ContentFilter()


def warm_filter(corpus: Corpus) -> ContentFilter:
    """A filter that has judged the corpus' other texts."""
    made = new_filter()
    made.classify_batch(corpus.seen)
    return made


def check_filter(corpus: Corpus, expected: Expected) -> None:
    """Batches and single calls agree, a cold filter and a warm one too, and the actions and matches are those of the last time."""
    made = new_filter()
    cold = made.classify_batch(corpus.texts)
    whole(cold)
    if made.classify_batch(corpus.texts) != cold:
        raise ContentFilterError(f"{corpus.name}: a warm filter judges otherwise than a cold one")
    other = new_filter()
    for position, result in enumerate(cold[:_CHECKED_SINGLY]):
        if other.classify(result.text) != result:
            raise ContentFilterError(f"{corpus.name}: classify judges text {position}, counted from 0, otherwise than classify_batch")
    found = versions()
    expected.check(f"contentfilter / {corpus.name}", (digest(corpus.texts), found["model_sha256"], found["packs_sha256"]), counts(cold))


def counts(results: Sequence[Result]) -> dict[str, int]:
    """How often each action was taken, and how many matches there are."""
    actions = Counter(result.action.value for result in results)
    return {**dict(sorted(actions.items())), "matches": sum(len(result.matches) for result in results)}


def whole(results: Iterable[Result]) -> None:
    """Raise `ContentFilterError` where a text was not judged in whole."""
    for position, result in enumerate(results):
        if result.errors:
            raise ContentFilterError(f"text {position}, counted from 0: {'; '.join(result.errors)}")
