"""Hits and lines made by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contentfilter import Category
from contentfilter.match.keywords import Term
from contentfilter.match.settle import Hit

INSULT, SCAM = Category.INSULT, Category.SCAM


@dataclass(eq=False)
class Line:
    """A line whose places lie `offset` further on in the caller's text, `steps` having been undone."""

    text: str = ""
    number: int = 0
    offset: int = 0
    steps: tuple[str, ...] = ()

    def place(self, start: int, end: int) -> tuple[int, int, tuple[str, ...]]:
        return start + self.offset, end + self.offset, self.steps


def hit(start: int, end: int, text: str = "x", weight: float = 5.0, line: Any = None, **more: Any) -> Hit:
    steps, missing = more.pop("steps", ()), more.pop("missing", 0)
    categories = more.pop("categories", (INSULT,))
    return Hit(start, end, Term(text, 0, weight, categories=categories, **more), steps, missing, categories, line)


def spans(hits: list[Hit]) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in hits]
