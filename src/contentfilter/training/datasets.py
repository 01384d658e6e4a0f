"""Labelled texts from CSV files, read strictly."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contentfilter.categories import ABUSE, Category
from contentfilter.errors import DataError
from contentfilter.rules.compile import canonical
from contentfilter.rules.schema import WordLists

_STRONG = 4.0
"""A term of this weight flags nearly alone."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what is known of it: 1, 0, or None where a data set does not tell."""

    text: str
    toxic: int
    hate: int | None = None

    def label(self, head: str) -> int | None:
        """What is known of the text under this head of the model. Who abuses sells nothing, but may threaten."""
        if head in ("toxic", "hate"):
            return self.toxic if head == "toxic" else self.hate
        return None if self.toxic and head in (*ABUSE, Category.SELF_HARM) else 0


def rows(path: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows of a CSV file that has at least these columns. Raises `DataError` naming file and column."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{path}: no column {missing[0]!r}, found: {', '.join(reader.fieldnames or ()) or 'nothing'}")
            yield from reader
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file; --data names the folder of the data sets") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}") from error


def vihos(data: Path, split: str) -> list[Labelled]:
    """ViHOS, without the texts that stand in ViHSD's test half: toxic where anything is marked; hate is not told apart."""
    return [
        Labelled(row["text"], int(row["spans"] != "[]"))
        for row in rows(data / "vihos" / f"{split}.csv", ("text", "spans", "in_vihsd_test"))
        if row["in_vihsd_test"] == "0"
    ]


def vihos_spans(data: Path, split: str) -> list[tuple[str, list[tuple[int, int]]]]:
    """The same texts of ViHOS that are toxic, with the half-open spans of what is."""
    found = rows(data / "vihos" / f"{split}.csv", ("text", "spans", "in_vihsd_test"))
    kept = [(row["text"], json.loads(row["spans"])) for row in found if row["in_vihsd_test"] == "0"]
    return [(text, [(start, end) for start, end in spans]) for text, spans in kept if spans]


def safesense(data: Path, split: str) -> list[Labelled]:
    """SafeSense-VI: 0 clean, 1 offensive, 2 hate at a group."""
    return [
        Labelled(row["text"], int(row["label"] != "0"), int(row["label"] == "2"))
        for row in rows(data / "safesense" / f"{split}.csv", ("text", "label"))
    ]


def news(data: Path, without: str = "") -> list[Labelled]:
    """Headlines and leads, as clean text; those of one outlet may be left out, to be measured on."""
    found = rows(data / "news" / "clean.csv", ("source", "title", "lead"))
    return [Labelled(row[part], 0, 0) for row in found if row["source"] != without for part in ("title", "lead")]


def reviews(data: Path, every: int) -> list[Labelled]:
    """Each `every`-th shop review, as clean text: about one in a hundred is not."""
    found = [Labelled(row["text"], 0, 0) for row in rows(data / "reviews" / "unlabelled.csv", ("text",))]
    return found[::every]


def innocent() -> list[Labelled]:
    """Clean sentences written for this project, with the words that quarrels use too."""
    return [Labelled(line, 0, 0) for line in _lines("innocent.txt")]


def aimed() -> list[Labelled]:
    """Insults written for this project, at whom no hatred is about, such as firms, teams and parties."""
    return [Labelled(line, 1, 0) for line in _lines("aimed.txt")]


def targets() -> list[list[str]]:
    """Words for whom a sentence speaks of, alike to be judged, in groups."""
    return [line.split() for line in _lines("targets.txt")]


def _lines(name: str) -> list[str]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def own(lists: WordLists, phrases: Sequence[str]) -> list[Labelled]:
    """Clean texts of the project's own: innocent phrases, and the sentences in which rules must not match, where no strong term
    of abuse stands in them."""
    abuse = [rule for rule in lists.rules if rule.weight >= _STRONG and not ABUSE.isdisjoint(rule.categories)]
    strong = [f" {canonical(term.text)} " for rule in abuse for term in rule.terms if term.weight >= _STRONG and not term.needs]
    innocent = [*phrases, *(text for rule in lists.rules for text in rule.passes)]
    return [Labelled(text, 0, 0) for text in innocent if not any(term in f" {canonical(text)} " for term in strong)]
