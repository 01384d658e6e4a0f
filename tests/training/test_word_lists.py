"""What is derived for the word lists: on a few words, where the answer can be written down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contentfilter.data import data_folder
from contentfilter.training import compounds, confusables, counts, english, seed


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("vú sữa", "vú"),
        ("cây vú sữa", "vú"),
        ("thái bình dương", "bình dương"),
        ("vú", None),  # the term itself
        ("vũ trụ", None),
        ("sữa chua", None),
    ],
)
def test_words_that_contain_a_term(word: str, term: str | None) -> None:
    assert compounds.containing([word], {"vú", "bình dương"}) == ({word: term} if term else {})


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("đề xuất", "số đề"),
        ("trị số", "số đề"),
        ("đề", None),
        ("vấn đề", None),  # ends as the term ends
        ("số không", None),
        ("dương vật", "đông dương"),
    ],
)
def test_words_that_cross_the_border_of_a_term(word: str, term: str | None) -> None:
    assert compounds.crossing([word], {"số đề", "đông dương"}) == ({word: term} if term else {})


def test_the_dictionary_has_words_of_two_to_five_syllables() -> None:
    words = set(compounds.dictionary())
    assert {"đề xuất", "vú sữa"} <= words
    assert {len(word.split(" ")) for word in words} == {2, 3, 4, 5}
    assert all(word == word.lower() for word in words)


def test_what_is_allowed_is_derived_from_the_packs() -> None:
    kept = set((data_folder("wordlists") / "compounds_kept.yaml").read_text(encoding="utf-8").split("\n"))
    derived = compounds.derive()
    assert derived == sorted(set(derived))
    assert "đề xuất" in derived
    assert not any(f"- {word}" in kept for word in derived)


def test_confusables_are_those_of_the_installed_table() -> None:
    derived = confusables.derive()
    assert derived == json.loads(confusables.TARGET.read_text(encoding="utf-8"))
    assert (derived["\N{CYRILLIC SMALL LETTER A}"], derived["\N{GREEK SMALL LETTER OMICRON}"]) == ("a", "o")
    assert "đ" not in derived
    assert all(target.isascii() and target.isalnum() and len(target) == 1 for target in derived.values())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, column in counts.SOURCES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f'{column}\n"Hàng đẹp, hàng đẹp"\nshop Lan09 @lan\n', encoding="utf-8")
    return tmp_path


def test_counts_of_tokens_and_neighbours(data: Path) -> None:
    found = counts.count(data)
    assert (found["hàng"], found["đẹp"], found["hàng đẹp"]) == (8, 8, 8)
    assert found["đẹp ,"] == found[", hàng"] == 4
    assert found["đẹp shop"] == 0, "neighbours stand in one text"


def test_common_chunks_name_nobody(data: Path) -> None:
    assert seed.common_chunks(data) == ["Hàng", "hàng", "shop", "đẹp", "đẹp,"]


def test_english_words_that_look_like_something_else(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("The\nthees\nbest\nwas\ndon't\nxyz1\n\nchoo\n", encoding="utf-8")
    derived = english.derive(words)
    assert derived == sorted(set(derived))
    assert set(derived) <= {"the", "thees", "best", "was", "choo"}
    assert derived, "some would be read as raw Telex"
