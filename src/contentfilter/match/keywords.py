"""Terms, and the automaton that finds them.

The automaton knows each term without diacritics and runs over bare lines; what it finds is then compared with the line as
it stands, syllable by syllable. So one pass finds a term in all its tiers, and "các" is never taken for "cac" spelled out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, Literal, NamedTuple, final

from contentfilter.categories import Category
from contentfilter.normalize.alphabet import bare, fits
from contentfilter.normalize.syllables import is_syllable

from .automaton import Spot, new_automaton

SIGN: Final = 2.0
"""A term of less weight is a sign: it speaks only beside a match of its own category that is more than a sign."""

Toneless = Literal["never", "among", "company", "free"]
"""May a term match where its tones are missing? Each tier also allows what the one before it does: among syllables that have theirs, so
that its own were left out; in text without tones too, beside company; anywhere."""
Place = Literal["whole", "prefix", "suffix", "inside"]
"""Is a term whole syllables, or the beginning, the end, or any part of one?"""


@final
class Surroundings:
    """What stands near a term, each side with its spaces, and the words of both."""

    __slots__ = ("after", "before", "near")

    def __init__(self, before: str, after: str) -> None:
        self.before = before
        self.after = after
        self.near = (before + after).split(" ")  # and nothing, where a space is at an end


@dataclass(frozen=True, slots=True, eq=False)
class Company:
    """What must stand near an ambiguous term: any one of these.

    Words and phrases are folded; the bare ones are the same without diacritics, for surroundings written without them. A
    phrase is more than one word, has a space on both sides, as in a line, and is found by its first word.
    """

    words: frozenset[str] = frozenset()
    phrases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    bare_words: frozenset[str] = frozenset()
    bare_phrases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tokens: frozenset[str] = frozenset()
    """All words, and the first ones of all phrases, in both forms."""
    abuse: bool = False
    """Is abuse nearby company too, that needs none itself?"""
    model: bool = False
    """Is the model's verdict on the whole text?"""

    def stands(self, around: Surroundings) -> bool:
        """Is one of the words or phrases in what stands before or after a term?"""
        if self.tokens.isdisjoint(around.near):
            return False  # most often
        if _holds(self.words, self.phrases, around):
            return True
        return around.before.isascii() and around.after.isascii() and _holds(self.bare_words, self.bare_phrases, around)


def _holds(words: frozenset[str], phrases: Mapping[str, Sequence[str]], around: Surroundings) -> bool:
    if not words.isdisjoint(around.near):
        return True
    return any([phrase in around.before or phrase in around.after for word in around.near for phrase in phrases.get(word, ())])


@dataclass(unsafe_hash=True)
class Term:
    """A word or phrase of a rule, or an innocent phrase (`rule` None); never changed.

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
    """May it be company for an ambiguous term nearby? A sign may not: it does not say that a text is to be matched at all."""
    means: str = ""
    """The term that it was made from, for one that was made by rule."""
    undone: tuple[str, ...] = ()
    """The disguise that it is, then."""
    place: Place = "whole"
    disguised: bool = True
    """May it be found where a disguise was undone by guess?"""
    regex: bool = False
    """Is it a pattern's, found otherwise?"""
    check: str = ""
    """The recogniser that has the last word, if any."""
    anchor: bool = False
    """Hangs a condition on it, so that texts are looked at for its sake, whatever its weight?"""
    sign: bool = False
    """Hangs the condition of a sign of innocence on it?"""
    trial: bool = False
    """Is its rule only watched?"""
    own: bool = False
    """Is it of no shipped rule? Then it is looked for as its author has it, however seldom people write so."""
    special: bool = False
    """Has it any of the above, or a condition, or no category, so that more is asked before it counts?"""

    @property
    def telling(self) -> bool:
        """Is a text looked at for its sake?"""
        return self.weight >= SIGN or self.anchor

    @property
    def innocent(self) -> bool:
        """Is it, or makes it, a sign of innocence?"""
        return self.weight < 0 or self.sign

    def is_like(self, other: Term) -> bool:
        """Differs it from another in its text alone?"""
        return (
            (self.rule, self.weight, self.toneless, self.within, self.segment) == (
                other.rule, other.weight, other.toneless, other.within, other.segment
            )
            and self.company is other.company
            and (self.categories, self.abusive, self.means, self.undone) == (other.categories, other.abusive, other.means, other.undone)
            and (self.place, self.disguised, self.regex, self.check) == (other.place, other.disguised, other.regex, other.check)
            and (self.anchor, self.sign, self.trial) == (other.anchor, other.sign, other.trial)
            and (self.own, self.special) == (other.own, other.special)
        )  # fmt: skip


class Held(NamedTuple):
    """A term that holds against what is written."""

    term: Term
    missing: int
    """Syllables written without any of the diacritics that the term has."""
    steps: tuple[str, ...]
    """What tells it from the line's text: nothing, or missing diacritics."""
    dropped: bool = False
    """Is one of those syllables no everyday word as it stands, so that somebody left its diacritics out?"""


class Keywords:
    """An Aho-Corasick automaton over terms; immutable once built, but for what it remembers of tones."""

    def __init__(self, terms: Iterable[Term], everyday: Collection[str] = ()) -> None:
        """`everyday` are words that people write without diacritics as a matter of course, "cho" and "may": one that stands for a term's
        syllable is no sign that its diacritics were left out."""
        self._everyday = frozenset(everyday)
        self._texts: list[str] = []
        self._kinds: list[Term] = []
        self._groups: dict[int, tuple[Term, ...]] = {}
        """By number: the terms that look alike, where there are several or a text asked for them. What stands alone is remembered by its
        text and by a term that differs from it in nothing else: of a million terms few ever match, and most are of one kind."""
        telling, innocent = bytearray(), bytearray()
        numbers: dict[str, int] = {}
        kind = Term("")
        for term in terms:
            number = numbers.setdefault(_key(term), len(numbers))
            tells, is_innocent = int(term.rule is not None and term.telling), int(term.innocent)
            if number < len(self._texts):
                self._groups[number] = (*self.group(number), term)
                telling[number] |= tells
                innocent[number] |= is_innocent
                continue
            if not term.is_like(kind):
                kind = term
            self._kinds.append(kind)
            self._texts.append(term.text)
            telling.append(tells)
            innocent.append(is_innocent)
        self.telling = bytes(telling)
        """By number: is a text looked at for the sake of any of its terms?"""
        self.innocent = bytes(innocent)
        """By number: is any of its terms a sign of innocence, or a part of one?"""
        self.automaton = new_automaton(list(numbers))
        self.held = lru_cache(maxsize=1 << 14)(self._held)

    def group(self, number: int) -> tuple[Term, ...]:
        """The terms that look so without diacritics."""
        found = self._groups.get(number)
        if found is None:
            found = self._groups.setdefault(number, (replace(self._kinds[number], text=self._texts[number]),))
        return found

    @property
    def groups(self) -> Iterator[tuple[Term, ...]]:
        """All terms, those that look alike together."""
        return map(self.group, range(len(self._texts)))

    def find(self, lines: Sequence[str], lone_signs: bool = False, suspected: Iterable[int] = ()) -> list[list[Spot]]:
        """What may stand in each of the bare lines, in one pass over all of them; nothing where all that does are signs,
        unless `lone_signs`, or the line is one of those `suspected`, by number.

        Each line begins and ends with a space, as each key does, so that nothing is found across two lines.
        """
        found: list[list[Spot]] = [[] for _ in lines]
        if not self._texts or not lines:
            return found
        told = [lone_signs] * len(lines)
        for line in suspected:
            told[line] = True
        place, low, high = 0, 0, len(lines[0]) + 1
        telling = self.telling
        for start, end, number in self.automaton.spots("\n".join(lines)):
            while end > high:
                place += 1
                low, high = high, high + len(lines[place]) + 1
            found[place].append((start - low, end - low, number))
            if telling[number]:
                told[place] = True
        return [spans if tells else [] for spans, tells in zip(found, told, strict=True)]

    def _held(self, number: int, written: str) -> tuple[tuple[Held, ...], bool]:
        """What of a group of terms holds against the text with its diacritics: the terms of rules, and whether an allowed
        phrase does."""
        rules: list[Held] = []
        allowed = False
        for term in self.group(number):
            missing = missing_diacritics(written, term.text)
            if missing is None or (missing and term.toneless == "never"):
                continue
            dropped = missing > 0 and self._has_dropped(written, term.text)
            if missing and term.toneless == "among" and not dropped:
                continue
            if term.rule is None:
                allowed = True
            else:
                rules.append(Held(term, missing, term.undone if written == term.text else (*term.undone, "toneless"), dropped))
        return tuple(rules), allowed

    def _has_dropped(self, written: str, meant: str) -> bool:
        pairs = zip(written.split(" "), meant.split(" "), strict=True)
        return any([syllable != own and syllable.isascii() and syllable not in self._everyday for syllable, own in pairs])


def _key(term: Term) -> str:
    """What stands in a bare line for a term."""
    before = " " if term.place in ("whole", "prefix") else ""
    behind = " " if term.place in ("whole", "suffix") else ""
    return f"{before}{bare(term.text)}{behind}"


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
        elif is_syllable(syllable) or not fits(syllable, meant):
            return None
    return missing
