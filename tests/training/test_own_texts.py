"""Texts of our own: many, each once, made the same way every time."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from contentfilter import Category, DataError
from contentfilter.training.own_texts import FOLDER, HARMS, OwnText, own_texts, templates

TEMPLATES = list(templates())


def test_every_harm_has_many_templates_of_both_kinds() -> None:
    counts = Counter((category, harm) for category, harm, _ in TEMPLATES)
    assert set(counts) == {(category, harm) for category in HARMS for harm in (True, False)}
    assert min(counts.values()) >= 90


def test_no_template_stands_twice() -> None:
    twice = [template for template, count in Counter(template for _, _, template in TEMPLATES).items() if count > 1]
    assert twice == []


def test_every_slot_is_used_and_known() -> None:
    slots = yaml.safe_load((FOLDER / "slots.yaml").read_text(encoding="utf-8"))
    named = {name for _, _, template in TEMPLATES for name in re.findall(r"\{(\w+)\}", template)}
    named |= {name for values in slots.values() for value in values for name in re.findall(r"\{(\w+)\}", value)}
    assert named == set(slots)


def test_the_same_seed_makes_the_same_texts() -> None:
    assert own_texts(2, seed=1) == own_texts(2, seed=1)
    assert own_texts(2, seed=1) != own_texts(2, seed=2)


def test_nothing_is_left_to_fill() -> None:
    left = [own.text for own in own_texts(4, seed=3) if re.search(r"[{}#]|\[\w+\|", own.text) or not own.text.strip()]
    assert left == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for category in HARMS:
        (tmp_path / f"{category}.txt").write_text("[Vay|Mượn] {sum} không?\n", encoding="utf-8")
        (tmp_path / f"{category}_clean.txt").write_text("Đường xa quá\n", encoding="utf-8")
    (tmp_path / "slots.yaml").write_text('sum: ["## {coin}"]\ncoin: [đồng]\n', encoding="utf-8")
    return tmp_path


def test_choices_slots_and_digits_are_filled(folder: Path) -> None:
    made = [own for own in own_texts(4, seed=1, folder=folder) if own.category is Category.SCAM]
    assert re.fullmatch(r"(Vay|Mượn) \d\d đồng không\?", made[0].text)
    assert re.fullmatch(r"(Vay|Muon) \d\d dong khong\?", made[1].text)
    assert [own.text for own in made[4:6]] == ["Đường xa quá", "Duong xa qua"]
    assert [own.harm for own in made] == [True] * 4 + [False] * 4


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "spam.txt").unlink()
    with pytest.raises(DataError, match=r"spam\.txt: no such file"):
        own_texts(1, seed=1, folder=folder)


@pytest.mark.parametrize(
    ("category", "harm", "head", "label"),
    [
        ("scam", True, "scam", 1),
        ("scam", True, "spam", None),
        ("scam", True, "self_harm", 0),
        ("threat", True, "pii", None),
        ("threat", True, "spam", 0),
        ("scam", False, "spam", 0),
        ("scam", True, "toxic", None),
        ("threat", False, "toxic", None),
    ],
)
def test_labels(category: str, harm: bool, head: str, label: int | None) -> None:
    assert OwnText("text", Category(category), harm, "text").label(head) == label
