"""What was measured, on a terminal. Imported by a command that shows it: rich is slow to import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contentfilter.categories import Action
from contentfilter.explain import printable
from contentfilter.result import Result

from .measure import Measurement

_LONGEST = 100
_WIDE = 180
"""Characters, where the table goes to a file."""


def show_measurement(measured: Measurement, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """A line a rule, those with most hits first."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    actions = ", ".join(f"{action.value} {measured.actions[action.value]:,}" for action in Action)
    console.print(f"{measured.documents:,} documents: {actions}")
    if measured.labelled:
        harmful = measured.labelled - measured.clean
        console.print(
            f"{measured.labelled:,} labelled: flagged {measured.flagged_harmful:,} of {harmful:,} harmful, "
            f"{measured.flagged_clean:,} of {measured.clean:,} clean"
        )
    table = Table(box=None, padding=(0, 2, 0, 0), title_justify="left")
    table.add_column("rule", no_wrap=True)
    for name in ("hits", "precision", "recall", "false alarms", "decisive", "µs"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("beside")  # where the terminal is narrow this one is wrapped
    for identity, row in sorted(rows.items(), key=lambda item: -item[1]["hits"]):
        beside = ", ".join(f"{other} {count:,}" for other, count in row["beside"].items())
        table.add_row(
            f"{identity} (trial)" if row["trial"] else identity,
            f"{row['hits']:,}",
            _share(row["precision"]),
            _share(row["recall"]),
            f"{row['false_alarms']:,}" if measured.labelled else "",
            f"{row['decisive']:,}",
            f"{row['microseconds']:.1f}",
            beside,
        )
    console.print(table)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def show_change(identity: object, text: str, before: Result, after: Result) -> None:
    """One document whose action changes."""
    shown = printable(" ".join(text.split()))
    if len(shown) > _LONGEST:
        shown = shown[:_LONGEST] + "…"
    Console(highlight=False, soft_wrap=True).print(f"{identity}: {before.action.value} → {after.action.value}  {escape(shown)}")
