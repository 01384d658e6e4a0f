"""What was measured, on a terminal. Imported by a command that shows it: rich is slow to import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contentfilter.categories import Action
from contentfilter.explain import ACTION_NAMES, Language, printable
from contentfilter.result import Result

from .measure import Measurement

_WORDS: Final[dict[Language, dict[str, str]]] = {
    "vi": {
        "documents": "{:,} văn bản: {}",
        "labelled": "{:,} có nhãn: bắt được {:,} trong {:,} văn bản có hại, bắt nhầm {:,} trong {:,} văn bản lành",
        "columns": "khớp|độ chính xác|độ phủ|báo nhầm|quyết định|µs",
        "rule": "quy tắc",
        "beside": "đi cùng",
        "trial": "thử nghiệm",
    },
    "en": {
        "documents": "{:,} documents: {}",
        "labelled": "{:,} labelled: flagged {:,} of {:,} harmful, {:,} of {:,} clean",
        "columns": "hits|precision|recall|false alarms|decisive|µs",
        "rule": "rule",
        "beside": "beside",
        "trial": "trial",
    },
}
_LONGEST = 100
_NARROW = 110
"""Characters under which a terminal shows what matched beside a rule in lines of its own."""
_WIDE = 180
"""Characters, where the table goes to a file."""


def show_measurement(measured: Measurement, rows: Mapping[str, Mapping[str, Any]], lang: Language) -> None:
    """A line a rule, those with most hits first."""
    words = _WORDS[lang]
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    actions = ", ".join(f"{ACTION_NAMES[lang][action]} {measured.actions[action.value]:,}" for action in Action)
    console.print(words["documents"].format(measured.documents, actions))
    if measured.labelled:
        harmful = measured.labelled - measured.clean
        counts = (measured.labelled, measured.flagged_harmful, harmful, measured.flagged_clean, measured.clean)
        console.print(words["labelled"].format(*counts))
    table = Table(box=None, padding=(0, 2, 0, 0), title_justify="left")
    table.add_column(words["rule"], no_wrap=True)
    narrow = console.width < _NARROW
    for name in words["columns"].split("|"):
        table.add_column(name, justify="right", no_wrap=not narrow, min_width=4)
    if not narrow:
        table.add_column(words["beside"])  # wrapped, where there are many
    below: list[str] = []
    for identity, row in sorted(rows.items(), key=lambda item: -item[1]["hits"]):
        beside = ", ".join(f"{other} {count:,}" for other, count in row["beside"].items())
        table.add_row(
            f"{identity} ({words['trial']})" if row["trial"] else identity,
            f"{row['hits']:,}",
            _share(row["precision"]),
            _share(row["recall"]),
            f"{row['false_alarms']:,}" if measured.labelled else "",
            f"{row['decisive']:,}",
            f"{row['microseconds']:.1f}",
            *(() if narrow else (beside,)),
        )
        if beside:
            below.append(f"{identity} {words['beside']}: {beside}")
    console.print(table)
    for line in below if narrow else ():
        console.print(escape(line), soft_wrap=True)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def show_change(identity: object, text: str, before: Result, after: Result, lang: Language) -> None:
    """One document whose action changes."""
    shown = printable(" ".join(text.split()))
    if len(shown) > _LONGEST:
        shown = shown[:_LONGEST] + "…"
    names = ACTION_NAMES[lang]
    Console(highlight=False, soft_wrap=True).print(f"{identity}: {names[before.action]} → {names[after.action]}  {escape(shown)}")
