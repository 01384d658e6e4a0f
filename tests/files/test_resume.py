"""A run of `score` that is stopped, and gone on with: nothing is lost, nothing twice, whatever stops it."""

from __future__ import annotations

import gzip
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scoring import KINDS, SITE, TEXTS, run

from contentfilter import ContentFilter
from contentfilter.files import lines as lines_module
from contentfilter.files import run as run_module
from contentfilter.files import sources as sources_module
from contentfilter.files.journal import JournaledOutput, Judged
from contentfilter.files.readers import Block
from contentfilter.files.run import Judge, score
from contentfilter.files.scored import Layout
from contentfilter.files.sources import Source


class Stop(Exception):
    """What stops a run in these tests."""


def stopped_after(blocks: int, output: JournaledOutput, torn: bytes) -> None:
    """Make an output fail at the block after so many, when part of it is written already."""
    write = output.write

    def failing(judged: Judged) -> None:
        if output.finished == blocks:
            output._rows.write(judged.rows[: len(judged.rows) // 2])
            output._journal.write(torn)
            raise Stop
        write(judged)

    output.write = failing  # type: ignore[method-assign]


@pytest.mark.usefixtures("small_blocks")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    documents=st.integers(0, 60),
    stops=st.lists(st.tuples(st.integers(0, 8), st.sampled_from([b"", b'{"part": 12', b'{"part": 1}'])), max_size=3),
    kind=st.sampled_from(KINDS),
    bad=st.sets(st.integers(0, 60)),
)
def test_a_stopped_run_ends_as_an_undisturbed_one(
    tmp_path_factory: pytest.TempPathFactory,
    shipped: ContentFilter,
    documents: int,
    stops: list[tuple[int, bytes]],
    kind: str,
    bad: set[int],
) -> None:
    folder = tmp_path_factory.mktemp("run")
    source = Source(folder / "in.jsonl", keep=("text",))
    lines = ["{" if i in bad else json.dumps({"text": f"{TEXTS[i % 5]} {i}"}) for i in range(documents)]
    source.path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    layout = Layout(f".{kind}", False, ("text",))
    judge = Judge(shipped, layout)

    def judged(name: str, resume: bool) -> JournaledOutput:
        return JournaledOutput(folder / f"{name}.{kind}", layout, {"seed": 1}, resume)

    score(judge, [source], judged("whole", False), most_bad_rows=99)
    for blocks, torn in stops:
        output = judged("cut", True)
        stopped_after(max(blocks, output.finished), output, torn)
        try:
            score(judge, [source], output, most_bad_rows=99)
        except Stop:
            continue
    summary = score(judge, [source], judged("cut", True), most_bad_rows=99)
    assert (folder / f"cut.{kind}").read_bytes() == (folder / f"whole.{kind}").read_bytes()
    assert (summary.documents, summary.bad_rows) == (len(lines) - lines.count("{"), lines.count("{"))
    errors = [folder / f"{name}.{kind}.errors" for name in ("whole", "cut")]
    assert [path.read_bytes() if path.exists() else b"" for path in errors][1:] == [errors[0].read_bytes() if errors[0].exists() else b""]
    assert not list(folder.glob("*.part")) + list(folder.glob("*.journal"))


def started(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "contentfilter.cli", "score", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """An input of three blocks, and its output."""
    path = tmp_path_factory.mktemp("many") / "many.txt.gz"
    path.write_bytes(gzip.compress("".join(f"{TEXTS[i % 5]} {i % 100}\n" for i in range(20_000)).encode()))
    assert run(path, "-o", path.with_name("whole.jsonl")).exit_code == 0
    return path, path.with_name("whole.jsonl").read_bytes()


def wait_for_a_block(process: subprocess.Popen[bytes], journal: Path, number: int = 1) -> None:
    while not journal.exists() or journal.read_bytes().count(b"\n") < 1 + number:
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_killed_in_the_middle(many: tuple[Path, bytes], tmp_path: Path, jobs: str) -> None:
    source, whole = many
    out, journal = tmp_path / "out.jsonl", tmp_path / "out.jsonl.journal"
    process = started(source, "-o", out, "--jobs", jobs)
    wait_for_a_block(process, journal)
    process.kill()
    process.communicate()
    assert not out.exists()
    done = run(source, "-o", out)
    assert (done.exit_code, "go on with --resume" in done.stderr) == (1, True)
    done = run(source, "-o", out, "--resume")
    assert done.exit_code == 0, done.output
    assert "20,000 documents" in done.stderr
    assert out.read_bytes() == whole
    assert sorted(os.listdir(tmp_path)) == ["out.jsonl", "out.jsonl.about.json"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_again_and_again_at_random(tmp_path: Path, jobs: int) -> None:
    """However often, and wherever, it is killed: the output is that of an undisturbed run, and every run goes on from the last block."""
    random = Random(jobs)
    source, out, journal = tmp_path / "many.txt", tmp_path / "out.jsonl", tmp_path / "out.jsonl.journal"
    source.write_text("".join(f"{random.choice(TEXTS)} {random.randrange(100)}\n" for _ in range(60_000)), encoding="utf-8")
    assert run(source, "-o", tmp_path / "whole.jsonl").exit_code == 0
    kills = before = 0
    while not out.exists():
        process = started(source, "-o", out, "--jobs", str(jobs), "--resume")
        if kills < 4:
            wait_for_a_block(process, journal, before + 1)
            time.sleep(random.random() / 4)
            process.kill()
            kills += 1
        process.communicate()
        lines = journal.read_bytes().splitlines(keepends=True)[1:] if journal.exists() else []
        done = sum(line.endswith(b"\n") for line in lines)
        assert done > before or out.exists()
        before = done
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert not journal.exists()


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_no_more_than_a_block_a_process_is_begun_before_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    """Of what is judged at any moment, a kill loses what is begun and not in the journal."""
    begun: list[object] = []
    source = tmp_path / "in.txt"
    source.write_text("đồ ngu\n" * 200, encoding="utf-8")
    layout = Layout(".jsonl", False)
    output = JournaledOutput(tmp_path / "out.jsonl", layout, {}, False)

    @contextmanager
    def counted(judge: Judge, jobs: int) -> Iterator[Callable[[Block], Future[Judged]]]:
        with ThreadPoolExecutor(jobs) as threads:

            def submit(block: Block) -> Future[Judged]:
                begun.append(block)
                told = (tmp_path / "out.jsonl.journal").read_bytes().count(b"\n") - 1
                assert told >= len(begun) - jobs
                return threads.submit(judge, block)

            yield submit

    monkeypatch.setattr(run_module, "_executor", counted)
    score(Judge(ContentFilter(), layout), [Source(source)], output, jobs)
    assert len(begun) == 25


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("lost", [b"", b"\0" * 9], ids=["shorter", "other bytes"])
def test_a_block_that_the_disk_has_lost_is_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: bytes) -> None:
    """After a power cut the journal may tell of a block whose bytes were not yet written."""
    source, out, part = tmp_path / "in.txt", tmp_path / "out.jsonl", tmp_path / "out.jsonl.part"
    source.write_text("".join(f"đồ ngu {i}\n" for i in range(40)), encoding="utf-8")
    assert run(source, "-o", tmp_path / "whole.jsonl").exit_code == 0
    with monkeypatch.context() as patched:
        patched.setattr(JournaledOutput, "complete", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device", "disk")))
        assert run(source, "-o", out).exit_code == 1
    part.write_bytes(part.read_bytes()[:-9] + lost)
    assert run(source, "-o", out, "--resume").exit_code == 0
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_what_is_finished(many: tuple[Path, bytes], tmp_path: Path, number: signal.Signals) -> None:
    source, whole = many
    out = tmp_path / "out.jsonl"
    process = started(source, "-o", out, "--jobs", "2", start_new_session=True)
    wait_for_a_block(process, tmp_path / "out.jsonl.journal")
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    _, told = process.communicate()
    if out.exists():  # it was quicker
        return
    assert process.returncode == 128 + number
    assert re.search(rb"stopped; .*out\.jsonl\.journal tells what is finished, go on with the same command and --resume", told)
    assert b"Traceback" not in told
    assert run(source, "-o", out, "--resume").exit_code == 0
    assert out.read_bytes() == whole


def test_a_full_disk(many: tuple[Path, bytes], tmp_path: Path) -> None:
    source, whole = many
    out = tmp_path / "out.jsonl"
    # the system refuses to write more, as it does where the disk is full
    process = started(source, "-o", out, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) // 2,) * 2))
    _, told = process.communicate()
    assert process.returncode == 1
    assert b"File too large" in told
    assert b"--resume" in told
    assert not out.exists()
    assert run(source, "-o", out, "--resume").exit_code == 0
    assert out.read_bytes() == whole


CHANGES: list[tuple[str, Callable[[Path], object], list[str], str]] = [
    # name, what is done, more arguments, what the refusal names
    ("input", lambda path: path.write_text("xin chào\n" * 40, encoding="utf-8"), [], r"inputs .*in\.txt was .*, is "),
    ("policy", lambda _: None, ["--policy", "strict"], 'policy was "default", is "strict"'),
    ("overlay", lambda path: path.with_name("site.yaml").write_text(SITE), ["--overlay", "{folder}/site.yaml"], "site.* was null"),
    ("option", lambda _: None, ["--only", "flagged"], 'options only was null, is "flagged"'),
    ("output", lambda path: (path.parent / "out.jsonl.part").write_bytes(b""), [], r"out\.jsonl\.part: found 0 bytes, expected at least"),
]


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(("change", "arguments", "message"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_after_a_change_nothing_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object], arguments: list[str], message: str
) -> None:
    source, out = tmp_path / "in.txt", tmp_path / "out.jsonl"
    source.write_text("đồ ngu\n" * 40, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(JournaledOutput, "complete", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device", "disk")))
        assert run(source, "-o", out).exit_code == 1
    change(source)
    done = run(source, "-o", out, "--resume", *(argument.format(folder=tmp_path) for argument in arguments))
    assert done.exit_code == 1
    assert re.search(message, done.stderr), done.stderr
    assert "go on with the same command" not in done.stderr
    assert not out.exists()


def test_resume_without_a_run_begins(comments: Path, tmp_path: Path) -> None:
    assert run(comments, "-o", tmp_path / "out.jsonl", "--resume").exit_code == 0


def test_resume_of_what_is_complete_leaves_it(comments: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run(comments, "-o", out, "--keep", "text", "--resume").exit_code == 0
    before = out.read_bytes()
    again = run(comments, "-o", out, "--keep", "text", "--resume")
    assert (again.exit_code, again.stderr) == (0, f"contentfilter: {out} is complete already\n")
    refused = run(comments, "-o", out, "--policy", "strict", "--resume")
    assert refused.exit_code == 1
    assert 'made of something else: policy was "default", is "strict"; options keep was ["text"], is []; make' in refused.stderr
    assert "go on" not in refused.stderr
    assert out.read_bytes() == before
    assert run(comments, "-o", out).exit_code == 0
    assert out.read_bytes() != before


@pytest.mark.usefixtures("small_blocks")
def test_what_was_read_before_a_damage_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sources_module, lines_module):
        monkeypatch.setattr(module, "BUFFER", 64)
    path, out = tmp_path / "in.txt.gz", tmp_path / "out.jsonl"
    whole = gzip.compress("".join(f"{i}\n" for i in range(200)).encode())
    path.write_bytes(whole[: len(whole) // 2])
    done = run(path, "-o", out)
    assert done.exit_code == 1
    assert re.search(r"in\.txt\.gz:\d+: damaged \.gz data", done.stderr)
    assert "--resume" in done.stderr
