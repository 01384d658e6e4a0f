"""How many comments a second on one core, beside the obvious glue (see glue.py), measured within one run.

    python benchmarks/throughput.py                        # examples/comments.txt
    python benchmarks/throughput.py --data DIR             # DIR/vihsd/dev.csv, column `text`
    python benchmarks/throughput.py --json result.json

Figures from two runs, or two machines, do not compare; ratios within a run do. So all systems take turns in every repetition,
and a ratio is that of two figures of the same repetition. What "warm" means, since the library remembers chunks:

- cold: a new filter (its construction not counted) meets each distinct comment once;
- warm: a filter that has seen one half of the distinct comments meets the other half, each comment once, then the halves are
  swapped with another new filter: what a service sees, though one that has run for a day knows more than half a corpus;
- known: every chunk has been seen before: what the library tends to the longer it runs.

The glue's classifier learns from the repository's labelled examples within the benchmark, since only its speed matters here.
"""

from __future__ import annotations

import os

# Before numpy is imported, which reads them once: one core for every system.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"))

import gc
import hashlib
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from math import ceil
from pathlib import Path
from typing import Any, Final

import click
from glue import Glue
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table
from stages import stage_shares

import contentfilter
from contentfilter import ContentFilter, Result
from contentfilter.data import data_folder
from contentfilter.errors import ContentFilterError, DataError
from contentfilter.rules.load import load_word_lists
from contentfilter.training.datasets import rows

_EXAMPLES: Final = Path(__file__).resolve().parent.parent / "examples"
_PART: Final = 1024
"""Texts a call of `classify_batch`."""
_LEAST: Final = 10_000
"""Documents a repetition, at least, where the same comments may come again."""
_PERCENTILES: Final = (50, 90, 99)
_GLUE: Final = "glue_single"

SYSTEMS: Final = {
    _GLUE: "the obvious glue, single calls",
    "glue_batch": "the glue, one predict_proba for all texts",
    "single_warm": "classify, warm: new comments",
    "single_known": "classify, every chunk known",
    "batch_cold": f"classify_batch, {_PART:,} a call, cold",
    "batch_warm": f"classify_batch, {_PART:,} a call, warm: new comments",
    "batch_known": f"classify_batch, {_PART:,} a call, every chunk known",
    "batch_known_scores": "the same, and every score read",
}
"""What is measured, and how the table calls it."""

_FRESH: Final = """
import json, sys, time
start = time.perf_counter()
import contentfilter
imported = time.perf_counter()
contentfilter.classify("chào bạn")
print(json.dumps({
    "import": imported - start,
    "first_classify": time.perf_counter() - imported,
    "sklearn": "sklearn" in sys.modules,
    "underthesea": "underthesea" in sys.modules,
}))
"""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Distinct comments, none blank, and where they come from."""

    name: str
    digest: str
    """SHA-256 of the file."""
    texts: tuple[str, ...]

    @property
    def halves(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Every other comment, and the rest: a file may be sorted by kind."""
        return self.texts[::2], self.texts[1::2]

    def sample(self, size: int) -> tuple[str, ...]:
        """At most `size` comments, evenly spaced."""
        size = min(size, len(self.texts))
        return tuple(self.texts[i * len(self.texts) // size] for i in range(size))

    def facts(self) -> dict[str, Any]:
        """What tells this corpus from another, and how hard it is for a filter that remembers chunks."""
        one, other = ([chunk for text in half for chunk in text.split()] for half in self.halves)
        known = sum(chunk in seen for half, seen in ((one, set(other)), (other, set(one))) for chunk in half)
        return {
            "name": self.name,
            "sha256": self.digest,
            "comments": len(self.texts),
            "characters_per_comment": statistics.mean(map(len, self.texts)),
            "chunks": len(one) + len(other),
            "distinct_chunks": len({*one, *other}),
            "share_of_chunks_in_the_other_half": known / (len(one) + len(other)),
        }


@dataclass(frozen=True, slots=True)
class Timed:
    """What one system did in one repetition."""

    documents: int
    seconds: float
    flagged: int
    calls_ns: tuple[int, ...] = ()
    """Nanoseconds of each call, for single calls."""

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.documents / self.seconds

    def __add__(self, other: Timed) -> Timed:
        return Timed(
            self.documents + other.documents,
            self.seconds + other.seconds,
            self.flagged + other.flagged,
            self.calls_ns + other.calls_ns,
        )

    def figures(self) -> dict[str, float]:
        """For the record: documents, seconds, documents a second, and percentiles of calls in µs."""
        figures = {"documents": self.documents, "seconds": self.seconds, "documents_per_second": self.rate, "flagged": self.flagged}
        return figures | {f"p{share}_us": _percentile(self.calls_ns, share) / 1000 for share in _PERCENTILES if self.calls_ns}


def claim(holds: bool, what: str) -> None:
    """Raise `AssertionError` where a figure would not be of what it is said to be; unlike `assert`, also under `python -O`."""
    if not holds:
        raise AssertionError(what)


def load_comments(path: Path) -> Corpus:
    """A comment a line. Raises `DataError`."""
    return _corpus(f"examples/{path.name}", path, _lines(path))


def load_vihsd(data: Path) -> Corpus:
    """The comments of DIR/vihsd/dev.csv. Raises `DataError`."""
    path = data / "vihsd" / "dev.csv"
    return _corpus("vihsd/dev.csv", path, (row["text"] for row in rows(path, ("text",))))


def _corpus(name: str, path: Path, texts: Iterable[str]) -> Corpus:
    distinct = tuple(dict.fromkeys(text for text in texts if text.strip()))
    if len(distinct) < 2:
        raise DataError(f"{path}: found {len(distinct)} comments, expected at least 2")
    return Corpus(name, hashlib.sha256(path.read_bytes()).hexdigest(), distinct)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file; run from a checkout or an sdist, which have the examples") from error


def load_glue() -> Glue:
    """The glue, taught by the labelled examples: labels.csv with `line` (from 1, of comments.txt) and `harm`. Raises `DataError`."""
    lines = _lines(_EXAMPLES / "comments.txt")
    labels = {int(row["line"]): row["harm"] for row in rows(_EXAMPLES / "labels.csv", ("line", "harm"))}
    if not set(labels) <= set(range(1, len(lines) + 1)) or set(labels.values()) != {"clean", "harmful"}:
        raise DataError(f"{_EXAMPLES / 'labels.csv'}: expected lines from 1 to {len(lines)}, and harm 'clean' or 'harmful', both of them")
    texts = [lines[line - 1] for line in labels]
    return Glue(load_word_lists(data_folder("wordlists")).rules, texts, [harm == "harmful" for harm in labels.values()])


def forget() -> None:
    """Empty what the library remembers of texts beside a filter's own table: its bounded caches, which all filters share.

    Unbounded ones hold what is loaded once, such as the segmentation model, and stay.
    """
    modules = [module for name, module in sys.modules.items() if name.startswith("contentfilter")]
    for value in [value for module in modules for value in vars(module).values()]:
        parameters = getattr(value, "cache_parameters", None)
        if parameters is not None and parameters()["maxsize"] is not None:
            value.cache_clear()


def new_filter() -> ContentFilter:
    """A filter that has seen nothing."""
    forget()
    return ContentFilter()


def parts_of(texts: Sequence[str]) -> list[list[str]]:
    """`texts` in lists of at most `_PART`."""
    return [list(texts[i : i + _PART]) for i in range(0, len(texts), _PART)]


def time_batches(judge: Callable[[list[str]], Sequence[Any]], parts: Sequence[list[str]]) -> Timed:
    """Time a call a part."""
    gc.collect()
    start = time.perf_counter_ns()
    judged = [judge(part) for part in parts]
    seconds = (time.perf_counter_ns() - start) / 1e9
    for part, results in zip(parts, judged, strict=True):
        claim(len(results) == len(part), "a result for each document")
    return Timed(sum(map(len, parts)), seconds, sum(result.flagged for results in judged for result in results))


def time_calls(judge: Callable[[str], Any], texts: Sequence[str]) -> Timed:
    """Time each call; the clock itself takes some 0.05 µs of it."""
    clock = time.perf_counter_ns
    calls: list[int] = []
    judged: list[Any] = []
    gc.collect()
    for text in texts:
        start = clock()
        result = judge(text)
        calls.append(clock() - start)
        judged.append(result)
    claim(len(judged) == len(texts), "a result for each document")
    return Timed(len(texts), sum(calls) / 1e9, sum(result.flagged for result in judged), tuple(calls))


def with_scores(made: ContentFilter, texts: list[str]) -> list[Result]:
    """`classify_batch`, and every score read: results work them out when asked."""
    results = made.classify_batch(texts)
    for result in results:
        _ = result.scores
    return results


def check_filter(corpus: Corpus) -> int:
    """Batches and single calls agree, a cold filter and a warm one too. Answers how many comments are flagged."""
    made = new_filter()
    cold = made.classify_batch(corpus.texts)
    claim(len(cold) == len(corpus.texts), "classify_batch gives a result for each document")
    claim(made.classify_batch(corpus.texts) == cold, "a warm filter judges as a cold one")
    other = new_filter()
    for text, result in zip(corpus.texts, cold, strict=True):
        claim(other.classify(text) == result, "classify_batch judges as classify does")
    return sum(result.flagged for result in cold)


def check_glue(glue: Glue, texts: Sequence[str]) -> int:
    """The glue judges every document, alone as in a batch. Answers how many it flags."""
    single = [glue.classify(text) for text in texts]
    claim(all(0 <= verdict.probability <= 1 for verdict in single), "the glue gives a probability for each document")
    claim(all(verdict.words for verdict in single), "the glue segments each document")
    batch = glue.classify_batch(texts)
    claim([verdict.flagged for verdict in batch] == [verdict.flagged for verdict in single], "the glue's batch judges as its single calls")
    return sum(verdict.flagged for verdict in single)


def repetition(corpus: Corpus, glue: Glue, sample: Sequence[str]) -> dict[str, Timed]:
    """Each system once."""
    many = corpus.texts * ceil(_LEAST / len(corpus.texts))
    cold = new_filter()
    timed = {"batch_cold": time_batches(cold.classify_batch, parts_of(corpus.texts))}
    timed["glue_batch"] = time_batches(glue.classify_batch, [list(sample)])
    timed["batch_known"] = time_batches(cold.classify_batch, parts_of(many))
    timed["single_known"] = time_calls(cold.classify, many)
    timed[_GLUE] = time_calls(glue.classify, sample)
    timed["batch_known_scores"] = time_batches(lambda part: with_scores(cold, part), parts_of(many))
    timed["batch_warm"] = over_halves(corpus, lambda made, half: time_batches(made.classify_batch, parts_of(half)))
    timed["single_warm"] = over_halves(corpus, lambda made, half: time_calls(made.classify, half))
    return timed


def over_halves(corpus: Corpus, measure: Callable[[ContentFilter, Sequence[str]], Timed]) -> Timed:
    """Measure each half of the comments with a filter that has seen only the other."""
    total = Timed(0, 0, 0)
    for seen, unseen in (corpus.halves, corpus.halves[::-1]):
        made = new_filter()
        made.classify_batch(seen)
        total += measure(made, unseen)
    return total


def check_repetitions(repetitions: Sequence[dict[str, Timed]], comments: int, flagged: int, flagged_by_glue: int) -> None:
    """The same comments are flagged in every repetition, by every way of asking the same system."""
    for timed in repetitions:
        for name, one in timed.items():
            expected = flagged_by_glue if name.startswith("glue") else flagged * (one.documents // comments)
            claim(one.flagged == expected, f"{name} flags as many documents as ever: found {one.flagged}, expected {expected}")


def fresh_interpreters(number: int) -> list[dict[str, Any]]:
    """Seconds for the import and for the first text, each in an interpreter of its own, whose start is not counted."""
    source = str(Path(contentfilter.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))}
    answers = [
        json.loads(subprocess.run([sys.executable, "-c", _FRESH], env=environment, capture_output=True, text=True, check=True).stdout)
        for _ in range(number + 1)
    ]
    return answers[1:]  # the first one may have had bytecode to write and files to fetch


def _percentile(values: Sequence[float], share: int) -> float:
    """The least value that `share` per cent of the values do not exceed (nearest rank)."""
    return sorted(values)[max(ceil(len(values) * share / 100) - 1, 0)]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and greatest."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def summary(repetitions: Sequence[dict[str, Timed]]) -> dict[str, dict[str, Any]]:
    """For each system documents a second, their ratio to the glue's in the same repetition, and percentiles of calls in µs."""
    found: dict[str, dict[str, Any]] = {}
    for name in SYSTEMS:
        figures = [timed[name].figures() for timed in repetitions]
        found[name] = {
            "documents_per_second": spread([timed[name].rate for timed in repetitions]),
            "ratio_to_glue": spread([timed[name].rate / timed[_GLUE].rate for timed in repetitions]),
            **{key: spread([one[key] for one in figures]) for key in figures[0] if key.endswith("_us")},
        }
    return found


def machine() -> dict[str, Any]:
    """The processor and the system, without the machine's name."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return {
        "processor": next(named, platform.processor()),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def versions() -> dict[str, str]:
    """The versions of what is measured, the shipped model's digest among them."""
    distributions = ("numpy", "pyahocorasick", "regex", "underthesea", "underthesea_core", "scikit-learn", "scipy")
    model = data_folder("models") / "contentfilter-vi.safetensors"
    return {
        "contentfilter": _version("contentfilter"),
        "model_sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        **{name: _version(name) for name in distributions},
    }


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed, run from its source"


def show(console: Console, record: dict[str, Any]) -> None:
    """The record, to be read."""
    corpus, settings, made = record["corpus"], record["settings"], record["machine"]
    console.print(
        f"{corpus['name']}: {corpus['comments']:,} distinct comments of {corpus['characters_per_comment']:.0f} characters on average; "
        f"{corpus['share_of_chunks_in_the_other_half']:.1%} of a half's chunks stand in the other half.\n"
        f"{made['processor']}, one core of {made['cores']}; {made['python']}. "
        f"{settings['repetitions']} repetitions: median (least to greatest)."
    )
    console.print(_rates(record["summary"]))
    if record["stages"]:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in record["stages"].items())
        console.print(f"Stages of a batch, every chunk known: {shares}.")
    fresh = record["fresh_interpreter"]
    console.print(
        f"A new interpreter: import {_seconds(fresh['import'])}, first classify {_seconds(fresh['first_classify'])}; "
        f"scikit-learn {'was' if fresh['sklearn'] else 'not'} imported, underthesea {'was' if fresh['underthesea'] else 'not'}."
    )
    flagged = record["flagged"]
    console.print(
        f"Flagged in every repetition: {flagged['library']:,} of {corpus['comments']:,} by the library, "
        f"{flagged['glue']:,} of {settings['glue_documents']:,} by the glue, which is here for its speed alone."
    )


def _rates(figures: dict[str, dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("system")
    for column in ("documents/s", "glue = 1", *(f"p{share} µs" for share in _PERCENTILES)):
        table.add_column(column, justify="right", no_wrap=True)
    for name, label in SYSTEMS.items():
        one = figures[name]
        rate, ratio = one["documents_per_second"], one["ratio_to_glue"]
        table.add_row(
            label,
            f"{rate['median']:,.0f} ({rate['min']:,.0f} to {rate['max']:,.0f})",
            f"{ratio['median']:.1f} ({ratio['min']:.1f} to {ratio['max']:.1f})",
            *(f"{one[key]['median']:,.1f}" if key in one else "" for key in (f"p{share}_us" for share in _PERCENTILES)),
        )
    return table


def _seconds(values: dict[str, float]) -> str:
    return f"{values['median']:.3f} s ({values['min']:.3f} to {values['max']:.3f})"


def measure(corpus: Corpus, repeat: int, glue_documents: int) -> dict[str, Any]:
    """Everything, as plain values."""
    glue = load_glue()
    sample = corpus.sample(glue_documents)
    flagged, flagged_by_glue = check_filter(corpus), check_glue(glue, sample)
    turns = track(range(repeat), "Measuring", console=Console(stderr=True), transient=True)
    repetitions = [repetition(corpus, glue, sample) for _ in turns]
    check_repetitions(repetitions, len(corpus.texts), flagged, flagged_by_glue)
    watched = new_filter()
    watched.classify_batch(corpus.texts)
    many = parts_of(corpus.texts * ceil(_LEAST / len(corpus.texts)))
    fresh = fresh_interpreters(repeat)
    return {
        "machine": machine(),
        "versions": versions(),
        "corpus": corpus.facts(),
        "settings": {
            "repetitions": repeat,
            "batch": _PART,
            "least_documents_known": _LEAST,
            "glue_documents": len(sample),
            "glue_terms": glue.terms,
            "threads": 1,
        },
        "flagged": {"library": flagged, "glue": flagged_by_glue},
        "summary": summary(repetitions),
        "stages": stage_shares(watched, many * repeat),
        "fresh_interpreter": {
            "import": spread([one["import"] for one in fresh]),
            "first_classify": spread([one["first_classify"] for one in fresh]),
            "sklearn": any(one["sklearn"] for one in fresh),
            "underthesea": any(one["underthesea"] for one in fresh),
        },
        "repetitions": [{name: timed[name].figures() for name in SYSTEMS} for timed in repetitions],
    }


@click.command(help="Comments a second on one core: the library beside the obvious glue, in one run.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder with vihsd/dev.csv; default: examples/comments.txt.")
@click.option("--repeat", type=click.IntRange(min=1), default=5, show_default=True, help="Repetitions.")
@click.option("--glue-documents", type=click.IntRange(min=1), default=300, show_default=True, help="Comments for the glue, which is slow.")
@click.option("--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Write everything to this file.")
def main(data: Path | None, repeat: int, glue_documents: int, out: Path | None) -> None:
    """Measure, print, and write the record."""
    try:
        record = measure(load_vihsd(data) if data else load_comments(_EXAMPLES / "comments.txt"), repeat, glue_documents)
    except ContentFilterError as error:
        raise click.ClickException(str(error)) from error
    console = Console()
    show(console if console.is_terminal else Console(width=140), record)
    if out is not None:
        out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
