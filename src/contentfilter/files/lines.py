"""Lines of text files, whatever their encoding; and files cut into runs of whole lines, for others to decode."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np

from contentfilter.errors import DataError

from .sources import BUFFER, DAMAGE, LONGEST, BadRow, Source, damaged

ROWS: Final = 8192
"""Rows of a block at most: what is judged together, and what a stopped run may judge again."""

_BOM: Final = b"\xef\xbb\xbf"
_WIDE_BOMS: Final = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class _Stream(Protocol):
    def readline(self, size: int, /) -> bytes: ...

    def read1(self, size: int, /) -> bytes: ...


class _Recoded:
    """A stream of an encoding whose line breaks are no single bytes, as UTF-8."""

    def __init__(self, stream: io.BufferedReader, encoding: str, errors: str) -> None:
        self._text = io.TextIOWrapper(stream, encoding, "replace" if errors == "replace" else "surrogatepass", newline="\n")

    def readline(self, size: int, /) -> bytes:
        return self._text.readline(size // 4).encode("utf-8", "surrogatepass")

    def read1(self, size: int, /) -> bytes:
        return self._text.read(size // 4).encode("utf-8", "surrogatepass")


class Encoded(NamedTuple):
    """A file's bytes as they are decoded."""

    stream: _Stream
    encoding: str
    """Of the stream."""
    told: str
    """Of the file."""
    offset: int
    """Bytes of its byte order mark, which has been read."""


def encoded(source: Source, stream: io.BufferedReader) -> Encoded:
    """What a file is encoded with: as its source says, else by the byte order mark, else UTF-8. Raises `DataError` for damaged data."""
    try:
        start = stream.peek(4)[:4]
    except DAMAGE as error:
        raise damaged(source, 1, error) from error
    told = source.encoding or next((name for bom, name in _WIDE_BOMS.items() if start.startswith(bom)), "utf-8")
    if not "\n\n".encode(told).endswith(b"\n\n"):
        return Encoded(_Recoded(stream, told, source.errors), "utf-8", told, 0)
    marked = start.startswith(_BOM) and codecs.lookup(told).name == "utf-8"
    return Encoded(stream, told, told, len(stream.read(len(_BOM))) if marked else 0)


class Lines:
    """Decoded lines with their ends. Only "\\n" ends a line: a form feed or U+2028 in a comment is no line break.

    `next` raises `BadRow` for a line that is no text or is longer than `longest` bytes, and goes on behind it. Raises `DataError` where
    nothing behind can be read.
    """

    def __init__(self, source: Source, stream: Encoded, longest: int = LONGEST, number: int = 0) -> None:
        self.number = number
        """Of the line read last, from 1."""
        self._source = source
        self._longest = longest
        self._stream = stream
        self._position = stream.offset

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        source, here = self._source, self.number + 1
        readline = self._stream.stream.readline
        try:
            raw = readline(self._longest)
            if not raw:
                raise StopIteration
            self.number = here
            position, self._position = self._position, self._position + len(raw)
            if raw[-1:] != b"\n" and (more := readline(self._longest)):
                length = len(raw)
                while more:
                    length += len(more)
                    more = b"" if more.endswith(b"\n") else readline(self._longest)
                self._position = position + length
                raise _too_long(source, here, length, self._longest)
        except UnicodeError as error:
            raise _undecodable(source, here, self._stream.told, error) from error
        except DAMAGE as error:
            raise damaged(source, here, error) from error
        try:
            return raw.decode(self._stream.encoding, source.errors)
        except UnicodeDecodeError as error:
            raise BadRow(
                source.path,
                here,
                f"byte {position + error.start} (0x{raw[error.start]:02x}) is not {self._stream.told}; "
                "name the file's encoding with --encoding, or go on with --errors replace",
            ) from error


def _too_long(source: Source, line: int, length: int, longest: int = LONGEST) -> BadRow:
    return BadRow(source.path, line, f"the line has {length:,} bytes, more than the {longest:,} that are read")


def _undecodable(source: Source, line: int, told: str, error: UnicodeError) -> DataError:
    return DataError(f"{source.path}:{line}: not {told} ({error}); name the file's encoding with --encoding")


def each(lines: Lines) -> Iterator[str | BadRow]:
    """The lines, those that can't be read as what they are."""
    while True:
        try:
            yield from lines
            return
        except BadRow as bad:
            yield bad


class Cut(NamedTuple):
    """Whole lines, encoded."""

    content: bytes
    line: int
    """The number of the first one, from 1."""
    encoding: str
    told: str
    offset: int
    """Bytes of the file before them."""


def cut(source: Source, stream: Encoded) -> Iterator[Cut | BadRow]:
    """A file's lines in runs of at most `ROWS` lines and `LONGEST` bytes; a longer line as a bad row.

    Where it is cut depends on the file's content alone. Raises `DataError` where nothing behind can be read.
    """
    rest = bytearray()
    line, offset = 1, stream.offset
    fault: Exception | None = None
    ended = False

    def more() -> bool:
        nonlocal fault, ended, rest
        here = line + rest.count(b"\n")
        try:
            found = stream.stream.read1(BUFFER)
        except UnicodeError as error:
            found, fault = b"", _undecodable(source, here, stream.told, error)
        except DAMAGE as error:
            found, fault = b"", damaged(source, here, error)
        rest += found
        ended = not found
        if fault:  # what was read before it is still judged
            del rest[rest.rfind(b"\n") + 1 :]
        return not ended

    while True:
        while len(rest) <= LONGEST and not ended:
            more()
        if not rest:
            break
        breaks = np.flatnonzero(np.frombuffer(rest, np.uint8, min(len(rest), LONGEST)) == ord("\n"))[:ROWS]
        whole = len(rest) if ended and len(rest) <= LONGEST and len(breaks) < ROWS else 0  # the last line may have no end
        if end := whole or (int(breaks[-1]) + 1 if len(breaks) else 0):
            yield Cut(bytes(rest[:end]), line, stream.encoding, stream.told, offset)
            line, offset = line + len(breaks), offset + end
        else:
            length = 0
            while (end := rest.find(b"\n") + 1) == 0 and not ended:
                length += len(rest)
                rest.clear()
                more()
            end = end or len(rest)
            if fault:
                break
            yield _too_long(source, line, length + end)
            line, offset = line + 1, offset + length + end
        del rest[:end]
    if fault is not None:
        raise fault


def lines_of(source: Source, run: Cut) -> tuple[Sequence[int], Sequence[str | BadRow]]:
    """The lines of a run, decoded, without their line breaks, those that are no text as bad rows; and their numbers."""
    if codecs.lookup(run.encoding).name == "utf-8":  # other encodings may carry a state from line to line
        try:
            found = run.content.decode("utf-8").removesuffix("\n").split("\n")
        except UnicodeDecodeError:
            pass
        else:
            return range(run.line, run.line + len(found)), found
    lines = Lines(source, Encoded(io.BytesIO(run.content), run.encoding, run.told, run.offset), number=run.line - 1)
    numbered = [(lines.number, line if isinstance(line, BadRow) else line.removesuffix("\n")) for line in each(lines)]
    return [number for number, _ in numbered], [line for _, line in numbered]
