"""DuckDB: a function for SQL."""

from __future__ import annotations

import duckdb
from duckdb import func

from contentfilter.filter import ContentFilter
from contentfilter.integrations.arrow import RESULT, classify_column, pa


def register(connection: duckdb.DuckDBPyConnection, contentfilter: ContentFilter | None = None, name: str = "contentfilter") -> None:
    """Give SQL on this connection the function `contentfilter(VARCHAR)`: a STRUCT of the fields of `arrow.RESULT`.

    `SELECT text, r.action, r.scores.insult FROM (SELECT text, contentfilter(text) AS r FROM comments)`. A NULL text gives a
    STRUCT of NULLs.
    """

    def judge(texts: pa.ChunkedArray) -> pa.ChunkedArray:
        return classify_column(texts, contentfilter).to_struct_array()

    types = dict(zip(RESULT.names, connection.from_arrow(RESULT.empty_table()).types, strict=True))
    connection.create_function(
        name,
        judge,
        ["VARCHAR"],
        duckdb.struct_type(types),
        type=func.PythonUDFType.ARROW,
        null_handling=func.FunctionNullHandling.SPECIAL,
    )
