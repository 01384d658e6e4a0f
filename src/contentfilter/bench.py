"""The short benchmark, and the measuring that the long ones in `benchmarks/` share with it.

A record is what a benchmark writes: a JSON object with `benchmark`, `format` (`FORMAT`), `date`, `machine`, `versions`, `corpora`,
`settings` and `summary`, a list of rows. A row is flat, its first key names what was measured; a figure that was measured
several times is an object of `median`, `min` and `max`. A benchmark may add more keys of its own.

Time is the processor's, of all threads together, where one core is measured: what else runs on a machine then counts for less.
"""

from __future__ import annotations

import gc
import hashlib
import os
import platform
import statistics
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import metadata
from math import ceil
from pathlib import Path
from typing import Any, Final, NamedTuple

import ahocorasick

from contentfilter.data import data_folder
from contentfilter.errors import ContentFilterError, DataError
from contentfilter.files.readers import read
from contentfilter.files.sources import BadRow, Source
from contentfilter.filter import ContentFilter
from contentfilter.normalize import readings
from contentfilter.result import Result
from contentfilter.rules.compile import canonical
from contentfilter.rules.schema import Rule

FORMAT: Final = 1
BATCH: Final = 1024
"""Texts a call of `classify_batch`, where nothing else is said."""

_MEASURED: Final = ("numpy", "pyahocorasick", "regex", "underthesea", "underthesea-core")
_LEAST: Final = 10_000
"""Texts that are judged in a measurement where all chunks are known: the same ones come again."""

Row = dict[str, Any]


class Timed(NamedTuple):
    """What judging some texts took."""

    texts: int
    seconds: float
    """Of the processor."""
    actions: Counter[str]
    calls: tuple[float, ...] = ()
    """Seconds of each call, for single calls."""

    @property
    def rate(self) -> float:
        """Texts a second."""
        return self.texts / self.seconds

    def __add__(self, other: Timed) -> Timed:  # type: ignore[override]  # two measurements make one
        texts, seconds, actions, calls = other
        return Timed(self.texts + texts, self.seconds + seconds, self.actions + actions, self.calls + calls)


def time_batches(made: ContentFilter, texts: Sequence[str], size: int = BATCH) -> Timed:
    """Time `classify_batch` on `texts`, `size` a call."""
    parts = [list(texts[i : i + size]) for i in range(0, len(texts), size)]
    gc.collect()
    start = time.process_time()
    judged = [made.classify_batch(part) for part in parts]
    seconds = time.process_time() - start
    return Timed(len(texts), seconds, Counter(result.action.value for results in judged for result in results))


def time_calls(judge: Callable[[str], Result], texts: Sequence[str]) -> Timed:
    """Time each call; the clock itself takes some 0.3 µs of it."""
    clock = time.process_time_ns
    calls: list[float] = []
    actions: list[str] = []
    gc.collect()
    gc.freeze()  # the collector is to go through what the calls make, not through what a program had before
    for text in texts:
        start = clock()
        result = judge(text)
        calls.append((clock() - start) / 1e9)
        actions.append(result.action.value)
    gc.unfreeze()
    return Timed(len(texts), sum(calls), Counter(actions), tuple(calls))


def scanner(rules: Iterable[Rule]) -> tuple[ahocorasick.Automaton, int]:
    """An automaton of all terms as they are searched for, and their number: the yardstick, all that a plain word list would do."""
    automaton = ahocorasick.Automaton()
    for term in dict.fromkeys(canonical(spec.text) for rule in rules for spec in rule.terms):
        automaton.add_word(term, term)
    automaton.make_automaton()
    return automaton, len(automaton)


def time_scan(automaton: ahocorasick.Automaton, texts: Sequence[str]) -> float:
    """Seconds of one raw pass over the texts, lowered and joined beforehand."""
    joined = "\n".join(texts).lower()
    gc.collect()
    start = time.process_time()
    deque(automaton.iter(joined), maxlen=0)
    return time.process_time() - start


def percentile(values: Iterable[float], share: float) -> float:
    """The least value that `share` per cent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * share / 100) - 1, 0)]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and greatest."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def digest(texts: Sequence[str]) -> str:
    """SHA-256 of texts, in order."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def corpus_facts(name: str, texts: Sequence[str]) -> Row:
    """What tells this corpus from another."""
    return {
        "corpus": name,
        "sha256": digest(texts),
        "texts": len(texts),
        "characters_per_text": statistics.mean(map(len, texts)),
        "bytes_per_text": statistics.mean(len(text.encode("utf-8", "replace")) for text in texts),
    }


def record(benchmark: str, corpora: Sequence[Row], settings: Row, summary: Sequence[Row], **more: Any) -> Row:
    """A benchmark's result, with what it was measured on."""
    return {
        "benchmark": benchmark,
        "format": FORMAT,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "corpora": list(corpora),
        "settings": settings,
        "summary": list(summary),
        **more,
    }


def machine() -> Row:
    """The processor, the system and how busy it is, without the machine's name."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return {
        "processor": next(named, platform.processor()),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load_average": os.getloadavg() if hasattr(os, "getloadavg") else None,
    }


def versions() -> Row:
    """The versions of what is measured, the digests of the shipped model and rules among them."""
    shipped = {"model": data_folder("models") / "contentfilter-vi.safetensors", "packs": data_folder("wordlists") / "packs.json"}
    return {
        "contentfilter": version("contentfilter"),
        "hot path": "plain Python" if str(readings.__file__).endswith(".py") else "compiled",
        **{f"{name}_sha256": hashlib.sha256(path.read_bytes()).hexdigest() for name, path in shipped.items()},
        **{name: version(name) for name in _MEASURED},
    }


def version(distribution: str) -> str:
    """The installed version of a distribution, or that there is none."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"


def examples(made: ContentFilter) -> list[str]:
    """The texts that the rules bring as examples, those that must match and those that must pass."""
    return list(dict.fromkeys(text for rule in made.rules for text in (*rule.match, *rule.passes) if text.strip()))


def texts_of(paths: Iterable[Path], column: str) -> Iterator[str]:
    """The texts of files. Raises `DataError`, at the first row too that is no text."""
    for path in paths:
        with read(Source(path, column)) as documents:
            for document in documents:
                if isinstance(document, BadRow):
                    raise document
                yield document.text


def bench(texts: Sequence[str] | None, repeat: int) -> Row:
    """Measure the default filter on `texts`, by default the rules' own examples. Raises `DataError` for fewer than two texts.

    "Cold" is a new filter; "warm" one that has judged every other text, and then the rest; "known" one that has judged all. All take
    turns in each repetition, and all must act alike, or `ContentFilterError` is raised: what answers otherwise is not measured.
    """
    made = ContentFilter()
    name = "the rules' examples" if texts is None else "texts given"
    texts = examples(made) if texts is None else list(dict.fromkeys(text for text in texts if text.strip()))
    if len(texts) < 2:
        raise DataError(f"found {len(texts)} distinct texts that are not blank, expected at least 2")
    automaton, terms = scanner(made.rules)
    many = list(texts) * ceil(_LEAST / len(texts))
    timed: dict[str, list[Timed]] = {}
    scans: list[float] = []
    for _ in range(repeat):
        cold = ContentFilter()
        taken = {
            "classify_batch, cold": time_batches(cold, texts),
            "classify_batch, warm": _over_halves(texts, time_batches),
            "classify_batch, known": time_batches(cold, many),
            "classify, warm": _over_halves(texts, lambda warm, half: time_calls(warm.classify, half)),
            "classify, known": time_calls(cold.classify, texts),
        }
        scans.append(len(many) / time_scan(automaton, many))
        _check(taken, len(texts))
        for system, one in taken.items():
            timed.setdefault(system, []).append(one)
    facts = corpus_facts(name, texts)
    rows = [row(system, found, scans, facts["bytes_per_text"]) for system, found in timed.items()]
    yardstick = {"system": "pyahocorasick, raw scan of the same terms", "texts/s": spread(scans)}
    return record("short", [facts], {"repetitions": repeat, "batch": BATCH, "terms": terms, "threads": 1}, [*rows, yardstick])


def row(system: str, timed: Sequence[Timed], scans: Sequence[float], size: float) -> Row:
    """A row of the summary: the rate, its ratio to the raw scan's of the same repetition, and percentiles of single calls."""
    found: Row = {
        "system": system,
        "texts/s": spread([one.rate for one in timed]),
        "MB/s": spread([one.rate * size / 1e6 for one in timed]),
        "raw scan = 1": spread([one.rate / scan for one, scan in zip(timed, scans, strict=True)]),
    }
    if timed[0].calls:
        found |= {f"p{share} µs": spread([percentile(one.calls, share) * 1e6 for one in timed]) for share in (50, 99)}
    return found


def _over_halves(texts: Sequence[str], measure: Callable[[ContentFilter, Sequence[str]], Timed]) -> Timed:
    """Measure each half of the texts with a filter that has judged only the other."""
    total = Timed(0, 0, Counter())
    for seen, unseen in ((texts[::2], texts[1::2]), (texts[1::2], texts[::2])):
        made = ContentFilter()
        made.classify_batch(seen)
        total += measure(made, unseen)
    return total


def _check(taken: dict[str, Timed], texts: int) -> None:
    """All ways of asking act alike."""
    expected = taken["classify_batch, cold"].actions
    for system, one in taken.items():
        times = one.texts // texts
        if one.actions != Counter({action: count * times for action, count in expected.items()}):
            raise ContentFilterError(f"{system}: found the actions {dict(one.actions)}, expected {times} times {dict(expected)}")
