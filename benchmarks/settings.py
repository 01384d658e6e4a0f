"""What a run of the benchmarks was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Settings(NamedTuple):
    """See the options of run.py."""

    data: Path | None
    repeat: int
    quick: bool
