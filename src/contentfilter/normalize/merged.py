"""Syllables written without the spaces between them: "ditme", "conmemay", "Đụmámày"."""

from collections.abc import Callable
from typing import Final

from .syllables import BARE_BASES, is_syllable

SHORTEST, LONGEST = 4, 40
"""Letters of a word that is taken apart: shorter ones are syllables, longer ones no hidden phrase but a keyboard's complaint."""
_LONGEST_PIECE: Final = 7
_MARKED: Final = 2
"""Letters with diacritics that tell by themselves that a word is merged syllables."""

Linked = Callable[[str, str], int]
Known = Callable[[str], bool]


def split(word: str, known: Known, linked: Linked) -> tuple[str, ...]:
    """The likeliest row of syllables and known tokens that lower-case `word` is made of; empty where there is none worth a look.

    `linked` tells what two neighbouring tokens are worth: the row is the one with the most of that, of those the one with
    the fewest pieces. A row without any link is none ("nguyenthao" is a name) unless it has its diacritics. At most
    `_LONGEST_PIECE` looks for each letter.
    """
    if not SHORTEST <= len(word) <= LONGEST:
        return ()
    pieces_to = _pieces(word, known)
    if not pieces_to[-1]:
        return ()
    # for each end: last piece → (links, −pieces, start of the last piece, the piece before)
    best: list[dict[str, tuple[int, int, int, str]]] = [{"": (0, 0, 0, "")}] + [{} for _ in word]
    for end, starts in enumerate(pieces_to):
        for start in starts:
            piece = word[start:end]
            best[end][piece] = max(
                (links + linked(last, piece), pieces - 1, start, last) for last, (links, pieces, _, _) in best[start].items()
            )
    last = max(best[-1], key=lambda piece: best[-1][piece])
    if not best[-1][last][0] and sum(not letter.isascii() for letter in word) < _MARKED:
        return ()
    row, end = [], len(word)
    while end:
        row.append(last)
        _, _, end, last = best[end][last]
    return tuple(reversed(row)) if len(row) > 1 else ()


def _pieces(word: str, known: Known) -> list[list[int]]:
    """For each end the starts of the pieces in front of it that are a part of some way through the whole word."""
    length = len(word)
    ends: list[list[int]] = [[] for _ in range(length + 1)]
    if not any([_is_piece(word[start:], known) for start in range(max(0, length - _LONGEST_PIECE), length - 1)]):
        return ends
    reached = [0]
    for end in range(2, length + 1):
        if reached[-1] < end - _LONGEST_PIECE:
            return ends
        near = [start for start in reached[-_LONGEST_PIECE:] if end - _LONGEST_PIECE <= start < end - 1]
        ends[end] = [start for start in near if _is_piece(word[start:end], known)]
        if ends[end]:
            reached.append(end)
    wanted = {length}
    for end in range(length, 1, -1):
        if end in wanted:
            wanted.update(ends[end])
        else:
            ends[end] = []
    return ends


def _is_piece(piece: str, known: Known) -> bool:
    return piece in BARE_BASES or known(piece) or (not piece.isascii() and is_syllable(piece))
