"""Packs read and checked once: `wordlists/packs.json`, so that a filter starts without parsing a megabyte of YAML.

`python -m contentfilter.training.packs` writes it anew after the word lists have changed. The file names the digest of what it was made
from; where that no longer fits, the packs themselves are read, so a forgotten refreeze costs time. The vocabulary depends on the
code and on `syllable_counts.tsv` too: refreeze after changes there; a test compares the two.

The file is one JSON object: `format` (`FORMAT`), `digest` (SHA-256 over the names and bytes of the word lists, sorted by name), and
`allowed`, `lists`, `versions`, `rules` as in `WordLists`, each rule and term as the list of its fields without the usual ones at the
end, a term's needs as their index in `needs`; `odd`, the terms and innocent phrases that are no `plain` ones in `WordLists`; and
`vocabulary`, what compiling them gives: `tokens`, `words`, `offers`, `runs`, `signs`, `spaced_pairs`, `hidden`, `halves`,
`aliases`, `substrings` as in `Vocabulary`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from contentfilter.categories import Category
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.recognisers import RECOGNISERS
from contentfilter.normalize.substrings import Substrings
from contentfilter.normalize.vocabulary import Vocabulary, paired_tokens

from .compile import by_bare_form, canonical, dropped, english
from .schema import Condition, PatternSpec, Rule, TermSpec, WordLists
from .wildcards import expansions

FORMAT = "contentfilter-packs-9"
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
        *plain, terms, match, passes, status, patterns, when, vi, en = (getattr(rule, field.name) for field in fields(Rule))
        numbered = [
            (text, weight, toneless, needs.setdefault(need, len(needs)), *_without_usual(rest, _USUAL_TERM))
            for text, weight, toneless, need, *rest in terms
        ]
        rules.append((*plain, numbered, match, passes, *_without_usual((status, patterns, when, vi, en), _USUAL_RULE)))
    frozen = {
        "format": FORMAT,
        "digest": made_of,
        "allowed": lists.allowed,
        "lists": lists.lists,
        "versions": lists.versions,
        "rules": rules,
        "needs": list(needs),
        "odd": sorted(phrase for phrase in _phrases(lists) if not _is_plain(phrase)),
        "vocabulary": {
            "tokens": sorted(vocabulary.tokens),
            "words": dict(sorted(vocabulary.words.items())),
            "offers": dict(sorted(vocabulary.offers.items())),
            "runs": sorted(vocabulary.runs),
            "signs": sorted(vocabulary.signs),
            "spaced_pairs": sorted(vocabulary.spaced_pairs),
            "hidden": vocabulary.hidden,
            "halves": sorted(vocabulary.halves),
            "aliases": dict(sorted(vocabulary.aliases.items())),
            "substrings": sorted(vocabulary.substrings.strings),
        },
    }
    return json.dumps(frozen, ensure_ascii=False, separators=(",", ":")).replace('],["', '],\n["') + "\n"


_USUAL_TERM = tuple(TermSpec._field_defaults.values())[2:]
_USUAL_RULE: tuple[Any, ...] = ("active", (), None, "", "")


def _without_usual(values: Sequence[Any], usual: Sequence[Any]) -> Sequence[Any]:
    """The values but for those at the end that are the usual ones."""
    count = len(values)
    while count and values[count - 1] == usual[count - 1]:
        count -= 1
    return values[:count]


def shipped(folder: Path) -> WordLists:
    """The word lists of a folder, from its frozen file where that is up to date. Raises `PackError` as `load_word_lists`."""
    try:
        lists = thaw((folder / NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        lists = None
    if lists is None or lists.digest != digest(folder):
        from .load import load_word_lists  # and with it PyYAML

        return load_word_lists(folder)
    return lists


def thaw(text: str) -> WordLists | None:
    """The word lists of a frozen file, its digest among them; None where it has another format. Raises `ValueError` for no JSON."""
    frozen = json.loads(text)
    if frozen.get("format") != FORMAT:
        return None
    needs = [tuple(need) for need in frozen["needs"]]
    lists = WordLists(
        rules=tuple(_rule(fields, needs) for fields in frozen["rules"]),
        allowed=tuple(frozen["allowed"]),
        lists=tuple((name, tuple(phrases)) for name, phrases in frozen["lists"]),
        versions=tuple((name, version) for name, version in frozen["versions"]),
        vocabulary=_vocabulary(frozen["vocabulary"]),
        digest=frozen["digest"],
    )
    return replace(lists, plain=_phrases(lists).difference(frozen["odd"]))


def _is_plain(phrase: str) -> bool:
    return phrase not in RECOGNISERS and tuple(expansions(phrase)) == (phrase,) and canonical(phrase) == phrase


def _phrases(lists: WordLists) -> frozenset[str]:
    """What the rules' terms and the innocent phrases are written as."""
    return frozenset([*lists.allowed, *[term.text for rule in lists.rules for term in rule.terms]])


def _rule(values: list[Any], needs: list[tuple[str, ...]]) -> Rule:
    identity, categories, vi, en, severity, weight, origin, terms, match, passes, *rest = values
    status, patterns, when, support_vi, support_en = [*rest, *_USUAL_RULE[len(rest) :]]
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
        status,
        tuple([PatternSpec(*pattern) for pattern in patterns]),
        _condition(when) if when is not None else None,
        support_vi,
        support_en,
    )


def _condition(values: list[Any]) -> Condition:
    kind, of, *rest = values
    return Condition(kind, tuple(map(_condition, of)), *rest)


def _vocabulary(values: dict[str, Any]) -> Vocabulary:
    runs, signs = [tuple([(tuple(run), may_be_bare, asks) for run, may_be_bare, asks in values[name]]) for name in ("runs", "signs")]
    return Vocabulary(
        tokens=frozenset(values["tokens"]),
        bare_tokens=frozenset(map(bare, values["tokens"])),
        words=values["words"],
        offers=values["offers"],
        runs=runs,
        signs=signs,
        paired=paired_tokens(runs),
        spaced_pairs=frozenset(values["spaced_pairs"]),
        hidden=tuple(values["hidden"]),
        hidden_bare=by_bare_form(values["hidden"]),
        halves=frozenset(values["halves"]),
        english=english(),
        dropped=dropped(),
        aliases={token: (meant, kind) for token, (meant, kind) in values["aliases"].items()},
        substrings=Substrings(values["substrings"]),
    )
