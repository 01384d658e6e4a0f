"""Documents from files: a document a line (`.txt`), JSON lines, CSV and TSV, Parquet, Arrow.

Each document has an id: the file's own column or key where it has one, else the number of its line (of its row in a CSV, Parquet or
Arrow file), from 1.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from contentfilter.errors import DataError

from .arrow import arrow_rows
from .sources import LONGEST, TEXT_KINDS, BadRow, Lines, Source, opened

_ABSENT: Final = object()


class Document(NamedTuple):
    """One text to judge, what it is called, and what is carried over with it."""

    id: str | int | float
    text: str
    kept: Sequence[Any] = ()
    """The values of `Source.keep`, None where a row has none."""


@contextmanager
def read(source: Source) -> Iterator[tuple[Iterator[Document | BadRow], Callable[[], int]]]:
    """The documents of a file, in order, a `BadRow` in place of each that can't be judged; and the bytes read so far.

    Raises `DataError` that names the file, the line and what would mend it, where nothing can be read at all, or from there on;
    `OSError` where the file can't be opened.
    """
    if source.kind in TEXT_KINDS:
        with opened(source) as (lines, position):
            yield _TEXT_READERS[source.kind](source, lines), position
    else:
        with arrow_rows(source) as (rows, position):
            yield (_row_document(source, number, row) for number, row in enumerate(rows, start=1)), position


def _each(lines: Lines) -> Iterator[str | BadRow]:
    while True:
        try:
            yield from lines
            return
        except BadRow as bad:
            yield bad


def _read_text(source: Source, lines: Lines) -> Iterator[Document | BadRow]:
    for line in _each(lines):
        if isinstance(line, BadRow):
            yield line
        else:
            text = line.removesuffix("\n").removesuffix("\r")
            yield Document(lines.number, text, [text if name == source.column else None for name in source.keep] if source.keep else ())


def _read_json_lines(source: Source, lines: Lines) -> Iterator[Document | BadRow]:
    for line in _each(lines):
        if isinstance(line, BadRow):
            yield line
        elif not line.isspace():
            yield _json_document(source, lines.number, line)


def _json_document(source: Source, number: int, line: str) -> Document | BadRow:
    try:
        value = json.loads(line.rstrip())  # else an error at its end is told as one of the next line
    except RecursionError:
        return BadRow(source.path, number, "no JSON that can be read, it is nested too deep; each line is one flat object")
    except json.JSONDecodeError as error:
        return BadRow(source.path, number, f"no JSON: {error.msg}; each line is one JSON object", error.colno)
    except ValueError as error:  # a number of thousands of digits
        return BadRow(source.path, number, f"no JSON that can be read: {error}")
    if not isinstance(value, dict):
        return BadRow(source.path, number, f"found {type(value).__name__}, expected an object with the key {source.column!r}")
    return _row_document(source, number, value)


def _row_document(source: Source, number: int, row: dict[str, Any]) -> Document | BadRow:
    text = row.get(source.column, _ABSENT)
    if not isinstance(text, str):
        if text is _ABSENT:
            return BadRow(source.path, number, f"no key {source.column!r}, found: {', '.join(map(str, row))}; choose with --column")
        return BadRow(source.path, number, f"{source.column!r} is {type(text).__name__}, expected text")
    if len(text) > LONGEST:
        return BadRow(source.path, number, f"{source.column!r} has {len(text):,} characters, more than the {LONGEST:,} that are read")
    identity = row.get(source.identity or "id", number)
    if not isinstance(identity, str | int | float):
        if source.identity is not None:
            return BadRow(source.path, number, f"{source.identity!r} is {type(identity).__name__}, expected text or a number")
        identity = number
    elif source.identity is not None and source.identity not in row:
        return BadRow(source.path, number, f"no key {source.identity!r}, found: {', '.join(map(str, row))}; choose with --id")
    return Document(identity, text, [row.get(name) for name in source.keep] if source.keep else ())


def _read_csv(source: Source, lines: Lines) -> Iterator[Document | BadRow]:
    csv.field_size_limit(LONGEST)
    reader = csv.reader(lines, strict=True, delimiter="\t" if source.kind == ".tsv" else ",")
    header = _header(source, reader)
    for name, option in ((source.column, "--column"), (source.identity, "--id"), *((name, "--keep") for name in source.keep)):
        if name is not None and name not in header:
            raise DataError(f"{source.path}: no column {name!r}, found: {', '.join(header)}; choose with {option}")
    column = header.index(source.column)
    name = source.identity or "id"
    identity = header.index(name) if name in header else None
    keep = [header.index(name) for name in source.keep]
    number = 0
    while True:
        begin = lines.number + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except BadRow as bad:
            yield bad
        except csv.Error as error:
            reason = f"no CSV: {error}; is a quote left open, or a line break not quoted?"
            yield BadRow(source.path, lines.number, reason if begin == lines.number else f"{reason} (the row begins at line {begin})")
        else:
            if not row:
                continue
            number += 1
            if len(row) != len(header):
                yield BadRow(source.path, lines.number, f"found {len(row)} cells, expected {len(header)} as in the header")
            else:
                yield Document(row[identity] if identity is not None else number, row[column], [row[i] for i in keep] if keep else ())


def _header(source: Source, reader: Iterator[list[str]]) -> list[str]:
    try:
        header = next(reader, None)
    except csv.Error as error:
        raise DataError(f"{source.path}:1: no CSV: {error}; is a quote left open?") from error
    if header is None:
        raise DataError(f"{source.path}: the file is empty, expected a header with the column {source.column!r}")
    return header


_TEXT_READERS: Final[dict[str, Callable[[Source, Lines], Iterator[Document | BadRow]]]] = {
    ".txt": _read_text,
    ".jsonl": _read_json_lines,
    ".csv": _read_csv,
    ".tsv": _read_csv,
}
