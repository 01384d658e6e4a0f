"""What callers hand over, checked: a string is iterable too, and never meant so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def paths_of(name: str, paths: Iterable[str | Path]) -> list[Path]:
    """The paths of an argument. Raises `TypeError` where it is one path."""
    if isinstance(paths, str | Path):
        raise TypeError(f"{name}: found one path, expected a list of paths: [{str(paths)!r}]")
    return list(map(Path, paths))


def phrases_of(phrases: Iterable[str]) -> tuple[str, ...]:
    """Words or phrases. Raises `TypeError` where it is one string, or one of them is no string."""
    if isinstance(phrases, str):
        raise TypeError("found one str, expected a list of words or phrases")
    found = tuple(phrases)
    for position, phrase in enumerate(found):
        if not isinstance(phrase, str):
            raise TypeError(f"phrases[{position}]: found {type(phrase).__name__}, expected str")
    return found
