"""What a text without its diacritics most likely said: "con dien nay" (con điên này), "may thang nao" (mấy thằng nào).

Each syllable that is written in plain letters may be any that looks so; the likeliest row of them, by how often two neighbours stand
side by side, is what a reader takes it for (Viterbi's algorithm over bigrams, interpolated with unigrams; Jurafsky and Martin, *Speech
and Language Processing*, 3.5 and appendix A). It speaks for both sides: "lon hon" is lớn hơn, and no swear word.

Who types diacritics drops them on purpose or not at all, so among syllables that have theirs one without keeps its letters unless
the others speak against it. Only texts with a word that is seldom right as it stands ("dien", "khung") are read so at all.

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
_BEAM: Final = 9.0
"""Log-odds behind the likeliest way from which another is given up."""
_MOST: Final = 8
"""Words that look alike, the commonest ones: more never win, and each costs time."""
_letters: Final = re.compile(r"[\W_]*([^\W\d_]+)[\W_]*").fullmatch
"""One word, with marks and emoji before and behind it."""


@final
class _Word:
    """A chunk's word, and what it may be."""

    __slots__ = ("alone", "capital", "dropped", "numbers", "own", "plain", "syllable", "text")

    def __init__(
        self, text: str, numbers: list[int], alone: list[float], own: int, syllable: bool, dropped: bool, capital: bool
    ) -> None:
        self.text = text
        """In lower case, "" where the chunk is no word."""
        self.numbers = numbers
        """−1 for what was never seen."""
        self.alone = alone
        """The log-odds of each by itself."""
        self.own = own
        """The place of the word as it stands among them; −1 where it was never seen."""
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
    """Counts of words and of pairs of neighbours; immutable, but for what it remembers of words and neighbours."""

    __slots__ = ("_alike", "_alone", "_between", "_numbers", "_pairs", "_read", "_words")

    def __init__(self, words: Sequence[str], counts: Sequence[int], pairs: dict[int, int]) -> None:
        """`pairs` → how often; a pair's key is the number of its first word times 2¹⁶ plus that of its second."""
        self._words = words
        self._numbers = {word: number for number, word in enumerate(words)}
        total = sum(counts)
        alone = [(1 - _PAIRS) * (count + _UNSEEN) / total for count in counts]
        self._alone: list[float] = np.log(alone).tolist()
        firsts = np.array([counts[key >> 16] for key in pairs])
        seconds = np.array([alone[key & 0xFFFF] for key in pairs])
        likely = np.log(_PAIRS * np.array(list(pairs.values())) / firsts + seconds)
        self._pairs: dict[int, float] = dict(zip(pairs, likely.tolist(), strict=True))
        self._read = lru_cache(maxsize=1 << 14)(self._word)
        self._between = lru_cache(maxsize=1 << 15)(self._known)
        self._alike: dict[str, list[int]] = {}
        for number in sorted(range(len(words)), key=lambda number: -counts[number]):
            if is_syllable(words[number]):
                alike = self._alike.setdefault(bare(words[number]), [])
                if len(alike) < _MOST:
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
            names = _names(words)
            kept = _KEPT * min(1.0, 2.0 * marked / max(syllables, 1))
            for low, high in [(0, len(words))] if plain else _open(words):
                for i, number in enumerate(self._likeliest(words[low:high], names[low:high], kept), low):
                    if number >= 0 and self._words[number] != words[i].text:
                        again[i] = _dressed(chunks[i], words[i].text, self._words[number])
        return again, plain

    def _word(self, chunk: str) -> _Word:
        found = _letters(chunk)
        text = found[1].lower() if found else ""
        if found and len(text) != len(found[1]):
            text = ""  # "İ" is two characters in lower case, and what is restored is as long as it was
        own = self._numbers.get(text, -1)
        alike = self._alike.get(text) if text.isascii() else None
        numbers = alike if alike is not None else [own]
        place = numbers.index(own) if own in numbers else -1
        alone = [self._alone[number] if number >= 0 else 0.0 for number in numbers]
        dropped = alike is not None and self._is_dropped(own, alike)
        return _Word(text, numbers, alone, place, text in BARE_BASES or is_syllable(text), dropped, chunk[0].isupper())

    def _known(self, first: str, second: str) -> list[tuple[int, int, float]]:
        """What of two words stood side by side: the places of both among what they may be, and the log-odds."""
        firsts, seconds = self._read(first).numbers, self._read(second).numbers
        pairs = [(i, j, self._pairs.get(one << 16 | other)) for i, one in enumerate(firsts) for j, other in enumerate(seconds)]
        return [(i, j, known) for i, j, known in pairs if known is not None]

    def _likeliest(self, words: Sequence[_Word], names: Sequence[bool], kept: float) -> list[int]:
        """The numbers of the likeliest row of words, −1 for what is none."""
        last = ""
        scores: list[float] = [0.0]
        most, top, least = 0, 0.0, 0.0  # the place and the score of the likeliest; what is far behind it is not followed
        rows: list[list[int]] = []  # for each word and all that it may be: the place of what stands before it on the best way there
        for word, name in zip(words, names, strict=True):
            best = [top + alone for alone in word.alone]  # by the likeliest word before, unless another is known to stand there
            places = [most] * len(best)
            if last and word.text and not name:  # before a name stands another word
                for i, j, known in self._between(last, word.text):
                    score = scores[i]
                    if score >= least and score + known > best[j]:
                        best[j] = score + known
                        places[j] = i
            if word.own >= 0:
                best[word.own] += kept
            top = max(best)
            most = best.index(top)
            least = top - _BEAM
            scores = best
            rows.append(places)
            last = word.text
        row: list[int] = []
        place = most
        for number in range(len(words) - 1, -1, -1):
            row.append(words[number].numbers[place])
            place = rows[number][place]
        row.reverse()
        return row

    def dropped(self) -> frozenset[str]:
        """The words that are seldom right as they stand."""
        return frozenset([word for word, alike in self._alike.items() if self._is_dropped(self._numbers.get(word, -1), alike)])

    def _is_dropped(self, own: int, alike: Sequence[int]) -> bool:
        if own < 0:
            return True
        return math.exp(self._alone[own]) / sum([math.exp(self._alone[number]) for number in alike]) < _SELDOM


def _open(words: Sequence[_Word]) -> list[tuple[int, int]]:
    """The ranges of words each of which may be another, with the word on either side that is certain: what lies beyond has no say."""
    certain = [i for i, word in enumerate(words) if len(word.numbers) == 1 and not word.dropped]
    return [(max(low, 0), min(high + 1, len(words))) for low, high in pairwise([-1, *certain, len(words)]) if high - low > 1]


def _names(words: Sequence[_Word]) -> list[bool]:
    """Begins a name with this word: is it the first with a capital, behind one without?"""
    return [word.capital and not before.capital for before, word in pairwise([words[0], *words])]


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
    letters = [other.upper() if letter.isupper() else other for letter, other in zip(own, restored, strict=True)]
    return chunk[:start] + "".join(letters) + chunk[start + len(word) :]


@cache
def diacritics() -> Diacritics:
    """The shipped counts, read when a text first asks. Raises `ValueError` for a file of another format."""
    words, counts, pairs, together = _tensors("words", "counts", "pairs", "together")
    return Diacritics(_lines(words), counts.tolist(), dict(zip(pairs.tolist(), together.tolist(), strict=True)))


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
