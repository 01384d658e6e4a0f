"""A site's own words against the innocent phrases of the shipped lists, which would swallow them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from contentfilter.data import data_folder

from .compile import canonical
from .freeze import shipped
from .schema import Condition, Rule
from .wildcards import expansions


def without_compounds(allowed: Iterable[str], own: Iterable[str]) -> tuple[str, ...]:
    """The innocent phrases without those of the shipped lists that would swallow a site's own words, of one syllable ("bò") only the
    word itself: it stands in a hundred compounds."""
    words = frozenset(map(canonical, own))
    kept: list[str] = []
    known = _shipped_phrases()
    for phrase in allowed:
        if phrase not in known or words.isdisjoint(_runs(canonical(phrase))):
            kept.append(phrase)
    return tuple(kept)


def own_words(rules: Iterable[Rule]) -> Iterator[str]:
    """What these rules look for as signs of harm, in any of its forms: terms that stand for themselves, and terms of their conditions.

    What hangs on company, or on more syllables than its own, says nothing against a compound.
    """
    for rule in rules:
        if rule.status == "off" or rule.weight < 0:
            continue
        for term in rule.terms:
            if term.weight >= 0 and not term.needs and term.place == "whole":
                yield from expansions(term.text)
        if rule.when is not None:
            for text in _asked(rule.when):
                yield from expansions(text)


def _asked(condition: Condition) -> Iterator[str]:
    """The terms that a condition asks for, not those that it refuses."""
    if condition.kind == "term":
        yield condition.text
    elif condition.kind not in ("not", "regex"):
        for inner in condition.of:
            yield from _asked(inner)


def _runs(text: str) -> Iterator[str]:
    """A phrase, and what of it is two tokens in a row and more."""
    yield text
    tokens = text.split(" ")
    for length in range(2, len(tokens)):
        for start in range(len(tokens) - length + 1):
            yield " ".join(tokens[start : start + length])


@cache
def _shipped_phrases() -> frozenset[str]:
    return frozenset(shipped(Path(data_folder("wordlists"))).allowed)
