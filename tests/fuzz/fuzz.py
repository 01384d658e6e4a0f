"""Fuzz for as long as wanted, and report what was run, what broke, and what was slowest.

python tests/fuzz/fuzz.py classify normalize --seconds 3600 --seed 1 --output benchmarks/results/fuzz-DATE.json

Case number i of seed s is the same on every machine: `--seed s --first i --cases 1` runs it again.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from pathlib import Path
from random import Random
from typing import Any

import click

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]  # as pytest does

from targets import REMEMBERING, TARGETS  # noqa: E402  # found by the line above

_SHORTEST = 20
"""Characters from which a cost per character says something: a call has its own cost."""
_SHOWN = 300
_WARM = 50
"""Cases before the figures: what is loaded at its first use is no cost of a text."""


def fuzz(name: str, seed: int, first: int, cases: int | None, seconds: float) -> dict[str, Any]:
    """Run one target; a fault is kept with its case and does not end the run."""
    for warm in range(_WARM):
        TARGETS[name](Random(warm))
    began = time.monotonic()
    case, documents, size, busy = first, 0, 0, 0.0
    slowest: tuple[float, int, str] = (0.0, first, "")
    faults: dict[str, dict[str, Any]] = {}
    crashes = 0
    while (cases is None or case - first < cases) and time.monotonic() - began < seconds:
        try:
            again = cost = TARGETS[name](Random(seed << 40 | case))
            slow = cost.size >= _SHORTEST and cost.seconds / cost.size > slowest[0]
            if slow and name not in REMEMBERING:  # what was slow by accident is not slow twice
                again = TARGETS[name](Random(seed << 40 | case))
        except Exception as error:
            crashes += 1
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{frame.filename}:{frame.lineno}"
            if place not in faults:
                faults[place] = {"case": case, "error": ascii(error)[:_SHOWN]}
                click.echo(f"{name} {place}: {faults[place]}", err=True)  # a long run tells at once
        else:
            documents += cost.documents
            size += cost.size
            busy += cost.seconds
            if slow:
                slowest = max(slowest, (min(cost.seconds, again.seconds) / cost.size, case, cost.shown))
        case += 1
    return {
        "seed": seed,
        "cases": case - first,
        "documents": documents,
        "crashes": crashes,
        "faults": faults,
        "seconds": round(time.monotonic() - began, 1),
        "microseconds_per_character": busy / max(size, 1) * 1e6,
        "slowest_microseconds_per_character": slowest[0] * 1e6,
        "slowest_case": slowest[1],
        "slowest_input": ascii(slowest[2])[:_SHOWN],
    }


@click.command()
@click.argument("targets", nargs=-1, type=click.Choice(list(TARGETS)))
@click.option("--seconds", default=60.0, show_default=True, help="How long, for each target.")
@click.option("--cases", type=int, help="How many cases at most, for each target.")
@click.option("--seed", default=1, show_default=True)
@click.option("--first", default=0, show_default=True, help="The number of the first case.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Where the figures go, as JSON.")
def main(targets: tuple[str, ...], seconds: float, cases: int | None, seed: int, first: int, output: Path | None) -> None:
    """Fuzz TARGETS, without any all of them; exit code 1 where something broke."""
    results = {}
    for name in targets or TARGETS:
        results[name] = fuzz(name, seed, first, cases, seconds)
        click.echo(f"{name}: {json.dumps(results[name], indent=1)}")
        if output is not None:
            output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    sys.exit(any(result["crashes"] for result in results.values()))


if __name__ == "__main__":
    main()
