"""What the command line shows on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from contentfilter.categories import Action
from contentfilter.explain import ACTION_NAMES, Language, explain, printable
from contentfilter.files.run import Summary
from contentfilter.result import Result

_COLOURS = {Action.ALLOW: "green", Action.REVIEW: "yellow", Action.MASK: "magenta", Action.BLOCK: "red"}


def show_result(result: Result, lang: Language) -> None:
    """The text with the matches underlined, and the explanation."""
    console = Console(highlight=False, soft_wrap=True)
    shown = Text()
    covered = bytearray(len(result.text))
    for match in result.matches:
        covered[match.start : match.end] = b"\x01" * (match.end - match.start)
    for character, marked in zip(result.text, covered, strict=True):
        shown.append(printable(character), style="underline bold" if marked else "")
    console.print(shown)
    if any(covered) and not console.is_terminal:  # underlining is lost in a pipe
        marks = ["^" if marked else " " for marked in covered]
        console.print("".join(mark * len(printable(c)) for c, mark in zip(result.text, marks, strict=True)).rstrip())
    first, _, rest = explain(result, lang).partition("\n")
    console.print(Text(first, style=f"bold {_COLOURS[result.action]}"))
    console.print(escape(rest))


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error where that is a terminal, else nothing; the block calls it with bytes and documents."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _bytes, _documents: None
        return
    columns = (BarColumn(), TextColumn("{task.fields[documents]:,} documents"), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("score", total=total, documents=0)
        yield lambda position, documents: progress.update(task, completed=position, documents=documents)


def show_summary(summary: Summary, lang: Language = "en") -> None:
    """Counts by action, category and rule, on standard error."""
    console = Console(stderr=True, highlight=False)
    table = Table(title=f"{summary.documents:,} documents", title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    for action in Action:
        count = summary.actions[action.value]
        share = f"{count / summary.documents:.1%}" if summary.documents else ""
        table.add_row(Text(ACTION_NAMES[lang][action], style=_COLOURS[action]), f"{count:,}", share)
    for title, counts in (("flagged for", summary.categories), ("most frequent rules", summary.rules)):
        if counts:
            table.add_row("", "", "")
            table.add_row(Text(title, style="bold"), "", "")
        for name, count in counts.most_common(11):
            table.add_row(f"  {name}", f"{count:,}", "")
    console.print(table)
