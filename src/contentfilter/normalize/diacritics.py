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
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt
from safetensors import safe_open

from contentfilter.data import data_folder

from .alphabet import bare
from .likeliest import MOST, Alike, likeliest
from .skeleton import unleet
from .syllables import BARE_BASES, is_syllable

FORMAT: Final = "contentfilter-diacritics-1"
NAME: Final = "diacritics.safetensors"

_PAIRS: Final = 0.8
"""What two neighbours are worth against one word alone. A judgement."""
_SELDOM: Final = 0.08
"""The share of a word's counts under which it is taken for another that lost its diacritics."""
_KEPT: Final = 2.0
"""The log-odds that a word stays as it is, where the writer uses diacritics. A judgement: seven to one."""
_UNSEEN: Final = 0.1
"""Counts of a word that was never seen."""
_MARKS: Final = ".,?:;\"'()…-"
"""What stands around a word in leet and is no part of it."""
_letters: Final = re.compile(r"[\W_]*([^\W\d_]+)[\W_]*").fullmatch
"""One word, with marks and emoji before and behind it."""


@final
class _Word:
    """A chunk's word, and what it may be."""

    __slots__ = ("alike", "capital", "dropped", "plain", "syllable", "text")

    def __init__(self, text: str, alike: Alike, syllable: bool, dropped: bool, capital: bool) -> None:
        self.text = text
        """In lower case, "" where the chunk is no word."""
        self.alike = alike
        """What it may be."""
        self.plain = text.isascii()
        """Has it plain letters alone?"""
        self.syllable = syllable
        """Is it one, or was it before it lost its diacritics ("oc")?"""
        self.dropped = dropped
        """Is it seldom right as it stands?"""
        self.capital = capital
        """Does the chunk begin with a capital?"""


@final
class Diacritics:
    """Counts of words and of pairs of neighbours; immutable, but for what it remembers of words."""

    __slots__ = ("_alike", "_alone", "_numbers", "_pairs", "_read", "_words")

    def __init__(self, words: Sequence[str], counts: npt.ArrayLike, pairs: npt.ArrayLike, together: npt.ArrayLike) -> None:
        """How often each word was seen, and of `pairs`, the number of the first word times 2¹⁶ plus that of the second, each `together`."""
        self._words = words
        self._numbers = {word: number for number, word in enumerate(words)}
        every, keys = np.asarray(counts, dtype=np.int64), np.asarray(pairs, dtype=np.uint32)
        alone = (1 - _PAIRS) * (every + _UNSEEN) / every.sum()
        self._alone: list[float] = np.log(alone).tolist()
        firsts, seconds = keys >> 16, keys & 0xFFFF
        self._pairs = likeliest(keys, np.log(_PAIRS * np.asarray(together) / every[firsts] + alone[seconds]))
        self._read = lru_cache(maxsize=1 << 14)(self._word)
        self._alike: dict[str, list[int]] = {}
        for number in np.argsort(-every, kind="stable").tolist():
            if is_syllable(words[number]):
                alike = self._alike.setdefault(bare(words[number]), [])
                if len(alike) < MOST:  # the commonest ones: more never win, and each costs time
                    alike.append(number)

    def restore(self, chunks: Sequence[str]) -> tuple[list[str], bool]:
        """The chunks as they most likely should be, each as long as before, and whether they are plain: fewer than one in four of their
        syllables have diacritics, of those of a text that has them three in four do. All the same where most is no Vietnamese."""
        words = [self._read(chunk) for chunk in chunks]
        syllables, marked, others = 0, 0, 0
        for word in words:
            if word.syllable:
                syllables += 1
                marked += not word.plain
            else:
                others += word.text != ""
        plain = 4 * marked < syllables
        again = list(chunks)
        if syllables >= others:
            linked = _linked(words)
            kept = _KEPT * min(1.0, 2.0 * marked / max(syllables, 1))
            for low, high in [(0, len(words))] if plain else _open(words):
                row = self._pairs.row([word.alike for word in words[low:high]], linked[low:high], kept)
                for i, number in enumerate(row, low):
                    if number >= 0 and self._words[number] != words[i].text:
                        again[i] = _dressed(chunks[i], words[i].text, self._words[number])
        return again, plain

    def _word(self, chunk: str) -> _Word:
        found = _letters(chunk)
        if found is None and (hidden := self._in_leet(chunk)):
            return hidden
        text = found[1].lower() if found else ""
        if found and len(text) != len(found[1]):
            text = ""  # "İ" is two characters in lower case, and what is restored is as long as it was
        own = self._numbers.get(text, -1)
        alike = self._alike.get(text) if text.isascii() else None
        numbers = alike if alike is not None else [own]
        place = numbers.index(own) if own in numbers else -1
        dropped = alike is not None and self._is_dropped(own, alike)
        return _Word(text, self._weighed(numbers, place), text in BARE_BASES or is_syllable(text), dropped, chunk[0].isupper())

    def _in_leet(self, chunk: str) -> _Word | None:
        """The word of a chunk in leet, where it may be any: who writes signs for letters leaves out what these had above and below.

        One plain letter beside a digit is none: "m3" is a measure, "k1" a year at school.
        """
        text = chunk.strip(_MARKS).rstrip("!").lower()
        if text.isascii() and sum(map(str.isalpha, text)) < 2:
            return None
        numbers = [
            number
            for form in unleet(text)
            for number in self._alike.get(bare(form), ())
            if all([letter in (own, bare(own)) for letter, own in zip(form, self._words[number], strict=True)])
        ]
        if not numbers or text not in chunk.lower():
            return None
        numbers = sorted(set(numbers), key=lambda number: -self._alone[number])[:MOST]
        return _Word(text, self._weighed(numbers, -1), True, True, chunk[0].isupper())

    def _weighed(self, numbers: list[int], place: int) -> Alike:
        return numbers, [self._alone[number] if number >= 0 else 0.0 for number in numbers], place

    def dropped(self) -> frozenset[str]:
        """The words that are seldom right as they stand."""
        return frozenset([word for word, alike in self._alike.items() if self._is_dropped(self._numbers.get(word, -1), alike)])

    def _is_dropped(self, own: int, alike: Sequence[int]) -> bool:
        if own < 0:
            return True
        return math.exp(self._alone[own]) / sum([math.exp(self._alone[number]) for number in alike]) < _SELDOM


def _open(words: Sequence[_Word]) -> list[tuple[int, int]]:
    """The ranges of words each of which may be another, with the word on either side that is certain: what lies beyond has no say."""
    certain = [i for i, word in enumerate(words) if len(word.alike[0]) == 1 and not word.dropped]
    return [(max(low, 0), min(high + 1, len(words))) for low, high in pairwise([-1, *certain, len(words)]) if high - low > 1]


def _linked(words: Sequence[_Word]) -> list[bool]:
    """Of each word: does the one before it speak for it? Not where either is none, nor at the beginning of a name, the first with a capital
    behind one without: before a name stands another word."""
    return [False] + [
        before.text != "" and word.text != "" and (before.capital or not word.capital) for before, word in pairwise(words)
    ]


def in_place(text: str, chunks: Sequence[str], others: Sequence[str]) -> str:
    """The text with its chunks exchanged for others, each as long as before."""
    if text == " ".join(chunks):
        return " ".join(others)
    parts: list[str] = []
    position = 0
    for chunk, other in zip(chunks, others, strict=True):
        start = text.index(chunk, position)
        parts += (text[position:start], other)
        position = start + len(chunk)
    return "".join([*parts, text[position:]])


def _dressed(chunk: str, word: str, restored: str) -> str:
    """The chunk with `restored` in place of `word`, its capitals kept."""
    if chunk == word:
        return restored  # most often
    start = chunk.lower().index(word)
    own = chunk[start : start + len(word)]
    letters = [other.upper() if letter.isupper() or own.isupper() else other for letter, other in zip(own, restored, strict=True)]
    return chunk[:start] + "".join(letters) + chunk[start + len(word) :]


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
