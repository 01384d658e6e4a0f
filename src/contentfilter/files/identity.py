"""What an output is made of: a run can be gone on with only while all of this stays the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from contentfilter.data import data_folder

from .sources import STANDARD_INPUT, Source


def identity(
    sources: Sequence[Source], policy: str, packs: Iterable[Path], overlays: Iterable[Path], options: Mapping[str, Any]
) -> dict[str, Any]:
    """Versions and digests (SHA-256) of the filter and of every input, and the options that shape the output.

    Standard input can't be read twice: its digest is None.
    """
    return {
        "contentfilter": version("contentfilter"),
        "model": _folder(data_folder("models")),
        "wordlists": _folder(data_folder("wordlists")),
        "policy": policy,
        "packs": {str(path): _file(path) for path in packs},
        "overlays": {str(path): _file(path) for path in overlays},
        "inputs": {str(source.path): None if source.path == STANDARD_INPUT else _file(source.path) for source in sources},
        "options": dict(options),
    }


def _file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder(folder: Path) -> str:
    digests = [f"{path.name} {_file(path)}\n" for path in sorted(folder.iterdir()) if path.is_file()]
    return hashlib.sha256("".join(digests).encode()).hexdigest()
