"""The page about rules has an example of every key, and its packs keep their own promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import texts

from contentfilter import ContentFilter
from contentfilter.normalize.recognisers import RECOGNISERS
from contentfilter.rules.check import faults
from contentfilter.rules.json_schema import json_schema
from contentfilter.rules.load import load_pack
from contentfilter.rules.selftest import failures

PAGE = (texts.CASES.parent.parent / "docs" / "rules.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```yaml\n# ([\w.]+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
PACKS = ("shop.yaml", "terms.yaml", "conditions.yaml")


def keys(schema: Any) -> Iterator[str]:
    """Every key that a JSON Schema names."""
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        for inner in schema.values():
            yield from keys(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from keys(inner)


@pytest.mark.parametrize(("part", "example"), [("else", "weight"), ("$defs", "literal"), ("then", "thresholds")])
def test_every_key_has_an_example(part: str, example: str) -> None:
    every = set(keys(json_schema()[part]))
    shown = "".join(FILES[name] for name in (*PACKS, "site.yaml"))
    assert example in every
    assert [key for key in sorted(every) if not re.search(rf"\b{key}( too|:)", shown)] == []


def test_every_entity_is_told() -> None:
    assert [entity for entity in RECOGNISERS if f"`{entity}`" not in PAGE] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_its_packs_are_right(folder: Path, shipped: ContentFilter) -> None:
    paths = [folder / name for name in (*PACKS, "site.yaml")]
    assert faults(paths, shipped._state[1], ("toxic", "hate")) == []
    contentfilter = ContentFilter(packs=paths[:3])
    own = [rule for path in paths[:3] for rule in load_pack(path, ("address",)).rules]
    wrong, checked = failures(own, contentfilter.matching_rules)
    assert wrong == []
    assert checked >= 2 * len(own)
