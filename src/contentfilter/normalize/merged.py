"""Syllables written without the spaces between them: "ditme", "conmemay", "Đụmámày", and as keys: "ddoofnguw"."""

from collections.abc import Callable, Iterable
from typing import Final

from .syllables import BARE_BASES, is_syllable

SHORTEST, LONGEST = 4, 40
"""Letters of a word that is taken apart: shorter ones are syllables, longer ones no hidden phrase but a keyboard's complaint."""
_LONGEST_PIECE: Final = 7
_LONGEST_DISGUISED: Final = 9
"""Keys: seven, and those of a shape and a tone."""
_OF_ONE: Final = frozenset("ýởàạừ")
"""Words of one letter; other such syllables stand alone so seldom that they are slips of the finger here: "ngườ" is no "ngư ờ"."""
_MARKED: Final = 2
"""Letters with diacritics that tell by themselves that a word is merged syllables."""
_MARKED_UNDER: Final = 3
"""The same, where they were under a disguise: "combo2in1" is no "com bò ín"."""
_SURE: Final = 3
"""Letters of every piece of a word that is told so by one such letter: "nguời" is a slip of the finger, "conquỷ" is not."""

Linked = Callable[[str, str], int]
Known = Callable[[str], bool]
Read = Callable[[str], str]
"""A piece → what it stands for."""


def split(word: str, known: Known, linked: Linked) -> tuple[str, ...]:
    """The likeliest row of syllables and known tokens that lower-case `word` is made of; empty where there is none worth a look.

    `linked` tells what two neighbouring tokens are worth: the row is the one with the most of that, of those the one with
    the fewest pieces, of those the one with the most known ones ("mua nhưng", not "muanh ưng"). A row without any link is none
    ("nguyenthao" is a name) unless it has its diacritics. At most seven looks for each letter.
    """
    row, links = _row(word, known, linked, str, _LONGEST_PIECE)
    marked = _marked(row)
    merged = links > 0 or marked >= _MARKED or (marked > 0 and min(map(len, row)) >= _SURE)
    return row if merged and len(row) > 1 else ()


def split_disguised(word: str, known: Known, linked: Linked, read: Read) -> tuple[str, ...]:
    """The same for a word whose pieces are disguised, typed with the keyboard switched off or masked: `read` tells what each stands for."""
    row, links = _row(word, known, linked, read, _LONGEST_DISGUISED)
    marked = _marked(row)
    return row if len(row) > 1 and ((links > 0 and marked > 1) or marked >= _MARKED_UNDER) else ()


def _marked(row: Iterable[str]) -> int:
    return sum([not letter.isascii() for piece in row for letter in piece])


def _row(word: str, known: Known, linked: Linked, read: Read, longest: int) -> tuple[tuple[str, ...], int]:
    """The likeliest row of pieces, as they are read, and how many of their neighbours are linked."""
    if not SHORTEST <= len(word) <= LONGEST:
        return (), 0
    pieces_to = _pieces(word, known, read, longest)
    if not pieces_to[-1]:
        return (), 0
    # for each end: last piece → (links, −pieces, known pieces, −start of the last piece, the piece before)
    best: list[dict[str, tuple[int, int, int, int, str]]] = [{"": (0, 0, 0, 0, "")}] + [{} for _ in word]
    for end, starts in enumerate(pieces_to):
        for start in starts:
            piece = word[start:end]
            own = read(piece)
            best[end][piece] = max(
                (links + linked(read(last), own), pieces - 1, words + known(own), -start, last)
                for last, (links, pieces, words, _, _) in best[start].items()
            )
    last = max(best[-1], key=lambda piece: best[-1][piece])
    links = best[-1][last][0]
    row: list[str] = []
    end = len(word)
    while end:
        row.append(read(last))
        _, _, _, start, last = best[end][last]
        end = -start
    return tuple(reversed(row)), links


def _pieces(word: str, known: Known, read: Read, longest: int) -> list[list[int]]:
    """For each end the starts of the pieces in front of it that are a part of some way through the whole word."""
    length = len(word)
    ends: list[list[int]] = [[] for _ in range(length + 1)]
    if not any([_is_piece(read(word[start:]), known) for start in range(max(0, length - longest), length)]):
        return ends
    reached = [0]
    for end in range(1, length + 1):
        if reached[-1] < end - longest:
            return ends
        near = [start for start in reached[-longest:] if end - longest <= start < end]
        ends[end] = [start for start in near if _is_piece(read(word[start:end]), known)]
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
