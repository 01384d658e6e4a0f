"""Packs are read strictly: every fault at once, each with its line and column. Golden files hold the messages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import texts

from contentfilter import Category, ContentFilter, PackError
from contentfilter.data import data_folder
from contentfilter.rules.load import load_allowed, load_lists, load_pack, load_word_lists, with_packs
from contentfilter.rules.schema import TermSpec, WordLists
from contentfilter.rules.vietnamese import in_vietnamese

BROKEN = sorted((texts.CASES / "packs").glob("*.yaml"))

PACK = """\
name: test
version: 1.2.0
language: vi
category: insult
rules:
  - id: insult.test
    describe: {vi: Thử, en: Test}
    severity: 2
    weight: 4.5
    origin: judgement
    toneless: free
    terms:
      - đồ ngu
      - {term: ngu, weight: 3, toneless: never, needs: [address], within: 2, segment: true, reason: short}
    examples: {match: [đồ ngu], pass: [người]}
  - id: threat.test
    describe: {vi: Thử, en: Test}
    severity: 0
    weight: -1
    origin: judgement
    category: [threat, pii]
    terms: [số đề]
    examples: {match: [], pass: []}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "test.yaml"
    path.write_text(PACK, encoding="utf-8")
    return path


def test_a_pack(pack: Path) -> None:
    name, version, (first, second), *_ = load_pack(pack)
    assert (name, version) == ("test", "1.2.0")
    assert (first.id, first.categories, first.severity, first.weight) == ("insult.test", (Category.INSULT,), 2, 4.5)
    assert (first.describe_vi, first.describe_en, first.origin) == ("Thử", "Test", "judgement")
    assert first.terms == (TermSpec("đồ ngu", 4.5, "free"), TermSpec("ngu", 3.0, "never", ("address",), 2, True, "short"))
    assert (first.match, first.passes) == (("đồ ngu",), ("người",))
    assert second.categories == (Category.THREAT, Category.PII)
    assert second.terms == (TermSpec("số đề", -1.0),)


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_every_fault_is_told_with_its_place(path: Path) -> None:
    with pytest.raises(PackError) as raised:
        load_pack(path)
    golden = path.with_suffix(".txt").read_text(encoding="utf-8")
    told = str(raised.value).replace(str(path), path.name)
    assert told + "\n" == golden
    vietnamese = [in_vietnamese(line) for line in told.splitlines()]
    assert "".join(f"{line}\n" for line in vietnamese) == path.with_suffix(".vi.txt").read_text(encoding="utf-8")
    assert [line for line in vietnamese if line in golden.splitlines()] == []


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("a.yaml: no such file", "a.yaml: không có tệp này"),
        ("a.yaml: byte 7: not UTF-8, save the file as UTF-8", "a.yaml: byte 7: không phải UTF-8, hãy lưu tệp ở dạng UTF-8"),
        ("a.yaml:5:3: no YAML: did not find expected ',' or ']'", "a.yaml:5:3: không đúng YAML: thiếu dấu ',' hoặc ']'"),
        (
            "a.yaml:9:5: rule id 'scam.otp' stands at the shipped packs too; ids are unique over all packs",
            "a.yaml:9:5: mã quy tắc 'scam.otp' đã có ở các gói có sẵn; mỗi mã chỉ dùng một lần trong tất cả các gói",
        ),
        (
            "rule a.b: when: rules speak of each other in a circle: a.b → a.c → a.b",
            "quy tắc a.b: when: các quy tắc dẫn chiếu nhau thành vòng: a.b → a.c → a.b",
        ),
        ("rule a.b: the term '...' has no character that could match", "quy tắc a.b: từ '...' không có ký tự nào khớp được"),
        (
            "s.yaml:3:10: status: no rule 'scam.x', did you mean 'scam.link'?",
            "s.yaml:3:10: status: không có quy tắc 'scam.x', có phải ý bạn là 'scam.link'?",
        ),
        (
            "a.yaml:7:5: term_file: found 'b.txt', there is no such file in packs",
            "a.yaml:7:5: term_file: gặp 'b.txt', không có tệp này trong packs",
        ),
        ("regex: pattern 'a: (' is no regular expression: missing )", "regex: mẫu 'a: (' không phải biểu thức chính quy: missing )"),
        (
            "l.csv: document 2: label 'sach', expected a category (spam, pii), clean, 0 or 1",
            "l.csv: văn bản 2: nhãn 'sach', cần một hạng mục (spam, pii), clean, 0 hoặc 1",
        ),
        ("l.csv:3: found 5 cells, expected 2 as in the header", "l.csv:3: dòng có 5 ô, cần 2 ô như dòng tiêu đề"),
        ("l.csv:1: no CSV: x; is a quote left open?", "l.csv:1: không đúng CSV: x; có dấu nháy nào chưa đóng không?"),
        ("l.txt: Permission denied", "l.txt: không có quyền đọc hoặc ghi"),
        ("something else", "something else"),
    ],
)  # fmt: skip
def test_faults_in_vietnamese(english: str, vietnamese: str) -> None:
    assert in_vietnamese(english) == vietnamese


def test_there_are_broken_packs() -> None:
    assert len(BROKEN) >= 8


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"nowhere\.yaml: no such file"):
        load_pack(tmp_path / "nowhere.yaml")


def test_a_file_of_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    path.write_bytes("name: chửi".encode("cp1258", "replace") + b"\xff")
    with pytest.raises(PackError, match=r"old\.yaml: byte \d+: not UTF-8"):
        load_pack(path)


def test_an_id_stands_once_over_all_packs(pack: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    shutil.copy(pack, other)
    with pytest.raises(PackError, match=r"'insult\.test' stands at .* too"):
        with_packs(WordLists((), (), (), ()), [pack, other])


def test_a_missing_shipped_pack_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "wordlists"
    shutil.copytree(data_folder("wordlists"), folder)
    (folder / "threat.yaml").unlink()
    with pytest.raises(PackError, match=r"threat\.yaml: no such file"):
        load_word_lists(folder)


@pytest.mark.parametrize("name", ["allow_compounds.txt", "allow.yaml", "lists.yaml"])
def test_a_missing_list_is_an_error(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "wordlists"
    shutil.copytree(data_folder("wordlists"), folder)
    (folder / name).unlink()
    with pytest.raises(PackError, match=rf"{name}: no such file"):
        load_word_lists(folder)


def test_allowed_phrases_and_lists(tmp_path: Path) -> None:
    (tmp_path / "allow.yaml").write_text("allow:\n  - {phrase: hạt óc chó, reason: walnut}\n", encoding="utf-8")
    (tmp_path / "lists.yaml").write_text("address: [mày, thằng]\nempty: []\n", encoding="utf-8")
    assert load_allowed(tmp_path / "allow.yaml") == ("hạt óc chó",)
    assert load_lists(tmp_path / "lists.yaml") == (("address", ("mày", "thằng")), ("empty", ()))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("allow: [hạt óc chó]\n", r"allow\.yaml:1:9: allow: found 'hạt óc chó', expected keys: phrase, reason"),
        ("allow:\n  - {phrase: '', reason: x}\n", r"allow\.yaml:2:14: phrase: the text is empty"),
        ("allowed: []\n", r"allow\.yaml:1:1: unknown key 'allowed'.*\n.*key 'allow' is missing"),
    ],
)
def test_faults_of_allow_lists(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "allow.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(PackError, match=message):
        load_allowed(tmp_path / "allow.yaml")


def test_a_filter_does_not_start_with_a_broken_pack() -> None:
    with pytest.raises(PackError, match="unknown key"):
        ContentFilter(packs=[texts.CASES / "packs" / "unknown_keys.yaml"])
