"""What a pack holds, as frozen values. `docs/rules.md` tells it in prose, `format.py` key by key."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, overload

from contentfilter.categories import Category
from contentfilter.match.keywords import Place, Toneless
from contentfilter.normalize.vocabulary import Vocabulary

OWN_WEIGHT: Final = 5.0
"""Of a term that a site adds to a category: it flags alone."""
_OWN_SEVERITY: Final = 2

Status = Literal["active", "trial", "part", "off"]
"""`trial`: matched and reported, never acting. `part`: only feeds the conditions of others. `off`: not looked for."""


class TermSpec(NamedTuple):
    """A term as written in a pack, the rule's defaults filled in."""

    text: str
    weight: float
    toneless: Toneless | None = None
    """None: never for one syllable, free for more."""
    needs: tuple[str, ...] = ()
    within: int = 5
    segment: bool = False
    reason: str = ""
    place: Place = "whole"
    disguised: bool = True
    """May it be found where a disguise was undone by guess?"""


class Alike(Sequence[TermSpec]):
    """Terms that differ in their text alone: a tuple of a million would take 120 MB."""

    __slots__ = ("_rest", "_texts")

    def __init__(self, spec: TermSpec, texts: tuple[str, ...]) -> None:
        """Each is as `spec` with one of the texts in place of its own."""
        self._rest = spec[1:]
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[TermSpec]:
        return (TermSpec(text, *self._rest) for text in self._texts)

    @overload
    def __getitem__(self, place: int) -> TermSpec: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[TermSpec, ...]: ...
    def __getitem__(self, place: int | slice) -> TermSpec | tuple[TermSpec, ...]:
        texts = self._texts[place]
        return TermSpec(texts, *self._rest) if isinstance(texts, str) else tuple([TermSpec(text, *self._rest) for text in texts])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Alike | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))


class PatternSpec(NamedTuple):
    """A regular expression of a rule, and the literal without which it can't match; "" where the compiler finds it."""

    pattern: str
    literal: str = ""


class Condition(NamedTuple):
    """A node of a rule's `when`; `format.CONDITION` tells the kinds."""

    kind: str
    of: tuple[Condition, ...] = ()
    text: str = ""
    least: float = -math.inf
    most: float = math.inf
    within: int = 0
    ordered: bool = False
    same_sentence: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A sign of some harm, or of innocence (negative weight); of weight 0 it only keeps a place from others."""

    id: str
    categories: tuple[Category, ...]
    describe_vi: str
    describe_en: str
    severity: int
    weight: float
    origin: str
    terms: Sequence[TermSpec]
    match: tuple[str, ...] = ()
    """Texts in which it must match."""
    passes: tuple[str, ...] = ()
    """Texts in which it must not."""
    status: Status = "active"
    patterns: tuple[PatternSpec, ...] = ()
    when: Condition | None = None
    """Without it every term and pattern stands for itself; a rule that has only this matches where it holds."""
    support_vi: str = ""
    support_en: str = ""
    """A note for who wrote the text, such as where help is."""


def own_rule(identity: str, category: Category, vi: str, en: str, terms: Sequence[TermSpec]) -> Rule:
    """A rule of terms that a site adds to a category."""
    return Rule(identity, (category,), vi, en, _OWN_SEVERITY, OWN_WEIGHT, "judgement", terms)


@dataclass(frozen=True, slots=True)
class WordLists:
    """Everything a filter is built from: the rules of all packs, innocent phrases, named lists."""

    rules: tuple[Rule, ...]
    allowed: tuple[str, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    versions: tuple[tuple[str, str], ...]
    """Pack name and version, of each pack."""
    vocabulary: Vocabulary | None = field(default=None, compare=False)
    """What compiling these very lists gives, where it is known beforehand."""
    digest: str = field(default="", compare=False)
    """Of the shipped word lists, where these are they and nothing else."""
    plain: frozenset[str] = field(default=frozenset(), compare=False)
    """Terms and innocent phrases that are known to stand in a line just as they are written here."""
