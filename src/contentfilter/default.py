"""The filter behind `contentfilter.classify`: built at the first call, shared by all threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from functools import cache

from contentfilter.filter import ContentFilter
from contentfilter.result import Result

_building = threading.Lock()
if hasattr(os, "register_at_fork"):  # a process forked while another thread builds would wait for ever
    os.register_at_fork(before=_building.acquire, after_in_parent=_building.release, after_in_child=_building.release)


@cache
def _default() -> ContentFilter:
    return ContentFilter()


def default_filter() -> ContentFilter:
    """The filter of shipped packs, model and policy."""
    with _building:
        return _default()


def classify(text: str) -> Result:
    """Judge one text with the default filter. Raises `TypeError` where it is no `str`."""
    return default_filter().classify(text)


def classify_batch(texts: Iterable[str]) -> list[Result]:
    """Judge texts with the default filter; results in the same order, equal to single calls'."""
    return default_filter().classify_batch(texts)
