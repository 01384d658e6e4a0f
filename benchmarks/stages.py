"""The share of a batch's stages, by asking a thousand times a second which module is at work: no stage is slowed by a clock.

A sample counts for the innermost frame of the library: what numpy or the automaton does counts for the stage that called it. Compiled code
has no frames, so an interpreter of its own runs the sources in plain Python: `python benchmarks/stages.py [DATA]` prints shares as JSON.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Final

_FOUND: Final = find_spec("contentfilter")
_PACKAGE: Final = str(Path(_FOUND.origin if _FOUND and _FOUND.origin else "").parent) + "/"
_STAGES: Final = (
    ("index.py", "encode"),
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
    ("batches.py", "split and lead through"),
    ("default.py", "split and lead through"),
)
"""The first that a file's path begins with; the filter itself splits texts and makes lists."""

_CORPORA: Final = ("comments", "abusive comments", "articles")
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


def stage_shares(data: Path | None, quick: bool) -> dict[str, dict[str, float]]:
    """For each of some corpora each stage's share in judging it once, warm, in plain Python."""
    command = [sys.executable, __file__, str(data or ""), "quick" * quick]
    told: dict[str, dict[str, float]] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return told


def _sources_alone(path: str) -> FileFinder:
    """The importer of a folder of the library that does not see what was compiled."""
    if not f"{path}/".startswith(_PACKAGE):
        raise ImportError(path)
    return FileFinder(path, (SourceFileLoader, SOURCE_SUFFIXES))


def _main(data: str = "", quick: str = "") -> None:
    sys.path_hooks.insert(0, _sources_alone)
    sys.path_importer_cache.clear()
    from corpora import load
    from warm import warm_filter

    from contentfilter.bench import BATCH

    corpora = load(Path(data) if data else None, bool(quick))
    found = {}
    for name in _CORPORA:
        made, texts = warm_filter(corpora[name]), corpora[name].texts
        parts = [texts[i : i + BATCH] for i in range(0, len(texts), BATCH)]
        found[name] = shares_of(lambda made=made, parts=parts: list(map(made.classify_batch, parts)))
    print(json.dumps(found))


if __name__ == "__main__":
    _main(*sys.argv[1:])
