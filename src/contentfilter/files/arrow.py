"""Parquet, Arrow and Feather files: their rows in blocks, and the types of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final, NamedTuple

from contentfilter.errors import DataError

from .sources import Source, pyarrow

_ROWS: Final = 1024
"""Rows read at a time."""
_BYTES: Final = 1 << 21
"""Of a block: rows of long texts make smaller ones."""


class ArrowRows(NamedTuple):
    """Rows as they were read, for others to make Python values of."""

    content: bytes
    """An Arrow stream."""
    row: int
    """The number of the first, from 1."""


@contextmanager
def arrow_blocks(source: Source, most: int, columns: list[str] | None = None) -> Iterator[Iterator[tuple[ArrowRows, int]]]:
    """The rows of a file in blocks of at most so many, with the columns that its source asks for (or with these); each with the bytes
    read so far, by the share of rows.

    Raises `DataError` where the file is damaged, lacks a column, or holds no text where text is expected.
    """
    arrow = pyarrow()
    size = source.path.stat().st_size

    def found() -> Iterator[tuple[ArrowRows, int]]:
        waiting: list[Any] = []
        done = read = rows = 0  # units of the file, rows behind us, rows that wait
        fault: Exception | None = None
        try:
            for share, batch in batches:
                batch.validate(full=True)  # the places that a damaged file tells may lie anywhere in memory
                for start in range(0, batch.num_rows, _ROWS):
                    part = batch.slice(start, _ROWS)
                    if waiting and (rows + part.num_rows > most or sum(one.nbytes for one in waiting) >= _BYTES):
                        yield _serialized(waiting, read), size * done // total if total else size
                        waiting, read, rows = [], read + rows, 0
                    waiting.append(part)
                    rows += part.num_rows
                done += share
        except (arrow.ArrowException, OSError) as error:  # what was read before it is still judged
            fault = error
        if waiting:
            yield _serialized(waiting, read), size * done // total if total else size
        if fault is not None:
            raise DataError(f"{source.path}: damaged behind row {read + rows:,}: {fault}") from fault

    with ExitStack() as stack:
        total, _, batches = _open(source, stack, columns)
        yield found()


def _serialized(batches: list[Any], read: int) -> ArrowRows:
    arrow = pyarrow()
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, batches[0].schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return ArrowRows(sink.getvalue().to_pybytes(), read + 1)


def rows_of(rows: ArrowRows) -> Iterator[dict[str, Any]]:
    """The rows as Python values."""
    for batch in pyarrow().ipc.open_stream(rows.content):
        yield from batch.to_pylist()


def columns_of(rows: ArrowRows, most: int) -> Iterator[dict[str, list[Any]]]:
    """The same by column, at most so many rows at a time."""
    table = pyarrow().ipc.open_stream(rows.content).read_all()
    for start in range(0, table.num_rows, most):
        part = table.slice(start, most)
        yield dict(zip(part.column_names, [column.to_pylist() for column in part.columns], strict=True))


def arrow_types(source: Source) -> dict[str, Any]:
    """The types of the file's columns by name, dictionaries as the type of their values."""
    arrow = pyarrow()
    with ExitStack() as stack:
        schema = _open(source, stack, [])[1]
        _names(source, schema)
    return {field.name: field.type.value_type if arrow.types.is_dictionary(field.type) else field.type for field in schema}


def _open(source: Source, stack: ExitStack, columns: list[str] | None) -> tuple[int, Any, Iterator[tuple[int, Any]]]:
    """The length in some unit, the schema, and the record batches, each with its length in that unit."""
    arrow = pyarrow()
    from pyarrow.parquet import ParquetFile

    with source.path.open("rb"):
        pass  # the libraries' own errors name no file
    try:
        if source.kind == ".parquet":
            parquet = stack.enter_context(ParquetFile(source.path))
            names = _columns(source, parquet.schema_arrow) if columns is None else columns
            batches = parquet.iter_batches(_ROWS, columns=names, use_threads=False)
            return parquet.metadata.num_rows, parquet.schema_arrow, ((batch.num_rows, batch) for batch in batches)
        file = stack.enter_context(arrow.memory_map(str(source.path)))
        try:
            reader = arrow.ipc.open_file(file)
        except arrow.ArrowInvalid:  # the stream format has no footer
            file.seek(0)
            stream = arrow.ipc.open_stream(file)
            names = _columns(source, stream.schema) if columns is None else columns
            return 0, stream.schema, ((0, batch.select(names)) for batch in stream)
        names = _columns(source, reader.schema) if columns is None else columns
        count = reader.num_record_batches
        return count, reader.schema, ((1, reader.get_batch(i).select(names)) for i in range(count))
    except (arrow.ArrowException, OSError) as error:
        raise DataError(f"{source.path}: no {source.kind} file that can be read: {error}") from error


def _names(source: Source, schema: Any) -> list[str]:
    try:
        names: list[str] = schema.names
    except UnicodeDecodeError as error:
        raise DataError(f"{source.path}: damaged, the name of a column is no UTF-8: {error}") from error
    return names


def _columns(source: Source, schema: Any) -> list[str]:
    types = pyarrow().types
    names = _names(source, schema)
    for name, option in ((source.column, "--column"), (source.identity, "--id"), *((name, source.keeper) for name in source.keep)):
        if name is not None and name not in names:
            raise DataError(f"{source.path}: no column {name!r}, found: {', '.join(names)}; choose with {option}")
    kind = schema.field(source.column).type
    kind = kind.value_type if types.is_dictionary(kind) else kind
    if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
        raise DataError(f"{source.path}: column {source.column!r} is {kind}, expected text; choose with --column")
    wanted = {source.column, source.identity or "id", *source.keep}
    return [name for name in names if name in wanted]
