"""The mutation score of a stage: how many small faults in its code its own tests notice.

python tests/mutation/mutate.py decide --mutants 100 --seed 1 --output benchmarks/results/mutation-DATE.json

Mutants are drawn at random, without return, from all those of the stage's modules; each runs the stage's test folder in a forked
process until the first failure. A mutant that takes ten times as long as the sound code counts as noticed, as does one that can't be
imported. Mutants that mean the same as the sound code count as not noticed, so the score is a lower bound.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import io
import json
import os
import signal
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import click
import numpy as np  # noqa: F401
import pytest
import regex  # noqa: F401
import yaml  # noqa: F401

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "src")]

from mutants import Mutant, mutants  # noqa: E402  # found by the line above

STAGES = {
    "decide": ("decide/*.py", "tests/decide"),
    "settle": ("match/settle.py", "tests/match"),
    "normalize": ("normalize/*.py", "tests/normalize"),
}
"""The modules of a stage, and the folder of tests that must notice its faults; the golden file and a module's own tests come first."""
_SLOW = "not finish and not underthesea"
"""Tests of time and of other packages, which tell nothing here."""
_LONGEST = 120.0


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from another source."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self._name, self._path, self._source = name, path, source

    def find_spec(self, fullname: str, *_: Any) -> Any:
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self) if fullname == self._name else None

    def create_module(self, _: Any) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, str(self._path), "exec"), vars(module))


def noticed(path: Path, source: str, folder: str, limit: float) -> bool:
    """Does a test fail, or take too long, where the module at `path` reads `source`?"""
    first = [*(ROOT / folder).glob("test_golden.py"), *sorted((ROOT / folder).glob(f"test_{path.stem}*.py"))]
    tests = [*map(str, first), folder]
    child = os.fork()
    if child == 0:
        os.setsid()
        code = 1
        try:
            name = ".".join(("contentfilter", *path.relative_to(ROOT / "src/contentfilter").with_suffix("").parts))
            sys.meta_path.insert(0, _Changed(name.removesuffix(".__init__"), path, source))
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-k", _SLOW, *tests]))
        finally:
            os._exit(code)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return status != 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def score(stage: str, count: int, seed: int) -> dict[str, Any]:
    """Run a sample of a stage's mutants."""
    pattern, folder = STAGES[stage]
    every: list[tuple[Path, Mutant]] = []
    for path in sorted((ROOT / "src/contentfilter").glob(pattern)):
        every += [(path, mutant) for mutant in mutants(path.read_text(encoding="utf-8"))]
    began = time.monotonic()
    first = every[0][0]
    if noticed(first, first.read_text(encoding="utf-8"), folder, _LONGEST):
        raise click.ClickException(f"{folder}: the sound code fails")
    limit = max(10.0, 10 * (time.monotonic() - began))
    sample = Random(seed).sample(every, min(count, len(every)))
    survivors = []
    for number, (path, mutant) in enumerate(sample, start=1):
        if not noticed(path, mutant.source, folder, limit):
            survivors.append(f"{path.relative_to(ROOT / 'src/contentfilter')}:{mutant.line} {mutant.change}")
            click.echo(survivors[-1])
        if number % 20 == 0:
            click.echo(f"{stage}: {number} of {len(sample)}, {len(survivors)} not noticed", err=True)
    return {
        "seed": seed,
        "mutants": len(every),
        "tried": len(sample),
        "noticed": len(sample) - len(survivors),
        "score": round(1 - len(survivors) / len(sample), 3),
        "survivors": survivors,
    }


@click.command()
@click.argument("stages", nargs=-1, type=click.Choice(list(STAGES)))
@click.option("--mutants", "count", default=100, show_default=True, help="How many, of each stage.")
@click.option("--seed", default=1, show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Where the figures go, as JSON.")
def main(stages: tuple[str, ...], count: int, seed: int, output: Path | None) -> None:
    """Tell the mutation score of STAGES, without any of all three."""
    os.chdir(ROOT)
    os.environ["CI"] = "1"  # the same examples for every mutant
    results = {}
    for stage in stages or STAGES:
        results[stage] = score(stage, count, seed)
        click.echo(f"{stage}: {results[stage]['noticed']} of {results[stage]['tried']} noticed, {results[stage]['score']:.1%}")
        if output is not None:
            output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
