"""The share of a batch's stages, by asking a thousand times a second which module is at work: no stage is slowed by a clock.

A sample counts for the innermost frame of the library: what numpy or the automaton does counts for the stage that called it.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import contentfilter

_PACKAGE: Final = str(Path(contentfilter.__file__).parent) + "/"
_STAGES: Final = (
    ("chunks.py", "encode"),
    ("normalize/", "normalize"),
    ("match/settle.py", "settle"),
    ("match/lines.py", "settle"),
    ("match/segment.py", "segment"),
    ("match/", "match"),
    ("model/", "classify"),
    ("decide/", "weigh"),
    ("result.py", "results"),
    ("filter.py", "split and lead through"),
)
"""The first that a file's path begins with; the filter itself splits texts and makes lists."""

_INTERVAL: Final = 1e-3


@contextmanager
def sampled(shares: dict[str, float]) -> Iterator[None]:
    """Fill `shares` with each stage's share, in [0, 1], of the samples taken while the block runs; needs the main thread."""
    samples: Counter[str] = Counter()

    def take(_number: int, frame: FrameType | None) -> None:
        while frame is not None and not frame.f_code.co_filename.startswith(_PACKAGE):
            frame = frame.f_back
        if frame is not None:
            samples[stage_of(frame.f_code.co_filename.removeprefix(_PACKAGE))] += 1

    before = signal.signal(signal.SIGALRM, take)
    signal.setitimer(signal.ITIMER_REAL, _INTERVAL, _INTERVAL)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    whole = max(samples.total(), 1)
    shares.update({name: samples[name] / whole for name in dict.fromkeys(name for _, name in _STAGES)})


def stage_of(path: str) -> str:
    """The stage of a file of the library. Raises `LookupError` for one that is in none: the table above lacks it."""
    for beginning, name in _STAGES:
        if path.startswith(beginning):
            return name
    raise LookupError(f"benchmarks/stages.py: {path} is in no stage")


def shares_of(work: Callable[[], object]) -> dict[str, float]:
    """Each stage's share in `work`."""
    shares: dict[str, float] = {}
    with sampled(shares):
        work()
    return shares
