"""A gigabyte through `contentfilter score`: the resident memory of each of its processes, from the first block to the last.

    python benchmarks/flat.py                      # 1,000 MB of JSON lines
    python benchmarks/flat.py --megabytes 50 --jobs 2 --output benchmarks/results/flat-DATE.json

The rows are ordinary comments: clauses of examples/comments.txt put together anew, one word in fifty never seen before, so that what a
filter remembers (65,536 chunks) fills and is forgotten many times; a tenth of the rows is written ten times over. What counts is that
the last tenths of the run take no more memory than those after the first.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any, Final

import click
import psutil

_EXAMPLES: Final = Path(__file__).resolve().parent.parent / "examples" / "comments.txt"
_PAUSE: Final = 1.0
"""Seconds between two looks."""


def comment(random: Random, clauses: list[str]) -> str:
    """One to four clauses, one word in fifty of them a new one."""
    words = " ".join(random.choices(clauses, k=random.randint(1, 4))).split(" ")
    return " ".join([f"w{random.getrandbits(40):x}" if random.random() < 0.02 else word for word in words])


def write(path: Path, megabytes: int) -> int:
    """JSON lines of so many megabytes, a tenth of them ten times; how many there are."""
    random = Random(7)
    clauses = [part for part in re.split(r"(?<=[,.!?])\s+|\n", _EXAMPLES.read_text(encoding="utf-8")) if part.strip()]
    part: list[str] = []
    size = 0
    while size < megabytes * 100_000:
        part.append(json.dumps({"text": comment(random, clauses)}, ensure_ascii=False) + "\n")
        size += len(part[-1].encode())
    with path.open("w", encoding="utf-8") as file:
        for _ in range(10):
            file.writelines(part)
    return 10 * len(part)


def watched(arguments: list[str]) -> tuple[float, list[float]]:
    """Run a program: seconds, and at each look the megabytes of that of its processes which takes most."""
    found: list[float] = []
    start = time.perf_counter()
    with subprocess.Popen(arguments, stderr=subprocess.DEVNULL) as running:
        while running.poll() is None:
            found.append(_largest(running.pid))
            time.sleep(_PAUSE)
    if running.returncode:
        raise click.ClickException(f"{' '.join(arguments)}: exit code {running.returncode}")
    return time.perf_counter() - start, found


def _largest(process: int) -> float:
    sizes = [0]
    try:
        for part in ((parent := psutil.Process(process)), *parent.children(recursive=True)):
            sizes.append(part.memory_info().rss)
    except psutil.NoSuchProcess:  # it ended meanwhile
        pass
    return max(sizes) / 1e6


def tenths(megabytes: list[float]) -> list[float]:
    """The most of each tenth of the run."""
    size = max(len(megabytes) // 10, 1)
    return [round(max(megabytes[i * size : (i + 1) * size], default=0.0), 1) for i in range(10)]


@click.command()
@click.option("--megabytes", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Where the figures go, as JSON.")
def main(megabytes: int, jobs: int, output: Path | None) -> None:
    """Run, and print the megabytes of each tenth of the run."""
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "documents.jsonl", Path(name) / "scores.jsonl"
        lines = write(source, megabytes)
        command = [sys.executable, "-m", "contentfilter.cli", "score", str(source), "-o", str(target), "--jobs", str(jobs)]
        seconds, memory = watched(command)
        record: dict[str, Any] = {
            "benchmark": "flat",
            "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
            "load": os.getloadavg(),
            "settings": {"jobs": jobs, "megabytes_in": source.stat().st_size // 1_000_000, "documents": lines},
            "seconds": round(seconds),
            "megabytes_out": target.stat().st_size // 1_000_000,
            "resident_megabytes_by_tenth": tenths(memory),
        }
    click.echo(f"{lines:,} documents, {megabytes:,} MB, {jobs} at work: the largest process in each tenth of the run, MB")
    click.echo("  ".join(f"{size:.0f}" for size in record["resident_megabytes_by_tenth"]))
    if output is not None:
        output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
