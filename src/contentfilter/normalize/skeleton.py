"""Disguises undone by guess: leet, separators, spaced letters, stretching.

A chunk that is no plain word may stand for another: each guess is a list of pieces (text, start, end) over the folded
chunk, for `View.derive`. Guesses are cheap to make and mostly wrong; a guess counts only where some term knows a token of it.
"""

import re
from collections.abc import Callable, Iterator

from .syllables import is_syllable

Piece = tuple[str, int, int]
Known = Callable[[str, bool], bool]

# Digits and symbols written for the letter that they resemble. "1" and "!" may be an i or an l.
LEET = {
    "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "g", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "l", "€": "e", "£": "l", "+": "t", "¡": "i",
}  # fmt: skip
_LEET_L = LEET | {"1": "l", "!": "l"}
_leet_inside = re.compile(r"[^\W\d_][^\w ]?[0-9@$!|€£+¡]|[0-9@$!|€£+¡][^\w ]?[^\W\d_]").search
_words = re.compile(r"[^\W_]+").finditer
_run = re.compile(r"([^\W\d_])\1+")

_LONGEST_SPACED = 12
"""Letters at most in a word spelled with separators or spaces; "nghiêng" has seven, abbreviations and pairs fewer."""


def is_plain(token: str) -> bool:
    """Needs this token no second look? A syllable, a number, or a mark."""
    return is_syllable(token) or token.isdigit() or not token[-1].isalnum()


def guesses(text: str, known: Known) -> Iterator[tuple[list[Piece], tuple[str, ...]]]:
    """What may stand behind the folded chunk `text`, likeliest first, each with the steps undone.

    `known` tells whether a term has this token, made of single letters; its second argument, whether known words cover all of
    their row. At most nine guesses, none longer than twice `text`.
    """
    if text.isalpha() and not _run.search(text):
        return  # nothing of what is undone here is in it
    seen = {text, *[match[0] for match in _words(text)]}  # a word without the marks around it is no guess
    for letters, leet in _unleet(text):
        joined, separators = _join(letters, known)
        for pieces, stretching in _unstretch(joined):
            guess = "".join(piece[0] for piece in pieces)
            if guess not in seen:
                seen.add(guess)
                yield pieces, (*separators, *leet, *stretching)


def _unleet(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield text, ()
    if _leet_inside(text):
        for table in (LEET, _LEET_L):
            letters = "".join(
                table[character] if character in table and _touches_letter(text, i) else character for i, character in enumerate(text)
            )
            if letters != text:
                yield letters, ("leet",)


def _touches_letter(text: str, i: int) -> bool:
    """Stands a letter beside position `i`, with at most one mark or digit between?"""
    before, after = text[max(i - 2, 0) : i], text[i + 1 : i + 3]
    if text[i] in "!+|" and not after.strip(".,!?"):
        return False  # "ngu!" is an exclamation
    return any(map(str.isalpha, before + after))


def _join(text: str, known: Known) -> tuple[list[Piece], tuple[str, ...]]:
    """The chunk's words as pieces with spaces between, single letters in a row made words where a term knows them."""
    words = [(match[0], match.start(), match.end()) for match in _words(text)]
    pieces: list[Piece] = []
    step: tuple[str, ...] = ("separators",) if len(words) > 1 else ()
    position = 0
    while position < len(words):
        run = position
        while run < len(words) and len(set(words[run][0])) == 1:  # one letter, or one that is stretched
            run += 1
        ends = [position + end for end in _word_ends("".join(word[0][0] for word in words[position:run]), known, " " in text)] or [
            position + 1
        ]
        for end in ends:
            if pieces:
                pieces.append((" ", pieces[-1][2], words[position][1]))
            pieces.extend(words[position:end])
            position = end
    return pieces, step


def _word_ends(letters: str, known: Known, spaced: bool) -> list[int]:
    """Where the words end that a row of single letters spells: all of it if known words cover it, else the longest known ones.

    Two letters of a longer row of spaced letters are no word by themselves: "V Đ M" are initials.
    """
    covered: list[int | None] = [0, *[None] * len(letters)]  # position → start of the last word of a cover up to there
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST_SPACED), end - 1):
            if covered[start] is not None and known(letters[start:end], len(letters) > 2):
                covered[end] = start
                break
    ends: list[int] = []
    position = len(letters)
    if covered[position] is not None:
        while position:
            ends.append(position)
            position = covered[position] or 0
        return ends[::-1]
    position = 0
    least = 3 if spaced and len(letters) > 2 else 2
    while position < len(letters):
        limit = min(position + _LONGEST_SPACED, len(letters))
        position = next((end for end in range(limit, position + least - 1, -1) if known(letters[position:end], False)), position + 1)
        ends.append(position)
    return ends


def _unstretch(pieces: list[Piece]) -> Iterator[tuple[list[Piece], tuple[str, ...]]]:
    """The pieces as they are, then with runs of a letter cut to one, then to two."""
    yield pieces, ()
    runs = [match.span() for match in _run.finditer("".join([piece[0] for piece in pieces]))]
    if not runs:
        return
    letters = [
        (character, *((start + i, start + i + 1) if len(text) == end - start else (start, end)))
        for text, start, end in pieces
        for i, character in enumerate(text)
    ]
    for keep in (1, 2):
        shorter: list[Piece] = []
        position = 0
        for start, end in runs:
            shorter.extend(letters[position : start + keep - 1])
            last = letters[start + keep - 1]
            shorter.append((last[0], last[1], letters[end - 1][2]))
            position = end
        shorter.extend(letters[position:])
        yield shorter, ("stretching",)
