"""What the page asks and is told: a text, words and an overlay of one's own in, the verdict without and with them out."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from contentfilter.categories import CATEGORIES, Action
from contentfilter.decide.evidence import MODEL, PRIOR, sum_up, told_by_rules
from contentfilter.decide.policy import POLICIES, Policy, adjusted
from contentfilter.errors import DataError, PackError
from contentfilter.explain import ACTION_NAMES, CATEGORY_NAMES, STEP_NAMES, Language
from contentfilter.filter import ContentFilter
from contentfilter.result import Match, Result
from contentfilter.rules.overlay import with_overlay

MOST_CHARACTERS: Final = 100_000
"""In a text; some 20,000 words, which take seconds where all are new."""

Words = tuple[tuple[str, str], ...]
"""Pairs of a category, or "allowed", and a word or phrase."""
ALLOWED: Final = "allowed"

_PLACE: Final = re.compile(r":(\d+):(\d+): (.*)")


@dataclass(frozen=True, slots=True)
class Question:
    """What the page sends."""

    text: str
    words: Words
    lang: Language
    overlay: str = ""
    """YAML as in an overlay's file; blank for none."""


class Changed(NamedTuple):
    """A filter with the words and the overlay of a question."""

    contentfilter: ContentFilter
    policies: Mapping[str, Policy]
    faults: Sequence[Mapping[str, Any]] = ()
    """What is wrong with the overlay, by `line` and `column`: then it is left out."""


def question_of(value: object) -> Question:
    """Read a question from JSON; raises `DataError` that names the key."""
    if not isinstance(value, Mapping):
        raise DataError(f"found {type(value).__name__}, expected an object with the keys text, words, lang")
    text, words, lang, overlay = value.get("text"), value.get("words"), value.get("lang"), value.get("overlay", "")
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise DataError(f"text: expected text of at most {MOST_CHARACTERS:,} characters")
    if not isinstance(overlay, str) or len(overlay) > MOST_CHARACTERS:
        raise DataError(f"overlay: expected text of at most {MOST_CHARACTERS:,} characters")
    if lang not in ("vi", "en"):
        raise DataError(f"lang: found {lang!r}, expected 'vi' or 'en'")
    kinds = (ALLOWED, *(category.value for category in CATEGORIES))
    if not isinstance(words, list):
        raise DataError(f"words: found {type(words).__name__}, expected a list of pairs")
    for position, pair in enumerate(words):
        if not (isinstance(pair, list) and len(pair) == 2 and pair[0] in kinds and isinstance(pair[1], str) and pair[1].strip()):
            raise DataError(f"words[{position}]: expected a pair of one of {', '.join(kinds)} and a word or phrase")
    return Question(text, tuple((kind, word) for kind, word in words), lang, overlay)


def trial(base: ContentFilter, overlays: Iterable[Path] = ()) -> Callable[[Question], dict[str, Any]]:
    """A function that answers questions about this filter as these overlays change it; threads may share it.

    An answer holds the verdict `now`, with the words and the overlay of the question, and `before`, without them, null where there
    are none; and the overlay's `faults`.
    """
    building = threading.Lock()
    policies: Mapping[str, Policy] = POLICIES
    for path in overlays:
        base, policies = _changed(base, policies, path)

    @lru_cache(maxsize=2)  # what is on trial, and what was before the last change
    def worded(words: Words) -> ContentFilter:
        made = base
        for category in CATEGORIES:
            if terms := [word for kind, word in words if kind == category]:
                made = made.with_terms(category, terms)
        if allowed := [word for kind, word in words if kind == ALLOWED]:
            made = made.with_allowed(allowed)
        return made

    @lru_cache(maxsize=2)
    def changed(words: Words, overlay: str) -> Changed:
        made = worded(words)
        return _overlaid(made, policies, overlay) if overlay.strip() else Changed(made, policies)

    def answer(question: Question) -> dict[str, Any]:
        with building:
            made = changed(question.words, question.overlay)
        anything = question.words or (question.overlay.strip() and not made.faults)
        return {
            "now": _verdict(made.contentfilter.classify(question.text), made.policies, question.lang),
            "before": _verdict(base.classify(question.text), policies, question.lang) if anything else None,
            "faults": made.faults,
        }

    return answer


def _changed(contentfilter: ContentFilter, policies: Mapping[str, Policy], path: Path) -> tuple[ContentFilter, Mapping[str, Policy]]:
    """The filter and the policies as an overlay changes them. Raises `PackError`."""
    _, lists, *_ = contentfilter.__getstate__()
    _, said = with_overlay(lists, path)
    changed = {name: adjusted(policy, said.thresholds, said.actions) for name, policy in policies.items()}
    return contentfilter.with_overlays([path]), changed


def _overlaid(contentfilter: ContentFilter, policies: Mapping[str, Policy], overlay: str) -> Changed:
    with TemporaryDirectory(prefix="contentfilter-") as folder:  # for this user alone, and gone at once
        path = Path(folder) / "overlay.yaml"
        path.write_text(overlay, encoding="utf-8", errors="backslashreplace")
        try:
            return Changed(*_changed(contentfilter, policies, path))
        except PackError as error:
            return Changed(contentfilter, policies, [_fault(line.removeprefix(str(path))) for line in str(error).split("\n")])


def _fault(told: str) -> dict[str, Any]:
    found = _PLACE.fullmatch(told)
    line, column, message = found.groups() if found else (1, 1, told.lstrip(": "))
    return {"line": int(line), "column": int(column), "message": message}


def _verdict(result: Result, policies: Mapping[str, Policy], lang: Language) -> dict[str, Any]:
    evidence, matched, masked = result.evidence, result.matched(), result.masked  # a fault there changes the action
    log_odds = sum_up(evidence.contributions)
    ruled = told_by_rules(evidence.contributions)
    actions = {name: policy.action(log_odds, ruled) for name, policy in policies.items()}
    if result.errors:  # held, under any policy
        actions = {name: action if action is Action.BLOCK else Action.REVIEW for name, action in actions.items()}
    return {
        "action": result.action.value,
        "policies": [{"policy": name, "action": action.value, "name": ACTION_NAMES[lang][action]} for name, action in actions.items()],
        "errors": list(result.errors),
        "masked": masked,
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
        "matches": [{**_told(result, match, lang), "term": term} for match, term in matched],
        "trials": [{**_told(result, match, lang), **_would_be(result.action_with(match.rule), lang)} for match in result.trials],
    }


def _told(result: Result, match: Match, lang: Language) -> dict[str, Any]:
    return {
        "start": match.start,
        "end": match.end,
        "text": match.text,
        "category": match.category.value,
        "name": CATEGORY_NAMES[lang][match.category],
        "rule": match.rule,
        "says": _says(result, match.rule, lang),
        "steps": [STEP_NAMES[lang].get(step, step) for step in match.steps],
        "weight": match.weight,
    }


def _would_be(action: Action, lang: Language) -> dict[str, str]:
    """The action were a rule on trial active."""
    return {"action": action.value, "action_name": ACTION_NAMES[lang][action]}


def _says(result: Result, source: str, lang: Language) -> str:
    """What a rule says of itself; nothing for the model, of which the page speaks."""
    rule = result.rule(source) if source != MODEL else None
    return (rule.describe_vi if lang == "vi" else rule.describe_en) if rule else ""
