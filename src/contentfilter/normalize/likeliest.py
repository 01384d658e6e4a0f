"""The likeliest row of words, each of which may be any of some that look alike: Viterbi's algorithm over pairs of neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from contentfilter.kernel import KERNEL

from .offsets import chunk_starts

MOST: Final = 8
"""What a word may be at most."""
_BEAM: Final = 9.0
"""Log-odds behind the likeliest way from which another is given up."""
_KEPT: Final = 2.0
"""The log-odds that a word stays as it is, where the writer uses diacritics. A judgement: seven to one."""
UNSEEN: Final = -1
"""The group of what was never seen."""

TEXT: Final = 1
"""The chunk has a word."""
SYLLABLE: Final = 2
"""It is a syllable, or was one before it lost its diacritics ("oc")."""
MARKED: Final = 4
"""It has other than plain letters."""
CAPITAL: Final = 8
"""The chunk begins with a capital."""
CERTAIN: Final = 16
"""It can be nothing but what it is."""


class Word(NamedTuple):
    """A chunk's word, and what it may be: some of the members of a group."""

    group: int
    low: int
    high: int
    """The members that it may be; of what was never seen one, which is itself."""
    stands: int
    """Which of them it is as it stands, −1 for none of them."""
    start: int
    """Where in the chunk it stands."""
    flags: int


class Groups(NamedTuple):
    """Words in groups of at most `MOST` that look alike, and what is known of pairs of them."""

    words: list[str]
    """All words, by number."""
    alone: npt.NDArray[np.float64]
    """The log-odds of each by itself."""
    starts: npt.NDArray[np.int32]
    """Where the members of each group start, and one more for the end."""
    members: npt.NDArray[np.int32]
    """The numbers of words, group after group."""
    keys: npt.NDArray[np.uint32]
    """Pairs of groups of which neighbours are known: the first times 2¹⁶ plus the second."""
    ends: npt.NDArray[np.int32]
    """Behind the last pair of members of each."""
    places: npt.NDArray[np.uint8]
    """Of a pair of members the place of the first times `MOST` plus that of the second, in order within each pair of groups."""
    likely: npt.NDArray[np.float64]
    """The log-odds that the second stands behind the first."""


class Words(Protocol):
    """The words of chunks, by id."""

    def tell(self, i: int, group: int, low: int, high: int, stands: int, start: int, flags: int) -> None:
        """Take in the `Word` of a chunk."""

    def untold(self, ids: list[int]) -> list[int]:
        """Those of the ids of which nothing was told."""


class Likeliest(Protocol):
    """What is known of groups; immutable."""

    def restore(self, words: Any, ids: list[int], text: str) -> tuple[str, bool] | None:
        """A text, given `Words` and the ids of its chunks, with each word exchanged for what it is in the likeliest row, and whether it is
        plain: fewer than one in four of its syllables have diacritics. None where a chunk was not told. The same where most is no
        Vietnamese."""


class PlainWords:
    """In Python, where nothing was compiled."""

    def __init__(self) -> None:
        self.told: dict[int, Word] = {}

    def tell(self, i: int, group: int, low: int, high: int, stands: int, start: int, flags: int) -> None:
        """See `Words`."""
        self.told[i] = Word(group, low, high, stands, start, flags)

    def untold(self, ids: list[int]) -> list[int]:
        """See `Words`."""
        return [i for i in ids if i not in self.told]


class PlainLikeliest:
    """In Python, where nothing was compiled."""

    def __init__(self, groups: Groups) -> None:
        self._words = groups.words
        self._alone: list[float] = groups.alone.tolist()
        members: list[int] = groups.members.tolist()
        self._members = [members[low:high] for low, high in pairwise(groups.starts.tolist())]
        ends: list[int] = groups.ends.tolist()
        known = zip(groups.places.tolist(), groups.likely.tolist(), strict=True)
        pairs = [(place // MOST, place % MOST, likely) for place, likely in known]
        ranges = zip(groups.keys.tolist(), [0, *ends], ends, strict=False)
        self._pairs = {key: pairs[low:high] for key, low, high in ranges}

    def restore(self, words: Any, ids: list[int], text: str) -> tuple[str, bool] | None:
        """See `Likeliest`."""
        if words.untold(ids):
            return None
        row: list[Word] = [words.told[i] for i in ids]
        syllables = sum([word.flags & SYLLABLE > 0 for word in row])
        marked = sum([word.flags & (SYLLABLE | MARKED) == SYLLABLE | MARKED for word in row])
        others = sum([word.flags & (SYLLABLE | TEXT) == TEXT for word in row])
        plain = 4 * marked < syllables
        if syllables < others:
            return text, plain
        kept = _KEPT * min(1.0, 2.0 * marked / max(syllables, 1))
        letters = list(text)
        starts = chunk_starts(text, text.split())
        for low, high in [(0, len(row))] if plain else _open(row):
            for i, place in enumerate(self._row(row[low:high], kept), low):
                word = row[i]
                if word.group == UNSEEN or place == word.stands:
                    continue
                start, meant = starts[i] + word.start, self._words[self._members[word.group][place]]
                capitals = text[start : start + len(meant)].isupper()  # a sign for a letter has no case of its own
                for at, letter in enumerate(meant, start):
                    letters[at] = letter.upper() if capitals or letters[at].isupper() else letter
        return "".join(letters), plain

    def _row(self, words: Sequence[Word], kept: float) -> list[int]:
        """What each word is in the likeliest row, among the members of its group."""
        scores: dict[int, float] = {}
        most, top, least = 0, 0.0, 0.0  # which is likeliest, and its score; what is far behind it is not followed
        before: list[dict[int, int]] = []  # for each word and all that it may be: what stands before it on the best way there
        for last, word in zip([None, *words], words, strict=False):
            best = {place: top + self._by_itself(word, place) for place in range(word.low, word.high)}
            ways = dict.fromkeys(best, most)  # by the likeliest word before, unless another is known to stand there
            for first, second, likely in self._known(last, word):
                if first in scores and second in best and scores[first] >= least and scores[first] + likely > best[second]:
                    best[second] = scores[first] + likely
                    ways[second] = first
            if word.stands >= 0:
                best[word.stands] += kept
            most = max(best, key=lambda place: best[place])
            top = best[most]
            least = top - _BEAM
            scores = best
            before.append(ways)
        row: list[int] = []
        for ways in reversed(before):
            row.append(most)
            most = ways[most]
        row.reverse()
        return row

    def _by_itself(self, word: Word, place: int) -> float:
        return 0.0 if word.group == UNSEEN else self._alone[self._members[word.group][place]]

    def _known(self, last: Word | None, word: Word) -> Sequence[tuple[int, int, float]]:
        """What is known of two neighbours; nothing where one has no word, nor at the beginning of a name, the first with a capital behind
        one without: before a name stands another word."""
        if last is None or UNSEEN in (last.group, word.group) or (word.flags & CAPITAL and not last.flags & CAPITAL):
            return ()
        return self._pairs.get(last.group << 16 | word.group, ())


def _open(row: Sequence[Word]) -> list[tuple[int, int]]:
    """The ranges of words each of which may be another, with the word on either side that is certain: what lies beyond has no say."""
    certain = [i for i, word in enumerate(row) if word.flags & CERTAIN]
    return [(max(low, 0), min(high + 1, len(row))) for low, high in pairwise([-1, *certain, len(row)]) if high - low > 1]


def new_words() -> Words:
    """Empty ones."""
    made: Words = PlainWords() if KERNEL is None else KERNEL.Words()
    return made


def likeliest(groups: Groups) -> Likeliest:
    """What is known of these groups, for words that `new_words` made."""
    made: Likeliest = PlainLikeliest(groups) if KERNEL is None else KERNEL.Likeliest(*groups, _BEAM, _KEPT)
    return made
