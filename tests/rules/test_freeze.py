"""The frozen packs are those of the word lists, and a stale file is never used."""

import json
import shutil
from pathlib import Path

from contentfilter.data import data_folder
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.freeze import NAME, digest, freeze, shipped
from contentfilter.rules.load import load_word_lists

FOLDER = data_folder("wordlists")


def test_the_frozen_file_is_up_to_date() -> None:
    frozen = json.loads((FOLDER / NAME).read_text(encoding="utf-8"))
    assert frozen["digest"] == digest(FOLDER), "run: python -m contentfilter.training.packs"


def test_frozen_equals_read(tmp_path: Path) -> None:
    lists = load_word_lists(FOLDER)
    copy = tmp_path / "wordlists"
    shutil.copytree(FOLDER, copy)
    vocabulary = compile_rules(lists).vocabulary
    assert shipped(FOLDER).vocabulary == vocabulary, "run: python -m contentfilter.training.packs"
    (copy / NAME).write_text(freeze(lists, digest(copy), vocabulary), encoding="utf-8")
    assert shipped(copy) == lists
    assert shipped(copy).vocabulary == vocabulary


def test_a_stale_or_broken_file_is_not_used(tmp_path: Path) -> None:
    copy = tmp_path / "wordlists"
    shutil.copytree(FOLDER, copy)
    allow = copy / "allow.yaml"
    allow.write_text(allow.read_text(encoding="utf-8") + '\n  - {phrase: "một câu mới", reason: "a test"}\n', encoding="utf-8")
    assert "một câu mới" in shipped(copy).allowed
    (copy / NAME).write_text("{", encoding="utf-8")
    assert "một câu mới" in shipped(copy).allowed
