"""Signs of innocence where the model alone speaks of a harm. A sign counts beside a rule's match only; one of innocence counts here too.

The heads of trade and numbers learned from few texts, and "your one-time code is" has the words of a fraud. What a rule says of
innocence is taken off the model's log-odds, as it is off a rule's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from contentfilter.categories import ABUSE, Category
from contentfilter.decide.evidence import HEADS
from contentfilter.match.settle import Hit
from contentfilter.rules.schema import Rule

_HEARD: Final = frozenset(HEADS.values()) - ABUSE
"""Not abuse: its heads learned from labelled comments, and nobody is less insulted for a court being named beside."""


def heard(rules: Iterable[Rule]) -> frozenset[Category]:
    """The categories for which signs of innocence are looked for: those that any rule has some for."""
    signs = {category for rule in rules if any(term.weight < 0 for term in rule.terms) for category in rule.categories}
    return _HEARD & signs


def suspected(
    heads: Sequence[str], logits: Sequence[float], bounds: Sequence[float], categories: frozenset[Category], hits: Sequence[Hit]
) -> frozenset[Category]:
    """Those of the categories in which the model alone flags a text: its head reaches its bound, and no rule has a match in it."""
    reached = {HEADS[head] for head, logit, bound in zip(heads, logits, bounds, strict=True) if logit >= bound} & categories
    return frozenset(reached.difference(*[hit.categories for hit in hits])) if reached else frozenset()


def with_signs(hits: Sequence[Hit], signs: Iterable[Hit], categories: frozenset[Category]) -> list[Hit]:
    """The hits and, of `signs`, those of innocence in the categories, in order of their start."""
    spoken = [
        Hit(sign.start, sign.end, sign.term, sign.steps, sign.missing, own)
        for sign in map(Hit.placed, signs)
        if sign.term.weight < 0 and not sign.term.trial and (own := tuple([c for c in sign.categories if c in categories]))
    ]
    return sorted([*map(Hit.placed, hits), *spoken], key=lambda hit: hit.start) if spoken else list(hits)
