"""`WordLists` → what the stages need: terms, the automaton, the vocabulary that decides which chunks are of interest."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from contentfilter.categories import ABUSE
from contentfilter.data import data_folder
from contentfilter.errors import PackError
from contentfilter.match.keywords import SIGN, Company, Keywords, Term, Toneless
from contentfilter.match.settle import company_of
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.entities import ENTITIES, tokenize
from contentfilter.normalize.fold import fold
from contentfilter.normalize.readings import Vocabulary

from .schema import Rule, TermSpec, WordLists

_ADDRESS = "address"
_SPACED_PAIRS = "spaced_pairs"
_SPECIAL = ("abuse", "model")


@dataclass(frozen=True, slots=True)
class Rules:
    """Compiled rules. `rules[term.rule]` is the rule of a term."""

    rules: tuple[Rule, ...]
    keywords: Keywords
    vocabulary: Vocabulary
    address: Company
    """Company for a term whose tones are missing, where its pack asks for any."""


def canonical(phrase: str) -> str:
    """A phrase as it stands in a line: folded, its tokens with one space between. Entities are written `<phone>`."""
    tokens: list[str] = []
    for part in phrase.split():
        if part in ENTITIES:
            tokens.append(part)
        else:
            tokens.extend(token for token, _, _ in tokenize(fold(part)[0].text))
    return " ".join(tokens)


@cache
def _counts() -> dict[str, int]:
    """How often each syllable stands in comments, for choosing the rarest as an anchor; see `training.counts`."""
    path = Path(data_folder("wordlists")) / "syllable_counts.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {syllable: int(count) for syllable, count in rows}


def compile_rules(lists: WordLists) -> Rules:
    """Compile word lists. Raises `PackError` where a term is empty or a need is unknown."""
    named = {name: tuple(map(canonical, phrases)) for name, phrases in lists.lists}
    for name in (_ADDRESS, _SPACED_PAIRS):
        if name not in named:
            raise PackError(f"lists.yaml: the list {name!r} is missing")
    companies: dict[tuple[str, ...], Company] = {}

    def company(needs: tuple[str, ...]) -> Company:
        if needs not in companies:
            companies[needs] = _company(needs, named)
        return companies[needs]

    terms = [_term(spec, number, rule, company) for number, rule in enumerate(lists.rules) for spec in rule.terms]
    allowed = [Term(text, toneless="free") for text in dict.fromkeys(map(canonical, lists.allowed)) if text]
    return Rules(
        rules=lists.rules,
        keywords=Keywords((*terms, *allowed)),
        vocabulary=_vocabulary(terms, frozenset(named[_SPACED_PAIRS])),
        address=company_of(named[_ADDRESS], abuse=True, model=True),
    )


def _term(spec: TermSpec, number: int, rule: Rule, company: Callable[[tuple[str, ...]], Company]) -> Term:
    text = canonical(spec.text)
    if not text:
        raise PackError(f"rule {rule.id}: the term {spec.text!r} has no character that could match")
    toneless: Toneless = spec.toneless or ("free" if " " in text else "never")
    return Term(
        text=text,
        rule=number,
        weight=spec.weight,
        toneless="never" if text.isascii() else toneless,
        company=company(spec.needs) if spec.needs else None,
        within=spec.within,
        segment=spec.segment,
        categories=tuple(map(str, rule.categories)),
        abusive=rule.weight > 0 and not ABUSE.isdisjoint(rule.categories),
    )


def _company(needs: tuple[str, ...], named: dict[str, tuple[str, ...]]) -> Company:
    phrases: list[str] = []
    for need in needs:
        if need in named:
            phrases.extend(named[need])
        elif need not in _SPECIAL:
            phrases.append(canonical(need))
    return company_of(list(dict.fromkeys(phrases)), abuse="abuse" in needs, model="model" in needs)


def _vocabulary(terms: Iterable[Term], spaced_pairs: frozenset[str]) -> Vocabulary:
    """What announces each term: itself where it is one token, else its rarest two neighbouring tokens.

    An entity has no form of its own in a text, so a term with one is announced by the entity, or by its other token.
    """
    counts = _counts()
    tokens: set[str] = set()
    words: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for term in terms:
        forms = [{token, bare(token)} if term.toneless != "never" else {token} for token in term.text.split(" ")]
        telling = [form for form in forms if not all(token.isdigit() or token in string.punctuation for token in form)]
        tokens.update(*(telling or forms))
        if term.weight < SIGN:
            continue  # a sign counts only beside more than a sign, which is announced itself
        frequency = [sum(counts.get(token, 0) for token in form) for form in forms]
        plain = [i for i in range(len(forms) - 1) if all(token[-1].isalnum() for form in forms[i : i + 2] for token in form)]
        if plain:
            rarest = min(plain, key=lambda i: (frequency[i] + 1) * (frequency[i + 1] + 1))
            pairs.update(product(forms[rarest], forms[rarest + 1]))
        else:
            words |= forms[min(range(len(forms)), key=frequency.__getitem__)]
    return Vocabulary(frozenset(tokens), frozenset(map(bare, tokens)), frozenset(words), frozenset(pairs), spaced_pairs)
