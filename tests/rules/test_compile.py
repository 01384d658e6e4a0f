"""Word lists → terms: one canonical form, and needs that mean what they say."""

from __future__ import annotations

import pytest
from making import LISTS, filter_of, found, rule

from contentfilter import PackError
from contentfilter.rules.compile import canonical, compile_rules
from contentfilter.rules.schema import WordLists


@pytest.mark.parametrize(
    ("phrase", "line"),
    [
        ("Đồ  Ngu", "đồ ngu"), ("hòa kỳ", "hoà kì"), ("zalo <phone>", "zalo <phone>"), ("1-1", "1 - 1"), ("ｎgu", "ngu"),
        ("đi\u0323t", "địt"),
        ("", ""), ("\u200b", ""), ("<b>", "< b >"), ("<PHONE>", "< phone >"),
    ],
)  # fmt: skip
def test_canonical(phrase: str, line: str) -> None:
    assert canonical(phrase) == line
    assert canonical(line) == line or "<" in line


@pytest.mark.parametrize("term", ["", " ", "\u200b", "\u0301"])
def test_a_term_without_a_character_is_refused(term: str) -> None:
    with pytest.raises(PackError, match=r"insult\.test.*no character that could match"):
        compile_rules(WordLists((rule("insult.test", term),), (), LISTS, ()))


@pytest.mark.parametrize("name", ["address", "spaced_pairs"])
def test_the_lists_that_the_filter_needs_are_there(name: str) -> None:
    with pytest.raises(PackError, match=f"'{name}' is missing"):
        compile_rules(WordLists((), (), tuple(row for row in LISTS if row[0] != name), ()))


def test_spellings_are_one() -> None:
    contentfilter = filter_of(rule("insult.test", "kỳ hòa"))
    for text in ("kỳ hòa", "kì hoà", "KỲ HOÀ", "ki hoa"):
        assert found(contentfilter, text) == [text]


def test_no_rules_at_all() -> None:
    assert filter_of().classify("Đồ n.g.u, gọi 0912 345 678").matches == ()
