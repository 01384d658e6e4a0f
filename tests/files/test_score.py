"""The command `score`: every kind of output, bad rows, and what goes wrong."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from click.testing import CliRunner
from pyarrow import parquet
from scoring import ACTIONS, KINDS, SITE, TEXTS, run

from contentfilter import Category, ContentFilter, DataError
from contentfilter.cli import main
from contentfilter.files.journal import JournaledOutput
from contentfilter.files.run import Judge, score
from contentfilter.files.scored import Layout
from contentfilter.files.sources import LONGEST, Source


def read_scored(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return parquet.read_table(path).to_pylist()
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --- what is written ---


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_output_says_the_same(comments: Path, tmp_path: Path, kind: str, shipped: ContentFilter) -> None:
    out = tmp_path / f"out.{kind}"
    done = run(comments, "-o", out, "--id", "key", "--keep", "shop,text", "--mask-to", "masked")
    assert done.exit_code == 0, done.output
    rows = read_scored(out)
    assert [row["id"] for row in rows] == ["k0", "k1", "k2", "k3", "k4"]
    assert [row["action"] for row in rows] == ACTIONS
    for row, result in zip(rows, shipped.classify_batch(TEXTS), strict=True):
        assert (row["text"], row["masked"]) == (result.text, result.masked)
        matches = row["matches"] if isinstance(row["matches"], list) else json.loads(row["matches"])
        assert matches == result.to_dict()["matches"]
        scores = row.get("scores") or {category.value: float(row[f"scores.{category.value}"]) for category in Category}
        assert scores == {category.value: round(value, 6) for category, value in result.scores.items()}
    assert rows[1]["shop"] == ({"n": 1} if kind == "jsonl" else '{"n": 1}')


TRIAL = """name: own
version: '1'
language: vi
category: insult
rules:
- {id: own.dull, describe: {vi: Chậm, en: Dull}, severity: 2, weight: 5, origin: judgement, status: trial, terms: [gà mờ, đồ gà],
   examples: {match: [gà mờ], pass: [gà rán]}}
- {id: own.weak, describe: {vi: Yếu, en: Weak}, severity: 1, weight: 2.5, origin: judgement, status: trial, terms: [gà tồ],
   examples: {match: [gà tồ], pass: [gà rán]}}
"""


@pytest.mark.parametrize("kind", KINDS)
def test_rules_on_trial_say_what_they_would_do(tmp_path: Path, kind: str) -> None:
    pack, source, out = tmp_path / "own.yaml", tmp_path / "a.txt", tmp_path / f"out.{kind}"
    pack.write_text(TRIAL, encoding="utf-8")
    source.write_text("đúng là gà mờ\nđúng là gà tồ\nđồ ngu, gà mờ\nxin chào\n", encoding="utf-8")
    assert run(source, "-o", out, "--packs", pack).exit_code == 0
    rows = read_scored(out)
    assert [row["action"] for row in rows] == ["allow", "allow", "review", "allow"]
    every = [row.get("trials") or [] for row in rows]
    trials = [json.loads(found) if isinstance(found, str) else found for found in every]
    assert [[(match["rule"], match["text"], match["action"]) for match in found] for found in trials] == [
        [("own.dull", "gà mờ", "review")],
        [("own.weak", "gà tồ", "allow")],
        [("own.dull", "gà mờ", "block")],
        [],
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_flagged(comments: Path, tmp_path: Path, kind: str) -> None:
    done = run(comments, "-o", tmp_path / f"out.{kind}", "--only", "flagged")
    assert [row["action"] for row in read_scored(tmp_path / f"out.{kind}")] == ["block", "mask", "block"]
    assert "5 documents" in done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_lone_surrogates_are_written(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "đồ n\\ud800gu", "id": "\\udc00"}\n', encoding="utf-8")
    done = run(path, "-o", tmp_path / f"out.{kind}", "--keep", "text")
    assert done.exit_code == 0, done.output
    expected = ("đồ n\ud800gu", "\udc00") if kind == "jsonl" else ("đồ n\\ud800gu", "\\udc00")
    assert [(row["text"], row["id"]) for row in read_scored(tmp_path / f"out.{kind}")] == [expected]


def test_types_are_kept_from_parquet_to_parquet(tmp_path: Path) -> None:
    table = pyarrow.table({"id": [7, 8], "text": ["đồ ngu", "xin chào"], "n": pyarrow.array([[1], None], pyarrow.list_(pyarrow.int8()))})
    parquet.write_table(table, tmp_path / "a.parquet")
    assert run(tmp_path / "a.parquet", "-o", tmp_path / "out.parquet", "--keep", "n").exit_code == 0
    written = parquet.read_table(tmp_path / "out.parquet")
    assert [written.schema.field(name).type for name in ("id", "n")] == [table.schema.field(name).type for name in ("id", "n")]
    assert written["n"].to_pylist() == [[1], None]


def test_several_files_by_a_pattern(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.csv"):
        (tmp_path / name).write_text("text\nđồ ngu\n", encoding="utf-8")
    rows = [json.loads(line) for line in run(tmp_path / "*.txt", tmp_path / "c.csv").stdout.splitlines()]
    assert [(Path(row["file"]).name, row["id"]) for row in rows] == [("a.txt", 1), ("a.txt", 2), ("b.txt", 1), ("b.txt", 2), ("c.csv", 1)]
    done = run(tmp_path / "*.json")
    assert (done.exit_code, "no file matches" in done.stderr) == (1, True)


def test_standard_input(tmp_path: Path) -> None:
    done = run("-", "--format", "jsonl", stdin='{"text": "đồ ngu"}\n')
    assert json.loads(done.stdout)["action"] == "block"
    assert run("-", "--format", "txt", "-o", tmp_path / "out.jsonl", stdin="đồ ngu\n").exit_code == 0
    assert read_scored(tmp_path / "out.jsonl")[0]["action"] == "block"
    done = run("-", stdin="đồ ngu\n")
    assert (done.exit_code, "--format" in done.stderr) == (1, True)


def test_an_input_may_be_empty_for_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    assert run(tmp_path / "a.txt", "-o", tmp_path / "out.parquet").exit_code == 0
    assert parquet.read_table(tmp_path / "out.parquet").num_rows == 0


def test_packs_of_your_own(comments: Path, tmp_path: Path) -> None:
    pack = tmp_path / "own.yaml"
    pack.write_text(
        "name: own\nversion: '1'\nlanguage: vi\ncategory: spam\nrules:\n  - {id: own.fast, describe: {vi: Nhanh, en: Fast}, severity: 1, "
        "weight: 5, origin: judgement, terms: [giao nhanh], examples: {match: [giao nhanh], pass: [giao chậm]}}\n",
        encoding="utf-8",
    )
    rows = [json.loads(line) for line in run(comments, "--packs", pack).stdout.splitlines()]
    assert rows[3]["matches"][0]["rule"] == "own.fast"


def test_overlays(comments: Path, tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(SITE, encoding="utf-8")
    assert run(comments, "-o", tmp_path / "out.jsonl", "--overlay", site).exit_code == 0
    row = read_scored(tmp_path / "out.jsonl")[3]
    assert (row["action"], [match["rule"] for match in row["matches"]]) == ("block", ["own.insult.site"])
    about = json.loads((tmp_path / "out.jsonl.about.json").read_text(encoding="utf-8"))
    assert list(about["overlays"]) == [str(site)]
    site.write_text("overlay: site\nversion: 1.0.0\nstatus: {no.rule: off}\n", encoding="utf-8")
    done = run(comments, "--overlay", site)
    assert (done.exit_code, "site.yaml:3:" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--keep", "action"), ("--mask-to", "scores"), ("--keep", "text,text"), ("--keep", "text", "--mask-to", "text"),
        ("-o", "{folder}/out.txt"), ("-o", "{folder}/out"), ("-o", "/dev/null", "--keep", "id"), ("--jobs", "0"), ("--resume",),
        ("--max-errors", "-1"), ("--only", "clean"), ("--format", "doc"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_bad_usage(comments: Path, arguments: Sequence[str]) -> None:
    done = run(comments, *(argument.format(folder=comments.parent) for argument in arguments))
    assert done.exit_code == 2, done.output
    assert os.listdir(comments.parent) == ["comments.jsonl"]


def test_a_missing_folder_is_named(comments: Path, tmp_path: Path) -> None:
    done = run(comments, "-o", tmp_path / "nowhere" / "out.jsonl")
    assert (done.exit_code, done.stderr) == (1, f"contentfilter: {tmp_path / 'nowhere'}: no such folder to write into\n")


def test_the_output_says_what_it_is_made_of(comments: Path, tmp_path: Path) -> None:
    run(comments, "-o", tmp_path / "out.csv", "--policy", "strict")
    about = json.loads((tmp_path / "out.csv.about.json").read_text(encoding="utf-8"))
    assert about["policy"] == "strict"
    assert re.fullmatch("[0-9a-f]{64}", about["inputs"][str(comments)])
    assert about["summary"]["documents"] == 5


def test_slow_documents_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text\nshort,xin chào\nlong," + "xin chào " * 2000 + "\n", encoding="utf-8")
    assert re.search(rf"s for the 18,000 characters of document long in {path}\n", run(path).stderr)


# --- bad rows ---

BAD = "text\nđồ ngu\nhai,hai\nxin chào\nba,ba\n"


def test_bad_rows_are_set_aside(tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "out.jsonl"
    path.write_text(BAD, encoding="utf-8")
    done = run(path, "-o", out, "--max-errors", "2")
    assert done.exit_code == 0
    assert [row["action"] for row in read_scored(out)] == ["block", "allow"]
    reason = "found 2 cells, expected 1 as in the header"
    errors = [json.loads(line) for line in (tmp_path / "out.jsonl.errors").read_text(encoding="utf-8").splitlines()]
    assert errors == [{"file": str(path), "line": line, "reason": reason} for line in (3, 5)]
    assert f"2 bad rows, see {out}.errors" in done.stderr


def test_too_many_bad_rows(tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "out.jsonl"
    path.write_text(BAD, encoding="utf-8")
    done = run(path, "-o", out, "--max-errors", "1")
    assert done.exit_code == 1
    assert "a.csv:5: found 2 cells, expected 1 as in the header; more than 1 bad rows, allow more with --max-errors" in done.stderr
    assert os.listdir(tmp_path) == ["a.csv"]


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("jobs", [1, 3])
def test_after_too_many_bad_rows_nothing_is_left_out(tmp_path: Path, shipped: ContentFilter, jobs: int) -> None:
    path, layout = tmp_path / "a.jsonl", Layout(".jsonl", False)
    lines = ["{" if i in (20, 21, 50) else json.dumps({"text": f"đồ ngu {i}"}) for i in range(80)]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def judged(name: str, most: int) -> None:
        output = JournaledOutput(tmp_path / name, layout, {}, True)
        score(Judge(shipped, layout), [Source(path)], output, jobs, most)

    for most, line in ((0, 21), (1, 22), (2, 51)):
        with pytest.raises(DataError, match=rf"a\.jsonl:{line}:"):
            judged("out.jsonl", most)
    judged("out.jsonl", 3)
    judged("whole.jsonl", 3)
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert len(read_scored(tmp_path / "out.jsonl")) == 77


def test_bad_rows_without_an_output_go_to_standard_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(BAD, encoding="utf-8")
    done = run(path, "--max-errors", "2")
    assert len(done.stdout.splitlines()) == 2
    assert [json.loads(line)["line"] for line in done.stderr.splitlines()[:2]] == [3, 5]


# --- what goes wrong ---

def test_a_long_line_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * (2 * LONGEST) + "\nđồ ngu\n".encode())
    done = run(path, "--max-errors", "1")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [2]


def test_a_dead_process_is_told(comments: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Judge, "__reduce__", lambda _: (os._exit, (9,)))
    done = run(comments, "-o", tmp_path / "out.jsonl", "--jobs", "2")
    assert (done.exit_code, "a process that judged has died" in done.stderr) == (1, True)
    assert os.listdir(tmp_path) == ["comments.jsonl"]


def test_a_document_that_was_not_judged_whole_says_why(tmp_path: Path, shipped: ContentFilter) -> None:
    layout = Layout(".jsonl", False)
    output = JournaledOutput(tmp_path / "out.jsonl", layout, {}, False)
    path = tmp_path / "a.txt"
    path.write_text("đồ ngu, lũ chó, gọi 0912 345 678\nxin chào\n", encoding="utf-8")
    summary = score(Judge(ContentFilter(max_matches=1), layout), [Source(path)], output)
    held, clean = read_scored(tmp_path / "out.jsonl")
    assert "errors" not in clean
    assert held["errors"][0].startswith("max_matches")
    whole = {category.value: round(value, 6) for category, value in shipped.classify("đồ ngu, lũ chó, gọi 0912 345 678").scores.items()}
    assert held["scores"] == whole
    assert summary.held == 1


@pytest.mark.parametrize(
    ("missing", "arguments", "message"),
    [
        ("pyarrow", ["score", "{file}", "-o", "{folder}/out.parquet"], "pyarrow is not installed.*contentfilter[arrow]"),
        ("pyarrow", ["score", "{folder}/a.parquet"], "contentfilter[arrow]"),
        ("pyarrow", ["score", "{folder}/a.txt.zst"], "contentfilter[arrow]"),
        ("jinja2", ["report", "{folder}/scored.jsonl"], "Jinja2 is not installed.*contentfilter[report]"),
        ("pyarrow", ["score", "{file}"], ""),
    ],
)
def test_what_is_not_installed_is_told(
    comments: Path, monkeypatch: pytest.MonkeyPatch, missing: str, arguments: list[str], message: str
) -> None:
    folder = comments.parent
    run(comments, "-o", folder / "scored.jsonl")
    (folder / "a.parquet").touch()
    (folder / "a.txt.zst").touch()
    before = sorted(os.listdir(folder))
    monkeypatch.setitem(sys.modules, missing, None)
    done = CliRunner().invoke(main, [part.format(file=comments, folder=folder) for part in arguments])
    assert done.exit_code == (1 if message else 0), done.output
    assert re.search(message.replace("[", r"\[").replace("]", r"\]"), done.stderr)
    assert sorted(os.listdir(folder)) == before
