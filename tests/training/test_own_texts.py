"""Texts of our own: many, each once, made the same way every time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from contentfilter import Category, DataError
from contentfilter.training.datasets import innocent
from contentfilter.training.own_texts import FOLDER, HARMS, OwnText, own_texts, templates

TEMPLATES = list(templates())
CASES = Path(__file__).parents[1] / "cases"


def words(template: str) -> list[str]:
    """Its words in small letters, of each choice the first."""
    return re.findall(r"\w+", re.sub(r"\[([^\[\]|]*)\|[^\[\]]*\]", r"\1", template).lower())


def triples(template: str) -> frozenset[tuple[str, ...]]:
    """All runs of three words; a shorter text as a whole."""
    row = words(template)
    return frozenset(zip(row, row[1:], row[2:], strict=False)) or frozenset([tuple(row)])


def test_every_harm_has_many_templates_of_both_kinds() -> None:
    counts = Counter((category, harm) for category, harm, _ in TEMPLATES)
    assert set(counts) == {(category, harm) for category in HARMS for harm in (True, False)}
    assert min(counts.values()) >= 190


def test_no_template_stands_twice() -> None:
    twice = [template for template, count in Counter(template for _, _, template in TEMPLATES).items() if count > 1]
    assert twice == []


def test_no_two_templates_are_nearly_the_same() -> None:
    """Variants belong into one template, as choices; else they would fall on both sides of a split into training and test."""
    texts = [*(template for _, _, template in TEMPLATES), *(row.text for row in innocent())]
    runs = [triples(text) for text in texts]
    holders = defaultdict(list)
    for number, run in enumerate(runs):
        for triple in run:
            holders[triple].append(number)
    shared = Counter((one, other) for numbers in holders.values() for one in numbers for other in numbers if one < other)
    near = [
        (texts[one], texts[other]) for (one, other), count in shared.items() if count / (len(runs[one]) + len(runs[other]) - count) > 0.5
    ]
    assert near == []


@pytest.mark.parametrize("path", sorted([*CASES.glob("*.csv"), *CASES.glob("*.txt")]), ids=lambda path: path.name)
def test_no_template_is_a_case(path: Path) -> None:
    """What the filter is judged by must not be what it learns from."""
    own = {tuple(words(text)) for text in [*(template for _, _, template in TEMPLATES), *(row.text for row in innocent())]}
    cells = (cell for line in path.read_text(encoding="utf-8").splitlines() for cell in (line, *line.split(",", 1), *line.rsplit(",", 1)))
    assert [cell for cell in cells if len(words(cell)) > 2 and tuple(words(cell)) in own] == []


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
        ("threat", False, "toxic", 0),
    ],
)
def test_labels(category: str, harm: bool, head: str, label: int | None) -> None:
    assert OwnText("text", Category(category), harm, "text").label(head) == label


@pytest.mark.parametrize(
    ("category", "harm", "template", "head", "label"),
    [
        ("threat", True, "Đi chết đi", "self_harm", 0),
        ("threat", True, "Anh đâm em rồi anh tự tử", "self_harm", None),
        ("self_harm", True, "Con muốn tự tử", "threat", None),
        ("self_harm", True, "Con mệt lắm rồi", "threat", 0),
        ("scam", False, "Đơn {code} do {name} {phone} giao", "pii", None),
        ("scam", False, "Mã OTP của quý khách là {otp}", "pii", 0),
        ("pii", False, "Tiệm hoa gọi {phone} là có người nghe", "pii", 0),
        ("scam", False, "Đơn {code} do {name} {phone} giao", "spam", 0),
    ],
)
def test_what_a_text_may_be_besides_is_left_open(category: str, harm: bool, template: str, head: str, label: int | None) -> None:
    assert OwnText("text", Category(category), harm, template).label(head) == label
