"""Files of any size: the command `contentfilter score` and a local Spark beside the rate in memory, and the memory they take.

    python benchmarks/files.py                            # a million lines, made of examples/comments.txt: ten minutes on two idle cores
    python benchmarks/files.py --data DIR --lines 200000  # of DIR/vihsd/train.csv
    python benchmarks/files.py --memory 1000              # that alone: the memory of one process over a file of 1,000 MB: ten minutes

Rates: all systems judge the same documents: the comments over and over, so their chunks are known after the first round. The rate in memory
is that of `classify_batch` on texts that are there already, its results let go; the others read, judge, write, and start up (Spark without
the start of its session). Ratios within a round compare, figures of different runs do not. On a busy machine the seconds of processors tell
more than those of the clock (not told of Spark, whose Java leaves the process that started it). What is not installed, or the command can't
do, is told as absent.

Memory: the rows are ordinary comments, clauses of examples/comments.txt put together anew, one row in ten of those that people found
harmful, one word in two hundred never seen before, so that what a filter remembers (65,536 chunks) fills and is forgotten many times. What
counts is that the last tenths of the run take no more memory than those after the first.

Every output is counted: as many documents, and as many of each action, as in memory, or it is a failure. The record goes to
benchmarks/results/files-DATE.json, or files-memory-DATE.json.
"""

from __future__ import annotations

import os

# Before numpy is imported, which reads them once: one core for every process.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"))

import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice, product
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import click
import psutil
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.json as pj
import pyarrow.parquet as pq
from corpora import examples

from contentfilter import ContentFilter
from contentfilter.bench import BATCH, Row, corpus_facts, record, spread
from contentfilter.terminal import show_record, show_rows
from contentfilter.training.datasets import rows

_EXAMPLES: Final = Path(__file__).resolve().parent.parent / "examples" / "comments.txt"
_RESULTS: Final = Path(__file__).with_name("results")
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
    """Seconds, and MB resident then, of the largest process."""


def in_memory(texts: list[str]) -> Ran:
    """`classify_batch` alone, by a new filter."""
    made, actions = ContentFilter(), Counter[str]()
    start, processor = time.perf_counter(), time.process_time()
    for block in batches(texts):
        actions.update(result.action.value for result in made.classify_batch(block))
    return Ran(time.perf_counter() - start, time.process_time() - processor, actions, [])


def batches(texts: list[str]) -> Iterator[list[str]]:
    """Runs of `BATCH` texts."""
    for start in range(0, len(texts), BATCH):
        yield texts[start : start + BATCH]


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
    """Bytes of the largest of a process and all that it started."""
    most = 0
    try:
        for part in (parent := psutil.Process(process), *parent.children(recursive=True)):
            most = max(most, part.memory_info().rss)
    except psutil.NoSuchProcess:  # it ended meanwhile
        pass
    return most


def counted(target: Path) -> Counts:
    """The actions in a file, or folder of files, of results."""
    found = Counter[str]()
    if target.suffix == ".jsonl":
        wanted = pj.ParseOptions(explicit_schema=pa.schema([("action", pa.string())]), unexpected_field_behavior="ignore")
        read = iter(pj.open_json(target, parse_options=wanted))
    else:
        read = ds.dataset(target, format="parquet").to_batches(columns=["action"])
    for batch in read:
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


ASKED: Final = (
    # what, of which system, over which, at least
    ("JSON lines, one process, of the rate in memory", "score .jsonl, 1 at work", "in memory", 0.6),
    ("Parquet, one process, of the rate in memory", "score .parquet, 1 at work", "in memory", 0.6),
    ("JSON lines, two processes, of the rate of one", "score .jsonl, 2 at work", "score .jsonl, 1 at work", 1.7),
    ("Parquet, two processes, of the rate of one", "score .parquet, 2 at work", "score .parquet, 1 at work", 1.7),
    ("Spark, one core, of the rate in memory", "Spark local[1]", "in memory", 0.5),
    ("Spark, two cores, of the rate of one", "Spark local[2]", "Spark local[1]", 1.0),
)


def measure(texts: list[str], repeat: int) -> Row:
    """Every system's rate, ratios of rates within a round, memory over time, what is absent and what failed."""
    rounds: list[dict[str, Ran]] = []
    absent: dict[str, str] = {}
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines, table = write(texts, folder)
        systems: dict[str, Callable[[Path], Ran]] = {"in memory": lambda _: in_memory(texts)}
        for source, jobs in product((lines, table), (1, 2)):
            systems[f"score {source.suffix}, {jobs} at work"] = partial(command, source, jobs)
        for cores in (1, 2):
            systems[f"Spark local[{cores}]"] = partial(spark, table, cores)
        for _ in range(repeat):
            found: dict[str, Ran] = {}
            for system, run in systems.items():
                if system in absent:
                    continue
                try:
                    found[system] = run(folder)
                except Absent as reason:
                    absent[system] = str(reason)
                    continue
                click.echo(f"{system:<28}{found[system].seconds:>8.1f} s", err=True)
                if found[system].actions != (wanted := found["in memory"].actions):
                    failures.append(f"{system}: found {dict(found[system].actions)}, in memory {dict(wanted)}")
            rounds.append(found)
    ran = {system: [found[system] for found in rounds if system in found] for system in systems if system not in absent}
    return {
        "summary": [
            {
                "system": system,
                "documents/s": spread([len(texts) / one.seconds for one in runs]),
                **({"processor seconds": spread(used)} if (used := [one.processor for one in runs if one.processor]) else {}),
                **({"MB at most": max(seen)} if (seen := [megabytes for one in runs for _, megabytes in one.memory]) else {}),
            }
            for system, runs in ran.items()
        ],
        "ratios": [
            {"ratio": what, "at least": least, **spread([found[base].seconds / found[system].seconds for found in rounds])}
            for what, system, base, least in ASKED
            if system in ran and base in ran
        ],
        "memory": {system: runs[-1].memory for system, runs in ran.items() if runs[-1].memory},
        "actions": dict(rounds[0]["in memory"].actions),
        "absent": absent,
        "failures": failures,
    }


def memory(megabytes: int) -> Row:
    """One process over one large file."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "documents.jsonl"
        count = write_new(source, megabytes)
        ran = command(source, 1, Path(name))
    tenths = [max(most for _, most in ran.memory[len(ran.memory) * i // 10 :][: max(len(ran.memory) // 10, 1)]) for i in range(10)]
    failures = [] if ran.actions.total() == count else [f"{ran.actions.total()} documents of {count} are in the output"]
    return {
        "summary": [{"part of the run": f"{i + 1} of 10", "MB at most": tenth} for i, tenth in enumerate(tenths)],
        "documents": count,
        "seconds": round(ran.seconds),
        "memory": {"score .jsonl, 1 at work": ran.memory[:: len(ran.memory) // 200 + 1]},
        "failures": failures,
    }


def write_new(path: Path, megabytes: int) -> int:
    """JSON lines of so many megabytes, a tenth of them ten times; how many there are."""
    random = Random(7)
    clean, harmful = (
        [part for text, harm in examples() if harm is wanted for part in re.split(r"(?<=[,.!?])\s+", text) if part.strip()]
        for wanted in (False, True)
    )
    part: list[str] = []
    size = 0
    while size < megabytes * 100_000:
        text = new_comment(random, harmful if random.random() < 0.1 else clean)
        part.append(json.dumps({"text": text}, ensure_ascii=False) + "\n")
        size += len(part[-1].encode())
    with path.open("w", encoding="utf-8") as file:
        for _ in range(10):
            file.writelines(part)
    return 10 * len(part)


def new_comment(random: Random, clauses: Sequence[str]) -> str:
    """One to four clauses, one word in two hundred of them a new one."""
    words = " ".join(random.choices(clauses, k=random.randint(1, 4))).split(" ")
    return " ".join([f"w{random.getrandbits(40):x}" if random.random() < 0.005 else word for word in words])


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder with vihsd/; default: examples/.")
@click.option("--lines", type=click.IntRange(min=1), default=1_000_000, show_default=True, help="Documents.")
@click.option("--repeat", type=click.IntRange(min=1), default=2, show_default=True, help="Rounds.")
@click.option("--memory", "megabytes", type=click.IntRange(min=1), help="Instead: memory over a file of so many megabytes.")
@click.option("--results", type=click.Path(exists=True, file_okay=False, path_type=Path), default=_RESULTS, help="Where to write.")
def main(data: Path | None, lines: int, repeat: int, megabytes: int | None, results: Path) -> None:
    """Measure, print, and write the record."""
    distinct = comments(data)
    name = "files" if megabytes is None else "files-memory"
    start = time.perf_counter()
    found = measure(list(islice(cycle(distinct), lines)), repeat) if megabytes is None else memory(megabytes)
    asked = {"repetitions": repeat, "documents": lines} if megabytes is None else {"megabytes": megabytes}
    asked |= {"minutes": round((time.perf_counter() - start) / 60, 1)}
    made = record(name, [corpus_facts("comments", distinct)], asked, found.pop("summary"), **found)
    show_record(made)
    show_rows(made.get("ratios", []))
    for system, reason in made.get("absent", {}).items():
        click.echo(f"absent: {system}: {reason}")
    path = results / f"{name}-{made['date'][:10]}.json"
    path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo(str(path))
    for failure in made["failures"]:
        click.echo(f"FAILED: {failure}", err=True)
    sys.exit(1 if made["failures"] else 0)


if __name__ == "__main__":
    main()
