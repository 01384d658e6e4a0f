"""Packs test themselves: every rule's examples, run through the whole filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

from .schema import Rule

Matching = Callable[[str], Mapping[str, Sequence[str]]]
"""A text → the ids of the rules that match in it, whatever the action, each with what it found and how."""
Language = Literal["vi", "en"]
_WORDS: Final[dict[Language, tuple[str, str, str]]] = {
    "vi": ("không khớp {!r}, lẽ ra phải khớp", "khớp {!r}, lẽ ra không được khớp", "thấy"),
    "en": ("does not match {!r}, expected a match", "matches {!r}, expected none", "found"),
}


def failures(rules: Sequence[Rule], matching: Matching, lang: Language = "vi") -> tuple[list[str], int]:
    """What the examples of the rules say wrongly, and how many examples were run; those of rules that are off are not.

    Each failure is a line, then what matched instead (or after all), a line each.
    """
    examples = [
        (rule.id, text, expected)
        for rule in rules
        if rule.status != "off"
        for texts, expected in ((rule.match, True), (rule.passes, False))
        for text in texts
    ]
    missed, alarmed, placed = _WORDS[lang]
    found = []
    for identity, text, expected in examples:
        matched = matching(text)
        if (identity in matched) is expected:
            continue
        told = f"{identity}: {(missed if expected else alarmed).format(text)}"
        shown = matched if expected else {identity: matched[identity]}
        because = [f"    {other} {placed} {place}" for other, places in shown.items() for place in places]
        found.append("\n".join([told, *because]))
    return found, len(examples)
