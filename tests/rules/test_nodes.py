"""Files from strangers: whatever they hold, they cost little and reach nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from written import HEAD, rule, write

from contentfilter import PackError
from contentfilter.rules.load import load_pack, with_packs
from contentfilter.rules.nodes import File
from contentfilter.rules.schema import WordLists


def root(folder: Path, text: str) -> File:
    path = folder / "test.yaml"
    path.write_text(text, encoding="utf-8")
    file = File(path)
    file.root()
    return file


BOMB = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_aliases_are_not_followed(tmp_path: Path) -> None:
    faults = root(tmp_path, BOMB).faults
    assert len(faults) == 9 + 64  # every anchor and every alias, each told once
    assert "alias '*a': packs have no aliases" in faults[2]


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000])
def test_deep_nesting_is_refused(tmp_path: Path, text: str) -> None:
    # PyYAML has a limit of its own from 6.0.4 on, and looks ahead where brackets open
    with pytest.raises(PackError, match=r"test\.yaml:1:\d+: (more than 40 blocks within blocks|no YAML: exceeded maximum nesting depth)"):
        root(tmp_path, text)


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!binary", "!own", "!!str"])
def test_tags_are_refused(tmp_path: Path, tag: str) -> None:
    assert "packs have no tags" in root(tmp_path, f"name: {tag} x\n").faults[0]


def test_one_document_a_file(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"test\.yaml:2:1: a second document"):
        root(tmp_path, "a: b\n---\nc: d\n")


def test_a_term_file(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "own.txt").write_text("# of our own\nhồ lô\n\n  bầu bí \n", encoding="utf-8")
    (loaded,) = load_pack(write(tmp_path, rule("term_file: words/own.txt\nterms: [mướp đắng]"))).rules
    assert [term.text for term in loaded.terms] == ["mướp đắng", "hồ lô", "bầu bí"]


TERM_FILES = [
    # what stands in a term file, and what is wrong with it, each fault at its place
    ("\ufeffhồ lô\r\n\r\n  # của mình\r\nzalo <phone>\r\n", []),
    ("hồ lô\n  zalo <phnoe>\n", [r"words\.txt:2:3: found 'zalo <phnoe>', there is no entity '<phnoe>', did you mean '<phone>'\?"]),
    ("mua (sim|thẻ\na | b\n", [r"words\.txt:1:1: found 'mua .*', a '\)' is missing", r"words\.txt:2:1: found 'a .*\|' stands alone"]),
    ("vào <lookalike> nhé\n", [r"words\.txt:1:1: found .* stands alone; ask for what is beside it with near"]),
    ("# chưa có gì\n\n", [r"test\.yaml:9:5: term_file: 'words\.txt' has no term, expected one a line"]),
]


@pytest.mark.parametrize(("written", "faults"), TERM_FILES)
def test_what_is_wrong_in_a_term_file_is_told_line_by_line(tmp_path: Path, written: str, faults: list[str]) -> None:
    (tmp_path / "words.txt").write_text(written, encoding="utf-8", newline="")
    path = write(tmp_path, rule("term_file: words.txt"))
    if not faults:
        assert [term.text for term in load_pack(path).rules[0].terms] == ["hồ lô", "zalo <phone>"]
        return
    with pytest.raises(PackError) as told:
        load_pack(path)
    assert len(str(told.value).splitlines()) == len(faults)
    for line, expected in zip(str(told.value).splitlines(), faults, strict=True):
        assert re.search(expected, line)


def test_a_term_file_s_faults_come_with_those_of_the_pack(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("chửi".encode("cp1258", "replace") + b"\xff")
    path = write(tmp_path, rule("term_file: nowhere.txt"), rule("term_file: old.txt", "scam.old"))
    with pytest.raises(PackError, match=r"(?s)nowhere\.txt', there is no such file.*old\.txt: byte \d+: not UTF-8"):
        load_pack(path)


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/hostname", "link.txt", "nowhere.txt", "."])
def test_a_term_file_stands_in_the_packs_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("bí mật\n", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(PackError, match=r"test\.yaml:9:5: term_file: found "):
        load_pack(write(folder, rule(f"term_file: '{name}'")))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_is_no_term_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(PackError, match="there is no such file"):
        load_pack(write(tmp_path, rule("term_file: pipe.txt")))


def test_files_are_checked_together(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    one = write(tmp_path / "a", rule("when: {all: [{rule: scam.tset}, x]}"), rule("severty: 1\nterms: [x]", "scam.b"))
    two = write(tmp_path / "b", rule("when: {rule: scam.nowhere}"), rule("terms: [x]", "scam.c"), rule("terms: [y]", "scam.c"))
    with pytest.raises(PackError) as raised:
        with_packs(WordLists((), (), (), ()), [one, two])
    assert str(raised.value).splitlines() == [
        f"{one}:20:5: unknown key 'severty', did you mean 'severity'?",
        f"{two}:21:9: rule id 'scam.c' stands at {two}:15:9 too; ids are unique over all packs",
    ]


def test_rules_that_no_file_has(tmp_path: Path) -> None:
    path = write(tmp_path, rule("when: {all: [{rule: scam.tset}, x]}"), rule("when: {rule: scam.no*}", "scam.b"))
    with pytest.raises(PackError) as raised:
        with_packs(WordLists((), (), (), ()), [path])
    assert str(raised.value).splitlines() == [
        f"{path}:14:25: rule: no rule 'scam.tset', did you mean 'scam.test'?",
        f"{path}:20:18: rule: no rule 'scam.no*'",
    ]


def test_lists_have_one_meaning(tmp_path: Path) -> None:
    path = write(tmp_path, rule("when: {list: banks}"), head=HEAD)
    with pytest.raises(PackError, match="list 'banks' stands in the shipped lists too"):
        with_packs(WordLists((), (), (("banks", ("x",)),), ()), [path])


def test_what_is_long_is_quoted_in_part(tmp_path: Path) -> None:
    path = tmp_path / "table.yaml"
    path.write_text("text,label\n" + "trời đẹp,clean\n" * 50, encoding="utf-8")
    assert File(path).root().found == repr(("text,label " + "trời đẹp,clean " * 50)[:60] + "…")
