"""Files in: text, JSON lines, CSV, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from contentfilter import DataError
from contentfilter.files.readers import Source, read

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def documents(tmp_path: Path, name: str, content: str | bytes, **source: str) -> list[tuple[str | int, str]]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [tuple(document) for document in read(Source(path, **source))]  # type: ignore[misc]


GOOD: list[tuple[str, str, str | bytes, dict[str, str], list[tuple[str | int, str]]]] = [
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
    ("only a byte order mark", "a.txt", BOM, {}, [(1, "")]),
    ("capital suffix", "A.TXT", "một\n", {}, [(1, "một")]),
    ("other encoding", "a.txt", "một".encode("utf-16-le") , {"encoding": "utf-16-le"}, [(1, "một")]),
    ("bytes replaced", "a.txt", b"m\xffn\n", {"errors": "replace"}, [(1, "m\ufffdn")]),
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
def test_documents(tmp_path: Path, name: str, content: str | bytes, source: dict[str, str], expected: list[tuple[str | int, str]]) -> None:
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


def test_documents_before_the_fault_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\nb\n\xff\n")
    reader = read(Source(path))
    assert [next(reader).text, next(reader).text] == ["a", "b"]
    with pytest.raises(DataError):
        next(reader)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read(Source(tmp_path / "nowhere.txt")))


@pytest.mark.parametrize(("name", "content"), [("a.txt", BOM + "một\nhai\n"), ("a.csv", "text\nmột\n"), ("a.jsonl", '{"text": "a"}\n')])
def test_progress_ends_at_the_size_of_the_file(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    told: list[int] = []
    list(read(Source(path), told.append))
    assert told == sorted(told)
    assert told[-1] == path.stat().st_size


def test_an_open_quote_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"mở ngoặc\n2,dòng sau\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.csv:3: no CSV"):
        list(read(Source(path)))


def test_a_number_stays_the_id(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1.5, "text": "xin chào"}\n', encoding="utf-8")
    assert [document.id for document in read(Source(path))] == [1.5]
