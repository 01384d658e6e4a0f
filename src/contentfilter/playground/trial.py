"""What the page asks and is told: a text and words of one's own in, the verdict without and with them out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from contentfilter.categories import CATEGORIES, Action
from contentfilter.decide.evidence import MODEL, PRIOR, sum_up, told_by_rules
from contentfilter.decide.policy import POLICIES
from contentfilter.errors import DataError
from contentfilter.explain import ACTION_NAMES, CATEGORY_NAMES, STEP_NAMES, Language
from contentfilter.filter import ContentFilter
from contentfilter.result import Result

MOST_CHARACTERS: Final = 100_000
"""In a text; some 20,000 words, which take seconds where all are new."""

Words = tuple[tuple[str, str], ...]
"""Pairs of a category, or "allowed", and a word or phrase."""
ALLOWED: Final = "allowed"


@dataclass(frozen=True, slots=True)
class Question:
    """What the page sends."""

    text: str
    words: Words
    lang: Language


def question_of(value: object) -> Question:
    """Read a question from JSON; raises `DataError` that names the key."""
    if not isinstance(value, Mapping):
        raise DataError(f"found {type(value).__name__}, expected an object with the keys text, words, lang")
    text, words, lang = value.get("text"), value.get("words"), value.get("lang")
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise DataError(f"text: expected text of at most {MOST_CHARACTERS:,} characters")
    if lang not in ("vi", "en"):
        raise DataError(f"lang: found {lang!r}, expected 'vi' or 'en'")
    kinds = (ALLOWED, *(category.value for category in CATEGORIES))
    if not isinstance(words, list):
        raise DataError(f"words: found {type(words).__name__}, expected a list of pairs")
    for position, pair in enumerate(words):
        if not (isinstance(pair, list) and len(pair) == 2 and pair[0] in kinds and isinstance(pair[1], str) and pair[1].strip()):
            raise DataError(f"words[{position}]: expected a pair of one of {', '.join(kinds)} and a word or phrase")
    return Question(text, tuple((kind, word) for kind, word in words), lang)


def trial(base: ContentFilter) -> Callable[[Question], dict[str, Any]]:
    """A function that answers questions about this filter; threads may share it.

    An answer holds the verdict `now`, with the words of the question, and `before`, without them; null where there are none.
    """
    building = threading.Lock()

    @lru_cache(maxsize=2)  # the words that are on trial, and those before the last change
    def changed(words: Words) -> ContentFilter:
        made = base
        for category in CATEGORIES:
            if terms := [word for kind, word in words if kind == category]:
                made = made.with_terms(category, terms)
        if allowed := [word for kind, word in words if kind == ALLOWED]:
            made = made.with_allowed(allowed)
        return made

    def answer(question: Question) -> dict[str, Any]:
        with building:
            contentfilter = changed(question.words)
        return {
            "now": _verdict(contentfilter.classify(question.text), question.lang),
            "before": _verdict(base.classify(question.text), question.lang) if question.words else None,
        }

    return answer


def _verdict(result: Result, lang: Language) -> dict[str, Any]:
    evidence = result.evidence
    log_odds = sum_up(evidence.contributions)
    actions = {name: policy.action(log_odds, told_by_rules(evidence.contributions)) for name, policy in POLICIES.items()}
    if result.errors:  # held, under any policy
        actions = {name: action if action is Action.BLOCK else Action.REVIEW for name, action in actions.items()}
    return {
        "action": result.action.value,
        "policies": [{"policy": name, "action": action.value, "name": ACTION_NAMES[lang][action]} for name, action in actions.items()],
        "errors": list(result.errors),
        "masked": result.masked,
        "scores": [
            {
                "category": category.value,
                "name": CATEGORY_NAMES[lang][category],
                "score": evidence.scores[category],
                "severity": evidence.severity[category],
                "start": PRIOR,
                "evidence": [
                    {"rule": source, "says": _says(result, source, lang), "weight": weight}
                    for concerned, source, weight in evidence.contributions
                    if concerned is category
                ],
            }
            for category in CATEGORIES
        ],
        "matches": [
            {
                "start": match.start,
                "end": match.end,
                "text": match.text,
                "term": term,
                "category": match.category.value,
                "name": CATEGORY_NAMES[lang][match.category],
                "rule": match.rule,
                "says": _says(result, match.rule, lang),
                "steps": [STEP_NAMES[lang].get(step, step) for step in match.steps],
                "weight": match.weight,
            }
            for match, term in result.matched()
        ],
    }


def _says(result: Result, source: str, lang: Language) -> str:
    """What a rule says of itself; nothing for the model, of which the page speaks."""
    rule = result.rule(source) if source != MODEL else None
    return (rule.describe_vi if lang == "vi" else rule.describe_en) if rule else ""
