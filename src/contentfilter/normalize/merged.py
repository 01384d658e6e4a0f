"""Syllables written without the spaces between them: "ditme", "conmemay", "Đụmámày"."""

from collections.abc import Callable
from typing import Final

from .syllables import BARE_BASES, is_syllable

SHORTEST, LONGEST = 4, 40
"""Letters of a word that is taken apart: shorter ones are syllables, longer ones no hidden phrase but a keyboard's complaint."""
_LONGEST_PIECE: Final = 7
_OF_ONE: Final = frozenset("ýởàạừ")
"""Words of one letter; other such syllables stand alone so seldom that they are slips of the finger here: "ngườ" is no "ngư ờ"."""
_MARKED: Final = 2
"""Letters with diacritics that tell by themselves that a word is merged syllables."""
_SURE: Final = 3
"""Letters of every piece of a word that is told so by one such letter: "nguời" is a slip of the finger, "conquỷ" is not."""

Linked = Callable[[str, str], int]
Known = Callable[[str], bool]


def split(word: str, known: Known, linked: Linked) -> tuple[str, ...]:
    """The likeliest row of syllables and known tokens that lower-case `word` is made of; empty where there is none worth a look.

    `linked` tells what two neighbouring tokens are worth: the row is the one with the most of that, of those the one with
    the fewest pieces, of those the one with the most known ones ("mua nhưng", not "muanh ưng"). A row without any link is none
    ("nguyenthao" is a name) unless it has its diacritics. At most `_LONGEST_PIECE` looks for each letter.
    """
    if not SHORTEST <= len(word) <= LONGEST:
        return ()
    pieces_to = _pieces(word, known)
    if not pieces_to[-1]:
        return ()
    # for each end: last piece → (links, −pieces, known pieces, −start of the last piece, the piece before)
    best: list[dict[str, tuple[int, int, int, int, str]]] = [{"": (0, 0, 0, 0, "")}] + [{} for _ in word]
    for end, starts in enumerate(pieces_to):
        for start in starts:
            piece = word[start:end]
            best[end][piece] = max(
                (links + linked(last, piece), pieces - 1, words + known(piece), -start, last)
                for last, (links, pieces, words, _, _) in best[start].items()
            )
    last = max(best[-1], key=lambda piece: best[-1][piece])
    links = best[-1][last][0]
    row: list[str] = []
    end = len(word)
    while end:
        row.append(last)
        _, _, _, start, last = best[end][last]
        end = -start
    marked = sum([not letter.isascii() for letter in word])
    merged = links > 0 or marked >= _MARKED or (marked > 0 and min(map(len, row)) >= _SURE)
    return tuple(reversed(row)) if merged and len(row) > 1 else ()


def _pieces(word: str, known: Known) -> list[list[int]]:
    """For each end the starts of the pieces in front of it that are a part of some way through the whole word."""
    length = len(word)
    ends: list[list[int]] = [[] for _ in range(length + 1)]
    if not any([_is_piece(word[start:], known) for start in range(max(0, length - _LONGEST_PIECE), length)]):
        return ends
    reached = [0]
    for end in range(1, length + 1):
        if reached[-1] < end - _LONGEST_PIECE:
            return ends
        near = [start for start in reached[-_LONGEST_PIECE:] if end - _LONGEST_PIECE <= start < end]
        ends[end] = [start for start in near if _is_piece(word[start:end], known)]
        if ends[end]:
            reached.append(end)
    wanted = {length}
    for end in range(length, 0, -1):
        if end in wanted:
            wanted.update(ends[end])
        else:
            ends[end] = []
    return ends


def _is_piece(piece: str, known: Known) -> bool:
    if len(piece) == 1:
        return piece in _OF_ONE
    return piece in BARE_BASES or known(piece) or (not piece.isascii() and is_syllable(piece))
