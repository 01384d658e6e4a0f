"""Disguises undone by guess: leet, separators, spaced letters, stretching.

A chunk that is no plain word may stand for another: each guess is a list of pieces (text, start, end) over the folded
chunk, for `View.derive`. Guesses are cheap to make and mostly wrong; a guess counts only where some term knows a token of it.
What single odd words may mean is told in `words`.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from .syllables import is_syllable

Piece = tuple[str, int, int]
Known = Callable[[str], bool]

# Digits and symbols written for the letter that they resemble. "1" and "!" may be an i or an l.
LEET: Final = {
    "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "g", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "l", "€": "e", "£": "l", "+": "t", "¡": "i",
}  # fmt: skip
_TABLES: Final = (LEET, LEET | {"1": "l", "!": "l"})
_leet_inside: Final = re.compile(r"[^\W\d_][^\w ]?[0-9@$!|€£+¡]|[0-9@$!|€£+¡][^\w ]?[^\W\d_]").search
_signs_inside: Final = re.compile(r"[^\W\d_][@$|€£+¡\xa2-\xbf×÷]|[@$|€£+¡\xa2-\xbf×÷][^\W\d_]").search
_words: Final = re.compile(r"[^\W_]+").finditer
_run: Final = re.compile(r"(?<![^\W\d_])d{3,}|(?<![^\W\d_])(?!dd)([^\W\d_])\1+|(?<=[^\W\d_])([^\W\d_])\2+")  # "dd" at the start is Telex

_LONGEST_SPELLED: Final = 12
"""Letters at most in a word spelled with separators or spaces; "nghiêng" has seven, abbreviations and pairs fewer."""
_LONGEST_TYPED: Final = 40
"""The same of a row of keys, which may be several words."""
_NEVER: Final = 1e9


def has_leet_inside(text: str) -> bool:
    """Stands a digit or sign that may be a letter beside a letter?"""
    return _leet_inside(text) is not None


def has_sign_inside(text: str) -> bool:
    """Stands a sign that may be a letter, in leet or in an old encoding, beside a letter?"""
    return _signs_inside(text) is not None


def unleet(word: str) -> list[str]:
    """What a word of letters and signs that stand for letters says, sign by sign; empty where it has none of either or anything else.

    >>> unleet("ch3t"), unleet("l1ke"), unleet("2024"), unleet("a.3")
    (['chet'], ['like', 'llke'], [], [])
    """
    if word.isalpha() or not all([letter.isalpha() or letter in LEET for letter in word]) or not any(map(str.isalpha, word)):
        return []
    return list(dict.fromkeys(["".join([table.get(letter, letter) for letter in word]) for table in _TABLES]))


def is_plain(token: str) -> bool:
    """Needs this token no second look? A syllable, a number, or a mark."""
    return is_syllable(token) or token.isdigit() or not token[-1].isalnum()


def guesses(text: str, known: Known, pairs: frozenset[str]) -> Iterator[tuple[list[Piece], tuple[str, ...]]]:
    """The forms that the folded chunk `text` may have been before, each with the steps undone.

    `known` tells whether some term has this token; a space in `text` says that it is a run of fragments, and `pairs` are the words
    of two letters that a run of two letters may be: others are initials. At most thirteen forms, none longer than
    twice `text`.
    """
    if text.isalpha() and not _run.search(text):
        return
    seen = set()
    for letters, leet in _unleet(text):
        joined, separators = _join(letters, known, pairs)
        for pieces, stretching in _unstretch(joined):
            form = "".join([piece[0] for piece in pieces])
            if form not in seen:
                seen.add(form)
                if separators or leet or stretching:
                    yield pieces, (*separators, *leet, *stretching)
    parts = [(match[0], match.start(), match.end()) for match in _words(text)] if " " not in text else []
    if 1 < len(parts) <= _LONGEST_TYPED and all(len(part) == 1 or (len(part) < 4 and part[1:].isdigit()) for part, _, _ in parts):
        yield parts, ("separators",)  # "d.d.i.j.t" may be Telex, "n.g.u7" VNI


def _unleet(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield text, ()
    if has_leet_inside(text):
        for table in _TABLES:
            letters = "".join(
                table[character] if character in table and _touches_letter(text, i) else character for i, character in enumerate(text)
            )
            if letters != text:
                yield letters, ("leet",)


def _touches_letter(text: str, i: int) -> bool:
    """Stands a letter beside position `i`, with at most one mark or digit between?"""
    before, after = text[max(i - 2, 0) : i], text[i + 1 : i + 3]
    if text[i] == "!" and not after.strip(".,!?"):
        return False  # "ngu!" is an exclamation
    return any(map(str.isalpha, before + after))


def _join(text: str, known: Known, pairs: frozenset[str]) -> tuple[list[Piece], tuple[str, ...]]:
    """The chunk's words as pieces with spaces between, those that together spell a syllable or a known token joined."""
    if text.isalnum():
        return [(text, 0, len(text))], ()
    words = [(match[0], match.start(), match.end()) for match in _words(text)]
    if len(words) < 2:
        return words, ()
    letters = [word[0] if len(set(word)) == 1 else word for word, _, _ in words]  # a stretched letter is one letter
    ends = _spelled(letters, known, pairs if " " in text else None)
    pieces: list[Piece] = []
    position = 0
    for end in ends:
        if pieces:
            pieces.append((" ", pieces[-1][2], words[position][1]))
        pieces.extend(words[position:end])
        position = end
    return pieces, ("separators",)


def _spelled(letters: list[str], known: Known, pairs: frozenset[str] | None) -> list[int]:
    """Where the words end that a row of parts spells: all of it where that can be, else what it surely holds.

    Two letters of a longer row are no word by themselves: "V Đ M" are initials, as two letters apart are that are not in `pairs`.
    """
    if len(letters) == 2 and pairs is not None:
        word = "".join(letters)
        return [2] if word in pairs or (len(word) > 2 and known(word)) else [1, 2]
    ends = _ends(letters, known, 2)
    if len(letters) == 2 or all(end - start > 1 or len(letters[start]) > 1 for start, end in pairwise((0, *ends))):
        return ends
    return _ends(letters, known, 3)


def _ends(letters: list[str], known: Known, least: int) -> list[int]:
    """Where the words end that a row of parts makes: the cheapest cover, a part alone costing more than several that spell
    a syllable; at least `least` letters are joined."""
    costs = [0.0, *[_NEVER] * len(letters)]
    starts = [0] * (len(letters) + 1)
    for end in range(1, len(letters) + 1):
        word = ""
        for start in range(end - 1, max(0, end - _LONGEST_SPELLED) - 1, -1):
            word = letters[start] + word
            if len(word) > _LONGEST_SPELLED:
                break
            cost = costs[start] + _cost(word, end - start, known, least)
            if cost < costs[end]:
                costs[end], starts[end] = cost, start
    ends = [len(letters)]
    while starts[ends[-1]]:
        ends.append(starts[ends[-1]])
    return ends[::-1]


def _cost(word: str, parts: int, known: Known, least: int) -> float:
    if parts == 1:
        whole = len(word) > 1 and (is_syllable(word) or word.isdigit() or known(word))
        return 1.0 if whole else 2.0
    if len(word) < least:
        return _NEVER
    if known(word):
        return 1.0
    return 1.5 if is_syllable(word) and parts > 2 else _NEVER


def _unstretch(pieces: list[Piece]) -> Iterator[tuple[list[Piece], tuple[str, ...]]]:
    """The pieces as they are, then with runs of three and more of a letter cut to one, then all runs, then to two."""
    yield pieces, ()
    runs = [match.span() for match in _run.finditer("".join([piece[0] for piece in pieces]))]
    if not runs:
        return
    letters = [
        (character, *((start + i, start + i + 1) if len(text) == end - start else (start, end)))
        for text, start, end in pieces
        for i, character in enumerate(text)
    ]
    for keep, least in ((1, 3), (1, 2), (2, 3)):
        shorter: list[Piece] = []
        position = 0
        for start, end in [run for run in runs if run[1] - run[0] >= least]:
            shorter.extend(letters[position : start + keep - 1])
            last = letters[start + keep - 1]
            shorter.append((last[0], last[1], letters[end - 1][2]))
            position = end
        shorter.extend(letters[position:])
        yield shorter, ("stretching",)
