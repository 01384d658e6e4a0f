"""Documents from files: a document a line (`.txt`), JSON lines, CSV and TSV, Parquet, Arrow.

A file is read in two steps, so that several processes can share the work: `blocks` cuts it into runs of rows, cheaply, and
`documents` makes documents of one, in columns where every row of a run is as it should be, which most are.

Each document has an id: the file's own column or key where it has one, else the number of its line (of its row in a CSV, Parquet or
Arrow file), from 1.
"""

from __future__ import annotations

import csv
import json
import json.scanner
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, repeat
from typing import Any, Final, NamedTuple

from contentfilter.errors import DataError

from .arrow import ArrowRows, arrow_blocks, columns_of
from .lines import ROWS, Cut, Lines, cut, encoded, lines_of
from .sources import LONGEST, TEXT_KINDS, BadRow, Source, opened

TOGETHER: Final = 1024
"""Rows of a block that are read, judged and encoded before the next: few enough to stay in the processor's cache."""
_ABSENT: Final = object()
_scan: Final[Callable[[str, int], tuple[Any, int]]] = json.scanner.make_scanner(json.JSONDecoder())  # type: ignore[arg-type]  # its stub asks for a type of its own
"""`json.loads` without what it asks first, which takes as long as a comment does."""
_CHARACTERS: Final = LONGEST
"""Of a block of rows that had to be read to be cut."""


class Document(NamedTuple):
    """One text to judge, what it is called, and what is carried over with it."""

    id: str | int | float
    text: str
    kept: Sequence[Any] = ()
    """The values of `Source.keep`, None where a row has none."""


class Documents(NamedTuple):
    """Texts to judge together, a column for each thing that goes with them."""

    ids: Sequence[str | int | float]
    texts: list[str]
    kept: Sequence[Sequence[Any]] = ()
    """A column for each of `Source.keep`."""
    bad: Sequence[BadRow] = ()
    """What stood between them and can't be judged."""

    def only(self, places: Sequence[int]) -> Documents:
        """Those at these places."""
        ids, texts, *kept = ([column[i] for i in places] for column in (self.ids, self.texts, *self.kept))
        return Documents(ids, texts, kept, self.bad)


class Block(NamedTuple):
    """Rows of one file that are judged together, read as far as cutting the file takes."""

    source: Source
    content: Cut | ArrowRows | list[Document | BadRow]
    position: int
    """Bytes of the file read up to its end."""


@contextmanager
def blocks(source: Source) -> Iterator[Iterator[Block]]:
    """A file in blocks, in order. Where it is cut depends on its content alone.

    Raises `DataError` that names the file, the line and what would mend it, where nothing can be read at all, or from there on;
    `OSError` where the file can't be opened.
    """
    if source.kind in TEXT_KINDS:
        with opened(source) as (stream, position):
            found = encoded(source, stream)
            if source.kind in (".csv", ".tsv"):
                contents: Iterator[Any] = _runs(_read_csv(source, Lines(source, found)))
            else:
                contents = ([part] if isinstance(part, BadRow) else part for part in cut(source, found))
            yield (Block(source, content, position()) for content in contents)
    else:
        with arrow_blocks(source, ROWS) as parts:
            yield (Block(source, content, position) for content, position in parts)


def documents(block: Block) -> Iterator[Documents]:
    """The documents of a block, in order, `TOGETHER` rows at a time."""
    for run in _parts(block):
        yield _as_columns(block.source, run) or _gathered(block.source, _as_rows(block.source, run))


@contextmanager
def read(source: Source) -> Iterator[Iterator[Document | BadRow]]:
    """The documents of a file, one after the other, a `BadRow` in place of each that can't be judged. Raises as `blocks` does."""
    with blocks(source) as found:
        yield (row for block in found for run in _parts(block) for row in _as_rows(source, run))


class _Part(NamedTuple):
    """Rows of a block, not yet documents."""

    numbers: Sequence[int]
    """Of the lines or rows."""
    rows: Any
    """Lines, columns of an Arrow file by name, or what was read already."""


def _parts(block: Block) -> Iterator[_Part]:
    source, content = block.source, block.content
    if isinstance(content, ArrowRows):
        number = content.row
        for columns in columns_of(content, TOGETHER):
            count = len(columns[source.column])
            yield _Part(range(number, number + count), columns)
            number += count
        return
    numbers, rows = (range(len(content)), content) if isinstance(content, list) else lines_of(source, content)
    for start in range(0, len(rows), TOGETHER):
        yield _Part(numbers[start : start + TOGETHER], rows[start : start + TOGETHER])


def _as_rows(source: Source, part: _Part) -> Iterator[Document | BadRow]:
    numbers, rows = part
    if isinstance(rows, dict):
        for number, *values in zip(numbers, *rows.values(), strict=True):
            yield _row_document(source, number, dict(zip(rows, values, strict=True)))
        return
    for number, row in zip(numbers, rows, strict=True):
        if not isinstance(row, str):
            yield row
        elif source.kind == ".txt":
            yield _text_document(source, number, row)
        elif row and not row.isspace():
            yield _json_document(source, number, row)


def _gathered(source: Source, rows: Iterator[Document | BadRow]) -> Documents:
    good: list[Document] = []
    bad: list[BadRow] = []
    for row in rows:
        if isinstance(row, BadRow):
            bad.append(row)
        else:
            good.append(row)
    kept = [[row.kept[i] for row in good] for i in range(len(source.keep))]
    return Documents([row.id for row in good], [row.text for row in good], kept, bad)


def _as_columns(source: Source, part: _Part) -> Documents | None:
    """The documents of a part in which nothing is odd, else None: `_as_rows` tells what is."""
    numbers, rows = part
    name = source.identity or "id"
    if isinstance(rows, dict):
        return _checked(rows[source.column], rows.get(name, numbers), [rows[name] for name in source.keep])
    if source.kind == ".txt":
        if set(map(type, rows)) != {str}:
            return None
        texts = [line.removesuffix("\r") for line in rows]
        return Documents(numbers, texts, [texts if name == source.column else [None] * len(rows) for name in source.keep])
    if source.kind != ".jsonl":
        return None
    try:
        found = [_scan(line, 0) for line in rows]
        values = [value for value, _ in found]
        texts = [value[source.column] for value in values]
        ids = [value[name] for value in values] if source.identity else list(map(dict.get, values, repeat(name), numbers))
    except (StopIteration, ValueError, RecursionError, TypeError, KeyError):
        return None
    if [end for _, end in found] != list(map(len, rows)):
        return None
    return _checked(texts, ids, [[value.get(name) for value in values] for name in source.keep])


def _checked(texts: list[Any], ids: Sequence[Any], kept: Sequence[Sequence[Any]]) -> Documents | None:
    if set(map(type, texts)) != {str} or max(map(len, texts)) > LONGEST or not {*map(type, ids)} <= {int, str, float}:
        return None
    return Documents(ids, texts, kept)


def _runs(rows: Iterator[Document | BadRow]) -> Iterator[list[Document | BadRow]]:
    """Runs of at most so many rows and, unless the last is long, characters."""
    while True:
        run: list[Document | BadRow] = []
        characters = 0
        fault: DataError | None = None
        try:
            for row in islice(rows, ROWS):
                run.append(row)
                characters += 0 if isinstance(row, BadRow) else len(row.text)
                if characters >= _CHARACTERS:
                    break
        except DataError as error:  # what was read before it is still judged
            fault = error
        if run:
            yield run
        if fault is not None:
            raise fault
        if not run:
            return


def _text_document(source: Source, number: int, line: str) -> Document:
    text = line.removesuffix("\r")
    return Document(number, text, [text if name == source.column else None for name in source.keep] if source.keep else ())


def _json_document(source: Source, number: int, line: str) -> Document | BadRow:
    try:
        value, end = _scan(line, 0)
        if end < len(line):
            raise StopIteration
    except (StopIteration, ValueError, RecursionError):  # spaces around it, or what is no JSON
        return _odd_json_document(source, number, line)
    return _row_document(source, number, value) if isinstance(value, dict) else _no_object(source, number, value)


def _odd_json_document(source: Source, number: int, line: str) -> Document | BadRow:
    try:
        value = json.loads(line.rstrip())  # else an error at its end is told as one of the next line
    except RecursionError:
        return BadRow(source.path, number, "no JSON that can be read, it is nested too deep; each line is one flat object")
    except json.JSONDecodeError as error:
        return BadRow(source.path, number, f"no JSON: {error.msg}; each line is one JSON object", error.colno)
    except ValueError as error:  # a number of thousands of digits
        return BadRow(source.path, number, f"no JSON that can be read: {error}")
    return _row_document(source, number, value) if isinstance(value, dict) else _no_object(source, number, value)


def _no_object(source: Source, number: int, value: object) -> BadRow:
    return BadRow(source.path, number, f"found {type(value).__name__}, expected an object with the key {source.column!r}")


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
    for name, option in ((source.column, "--column"), (source.identity, "--id"), *((name, source.keeper) for name in source.keep)):
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
