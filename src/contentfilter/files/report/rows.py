"""The rows of a scored file, whatever it was written as."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from contentfilter.categories import CATEGORIES, Action
from contentfilter.errors import DataError
from contentfilter.files.arrow import arrow_blocks, arrow_types, rows_of
from contentfilter.files.cells import unguarded
from contentfilter.files.lines import Lines, encoded
from contentfilter.files.sources import Source, opened

_KINDS: Final = (".jsonl", ".csv", ".parquet")
_ROWS: Final = 1024
_LONGEST: Final = 1 << 26
"""Bytes of the longest row: ten thousand matches take some two million."""
_ACTIONS: Final = frozenset(action.value for action in Action)
_HARMS: Final = frozenset(category.value for category in CATEGORIES)


def columns_of(path: Path) -> tuple[str, ...]:
    """The names of the first row's columns; none where there is no row that can be read."""
    source = Source(path)
    if source.kind == ".parquet":
        return tuple(arrow_types(source))
    with opened(source) as (stream, _):
        lines = Lines(source, encoded(source, stream), _LONGEST)
        try:
            first = next(lines, "")
            return tuple(json.loads(first) if source.kind == ".jsonl" else next(csv.reader([first])))
        except (ValueError, TypeError, csv.Error, StopIteration):
            return ()


def scored_rows(path: Path, more: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Each row as `score` wrote it to JSON lines: id, action, scores, matches, trials, errors, and the columns that are asked for besides.

    Raises `DataError` for what is no scored file, or lacks a column.
    """
    source = Source(path)
    if source.kind not in _KINDS:
        raise DataError(f"{path}: unknown kind of file {source.kind!r}, expected a scored file: {', '.join(_KINDS)}")
    if source.kind == ".parquet":
        names = arrow_types(source)
        _check(path, names, more)
        with arrow_blocks(source, _ROWS, list(names)) as blocks:
            for block, _ in blocks:
                for number, row in enumerate(rows_of(block), start=block.row):
                    yield _scored(path, number, row)
        return
    with opened(source) as (stream, _):
        lines = Lines(source, encoded(source, stream), _LONGEST)
        for row in (_json_rows if source.kind == ".jsonl" else _csv_rows)(path, lines, more):
            yield _scored(path, lines.number, row)


def _json_rows(path: Path, lines: Lines, more: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path}:{lines.number}: no JSON: {error}") from error
        _check(path, row if isinstance(row, dict) else (), more, lines.number)
        yield row


def _csv_rows(path: Path, lines: Lines, more: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(_LONGEST)
    reader = csv.DictReader(lines, strict=True)
    try:
        reader.fieldnames = list(map(unguarded, reader.fieldnames or ()))
        _check(path, tuple(name.partition(".")[0] for name in reader.fieldnames or ()), more)
        for row in reader:
            yield {
                **{name: unguarded(cell) if isinstance(cell, str) else cell for name, cell in row.items()},
                "scores": {category.value: row[f"scores.{category.value}"] for category in CATEGORIES},
                "matches": json.loads(row["matches"]),
                **{name: json.loads(row[name]) for name in ("trials", "errors") if name in row},
            }
    except (csv.Error, KeyError, ValueError, TypeError, RecursionError) as error:
        raise _unscored(path, lines.number, error) from error


def _unscored(path: Path, line: int, error: object) -> DataError:
    return DataError(f"{path}:{line}: no scored row ({error!r}); is it a file that `score` wrote?")


def _scored(path: Path, line: int, row: dict[str, Any]) -> dict[str, Any]:
    """The row, its scores as numbers. Raises `DataError` where it is not as `score` writes it: strangers' files are shown too."""
    try:
        row["scores"] = {category.value: float(row["scores"][category.value]) for category in CATEGORIES}
        known = row["action"] in _ACTIONS and all(0 <= score <= 1 for score in row["scores"].values())
        trials = row.get("trials") or []
        known &= isinstance(row["matches"], list) and isinstance(trials, list)
        known &= all(map(_is_match, row["matches"])) and all(_is_match(trial) and trial["action"] in _ACTIONS for trial in trials)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise _unscored(path, line, error) from error
    if not known:
        raise _unscored(path, line, "a value that it never writes")
    return row


def _is_match(match: dict[str, Any]) -> bool:
    start, end = match["start"], match["end"]
    return (
        isinstance(start, int)
        and isinstance(end, int)
        and 0 <= start < end
        and all(isinstance(value, str) for value in (match["text"], match["rule"], *match["steps"]))
        and isinstance(match["weight"], float | int)
        and match["category"] in _HARMS
    )


def _check(path: Path, names: Any, more: tuple[str, ...], line: int | None = None) -> None:
    for name in ("id", "action", "scores", "matches", *more):
        if name not in names:
            advice = f"score with --keep {name}" if name in more else "is it a file that `score` wrote?"
            raise DataError(f"{path}:{f'{line}:' if line else ''} no column {name!r}, found: {', '.join(map(str, names))}; {advice}")
