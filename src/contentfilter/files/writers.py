"""Output that appears under its name only when it is complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def complete_or_nothing(path: Path) -> Iterator[IO[str]]:
    """A UTF-8 text file that takes its name when the block ends well; after an error nothing of it is left.

    A link is followed, and a file that is replaced keeps its mode. What is no file, such as a pipe or a device, is written to
    as it stands.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(mode)  # mkstemp makes it private
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def beside(path: Path, end: str) -> Path:
    """The file in the same folder whose name has `end` behind it."""
    return path.with_name(path.name + end)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
