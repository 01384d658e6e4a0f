"""The compiled kernel (`_kernel.c`), or None where nothing was compiled and its twins in Python do the work."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final


def _compiled() -> Any:
    try:
        return import_module("contentfilter._kernel")
    except ImportError:
        return None


KERNEL: Final = _compiled()
