"""Documents from files: `.txt` (a document a line), `.jsonl`, `.csv`.

Each document has an id: the file's own `id` column or key where it has one, else the number of its line (of its row in a CSV
file, whose cells may hold line breaks), from 1.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from contentfilter.errors import DataError

_BOM = b"\xef\xbb\xbf"


class Document(NamedTuple):
    """One text to judge, and where it stands."""

    id: str | int | float
    text: str


class Source(NamedTuple):
    """A file to read, and how."""

    path: Path
    column: str = "text"
    """The column (CSV) or key (JSON lines) that holds the text."""
    encoding: str = "utf-8"
    errors: str = "strict"
    """"strict", or "replace" to read bytes that are no text as U+FFFD and go on."""


def read(source: Source, progress: Callable[[int], None] = lambda _: None) -> Iterator[Document]:
    """The documents of a file, in order; `progress` is told the bytes read so far.

    Raises `DataError` that names the file, the line and what would mend it; `FileNotFoundError` where there is no file.
    """
    suffix = source.path.suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None:
        raise DataError(f"{source.path}: unknown kind of file {suffix!r}, expected one of: {', '.join(_READERS)}")
    with _open(source) as file:
        yield from reader(source, _lines(source, file, progress))


@contextmanager
def _open(source: Source) -> Iterator[IO[bytes]]:
    with source.path.open("rb") as file:
        yield file


def _lines(source: Source, file: IO[bytes], progress: Callable[[int], None]) -> Iterator[str]:
    """Decoded lines with their ends. Only "\\n" ends a line: a form feed or U+2028 in a comment is no line break."""
    position = 0
    for number, raw in enumerate(file, start=1):
        if number == 1 and raw.startswith(_BOM) and source.encoding.replace("_", "-").lower() in ("utf-8", "utf8"):
            raw, position = raw[len(_BOM) :], len(_BOM)
        try:
            line = raw.decode(source.encoding, source.errors)
        except UnicodeDecodeError as error:
            raise DataError(
                f"{source.path}:{number}: byte {position + error.start} (0x{raw[error.start]:02x}) is not {source.encoding}; "
                "name the file's encoding with --encoding, or go on with --errors replace"
            ) from error
        position += len(raw)
        progress(position)
        yield line


def _read_text(source: Source, lines: Iterator[str]) -> Iterator[Document]:  # noqa: ARG001  # one form for all readers
    for number, line in enumerate(lines, start=1):
        yield Document(number, line.removesuffix("\n").removesuffix("\r"))


def _read_json_lines(source: Source, lines: Iterator[str]) -> Iterator[Document]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line.rstrip())
        except RecursionError as error:
            raise DataError(
                f"{source.path}:{number}: no JSON that can be read, it is nested too deep; each line is one flat object"
            ) from error
        except json.JSONDecodeError as error:
            raise DataError(f"{source.path}:{number}:{error.colno}: no JSON: {error.msg}; each line is one JSON object") from error
        except ValueError as error:  # a number of thousands of digits
            raise DataError(f"{source.path}:{number}: no JSON that can be read: {error}") from error
        if not isinstance(value, dict):
            raise DataError(f"{source.path}:{number}: found {type(value).__name__}, expected an object with the key {source.column!r}")
        if source.column not in value:
            raise DataError(f"{source.path}:{number}: no key {source.column!r}, found: {', '.join(map(str, value))}; choose with --column")
        text = value[source.column]
        if not isinstance(text, str):
            raise DataError(f"{source.path}:{number}: {source.column!r} is {type(text).__name__}, expected text")
        identity = value.get("id", number)
        yield Document(identity if isinstance(identity, str | int | float) else number, text)


def _read_csv(source: Source, lines: Iterator[str]) -> Iterator[Document]:
    csv.field_size_limit(1 << 30)
    reader = csv.reader(lines, strict=True)
    try:
        yield from _read_rows(source, reader)
    except csv.Error as error:
        raise DataError(f"{source.path}:{reader.line_num}: no CSV: {error}; is a quote left open, or a line break not quoted?") from error


def _read_rows(source: Source, reader: Any) -> Iterator[Document]:
    header = next(reader, None)
    if header is None:
        raise DataError(f"{source.path}: the file is empty, expected a header with the column {source.column!r}")
    if source.column not in header:
        raise DataError(f"{source.path}: no column {source.column!r}, found: {', '.join(header)}; choose with --column")
    column = header.index(source.column)
    identity = header.index("id") if "id" in header else None
    for number, row in enumerate(reader, start=1):
        if not row:
            continue
        if len(row) != len(header):
            raise DataError(f"{source.path}:{reader.line_num}: found {len(row)} cells, expected {len(header)} as in the header")
        yield Document(row[identity] if identity is not None else number, row[column])


_READERS: dict[str, Callable[[Source, Iterator[str]], Iterator[Document]]] = {
    ".txt": _read_text,
    ".jsonl": _read_json_lines,
    ".csv": _read_csv,
}
