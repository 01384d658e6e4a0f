"""Text made only of chunks never seen, on and on: what a character costs against a warm filter's, and whether memory stays flat."""

from __future__ import annotations

from typing import Final

from alone import processes
from corpora import load
from expected import Expected
from settings import Settings
from unseen import KINDS, TEXT, judge
from warm import check_filter, warm_filter

from contentfilter.bench import Row, corpus_facts, spread, time_batches

_STEPS: Final = 12
_CHUNKS: Final = 65_536
"""A step: as many as a filter remembers."""
_QUICK: Final = 1_000
_GROWTH: Final = 1.05
"""What memory may grow by from the first half of the steps to the second."""


def measure(settings: Settings, expected: Expected) -> Row:
    """Everything, as plain values."""
    corpus = load(settings.data, settings.quick)["comments"]
    check_filter(corpus, expected)
    characters = sum(map(len, corpus.texts))
    size = _QUICK if settings.quick else _CHUNKS
    rows: list[Row] = []
    memory: dict[str, list[float]] = {}
    failures: list[str] = []
    for kind in KINDS:
        new, warm, memory[kind] = [], [], []
        with processes(1) as pool:
            for step in range(_STEPS):
                rate, megabytes = pool.submit(judge, kind, step, size).result()
                new.append(rate)
                memory[kind].append(megabytes)
                timed = time_batches(warm_filter(corpus), corpus.texts)
                warm.append(characters / timed.seconds)
        early, late = max(memory[kind][: _STEPS // 2]), max(memory[kind][_STEPS // 2 :])
        rows.append(
            {
                "chunks never seen": kind,
                "characters/s": spread(new),
                "warm comments = 1": spread([one / other for one, other in zip(new, warm, strict=True)]),
                "MB, first half": early,
                "MB, second half": late,
            }
        )
        if late > early * _GROWTH and not settings.quick:
            failures.append(f"{kind}: memory grew from {early:.0f} to {late:.0f} MB, expected at most {_GROWTH} times as much")
    return {
        "corpora": [corpus_facts(corpus.name, corpus.texts)],
        "settings": {"steps": _STEPS, "chunks_a_step": size, "chunks_a_text": TEXT, "growth_allowed": _GROWTH},
        "summary": rows,
        "memory_by_step": memory,
        "failures": failures,
    }
