"""What the rules can find: the tokens of their terms, and what announces them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from .alphabet import bare, fits
from .neighbours import Neighbours
from .substrings import Substrings
from .syllables import is_syllable

_has_vowel: Final = re.compile("[aeiouy]").search

ALWAYS: Final = 1 << 62
"""Stands above all bits for kinds of company: what needs none."""
INNOCENCE: Final = 1 << 61
"""Stands beside them for what is a sign of innocence: it is listened to only where the model alone suspects a text."""

Run = tuple[tuple[str, ...], bool, int]
"""Two or three neighbouring tokens of terms; whether each may be written without its diacritics; and the company that the terms
need, as in `Vocabulary.words`."""


@dataclass(frozen=True)
class Vocabulary:
    """What the rules can find, token by token; a token is there bare too where it may be written so.

    Only a text with a word of `words`, the neighbours of one of `runs`, or a chunk that is no plain word and may be a part of
    such can hold a term that is more than a sign.
    """

    tokens: frozenset[str]
    """Every token of every term, but for the digits and marks in those that have words too."""
    bare_tokens: frozenset[str]
    """The same without diacritics, for tokens such as "đit" that have lost only some."""
    words: Mapping[str, int]
    """The terms of one token, and those that only one of their tokens can announce: the kinds of company that any of its terms
    needs, a bit each, or `ALWAYS` where one needs none; `INNOCENCE` for signs of it."""
    offers: Mapping[str, int]
    """The kinds of company that a token can be, a bit each."""
    runs: Iterable[Run]
    """To be gone through more than once: two neighbouring tokens of each term of two, three in a row of each longer one."""
    paired: frozenset[str]
    """The tokens of `runs`, in all their forms."""
    spaced_pairs: frozenset[str]
    """Words of two letters that count when written as two chunks, "đ m"; others are taken for initials."""
    hidden: tuple[str, ...] = ()
    """The words that people mask ("l*n") or cut ("l ồn")."""
    hidden_bare: Mapping[str, str] = field(default_factory=dict)
    """Those of three letters and more by what they look like without diacritics: in a disguise "l0n" is lồn."""
    halves: frozenset[str] = frozenset()
    """The parts into which a space cuts a hidden word, where they are no everyday syllables themselves."""
    aliases: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Token → what it stands for, and the kind of disguise: "emoji", "phonetic", "teencode"."""
    english: frozenset[str] = frozenset()
    """English words and names that could be read as something else."""
    signs: Iterable[Run] = ()
    """As `runs`, of signs of innocence."""
    dropped: frozenset[str] = frozenset()
    """Words in plain letters that are seldom right as they stand: a text with one may have lost its diacritics."""
    substrings: Substrings = field(default_factory=Substrings)
    """What announces the terms that are a part of a syllable, and the patterns."""
    respelled: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    """The aliases that are spelled by ear, and the words that they stand for."""
    _neighbours: list[Neighbours] = field(default_factory=list, init=False, repr=False, compare=False)
    """One, once it was asked for."""

    def __post_init__(self) -> None:
        self.respelled.update({token: meant for token, (meant, kind) in self.aliases.items() if kind == "phonetic"})

    def __reduce__(self) -> tuple[Any, ...]:  # compiled, a frozen class is not pickled by itself
        return Vocabulary, tuple([getattr(self, one.name) for one in fields(self) if one.init])

    def knows(self, token: str) -> bool:
        """Has a term this token?"""
        return token in self.tokens or (is_partial(token) and bare(token) in self.bare_tokens)

    def spells(self, piece: str) -> bool:
        """May this be a piece of merged syllables, though it is no syllable?"""
        return piece in self.tokens or piece in self.respelled

    def hidden_word(self, token: str) -> str:
        """The hidden word that `token`, some of whose letters were guessed, may be; "" for none."""
        word = self.hidden_bare.get(bare(token), "")
        return word if word and fits(token, word) else ""

    def linked(self, last: str, token: str) -> int:
        """What two neighbours in merged syllables are worth: 1 where they stand so in a term, or where the second is one itself."""
        itself = not token.isascii() or (last != "" and len(token) > 2 and not _has_vowel(token))  # "dcmáy" is "dc máy"
        alone = itself and self.words.get(token, 0) >= ALWAYS
        return int(alone or self._stand_so(self.respelled.get(last, last), self.respelled.get(token, token)))

    def _stand_so(self, last: str, token: str) -> bool:
        """Are these two neighbours in one of `runs`, in any of their forms?"""
        if not self._neighbours:  # worked out when the first merged syllables come
            self._neighbours.append(Neighbours(self.runs))
        return self._neighbours[0].stand_so(last, token)


def is_partial(token: str) -> bool:
    """Has the token diacritics, but not those that a syllable needs?"""
    return not token.isascii() and not is_syllable(token)


def paired_tokens(runs: Iterable[Run]) -> frozenset[str]:
    """The tokens of runs, in all their forms."""
    written = {token for run, _, _ in runs for token in run}
    return frozenset(written.union(map(bare, {token for run, may_be_bare, _ in runs if may_be_bare for token in run})))
