"""polars frames, at once and lazily."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tables import TEXTS, expected

from contentfilter import ContentFilter, DataError
from contentfilter.integrations.polars import classify

FRAME = pl.DataFrame({"id": range(7), "comment": TEXTS})


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum([text for text in TEXTS if text is not None])], ids=str)
def test_rows_are_those_of_single_calls(kind: pl.DataType, shipped: ContentFilter) -> None:
    frame = FRAME.with_columns(pl.col("comment").cast(kind))
    judged = classify(frame, "comment")
    assert judged.select("id", "comment").equals(frame)
    assert judged.drop("id", "comment").to_dicts() == [expected(shipped, text) for text in TEXTS]


def test_a_lazy_frame_is_judged_when_collected() -> None:
    lazy = classify(FRAME.lazy(), "comment")
    assert lazy.collect_schema() == classify(FRAME, "comment").schema
    for how in ("in-memory", "streaming"):
        assert lazy.collect(engine=how).equals(classify(FRAME, "comment"))
    assert lazy.filter(pl.col("flagged")).select("id").collect()["id"].to_list() == [0, 4, 5]


def test_a_lazy_frame_is_written_as_it_is_judged(tmp_path: Path) -> None:
    classify(FRAME.lazy(), "comment").sink_parquet(tmp_path / "judged.parquet")
    assert pl.read_parquet(tmp_path / "judged.parquet").equals(classify(FRAME, "comment"))


@pytest.mark.parametrize("frame", [FRAME, FRAME.lazy()], ids=["eager", "lazy"])
def test_refused(frame: pl.DataFrame | pl.LazyFrame) -> None:
    with pytest.raises(DataError, match=r"no column 'text', found: id, comment"):
        classify(frame)
    with pytest.raises(DataError, match=r"column 'action' is there already"):
        classify(frame.with_columns(action=1), "comment")


def test_numbers_are_no_text() -> None:
    with pytest.raises(DataError, match=r"column 'id': found int64, expected strings"):
        classify(FRAME, "id")
