"""Spark, a real one on this machine: several partitions, skew, and a Python worker killed in the middle of its task."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tables import TEXTS, expected

from contentfilter import ContentFilter, DataError

pyspark = pytest.importorskip("pyspark", reason="needs contentfilter[spark]")
if shutil.which("java") is None:
    pytest.skip("needs Java", allow_module_level=True)

from pyspark.sql import DataFrame, SparkSession  # noqa: E402

from contentfilter.integrations.spark import classify  # noqa: E402


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2, 4]")  # two cores; a task may be tried four times
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def rows(frame: DataFrame) -> dict[int, dict[str, Any]]:
    """The rows of `classify` by their id, as plain values."""
    return {row["id"]: row.asDict(recursive=True) for row in frame.collect()}


def numbered(spark: SparkSession, count: int) -> DataFrame:
    return spark.createDataFrame([(i, TEXTS[i % len(TEXTS)]) for i in range(count)], "id long, comment string")


def test_rows_are_those_of_single_calls_over_several_partitions(spark: SparkSession, shipped: ContentFilter) -> None:
    frame = numbered(spark, 200).repartition(5)
    judged = classify(frame, "comment")
    assert judged.rdd.getNumPartitions() == 5
    wanted = {i: {"id": i, "comment": text} | expected(shipped, text) for i, text in ((i, TEXTS[i % len(TEXTS)]) for i in range(200))}
    assert rows(judged) == wanted


def test_a_filter_of_ones_own_judges_on_the_workers(spark: SparkSession, shipped: ContentFilter) -> None:
    own = shipped.with_terms("insult", ["gà mờ"])
    found = rows(classify(numbered(spark, 14).repartition(2), "comment", own))
    assert {i for i, row in found.items() if row["flagged"]} == {0, 4, 5, 6, 7, 11, 12, 13}


def test_one_partition_with_nearly_all_rows(spark: SparkSession) -> None:
    frame = numbered(spark, 1000)
    skewed = frame.repartitionByRange(3, (frame.id / 990).cast("int"))  # 990 rows in one partition
    sizes = skewed.rdd.mapPartitions(lambda part: [sum(1 for _ in part)]).collect()
    assert max(sizes) == 990
    assert len(sizes) > 1
    assert sorted(row["id"] for row in classify(skewed, "comment").select("id", "flagged").collect()) == list(range(1000))


def test_a_killed_task_is_done_again_and_nothing_is_lost_or_doubled(spark: SparkSession, tmp_path: Path) -> None:
    killed = tmp_path / "killed"

    def die_once(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(batches):
            if number == 2 and not killed.exists():
                killed.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    frame = numbered(spark, 600).repartition(2)
    dying = frame.mapInArrow(die_once, frame.schema)
    found = classify(dying, "comment").select("id", "action").collect()
    assert killed.exists()
    assert sorted(row["id"] for row in found) == list(range(600))


def test_the_filter_is_built_once_a_process(spark: SparkSession, shipped: ContentFilter) -> None:
    pickled = pickle.dumps(shipped)

    def identities(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from contentfilter.integrations import spark as module

        for batch in module._classify_partition(batches, "comment", pickled):
            built = id(module._built(pickled))
            yield pa.record_batch({"id": batch.column("id"), "process": [os.getpid()] * len(batch), "built": [built] * len(batch)})

    frame = numbered(spark, 800).repartition(8)
    seen = [tuple(row) for row in frame.mapInArrow(identities, "id long, process long, built long").collect()]
    assert len(seen) == 800
    assert len({(process, built) for _, process, built in seen}) == len({process for _, process, _ in seen}) < 8


def test_a_column_that_is_not_there_is_told_before_anything_runs(spark: SparkSession) -> None:
    with pytest.raises(DataError, match=r"no column 'body', found: id, comment"):
        classify(numbered(spark, 1), "body")
