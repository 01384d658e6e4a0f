"""The schema that editors go by says the same as the reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import texts
import yaml
from jsonschema import Draft202012Validator
from written import rule, write

from contentfilter.data import data_folder
from contentfilter.rules.json_schema import json_schema
from contentfilter.rules.load import PACKS

VALIDATOR = Draft202012Validator(json_schema())
BROKEN = sorted(path for path in (texts.CASES / "packs").glob("*.yaml") if path.stem in ("unknown_keys", "missing_keys", "wrong_shapes"))


def value(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", PACKS)
def test_the_shipped_packs_fit(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(value(data_folder("wordlists") / f"{name}.yaml"))] == []


def test_conditions_fit(tmp_path: Path) -> None:
    keys = "when: {all: [x, {near: {of: [a, {any: [b]}], within: 3}}, {not: {list: banks}}, {regex: abc}, {capitals: {least: 0.5}}]}"
    assert list(VALIDATOR.iter_errors(value(write(tmp_path, rule(keys))))) == []
    assert list(VALIDATOR.iter_errors(value(write(tmp_path, rule(keys.replace("within", "wihtin"))))))
    assert list(VALIDATOR.iter_errors(value(write(tmp_path, rule(keys.replace("of: [a,", "of: [a, c, d, e, f, g,"))))))


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_what_the_reader_refuses_does_not_fit(path: Path) -> None:
    assert not VALIDATOR.is_valid(value(path))


@pytest.mark.parametrize(
    ("keys", "fits"), [("weights: {insult.stupid: 2}", True), ("weights: {insult.stupid: 20}", False), ("wieghts: {}", False)]
)
def test_overlays(keys: str, fits: bool) -> None:
    assert VALIDATOR.is_valid(yaml.safe_load(f"overlay: site\nversion: '1'\n{keys}\n")) is fits


@pytest.mark.parametrize(("identity", "fits"), [("scam.parcel_2", True), ("Scam.parcel", False), ("scam parcel", False), ("scam.", False)])
def test_an_id_has_the_reader_s_form(tmp_path: Path, identity: str, fits: bool) -> None:
    assert VALIDATOR.is_valid(value(write(tmp_path, rule("terms: [hồ lô]", identity)))) is fits
