"""Parquet, Arrow and Feather files: their rows, and the types of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from contentfilter.errors import DataError

from .sources import Source, pyarrow

_ROWS: Final = 1024
"""Rows turned into Python values at a time."""


@contextmanager
def arrow_rows(source: Source, columns: list[str] | None = None) -> Iterator[tuple[Iterator[dict[str, Any]], Callable[[], int]]]:
    """The rows of a file, with the columns that its source asks for (or with these); and the bytes read so far, by the share of rows.

    Raises `DataError` where the file is damaged, lacks a column, or holds no text where text is expected.
    """
    arrow = pyarrow()
    size = source.path.stat().st_size
    done = read = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal done, read
        try:
            for share, batch in batches:
                for start in range(0, batch.num_rows, _ROWS):
                    part = batch.slice(start, _ROWS)
                    yield from part.to_pylist()
                    read += part.num_rows
                done += share
        except (arrow.ArrowException, OSError) as error:
            raise DataError(f"{source.path}: damaged behind row {read:,}: {error}") from error

    with ExitStack() as stack:
        total, _, batches = _open(source, stack, columns)
        yield rows(), lambda: size * done // total if total else size


def arrow_types(source: Source) -> dict[str, Any]:
    """The types of the file's columns by name, dictionaries as the type of their values."""
    arrow = pyarrow()
    with ExitStack() as stack:
        schema = _open(source, stack, [])[1]
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


def _columns(source: Source, schema: Any) -> list[str]:
    types = pyarrow().types
    names = schema.names
    for name, option in ((source.column, "--column"), (source.identity, "--id"), *((name, "--keep") for name in source.keep)):
        if name is not None and name not in names:
            raise DataError(f"{source.path}: no column {name!r}, found: {', '.join(names)}; choose with {option}")
    kind = schema.field(source.column).type
    kind = kind.value_type if types.is_dictionary(kind) else kind
    if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
        raise DataError(f"{source.path}: column {source.column!r} is {kind}, expected text; choose with --column")
    wanted = {source.column, source.identity or "id", *source.keep}
    return [name for name in names if name in wanted]
