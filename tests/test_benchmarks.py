"""The benchmarks in `benchmarks/` run, check what they measure, and write what they say they write. Never how fast anything is.

They are no part of the wheel: where the tests run without them, this file has nothing to test.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
if not FOLDER.is_dir():
    pytest.skip("the benchmarks are not here", allow_module_level=True)

NAMES = ("throughput", "latency", "scale", "endless")
COMMON = {"benchmark", "format", "date", "machine", "versions", "corpora", "settings", "summary", "failures"}


@pytest.fixture(scope="module", autouse=True)
def importable() -> Iterator[None]:
    """The scripts import each other by name, as when one of them is run."""
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(FOLDER / "run.py"), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environment, timeout=600)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records of a quick run of all benchmarks."""
    folder = tmp_path_factory.mktemp("results")
    done = run("--quick", "--results", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "recorded anew: contentfilter / comments" in done.stdout
    return folder


def record(results: Path, name: str) -> dict[str, Any]:
    (path,) = results.glob(f"{name}-*.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_record_has_the_common_format_and_a_chart(results: Path, name: str) -> None:
    found = record(results, name)
    assert set(found) >= COMMON
    assert (found["benchmark"], found["format"], found["failures"]) == (name, 1, [])
    assert all(len(corpus["sha256"]) == 64 and corpus["texts"] for corpus in found["corpora"])
    assert found["summary"]
    assert all(isinstance(value, (str, int, float, dict)) for row in found["summary"] for value in row.values())
    (chart,) = results.glob(f"{name}-*.svg")
    assert chart.read_text(encoding="utf-8").rstrip().endswith("</svg>")


def test_throughput_compares_every_system_within_a_corpus(results: Path) -> None:
    found = record(results, "throughput")
    corpora = {row["corpus"] for row in found["summary"]}
    assert corpora == {corpus["corpus"] for corpus in found["corpora"]}
    assert len(corpora) == 7
    for corpus in corpora:
        systems = {row["system"]: row for row in found["summary"] if row["corpus"] == corpus}
        assert systems["the glue, single calls"]["glue = 1"]["median"] == 1
        assert "classify_batch, 1,024 a call, warm" in systems
    measured = {row["system"] for row in found["summary"]}
    for peer in ("flashtext, the same terms", "ahocorasick_rs, the same terms", "better-profanity", "obscenity", "glin-profanity"):
        assert (peer in measured) != (peer in found["absent"])


def test_the_stages_shares_add_up(results: Path) -> None:
    for shares in record(results, "throughput")["stages"].values():
        assert sum(shares.values()) == pytest.approx(1) or not any(shares.values())


def test_every_module_that_judges_has_a_stage() -> None:
    from stages import stage_of

    source = FOLDER.parent / "src" / "contentfilter"
    for folder in ("normalize", "match", "model", "decide"):
        for path in (source / folder).glob("*.py"):
            assert stage_of(path.relative_to(source).as_posix())
    with pytest.raises(LookupError):
        stage_of("cli.py")


def test_same_texts_must_get_the_same_answers(tmp_path: Path) -> None:
    from expected import Expected

    from contentfilter import ContentFilterError

    path = tmp_path / "expected.json"
    first = Expected(path)
    first.check("system / comments", ("texts", "1.0"), {"found": 3})
    first.save()
    again = Expected(path)
    again.check("system / comments", ("texts", "1.0"), {"found": 3})
    assert again.recorded == []
    with pytest.raises(ContentFilterError, match=r"found the counts \{'found': 4\}, expected \{'found': 3\}"):
        again.check("system / comments", ("texts", "1.0"), {"found": 4})
    again.check("system / comments", ("other texts", "1.0"), {"found": 4})
    assert again.recorded == ["system / comments"]
    anew = Expected(path, anew=True)
    anew.check("system / comments", ("texts", "1.0"), {"found": 5})
    assert anew.recorded == ["system / comments"]


def test_answers_that_changed_are_not_timed(results: Path, tmp_path: Path) -> None:
    before = json.loads((results / "expected-quick.json").read_text(encoding="utf-8"))
    before["contentfilter / comments"]["counts"]["allow"] += 1
    (tmp_path / "expected-quick.json").write_text(json.dumps(before), encoding="utf-8")
    done = run("latency", "--quick", "--results", str(tmp_path))
    assert done.returncode == 1
    assert "contentfilter / comments: found the counts" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["expected-quick.json"]


def test_corpora_time_only_what_was_not_warmed_on() -> None:
    from corpora import load

    for corpus in load(None).values():
        assert set(corpus.texts).isdisjoint(corpus.seen)
        assert len(set(corpus.texts)) == len(corpus.texts)


def test_chat_lines_and_articles_have_their_length() -> None:
    from corpora import articles, chat_lines

    assert list(chat_lines(["hôm nay trời đẹp quá đi", "ừ"])) == ["hôm nay trời đẹp"]
    (article, *_) = articles(["một câu ngắn thôi"])
    assert 5_000 <= len(article) < 5_020


def test_disguises_are_the_same_in_every_run() -> None:
    from corpora import disguised

    texts = ["nói chuyện cho đàng hoàng vào bạn ơi"] * 20
    assert list(disguised(texts)) == list(disguised(texts))
    assert len(set(disguised(texts))) > 10


@pytest.mark.parametrize(("power", "expected"), [(1, 1.0), (2, 2.0), (0, 0.0)])
def test_exponents(power: int, expected: float) -> None:
    from scale import exponent

    assert exponent([(size, 3.0 * size**power) for size in (1, 10, 100, 1000, 10_000)]) == pytest.approx(expected)


def test_never_seen_chunks_are_all_different() -> None:
    from itertools import islice

    from unseen import chunks

    assert len(set(islice(chunks(), 50_000))) == 50_000


def test_the_readmes_tables_come_from_records(results: Path) -> None:
    from readme import body

    written = body([record(results, "throughput"), record(results, "latency"), [{"corpus": "news", "texts": 10, "clean_flagged": 0.015}]])
    assert "| classify_batch, 1,024 a call, warm |" in written
    assert "| articles |" in written
    assert "p99.9 µs" in written
    assert "| news | 10 | 1.50% |" in written


@pytest.mark.parametrize("arguments", [("--lines", "300", "--repeat", "1"), ("--memory", "1")], ids=["rates", "memory"])
def test_files_are_measured_and_counted(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, str(FOLDER / "files.py"), *arguments, "--results", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = tmp_path.glob("files*.json")
    found = json.loads(path.read_text(encoding="utf-8"))
    assert set(found) >= COMMON
    if "ratios" in found:
        scored = {f"score {kind}, {jobs} at work" for kind in (".jsonl", ".parquet") for jobs in (1, 2)}
        assert {row["system"] for row in found["summary"]} >= {"in memory", *scored}
        assert len(found["ratios"]) >= 4
        assert sum(found["actions"].values()) == 300
    else:
        assert len(found["summary"]) == 10
