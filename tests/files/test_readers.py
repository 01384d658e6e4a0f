"""Files in: text, JSON lines, CSV, and what is wrong with them."""

from __future__ import annotations

import gzip
import lzma
import os
import pickle
import struct
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import feather, parquet

from contentfilter import DataError
from contentfilter.files import lines as lines_module
from contentfilter.files import readers as readers_module
from contentfilter.files.readers import Document, blocks, read
from contentfilter.files.readers import documents as read_block
from contentfilter.files.sources import LONGEST, BadRow, Source

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def zstd(content: bytes) -> bytes:
    compressed: bytes = pyarrow.compress(content, "zstd", asbytes=True)
    return compressed


def rows(path: Path, **source: Any) -> list[Document | BadRow]:
    """Row by row; the columns of blocks hold the same."""
    with read(Source(path, **source)) as found:
        every = list(found)
    with blocks(Source(path, **source)) as cut:
        columns = [some for block in cut for some in read_block(block)]
    good = [(row.id, row.text, list(row.kept)) for row in every if isinstance(row, Document)]
    assert [(*row[:2], list(row[2:])) for some in columns for row in zip(some.ids, some.texts, *some.kept, strict=True)] == good
    assert [str(row) for some in columns for row in some.bad] == [str(row) for row in every if isinstance(row, BadRow)]
    return every


def documents(tmp_path: Path, name: str, content: str | bytes, **source: Any) -> list[tuple[str | int | float, str]]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = []
    for row in rows(path, **source):
        if isinstance(row, BadRow):
            raise row
        found.append((row.id, row.text))
    return found


GOOD: list[tuple[str, str, str | bytes, dict[str, Any], list[tuple[str | int, str]]]] = [
    # name, file, content, how it is read, documents
    ("lines", "a.txt", "một\nhai\n", {}, [(1, "một"), (2, "hai")]),
    ("no line end at last", "a.txt", "một\nhai", {}, [(1, "một"), (2, "hai")]),
    ("blank lines are documents", "a.txt", "một\n\nba\n", {}, [(1, "một"), (2, ""), (3, "ba")]),
    ("CRLF", "a.txt", "một\r\nhai\r\n", {}, [(1, "một"), (2, "hai")]),
    ("byte order mark", "a.txt", BOM + "một\n", {}, [(1, "một")]),
    ("byte order mark, CRLF", "a.txt", BOM + "một\r\n", {}, [(1, "một")]),
    ("byte order mark later", "a.txt", "một\n" + BOM + "hai\n", {}, [(1, "một"), (2, BOM + "hai")]),
    ("U+2028 ends no line", "a.txt", "một\u2028hai\x0cba\x85bốn\n", {}, [(1, "một\u2028hai\x0cba\x85bốn")]),
    ("carriage return inside", "a.txt", "một\rhai\n", {}, [(1, "một\rhai")]),
    ("NUL", "a.txt", "một\0hai\n", {}, [(1, "một\0hai")]),
    ("empty", "a.txt", "", {}, []),
    ("only a byte order mark", "a.txt", BOM, {}, []),
    ("capital suffix", "A.TXT", "một\n", {}, [(1, "một")]),
    ("other encoding", "a.txt", "một".encode("utf-16-le") , {"encoding": "utf-16-le"}, [(1, "một")]),
    ("UTF-16, little end first", "a.txt", "một\nhaiਊ\n".encode("utf-16"), {}, [(1, "một"), (2, "haiਊ")]),
    ("UTF-16, big end first", "a.csv", b"\xfe\xff" + "text\nmột\n".encode("utf-16-be"), {}, [(1, "một")]),
    ("UTF-32", "a.txt", "một\n".encode("utf-32"), {}, [(1, "một")]),
    ("bytes replaced in UTF-16", "a.txt", "a\ud800\nb".encode("utf-16-le", "surrogatepass"), {"encoding": "utf-16-le", "errors": "replace"},
     [(1, "a\ufffd"), (2, "b")]),
    ("gzip", "a.txt.gz", gzip.compress("một\nhai".encode()), {}, [(1, "một"), (2, "hai")]),
    ("gzip in two members", "a.txt.gz", gzip.compress("một\nh".encode()) + gzip.compress(b"ai"), {}, [(1, "một"), (2, "hai")]),
    ("xz", "a.csv.xz", lzma.compress("text\nmột\n".encode()), {}, [(1, "một")]),
    ("zstandard", "a.jsonl.zst", zstd(b'{"text": "a"}'), {}, [(1, "a")]),
    ("zstandard in two frames", "a.txt.zst", zstd(b"a\n") + zstd(b"b"), {}, [(1, "a"), (2, "b")]),
    ("format told", "a.log", "một\n", {"format": "txt"}, [(1, "một")]),
    ("TSV", "a.tsv", 'text\tid\n"một\thai"\ta\n', {}, [("a", "một\thai")]),
    ("another id", "a.csv", "id,key,text\n1,x,một\n", {"identity": "key"}, [("x", "một")]),
    ("another id in JSON", "a.jsonl", '{"id": 1, "key": "x", "text": "một"}\n', {"identity": "key"}, [("x", "một")]),
    ("bytes replaced", "a.txt", b"m\xffn\n", {"errors": "replace"}, [(1, "m\ufffdn")]),
    ("as long as may be", "a.txt", "a" * (LONGEST - 1) + "\nb", {}, [(1, "a" * (LONGEST - 1)), (2, "b")]),
    ("as long as may be, at the end", "a.txt", "a" * LONGEST, {}, [(1, "a" * LONGEST)]),
    ("JSON lines", "a.jsonl", '{"text": "một"}\n{"text": "hai", "id": "x"}\n', {}, [(1, "một"), ("x", "hai")]),
    ("JSON lines, blank line", "a.jsonl", '{"text": "một"}\n\n{"text": "ba"}\n', {}, [(1, "một"), (3, "ba")]),
    ("JSON lines, BOM and CRLF", "a.jsonl", BOM + '{"text": "một"}\r\n{"text": "hai"}\r\n', {}, [(1, "một"), (2, "hai")]),
    ("JSON lines, number as id", "a.jsonl", '{"text": "một", "id": 7}\n', {}, [(7, "một")]),
    ("JSON lines, no usable id", "a.jsonl", '{"text": "một", "id": null}\n', {}, [(1, "một")]),
    ("JSON lines, escapes", "a.jsonl", '{"text": "m\\u1ed9t\\n\\ud800"}\n', {}, [(1, "một\n\ud800")]),
    ("JSON lines, U+2028 inside", "a.jsonl", '{"text": "một\u2028hai"}\n', {}, [(1, "một\u2028hai")]),
    ("JSON lines, other key", "a.jsonl", '{"body": "một"}\n', {"column": "body"}, [(1, "một")]),
    ("JSON lines, empty", "a.jsonl", "", {}, []),
    ("CSV", "a.csv", "text,label\nmột,0\nhai,1\n", {}, [(1, "một"), (2, "hai")]),
    ("CSV, id", "a.csv", "id,text\nx,một\n", {}, [("x", "một")]),
    ("CSV, BOM and CRLF", "a.csv", BOM + "text,id\r\nmột,1\r\n", {}, [("1", "một")]),
    ("CSV, quotes", "a.csv", 'text\n"một, ""hai"""\n', {}, [(1, 'một, "hai"')]),
    ("CSV, line break in a cell", "a.csv", 'text,id\n"một\nhai",a\nba,b\n', {}, [("a", "một\nhai"), ("b", "ba")]),
    ("CSV, CRLF in a cell", "a.csv", 'text,id\r\n"một\r\nhai",a\r\n', {}, [("a", "một\r\nhai")]),
    ("CSV, U+2028 inside", "a.csv", "text,id\nmột\u2028hai,a\n", {}, [("a", "một\u2028hai")]),
    ("CSV, empty cell", "a.csv", "text,id\n,a\n", {}, [("a", "")]),
    ("CSV, other column", "a.csv", "text,body\nmột,hai\n", {"column": "body"}, [(1, "hai")]),
    ("CSV, header only", "a.csv", "text\n", {}, []),
    ("CSV, a long cell", "a.csv", "text\n" + "a" * 200_000 + "\n", {}, [(1, "a" * 200_000)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "source", "expected"), [row[1:] for row in GOOD], ids=[row[0] for row in GOOD])
def test_documents(tmp_path: Path, name: str, content: str | bytes, source: dict[str, Any], expected: list[Any]) -> None:
    assert documents(tmp_path, name, content, **source) == expected


BAD: list[tuple[str, str, str | bytes, str]] = [
    # name, file, content, message
    ("not UTF-8", "a.txt", b"m\xe1t\nhai\n", r"a\.txt:1: byte 1 \(0xe1\) is not utf-8.*--encoding.*--errors replace"),
    ("not UTF-8, later", "a.txt", "một\nhai\n".encode() + b"b\xff\n", r"a\.txt:3: byte 11 \(0xff\)"),
    ("not UTF-8, cut", "a.txt", "mộ".encode()[:-1], r"a\.txt:1: byte 1 \(0xe1\)"),
    ("not UTF-8, behind a BOM", "a.txt", b"\xef\xbb\xbfm\xff", r"a\.txt:1: byte 4 \(0xff\)"),
    ("not UTF-8, behind a BOM and a line", "a.txt", b"\xef\xbb\xbfm\n\xff", r"a\.txt:2: byte 5 \(0xff\)"),
    ("not UTF-8 in JSON", "a.jsonl", b'{"text": "m"}\n{"text": "\xff"}\n', r"a\.jsonl:2: byte 24 \(0xff\)"),
    ("not UTF-8 in CSV", "a.csv", b"text\nm\xff\n", r"a\.csv:2: byte 6 \(0xff\)"),
    ("broken JSON", "a.jsonl", '{"text": "a"}\n{"text": }\n', r"a\.jsonl:2:10: no JSON: Expecting value"),
    ("cut JSON", "a.jsonl", '{"text": "a', r"a\.jsonl:1:10: no JSON: Unterminated string"),
    ("too deep JSON", "a.jsonl", "[" * 100_000 + "\n", r"a\.jsonl:1.*no JSON"),
    ("endless number in JSON", "a.jsonl", '{"text": "a", "n": ' + "9" * 10_000 + "}\n", r"a\.jsonl:1.*no JSON"),
    ("no object", "a.jsonl", "[1]\n", r"a\.jsonl:1: found list, expected an object with the key 'text'"),
    ("no key", "a.jsonl", '{"body": "a", "n": 1}\n', r"a\.jsonl:1: no key 'text', found: body, n; choose with --column"),
    ("no text", "a.jsonl", '{"text": null}\n', r"a\.jsonl:1: 'text' is NoneType, expected text"),
    ("no column", "a.csv", "body,label\na,1\n", r"a\.csv: no column 'text', found: body, label; choose with --column"),
    ("empty CSV", "a.csv", "", r"a\.csv: the file is empty"),
    ("CSV, a cell too few", "a.csv", "text,id\na,1\nb\n", r"a\.csv:3: found 1 cells, expected 2"),
    ("CSV, a cell too many", "a.csv", 'text,id\n"a\nb",1\nc,2,3\n', r"a\.csv:4: found 3 cells, expected 2"),
    ("CSV, unclosed quote", "a.csv", 'text,id\n"a,1\nb,2\n', r"a\.csv:\d+: "),
    ("unknown kind", "a.xlsx", "", r"a\.xlsx: unknown kind of file '\.xlsx', expected one of: \.txt, \.jsonl, \.csv"),
    ("no suffix", "a", "", r"a: unknown kind of file ''"),
]


@pytest.mark.parametrize(("name", "content", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_is_wrong(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        documents(tmp_path, name, content)


BAD_ROWS: list[tuple[str, str, bytes, list[object]]] = [
    # name, file, content, the texts of documents and the lines of bad rows
    ("not UTF-8", "a.txt", b"a\n\xff\nc\n", ["a", 2, "c"]),
    ("not UTF-16", "a.txt", "a\n\ud800\nc".encode("utf-16", "surrogatepass"), ["a", 2, "c"]),
    ("too long", "a.txt", b"a\n" + b"b" * (3 * LONGEST) + b"\nc\n", ["a", 2, "c"]),
    ("too long by one", "a.txt", b"b" * (LONGEST + 1) + b"\nc", [1, "c"]),
    ("too long, the last", "a.txt", b"a\n" + b"b" * (LONGEST + 1), ["a", 2]),
    ("too long in UTF-16", "a.txt", ("a\n" + "b" * LONGEST + "\nc").encode("utf-16"), ["a", 2, "c"]),
    ("too long in JSON", "a.jsonl", b'{"text": "' + b"b" * LONGEST + b'"}\n{"text": "c"}\n', [1, "c"]),
    ("broken JSON", "a.jsonl", b'{"text": "a"}\n{\n{"text": "c"}\n', ["a", 2, "c"]),
    ("a cell too few", "a.csv", b"text,id\na,1\nb\nc,3\n", ["a", 3, "c"]),
    ("a quote inside a cell", "a.csv", b'text,id\n"a"b,1\nc,3\n', [2, "c"]),
    ("not UTF-8 in CSV", "a.csv", b"text\n\xff\nc\n", [2, "c"]),
    ("too long in CSV", "a.csv", b"text\n" + b"b" * (LONGEST + 1) + b"\nc\n", [2, "c"]),
    ("a quote left open", "a.csv", b'text,id\na,1\n"b,2\nc,3\n', ["a", 4]),
    ("a quote left open for long", "a.csv", b'text\n"a\n' + b"b\n" * LONGEST, [LONGEST // 2 + 2, *["b"] * (LONGEST // 2)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "expected"), [row[1:] for row in BAD_ROWS], ids=[row[0] for row in BAD_ROWS])
def test_behind_a_bad_row_reading_goes_on(tmp_path: Path, name: str, content: bytes, expected: list[object]) -> None:
    (tmp_path / name).write_bytes(content)
    assert [row.line if isinstance(row, BadRow) else row.text for row in rows(tmp_path / name)] == expected


def test_an_id_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": [1], "text": "a"}\n{"text": "b"}\n{"id": 3, "text": "c"}\n', encoding="utf-8")
    assert [row.id for row in rows(path) if isinstance(row, Document)] == [1, 2, 3]
    assert [row.line if isinstance(row, BadRow) else row.text for row in rows(path, identity="id")] == [1, 2, "c"]


def test_a_bad_row_survives_pickling() -> None:
    bad = pickle.loads(pickle.dumps(BadRow(Path("a.csv"), 3, "no CSV", 7)))
    assert (str(bad), bad.line, bad.column, bad.reason) == ("a.csv:3:7: no CSV", 3, 7, "no CSV")


@pytest.mark.parametrize(("suffix", "whole"), [("gz", gzip.compress), ("xz", lzma.compress), ("zst", zstd)])
def test_damaged_compression_is_told(tmp_path: Path, suffix: str, whole: Callable[[bytes], bytes]) -> None:
    path = tmp_path / f"a.txt.{suffix}"
    content = whole(os.urandom(50_000))
    for damaged in (content[:30_000], b"\0" + content[1:]):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=rf"a\.txt\.{suffix}:\d+: damaged \.{suffix} data"):
            rows(path, encoding="latin-1")


def test_a_missing_file(tmp_path: Path) -> None:
    for name in ("nowhere.txt", "nowhere.txt.gz", "nowhere.parquet", "nowhere.arrow"):
        with pytest.raises(FileNotFoundError, match=name):
            rows(tmp_path / name)


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.jsonl", "a.parquet"])
def test_progress_ends_at_the_size_of_the_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    content = '{"text": "a"}\n' * 3000
    if name == "a.parquet":
        parquet.write_table(pyarrow.table({"text": ["a"] * 3000}), path)
    else:
        path.write_bytes(gzip.compress(content.encode()) if name.endswith("gz") else content.encode())
    with blocks(Source(path)) as found:
        told = [block.position for block in found]
    assert told == sorted(told)
    assert told[-1] == path.stat().st_size


def test_memory_stays_flat_however_long_a_line_is(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.write(b"a\n")
        file.truncate(1 << 28)  # 256 MB of NUL, in no room on the disk
    tracemalloc.start()
    assert [type(row) for row in rows(path)] == [Document, BadRow]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * LONGEST


def test_an_open_quote_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"mở ngoặc\n2,dòng sau\n', encoding="utf-8")
    assert [str(row) for row in rows(path)] == [
        f"{path}:3: no CSV: unexpected end of data; is a quote left open, or a line break not quoted? (the row begins at line 2)"
    ]


def test_a_number_stays_the_id(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1.5, "text": "xin chào"}\n', encoding="utf-8")
    assert rows(path) == [Document(1.5, "xin chào")]


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("a.jsonl", '{"text": "a", "n": {"m": 1}}\n{"text": "b"}\n', [[{"m": 1}], [None]]),
        ("a.csv", "n,text\n1,a\n,b\n", [["1"], [""]]),
        ("a.txt", "a\nb\n", [[None], [None]]),
    ],
)
def test_columns_are_carried_over(tmp_path: Path, name: str, content: str, kept: list[object]) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert [row.kept for row in rows(tmp_path / name, keep=("n",)) if isinstance(row, Document)] == kept


LINES = [
    '{"text": "xin chào"}', '{"text": "a", "id": 7}', '{"id": "k", "text": "b", "n": [1]}', '  {"text": "c"} ', '{"text": "d"}\r', "", " ",
    '{"text": 5}', '{"text": "e", "id": null}', '{"text": "f", "id": true}', '{"text": "g"}, {"text": "h"}', '{"text": "i"', '"id": 3}',
    "[1]", '"text"', "null", '{"id": 1}', '{"text": "j", "text": "k"}', '{"text": "\\ud800", "id": 1e400}',
]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=12), st.integers(1, 5), st.sampled_from([None, "id"]))
def test_columns_hold_what_rows_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str], together: int, identity: str | None
) -> None:
    monkeypatch.setattr(readers_module, "TOGETHER", together)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    rows(path, identity=identity, keep=("n", "text"))
    path = path.with_suffix(".txt")
    path.write_text("\n".join(lines), encoding="utf-8")
    rows(path, keep=("n", "text"))


# --- Parquet and Arrow ---

TABLE = pyarrow.table(
    {"id": [7, 8, 9], "text": ["một", None, "ba"], "day": [date(2026, 1, 2), None, None], "number": [1, 2, 3]},
)


def write_arrow(path: Path, table: Any) -> None:
    if path.suffix == ".parquet":
        parquet.write_table(table, path)
    elif path.suffix == ".feather":
        feather.write_feather(table, path)
    else:
        with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_stream(file, table.schema) as writer:
            writer.write_table(table)


@pytest.mark.parametrize("kind", [pyarrow.string(), pyarrow.large_string(), pyarrow.dictionary(pyarrow.int32(), pyarrow.string())], ids=str)
@pytest.mark.parametrize("suffix", ["parquet", "feather", "arrow"])
def test_arrow_files(tmp_path: Path, suffix: str, kind: Any) -> None:
    path = tmp_path / f"a.{suffix}"
    write_arrow(path, TABLE.set_column(1, "text", TABLE["text"].cast(kind)))
    found = rows(path, keep=("day",))
    assert [found[0], found[2]] == [Document(7, "một", [date(2026, 1, 2)]), Document(9, "ba", [None])]
    assert str(found[1]) == f"{path}:2: 'text' is NoneType, expected text"


@pytest.mark.parametrize("suffix", ["parquet", "feather", "arrow"])
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"column": "body"}, r"a\.\w+: no column 'body', found: id, text, day, number; choose with --column"),
        ({"identity": "key"}, r"no column 'key'.*--id"),
        ({"keep": ("key",)}, r"no column 'key'.*--keep"),
        ({"column": "number"}, r"column 'number' is int64, expected text"),
    ],
)
def test_arrow_files_that_lack_something(tmp_path: Path, suffix: str, source: dict[str, Any], message: str) -> None:
    write_arrow(tmp_path / f"a.{suffix}", TABLE)
    with pytest.raises(DataError, match=message):
        rows(tmp_path / f"a.{suffix}", **source)


@pytest.mark.parametrize("suffix", ["parquet", "feather", "arrow"])
@pytest.mark.parametrize("content", [b"", b"text\n", os.urandom(1000)], ids=["empty", "text", "noise"])
def test_what_is_no_arrow_file(tmp_path: Path, suffix: str, content: bytes) -> None:
    (tmp_path / f"a.{suffix}").write_bytes(content)
    with pytest.raises(DataError, match=rf"a\.{suffix}: no \.{suffix} file that can be read"):
        rows(tmp_path / f"a.{suffix}")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (struct.pack("<4i", 0, 5, 5, 7), struct.pack("<4i", 0, 5, 5, 9_000_000), "damaged behind row 0"),  # memory of whoever reads it
        (struct.pack("<4i", 0, 5, 5, 7), struct.pack("<4i", 0, -90, 5, 7), "damaged behind row 0"),
        ("mộtba".encode(), b"m\xff\xff\xfftba", "damaged behind row 0: .*Invalid UTF8"),
        (b"text", b"te\xff\xff", "the name of a column is no UTF-8"),
    ],
    ids=["outside", "before", "text", "name"],
)
def test_damaged_arrow_data_is_refused(tmp_path: Path, right: bytes, wrong: bytes, message: str) -> None:
    path = tmp_path / "a.arrow"
    write_arrow(path, TABLE)
    content = path.read_bytes()
    assert right in content
    path.write_bytes(content.replace(right, wrong))
    with pytest.raises(DataError, match=rf"a\.arrow: .*{message}"):
        rows(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    lines=st.lists(st.sampled_from([b"", b"a", b"b" * 7, b"c" * 12, b"d" * 30, "ộ".encode(), b"\xff", b"\r"]), max_size=30),
    ended=st.booleans(),
    buffer=st.integers(1, 20),
    most=st.integers(1, 4),
)
def test_blocks_are_the_lines_however_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[bytes], ended: bool, buffer: int, most: int
) -> None:
    for name, value in (("BUFFER", buffer), ("LONGEST", 12), ("ROWS", most)):
        monkeypatch.setattr(lines_module, name, value)
    path = tmp_path / "a.txt"
    content = b"\n".join(lines) + b"\n" * ended
    path.write_bytes(content)
    expected: list[object] = []
    for number, line in enumerate(_kept(content), start=1):
        bad = len(line) > 12 or b"\xff" in line
        expected.append(number if bad else line.decode().removesuffix("\n").removesuffix("\r"))
    with blocks(Source(path)) as found:
        sizes = [sum(len(some.texts) + len(some.bad) for some in read_block(block)) for block in found]
    assert [row.line if isinstance(row, BadRow) else row.text for row in rows(path)] == expected
    assert all(0 < size <= most for size in sizes)


def _kept(content: bytes) -> list[bytes]:
    """Lines with their ends; `bytes.splitlines` cuts at carriage returns too."""
    found = [line + b"\n" for line in content.split(b"\n")]
    found[-1] = found[-1][:-1]
    return [line for line in found if line]
