"""The share of a batch's stages, by clocks put around a filter's own steps, in a pass of its own."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from contentfilter import ContentFilter

_STEPS = (
    ("look up chunks", "_table.look_up"),
    ("add up the model's shares", "_adder.batch"),
    ("match and settle", "_match"),
    ("weigh and decide", "_decide"),
)
_REST = "split and make results"


class Clock:
    """Seconds spent in each named step; a step within another counts for the outer one."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._running = False

    def around(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        """`step`, timed."""

        def timed(*arguments: Any) -> Any:
            if self._running:
                return step(*arguments)
            self._running = True
            start = time.perf_counter()
            try:
                return step(*arguments)
            finally:
                self.seconds[name] += time.perf_counter() - start
                self._running = False

        return timed


def stage_shares(made: ContentFilter, parts: Iterable[list[str]]) -> dict[str, float]:
    """The share, in [0, 1], of each stage in judging `parts`; empty where the filter's steps are named otherwise by now.

    The steps are called once or twice a batch, the decision once a suspected text: the clocks cost next to nothing. `made`
    keeps them, so it is not to be used again.
    """
    clock = Clock()
    try:
        for name, path in _STEPS:
            _put(made, path, name, clock)
    except AttributeError:
        return {}
    start = time.perf_counter()
    for part in parts:
        made.classify_batch(part)
    whole = time.perf_counter() - start
    shares = {name: clock.seconds[name] / whole for name, _ in _STEPS}
    return {**shares, _REST: 1 - sum(shares.values())}


def _put(made: ContentFilter, path: str, name: str, clock: Clock) -> None:
    *owners, attribute = path.split(".")
    owner: Any = made
    for part in owners:
        owner = getattr(owner, part)
    setattr(owner, attribute, clock.around(name, getattr(owner, attribute)))
