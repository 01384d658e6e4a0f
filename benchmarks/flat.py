"""A gigabyte through `contentfilter score`: the resident memory of each of its processes, from the first block to the last.

    python benchmarks/flat.py                            # 1,000 MB of JSON lines
    python benchmarks/flat.py --megabytes 300 --jobs 2 --minutes 20 --output benchmarks/results/flat-DATE.json

The rows are ordinary comments: clauses of examples/comments.txt put together anew, one row in ten of those that people found harmful, one
word in two hundred never seen before, so that what a filter remembers (65,536 chunks) fills and is forgotten many times. What counts is
that the last tenths of the run take no more memory than those after the first.
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
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

import click
import psutil
from corpora import examples

_PAUSE: Final = 1.0
"""Seconds between two looks."""


class Watched(NamedTuple):
    """What was seen of a run."""

    seconds: float
    megabytes: list[float]
    """At each look that of its processes which takes most."""
    ended: bool
    """Did it come to its end, or was it stopped when its time was up?"""


def comment(random: Random, clauses: Sequence[str]) -> str:
    """One to four clauses, one word in two hundred of them a new one."""
    words = " ".join(random.choices(clauses, k=random.randint(1, 4))).split(" ")
    return " ".join([f"w{random.getrandbits(40):x}" if random.random() < 0.005 else word for word in words])


def write(path: Path, megabytes: int) -> int:
    """JSON lines of so many megabytes, a tenth of them ten times; how many there are."""
    random = Random(7)
    clean, harmful = (
        [part for text, harm in examples() if harm is wanted for part in re.split(r"(?<=[,.!?])\s+", text) if part.strip()]
        for wanted in (False, True)
    )
    part: list[str] = []
    size = 0
    while size < megabytes * 100_000:
        text = comment(random, harmful if random.random() < 0.1 else clean)
        part.append(json.dumps({"text": text}, ensure_ascii=False) + "\n")
        size += len(part[-1].encode())
    with path.open("w", encoding="utf-8") as file:
        for _ in range(10):
            file.writelines(part)
    return 10 * len(part)


def watched(arguments: list[str], minutes: float) -> Watched:
    """Run a program to its end, or for so many minutes."""
    found: list[float] = []
    start = time.perf_counter()
    with subprocess.Popen(arguments, stderr=subprocess.DEVNULL) as running:
        while running.poll() is None:
            found.append(_largest(running.pid))
            time.sleep(_PAUSE)
            if late := time.perf_counter() - start > minutes * 60:
                running.terminate()
                break
        else:
            late = False
    if running.returncode and not late:
        raise click.ClickException(f"{' '.join(arguments)}: exit code {running.returncode}")
    return Watched(time.perf_counter() - start, found, not late)


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
    count = len(megabytes)
    return [round(max(megabytes[count * i // 10 : count * (i + 1) // 10], default=0.0), 1) for i in range(10)]


def judged(target: Path) -> int:
    """Documents that a run has finished, as its journal tells."""
    lines = target.with_name(f"{target.name}.journal").read_bytes().splitlines()[1:]
    return sum(json.loads(line)["summary"]["documents"] for line in lines if line.endswith(b"}"))


@click.command()
@click.option("--megabytes", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--minutes", type=float, default=600.0, show_default=True, help="Stop then; the record says how far it came.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Where the figures go, as JSON.")
def main(megabytes: int, jobs: int, minutes: float, output: Path | None) -> None:
    """Run, and print the megabytes of each tenth of the run."""
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "documents.jsonl", Path(name) / "scores.jsonl"
        lines = write(source, megabytes)
        command = [sys.executable, "-m", "contentfilter.cli", "score", str(source), "-o", str(target), "--jobs", str(jobs)]
        seen = watched(command, minutes)
        done = lines if seen.ended else judged(target)
        record: dict[str, Any] = {
            "benchmark": "flat",
            "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
            "load": os.getloadavg(),
            "settings": {"jobs": jobs, "megabytes": megabytes, "documents": lines},
            "documents_judged": done,
            "megabytes_judged": round(source.stat().st_size / 1e6 * done / lines),
            "seconds": round(seen.seconds),
            "resident_megabytes_by_tenth": tenths(seen.megabytes),
        }
    click.echo(f"{done:,} documents, {record['megabytes_judged']:,} MB, {jobs} at work: the largest process in each tenth of the run, MB")
    click.echo("  ".join(f"{size:.0f}" for size in record["resident_megabytes_by_tenth"]))
    if output is not None:
        output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
