"""`WordLists` → what the stages need: terms, the automaton, the vocabulary that decides which chunks are of interest."""

from __future__ import annotations

import string
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from contentfilter.categories import ABUSE
from contentfilter.data import data_folder
from contentfilter.errors import PackError
from contentfilter.match.conditions import Conditions
from contentfilter.match.keywords import SIGN, Company, Keywords, Term, Toneless
from contentfilter.match.patterns import Pattern, Patterns
from contentfilter.match.settle import company_of
from contentfilter.match.stage import Matchers
from contentfilter.match.verifier import Verifier
from contentfilter.normalize.alphabet import VOWELS, bare, untone
from contentfilter.normalize.diacritics import dropped_words
from contentfilter.normalize.entities import ENTITIES, UNITS, tokenize
from contentfilter.normalize.fold import fold
from contentfilter.normalize.recognisers import RECOGNISERS
from contentfilter.normalize.substrings import Substrings
from contentfilter.normalize.syllables import is_syllable
from contentfilter.normalize.vocabulary import ALWAYS, INNOCENCE, Vocabulary, paired_tokens

from .gates import Gates, categories_of, compile_gates
from .runs import Runs
from .schema import Condition, PatternSpec, Rule, TermSpec, WordLists
from .variants import variants
from .wildcards import expansions

_ADDRESS = "address"
_SPACED_PAIRS = "spaced_pairs"
_HIDDEN = "hidden"
_SPOONERISMS = "spoonerisms"
_EVERYDAY = 560
"""Occurrences in `syllable_counts.tsv` from which a syllable is taken for itself."""
_ALIASES = ("emoji", "encoding", "phonetic", "teencode")
_SPECIAL = ("abuse", "model")


@dataclass(frozen=True, slots=True)
class Rules:
    """Compiled rules. `rules[term.rule]` is the rule of a term."""

    rules: tuple[Rule, ...]
    matchers: Matchers
    vocabulary: Vocabulary


def canonical(phrase: str) -> str:
    """A phrase as it stands in a line: folded, its tokens with one space between. Entities are written `<phone>`."""
    return " ".join(filter(None, map(_canonical_part, phrase.split())))


@lru_cache(maxsize=1 << 14)  # packs say the same few thousand syllables over and over
def _canonical_part(part: str) -> str:
    return part if part in ENTITIES else " ".join([token for token, _, _ in tokenize(fold(part)[0].text)])


@cache
def _counts() -> dict[str, int]:
    """How often each token and each two neighbours stand in comments, for choosing what announces a term; see `training.counts`."""
    path = Path(data_folder("wordlists")) / "syllable_counts.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {syllable: int(count) for syllable, count in rows}


def everyday_words() -> list[str]:
    """Words that comments hold without diacritics as a matter of course: those that are counted at all."""
    return [token for token in _counts() if token.isascii() and " " not in token]


def compile_rules(lists: WordLists, heads: Sequence[str] | None = None) -> Rules:
    """Compile word lists; `heads` are those of the model that conditions may ask, None where no model is at hand.

    Raises `PackError` where a term or a need has no character that could match, or a condition can't be judged.
    """
    named = {name: tuple(map(canonical, phrases)) for name, phrases in lists.lists}
    for name in (_ADDRESS, _SPACED_PAIRS):
        if name not in named:
            raise PackError(f"lists.yaml: the list {name!r} is missing")
    companies: dict[tuple[str, ...], Company] = {}

    def company(needs: tuple[str, ...]) -> Company:
        if needs not in companies:
            companies[needs] = _company(needs, named)
        return companies[needs]

    plain = lists.plain
    innocent = dict.fromkeys(filter(None, [phrase if phrase in plain else canonical(phrase) for phrase in lists.allowed]))
    known = None if lists.digest else _shipped_rules()
    own = {number for number, rule in enumerate(lists.rules) if known is not None and rule.id not in known}
    gates = compile_gates(lists.rules, heads, partial(_rarity, named), own)
    parts = [(number, _part(condition, named)) for condition, number in gates.parts.items()]
    numbered = [(number, rule) for number, rule in enumerate(lists.rules) if rule.status != "off"] + parts
    terms = _with_twins([term for number, rule in numbered for term in _terms(number, rule, company, gates, number in own, plain)])
    terms += variants(terms, named.get(_SPOONERISMS, ()), innocent)
    patterns = [pattern for number, rule in numbered for pattern in _patterns(number, rule)]
    address = company_of(named[_ADDRESS], abuse=True, model=True)
    allowed = [Term(text, toneless="free") for text in innocent]
    keywords = Keywords((*terms, *allowed), everyday_words())
    return Rules(
        rules=lists.rules,
        matchers=Matchers(keywords, Patterns(patterns), Conditions(gates.gates, len(lists.rules)), address, Verifier(keywords, address)),
        vocabulary=lists.vocabulary or _vocabulary(terms, patterns, named),
    )


def _terms(
    number: int, rule: Rule, company: Callable[[tuple[str, ...]], Company], gates: Gates, own: bool, plain: Collection[str]
) -> Iterator[Term]:
    """The terms of a rule; those in `plain` stand in a line as they are written."""
    trial = rule.status == "trial"
    abuse = not ABUSE.isdisjoint(rule.categories)
    categories = categories_of(rule)
    anchor, sign = number in gates.anchors, number in gates.signs
    asked = number in gates.concerned or rule.status in ("trial", "part")
    for spec in rule.terms:
        needs = company(spec.needs) if spec.needs else None
        choosy = asked or spec.place != "whole" or not spec.disguised
        for text, check in _texts(rule, spec) if spec.text not in plain else ((spec.text, ""),):
            toneless: Toneless = "never" if text.isascii() else spec.toneless or ("free" if " " in text else "never")
            special = choosy or bool(check)
            abusive = abuse and spec.weight >= SIGN and not (asked or check)
            yield Term(
                text, number, spec.weight if categories else 0.0, toneless, needs, spec.within, spec.segment, categories, abusive,
                place=spec.place, disguised=spec.disguised, check=check, anchor=anchor, sign=sign, trial=trial,
                special=special, own=own,
            )  # fmt: skip


def _with_twins(terms: Sequence[Term]) -> list[Term]:
    """The terms; those that a rule lists without diacritics besides with them, with less weight or in company, say what they stand for."""
    plain = {(term.rule, term.text) for term in terms if term.text.isascii()}
    written = (((term.rule, bare(term.text)), term.text) for term in terms if not term.text.isascii())
    twins = {key: text for key, text in written if key in plain}
    return [
        replace(term, means=twin, undone=("toneless",)) if term.text.isascii() and (twin := twins.get((term.rule, term.text))) else term
        for term in terms
    ]


def _texts(rule: Rule, spec: TermSpec) -> Iterator[tuple[str, str]]:
    """The canonical texts that a term stands for, each with the recogniser that has the last word, if any."""
    if spec.text in RECOGNISERS:
        yield from ((canonical(base), spec.text) for base in RECOGNISERS[spec.text].bases)
        return
    for form in expansions(spec.text):
        text = canonical(form)
        if not text:
            raise PackError(f"rule {rule.id}: the term {spec.text!r} has no character that could match")
        yield spec.text if text == spec.text else text, ""  # one string, where many terms stand as they are written


def _patterns(number: int, rule: Rule) -> Iterator[Pattern]:
    for spec in rule.patterns:
        from .regexes import folded, required_literal  # few packs have patterns

        categories, trial = categories_of(rule), rule.status == "trial"
        term = Term(spec.pattern, number, rule.weight if categories else 0.0, categories=categories, regex=True, trial=trial, special=True)
        literal = canonical(spec.literal) if spec.literal else required_literal(spec.pattern)
        yield Pattern(folded(spec.pattern), bare(literal), term)


def _part(condition: Condition, named: Mapping[str, tuple[str, ...]]) -> Rule:
    """A part of a condition as a rule that weighs nothing."""
    phrases = named[condition.text] if condition.kind == "list" else (condition.text,) if condition.kind == "term" else ()
    patterns = (PatternSpec(condition.text, *(inner.text for inner in condition.of)),) if condition.kind == "regex" else ()
    terms = tuple(TermSpec(phrase, 0.0) for phrase in phrases)
    return Rule(condition.text, (), "", "", 0, 0.0, "", terms, patterns=patterns)


def _rarity(named: Mapping[str, tuple[str, ...]], condition: Condition) -> int:
    """How often a part of a condition stands in comments, roughly: as often as the rarest token of each of its terms."""
    return sum(
        min(_token(token, False).frequency if token[0] != "<" else _ENTITY_FREQUENCY for token in canonical(spec.text).split(" "))
        for spec in _part(condition, named).terms
    )


_ENTITY_FREQUENCY = 1000
"""Of an entity, against the counts of tokens: it is no rare thing in texts that conditions are for."""


def _company(needs: tuple[str, ...], named: dict[str, tuple[str, ...]]) -> Company:
    phrases: list[str] = []
    for need in needs:
        if need in named:
            phrases.extend(named[need])
        elif need not in _SPECIAL:
            phrases.append(canonical(need))
    if "" in phrases:
        raise PackError(f"needs {list(needs)}: a phrase has no character that could match")
    return company_of(list(dict.fromkeys(phrases)), abuse="abuse" in needs, model="model" in needs)


def _vocabulary(terms: Sequence[Term], patterns: Sequence[Pattern], named: dict[str, tuple[str, ...]]) -> Vocabulary:
    """What announces each term: itself where it is one token, else its two tokens, or the rarest three in a row.

    An entity has no form of its own in a text, so a term with one is announced by the entity, or by its other token. A term that is a
    part of a syllable, and a pattern, is announced by letters wherever they stand.
    """
    substrings = {_substring(term) for term in terms if term.place != "whole" and (term.telling or term.innocent)}
    substrings |= {pattern.literal for pattern in patterns}
    terms = [term for term in terms if term.place == "whole"]
    every = {(token, term.toneless != "never"): None for term in terms for token in term.text.split(" ")}
    known = {key: _token(*key) for key in every}
    tokens = {form for kind in known.values() if kind.telling for form in kind.forms}
    words: dict[str, int] = {}
    runs: dict[tuple[tuple[str, ...], bool], int] = {}
    signs: dict[tuple[tuple[str, ...], bool], int] = {}
    for term in terms:
        may_be_bare = term.toneless != "never"
        kinds = [known[token, may_be_bare] for token in term.text.split(" ")]
        if not any([kind.telling for kind in kinds]):
            tokens.update(form for kind in kinds for form in kind.forms)
        if term.telling:
            asks, announced = _kind(term.company) if term.company else ALWAYS, runs
        elif term.innocent:
            asks, announced = INNOCENCE, signs
        else:
            continue  # a sign counts only beside more than a sign, which is announced itself
        run = _rarest(kinds)
        if len(run) > 1:
            key = tuple([kind.forms[-1] for kind in run]), may_be_bare
            announced[key] = announced.get(key, 0) | asks
        else:
            for form in run[0].forms:
                words[form] = words.get(form, 0) | asks
    neighbours, innocent = Runs(runs), Runs(signs)
    return Vocabulary(
        tokens=frozenset(tokens),
        bare_tokens=frozenset(map(bare, tokens)),
        words=words,
        offers=_offers(term.company for term in terms if term.company),
        runs=neighbours,
        signs=innocent,
        paired=paired_tokens(neighbours),
        spaced_pairs=frozenset(named[_SPACED_PAIRS]),
        hidden=named.get(_HIDDEN, ()),
        hidden_bare=by_bare_form(named.get(_HIDDEN, ())),
        halves=_halves(named.get(_HIDDEN, ()), terms),
        aliases=_aliases(named),
        english=english(),
        dropped=dropped(),
        substrings=Substrings(substrings),
    )


def _rarest(kinds: Sequence[_Token]) -> Sequence[_Token]:
    """What of a term's tokens announces it: three in a row, two, or one."""
    couples = [couple for couple in pairwise(kinds) if couple[0].plain and couple[1].plain]
    if not couples:
        telling = [kind for kind in kinds if kind.telling]
        return [min(telling or kinds, key=lambda kind: kind.frequency)]
    rarities = [_frequency(couple) for couple in couples]
    if len(couples) == len(kinds) - 1 > 1:
        start = min(range(len(couples) - 1), key=lambda i: min(rarities[i], rarities[i + 1]))
        return kinds[start : start + 3]
    return couples[rarities.index(min(rarities))]


@cache
def english() -> frozenset[str]:
    """English words that could be read as something else; see `training.english`."""
    path = Path(data_folder("wordlists")) / "english.txt"
    return frozenset(line for line in path.read_text(encoding="ascii").splitlines() if not line.startswith("#"))


@cache
def _shipped_rules() -> frozenset[str]:
    from .freeze import shipped

    return frozenset(rule.id for rule in shipped(Path(data_folder("wordlists"))).rules)


@cache
def dropped() -> frozenset[str]:
    """Words that tell that a text may have lost its diacritics; an English one tells nothing."""
    return dropped_words() - english()


def by_bare_form(hidden: Iterable[str]) -> dict[str, str]:
    """Hidden words of three letters and more by their form without diacritics, the first of those that share one."""
    return {bare(word): word for word in reversed(tuple(hidden)) if len(word) > 2 and not word.isascii()}


def _halves(hidden: Iterable[str], terms: Iterable[Term]) -> frozenset[str]:
    """The parts into which one space cuts these words and those of abuse, but for what is often written by itself: of the hidden words
    everyday syllables, of all others whatever is counted, and what may be a syllable that lost its diacritics."""
    words = [word for word in hidden if any(letter in VOWELS for letter in untone(word))]
    abuse = {token for term in terms if term.abusive for token in term.text.split(" ") if token.isalpha()}
    known = {part for part in _parts(words) if not (is_syllable(part) and _counts().get(part, 0) >= _EVERYDAY)}
    others = {part for part in _parts(abuse.union(hidden)) if part not in _counts() and part not in UNITS}
    return frozenset(known.union(part for part in others if not (part.isascii() and is_syllable(part))))


def _parts(words: Iterable[str]) -> Iterator[str]:
    """Parts of two letters and more."""
    return (part for word in words for i in range(1, len(word)) for part in (word[:i], word[i:]) if len(part) > 1)


def _aliases(named: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, str]]:
    """Token → what it stands for, and the name of the list that says so."""
    rows = [(phrase.partition(" "), kind) for kind in _ALIASES for phrase in named.get(kind, ())]
    return {token: (meant, kind) for (token, _, meant), kind in rows}


def _substring(term: Term) -> str:
    """The token of a term that is a part of a syllable, with the borders that it has."""
    tokens = bare(term.text).split(" ")
    if term.place == "prefix":
        return f" {tokens[-1]}"
    if term.place == "suffix":
        return f"{tokens[0]} "
    return tokens[0] if len(tokens) == 1 else max(f"{tokens[0]} ", f" {tokens[-1]}", key=len)


def _frequency(couple: tuple[_Token, _Token]) -> tuple[int, int]:
    first, second = couple
    return _counts().get(f"{first.forms[-1]} {second.forms[-1]}", 0), first.frequency * second.frequency


@cache
def _kind(company: Company) -> int:
    """The bit of a kind of company; kinds share the bits, by their phrases."""
    return 1 << (zlib.crc32("".join((*sorted(company.words), *sorted(company.phrases))).encode()) % 60)


def _offers(companies: Iterable[Company]) -> dict[str, int]:
    """Token → the kinds of company that a phrase beginning with it can be."""
    offers: dict[str, int] = {}
    for company in set(companies):
        for token in (*company.words, *company.bare_words, *company.phrases, *company.bare_phrases):
            offers[token] = offers.get(token, 0) | _kind(company)
    return offers


class _Token(NamedTuple):
    """A token of a term, for choosing what announces the term."""

    forms: tuple[str, ...]
    """As it may be written: with its diacritics and, where allowed, bare."""
    frequency: int
    plain: bool
    """Is it letters and digits, so that it takes part in pairs?"""
    telling: bool
    """Is it more than digits or an ASCII mark?"""


@lru_cache(maxsize=1 << 14)
def _token(token: str, may_be_bare: bool) -> _Token:
    forms = tuple(sorted({token, bare(token)})) if may_be_bare else (token,)
    frequency = sum([_counts().get(form, 0) for form in forms])
    return _Token(forms, frequency, token[-1].isalnum(), not (token.isdigit() or token in string.punctuation))
