"""Every fault of every file at once, for people who write packs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from contentfilter.errors import PackError

from .compile import compile_rules
from .load import with_packs
from .nodes import File
from .overlay import with_overlay
from .schema import WordLists


def faults(paths: Sequence[Path], lists: WordLists, heads: Sequence[str]) -> list[str]:
    """What is wrong with packs and overlays, a line each: path:line:column, what was found, what was expected.

    Packs are read upon `lists`, overlays upon all packs; `heads` are those of the model that conditions may ask. Nothing is told of how
    files fit together before each is right by itself.
    """
    found: list[str] = []
    overlays = [path for path in paths if is_overlay(path)]
    try:
        lists = with_packs(lists, [path for path in paths if path not in overlays])
        compile_rules(lists, heads)
    except PackError as error:
        found += str(error).splitlines()
    for path in overlays:
        try:
            with_overlay(lists, path)
        except PackError as error:
            found += str(error).splitlines()
    return found


def is_overlay(path: Path) -> bool:
    """Does a file say that it is an overlay? What can't be read is none."""
    try:
        root = File(path).root()
    except PackError:
        return False
    return any(key.text == "overlay" for key, _ in root.pairs or ())
