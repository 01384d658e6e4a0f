"""Packs read and checked once: `wordlists/packs.json`, so that a filter starts without parsing a megabyte of YAML.

`python -m contentfilter.training.packs` writes it anew after the word lists have changed. The file names the digest of what it was made
from; where that no longer fits, the packs themselves are read, so a forgotten refreeze costs time. The vocabulary depends on the
code and on `syllable_counts.tsv` too: refreeze after changes there; a test compares the two.

The file is one JSON object: `format` (`FORMAT`), `digest` (SHA-256 over the names and bytes of the word lists, sorted by name), and
`allowed`, `lists`, `versions`, `rules` as in `WordLists`, each rule and term as the list of its fields, a term's needs as their index in
`needs`; and `vocabulary`, what compiling them gives: `tokens`, `words`, `offers`, `runs`, `spaced_pairs`, `hidden`, `halves`, `aliases`
as in `Vocabulary`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

from contentfilter.categories import Category
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.vocabulary import Vocabulary, paired_tokens

from .compile import by_bare_form, english
from .schema import Rule, TermSpec, WordLists

FORMAT = "contentfilter-packs-4"
NAME = "packs.json"


def digest(folder: Path) -> str:
    """What the word lists of a folder are made of."""
    found = hashlib.sha256()
    for path in sorted((*folder.glob("*.yaml"), folder / "allow_compounds.txt")):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def freeze(lists: WordLists, made_of: str, vocabulary: Vocabulary) -> str:
    """The text of a frozen file."""
    needs: dict[tuple[str, ...], int] = {}
    rules = []
    for rule in lists.rules:
        *fields, terms, match, passes = astuple(rule)
        numbered = [(text, weight, toneless, needs.setdefault(need, len(needs)), *rest) for text, weight, toneless, need, *rest in terms]
        rules.append((*fields, numbered, match, passes))
    frozen = {
        "format": FORMAT,
        "digest": made_of,
        "allowed": lists.allowed,
        "lists": lists.lists,
        "versions": lists.versions,
        "rules": rules,
        "needs": list(needs),
        "vocabulary": {
            "tokens": sorted(vocabulary.tokens),
            "words": dict(sorted(vocabulary.words.items())),
            "offers": dict(sorted(vocabulary.offers.items())),
            "runs": sorted(vocabulary.runs),
            "spaced_pairs": sorted(vocabulary.spaced_pairs),
            "hidden": vocabulary.hidden,
            "halves": sorted(vocabulary.halves),
            "aliases": dict(sorted(vocabulary.aliases.items())),
        },
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
    needs = [tuple(need) for need in frozen["needs"]]
    return WordLists(
        rules=tuple(_rule(fields, needs) for fields in frozen["rules"]),
        allowed=tuple(frozen["allowed"]),
        lists=tuple((name, tuple(phrases)) for name, phrases in frozen["lists"]),
        versions=tuple((name, version) for name, version in frozen["versions"]),
        vocabulary=_vocabulary(frozen["vocabulary"]),
        digest=frozen["digest"],
    )


def _rule(fields: list[Any], needs: list[tuple[str, ...]]) -> Rule:
    identity, categories, vi, en, severity, weight, origin, terms, match, passes = fields
    return Rule(
        identity,
        tuple(map(Category, categories)),
        vi,
        en,
        severity,
        weight,
        origin,
        tuple([TermSpec(text, number, toneless, needs[need], *rest) for text, number, toneless, need, *rest in terms]),
        tuple(match),
        tuple(passes),
    )


def _vocabulary(fields: dict[str, Any]) -> Vocabulary:
    runs = tuple([(tuple(run), may_be_bare, asks) for run, may_be_bare, asks in fields["runs"]])
    return Vocabulary(
        tokens=frozenset(fields["tokens"]),
        bare_tokens=frozenset(map(bare, fields["tokens"])),
        words=fields["words"],
        offers=fields["offers"],
        runs=runs,
        paired=paired_tokens(runs),
        spaced_pairs=frozenset(fields["spaced_pairs"]),
        hidden=tuple(fields["hidden"]),
        hidden_bare=by_bare_form(fields["hidden"]),
        halves=frozenset(fields["halves"]),
        english=english(),
        aliases={token: (meant, kind) for token, (meant, kind) in fields["aliases"].items()},
    )
