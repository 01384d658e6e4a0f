"""Results of a batch as columns, the same as asking one after the other: what files and tables are written from.

Most texts are clean, and what is said of a text in which no rule matched comes from the model alone: that is worked out in columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from contentfilter.categories import CATEGORIES
from contentfilter.decide.evidence import HEADS, PRIOR, sigmoid, unruled
from contentfilter.result import MARKED_FROM, Match, Result, matched, unruled_logits

_ROWS: Final = {category: row for row, category in enumerate(CATEGORIES)}


class Columns(NamedTuple):
    """What is known of each text of a batch."""

    scores: npt.NDArray[np.float64]
    """(categories, texts), in the order of `CATEGORIES`."""
    severity: npt.NDArray[np.int8]
    """(categories, texts)."""
    matches: list[tuple[Match, ...]]


def columns_of(results: Sequence[Result]) -> Columns:
    """The scores, severities and matches of one filter's results, to the bit those of their properties."""
    shape = (len(CATEGORIES), len(results))
    scores, severity = np.full(shape, sigmoid(PRIOR)), np.zeros(shape, dtype=np.int8)
    matches: list[tuple[Match, ...]] = [()] * len(results)
    marked: list[int] = []
    for heads, places, logits in unruled_logits(results):
        by_category = unruled(heads, logits)
        worked_out = {id(log_odds): list(map(sigmoid, log_odds.tolist())) for log_odds in by_category.values()}
        for category, log_odds in by_category.items():
            scores[_ROWS[category], places] = worked_out[id(log_odds)]  # several categories share a column
            if category in HEADS.values():
                severity[_ROWS[category], places] = log_odds >= 0
        marked += places[logits.max(axis=1) >= MARKED_FROM].tolist()
    if ruled := [i for i, result in enumerate(results) if result.hits]:
        evidence = [results[i].evidence for i in ruled]
        scores[:, ruled] = np.array([list(found.scores.values()) for found in evidence]).T
        severity[:, ruled] = np.array([list(found.severity.values()) for found in evidence]).T
        marked += ruled
    for i, found in zip(marked, matched([results[i] for i in marked]), strict=True):
        matches[i] = tuple([match for match, _ in found])
    return Columns(scores, severity, matches)
