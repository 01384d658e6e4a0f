"""Packs read and checked once: `wordlists/packs.json`, so that a filter starts without parsing a megabyte of YAML.

`python -m contentfilter.training.packs` writes it anew after the word lists have changed. The file names the digest of what it was made
from; where that no longer fits, the packs themselves are read, so a forgotten refreeze costs time and never an answer.

The file is one JSON object: `format` (`FORMAT`), `digest` (SHA-256 over the names and bytes of the word lists, sorted by name), and
`allowed`, `lists`, `versions`, `rules` as in `WordLists`, each rule and term as the list of its fields.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

from contentfilter.categories import Category

from .schema import Rule, TermSpec, WordLists

FORMAT = "contentfilter-packs-1"
NAME = "packs.json"


def digest(folder: Path) -> str:
    """What the word lists of a folder are made of."""
    found = hashlib.sha256()
    for path in sorted((*folder.glob("*.yaml"), folder / "allow_compounds.txt")):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def freeze(lists: WordLists, made_of: str) -> str:
    """The text of a frozen file."""
    rules = [astuple(rule) for rule in lists.rules]
    frozen = {
        "format": FORMAT,
        "digest": made_of,
        "allowed": lists.allowed,
        "lists": lists.lists,
        "versions": lists.versions,
        "rules": rules,
    }
    return json.dumps(frozen, ensure_ascii=False, separators=(",", ":")).replace('],["', '],\n["') + "\n"


def shipped(folder: Path) -> WordLists:
    """The word lists of a folder, from its frozen file where that is up to date. Raises `PackError` as `load_word_lists`."""
    try:
        frozen = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        frozen = {}
    if frozen.get("format") != FORMAT or frozen.get("digest") != digest(folder):
        from .load import load_word_lists  # and with it PyYAML

        return load_word_lists(folder)
    return WordLists(
        rules=tuple(map(_rule, frozen["rules"])),
        allowed=tuple(frozen["allowed"]),
        lists=tuple((name, tuple(phrases)) for name, phrases in frozen["lists"]),
        versions=tuple((name, version) for name, version in frozen["versions"]),
    )


def _rule(fields: list[Any]) -> Rule:
    identity, categories, vi, en, severity, weight, origin, terms, match, passes = fields
    return Rule(
        identity,
        tuple(map(Category, categories)),
        vi,
        en,
        severity,
        weight,
        origin,
        tuple(TermSpec(text, number, toneless, tuple(needs), *rest) for text, number, toneless, needs, *rest in terms),
        tuple(match),
        tuple(passes),
    )
