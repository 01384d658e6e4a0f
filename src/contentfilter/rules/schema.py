"""What a pack holds, as frozen values. `wordlists/README.md` tells it in prose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from contentfilter.categories import Category
from contentfilter.match.keywords import Toneless
from contentfilter.normalize.vocabulary import Vocabulary


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


@dataclass(frozen=True, slots=True)
class Rule:
    """A sign of some harm, or of innocence (negative weight)."""

    id: str
    categories: tuple[Category, ...]
    describe_vi: str
    describe_en: str
    severity: int
    weight: float
    origin: str
    terms: tuple[TermSpec, ...]
    match: tuple[str, ...] = ()
    """Texts in which it must match."""
    passes: tuple[str, ...] = ()
    """Texts in which it must not."""


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
