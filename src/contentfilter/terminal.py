"""What the command line shows on a terminal. Imported by a command that shows something: rich is slow to import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from contentfilter.explain import Language, explain, printable
from contentfilter.files.progress import COLOURS
from contentfilter.result import Result


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
    console.print(Text(first, style=f"bold {COLOURS[result.action]}"))
    console.print(escape(rest))


def show_record(record: Mapping[str, Any]) -> None:
    """A benchmark's record (see `contentfilter.bench`): on what it was measured, and its summary."""
    console = _wide()
    machine = record["machine"]
    for corpus in record["corpora"]:
        console.print(f"{corpus['corpus']}: {corpus['texts']:,} texts of {corpus['characters_per_text']:,.0f} characters on average")
    load = machine["load_average"]
    busy = f"; load average before the end {load[0]:.1f}" if load else ""
    console.print(f"{machine['processor']}, {machine['cores']} cores; {machine['python']}{busy}")
    show_rows(record["summary"])


def show_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as a table; a row may lack columns that others have."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    table = Table(box=SIMPLE_HEAD)
    for number, name in enumerate(columns):
        table.add_column(escape(name), justify="right" if number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(escape(cell(row.get(name, ""))) for name in columns))
    _wide().print(table)


def cell(value: Any) -> str:
    """A figure as a table shows it; of one that was measured several times median, least and greatest.

    >>> cell(1234567), cell(0.012345), cell({"median": 12.345, "min": 11.0, "max": 1000.6})
    ('1,234,567', '0.0123', '12.3 (11.0–1,001)')
    """
    if isinstance(value, Mapping):
        median, least, greatest = (cell(value[name]) for name in ("median", "min", "max"))
        return median if least == greatest else f"{median} ({least}–{greatest})"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
    return str(value)


def _wide() -> Console:
    """Standard output; a table that goes to a file is not wrapped to a terminal's width."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=180)
