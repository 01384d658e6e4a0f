"""What the command line shows on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
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
