"""Results of one filter as columns, the same as asking one after the other: what files and tables are written from.

Most texts are clean, and what is said of a text in which no rule matched comes from the model alone: that is worked out in columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from contentfilter.categories import CATEGORIES
from contentfilter.decide.evidence import ATTACKS, HEADS, PRIOR, sigmoid, unruled
from contentfilter.result import MARKED_FROM, Match, Result, logits_of, matched

Floats = npt.NDArray[np.float64]

_AT_PRIOR: Final = dict.fromkeys(CATEGORIES, PRIOR)
_in_order: Final = itemgetter(*CATEGORIES)
_TOLD_BY_HEADS: Final = np.array([[category in HEADS.values()] for category in CATEGORIES])
MILLION: Final = 1_000_000
_DOUBT: Final = 1e-6
"""Of a millionth: far more than rounding errs."""


class Columns:
    """What is known of each result of a batch. What is not asked for is not worked out."""

    def __init__(self, results: Sequence[Result]) -> None:
        self._results = results
        logits = logits_of(results)
        heads = results[0]._scales.heads if results else ()
        self.log_odds: Floats = np.full((len(CATEGORIES), len(results)), PRIOR)
        """(categories, texts), in the order of `CATEGORIES`."""
        for category, column in unruled(heads, logits).items() if results else ():
            self.log_odds[CATEGORIES.index(category)] = column
        self._ruled = [i for i, result in enumerate(results) if result.hits]
        if self._ruled:
            self.log_odds[:, self._ruled] = np.array([_in_order(_AT_PRIOR | results[i].log_odds) for i in self._ruled]).T
        attacks = [i for i, head in enumerate(heads) if head in ATTACKS]
        self._suspected: list[int] = np.flatnonzero((logits[:, attacks] >= MARKED_FROM).any(axis=1)).tolist() if attacks else []

    def scores(self) -> Floats:
        """(categories, texts), to the bit those of the results."""
        return np.array([list(map(sigmoid, column)) for column in self.log_odds.tolist()])

    def millionths(self) -> npt.NDArray[np.int64]:
        """The scores as they are written, rounded to six digits: (categories, texts), 0 to 1,000,000."""
        odds = np.exp(-np.abs(self.log_odds))  # a last bit may differ from `sigmoid`, which rounding hides but for what is near a half
        exact = np.where(self.log_odds >= 0, 1.0, odds) / (1.0 + odds) * MILLION
        rounded = np.rint(exact).astype(np.int64)
        for place in zip(*np.nonzero(np.abs(np.abs(exact - rounded) - 0.5) < _DOUBT), strict=True):
            rounded[place] = int(f"{sigmoid(float(self.log_odds[place])):.6f}".replace(".", ""))
        return rounded

    def severity(self) -> npt.NDArray[np.int8]:
        """(categories, texts), those of the results."""
        severity: npt.NDArray[np.int8] = ((self.log_odds >= 0) & _TOLD_BY_HEADS).astype(np.int8)
        if self._ruled:
            severity[:, self._ruled] = np.array([_in_order(self._results[i].severity) for i in self._ruled]).T
        return severity

    def matches(self) -> list[tuple[Match, ...]]:
        """Those of each result."""
        found: list[tuple[Match, ...]] = [()] * len(self._results)
        places = sorted({*self._ruled, *self._suspected})
        for i, told in zip(places, matched([self._results[i] for i in places]), strict=True):
            found[i] = tuple([match for match, _ in told])
        return found


def arrow_lists(rows: Sequence[Sequence[tuple[Any, ...]]], kind: Any) -> Any:
    """Rows of tuples as an Arrow array of a list type of structs, a field for each value."""
    import pyarrow as pa

    fields = list(kind.value_type)
    flat = list(chain.from_iterable(rows))
    columns = list(zip(*flat, strict=True)) if flat else [()] * len(fields)
    values = [pa.array(column, field.type) for column, field in zip(columns, fields, strict=True)]
    offsets = pa.array([0, *accumulate(map(len, rows))], pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(values, fields=fields), type=kind)
