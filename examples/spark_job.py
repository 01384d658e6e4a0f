"""A Spark job that scores a column of text, a filter for each Python worker.

spark-submit examples/spark_job.py comments.parquet scored.parquet
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas
    from pyspark.sql import DataFrame

SCHEMA = "text string, action string, categories array<string>, masked string"


def score(frames: Iterator[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
    """What a worker does with its share of the rows; a row without text stays without scores."""
    import pandas

    from contentfilter.default import default_filter

    moderation = default_filter()  # built once a worker: workers are kept and used again
    for frame in frames:
        results = iter(moderation.classify_batch([text for text in frame["text"] if text is not None]))
        rows = []
        for text in frame["text"]:
            if text is None:
                rows.append((None, None, None, None))
                continue
            result = next(results)
            rows.append((text, result.action.value, sorted({match.category.value for match in result.matches}), result.masked))
        yield pandas.DataFrame(rows, columns=["text", "action", "categories", "masked"])


def scored(frame: DataFrame) -> DataFrame:
    """A data frame with the column `text` → the same rows with action, categories and masked text."""
    return frame.select("text").mapInPandas(score, SCHEMA)


def main(source: str, target: str) -> None:
    """Read Parquet, score, write Parquet."""
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("contentfilter").getOrCreate()
    scored(spark.read.parquet(source)).write.parquet(target)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:3])
