"""Shapes of the page's charts: plain rectangles for SVG, in the units of their view box."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from contentfilter.categories import Action

_ACTIONS: Final = [action.value for action in Action]
_BARS: Final = 60


class Bar(NamedTuple):
    """A rectangle, y from the top; `kind` is its class."""

    x: float
    y: float
    width: float
    height: float
    kind: str


def histogram(counts: Sequence[int], width: float, height: float) -> list[Bar]:
    """A bar for each count, as high as its logarithm: among a million clean texts a hundred others can still be seen."""
    most = math.log1p(max(counts, default=0)) or 1.0
    step = width / len(counts)
    heights = [round(height * math.log1p(count) / most, 1) for count in counts]
    return [Bar(round(step * i, 2), height - high, round(step * 0.85, 2), high, "bar") for i, high in enumerate(heights)]


def stack(counts: Mapping[str, int], width: float, height: float) -> list[Bar]:
    """One bar from left to right, a part for each action."""
    total = sum(counts.values()) or 1
    bars, x = [], 0.0
    for action in _ACTIONS:
        part = width * counts.get(action, 0) / total
        bars.append(Bar(round(x, 2), 0, round(part, 2), height, action))
        x += part
    return bars


class Period(NamedTuple):
    """Some days of the timeline, both included."""

    first: date
    last: date
    actions: Counter[str]


def periods(days: Mapping[date, Counter[str]]) -> list[Period]:
    """The days from first to last in at most sixty runs of equal length."""
    if not days:
        return []
    first, last = min(days), max(days)
    length = max(1, math.ceil(((last - first).days + 1) / _BARS))
    counts: dict[int, Counter[str]] = {}
    for day, actions in days.items():
        counts.setdefault((day - first).days // length, Counter()).update(actions)
    return [
        Period(begin := first + timedelta(i * length), min(last, begin + timedelta(length - 1)), counts.get(i, Counter()))
        for i in range((last - first).days // length + 1)
    ]


def timeline(runs: Sequence[Period], width: float, height: float) -> Iterator[Bar]:
    """A column for each run of days, what is gravest at the bottom."""
    most = max((run.actions.total() for run in runs), default=0) or 1
    step = width / max(len(runs), 1)
    for i, run in enumerate(runs):
        y = height
        for action in reversed(_ACTIONS):
            high = height * run.actions[action] / most
            y -= high
            if high:
                yield Bar(round(step * i, 2), round(y, 2), round(step * 0.85, 2), round(high, 2), action)
