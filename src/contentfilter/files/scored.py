"""What is written of one document, and the formats that it is written in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from contentfilter.categories import CATEGORIES
from contentfilter.columns import columns_of
from contentfilter.result import Match, Result, masked_with

from .cells import guarded
from .readers import Document
from .sources import pyarrow

_DIGITS: Final = 6
"""Of a score."""


class Rows(NamedTuple):
    """What is written of some documents, a column each."""

    documents: Sequence[Document]
    file: str | None
    actions: list[str]
    scores: npt.NDArray[np.float64]
    """(categories, documents), in the order of `CATEGORIES`."""
    matches: list[list[dict[str, Any]]]
    trials: list[list[dict[str, Any]]]
    """Matches of rules on trial, each with the `action` that the document would get were its rule active."""
    errors: list[list[str]]
    """What kept a text from being judged whole."""
    masked: list[str] | None


def rows_of(documents: Sequence[Document], results: Sequence[Result], file: str | None, mask: bool) -> Rows:
    """The rows of results."""
    columns = columns_of(results)
    matches = [list(map(_match, found)) if found else [] for found in columns.matches]
    trials = [_trials(result) if result.watched else [] for result in results]
    masked = [masked_with(result, found) for result, found in zip(results, columns.matches, strict=True)] if mask else None
    actions = [result.action.value for result in results]  # a fault so far changes the action
    return Rows(documents, file, actions, columns.scores, matches, trials, [list(result.errors) for result in results], masked)


def _match(match: Match) -> dict[str, Any]:
    """As `Result.to_dict` gives it, without the library's deep copy, which takes longer than finding it did."""
    return {
        "start": match.start,
        "end": match.end,
        "text": match.text,
        "category": match.category.value,
        "rule": match.rule,
        "source": match.source,
        "steps": list(match.steps),
        "weight": match.weight,
    }


def _trials(result: Result) -> list[dict[str, Any]]:
    return [{**_match(match), "action": result.action_with(match.rule).value} for match in result.trials]


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns the output has, and in which format."""

    kind: str
    """".jsonl", ".csv" or ".parquet"."""
    file: bool
    """Does each row name its file?"""
    keep: tuple[str, ...] = ()
    mask_to: str | None = None
    types: Mapping[str, Any] = field(default_factory=dict)
    """Arrow types of the id and the kept columns, as far as they are known; text where not."""
    identity: str = "id"
    """The column of the input that the id is from."""

    def head(self) -> bytes:
        """What stands before the first row."""
        return _FORMATS[self.kind].head(self)

    def rows(self, rows: Rows) -> bytes:
        """Rows, ready to be appended to those before."""
        return _FORMATS[self.kind].rows(self, rows) if rows.documents else b""

    def finish(self, part: Path) -> Path:
        """Turn the file that was appended to into one of the kind that was asked for: itself, or another one beside it."""
        return _FORMATS[self.kind].finish(part)


class _Format(NamedTuple):
    head: Callable[[Layout], bytes]
    rows: Callable[[Layout, Rows], bytes]
    finish: Callable[[Path], Path]


# --- JSON lines ---

_SCORES: Final = ", ".join(f'"{category.value}": %.{_DIGITS}f' for category in CATEGORIES)


_json: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode
"""Of any value; dates and the like, which Arrow files have, as text."""
_quoted: Final = json.encoder.encode_basestring
_MATCH: Final = (
    '{"start": %d, "end": %d, "text": %s, "category": %s, "rule": %s, "source": %s, "steps": %s, "weight": %r}'
)
"""What `_json` would make of a match, in a third of the time."""


def _json_rows(layout: Layout, rows: Rows) -> bytes:
    first = f'"file": {_json(rows.file)}, ' if layout.file else ""
    keys = [_json(name) for name in layout.keep]
    kept = last = ""
    lines = []
    for i, (document, action, scores, matches, trials, errors) in enumerate(
        zip(rows.documents, rows.actions, zip(*rows.scores.tolist(), strict=True), rows.matches, rows.trials, rows.errors, strict=True)
    ):
        identity = document.id
        if keys:
            kept = "".join([f"{key}: {_json(value)}, " for key, value in zip(keys, document.kept, strict=True)])
        if rows.masked is not None:
            last = f", {_json(layout.mask_to)}: {_json(rows.masked[i])}"
        lines.append(
            f'{{{first}"id": {identity if type(identity) is int else _json(identity)}, {kept}"action": "{action}", '
            f'"scores": {{{_SCORES % scores}}}, "matches": [{", ".join(map(_json_match, matches)) if matches else ""}]'
            f'{_more("trials", trials)}{_more("errors", errors)}{last}}}\n'
        )
    return "".join(lines).encode("utf-8", "backslashreplace")  # a lone surrogate stands inside a string, where \udxxx is its escape


def _json_match(match: Mapping[str, Any]) -> str:
    start, end, text, category, rule, source, steps, weight = match.values()
    return _MATCH % (
        start, end, _quoted(text), _quoted(category), _quoted(rule), _quoted(source), _json(steps) if steps else "[]", weight
    )


def _more(name: str, values: Sequence[object]) -> str:
    return f', "{name}": {_json(values)}' if values else ""


# --- CSV ---


def _csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    usual = csv.writer(out, lineterminator="\n")
    quoting = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        cells = [guarded(cell) if isinstance(cell, str) else cell for cell in row]
        # before Python 3.13 a carriage return is not quoted, and begins a row for whoever reads it
        (quoting if any([isinstance(cell, str) and "\r" in cell for cell in cells]) else usual).writerow(cells)
    return out.getvalue().encode("utf-8", "backslashreplace")


def _csv_head(layout: Layout) -> bytes:
    scores = [f"scores.{category.value}" for category in CATEGORIES]
    head = [*(["file"] if layout.file else []), "id", *layout.keep, "action", *scores, "matches", "trials", "errors"]
    return _csv_lines([[*head, *([layout.mask_to] if layout.mask_to else [])]])


def _csv_rows(layout: Layout, rows: Rows) -> bytes:
    columns: list[Iterable[object]] = [
        *([repeat(rows.file, len(rows.documents))] if layout.file else []),
        [document.id for document in rows.documents],
        *([_text(document.kept[i]) for document in rows.documents] for i in range(len(layout.keep))),
        rows.actions,
        *rows.scores.round(_DIGITS).tolist(),
        *(map(_json, column) for column in (rows.matches, rows.trials, rows.errors)),
        *([rows.masked] if rows.masked is not None else []),
    ]
    return _csv_lines(zip(*columns, strict=True))


def _text(value: object) -> str | None:
    """A kept value in a format that knows only text: what is no text as JSON."""
    return value if value is None or isinstance(value, str) else _json(value)


# --- Parquet ---
# A Parquet file can't be gone on with. Rows are appended to an Arrow stream, which can, and which becomes Parquet at the end.

_ROW_GROUP: Final = 1 << 16


def _schema(layout: Layout) -> Any:
    arrow = pyarrow()
    fields = [
        ("start", arrow.int32()),
        ("end", arrow.int32()),
        ("text", arrow.string()),
        ("category", arrow.string()),
        ("rule", arrow.string()),
        ("source", arrow.string()),
        ("steps", arrow.list_(arrow.string())),
        ("weight", arrow.float64()),
    ]
    columns = [("file", arrow.string())] if layout.file else []
    columns += [("id", layout.types.get(layout.identity, arrow.string()))]
    columns += [(name, layout.types.get(name, arrow.string())) for name in layout.keep]
    columns += [("action", arrow.string())]
    columns += [("scores", arrow.struct([(category.value, arrow.float64()) for category in CATEGORIES]))]
    columns += [("matches", arrow.list_(arrow.struct(fields)))]
    columns += [("trials", arrow.list_(arrow.struct([*fields, ("action", arrow.string())])))]
    columns += [("errors", arrow.list_(arrow.string()))]
    columns += [(layout.mask_to, arrow.string())] if layout.mask_to else []
    return arrow.schema(columns)


def _arrow_head(layout: Layout) -> bytes:
    head: bytes = _schema(layout).serialize().to_pybytes()
    return head


def _arrow_rows(layout: Layout, rows: Rows) -> bytes:
    arrow = pyarrow()
    schema = _schema(layout)
    scores = [arrow.array(column, arrow.float64()) for column in rows.scores.round(_DIGITS)]
    columns: list[Any] = [
        *([[rows.file] * len(rows.documents)] if layout.file else []),
        [document.id for document in rows.documents],
        *([document.kept[i] for document in rows.documents] for i in range(len(layout.keep))),
        rows.actions,
        arrow.StructArray.from_arrays(scores, fields=list(schema.field("scores").type)),
        rows.matches,
        rows.trials,
        rows.errors,
        *([rows.masked] if rows.masked is not None else []),
    ]
    batch = arrow.record_batch([_array(column, of.type) for column, of in zip(columns, schema, strict=True)], schema=schema)
    written: bytes = batch.serialize().to_pybytes()
    return written


def _array(column: Any, kind: Any) -> Any:
    arrow = pyarrow()
    if isinstance(column, arrow.Array):
        return column
    if arrow.types.is_string(kind):
        column = list(map(_text, column))
    try:
        return arrow.array(column, kind)
    except UnicodeEncodeError:  # lone surrogates, which no Arrow text can hold
        return arrow.array(_readable(column), kind)


def _readable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return list(map(_readable, value))
    return {key: _readable(item) for key, item in value.items()} if isinstance(value, dict) else value


def _arrow_finish(part: Path) -> Path:
    arrow = pyarrow()
    target = part.with_suffix(".finished")
    from pyarrow.parquet import ParquetWriter

    with arrow.OSFile(str(part)) as file, arrow.ipc.open_stream(file) as reader, ParquetWriter(target, reader.schema) as writer:
        waiting: list[Any] = []
        for batch in reader:
            waiting.append(batch)
            if sum(batch.num_rows for batch in waiting) >= _ROW_GROUP:
                writer.write_table(arrow.Table.from_batches(waiting))
                waiting = []
        if waiting:
            writer.write_table(arrow.Table.from_batches(waiting))
    return target


_FORMATS: Final = {
    ".jsonl": _Format(lambda _: b"", _json_rows, lambda part: part),
    ".csv": _Format(_csv_head, _csv_rows, lambda part: part),
    ".parquet": _Format(_arrow_head, _arrow_rows, _arrow_finish),
}
