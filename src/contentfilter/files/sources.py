"""Where documents come from: which file, of which kind, read how; and its bytes, whatever they are compressed with."""

from __future__ import annotations

import gzip
import io
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from contentfilter.errors import ContentFilterError, DataError

LONGEST: Final = 1 << 20
"""Bytes of the longest line, and characters of the longest text, that is read: what is longer is a bad row, so that memory stays flat."""

STANDARD_INPUT: Final = Path("-")
TEXT_KINDS: Final = (".txt", ".jsonl", ".csv", ".tsv")
ARROW_KINDS: Final = (".parquet", ".arrow", ".feather")
_COMPRESSIONS: Final = (".gz", ".xz", ".zst")
BUFFER: Final = 1 << 18
"""Bytes read at a time."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and how."""

    path: Path
    """`STANDARD_INPUT` ("-") is standard input."""
    column: str = "text"
    """The column or key that holds the text."""
    identity: str | None = None
    """The column or key that names a document; None: "id" where there is one, else the number of the row."""
    keep: tuple[str, ...] = ()
    """Columns or keys to carry over."""
    encoding: str | None = None
    """None: what the byte order mark says, else UTF-8."""
    errors: str = "strict"
    """"strict", or "replace" to read bytes that are no text as U+FFFD and go on."""
    format: str | None = None
    """The kind, such as "jsonl", where the name of the file doesn't tell."""
    keeper: str = "--keep"
    """The option that named the columns to carry over, for messages."""

    @property
    def kind(self) -> str:
        """".txt", ".jsonl" …: the format, without what it is compressed with. Raises `DataError` for what can't be read."""
        suffixes = [suffix.lower() for suffix in self.path.suffixes]
        if self.format is not None:
            suffix = f".{self.format}"
        elif self.path == STANDARD_INPUT:
            raise DataError("standard input: name what it is with --format, such as --format jsonl")
        elif suffixes and suffixes[-1] in _COMPRESSIONS:
            suffix = "".join(suffixes[-2:-1])
        else:
            suffix = self.path.suffix.lower()
        kinds = TEXT_KINDS if self.compression or self.path == STANDARD_INPUT else (*TEXT_KINDS, *ARROW_KINDS)
        if suffix not in kinds:
            expected = f"{', '.join(kinds)}{'' if self.compression else ' (the first four also with .gz, .xz, .zst)'}"
            raise DataError(f"{self.path}: unknown kind of file {suffix!r}, expected one of: {expected}")
        return suffix

    @property
    def compression(self) -> str:
        """".gz", ".xz", ".zst", or ""."""
        suffix = self.path.suffix.lower()
        return suffix if suffix in _COMPRESSIONS else ""


class BadRow(DataError):
    """A row that can't be judged: `path`, `line` (the last of the row, from 1), `column` where known, and the `reason`."""

    def __init__(self, path: Path, line: int, reason: str, column: int | None = None) -> None:
        self.path, self.line, self.reason, self.column = path, line, reason, column
        super().__init__(f"{path}:{line}:{f'{column}:' if column else ''} {reason}")

    def __reduce__(self) -> tuple[type[BadRow], tuple[Path, int, str, int | None]]:
        return BadRow, (self.path, self.line, self.reason, self.column)


@contextmanager
def opened(source: Source) -> Iterator[tuple[io.BufferedReader, Callable[[], int]]]:
    """A file's bytes, decompressed, and how many bytes of the file itself have been read so far."""
    with ExitStack() as stack:
        raw: Any = sys.stdin.buffer if source.path == STANDARD_INPUT else stack.enter_context(source.path.open("rb"))
        stream = raw
        if source.compression:
            stream = io.BufferedReader(stack.enter_context(_decompressed(raw, source)), BUFFER)
        elif not hasattr(raw, "peek"):  # a test's standard input
            stream = io.BufferedReader(raw)
        yield stream, (raw.tell if raw.seekable() else lambda: 0)


def _decompressed(raw: IO[bytes], source: Source) -> Any:
    if source.compression == ".gz":
        return gzip.GzipFile(fileobj=raw)
    if source.compression == ".xz":
        return lzma.LZMAFile(raw)
    return pyarrow().CompressedInputStream(raw, "zstd")  # the package zstandard takes a file that was cut off for a whole one


DAMAGE: Final = (EOFError, OSError, zlib.error, lzma.LZMAError)
"""What reading raises where compressed data is damaged."""


def damaged(source: Source, line: int, error: Exception) -> Exception:
    """The error to raise: libraries tell of damaged data by an `OSError` that has no number, systems of a broken disk by one that has."""
    if isinstance(error, OSError) and error.errno is not None:
        return error
    return DataError(f"{source.path}:{line}: damaged {source.compression} data: {error}")


def pyarrow() -> Any:
    """The library, imported where it is used; raises `ContentFilterError` that says how to install it."""
    try:
        import pyarrow
    except ModuleNotFoundError as error:
        raise ContentFilterError(
            "pyarrow is not installed; Parquet, Arrow and .zst files need: pip install 'contentfilter[arrow]'"
        ) from error
    return pyarrow
