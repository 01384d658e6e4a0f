"""One pass over a scored file: everything that its page shows, in memory that does not grow with the file."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from heapq import heappush, heappushpop
from typing import Any, Final, NamedTuple

from contentfilter.categories import CATEGORIES, Category
from contentfilter.decide.policy import Policy
from contentfilter.errors import DataError

BINS: Final = 20
"""Of a score's distribution."""
_EXAMPLES: Final = 4
"""For each category, each by another rule; and for each rule on trial."""
_NEAREST: Final = 20
_GROUPS: Final = 1000
_SHOWN: Final = 400
"""Characters shown of a text, around its first match."""
_SURE: Final = 0.5
"""The score from which a document counts for a category."""
MODEL: Final = "model"


class Example(NamedTuple):
    """A document to look at."""

    id: str
    action: str
    scores: dict[str, float]
    matches: list[dict[str, Any]]
    text: str | None
    """What is shown of it; None where the file keeps no text."""
    start: int
    """Where the shown part begins in the text."""
    cut: bool
    """Is more of the text behind the shown part?"""


class Near(NamedTuple):
    """A document close to where another action begins."""

    distance: float
    """In log-odds."""
    number: int
    category: str
    threshold: float
    action: str
    """What begins at the threshold."""
    example: Example


@dataclass(slots=True)
class RuleCount:
    """How a rule did."""

    documents: int = 0
    flagged: int = 0
    alone: int = 0
    """Flagged documents in which no other rule matched."""


@dataclass(slots=True)
class TrialCount:
    """What a rule on trial would do."""

    documents: int = 0
    """In which it matched."""
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Documents by their action and the one that they would get, where the two differ."""
    examples: list[Example] = field(default_factory=list)
    """Documents that would get another action."""


@dataclass(slots=True)
class Gathered:
    """What a scored file holds."""

    documents: int = 0
    held: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    """Documents whose score is at least one half."""
    histograms: dict[str, list[int]] = field(default_factory=lambda: {category.value: [0] * BINS for category in CATEGORIES})
    rules: defaultdict[str, RuleCount] = field(default_factory=lambda: defaultdict(RuleCount))
    trials: defaultdict[str, TrialCount] = field(default_factory=lambda: defaultdict(TrialCount))
    steps: Counter[str] = field(default_factory=Counter)
    """Matches by disguise undone."""
    days: defaultdict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    undated: int = 0
    groups: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    examples: dict[str, dict[str, Example]] = field(default_factory=lambda: {category.value: {} for category in CATEGORIES})
    """Category → rule → a document that it found, the highest scores first where there is a choice."""
    nearest: list[Near] = field(default_factory=list)


def gather(rows: Iterable[dict[str, Any]], policy: Policy, text: str | None, day: str | None, group: str | None) -> Gathered:
    """Count the rows of a scored file; `text`, `day` and `group` name the columns for examples, timeline and breakdown.

    Raises `DataError` for a breakdown into more than a thousand groups: one by author would be a record of persons.
    """
    found = Gathered()
    for row in rows:
        _count(found, row)
        if day is not None:
            when = day_of(row[day])
            if when is None:
                found.undated += 1
            else:
                found.days[when][row["action"]] += 1
        if group is not None:
            found.groups[str(row[group])][row["action"]] += 1
            if len(found.groups) > _GROUPS:
                raise DataError(f"column {group!r} has more than {_GROUPS:,} values; break down by shop, channel or topic, not by person")
        _collect(found, row, policy, text)
        if row.get("trials"):
            _count_trials(found, row, text)
    found.nearest.sort(key=lambda near: (near.distance, near.number), reverse=True)
    return found


def _count(found: Gathered, row: dict[str, Any]) -> None:
    flagged = row["action"] != "allow"
    found.documents += 1
    found.held += bool(row.get("errors"))
    found.actions[row["action"]] += 1
    for category, score in row["scores"].items():
        found.histograms[category][min(int(score * BINS), BINS - 1)] += 1
        found.categories[category] += score >= _SURE
    rules = {match["rule"] for match in row["matches"]}
    for rule in rules:
        count = found.rules[rule]
        count.documents += 1
        count.flagged += flagged
        count.alone += flagged and len(rules) == 1
    for match in row["matches"]:
        found.steps.update(match["steps"])


def _count_trials(found: Gathered, row: dict[str, Any], text: str | None) -> None:
    for rule, action in {match["rule"]: match["action"] for match in row["trials"]}.items():
        count = found.trials[rule]
        count.documents += 1
        if action != row["action"]:
            count.changes[row["action"], action] += 1
            if len(count.examples) < _EXAMPLES:
                matches = [match for match in row["trials"] if match["rule"] == rule] + row["matches"]
                count.examples.append(_example({**row, "matches": matches}, text))


def _collect(found: Gathered, row: dict[str, Any], policy: Policy, text: str | None) -> None:
    """Keep the document where it makes an example, or is nearer to a threshold than others."""
    wanted = []
    if row["action"] != "allow":
        for category, score in row["scores"].items():
            if score >= _SURE:
                rule = next((match["rule"] for match in row["matches"] if match["category"] == category), MODEL)
                examples = found.examples[category]
                if rule not in examples and len(examples) < _EXAMPLES:
                    wanted.append((examples, rule))
    near = _near(row, policy)
    is_near = len(found.nearest) < _NEAREST or -near[0] > found.nearest[0].distance
    if not wanted and not is_near:
        return
    example = _example(row, text)
    for examples, rule in wanted:
        examples[rule] = example
    if is_near:  # a heap with the farthest first: distances are negative in it
        push = heappush if len(found.nearest) < _NEAREST else heappushpop
        push(found.nearest, Near(-near[0], -found.documents, *near[1:], example))


def _near(row: dict[str, Any], policy: Policy) -> tuple[float, str, float, str]:
    """The distance to the nearest threshold of any category, that category, the threshold, and the action that begins there."""
    best = (math.inf, "", 0.0, "")
    for category, score in row["scores"].items():
        log_odds = _log_odds(score)
        thresholds = policy.thresholds[Category(category)]
        for action in ("review", "mask", "block"):
            threshold = getattr(thresholds, action)
            if threshold < 1 and (distance := abs(log_odds - _log_odds(threshold))) < best[0]:
                best = (distance, category, threshold, action)
    return best


def _log_odds(score: float) -> float:
    score = min(max(score, 1e-6), 1 - 1e-6)
    return math.log(score / (1 - score))


def _example(row: dict[str, Any], text: str | None) -> Example:
    shown, start = row[text] if text is not None else None, 0
    matches = row["matches"][:20]
    if isinstance(shown, str) and len(shown) > _SHOWN:
        start = max(0, matches[0]["start"] - _SHOWN // 4) if matches else 0
    cut = isinstance(shown, str) and start + _SHOWN < len(shown)
    part = shown[start : start + _SHOWN] if isinstance(shown, str) else None
    return Example(str(row["id"]), row["action"], row["scores"], matches, part, start, cut)


def day_of(value: object) -> date | None:
    """The day of an ISO date or time, of a number (seconds since 1970, milliseconds where that would be after 5138), or None.

    >>> day_of("2026-03-01T10:00:00Z"), day_of(1772323200), day_of("hôm qua")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), None)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and not value.strip().lstrip("-").isdecimal():
            return datetime.fromisoformat(value.strip()).date()
        number = float(value)  # type: ignore[arg-type]  # what is no number raises, and is no day
        return datetime.fromtimestamp(number / 1000 if abs(number) > 1e11 else number, UTC).date()
    except (ValueError, TypeError, OverflowError, OSError):
        return None
