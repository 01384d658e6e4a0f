"""A chunk's readings: what it can stand for, each with its tokens, its origins and the disguises undone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from .alphabet import bare
from .entities import UNITS, tokenize, word_of
from .fold import fold
from .offsets import View
from .skeleton import Piece, is_plain
from .skeleton import guesses as guessed
from .syllables import is_syllable

_MOST_GUESSES = 3
"""Guesses kept for a chunk: each costs the texts that hold it one more line to match."""


ALWAYS = 1 << 62
"""Stands above all bits for kinds of company: what needs none."""

Run = tuple[tuple[str, ...], bool, int]
"""Two or three neighbouring tokens of terms; whether each may be written without its diacritics; and the company that the terms
need, as in `Vocabulary.words`."""


@dataclass(frozen=True, slots=True)
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
    needs, a bit each, or `ALWAYS` where one needs none."""
    offers: Mapping[str, int]
    """The kinds of company that a token can be, a bit each."""
    runs: tuple[Run, ...]
    """Two neighbouring tokens of each term of two, three in a row of each longer one."""
    paired: frozenset[str]
    """The tokens of `runs`, in all their forms."""
    spaced_pairs: frozenset[str]
    """Words of two letters that count when written as two chunks, "đ m"; others are taken for initials."""

    def knows(self, token: str) -> bool:
        """Has a term this token?"""
        return token in self.tokens or (_is_partial(token) and bare(token) in self.bare_tokens)


def paired_tokens(runs: Iterable[Run]) -> frozenset[str]:
    """The tokens of runs, in all their forms."""
    return frozenset(form for run, may_be_bare, _ in runs for token in run for form in (token, bare(token) if may_be_bare else token))


def _is_partial(token: str) -> bool:
    """Has the token diacritics, but not those that a syllable needs?"""
    return not token.isascii() and not is_syllable(token)


class Reading(NamedTuple):
    """One form of a chunk, ready to be matched: its tokens with one space between.

    `bare` is the same without diacritics, as long as `text`. `steps` are the disguises undone, in order. Where each character
    came from is worked out when a match asks for it: `text` is made of `pieces` of `view`, or is the view itself.
    """

    text: str
    bare: str
    steps: tuple[str, ...]
    view: View
    pieces: Sequence[Piece] | None = None

    @property
    def line(self) -> View:
        """`text` with its origins in the chunk."""
        return self.view if self.pieces is None else self.view.derive(self.pieces)


class Analysis(NamedTuple):
    """All that is known of a chunk."""

    plain: str
    """The plain view, for the model."""
    text: str
    """The first reading's line."""
    bare: str
    """The same without diacritics, for the automaton."""
    readings: tuple[Reading, ...]
    """What the chunk can stand for, as written first."""
    interesting: bool
    """May a term match around this chunk?"""
    beside: bool
    """May its pieces, as they are read, announce a term together or with the chunks on either side?"""
    asks: int
    """The kinds of company without which its terms do not count, a bit each; `interesting` is for those that need none."""
    offers: int
    """The kinds of company that it can be."""
    letters: bool
    """May be a part of a word in spaced letters: a single letter, or a lone mark."""
    digits: bool
    """May be a part of a spaced number, or a unit after one."""


def analyse(chunk: str, vocabulary: Vocabulary) -> Analysis:
    """Work out a chunk's readings. `chunk` may hold single spaces where it is a run of fragments joined."""
    view, steps = fold(chunk)
    plain = view.text
    if plain.isalpha():  # one word and no entity: most chunks
        first = Reading(plain, bare(plain), steps, view)
        word = plain
        suspicious = not is_syllable(plain)
    else:
        pieces = list(tokenize(plain))
        first = _reading(view, _with_spaces(pieces), steps)
        words = [token for token, _, _ in pieces if token[-1].isalnum()]
        alone = len(words) == 1 and word_of(plain) == words[0]
        if alone and len(pieces) > 1:  # a mark or an emoji beside the word may announce a term itself
            alone = not any(token in vocabulary.words for token, _, _ in pieces if not token[-1].isalnum())
        word = words[0] if alone else ""
        suspicious = len(words) > 1 or not all(is_plain(token) for token, _, _ in pieces)
    guesses = tuple(_guess(view, chunk, steps, vocabulary)) if suspicious and not plain.isdigit() else ()
    if word and not guesses:  # its neighbours tell the rest: see Vocabulary
        asks = vocabulary.words.get(word, 0)
        interesting = asks >= ALWAYS or (suspicious and word not in vocabulary.tokens and vocabulary.knows(word))
        offers = vocabulary.offers.get(word, 0)
        beside = False
    else:
        tokens = {token for reading in (first, *guesses) for token in reading.text.split(" ")}
        asks = reduce(or_, [vocabulary.words.get(token, 0) for token in tokens])
        interesting = asks >= ALWAYS or any([_is_partial(token) and vocabulary.knows(token) for token in tokens])
        beside = any([token in vocabulary.paired and not token.isdigit() for token in tokens])
        offers = reduce(or_, [vocabulary.offers.get(token, 0) for token in tokens])
    return Analysis(
        plain=plain,
        text=first.text,
        bare=first.bare,
        readings=(first, *guesses),
        interesting=interesting,
        beside=beside,
        asks=asks & (ALWAYS - 1),
        offers=offers,
        letters=_is_letter_fragment(plain),
        digits=_is_digit_fragment(plain),
    )


def _guess(view: View, chunk: str, steps: tuple[str, ...], vocabulary: Vocabulary) -> Iterator[Reading]:
    spaced = " " in chunk

    def known(token: str, covering: bool) -> bool:
        if spaced and len(token) == 2 and not covering:
            return token in vocabulary.spaced_pairs
        return vocabulary.knows(token)

    found = 0
    for pieces, undone in guessed(view.text, known):
        reading = _reading(view, pieces, (*steps, *(("spaced letters" if spaced and step == "separators" else step) for step in undone)))
        if any(vocabulary.knows(token) for token in reading.text.split(" ")):
            yield reading
            found += 1
            if found == _MOST_GUESSES:
                return


def _reading(view: View, pieces: list[Piece], steps: tuple[str, ...]) -> Reading:
    text = "".join([piece[0] for piece in pieces])
    return Reading(text, bare(text), steps, view, pieces)


def _with_spaces(pieces: list[Piece]) -> list[Piece]:
    spaced = pieces[:1]
    for piece in pieces[1:]:
        spaced.append((" ", spaced[-1][2], piece[1]))
        spaced.append(piece)
    return spaced


def _is_letter_fragment(plain: str) -> bool:
    """One letter, alone or with a separator, or a lone separator; ":))" is none."""
    letter = plain.strip(".-_*,/|+~!?…\"'“”()[]")
    return len(plain) <= 6 and ((letter.isalpha() and len(letter) == 1) or (not letter and len(plain) == 1))


def _is_digit_fragment(plain: str) -> bool:
    """A group of digits, a unit after one, or a lone separator."""
    return plain.strip(".-()+,").isdigit() or plain in UNITS or (len(plain) == 1 and plain in ".-()")
