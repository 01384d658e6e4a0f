"""Where documents come from: which file, of which kind, read how; and its lines, whatever their encoding and compression."""

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
from typing import IO, Any, Final, cast

from contentfilter.errors import ContentFilterError, DataError

LONGEST: Final = 1 << 20
"""Bytes of the longest line, and characters of the longest text, that is read: what is longer is a bad row, so that memory stays flat."""

STANDARD_INPUT: Final = Path("-")
TEXT_KINDS: Final = (".txt", ".jsonl", ".csv", ".tsv")
ARROW_KINDS: Final = (".parquet", ".arrow", ".feather")
_COMPRESSIONS: Final = (".gz", ".xz", ".zst")
_BUFFER: Final = 1 << 18

_BOM: Final = b"\xef\xbb\xbf"
_WIDE_BOMS: Final = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


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


class Lines:
    """Decoded lines with their ends. Only "\\n" ends a line: a form feed or U+2028 in a comment is no line break.

    `next` raises `BadRow` for a line that is no text or is longer than `longest` bytes, and goes on behind it. Raises `DataError` where
    nothing behind can be read.
    """

    def __init__(self, source: Source, stream: IO[bytes], longest: int = LONGEST) -> None:
        self.number = 0
        """Of the line read last, from 1."""
        self._source = source
        self._longest = longest
        self._encoding = source.encoding or "utf-8"
        self._position = 0
        self._only_mark = False  # a file of a byte order mark alone is one empty line
        try:
            start = cast(io.BufferedReader, stream).peek(4)[:4]
        except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
            raise _damaged(source, 1, error) from error
        if source.encoding is None:
            self._encoding = next((name for bom, name in _WIDE_BOMS.items() if start.startswith(bom)), "utf-8")
        self._told = self._encoding
        self._readline: Callable[[int], bytes] = stream.readline
        if not "\n\n".encode(self._encoding).endswith(b"\n\n"):  # a line break is no single byte there
            text = io.TextIOWrapper(stream, self._encoding, "replace" if source.errors == "replace" else "surrogatepass", newline="\n")
            self._readline = lambda most: text.readline(most // 4).encode("utf-8", "surrogatepass")
            self._encoding = "utf-8"
        elif start.startswith(_BOM) and self._encoding.replace("_", "-").lower() in ("utf-8", "utf8"):
            self._position = len(stream.read(len(_BOM)))
            self._only_mark = True

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        source, here = self._source, self.number + 1
        try:
            raw = self._readline(self._longest)
            if not raw and not self._only_mark:
                raise StopIteration
            self.number, self._only_mark = here, False
            position, self._position = self._position, self._position + len(raw)
            if raw[-1:] != b"\n" and (more := self._readline(self._longest)):
                length = len(raw)
                while more:
                    length += len(more)
                    more = b"" if more.endswith(b"\n") else self._readline(self._longest)
                self._position = position + length
                raise BadRow(source.path, self.number, f"the line has {length:,} bytes, more than the {self._longest:,} that are read")
        except UnicodeError as error:
            raise DataError(f"{source.path}:{here}: not {self._told} ({error}); name the file's encoding with --encoding") from error
        except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
            raise _damaged(source, here, error) from error
        try:
            return raw.decode(self._encoding, source.errors)
        except UnicodeDecodeError as error:
            raise BadRow(
                source.path,
                self.number,
                f"byte {position + error.start} (0x{raw[error.start]:02x}) is not {self._told}; "
                "name the file's encoding with --encoding, or go on with --errors replace",
            ) from error


@contextmanager
def opened(source: Source, longest: int = LONGEST) -> Iterator[tuple[Lines, Callable[[], int]]]:
    """The lines of a text file, and how many bytes of the file have been read so far (compressed ones where it is compressed)."""
    with ExitStack() as stack:
        raw: Any = sys.stdin.buffer if source.path == STANDARD_INPUT else stack.enter_context(source.path.open("rb"))
        stream = raw
        if source.compression:
            stream = io.BufferedReader(stack.enter_context(_decompressed(raw, source)), _BUFFER)
        elif not hasattr(raw, "peek"):  # a test's standard input
            stream = io.BufferedReader(raw)
        seekable = raw.seekable()
        yield Lines(source, stream, longest), (raw.tell if seekable else lambda: 0)


def _decompressed(raw: IO[bytes], source: Source) -> Any:
    if source.compression == ".gz":
        return gzip.GzipFile(fileobj=raw)
    if source.compression == ".xz":
        return lzma.LZMAFile(raw)
    return pyarrow().CompressedInputStream(raw, "zstd")  # the package zstandard takes a file that was cut off for a whole one


def _damaged(source: Source, line: int, error: Exception) -> Exception:
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
