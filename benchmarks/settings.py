"""What a run of the benchmarks was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import track


class Settings(NamedTuple):
    """See the options of run.py."""

    data: Path | None
    repeat: int
    quick: bool

    def repetitions(self) -> Iterable[int]:
        """Their numbers, from 0, with a bar on standard error where that is a terminal: a run takes minutes."""
        return track(range(self.repeat), "Measuring", console=Console(stderr=True), transient=True)
