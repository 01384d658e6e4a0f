"""Every answer in `tests/cases/normalize.json` holds; `golden.py` tells what is in it and how to add to it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from golden import made, read


@pytest.mark.parametrize("kind", read())
def test_answers_stay(kind: str) -> None:
    answers = read()[kind]
    assert {chunk: made(kind, chunk) for chunk in answers} == answers
