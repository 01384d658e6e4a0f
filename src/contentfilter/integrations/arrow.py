"""Record batches in, record batches out: all other tables stand on this.

A batch gains a column for each field of `RESULT`; what was there stays, in its order. A row whose text is null is kept and is
null in every added column: no text was judged, so it is neither allowed nor flagged. `start` and `end` of a match are half-open
and count code points of the text, as everywhere in this package; Arrow's own strings are UTF-8 and are sliced otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

try:
    import pyarrow as pa
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("pyarrow is not installed; tables need: pip install 'contentfilter[arrow]'", name=error.name) from error

from contentfilter.batches import collector_paused
from contentfilter.categories import CATEGORIES
from contentfilter.columns import Columns, arrow_lists
from contentfilter.default import default_filter
from contentfilter.errors import DataError
from contentfilter.filter import ContentFilter
from contentfilter.result import Result, masked_with

__all__ = ["MATCH", "RESULT", "checked", "classify", "classify_column", "pa"]

_ROWS: Final = 1 << 10
"""Rows judged together, so that a table of any size needs room for so many results as Python objects."""

MATCH: Final = pa.struct(
    [
        pa.field("start", pa.int64()),
        pa.field("end", pa.int64()),
        pa.field("text", pa.string()),
        pa.field("category", pa.string()),
        pa.field("rule", pa.string()),
        pa.field("source", pa.string()),
        pa.field("steps", pa.list_(pa.string())),
        pa.field("weight", pa.float64()),
    ]
)
"""A match, field by field as in `contentfilter.Match`."""

RESULT: Final = pa.schema(
    [
        pa.field("action", pa.string()),
        pa.field("flagged", pa.bool_()),
        pa.field("scores", pa.struct([pa.field(category.value, pa.float64()) for category in CATEGORIES])),
        pa.field("severity", pa.struct([pa.field(category.value, pa.int8()) for category in CATEGORIES])),
        pa.field("matches", pa.list_(MATCH)),
        pa.field("trials", pa.list_(MATCH)),
        pa.field("errors", pa.list_(pa.string())),
        pa.field("masked", pa.string()),
    ]
)
"""The columns that are added, as in `contentfilter.Result`."""


def classify(batch: pa.RecordBatch, column: str = "text", contentfilter: ContentFilter | None = None) -> pa.RecordBatch:
    """The batch with the columns of `RESULT` added, a row each; by the default filter, or one of your own.

    `column` holds strings: as string, large string or string view, or a dictionary of them. Raises `DataError` where there is
    no such column, where it holds anything else or a text that is no UTF-8, and where a column is in the way of an added one.
    """
    judged = classify_column(batch.column(checked(column, batch.schema.names)), contentfilter, column)
    for field, values in zip(judged.schema, judged.combine_chunks().columns, strict=True):
        batch = batch.append_column(field, values.chunk(0) if values.num_chunks else pa.array([], field.type))
    return batch


def checked(column: str, names: Sequence[str]) -> str:
    """`column`, if a table with columns of these names has it and can take those of `RESULT`; else raises `DataError`."""
    if column not in names:
        raise DataError(f"no column {column!r}, found: {', '.join(map(str, names)) or 'none'}")
    if taken := [name for name in RESULT.names if name in names]:
        raise DataError(f"column {', '.join(map(repr, taken))} is there already and would be added; rename or drop it first")
    return column


def classify_column(texts: pa.Array | pa.ChunkedArray, contentfilter: ContentFilter | None = None, name: str = "texts") -> pa.Table:
    """The columns of `RESULT` alone, a row for each text, null where the text is. `name` is what an error calls the column.

    Raises `DataError` as `classify` does.
    """
    kind = texts.type.value_type if pa.types.is_dictionary(texts.type) else texts.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind)):
        raise DataError(f"column {name!r}: found {texts.type}, expected strings; cast it first")
    used = contentfilter or default_filter()
    parts = (texts.slice(start, _ROWS) for start in range(0, len(texts), _ROWS))
    return pa.Table.from_batches(
        [_judged(_texts(part, name, number * _ROWS), used) for number, part in enumerate(parts)],
        schema=RESULT,
    )


def _texts(part: pa.Array | pa.ChunkedArray, name: str, first: int) -> list[str | None]:
    try:
        return part.to_pylist()  # type: ignore[no-any-return]  # pyarrow has no types
    except UnicodeDecodeError:
        for row, value in enumerate(part, start=first):
            try:
                value.as_py()
            except UnicodeDecodeError as error:
                where = f"column {name!r}, row {row} (from 0)"
                raise DataError(f"{where}: {error}; a column of strings holds UTF-8: decode it first") from error
        raise


def _judged(texts: list[str | None], contentfilter: ContentFilter) -> pa.RecordBatch:
    with collector_paused():
        results = contentfilter.classify_batch([text for text in texts if text is not None])
        judged = _columns(results)
    if len(results) == len(texts):
        return judged
    missing = np.array([text is None for text in texts])
    return judged.take(pa.array(np.cumsum(~missing) - 1, mask=missing))


def _columns(results: Sequence[Result]) -> pa.RecordBatch:
    found = Columns(results)
    matches = found.matches()
    trials = [result.trials if result.watched else () for result in results]
    masked = pa.array([masked_with(result, told) for result, told in zip(results, matches, strict=True)], pa.string())
    return pa.RecordBatch.from_arrays(
        [
            pa.array([result.action for result in results], pa.string()),  # after what is told: a fault there changes it
            pa.array([result.flagged for result in results], pa.bool_()),
            _by_category("scores", found.scores()),
            _by_category("severity", found.severity()),
            *(arrow_lists(rows, RESULT.field(name).type) for name, rows in (("matches", matches), ("trials", trials))),
            pa.array([result.errors for result in results], pa.list_(pa.string())),
            masked,
        ],
        schema=RESULT,
    )


def _by_category(name: str, columns: npt.NDArray[Any]) -> pa.StructArray:
    fields = list(RESULT.field(name).type)
    return pa.StructArray.from_arrays([pa.array(column, field.type) for column, field in zip(columns, fields, strict=True)], fields=fields)
