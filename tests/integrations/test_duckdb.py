"""The function that SQL calls."""

from __future__ import annotations

import duckdb
import pytest
from tables import TEXTS, expected

from contentfilter import ContentFilter
from contentfilter.integrations.duckdb import register


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute("CREATE TABLE comments (id INTEGER, body VARCHAR)")
    made.executemany("INSERT INTO comments VALUES (?, ?)", [[i, text] for i, text in enumerate(TEXTS)])
    return made


def test_rows_are_those_of_single_calls(connection: duckdb.DuckDBPyConnection, shipped: ContentFilter) -> None:
    register(connection)
    found = connection.sql("SELECT unnest(contentfilter(body)) FROM comments ORDER BY id")
    assert [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()] == [expected(shipped, text) for text in TEXTS]


def test_flagged_rows_more_than_a_vector_of_them(connection: duckdb.DuckDBPyConnection) -> None:
    register(connection)
    query = "SELECT count(*) FROM comments, range(1000) WHERE contentfilter(body).flagged"
    assert connection.sql(query).fetchall() == [(3000,)]


def test_no_rows_and_constants(connection: duckdb.DuckDBPyConnection) -> None:
    register(connection)
    assert connection.sql("SELECT contentfilter(body) FROM comments WHERE id < 0").fetchall() == []
    assert connection.sql("SELECT contentfilter('Đồ n.g.u').action").fetchall() == [("block",)]


def test_a_filter_and_a_name_of_ones_own(connection: duckdb.DuckDBPyConnection, shipped: ContentFilter) -> None:
    register(connection)
    register(connection, shipped.with_terms("insult", ["gà mờ"]), name="ours")
    found = connection.sql("SELECT contentfilter(body).flagged, ours(body).flagged FROM comments WHERE id = 6").fetchall()
    assert found == [(False, True)]
