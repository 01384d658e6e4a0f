"""pandas frames: missing texts, kinds of columns, labels, and what is refused."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from tables import TEXTS, expected

from contentfilter import ContentFilter, DataError
from contentfilter.integrations.pandas import classify

LABELS = list("zyxwvut")


@pytest.mark.parametrize("kind", ["object", "str", "string", "category", pd.ArrowDtype(pa.string())], ids=str)
def test_rows_are_those_of_single_calls(kind: Any, shipped: ContentFilter) -> None:
    frame = pd.DataFrame({"id": range(7), "comment": pd.Series(TEXTS, dtype=kind)}).set_axis(LABELS)
    judged = classify(frame, "comment")
    pd.testing.assert_frame_equal(judged[["id", "comment"]], frame)
    added = judged.drop(columns=["id", "comment"])
    assert pa.Table.from_pandas(added, preserve_index=False).to_pylist() == [expected(shipped, text) for text in TEXTS]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA], ids=str)
def test_missing_is_missing(missing: object) -> None:
    judged = classify(pd.DataFrame({"text": pd.Series(["xin chào", missing], dtype=object)}))
    assert judged["flagged"].isna().tolist() == [False, True]


def test_a_score_is_a_column_of_numbers(shipped: ContentFilter) -> None:
    judged = classify(pd.DataFrame({"text": ["Đồ n.g.u"]}))
    assert judged["scores"].struct.field("insult").tolist() == [shipped.classify("Đồ n.g.u").scores["insult"]]


def test_the_frame_given_is_not_changed() -> None:
    frame = pd.DataFrame({"text": ["xin chào"]})
    classify(frame)
    assert list(frame.columns) == ["text"]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["a", 5], r"column 'text', row 'b': found int, expected str"),
        (["a", "\ud800"], r"column 'text', row 'b': a lone surrogate, which no UTF-8 can hold"),
        ([1.5, 2.5], r"column 'text': found double, expected strings"),
    ],
)
def test_refused(texts: list[Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        classify(pd.DataFrame({"text": pd.Series(texts, index=["a", "b"], dtype=object)}))


def test_no_such_column() -> None:
    with pytest.raises(DataError, match=r"no column 'text', found: id"):
        classify(pd.DataFrame({"id": [1]}))
