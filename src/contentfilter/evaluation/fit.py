"""Weights that fit labelled texts: logistic regression on what the rules contributed, held near the written weights.

A category's log-odds are the sum of what speaks to it (`decide.evidence`). Each rule r gets a correction δ(r), added wherever it
contributed; over all documents and categories that a rule spoke to, Σ log-loss + strength/2 · Σ δ² is least. So a rule that few documents
know stays as it was written. A sign stays a sign (under 2), what is more stays more, and innocence stays innocence, because what is matched
hangs on that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from contentfilter.decide.evidence import MODEL, sum_up
from contentfilter.filter import ContentFilter
from contentfilter.match.keywords import SIGN
from contentfilter.rules.schema import Rule

from .labelled import Labelled
from .measure import judged

_ROUNDS: Final = 50
_CLOSE: Final = 1e-6
_LEAST: Final = 0.01
"""Smaller corrections are none."""

Floats = npt.NDArray[np.float64]


class Refit(NamedTuple):
    """A rule's weight, and the one that fits; `documents` are those that it spoke in."""

    rule: str
    before: float
    after: float
    documents: int


def fit(contentfilter: ContentFilter, documents: Iterable[Labelled], strength: float) -> list[Refit]:
    """The rules whose weight should change, in their order. Documents without a label say nothing, nor do categories of which a label is
    silent: a text labelled as a scam may be spam too.
    """
    numbers = {rule.id: number for number, rule in enumerate(contentfilter.rules)}
    rows: list[list[int]] = []
    offsets: list[float] = []
    truths: list[bool] = []
    for document, result in judged(contentfilter, documents):
        if document.harms is None:
            continue
        found = result.contributions()
        sums = sum_up(found)
        for category in {one[0] for one in found if one[1] != MODEL}:
            if category in document.harms or not document.harms:
                rows.append([numbers[source] for concerned, source, _ in found if concerned is category and source != MODEL])
                offsets.append(sums[category])
                truths.append(category in document.harms)
    columns = sorted({number for row in rows for number in row})
    if not columns:
        return []
    places = {number: place for place, number in enumerate(columns)}
    spoke = np.zeros((len(rows), len(columns)))
    for place, row in enumerate(rows):
        spoke[place, [places[number] for number in row]] = 1.0
    corrections = _newton(spoke, np.array(offsets), np.array(truths, dtype=np.float64), strength)
    counts = spoke.sum(axis=0)
    refits = []
    for place, number in enumerate(columns):
        rule = contentfilter.rules[number]
        after = round(_same_side(rule, rule.weight + float(corrections[place])), 2)
        if abs(after - rule.weight) >= _LEAST:
            refits.append(Refit(rule.id, rule.weight, after, int(counts[place])))
    return refits


def _newton(spoke: Floats, offsets: Floats, truths: Floats, strength: float) -> Floats:
    """The corrections (k,) that minimise the loss for `spoke` (n, k), `offsets` (n,), `truths` (n,); convex, so Newton's steps, halved
    where one would not descend, end in the minimum.
    """
    corrections = np.zeros(spoke.shape[1])

    def loss(at: Floats) -> float:
        logits = offsets + spoke @ at
        return float(np.logaddexp(0.0, logits).sum() - truths @ logits + strength / 2 * at @ at)

    for _ in range(_ROUNDS):
        chances = 1.0 / (1.0 + np.exp(-np.clip(offsets + spoke @ corrections, -30, 30)))
        gradient = spoke.T @ (chances - truths) + strength * corrections
        curvature = (spoke * (chances * (1 - chances))[:, None]).T @ spoke + strength * np.eye(spoke.shape[1])
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while size > _CLOSE and loss(corrections - size * step) > loss(corrections):
            size /= 2
        corrections = corrections - size * step
        if np.abs(size * step).max() < _CLOSE:
            break
    return corrections


def _same_side(rule: Rule, weight: float) -> float:
    if rule.weight < 0:
        return min(max(weight, -10.0), -0.05)
    low, high = (0.05, SIGN - 0.05) if rule.weight < SIGN else (SIGN, 10.0)
    return min(max(weight, low), high)
