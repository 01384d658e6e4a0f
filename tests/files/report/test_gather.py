"""What a page is made from: rows of every kind of scored file, counts, examples, what is near a threshold."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contentfilter import Category, DataError
from contentfilter.cli import main
from contentfilter.decide.policy import policy_named
from contentfilter.files.report.charts import histogram, periods, stack
from contentfilter.files.report.gather import Example, Gathered, day_of, gather
from contentfilter.files.report.page import dots, pieces
from contentfilter.files.report.rows import columns_of, scored_rows

TEXTS = ["xin chào", "Đồ n.g.u", "gọi 0912 345 678", "thằng ngu, đồ n.g.u", "hàng đẹp"]


def row(action: str = "allow", matches: list[dict[str, Any]] | None = None, identity: int = 1, **scores: float) -> dict[str, Any]:
    return {
        "id": identity,
        "action": action,
        "scores": {category.value: 0.018 for category in Category} | scores,
        "matches": matches or [],
    }


def match(rule: str, start: int = 0, end: int = 2, category: str = "insult", steps: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"start": start, "end": end, "text": "xx", "category": category, "rule": rule, "steps": list(steps), "weight": 5.0}


def gathered(*rows: dict[str, Any], text: str | None = None, day: str | None = None, group: str | None = None) -> Gathered:
    return gather(rows, policy_named("default"), text, day, group)


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_every_kind_of_scored_file_reads_the_same(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"text": text, "n": str(i)}) + "\n" for i, text in enumerate(TEXTS)), encoding="utf-8")
    path = tmp_path / f"out.{kind}"
    assert CliRunner().invoke(main, ["score", str(source), "-o", str(path), "--keep", "text,n"]).exit_code == 0
    assert {"id", "text", "n", "action", "matches"} <= set(columns_of(path))
    rows = list(scored_rows(path, ("text", "n")))
    assert [(found["text"], found["n"]) for found in rows] == [(text, str(i)) for i, text in enumerate(TEXTS)]
    assert [found["action"] for found in rows] == ["allow", "block", "mask", "block", "allow"]
    assert rows[1]["matches"][0]["steps"] == ["separators"]
    assert rows[1]["scores"]["insult"] > 0.5 > rows[1]["scores"]["pii"]
    with pytest.raises(DataError, match=r"no column 'day', found: .*score with --keep day"):
        list(scored_rows(path, ("day",)))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", '{"text": "a"}\n', r"a\.jsonl:1: no column 'id', found: text; is it a file that `score` wrote\?"),
        ("a.jsonl", "[1]\n", r"a\.jsonl:1: no column 'id'"),
        ("a.jsonl", "{\n", r"a\.jsonl:1: no JSON"),
        ("a.jsonl", '{"id": 1, "action": "allow", "scores": {"insult": 1}, "matches": []}\n', r"a\.jsonl:1: no scored row"),
        ("a.csv", "id,text\n1,a\n", r"a\.csv: no column 'action'"),
        ("a.csv", "id,action,scores.pii,matches\n1,allow,0.5,[]\n", r"a\.csv:2: no scored row"),
        ("a.txt", "a\n", r"unknown kind of file '\.txt', expected a scored file"),
    ],
)
def test_what_is_no_scored_file(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        list(scored_rows(tmp_path / name))


@pytest.mark.parametrize(
    "odd",
    [
        {"action": "delete"},
        {"action": ["block"]},
        {"scores": {category.value: 0.5 for category in Category} | {"pii": float("nan")}},
        {"scores": {category.value: 0.5 for category in Category} | {"pii": -5}},
        {"scores": {category.value: 0.5 for category in Category} | {"pii": 1e308}},
        {"scores": [0.5]},
        {"matches": None},
        {"matches": "abc"},
        {"matches": [{"rule": "a"}]},
        {"matches": [1]},
        {"matches": [match("a") | {"start": "0"}]},
        {"matches": [match("a") | {"end": -1}]},
        {"matches": [match("a") | {"end": 10**400}, match("a") | {"category": "politics"}]},
        {"matches": [match("a") | {"steps": 5}]},
        {"matches": [match("a") | {"steps": [None]}]},
        {"matches": [match("a") | {"weight": "heavy"}]},
        {"trials": [match("a")]},
        {"trials": [match("a") | {"action": "delete"}]},
        {"trials": {"rule": "a"}},
    ],
)
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_a_row_that_score_never_writes_is_refused(tmp_path: Path, odd: dict[str, Any], kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    whole = row() | {"trials": [], "errors": []} | odd
    if kind == "jsonl":
        path.write_text(json.dumps(whole) + "\n", encoding="utf-8")
    else:
        scores = whole.pop("scores") if isinstance(whole["scores"], dict) else {"pii": whole.pop("scores")}
        cells = {name: json.dumps(value) for name, value in whole.items() if name != "action"} | {"action": whole["action"]}
        cells |= {f"scores.{name}": value for name, value in scores.items()}
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, cells)
            writer.writeheader()
            writer.writerow(cells)
    with pytest.raises(DataError, match=rf"a\.{kind}:{1 if kind == 'jsonl' else 2}: no scored row"):
        list(scored_rows(path))


def test_rules_that_act_alone_are_counted() -> None:
    found = gathered(
        row("block", [match("a"), match("a")]),
        row("review", [match("a"), match("b", steps=("leet", "stretching"))]),
        row("allow", [match("b", steps=("leet",))]),
        row("review"),
    )
    assert {rule: (count.documents, count.flagged, count.alone) for rule, count in found.rules.items()} == {"a": (2, 2, 1), "b": (2, 1, 0)}
    assert found.steps == {"leet": 2, "stretching": 1}
    assert found.actions == {"block": 1, "review": 2, "allow": 1}


def test_what_rules_on_trial_would_do() -> None:
    def trial(rule: str, action: str) -> dict[str, Any]:
        return match(rule) | {"action": action}

    found = gathered(
        row("allow", identity=1) | {"trials": [trial("a", "review"), trial("a", "review"), trial("b", "allow")]},
        row("allow", identity=2) | {"trials": [trial("a", "block")]},
        row("block", [match("c")], identity=3) | {"trials": [trial("a", "block")]},
        row("allow", identity=4),
    )
    assert {rule: (count.documents, dict(count.changes)) for rule, count in found.trials.items()} == {
        "a": (3, {("allow", "review"): 1, ("allow", "block"): 1}),
        "b": (1, {}),
    }
    assert [example.id for example in found.trials["a"].examples] == ["1", "2"]
    assert found.rules.keys() == {"c"}


def test_scores_fall_into_bins() -> None:
    found = gathered(row(pii=0.0), row(pii=0.05), row(pii=0.4999), row(pii=0.5), row(pii=1.0))
    assert {i: count for i, count in enumerate(found.histograms["pii"]) if count} == {0: 1, 1: 1, 9: 1, 10: 1, 19: 1}
    assert found.categories["pii"] == 2


def test_examples_are_of_different_rules() -> None:
    rows = [row("block", [match(rule)], identity=i, insult=0.9) for i, rule in enumerate("aabcdef")]
    assert [example.id for example in gathered(*rows).examples["insult"].values()] == ["0", "2", "3", "4"]
    assert gathered(row("allow", insult=0.9)).examples["insult"] == {}


def test_the_nearest_to_a_threshold_come_first() -> None:
    rows = [row(identity=i, insult=0.02 + i / 100) for i in range(47)]
    found = gathered(*rows)
    assert [near.example.id for near in found.nearest] == [str(i) for i in range(46, 26, -1)]
    assert (found.nearest[0].category, found.nearest[0].threshold, found.nearest[0].action) == ("insult", 0.5, "review")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)), ("2026-03-01T23:59:59+07:00", date(2026, 3, 1)), ("2026-03-01 10:00:00", date(2026, 3, 1)),
        (1772323200, date(2026, 3, 1)), ("1772323200", date(2026, 3, 1)), (1772323200000, date(2026, 3, 1)),
        (datetime(2026, 3, 1, 5, tzinfo=UTC), date(2026, 3, 1)), (date(2026, 3, 1), date(2026, 3, 1)),
        ("hôm qua", None), ("", None), (None, None), (1e300, None), (float("nan"), None), ([], None),
    ],
    ids=str,
)  # fmt: skip
def test_days(value: object, day: date | None) -> None:
    assert day_of(value) == day


def test_timeline_and_groups() -> None:
    rows = [row("allow"), row("block"), row("allow"), row("allow")]
    for one, (day, shop) in zip(rows, [("2026-01-01", "a"), ("2026-01-01", "b"), ("2026-01-03", "a"), ("?", None)], strict=True):
        one.update(day=day, shop=shop)
    found = gathered(*rows, day="day", group="shop")
    assert [(run.first.day, run.last.day, run.actions.total()) for run in periods(found.days)] == [(1, 1, 2), (2, 2, 0), (3, 3, 1)]
    assert found.undated == 1
    assert {group: dict(counts) for group, counts in found.groups.items()} == {"a": {"allow": 2}, "b": {"block": 1}, "None": {"allow": 1}}


def test_a_long_time_is_shown_in_few_columns() -> None:
    found = gathered(*[row() | {"day": day} for day in ("2020-01-01", "2026-12-31")], day="day")
    runs = periods(found.days)
    assert len(runs) <= 60
    assert (runs[0].first, runs[-1].last) == (date(2020, 1, 1), date(2026, 12, 31))
    assert periods({}) == []


def test_no_breakdown_by_person() -> None:
    with pytest.raises(DataError, match=r"column 'author' has more than 1,000 values.*not by person"):
        gathered(*[row() | {"author": f"u{i}"} for i in range(1001)], group="author")


def test_a_long_text_is_shown_around_its_first_match() -> None:
    text = "a" * 1000 + "xx" + "b" * 1000
    example = gathered(row("block", [match("r", 1000, 1002)], insult=0.9) | {"text": text}, text="text").examples["insult"]["r"]
    shown = pieces(example)
    assert [(piece.text.strip("ab"), piece.hidden) for piece in shown] == [("", False), ("xx", True), ("", False)]
    assert sum(len(piece.text) for piece in shown) == 400
    assert example.cut


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("đồ ngu quá", [(0, 6)], [("đồ ngu", True), (" quá", False)]),
        ("đồ ngu", [(3, 6), (0, 6)], [("đồ ngu", True)]),
        ("ab", [(0, 1), (1, 2)], [("ab", True)]),
        ("ab", [], [("ab", True)]),
        ("ab", [(5, 9)], [("ab", False)]),
        ("a\u202eb", [(1, 2)], [("a", False), ("\\u202e", True), ("b", False)]),
        ("", [], [("", True)]),
    ],
)
def test_pieces(text: str, spans: list[tuple[int, int]], expected: list[tuple[str, bool]]) -> None:
    assert pieces(Example("1", "block", {}, [match("r", *span) for span in spans], text, 0, False)) == expected


def test_dots_tell_little() -> None:
    assert dots("đồ ngu") == "•• •••"
    assert dots("a" * 100) == "•" * 8
    assert dots("") == "••"


def test_charts_stay_in_their_boxes() -> None:
    bars = [*histogram([0, 1, 1000], 90, 20), *stack({"allow": 3, "block": 1}, 90, 20), *stack({}, 90, 20), *histogram([0, 0], 90, 20)]
    assert all(bar.x >= 0 and bar.x + bar.width <= 90.01 and bar.y >= 0 and bar.y + bar.height <= 20.01 for bar in bars)
