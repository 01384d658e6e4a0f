"""Files of documents → a file of scores, and a summary."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from contentfilter.categories import Action
from contentfilter.filter import ContentFilter
from contentfilter.result import Result

from .readers import Document, Source, read

_BLOCK = 1024
"""Documents judged together."""


@dataclass(slots=True)
class Summary:
    """What a run found."""

    documents: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    """Flagged documents by category whose score is at least one half."""
    rules: Counter[str] = field(default_factory=Counter)
    """Flagged documents by rule that matched."""

    def add(self, result: Result) -> None:
        """Count one result."""
        self.documents += 1
        self.actions[result.action.value] += 1
        if result.action is not Action.ALLOW:
            self.categories.update(category.value for category, score in result.evidence.scores.items() if score >= 0.5)
            self.rules.update({match.rule for match in result.matches})


def score(
    contentfilter: ContentFilter,
    sources: Sequence[Source],
    out: IO[str],
    progress: Callable[[int, int], None] = lambda _bytes, _documents: None,
) -> Summary:
    """Judge every document of the sources in order and write a JSON line for each: file, id, action, scores, matches.

    `file` is there only with several sources. `progress` is told the bytes read of all sources and the documents judged so far.
    Raises `DataError` at the first fault of a source.
    """
    summary = Summary()
    before = 0
    for source in sources:
        position = 0

        def told(count: int) -> None:
            nonlocal position
            position = count

        for block in _blocks(read(source, told)):
            for document, result in zip(block, contentfilter.classify_batch([text for _, text in block]), strict=True):
                name = str(source.path) if len(sources) > 1 else None
                out.write(_line(record(document, result, name)))
                summary.add(result)
            progress(before + position, summary.documents)
        before += position
    return summary


def _line(values: dict[str, object]) -> str:
    """One JSON line; readable, unless the text has lone surrogates, which no UTF-8 file can hold as they are."""
    line = json.dumps(values, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(values)
    return line + "\n"


def record(document: Document, result: Result, file: str | None = None) -> dict[str, object]:
    """What is written of one document."""
    found = result.to_dict()
    return {
        **({"file": file} if file is not None else {}),
        "id": document.id,
        "action": found["action"],
        "scores": {category: round(value, 6) for category, value in found["scores"].items()},
        "matches": found["matches"],
    }


def _blocks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while block := list(islice(rest, _BLOCK)):
        yield block
