"""Functions in interpreters of their own, so that nothing made before weighs on what they measure."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

import psutil

Answer = TypeVar("Answer")


def processes(number: int) -> ProcessPoolExecutor:
    """New interpreters that stay, each with what its tasks leave."""
    return ProcessPoolExecutor(number, mp_context=multiprocessing.get_context("spawn"))


def alone(function: Callable[..., Answer], *arguments: Any) -> Answer:
    """Call a module's function in a new interpreter."""
    with processes(1) as pool:
        return pool.submit(function, *arguments).result()


def resident() -> float:
    """Memory of this process, in MB."""
    return float(psutil.Process().memory_info().rss / 1e6)
