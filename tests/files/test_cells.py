"""A scored text can't make a spreadsheet run anything, and comes back as it was."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st
from making import filter_of, rule

from contentfilter.files.cells import guarded, unguarded
from contentfilter.files.readers import Documents
from contentfilter.files.report.rows import scored_rows
from contentfilter.files.scored import Layout, rows_of

FORMULAS = [
    "=1+1", '=HYPERLINK("http://x.vn","đồ ngu")', "+84912345678 đồ ngu", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''@x",
    "=a\r=2", "+b\r\n=2",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_text(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "đồ ngu", "'tis", "1-1", "a=b", "-5", "+84", "-1.5e3", "x@y.vn"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


@given(st.one_of(texts.mixtures, st.text("'=+-@\t\r\n＝1a", max_size=6)))
def test_it_can_be_undone(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert cell[:1] not in tuple("=+@\t\r\n＝＋－＠") or re.fullmatch(r"\s*[+-]?[\d.e_]+\s*", cell), "a number, or a quote in front"


def test_every_text_of_a_scored_file(tmp_path: Path) -> None:
    contentfilter = filter_of(rule("insult.test", "đồ ngu"))
    path = tmp_path / "=a.csv"
    layout = Layout(".csv", file=True, keep=("text",), mask_to="masked")
    documents = Documents(FORMULAS, FORMULAS, [FORMULAS])
    rows = rows_of(documents, contentfilter.classify_batch(FORMULAS), "=a.csv", mask=True)
    path.write_bytes(layout.head() + layout.rows(rows))
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] and cell[0] in "=+-@\t\r\n＝"] == []
    found = list(scored_rows(path, ("text",)))
    assert [row["id"] for row in found] == [row["text"] for row in found] == FORMULAS
    marked = [row["text"][match["start"] : match["end"]] for row in found for match in row["matches"]]
    assert marked == ["đồ ngu"] * 2, "spans are those of the text"
