"""How far a run is, and what it found, on standard error: for a person at a terminal, or in plain lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from contentfilter.categories import Action
from contentfilter.explain import ACTION_NAMES, printable

from .summary import Summary

_EVERY: Final = 10.0
"""Seconds between two plain lines."""
COLOURS: Final = {Action.ALLOW: "green", Action.REVIEW: "yellow", Action.MASK: "magenta", Action.BLOCK: "red"}

Told = Callable[[int, int], None]
"""Is told the bytes read and the documents judged."""


@contextmanager
def progress(total: int, already: int) -> Iterator[Told]:
    """A bar where standard error is a terminal, else a line now and then.

    `total` is the bytes to read, 0 if unknown; `already` the documents judged by the run that this one goes on with.
    """
    if not sys.stderr.isatty():
        yield _plain_lines(total, already)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[documents]:,} documents, {task.fields[rate]:,.0f}/s"),
        TimeRemainingColumn(),
    )
    begin = monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("score", total=total or None, documents=already, rate=0.0)

        def told(position: int, documents: int) -> None:
            rate = (documents - already) / (monotonic() - begin)
            bar.update(task, completed=position, documents=documents, rate=rate)

        yield told


def _plain_lines(total: int, already: int) -> Told:
    begin = last = monotonic()
    before: int | None = None

    def told(position: int, documents: int) -> None:
        nonlocal last, before
        if before is None:  # where the run, which may be gone on with, began
            before = position
        now = monotonic()
        if now - last < _EVERY:
            return
        last = now
        line = f"{documents:,} documents, {position / 1e6:,.0f} MB"
        if total and position > before:
            left = (now - begin) * (total - position) / (position - before)
            line = f"{documents:,} documents, {position / 1e6:,.0f} of {total / 1e6:,.0f} MB, about {left / 60:,.0f} min left"
        print(f"{line}, {(documents - already) / (now - begin):,.0f} documents/s", file=sys.stderr, flush=True)

    return told


def show_summary(summary: Summary, errors: str | None) -> None:
    """Counts by action, category and rule, the slowest documents, and where the bad rows are."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    table = Table(title=f"{summary.documents:,} documents", title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    for action in Action:
        count = summary.actions[action.value]
        share = f"{count / summary.documents:.1%}" if summary.documents else ""
        table.add_row(Text(ACTION_NAMES["en"][action], style=COLOURS[action]), f"{count:,}", share)
    for title, counts in (("flagged for", summary.categories), ("most frequent rules", summary.rules)):
        if counts:
            table.add_row("", "", "")
            table.add_row(Text(title, style="bold"), "", "")
        for name, count in counts.most_common(11):
            table.add_row(f"  {name}", f"{count:,}", "")
    console.print(table)
    lines = [
        f"{seconds:.2f} s for the {characters:,} characters of document {printable(identity)} in {printable(file)}"
        for seconds, file, identity, characters in summary.slowest
    ]
    if lines:
        lines.insert(0, "slowest of the long documents")
    if summary.held:
        lines.append(f"{summary.held:,} documents were not judged whole and are held for review; their rows' errors say why")
    if summary.bad_rows:
        lines.append(f"{summary.bad_rows:,} bad row{'s' * (summary.bad_rows != 1)}{f', see {errors}' if errors else ''}")
    if lines:
        console.print(Text("\n".join(["", *lines])), soft_wrap=True)
