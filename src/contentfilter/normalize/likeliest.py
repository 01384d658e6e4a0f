"""The likeliest row of words, each of which may be any of some that look alike: Viterbi's algorithm over pairs of neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from contentfilter.kernel import KERNEL

MOST: Final = 8
"""What a word may be at most."""
_BEAM: Final = 9.0
"""Log-odds behind the likeliest way from which another is given up."""

Alike = tuple[list[int], list[float], int]
"""The numbers of what a word may be, −1 for what was never seen; the log-odds of each by itself; the place of the word as it stands among
them, −1 where it is none of them."""


class Likeliest(Protocol):
    """What is known of pairs; immutable."""

    def row(self, words: list[Alike], linked: list[bool], kept: float) -> list[int]:
        """The numbers of the likeliest row. `linked` tells whether each word has anything to do with the one before it, `kept` is the
        log-odds that a word stays as it is."""


class PlainLikeliest:
    """In Python, where nothing was compiled."""

    def __init__(self, keys: Sequence[int], likely: Sequence[float]) -> None:
        self._pairs = dict(zip(keys, likely, strict=True))

    def row(self, words: list[Alike], linked: list[bool], kept: float) -> list[int]:
        """See `Likeliest`."""
        numbers: list[int] = []
        scores: list[float] = [0.0]
        most, top, least = 0, 0.0, 0.0  # the place and the score of the likeliest; what is far behind it is not followed
        rows: list[list[int]] = []  # for each word and all that it may be: the place of what stands before it on the best way there
        for (others, alone, own), is_linked in zip(words, linked, strict=True):
            best = [top + one for one in alone]  # by the likeliest word before, unless another is known to stand there
            places = [most] * len(best)
            for i, first in enumerate(numbers if is_linked else ()):
                for j, second in enumerate(others):
                    known = self._pairs.get(first << 16 | second) if scores[i] >= least else None
                    if known is not None and scores[i] + known > best[j]:
                        best[j] = scores[i] + known
                        places[j] = i
            if own >= 0:
                best[own] += kept
            top = max(best)
            most = best.index(top)
            least = top - _BEAM
            numbers, scores = others, best
            rows.append(places)
        row: list[int] = []
        place = most
        for word, places in zip(reversed(words), reversed(rows), strict=True):
            row.append(word[0][place])
            place = places[place]
        row.reverse()
        return row


def likeliest(keys: npt.NDArray[Any], likely: npt.NDArray[np.float64]) -> Likeliest:
    """From pairs, each the number of its first word times 2¹⁶ plus that of its second, and their log-odds."""
    if KERNEL is None:
        return PlainLikeliest(keys.tolist(), likely.tolist())
    made: Likeliest = KERNEL.Likeliest(np.ascontiguousarray(keys, dtype=np.uint32), np.ascontiguousarray(likely), _BEAM)
    return made
