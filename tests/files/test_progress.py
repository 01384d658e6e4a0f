"""Plain lines of progress, where there is no terminal."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from contentfilter.files import progress as progress_module
from contentfilter.files.progress import progress


def test_plain_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = iter(range(0, 10_000, 60))  # a minute between two looks at the clock
    monkeypatch.setattr(progress_module, "monotonic", lambda: next(now))
    with progress(100_000_000, 500) as told:
        told(10_000_000, 1000)
        told(30_000_000, 2000)
    assert capsys.readouterr().err.splitlines() == [
        "1,000 documents, 10 MB, 8 documents/s",
        "2,000 documents, 30 of 100 MB, about 7 min left, 12 documents/s",
    ]


def test_the_total_may_be_unknown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = iter((0, 5, 20))
    monkeypatch.setattr(progress_module, "monotonic", lambda: next(now))
    with progress(0, 0) as told:
        told(0, 100)  # too soon for a line
        told(0, 1000)
    assert capsys.readouterr().err == "1,000 documents, 0 MB, 50 documents/s\n"


class Terminal(io.StringIO):
    """Standard error at a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_bar_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(0, 1000, 10))
    monkeypatch.setattr(progress_module, "monotonic", lambda: next(now))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "stderr", shown := Terminal())
    with progress(100_000_000, 500) as told:
        told(50_000_000, 4500)
    assert "50.0/100.0 MB 4,500 documents, 400/s" in re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", shown.getvalue())


def test_a_run_at_a_terminal(tmp_path: Path) -> None:
    """The bar goes when the run is done, and its summary stays."""
    (tmp_path / "a.txt").write_text("xin chào\nđồ ngu\n" * 50, encoding="utf-8")
    own, other = pty.openpty()
    command = [sys.executable, "-m", "contentfilter.cli", "score", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out.jsonl")]
    told = ""
    with subprocess.Popen(command, stderr=other, env={**os.environ, "TERM": "xterm", "COLUMNS": "120"}) as running:
        os.close(other)
        with os.fdopen(own, "rb", 0) as terminal, suppress(OSError):  # when the other end is closed
            while more := terminal.read(1 << 16):
                told += more.decode("utf-8", "replace")
    assert running.returncode == 0
    assert re.search(r"100 documents, [\d,]+/s", told)
    assert "insult.stupid" in told
