"""Policies: from scores to an action, a category at a time; the gravest action wins."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from contentfilter.categories import CATEGORIES, Action, Category
from contentfilter.errors import PolicyError

from .evidence import NUMBERS
from .judge import Bounds

_GRAVITY: Final = tuple(Action)
_NEVER: Final = 2.0


@dataclass(frozen=True)
class Thresholds:
    """The least scores at which a text is held for review, masked, or blocked; above 1 where that is never done."""

    review: float = _NEVER
    mask: float = _NEVER
    block: float = _NEVER

    @cached_property
    def least(self) -> float:
        """The least log-odds that are flagged."""
        return min(self.log_odds)

    @cached_property
    def log_odds(self) -> tuple[float, float, float]:
        """The least log-odds for each."""
        review, mask, block = (math.log(score / (1 - score)) if score < 1 else math.inf for score in (self.review, self.mask, self.block))
        return review, mask, block


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds a category, and the categories whose matches `Result.masked` hides."""

    name: str
    thresholds: Mapping[Category, Thresholds]
    masking: frozenset[Category]

    def action(self, log_odds: Mapping[Category, float], ruled: Collection[Category] = CATEGORIES) -> Action:
        """The gravest of the categories' actions. In one that no rule speaks for (`ruled`) the model alone does, and a person looks.

        What no rule can name is neither blocked nor, as there is nothing to mask in it, let pass masked.
        """
        bounds = self.bounds()
        told = [bounds.action(NUMBERS[category], value, category not in ruled) for category, value in log_odds.items()]
        return _GRAVITY[max(told, default=0)]

    def bounds(self) -> Bounds:
        """The thresholds as a flat table."""
        return Bounds({category: thresholds.log_odds for category, thresholds in self.thresholds.items()})


def adjusted(
    policy: Policy, thresholds: Mapping[Category, Mapping[str, float]], actions: Mapping[Category, Action]
) -> Policy:
    """The policy with other least scores for some categories ("review", "mask", "block"), and with one action alone for others, from
    the score where anything was done about them.
    """
    changed = dict(policy.thresholds)
    for category, bounds in thresholds.items():
        changed[category] = replace(changed[category], **bounds)
    for category, action in actions.items():
        least = min(changed[category].review, changed[category].mask, changed[category].block)
        changed[category] = Thresholds() if action is Action.ALLOW else Thresholds(**{action.value: least})
    return replace(policy, thresholds=changed)


_MASKING: Final = frozenset((Category.PROFANITY, Category.INSULT, Category.HATE, Category.SEXUAL, Category.PII))


def _policy(name: str, flag: float, block: float, **own: Thresholds) -> Policy:
    usual = dict.fromkeys(CATEGORIES, Thresholds(review=flag, block=block))
    return Policy(name, usual | {Category(category): thresholds for category, thresholds in own.items()}, _MASKING)


# The thresholds are judgements: a swear word and a phone number are hidden, not punished; who speaks of self-harm needs a
# person, never a wall; everything else goes to a person first and is stopped only where little doubt is left.
POLICIES: Final = {
    policy.name: policy
    for policy in (
        _policy(
            "default", 0.5, 0.95,
            profanity=Thresholds(mask=0.5), pii=Thresholds(mask=0.5), self_harm=Thresholds(review=0.5),
        ),
        _policy(
            "strict", 0.3, 0.7,
            profanity=Thresholds(mask=0.3, block=0.95), pii=Thresholds(mask=0.3), self_harm=Thresholds(review=0.3),
        ),
        _policy(
            "lenient", 0.8, 0.99,
            profanity=Thresholds(), pii=Thresholds(mask=0.8), self_harm=Thresholds(review=0.6),
        ),
    )
}  # fmt: skip


def policy_named(name: str) -> Policy:
    """The shipped policy of this name; raises `PolicyError`."""
    try:
        return POLICIES[name]
    except (KeyError, TypeError):
        raise PolicyError(f"policy {name!r}: no such policy, expected one of: {', '.join(POLICIES)}") from None
