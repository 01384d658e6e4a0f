"""The short benchmark: what it measures, and the shape of what it says. Never how fast."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from contentfilter import DataError
from contentfilter.bench import FORMAT, bench, digest, examples, percentile, spread
from contentfilter.cli import main
from contentfilter.default import default_filter
from contentfilter.terminal import cell, show_record

TEXTS = ["Giao hàng nhanh, cảm ơn shop", "Đồ n.g.u, biến đi", "Mai họp lớp ở đâu vậy mọi người?", "Nhà cái uy tín, nạp đầu tặng 100%"]


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([5.0], 50, 5.0), ([3.0, 1.0, 2.0], 50, 2.0), ([1.0, 2.0, 3.0, 4.0], 50, 2.0), ([1.0, 2.0], 99, 2.0), ([1.0, 2.0], 0, 1.0)],
)
def test_percentiles_are_nearest_ranks(values: Sequence[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_a_spread_holds_median_least_and_greatest() -> None:
    assert spread([3.0, 1.0, 8.0]) == {"median": 3.0, "min": 1.0, "max": 8.0}


def test_a_digest_tells_texts_and_their_order_apart() -> None:
    different = [["a", "b"], ["b", "a"], ["ab"], ["a", "b", ""], ["a", "\ud800"]]
    assert len({digest(texts) for texts in different}) == len(different)


def test_a_record_says_what_was_measured_and_on_what() -> None:
    record = bench([*TEXTS, TEXTS[0], "  "], repeat=1)
    assert record["format"] == FORMAT
    assert set(record) == {"benchmark", "format", "date", "machine", "versions", "corpora", "settings", "summary"}
    assert record["corpora"][0]["texts"] == len(TEXTS)  # distinct, and none blank
    assert record["corpora"][0]["sha256"] == digest(TEXTS)
    assert len(record["versions"]["model_sha256"]) == len(record["versions"]["packs_sha256"]) == 64
    systems = [row["system"] for row in record["summary"]]
    assert len(set(systems)) == len(systems) == 6
    for row in record["summary"]:
        assert 0 < row["texts/s"]["min"] <= row["texts/s"]["median"] <= row["texts/s"]["max"]
    assert json.loads(json.dumps(record))["summary"] == record["summary"]


@pytest.mark.parametrize("texts", [[], ["một"], ["một", "một", " "]], ids=["none", "one", "one again"])
def test_too_few_texts_are_refused(texts: list[str]) -> None:
    with pytest.raises(DataError, match="expected at least 2"):
        bench(texts, repeat=1)


def test_the_rules_examples_are_many_and_distinct() -> None:
    found = examples(default_filter())
    assert len(found) > 500
    assert len(set(found)) == len(found)


def test_the_command_measures_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "comments.txt"
    path.write_text("\n".join(TEXTS), encoding="utf-8")
    done = CliRunner().invoke(main, ["bench", str(path), "--repeat", "1", "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    record = json.loads(done.stdout)
    assert record["corpora"][0]["sha256"] == digest(TEXTS)
    show_record(record)
    shown = capsys.readouterr().out
    assert "texts given: 4 texts of 2" in shown
    assert "raw scan of the same terms" in shown


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    path = tmp_path / "comments.txt"
    path.write_text("một dòng\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["bench", str(path)])
    assert (done.exit_code, "expected at least 2" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567, "1,234,567"),
        (1234.5, "1,234"),
        (12.345, "12.3"),
        (0.012345, "0.0123"),
        ("a", "a"),
        ({"median": 2.0, "min": 1.0, "max": 3.0}, "2 (1–3)"),
        ({"median": 2.0, "min": 2.0, "max": 2.0}, "2"),
    ],
)
def test_cells(value: object, shown: str) -> None:
    assert cell(value) == shown
