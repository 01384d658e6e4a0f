"""Packs test themselves: every rule's examples, run through the whole filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .schema import Rule

Matching = Callable[[str], frozenset[str]]
"""A text → the ids of the rules that match in it, whatever the action."""


def failures(rules: Sequence[Rule], matching: Matching) -> tuple[list[str], int]:
    """What the examples of the rules say wrongly, a line each, and how many examples were run."""
    examples = [
        (rule.id, text, expected) for rule in rules for texts, expected in ((rule.match, True), (rule.passes, False)) for text in texts
    ]
    found = [
        f"{identity}: {'does not match' if expected else 'matches'} {text!r}, expected {'a match' if expected else 'none'}"
        for identity, text, expected in examples
        if (identity in matching(text)) is not expected
    ]
    return found, len(examples)
