"""pandas: the frame with the results beside its texts."""

from __future__ import annotations

import pandas as pd

from contentfilter.errors import DataError
from contentfilter.filter import ContentFilter
from contentfilter.integrations.arrow import checked, classify_column, pa


def classify(frame: pd.DataFrame, column: str = "text", contentfilter: ContentFilter | None = None) -> pd.DataFrame:
    """A new frame with the columns of `arrow.RESULT` added, as Arrow dtypes; index and other columns as they were.

    A missing text (None, NaN, NA) has missing results. `frame["scores"].struct.field("insult")` is a column of numbers. Raises
    `DataError` where there is no such column, where it holds anything but text, and where a column is in the way of an added one.
    """
    texts = frame[checked(column, list(frame.columns))]
    try:
        array = pa.array(texts, from_pandas=True)
    except (pa.ArrowException, UnicodeEncodeError) as error:
        raise DataError(f"column {column!r}{_fault(texts)}: {error}") from error
    judged = classify_column(array, contentfilter, column)
    return frame.assign(**{name: _series(judged.column(name), frame.index) for name in judged.column_names})


def _series(values: pa.ChunkedArray, index: pd.Index) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(values), index=index)


def _fault(texts: pd.Series) -> str:
    """Which row can't be read as text, and why."""
    for label, text in texts.items():
        if not isinstance(text, str) and not pd.isna(text):
            return f", row {label!r}: found {type(text).__name__}, expected str or a missing value"
        if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
            return f", row {label!r}: a lone surrogate, which no UTF-8 can hold; replace it first"
    return ""
