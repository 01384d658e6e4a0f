"""Texts in runs that go through the stages together, and the collector at rest meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

_SLICE: Final = 1024
"""Texts that go through the stages together: enough for columns to pay, few enough to stay in the processor's cache."""
_SLICE_CHARACTERS: Final = 1 << 20


@contextmanager
def collector_paused() -> Iterator[None]:
    """Thousands of objects are made at once, none in a cycle: the collector would go through them again and again in vain."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def slices(texts: list[str]) -> Iterable[list[str]]:
    """Runs of texts of at most `_SLICE` texts and, unless a single one is longer, `_SLICE_CHARACTERS` characters."""
    rest = iter(texts)
    while part := list(islice(rest, _SLICE)):
        if sum(map(len, part)) <= _SLICE_CHARACTERS:
            yield part
            continue
        small: list[str] = []
        size = 0
        for text in part:
            if small and size + len(text) > _SLICE_CHARACTERS:
                yield small
                small, size = [], 0
            small.append(text)
            size += len(text)
        yield small
