"""Output that loses nothing: finished blocks are appended to `OUTPUT.part` and told in `OUTPUT.journal`.

The journal is JSON lines. The first says what the run is made of (see `identity`); each further one a finished block: `part` and
`errors`, the sizes of the files after it, `digest`, the SHA-256 of what it added to them, and `summary`, its counts. A block and its
line are handed to the system at once, so a process that is killed loses neither, and are on the disk (fsync) before the next block is
written. After a power cut the last line may thus be there without its block, which its digest tells: that block is judged again. The
output takes its name at the end, when `OUTPUT.about.json`, what it is made of, stands beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from contentfilter.errors import DataError

from .scored import Layout
from .sources import BadRow
from .summary import Summary
from .writers import beside, complete_or_nothing


class NotResumed(DataError):
    """A run that was stopped is there, and this one does not go on with it; the message says what to do."""


class Judged(NamedTuple):
    """A finished block."""

    rows: bytes
    bad_rows: list[BadRow]
    summary: Summary
    position: int
    """Bytes of all input read up to its end."""


def is_complete(path: Path, identity: Mapping[str, Any]) -> bool:
    """Has the output its name already? Raises `NotResumed` where it was made of something else."""
    about = beside(path.resolve(), ".about.json")
    if beside(path.resolve(), ".journal").exists() or not (path.exists() and about.exists()):
        return False
    told = json.loads(about.read_bytes())
    told.pop("summary", None)
    if changed := _differences(told, json.loads(json.dumps(identity))):
        raise NotResumed(f"{path}: is complete, and made of something else: {'; '.join(changed)}; make it anew without --resume")
    return True


def bad_line(bad: BadRow) -> bytes:
    """A line of the errors file: file, line, column where known, reason. Not the row's text: it may be anything."""
    place = {"file": str(bad.path), "line": bad.line} | ({"column": bad.column} if bad.column else {})
    return (json.dumps(place | {"reason": bad.reason}, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


class StreamOutput:
    """Output as it comes, to a pipe or a device; bad rows to another stream. Nothing to go on with."""

    finished = 0

    def __init__(self, rows: IO[bytes], errors: IO[bytes], layout: Layout) -> None:
        self._rows, self._errors = rows, errors
        self.summary = Summary()
        rows.write(layout.head())

    def write(self, judged: Judged) -> None:
        """Append a block."""
        self._errors.write(b"".join(map(bad_line, judged.bad_rows)))
        self._rows.write(judged.rows)
        self._rows.flush()
        self.summary.merge(judged.summary)

    def sync(self) -> None:
        """What a pipe has taken is the reader's."""

    def complete(self) -> None:
        """Nothing is left to do."""

    def close(self) -> None:
        """The streams are the caller's."""


class JournaledOutput:
    """Output to a file, with a journal beside it. `finished` blocks are there already when a run is gone on with.

    Raises `DataError` where an unfinished run is there and `resume` is not asked for, or was made of something else.
    """

    def __init__(self, path: Path, layout: Layout, identity: Mapping[str, Any], resume: bool) -> None:
        self.path = path.resolve()
        self._part, self._journal_path, self._errors_path = (beside(self.path, end) for end in (".part", ".journal", ".errors"))
        self._identity, self._layout = identity, layout
        self._on_disk = True
        blocks = self._blocks_before(resume)
        self.finished = len(blocks)
        self.summary = Summary()
        for block in blocks:
            self.summary.merge(Summary.from_dict(block["summary"]))
        if not self.path.parent.is_dir():
            raise FileNotFoundError(2, "no such folder to write into", str(self.path.parent))
        if blocks:
            self._rows = _shortened(self._part, blocks[-1]["part"])
            self._errors = _shortened(self._errors_path, blocks[-1]["errors"])
            self._journal = _shortened(self._journal_path, blocks[-1]["end"])
        else:
            self._journal, self._rows, self._errors = (path.open("wb") for path in (self._journal_path, self._part, self._errors_path))
            self._tell({"identity": identity})
            self._rows.write(layout.head())
            self.sync()

    def _blocks_before(self, resume: bool) -> list[dict[str, Any]]:
        """The finished blocks of a run that was stopped, each with the place in the journal where its line ends."""
        try:
            lines = self._journal_path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        blocks: list[dict[str, Any]] = []
        end = len(lines[0]) if lines else 0
        for line in lines[1:]:
            if not line.endswith(b"\n"):  # cut off while it was written
                break
            end += len(line)
            blocks.append(json.loads(line) | {"end": end})
        if blocks and not self._holds(blocks[-1], blocks[-2] if len(blocks) > 1 else {"part": len(self._layout.head()), "errors": 0}):
            blocks.pop()  # the power failed before it was on the disk
        if not blocks:
            return []
        if not resume:
            done = sum(block["summary"]["documents"] for block in blocks)
            raise NotResumed(
                f"{self.path}: a run that was stopped has judged {done:,} documents; go on with --resume, "
                f"or remove {self._journal_path} to begin anew"
            )
        changed = list(_differences(json.loads(lines[0])["identity"], json.loads(json.dumps(self._identity))))
        if changed:
            raise NotResumed(
                f"{self._journal_path}: can't go on, something else would come out: {'; '.join(changed)}; "
                "undo the change, or remove the journal to begin anew"
            )
        for path, size in ((self._part, blocks[-1]["part"]), (self._errors_path, blocks[-1]["errors"])):
            found = path.stat().st_size if path.exists() else 0
            if found < size:
                raise NotResumed(f"{path}: found {found:,} bytes, expected at least {size:,}; remove {self._journal_path} to begin anew")
        return blocks

    def _holds(self, block: dict[str, Any], before: dict[str, Any]) -> bool:
        """Is what a block added there?"""
        found = [_between(path, before[key], block[key]) for path, key in ((self._part, "part"), (self._errors_path, "errors"))]
        return _digest(*found) == str(block["digest"])

    def write(self, judged: Judged) -> None:
        """Append a block; when this returns, the process may die without losing it. It is on the disk after `sync`."""
        self.sync()
        errors = b"".join(map(bad_line, judged.bad_rows))
        self._rows.write(judged.rows)
        self._errors.write(errors)
        self._rows.flush()
        self._errors.flush()
        self.summary.merge(judged.summary)
        self.finished += 1  # before the line is written: a signal may come between, and what may be finished must not be removed
        sizes = {"part": self._rows.tell(), "errors": self._errors.tell(), "digest": _digest(judged.rows, errors)}
        self._tell({**sizes, "summary": judged.summary.to_dict()})

    def _tell(self, line: dict[str, Any]) -> None:
        self._journal.write(json.dumps(line).encode() + b"\n")
        self._journal.flush()
        self._on_disk = False

    def sync(self) -> None:
        """Wait until the last block is on the disk."""
        if not self._on_disk:
            for file in (self._rows, self._errors, self._journal):
                _to_disk(file)
            self._on_disk = True

    def complete(self) -> None:
        """Give the output its name."""
        self.sync()
        self._close_files()
        finished = self._layout.finish(self._part)
        with finished.open("rb+") as file:
            _to_disk(file)
        with complete_or_nothing(beside(self.path, ".about.json")) as about:
            json.dump({**self._identity, "summary": self.summary.to_dict()}, about, ensure_ascii=False, indent=2)
        if self.path.exists():
            finished.chmod(self.path.stat().st_mode & 0o777)
        finished.replace(self.path)
        self._remove()

    def close(self) -> None:
        """Leave what is finished to be gone on with; where nothing is, leave nothing."""
        self._close_files()
        if not self.finished:
            self._remove()

    def _close_files(self) -> None:
        for file in (self._rows, self._errors, self._journal):
            try:
                file.close()
            except OSError:  # a full disk: what could not be written is judged again
                continue

    def _remove(self) -> None:
        """Leave nothing but bad rows."""
        for path in (self._part, self._journal_path, *([] if self.summary.bad_rows else [self._errors_path])):
            path.unlink(missing_ok=True)


def _differences(before: Mapping[str, Any], now: Mapping[str, Any], of: str = "") -> list[str]:
    """What differs between two runs' identities, in words."""
    found = []
    for key in dict.fromkeys((*before, *now)):
        old, new = before.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            found += _differences(old, new, f"{of}{key} ")
        elif old != new:
            found.append(f"{of}{key} was {json.dumps(old, ensure_ascii=False)}, is {json.dumps(new, ensure_ascii=False)}")
    return found


def _shortened(path: Path, size: int) -> IO[bytes]:
    """A file to append to behind its first `size` bytes; made where it is missing."""
    file = path.open("rb+" if path.exists() else "wb")
    file.truncate(size)
    file.seek(size)
    return file


def _between(path: Path, start: int, end: int) -> bytes:
    """Bytes of a file, fewer where it is shorter."""
    if not path.exists():
        return b""
    with path.open("rb") as file:
        file.seek(start)
        return file.read(end - start)


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
