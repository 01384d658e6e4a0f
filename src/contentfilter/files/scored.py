"""What is written of one document, and the formats that it is written in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from contentfilter.categories import CATEGORIES
from contentfilter.decide.evidence import PRIOR, sigmoid, sum_up
from contentfilter.result import Match, Result

from .cells import guarded
from .readers import Document
from .sources import pyarrow

_DIGITS: Final = 6
_UNTOUCHED: Final = round(sigmoid(PRIOR), _DIGITS)
"""The score of a category that nothing spoke to."""
_POSITIONS: Final = {category: i for i, category in enumerate(CATEGORIES)}


class Row(NamedTuple):
    """What is written of one document."""

    document: Document
    file: str | None
    action: str
    scores: list[float]
    """In the order of `CATEGORIES`."""
    matches: list[dict[str, Any]]
    errors: list[str]
    """What kept the text from being judged whole."""
    masked: str | None


def row_of(document: Document, result: Result, file: str | None, mask: bool) -> Row:
    """The row of a result; its scores are rounded to six digits."""
    scores = [_UNTOUCHED] * len(_POSITIONS)
    # of the model alone, which is most texts: cheaper than the evidence
    found = result.evidence.contributions if result.hits or result.errors else result.contributions()
    for category, log_odds in sum_up(found).items():
        scores[_POSITIONS[category]] = round(sigmoid(log_odds), _DIGITS)
    matches = [_match(match) for match in result.matches] if result.hits else []
    masked = result.masked if mask else None
    return Row(document, file, result.action.value, scores, matches, list(result.errors), masked)  # a fault so far changes the action


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

    def rows(self, rows: Sequence[Row]) -> bytes:
        """Rows, ready to be appended to those before."""
        return _FORMATS[self.kind].rows(self, rows) if rows else b""

    def finish(self, part: Path) -> Path:
        """Turn the file that was appended to into one of the kind that was asked for: itself, or another one beside it."""
        return _FORMATS[self.kind].finish(part)


class _Format(NamedTuple):
    head: Callable[[Layout], bytes]
    rows: Callable[[Layout, Sequence[Row]], bytes]
    finish: Callable[[Path], Path]


# --- JSON lines ---

_NUMBERS: Final = {_UNTOUCHED: repr(_UNTOUCHED)}
_SCORES: Final = ", ".join(f'"{category.value}": %s' for category in CATEGORIES)


_json: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode
"""Of any value; dates and the like, which Arrow files have, as text."""


def _json_rows(layout: Layout, rows: Iterable[Row]) -> bytes:
    lines = "".join([_json_line(layout, row) for row in rows])
    return lines.encode("utf-8", "backslashreplace")  # a lone surrogate stands inside a string, where \udxxx is its escape


def _json_line(layout: Layout, row: Row) -> str:
    identity = row.document.id
    first = f'"file": {_json(row.file)}, ' if layout.file else ""
    kept = "".join([f"{_json(name)}: {_json(value)}, " for name, value in zip(layout.keep, row.document.kept, strict=True)])
    scores = _SCORES % tuple([_NUMBERS.get(score) or repr(score) for score in row.scores])
    matches = _json(row.matches) if row.matches else "[]"
    errors = f', "errors": {_json(row.errors)}' if row.errors else ""
    masked = f", {_json(layout.mask_to)}: {_json(row.masked)}" if layout.mask_to else ""
    return (
        f'{{{first}"id": {identity if type(identity) is int else _json(identity)}, {kept}"action": "{row.action}", '
        f'"scores": {{{scores}}}, "matches": {matches}{errors}{masked}}}\n'
    )


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
    masked = [layout.mask_to] if layout.mask_to else []
    return _csv_lines([[*(["file"] if layout.file else []), "id", *layout.keep, "action", *scores, "matches", "errors", *masked]])


def _csv_rows(layout: Layout, rows: Iterable[Row]) -> bytes:
    return _csv_lines(
        [
            *([row.file] if layout.file else []),
            row.document.id,
            *map(_text, row.document.kept),
            row.action,
            *row.scores,
            _json(row.matches),
            _json(row.errors),
            *([row.masked] if layout.mask_to else []),
        ]
        for row in rows
    )


def _text(value: object) -> str | None:
    """A kept value in a format that knows only text: what is no text as JSON."""
    return value if value is None or isinstance(value, str) else _json(value)


# --- Parquet ---
# A Parquet file can't be gone on with. Rows are appended to an Arrow stream, which can, and which becomes Parquet at the end.

_ROW_GROUP: Final = 1 << 16


def _schema(layout: Layout) -> Any:
    arrow = pyarrow()
    match = arrow.struct(
        [
            ("start", arrow.int32()),
            ("end", arrow.int32()),
            ("text", arrow.string()),
            ("category", arrow.string()),
            ("rule", arrow.string()),
            ("source", arrow.string()),
            ("steps", arrow.list_(arrow.string())),
            ("weight", arrow.float64()),
        ]
    )
    columns = [("file", arrow.string())] if layout.file else []
    columns += [("id", layout.types.get(layout.identity, arrow.string()))]
    columns += [(name, layout.types.get(name, arrow.string())) for name in layout.keep]
    columns += [("action", arrow.string())]
    columns += [("scores", arrow.struct([(category.value, arrow.float64()) for category in CATEGORIES]))]
    columns += [("matches", arrow.list_(match)), ("errors", arrow.list_(arrow.string()))]
    columns += [(layout.mask_to, arrow.string())] if layout.mask_to else []
    return arrow.schema(columns)


def _arrow_head(layout: Layout) -> bytes:
    head: bytes = _schema(layout).serialize().to_pybytes()
    return head


def _arrow_rows(layout: Layout, rows: Sequence[Row]) -> bytes:
    arrow = pyarrow()
    schema = _schema(layout)
    columns: list[Sequence[Any]] = [[row.file for row in rows]] if layout.file else []
    columns.append([row.document.id for row in rows])
    columns += [[row.document.kept[i] for row in rows] for i in range(len(layout.keep))]
    columns.append([row.action for row in rows])
    scores = [arrow.array(column, arrow.float64()) for column in zip(*[row.scores for row in rows], strict=True)]
    columns.append(arrow.StructArray.from_arrays(scores, fields=list(schema.field("scores").type)))
    columns += [[row.matches for row in rows], [row.errors for row in rows]]
    columns += [[row.masked for row in rows]] if layout.mask_to else []
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
