"""What a text without its diacritics most likely said: "con dien nay" (con điên này), "may thang nao" (mấy thằng nào).

Each syllable that is written in plain letters may be any that looks so; the likeliest row of them, by how often two neighbours stand
side by side, is what a reader takes it for (Viterbi's algorithm over bigrams, interpolated with unigrams; Jurafsky and Martin, *Speech
and Language Processing*, 3.5 and appendix A). It speaks for both sides: "lon hon" is lớn hơn, and no swear word.

Who types diacritics drops them on purpose or not at all, so among syllables that have theirs one without keeps its letters unless
the others speak against it. A word in leet has lost them in any text: "h0c" may be học. Only texts with a word that is seldom right as
it stands ("dien", "khung") are read so at all.

`wordlists/diacritics.safetensors` holds the counts (`contentfilter.training.diacritics` makes it): tensors `words` uint8, in UTF-8 with
line feeds between; `counts` int32, (n,); `pairs` uint32, sorted, the number of the first word times 2¹⁶ plus that of the second, and
`together` uint16, how often they were seen so; `dropped` uint8, like `words`, those that are seldom right as they stand. Metadata:
`format`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt
from safetensors import safe_open

from contentfilter.data import data_folder

from .alphabet import bare, fits
from .likeliest import CAPITAL, CERTAIN, MARKED, MOST, SYLLABLE, TEXT, UNSEEN, Groups, Word, Words, likeliest
from .skeleton import unleet
from .syllables import BARE_BASES, is_syllable

FORMAT: Final = "contentfilter-diacritics-1"
NAME: Final = "diacritics.safetensors"

_PAIRS: Final = 0.8
"""What two neighbours are worth against one word alone. A judgement."""
_SELDOM: Final = 0.08
"""The share of a word's counts under which it is taken for another that lost its diacritics."""
_UNSEEN: Final = 0.1
"""Counts of a word that was never seen."""
_MARKS: Final = ".,?:;\"'()…-"
"""What stands around a word in leet and is no part of it."""
_letters: Final = re.compile(r"[\W_]*([^\W\d_]+)[\W_]*").fullmatch
"""One word, with marks and emoji before and behind it."""


@final
class Diacritics:
    """Counts of words and of pairs of neighbours; immutable."""

    __slots__ = ("_alike", "_alone", "_group_of", "_likeliest", "_members", "_numbers", "groups")

    def __init__(self, words: Sequence[str], counts: npt.ArrayLike, pairs: npt.ArrayLike, together: npt.ArrayLike) -> None:
        """How often each word was seen, and of `pairs`, the number of the first word times 2¹⁶ plus that of the second, each `together`."""
        self._numbers = {word: number for number, word in enumerate(words)}
        every, keys = np.asarray(counts, dtype=np.int64), np.asarray(pairs, dtype=np.uint32)
        alone = (1 - _PAIRS) * (every + _UNSEEN) / every.sum()
        self._alone: list[float] = np.log(alone).tolist()
        self._alike: dict[str, int] = {}  # a group for the words that look alike, and one for each that looks like none
        self._members: list[list[int]] = []
        rest: list[int] = []
        for number in np.argsort(-every, kind="stable").tolist():
            group = self._alike.setdefault(bare(words[number]), len(self._members)) if is_syllable(words[number]) else -1
            if group == len(self._members):
                self._members.append([])
            if group >= 0 and len(self._members[group]) < MOST:  # the commonest ones: more never win, and each costs time
                self._members[group].append(number)
            else:
                rest.append(number)
        self._members += [[number] for number in rest]
        self._group_of = {number: group for group, members in enumerate(self._members) for number in members}
        firsts, seconds = keys >> 16, keys & 0xFFFF
        likely = np.log(_PAIRS * np.asarray(together) / every[firsts] + alone[seconds])
        self.groups = _grouped(list(words), alone, self._members, firsts, seconds, likely)
        self._likeliest = likeliest(self.groups)

    def restore(self, words: Words, chunks: Sequence[str], ids: list[int], text: str) -> tuple[str, bool]:
        """A text as it most likely should be, as long as before, and whether it is plain: fewer than one in four of its syllables have
        diacritics, of those of a text that has them three in four do. All the same where most is no Vietnamese.

        `ids` are those of its chunks, and `words` what was told of them.
        """
        found = self._likeliest.restore(words, ids, text)
        if found is not None:
            return found
        for i in words.untold(ids):
            words.tell(i, *self.word(chunks[i]))
        return self.restore(words, chunks, ids, text)

    def word(self, chunk: str) -> Word:
        """A chunk's word, in lower case, and what it may be."""
        found = _letters(chunk)
        if found is None and (hidden := self._in_leet(chunk)):
            return hidden
        text = found[1].lower() if found else ""
        if found and len(text) != len(found[1]):
            text = ""  # "İ" is two characters in lower case, and what is restored is as long as it was
        flags = TEXT * (text != "") | SYLLABLE * (text in BARE_BASES or is_syllable(text)) | MARKED * (not text.isascii())
        flags |= CAPITAL * chunk[0].isupper()
        start = found.start(1) if found else 0
        own = self._numbers.get(text, -1)
        alike = self._alike.get(text, -1) if text.isascii() else -1
        if alike >= 0:
            members = self._members[alike]
            certain = len(members) == 1 and not self._is_dropped(own, members)
            return Word(alike, 0, len(members), members.index(own) if own in members else -1, start, flags | CERTAIN * certain)
        group = self._group_of[own] if own >= 0 else UNSEEN
        place = self._members[group].index(own) if own >= 0 else 0
        return Word(group, place, place + 1, place, start, flags | CERTAIN)

    def _in_leet(self, chunk: str) -> Word | None:
        """The word of a chunk in leet, where it may be any: who writes signs for letters leaves out what these had above and below.

        Where it has other diacritics it is the commonest word that has them. One plain letter beside a digit is none: "m3" is a measure,
        "k1" a year at school.
        """
        text = chunk.strip(_MARKS).rstrip("!").lower()
        start = chunk.lower().find(text)
        if start < 0 or len(chunk.lower()) != len(chunk) or (text.isascii() and sum(map(str.isalpha, text)) < 2):
            return None
        found: list[tuple[float, Word]] = []
        for form in unleet(text):
            group = self._alike.get(bare(form), -1)
            members = self._members[group] if group >= 0 else []
            places = [place for place, number in enumerate(members) if fits(form, self.groups.words[number])]
            if places:
                end = len(members) if len(places) == len(members) else places[0] + 1
                flags = TEXT | SYLLABLE | MARKED * (not text.isascii()) | CAPITAL * chunk[0].isupper()
                found.append((self._alone[members[places[0]]], Word(group, places[0], end, -1, start, flags)))
        return max(found, key=itemgetter(0))[1] if found else None

    def dropped(self) -> frozenset[str]:
        """The words that are seldom right as they stand."""
        every = [(word, self._members[group]) for word, group in self._alike.items()]
        return frozenset([word for word, alike in every if self._is_dropped(self._numbers.get(word, -1), alike)])

    def _is_dropped(self, own: int, alike: Sequence[int]) -> bool:
        if own < 0:
            return True
        return math.exp(self._alone[own]) / sum([math.exp(self._alone[number]) for number in alike]) < _SELDOM


def _grouped(
    words: list[str],
    alone: npt.NDArray[np.float64],
    members: Sequence[Sequence[int]],
    firsts: npt.NDArray[Any],
    seconds: npt.NDArray[Any],
    likely: npt.NDArray[np.float64],
) -> Groups:
    """Pairs of words as pairs of members of groups."""
    flat = np.array([number for group in members for number in group], dtype=np.int32)
    sizes = np.array([len(group) for group in members], dtype=np.int32)
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    group, place = np.empty((2, len(words)), dtype=np.uint32)
    group[flat] = np.repeat(np.arange(len(members)), sizes)
    place[flat] = np.arange(len(flat)) - np.repeat(starts[:-1], sizes)
    keys, places = group[firsts] << 16 | group[seconds], place[firsts] * MOST + place[seconds]
    order = np.lexsort((places, keys))
    different, begins = np.unique(keys[order], return_index=True)
    ends = np.append(begins[1:], len(keys)).astype(np.int32) if len(keys) else np.zeros(0, dtype=np.int32)
    return Groups(words, np.log(alone), starts, flat, different.astype(np.uint32), ends, places[order].astype(np.uint8), likely[order])


@cache
def diacritics() -> Diacritics:
    """The shipped counts, read when a text first asks. Raises `ValueError` for a file of another format."""
    words, counts, pairs, together = _tensors("words", "counts", "pairs", "together")
    return Diacritics(_lines(words), counts, pairs, together)


@cache
def dropped_words() -> frozenset[str]:
    """The words that are seldom right as they stand."""
    return frozenset(_lines(*_tensors("dropped")))


def _lines(characters: npt.NDArray[Any]) -> list[str]:
    return characters.tobytes().decode().split("\n")


def _tensors(*names: str) -> list[npt.NDArray[Any]]:
    path = Path(data_folder("wordlists")) / NAME
    with safe_open(path, framework="numpy") as file:
        found = (file.metadata() or {}).get("format")
        if found != FORMAT:
            raise ValueError(f"{path}: format {found!r}, expected {FORMAT!r}")
        return [file.get_tensor(name) for name in names]
