"""What a rule costs: how much longer the texts that it matched take with it alone than without any rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from time import process_time
from typing import Final

from contentfilter.filter import ContentFilter
from contentfilter.rules.schema import Condition, Rule

MOST: Final = 64
"""Texts on which a rule is timed: a batch of so many takes some milliseconds, which the clock can tell."""
_RUNS: Final = 5
"""The fastest counts: what disturbs a run only makes it slower."""


def costs(contentfilter: ContentFilter, matched: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Seconds of processor time that each rule takes a text, by id; `matched` are texts in which it matched, at least one.

    Searching is shared by all rules and counts for none. What chunks mean is known beforehand, as it is to a filter that has run for
    a while. Differences under a microsecond or two are noise.
    """
    none = _only(contentfilter, ())
    found: dict[str, float] = {}
    for identity, texts in matched.items():
        batch = [texts[i % len(texts)] for i in range(MOST)]
        alone = _only(contentfilter, _with_referred(contentfilter.rules, identity))
        found[identity] = max(_seconds(alone, batch) - _seconds(none, batch), 0.0) / MOST
    return found


def _only(contentfilter: ContentFilter, identities: Iterable[str]) -> ContentFilter:
    """The filter with all other rules off; which texts are looked at stays as it is."""
    kept = set(identities)
    _, lists, *_ = contentfilter.__getstate__()
    rules = tuple([rule if rule.id in kept else replace(rule, status="off") for rule in lists.rules])
    return contentfilter._with(replace(lists, rules=rules, vocabulary=contentfilter._rules.vocabulary))


def _with_referred(rules: Sequence[Rule], identity: str) -> set[str]:
    """The rule, those that its condition speaks of, those that theirs speak of, and so on."""
    known: set[str] = set()
    waiting = [identity]
    while waiting:
        for rule in rules:
            if fnmatchcase(rule.id, waiting[-1]) and rule.id not in known:
                known.add(rule.id)
                waiting = [*(_spoken_of(rule.when) if rule.when else ()), *waiting]
        waiting.pop()
    return known


def _spoken_of(condition: Condition) -> list[str]:
    own = [condition.text] if condition.kind == "rule" else []
    return own + [text for inner in condition.of for text in _spoken_of(inner)]


def _seconds(contentfilter: ContentFilter, texts: list[str]) -> float:
    contentfilter.classify_batch(texts)
    best = float("inf")
    for _ in range(_RUNS):
        began = process_time()
        contentfilter.classify_batch(texts)
        best = min(best, process_time() - began)
    return best
