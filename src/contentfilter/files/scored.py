"""What is written of one document, and the formats that it is written in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from contentfilter.categories import CATEGORIES, Action
from contentfilter.columns import MILLION, Columns, arrow_lists
from contentfilter.result import Match, Result, masked_with

from .cells import guarded
from .readers import Documents
from .sources import pyarrow

Trial = tuple[Any, ...]
"""What a `Match` holds, and the action that the document would get were its rule, which is on trial, active."""


class Rows(NamedTuple):
    """What is written of some documents, a column each."""

    documents: Documents
    file: str | None
    actions: list[Action]
    scores: npt.NDArray[np.int64]
    """In millionths, (categories, documents), in the order of `CATEGORIES`."""
    matches: Sequence[Sequence[Match]]
    trials: Sequence[Sequence[Trial]]
    errors: Sequence[Sequence[str]]
    """What kept a text from being judged whole."""
    masked: list[str] | None


def rows_of(documents: Documents, results: Sequence[Result], file: str | None, mask: bool) -> Rows:
    """The rows of results."""
    columns = Columns(results)
    matches = columns.matches()
    trials = [_trials(result) if result.watched else () for result in results]
    masked = [masked_with(result, found) for result, found in zip(results, matches, strict=True)] if mask else None
    actions = [result.action for result in results]  # a fault so far changes the action
    return Rows(documents, file, actions, columns.millionths(), matches, trials, [result.errors for result in results], masked)


def _trials(result: Result) -> list[Trial]:
    return [(*match, result.action_with(match.rule)) for match in result.trials]


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
        return _FORMATS[self.kind].rows(self, rows) if rows.documents.texts else b""

    def finish(self, part: Path) -> Path:
        """Turn the file that was appended to into one of the kind that was asked for: itself, or another one beside it."""
        return _FORMATS[self.kind].finish(part)


class _Format(NamedTuple):
    head: Callable[[Layout], bytes]
    rows: Callable[[Layout, Rows], bytes]
    finish: Callable[[Path], Path]


# --- JSON lines ---

_json: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode
"""Of any value; dates and the like, which Arrow files have, as text."""
_quoted: Final = json.encoder.encode_basestring
_SCORES: Final = '"scores": {' + ", ".join(f'"{category.value}": 0.000000' for category in CATEGORIES) + '}, "matches": ['
"""Every row has so many characters in these places."""
_BLANK: Final = np.frombuffer(_SCORES.encode(), np.uint8)
_POINT: Final = ord(".")
_POINTS: Final = np.flatnonzero(_BLANK == _POINT)
_THREE_DIGITS: Final = np.frombuffer("".join(f"{number:03}" for number in range(1000)).encode(), np.uint8).reshape(1000, 3)


def _json_rows(layout: Layout, rows: Rows) -> bytes:
    ids, kept = rows.documents.ids, [_json_column(layout.keep[i], column) for i, column in enumerate(rows.documents.kept)]
    columns: list[Iterable[str]] = [
        repeat(f'{{"file": {_json(rows.file)}, "id": ' if layout.file else '{"id": '),
        map(str, ids) if set(map(type, ids)) <= {int} else map(_json, ids),
        *kept,
        [_ACTIONS[action] for action in rows.actions],
        _json_scores(rows.scores),
        [_json_matches(found) if found else "" for found in rows.matches],
        repeat("]"),
    ]
    for name, lists in (("trials", [list(map(_told, found)) for found in rows.trials]), ("errors", rows.errors)):
        if any(lists):
            columns.append([f', "{name}": {_json(found)}' if found else "" for found in lists])
    if rows.masked is not None:
        columns.append(_json_column(str(layout.mask_to), rows.masked))
    lines = "}\n".join(map("".join, zip(*columns, strict=False)))  # two of the columns have no end
    return f"{lines}}}\n".encode("utf-8", "backslashreplace")  # a lone surrogate stands inside a string, where \udxxx is its escape


_ACTIONS: Final = {action: f', "action": "{action.value}", ' for action in Action}


def _json_column(name: str, values: Sequence[Any]) -> list[str]:
    key, of = _json(name), _quoted if set(map(type, values)) == {str} else _json
    return [f", {key}: {of(value)}" for value in values]


def _json_scores(scores: npt.NDArray[np.int64]) -> list[str]:
    """What `_SCORES` becomes for each document: digits are put into place for all at once."""
    count, width = scores.shape[1], len(_BLANK)
    places = np.tile(_BLANK, (count, 1))
    whole, parts = np.divmod(scores.T, MILLION)
    places[:, _POINTS - 1] += whole.astype(np.uint8)
    for behind, digits in enumerate(np.divmod(parts, 1000)):
        places[:, _POINTS[:, None] + (1 + 3 * behind + np.arange(3))] = _THREE_DIGITS[digits]
    text = places.tobytes().decode("ascii")
    return [text[start : start + width] for start in range(0, count * width, width)]


def _json_matches(found: Sequence[Match]) -> str:
    return ", ".join(
        [
            f'{{"start": {start}, "end": {end}, "text": {_quoted(text)}, {_by_rule(category, rule, source, steps)}, "weight": {weight!r}}}'
            for start, end, text, category, rule, source, steps, weight in found
        ]
    )


@lru_cache(maxsize=1 << 12)
def _by_rule(*values: object) -> str:
    """What many matches have in common."""
    return ", ".join(f'"{name}": {_json(value)}' for name, value in zip(Match._fields[3:7], values, strict=True))


def _told(match: Sequence[Any]) -> dict[str, Any]:
    return dict(zip((*Match._fields, "action"), match, strict=False))  # only one on trial has an action


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
        *([repeat(rows.file)] if layout.file else []),
        rows.documents.ids,
        *(map(_text, column) for column in rows.documents.kept),
        [action.value for action in rows.actions],
        *(rows.scores / MILLION).tolist(),
        [f"[{_json_matches(found)}]" if found else "[]" for found in rows.matches],
        [_json(list(map(_told, found))) if found else "[]" for found in rows.trials],
        [_json(found) if found else "[]" for found in rows.errors],
        *([rows.masked] if rows.masked is not None else []),
    ]
    return _csv_lines(zip(*columns, strict=False))  # the file's name has no end


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
    scores = [arrow.array(column, arrow.float64()) for column in rows.scores / MILLION]
    columns: list[Any] = [
        *([[rows.file] * len(rows.actions)] if layout.file else []),
        rows.documents.ids,
        *rows.documents.kept,
        rows.actions,
        arrow.StructArray.from_arrays(scores, fields=list(schema.field("scores").type)),
        _lists(rows.matches, schema.field("matches").type),
        _lists(rows.trials, schema.field("trials").type),
        rows.errors,
        *([rows.masked] if rows.masked is not None else []),
    ]
    batch = arrow.record_batch([_array(column, of.type) for column, of in zip(columns, schema, strict=True)], schema=schema)
    written: bytes = batch.serialize().to_pybytes()
    return written


def _lists(rows: Sequence[Sequence[tuple[Any, ...]]], kind: Any) -> Any:
    try:
        return arrow_lists(rows, kind)
    except UnicodeEncodeError:  # lone surrogates, which no Arrow text can hold
        return arrow_lists([[tuple(map(_readable, match)) for match in found] for found in rows], kind)


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
    if isinstance(value, list | tuple):
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
