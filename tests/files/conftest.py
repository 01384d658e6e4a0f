"""What several tests of files are given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scoring import TEXTS

from contentfilter.files import lines as lines_module
from contentfilter.files import readers as readers_module


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    path = tmp_path / "comments.jsonl"
    rows = [{"key": f"k{i}", "text": text, "shop": {"n": i}} for i, text in enumerate(TEXTS)]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lines_module, readers_module):
        monkeypatch.setattr(module, "ROWS", 8)
