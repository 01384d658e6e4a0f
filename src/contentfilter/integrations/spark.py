"""Spark: a data frame judged where its partitions are."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from contentfilter.default import default_filter
from contentfilter.filter import ContentFilter
from contentfilter.integrations import arrow
from contentfilter.integrations.arrow import RESULT, checked, pa

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def classify(frame: DataFrame, column: str = "text", contentfilter: ContentFilter | None = None) -> DataFrame:
    """The data frame with the columns of `arrow.RESULT` added, lazily, by `mapInArrow`; partitions and their order stay.

    A null text has null results. The filter travels with the job, so every worker answers as this process would: Spark broadcasts it,
    and each Python process builds it once, whatever the number of its tasks. The workers need this package and pyarrow. Raises
    `DataError` where there is no such column, and where a column is in the way of an added one.
    """
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StructType

    checked(column, frame.columns)
    pickled = pickle.dumps(contentfilter or default_filter())
    schema = StructType([*frame.schema.fields, *from_arrow_schema(RESULT).fields])
    return frame.mapInArrow(partial(_classify_partition, column=column, pickled=pickled), schema)


def _classify_partition(batches: Iterator[pa.RecordBatch], column: str, pickled: bytes) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield arrow.classify(batch, column, _built(pickled))


@lru_cache(maxsize=2)  # few jobs at a time, and a worker may live long
def _built(pickled: bytes) -> ContentFilter:
    """The filter, once a process."""
    contentfilter: ContentFilter = pickle.loads(pickled)
    return contentfilter
