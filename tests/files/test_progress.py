"""Plain lines of progress, where there is no terminal."""

from __future__ import annotations

import pytest

from contentfilter.files import progress as progress_module
from contentfilter.files.progress import progress
from contentfilter.files.summary import Summary


def test_plain_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = iter(range(0, 10_000, 60))  # a minute between two looks at the clock
    monkeypatch.setattr(progress_module, "monotonic", lambda: next(now))
    with progress(100_000_000, Summary(documents=500)) as told:
        told(10_000_000, 1000)
        told(30_000_000, 2000)
    assert capsys.readouterr().err.splitlines() == [
        "1,000 documents, 10 MB, 8 documents/s",
        "2,000 documents, 30 of 100 MB, about 7 min left, 12 documents/s",
    ]


def test_the_total_may_be_unknown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = iter((0, 5, 20))
    monkeypatch.setattr(progress_module, "monotonic", lambda: next(now))
    with progress(0, Summary()) as told:
        told(0, 100)  # too soon for a line
        told(0, 1000)
    assert capsys.readouterr().err == "1,000 documents, 0 MB, 50 documents/s\n"
