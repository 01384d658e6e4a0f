"""Record batches: what is added, what is kept, and what is refused."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import TEXTS, expected

from contentfilter import ContentFilter, DataError
from contentfilter.integrations.arrow import RESULT, classify, classify_column

KINDS = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.int8(), pa.large_string()),
]


def column(texts: tuple[str | None, ...], kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(texts, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(texts, kind)


def rows(judged: pa.RecordBatch | pa.Table) -> list[dict[str, Any]]:
    return judged.select(RESULT.names).to_pylist()


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_rows_are_those_of_single_calls(kind: pa.DataType, shipped: ContentFilter) -> None:
    batch = pa.record_batch({"id": range(len(TEXTS)), "comment": column(TEXTS, kind)})
    judged = classify(batch, "comment")
    judged.validate(full=True)
    assert judged.schema == pa.schema([*batch.schema, *RESULT])
    assert judged.select(batch.schema.names).equals(batch)
    assert rows(judged) == [expected(shipped, text) for text in TEXTS]


def test_a_slice_is_judged_as_what_it_shows(shipped: ContentFilter) -> None:
    batch = pa.record_batch({"text": pa.array(TEXTS)}).slice(2, 3)
    assert rows(classify(batch)) == [expected(shipped, text) for text in TEXTS[2:5]]


@pytest.mark.parametrize("texts", [[], [None], [None, None]], ids=str)
def test_nothing_to_judge(texts: list[None]) -> None:
    batch = pa.record_batch({"text": pa.array(texts, pa.string())})
    judged = classify(batch)
    assert judged.schema.names == ["text", *RESULT.names]
    assert rows(judged) == [dict.fromkeys(RESULT.names)] * len(texts)


def test_a_column_of_nulls_without_a_type() -> None:
    assert rows(classify(pa.record_batch({"text": pa.nulls(2)}))) == [dict.fromkeys(RESULT.names)] * 2


@given(st.lists(st.sampled_from(TEXTS), max_size=9), st.integers(1, 4))
def test_cutting_a_column_in_parts_changes_nothing(texts: list[str | None], size: int) -> None:
    whole = pa.chunked_array([texts], pa.string())
    parts = pa.chunked_array([texts[i : i + size] for i in range(0, len(texts), size)], pa.string())
    assert rows(classify_column(parts)) == rows(classify_column(whole))


def test_more_rows_than_are_judged_together(shipped: ContentFilter) -> None:
    texts = TEXTS * 500
    judged = classify(pa.record_batch({"text": pa.array(texts)}))
    once = [expected(shipped, text) for text in TEXTS]
    assert rows(judged) == once * 500


def test_a_filter_of_ones_own(shipped: ContentFilter) -> None:
    batch = pa.record_batch({"text": ["Đúng là gà mờ"]})
    assert not classify(batch)["flagged"][0].as_py()
    assert classify(batch, contentfilter=shipped.with_terms("insult", ["gà mờ"]))["flagged"][0].as_py()


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ({"id": [1], "body": ["a"]}, "no column 'text', found: id, body"),
        ({}, "no column 'text', found: none"),
        ({"text": [1]}, "column 'text': found int64, expected strings; cast it first"),
        ({"text": [b"a"]}, "column 'text': found binary, expected strings; cast it first"),
        ({"text": ["a"], "masked": [2]}, "column 'masked' is there already and would be added; rename or drop it first"),
    ],
)
def test_refused(batch: dict[str, list[Any]], message: str) -> None:
    with pytest.raises(DataError) as error:
        classify(pa.record_batch(batch))
    assert str(error.value) == message


def test_bytes_that_are_no_text_are_told_with_their_row() -> None:
    broken = pa.Array.from_buffers(pa.string(), 2, pa.array([b"ok", b"\xff"], pa.binary()).buffers())
    texts = pa.chunked_array([pa.array(["a"] * 3000), broken])
    with pytest.raises(DataError, match=r"column 'texts', row 3001 \(from 0\): .*0xff.*UTF-8"):
        classify_column(texts)
