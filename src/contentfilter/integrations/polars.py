"""polars: the frame with the results beside its texts, at once or when collected."""

from __future__ import annotations

from typing import TypeVar

import polars as pl

from contentfilter.filter import ContentFilter
from contentfilter.integrations.arrow import RESULT, checked, classify_column

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def classify(frame: Frame, column: str = "text", contentfilter: ContentFilter | None = None) -> Frame:
    """The frame with the columns of `arrow.RESULT` added; a lazy frame is judged part by part when it is collected or written.

    A null text has null results. Raises `DataError` where there is no such column, where it holds anything but strings, and where
    a column is in the way of an added one.
    """
    if isinstance(frame, pl.LazyFrame):
        schema = frame.collect_schema()
        checked(column, schema.names())
        judged = pl.DataFrame(RESULT.empty_table()).schema
        return frame.map_batches(lambda part: classify(part, column, contentfilter), schema={**schema, **judged}, streamable=True)
    texts = frame.get_column(checked(column, frame.columns)).to_arrow()
    return frame.hstack(pl.DataFrame(classify_column(texts, contentfilter, column)))
