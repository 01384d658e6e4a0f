"""The chunks analysed beforehand are as the analysis says today, and a file of other packs or another model is never used."""

from __future__ import annotations

from pathlib import Path

import pytest

from contentfilter import ContentFilter
from contentfilter.data import data_folder, shipped_model
from contentfilter.model.store import load as load_model
from contentfilter.rules.freeze import shipped
from contentfilter.seed import NAME, load, save

PATH = data_folder("models") / NAME
PACKS, MODEL = shipped(data_folder("wordlists")).digest, load_model(shipped_model()).digest


def test_the_file_is_up_to_date() -> None:
    assert load(PATH, PACKS, MODEL), "run: python -m contentfilter.training.seed"


def test_what_was_worked_out_beforehand_is_what_the_analysis_says() -> None:
    seed = load(PATH, PACKS, MODEL)
    assert seed
    analyser = ContentFilter()._reader.table._analyser
    assert (analyser.rows([analyser.analyse(chunk) for chunk in seed[0]]) == seed[1]).all(), "run: python -m contentfilter.training.seed"


def test_a_seeded_filter_analyses_nothing_that_it_knows(shipped: ContentFilter) -> None:
    made = ContentFilter()
    seed = load(PATH, PACKS, MODEL)
    assert seed
    before = len(made._reader.table)
    text = " ".join(seed[0][:50])
    assert made.classify(text) == shipped.classify(text)
    assert len(made._reader.table) == before


def test_own_words_leave_the_seed_unused() -> None:
    assert len(ContentFilter().with_terms("insult", ["đồ bẹp dí"])._reader.table) == 0


@pytest.mark.parametrize(("packs", "model"), [("other", MODEL), (PACKS, "other"), ("", "")])
def test_a_file_of_something_else_is_not_used(packs: str, model: str) -> None:
    assert load(PATH, packs, model) is None


@pytest.mark.parametrize("content", [None, b"", b"no safetensors"])
def test_a_missing_or_broken_file_is_not_used(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / NAME).write_bytes(content)
    assert load(tmp_path / NAME, PACKS, MODEL) is None


def test_saved_equals_read(tmp_path: Path) -> None:
    seed = load(PATH, PACKS, MODEL)
    assert seed
    save(tmp_path / NAME, seed, "one", "other")
    again = load(tmp_path / NAME, "one", "other")
    assert again
    assert again[0] == seed[0]
    assert (again[1] == seed[1]).all()
    assert load(tmp_path / NAME, PACKS, MODEL) is None
