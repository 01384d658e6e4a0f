"""How long one call takes: alone and from several threads that share a filter, in a new interpreter, and what a filter weighs."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from corpora import Corpus, load
from expected import Expected
from settings import Settings
from systems import load_glue
from warm import check_filter, warm_filter

import contentfilter
from contentfilter import ContentFilter
from contentfilter.bench import Row, corpus_facts, percentile, spread

_SHARES: Final = (50, 90, 99, 99.9)
_THREADS: Final = (1, 2, 4)
_GLUE_TEXTS: Final = 200

_FRESH: Final = """
import json, time, psutil
import numpy
memory = psutil.Process().memory_info
before, start = memory().rss, time.process_time()
import contentfilter
imported = time.process_time()
contentfilter.classify("ch\\u00e0o b\\u1ea1n")
called, one = time.process_time(), memory().rss
texts = json.load(open(0, encoding="utf-8"))
contentfilter.classify_batch(texts)
print(json.dumps({
    "import ms": (imported - start) * 1e3,
    "first classify ms": (called - imported) * 1e3,
    "loaded MB": (one - before) / 1e6,
    "after the corpus MB": (memory().rss - before) / 1e6,
}))
"""
"""All beyond Python with numpy: processor time of the import and of the first call, and resident memory."""


def measure(settings: Settings, expected: Expected) -> Row:
    """Everything, as plain values."""
    corpus = load(settings.data, settings.quick)["comments"]
    check_filter(corpus, expected)
    glue = load_glue(ContentFilter())
    known = warm_filter(corpus)
    known.classify_batch(corpus.texts)
    found: dict[str, list[list[float]]] = {}
    for _ in settings.repetitions():
        found.setdefault("the glue", []).append(timed(glue.classify, corpus.sample(_GLUE_TEXTS)))
        found.setdefault("classify, known", []).append(timed(known.classify, corpus.texts))
        for threads in _THREADS:
            name = "classify, warm" if threads == 1 else f"classify, warm, {threads} threads"
            found.setdefault(name, []).append(shared(corpus, threads))
    fresh = new_interpreters(corpus.seen, settings.repeat)
    return {
        "corpora": [corpus_facts(corpus.name, corpus.texts)],
        "settings": {"glue_texts": _GLUE_TEXTS},
        "summary": [row(name, calls, found["the glue"]) for name, calls in found.items()],
        "new_interpreter": {name: spread([one[name] for one in fresh]) for name in fresh[0]},
        "failures": [],
    }


def timed(judge: Callable[[str], Any], texts: Sequence[str]) -> list[float]:
    """Seconds of this thread's processor time for each call; waiting for another thread's lock or turn is not in it."""
    clock = time.thread_time_ns
    gc.collect()
    gc.freeze()  # the collector is to go through what the calls make, not through the benchmark's own objects
    calls = []
    for text in texts:
        start = clock()
        judge(text)
        calls.append((clock() - start) / 1e9)
    gc.unfreeze()
    return calls


def shared(corpus: Corpus, threads: int) -> list[float]:
    """Calls of several threads that share the texts and one warm filter: each text is judged once, by one of them."""
    made = warm_filter(corpus)
    calls: list[float] = []
    workers = [
        threading.Thread(target=lambda own=corpus.texts[i::threads]: calls.extend(timed(made.classify, own))) for i in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if len(calls) != len(corpus.texts):
        raise RuntimeError(f"found {len(calls)} calls of {threads} threads, expected {len(corpus.texts)}: a thread has failed")
    return calls


def row(name: str, repetitions: Sequence[Sequence[float]], glue: Sequence[Sequence[float]]) -> Row:
    """Percentiles in µs, and the glue's median call over this one's in the same repetition."""
    medians = [percentile(calls, 50) for calls in repetitions]
    return {
        "system": name,
        **{f"p{share} µs": spread([percentile(calls, share) * 1e6 for calls in repetitions]) for share in _SHARES},
        "glue's p50 / p50": spread([percentile(one, 50) / median for one, median in zip(glue, medians, strict=True)]),
    }


def new_interpreters(texts: Sequence[str], number: int) -> list[dict[str, float]]:
    """What importing, a first call and a warm filter cost, each in an interpreter of its own."""
    source = str(Path(contentfilter.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))}
    command, said = [sys.executable, "-c", _FRESH], json.dumps(texts)
    answers = [
        json.loads(subprocess.run(command, env=environment, input=said, capture_output=True, encoding="utf-8", check=True).stdout)
        for _ in range(number + 1)
    ]
    return answers[1:]  # the first one may have had bytecode to write and files to fetch
