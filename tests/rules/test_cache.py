"""The cache of own packs: the same filter, sooner; and nothing of it is believed that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import rule, write

from contentfilter import ContentFilter
from contentfilter.rules import load
from contentfilter.rules.schema import WordLists

CONDITION = "when: {all: [hồ lô biến, {near: {of: [{list: banks}, {regex: 'mã[0-9]+'}], within: 3}}]}"
KEYS = "term_file: words.txt\nplace: prefix\nviews: [plain]\nstatus: trial"


def built(folder: Path) -> ContentFilter:
    return ContentFilter(packs=[folder / "test.yaml"], cache=folder / "cache")


def lists(contentfilter: ContentFilter) -> WordLists:
    return contentfilter._state[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "words.txt").write_text("bầu bí\n", encoding="utf-8")
    write(tmp_path, rule(CONDITION), rule(KEYS, "scam.file"), rule("regex: [{pattern: 'ab[0-9]', literal: ab}]", "scam.regex"))
    return tmp_path


def test_the_same_filter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, written = ContentFilter(packs=[folder / "test.yaml"]), built(folder)
    monkeypatch.setattr(load, "read_packs", None)  # no pack is read any more
    thawed = built(folder)
    assert lists(fresh) == lists(written) == lists(thawed)
    assert fresh._rules.vocabulary == written._rules.vocabulary == thawed._rules.vocabulary
    text = "hồ lô biến vcb mã123 bầu bíz ab7"
    assert fresh.classify(text) == thawed.classify(text)
    assert {match.rule for match in thawed.classify(text).matches} == {"scam.test", "scam.regex"}


@pytest.mark.parametrize("name", ["test.yaml", "words.txt"])
def test_a_changed_file_is_read_anew(folder: Path, name: str) -> None:
    built(folder)
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace("bầu bí", "mướp đắng").replace("hồ lô", "mướp tây"), encoding="utf-8")
    assert lists(built(folder)) == lists(ContentFilter(packs=[folder / "test.yaml"]))


@pytest.mark.parametrize("damage", [b"", b"{", b"garbage\n{}", b"\xff\xfe\n\n"])
def test_a_damaged_cache_is_made_anew(folder: Path, damage: bytes) -> None:
    expected = lists(built(folder))
    (file,) = (folder / "cache").iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert lists(built(folder)) == expected
    assert file.read_bytes() == whole
    file.write_bytes(whole.replace("hồ lô".encode(), "hồ xô".encode()))  # the values are changed, the digest is not
    assert lists(built(folder)) == expected


COMPOUNDS = [
    # a key of a pack's rule, a text that has one of its words in a shipped compound, whether the rule finds it
    ("terms: [bánh bao]", "đồ bánh bao", True),
    ("terms: ['bánh (bao|bò)']", "đồ bánh bao", True),
    ("terms: [bánh]", "đồ bánh bao", False),
    ("terms: [{term: bánh bao, needs: [zalo]}]", "đồ bánh bao zalo", False),
    ("when: {all: [bánh bao, {not: hấp}]}", "đồ bánh bao", True),
    ("when: {all: [đồ ăn vặt, {not: bánh bao}]}", "đồ ăn vặt và bánh bao", True),
    ("terms: [bánh bao]\nstatus: 'off'", "đồ bánh bao", False),
]


@pytest.mark.parametrize(("keys", "text", "expected"), COMPOUNDS)
def test_own_words_win_over_shipped_compounds(tmp_path: Path, keys: str, text: str, expected: bool) -> None:
    write(tmp_path, rule(keys))
    for contentfilter in (ContentFilter(packs=[tmp_path / "test.yaml"]), built(tmp_path), built(tmp_path)):
        assert ("scam.test" in contentfilter.matching_rules(text)) is expected
