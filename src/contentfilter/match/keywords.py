"""Terms, and the automaton that finds them.

The automaton knows each term without diacritics and runs over bare lines; what it finds is then compared with the line as
it stands, syllable by syllable. So one pass finds a term in all its tiers, and "các" is never taken for "cac" spelled out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import ahocorasick

from contentfilter.categories import Category
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.syllables import is_syllable

SIGN = 2.0
"""A term of less weight is a sign: it speaks only beside a match of its own category that is more than a sign."""

Toneless = Literal["never", "company", "free"]


@dataclass(frozen=True, slots=True)
class Company:
    """What must stand near an ambiguous term: any one of these."""

    phrases: tuple[str, ...] = ()
    """Each with a space on both sides, as in a line."""
    bare_phrases: tuple[str, ...] = ()
    """The same without diacritics, for surroundings written without them."""
    abuse: bool = False
    model: bool = False


class Term(NamedTuple):
    """A word or phrase of a rule, or an innocent phrase (`rule` None).

    `text` is folded, with its tones, one space between syllables.
    """

    text: str
    rule: int | None = None
    weight: float = 0.0
    toneless: Toneless = "never"
    company: Company | None = None
    within: int = 5
    segment: bool = False
    categories: tuple[Category, ...] = ()
    """Those of its rule: terms compete for a place only within a category."""
    abusive: bool = False
    """May it be company for an ambiguous term nearby?"""


class Candidate(NamedTuple):
    """Where a term stands in a line, before anything is settled. `start`, `end` are half-open in the line's text."""

    term: Term
    line: int
    start: int
    end: int
    missing: int
    """Syllables written without any of the diacritics that the term has."""
    exact: bool
    """Is the line's text the term's, letter by letter?"""


Found = tuple[int, int, tuple[Term, ...]]
"""A span of a bare line, and the terms that look so without diacritics."""


class Keywords:
    """An Aho-Corasick automaton over terms; immutable once built."""

    def __init__(self, terms: Iterable[Term]) -> None:
        by_key: dict[str, list[Term]] = {}
        for term in terms:
            by_key.setdefault(f" {bare(term.text)} ", []).append(term)
        self._automaton = ahocorasick.Automaton()
        for key, group in by_key.items():
            telling = any(term.rule is not None and term.weight >= SIGN for term in group)
            self._automaton.add_word(key, (len(key), tuple(group), telling))
        self._automaton.make_automaton()
        self._empty = not by_key

    def find(self, lines: Sequence[str], lone_signs: bool = False) -> list[list[Found]]:
        """What may stand in each of the bare lines, in one pass over all of them; nothing where all that does are signs,
        unless `lone_signs`.

        Each line begins and ends with a space, as each key does, so that nothing is found across two lines.
        """
        found: list[list[Found]] = [[] for _ in lines]
        if self._empty or not lines:
            return found
        told = [lone_signs] * len(lines)
        place, low, high = 0, 0, len(lines[0]) + 1
        for last, (length, terms, telling) in self._automaton.iter("\n".join(lines)):
            while last >= high:
                place += 1
                low, high = high, high + len(lines[place]) + 1
            end = last - low
            found[place].append((end - length + 2, end, terms))
            told[place] |= telling
        return [spans if tells else [] for spans, tells in zip(found, told, strict=True)]


def verify(number: int, line: str, found: Sequence[Found]) -> list[Candidate]:
    """What of the findings in a line holds against it with its diacritics."""
    candidates: list[Candidate] = []
    for start, end, terms in found:
        written = line[start:end]
        for term in terms:
            if written == term.text:
                candidates.append(Candidate(term, number, start, end, 0, True))
            elif term.toneless != "never" or not written.isascii():
                missing = missing_diacritics(written, term.text)
                if missing == 0 or (missing and term.toneless != "never"):
                    candidates.append(Candidate(term, number, start, end, missing, False))
    return candidates


@lru_cache(maxsize=1 << 14)
def missing_diacritics(written: str, term: str) -> int | None:
    """How many syllables of the term are written without any diacritics; None if one is another syllable.

    A syllable that is a word as it stands, "các" or "đeo", is itself and nothing else. "đit" is no syllable and has lost
    only some of what "địt" has: it counts as written.
    """
    missing = 0
    for syllable, meant in zip(written.split(" "), term.split(" "), strict=True):
        if syllable == meant:
            continue
        if syllable.isascii():
            missing += 1
        elif is_syllable(syllable) or not _is_part(syllable, meant):
            return None
    return missing


def _is_part(syllable: str, meant: str) -> bool:
    """Has each letter the diacritics that the term's has, or none?"""
    return all(letter in (other, bare(other)) for letter, other in zip(syllable, meant, strict=True))
