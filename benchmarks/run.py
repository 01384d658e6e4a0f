"""Run the benchmarks, print them, and keep their records.

    python benchmarks/run.py                                # throughput, latency, scale, endless; on examples/
    python benchmarks/run.py throughput latency --data DIR  # on the data sets in DIR (vihsd/, news/)
    python benchmarks/run.py --quick --results FOLDER       # seconds: does it run at all?

A record (see `contentfilter.bench`) is written to benchmarks/results/NAME-DATE.json, a chart beside it as NAME-DATE.svg where matplotlib is
installed. The exit code is 1 where a benchmark failed: something grew faster than in proportion, memory was not flat, or a system
answered otherwise than the last time on the same texts.
"""

from __future__ import annotations

import os

# Before numpy is imported, which reads them once: one core for every system.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"))

import json
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import click
from expected import Expected
from settings import Settings

from contentfilter.bench import Row, record
from contentfilter.errors import ContentFilterError
from contentfilter.terminal import show_record, show_rows

RESULTS: Final = Path(__file__).with_name("results")
NAMES: Final = ("throughput", "latency", "scale", "endless")


def run(name: str, settings: Settings, expected: Expected) -> Row:
    """One benchmark's record. `busy` is the share of the clock's seconds that the processor worked for it: near 1 on an idle machine."""
    wall, processor = time.perf_counter(), time.process_time()
    found = import_module(name).measure(settings, expected)
    busy = (time.process_time() - processor) / (time.perf_counter() - wall)
    asked = {"repetitions": settings.repeat, "quick": settings.quick, "busy": busy, **found.pop("settings")}
    return record(name, found.pop("corpora"), asked, found.pop("summary"), **found)


def show(made: Row) -> None:
    """The record's summary, and what else it has."""
    show_record(made)
    for name in ("new_interpreter", "against_clean", "exponents", "memory"):
        if found := made.get(name):
            show_rows([{name.replace("_", " "): key, "figure": value} for key, value in found.items()])
    if stages := made.get("stages"):
        shares = {name: {stage: f"{share:.0%}" for stage, share in found.items()} for name, found in stages.items()}
        show_rows([{"share of a stage": name, **found} for name, found in shares.items()])
    for name, why in made.get("absent", {}).items():
        click.echo(f"absent: {name}: {why}")
    for failure in made["failures"]:
        click.echo(f"FAILED: {failure}", err=True)


def keep(made: Row, results: Path) -> None:
    """Write the record and its chart."""
    path = results / f"{made['benchmark']}-{made['date'][:10]}.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)
    click.echo(str(path))
    if find_spec("matplotlib") is None:
        click.echo("no chart: matplotlib is not installed; pip install 'contentfilter[bench]'")
        return
    from chart import draw

    draw(made, path.with_suffix(".svg"))


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder with vihsd/, news/; default: examples/."
)
@click.option("--repeat", type=click.IntRange(min=1), default=5, show_default=True, help="Repetitions.")
@click.option("--quick", is_flag=True, help="Tiny sizes, one repetition: the figures mean nothing.")
@click.option("--results", type=click.Path(exists=True, file_okay=False, path_type=Path), default=RESULTS, help="Where to write.")
@click.option("--record", "anew", is_flag=True, help="Record the expected counts anew, after a change that was meant to change answers.")
def main(names: tuple[str, ...], data: Path | None, repeat: int, quick: bool, results: Path, anew: bool) -> None:
    """Run the benchmarks NAMES, by default all of them."""
    settings = Settings(data, 1 if quick else repeat, quick)
    texts = "quick" if quick else "data" if data else "examples"
    expected = Expected(results / f"expected-{texts}.json", anew)
    failures: list[Any] = []
    for name in names or NAMES:
        try:
            made = run(name, settings, expected)
        except ContentFilterError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"\n== {name}")
        show(made)
        keep(made, results)
        failures += made["failures"]
    expected.save()
    for recorded in expected.recorded:
        click.echo(f"recorded anew: {recorded}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
