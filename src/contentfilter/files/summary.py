"""What a run found, counted block by block."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import chain
from typing import Any, Final

import numpy as np

from contentfilter.categories import CATEGORIES, Action
from contentfilter.columns import MILLION

from .scored import Rows

_SLOWEST: Final = 5


@dataclass(slots=True)
class Summary:
    """What a run, or a block of it, found."""

    documents: int = 0
    bad_rows: int = 0
    held: int = 0
    """Documents with an error in their result: what was not judged whole is held for review."""
    actions: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    """Flagged documents by category whose score is at least one half."""
    rules: Counter[str] = field(default_factory=Counter)
    """Flagged documents by rule that matched."""
    slowest: list[tuple[float, str, str, int]] = field(default_factory=list)
    """Seconds, file, id and characters of the slowest of the long documents, which are timed one by one."""

    def add(self, rows: Rows) -> None:
        """Count documents."""
        self.documents += len(rows.actions)
        self.held += sum(map(bool, rows.errors))
        self.actions += Counter({action.value: count for action, count in Counter(rows.actions).items()})
        flagged = [i for i, action in enumerate(rows.actions) if action is not Action.ALLOW]
        likely = np.count_nonzero(rows.scores[:, flagged] >= MILLION // 2, axis=1).tolist()
        self.categories += Counter(dict(zip(map(str, CATEGORIES), likely, strict=True)))
        self.rules.update(chain.from_iterable([dict.fromkeys([match.rule for match in rows.matches[i]]) for i in flagged]))

    def merge(self, other: Summary) -> None:
        """Add what another block found."""
        self.documents += other.documents
        self.bad_rows += other.bad_rows
        self.held += other.held
        self.actions += other.actions
        self.categories += other.categories
        self.rules += other.rules
        self.slowest = nlargest(_SLOWEST, self.slowest + other.slowest)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "documents": self.documents,
            "bad_rows": self.bad_rows,
            "held": self.held,
            "actions": dict(self.actions),
            "categories": dict(self.categories),
            "rules": dict(self.rules),
            "slowest": self.slowest,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Summary:
        """The summary that `to_dict` gave."""
        counters = {name: Counter(values[name]) for name in ("actions", "categories", "rules")}
        return cls(values["documents"], values["bad_rows"], values["held"], **counters, slowest=[tuple(slow) for slow in values["slowest"]])
