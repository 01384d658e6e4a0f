"""Files of any size: the command `contentfilter score` and a local Spark beside the rate in memory, and the memory they take.

    python benchmarks/files.py                            # a million lines, made of examples/comments.txt
    python benchmarks/files.py --data DIR --lines 200000  # of DIR/vihsd/train.csv
    python benchmarks/files.py --json result.json

All systems judge the same documents: the comments over and over, so their chunks are known after the first round. The rate in memory is
that of `classify_batch` on texts that are there already, its results let go; the others read, judge, write, and start up. Ratios within a
round compare, figures of different runs do not. On a busy machine the seconds of processors tell more than those of the clock (not told
of Spark, whose Java leaves the process that started it). What is not installed, or the command can't do, is told as absent. Every output
is counted: as many documents, and as many of each action, as in memory.
"""

from __future__ import annotations

import os

# Before numpy is imported, which reads them once: one core for every process.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"))

import hashlib
import json
import math
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import psutil
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from contentfilter import ContentFilter
from contentfilter.training.datasets import rows

_EXAMPLES: Final = Path(__file__).resolve().parent.parent / "examples" / "comments.txt"
_BLOCK: Final = 1024
_PAUSE: Final = 0.5
"""Seconds between two looks at a process's memory."""

_SPARK: Final = """
import os, sys, time
from pyspark.sql import SparkSession
from contentfilter.integrations.spark import classify
cores, source, target = sys.argv[1:]
spark = (SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
         .config("spark.sql.files.openCostInBytes", 0).config("spark.sql.files.maxPartitionBytes", os.path.getsize(source) // 8)
         .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate())
start = time.perf_counter()
classify(spark.read.parquet(source)).drop("text").write.mode("overwrite").parquet(target)
print(time.perf_counter() - start)
"""

Counts = Counter[str]


class Absent(Exception):
    """A system that can't be measured here, and why."""


class Ran(NamedTuple):
    """All documents, judged once."""

    seconds: float
    processor: float | None
    """Seconds of processors, all processes together, where known."""
    actions: Counts
    memory: list[tuple[float, float]]
    """Seconds, and MB resident then, all processes together."""


def in_memory(texts: list[str]) -> Ran:
    """`classify_batch` alone, by a new filter."""
    made, actions = ContentFilter(), Counter[str]()
    start, processor = time.perf_counter(), time.process_time()
    for block in batches(texts):
        actions.update(result.action.value for result in made.classify_batch(block))
    return Ran(time.perf_counter() - start, time.process_time() - processor, actions, [])


def batches(texts: list[str]) -> Iterator[list[str]]:
    """Runs of `_BLOCK` texts."""
    for start in range(0, len(texts), _BLOCK):
        yield texts[start : start + _BLOCK]


def command(source: Path, jobs: int, folder: Path) -> Ran:
    """`contentfilter score`, start-up and all."""
    target = folder / f"results{source.suffix}"
    arguments = [sys.executable, "-m", "contentfilter.cli", "score", str(source), "-o", str(target)]
    before = children()
    seconds, memory, _ = watched([*arguments, "--jobs", str(jobs)] if jobs > 1 else arguments)
    return Ran(seconds, children() - before, counted(target), memory)


def spark(source: Path, cores: int, folder: Path) -> Ran:
    """A local Spark from Parquet to Parquet, without the start of its session."""
    target = folder / "results"
    if shutil.which("java") is None:
        raise Absent("no java")
    _, memory, out = watched([sys.executable, "-c", _SPARK, str(cores), str(source), str(target)], {"PYSPARK_PYTHON": sys.executable})
    return Ran(float(out), None, counted(target), memory)


def children() -> float:
    """Seconds of processors that programs which have ended have taken, all that they started included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watched(arguments: list[str], variables: dict[str, str] | None = None) -> tuple[float, list[tuple[float, float]], str]:
    """Run a program to its end: seconds, memory over time, what it wrote. Raises `Absent` with its last words where it fails."""
    memory: list[tuple[float, float]] = []
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        with subprocess.Popen(arguments, stdout=out, stderr=errors, env={**os.environ, **(variables or {})}) as running:
            while running.poll() is None:
                memory.append((round(time.perf_counter() - start, 1), round(resident(running.pid) / 1e6)))
                time.sleep(_PAUSE)
        seconds = time.perf_counter() - start
        out.seek(0)
        errors.seek(0)
        if running.returncode:
            raise Absent((errors.read().strip().splitlines() or ["no word"])[-1])
        return seconds, memory, out.read()


def resident(process: int) -> int:
    """Bytes of a process and all that it started."""
    total = 0
    try:
        for part in (parent := psutil.Process(process), *parent.children(recursive=True)):
            total += part.memory_info().rss
    except psutil.NoSuchProcess:  # it ended meanwhile
        pass
    return total


def counted(target: Path) -> Counts:
    """The actions in a file, or folder of files, of results."""
    if target.suffix == ".jsonl":
        with target.open(encoding="utf-8") as lines:
            return Counter(json.loads(line)["action"] for line in lines)
    found = Counter[str]()
    for batch in ds.dataset(target, format="parquet").to_batches(columns=["action"]):
        found.update(batch.column("action").to_pylist())
    return found


def write(texts: list[str], folder: Path) -> tuple[Path, Path]:
    """The documents as JSON lines and as Parquet."""
    lines, table = folder / "documents.jsonl", folder / "documents.parquet"
    with lines.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps({"id": i, "text": text}, ensure_ascii=False) + "\n" for i, text in enumerate(texts))
    pq.write_table(pa.table({"id": range(len(texts)), "text": texts}), table, row_group_size=1 << 16)
    return lines, table


def comments(data: Path | None) -> list[str]:
    """The distinct comments that documents are made of."""
    every = _EXAMPLES.read_text(encoding="utf-8").splitlines() if data is None else [
        row["text"] for row in rows(data / "vihsd" / "train.csv", ("text",))
    ]
    return list(dict.fromkeys(text for text in every if text.strip()))


def measure(texts: list[str], repeat: int) -> dict[str, Any]:
    """Every system's rate, its ratio to the rate in memory of the same round, and its memory."""
    found: dict[str, list[Ran]] = {}
    ratios: dict[str, list[float]] = {}
    absent: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines, table = write(texts, folder)
        systems: dict[str, Callable[[Path], Ran]] = {}
        for source, jobs in product((lines, table), (1, 2)):
            systems[f"score {source.suffix}, {jobs} at work"] = partial(command, source, jobs)
        for cores in (1, 2):
            systems[f"Spark local[{cores}]"] = partial(spark, table, cores)
        for _ in range(repeat):
            base = in_memory(texts)
            found.setdefault("in memory", []).append(base)
            ratios.setdefault("in memory", []).append(1.0)
            for system, run in systems.items():
                try:
                    ran = run(folder)
                except Absent as reason:
                    absent[system] = str(reason)
                    continue
                if ran.actions != base.actions:
                    raise click.ClickException(f"{system}: found {dict(ran.actions)}, in memory {dict(base.actions)}")
                found.setdefault(system, []).append(ran)
                ratios.setdefault(system, []).append(base.seconds / ran.seconds)
    return {
        "summary": {
            system: {
                "documents_per_second": statistics.median(len(texts) / ran.seconds for ran in runs),
                "ratio_to_memory": statistics.median(ratios[system]),
                "processor_seconds": statistics.median([ran.processor for ran in runs if ran.processor is not None] or [0.0]) or None,
                "megabytes_most": max((megabytes for ran in runs for _, megabytes in ran.memory), default=None),
            }
            for system, runs in found.items()
        },
        "memory": {system: runs[-1].memory for system, runs in found.items() if runs[-1].memory},
        "actions": dict(found["in memory"][0].actions),
        "absent": absent,
    }


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder with vihsd/; default: examples/.")
@click.option("--lines", type=click.IntRange(min=1), default=1_000_000, show_default=True, help="Documents.")
@click.option("--repeat", type=click.IntRange(min=1), default=1, show_default=True, help="Rounds; medians are told.")
@click.option("--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the record.")
def main(data: Path | None, lines: int, repeat: int, out: Path | None) -> None:
    """Measure, print, and write the record."""
    distinct = comments(data)
    texts = list(islice(cycle(distinct), lines))
    record = {
        "benchmark": "files",
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version(), "load": os.getloadavg()},
        "versions": {name: version(name) for name in ("contentfilter", "numpy", "pyarrow")},
        "corpus": {"distinct": len(distinct), "documents": lines, "digest": hashlib.sha256("\n".join(distinct).encode()).hexdigest()},
        "settings": {"repetitions": repeat},
        **measure(texts, repeat),
    }
    for system, figures in record["summary"].items():
        memory = record["memory"].get(system, [])
        halfway = f", {memory[len(memory) // 2][1]:,.0f} MB halfway, {figures['megabytes_most']:,.0f} MB at most" if memory else ""
        click.echo(
            f"{system:<28}{figures['documents_per_second']:>10,.0f} a second{figures['ratio_to_memory']:>7.2f} of memory"
            f"{figures['processor_seconds'] or math.nan:>8.0f} s of processors{halfway}"
        )
    for system, reason in record["absent"].items():
        click.echo(f"{system:<28}absent: {reason}")
    if out is not None:
        out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
