"""What announces a term: the neighbours in a text without which it can't be there, so that most texts are never matched.

A term of two tokens is announced by the pair, a longer one by three of its tokens in a row, the rarest. Pairs are told by the
hashes that the model adds up anyway: a map of 2²² bytes says for almost all of them that they announce nothing, and what is left is
looked up exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, product
from typing import Final

import numpy as np
import numpy.typing as npt

from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.vocabulary import Run, paired_tokens

from .features import Hashes, Integers, pair_hashes, pair_keys

_WORD: Final = (1 << 64) - 1
_SHIFT: Final = 42
"""A map of 2²² bytes, of which ten thousand terms fill a hundredth at most."""
_PAIR: Final = 1
_TRIPLE: Final = 2
_SECOND: Final = 4
"""Of a byte: a pair that announces by itself; the first and the second pair of three tokens that do."""
NEXT: Final = 0xA0761D6478BD642F
"""An odd number of scattered bits: a triple's hash is its first pair's times this plus its second pair's."""

Table = tuple[Hashes, Integers]
"""Sorted hashes, and what each asks for."""


class Announcer:
    """The neighbours that announce terms, and the company that these need; immutable."""

    def __init__(self, *runs: Iterable[Run]) -> None:
        """Each of `runs` is gone through more than once."""
        tokens = sorted(frozenset().union(*map(paired_tokens, runs)))
        lefts, rights = pair_keys(tokens).T.tolist()
        self._left, self._right = dict(zip(tokens, lefts, strict=True)), dict(zip(tokens, rights, strict=True))
        left, right = np.array(lefts, dtype=np.int64), np.array(rights, dtype=np.int64)
        numbers = {token: number for number, token in enumerate(tokens)}
        # token → its number, and that of its bare form, its own where no run may be written so
        forms = {token: (number, numbers.get(bare(token), number)) for token, number in numbers.items()}
        marks = np.zeros(1 << (64 - _SHIFT), dtype=np.uint8)

        ids, asks = _forms(chain(*runs), forms, 2)
        pairs = pair_hashes(left[ids[:, 0]], right[ids[:, 1]])
        marks[pairs >> np.uint64(_SHIFT)] |= _PAIR
        self._pair_table = _table(pairs, asks)

        ids, asks = _forms(chain(*runs), forms, 3)
        firsts, seconds = (pair_hashes(left[ids[:, place]], right[ids[:, place + 1]]) for place in (0, 1))
        marks[firsts >> np.uint64(_SHIFT)] |= _TRIPLE
        marks[seconds >> np.uint64(_SHIFT)] |= _SECOND
        self._triple_table = _table(_triples(firsts, seconds), asks)

        self._marks = marks

    @property
    def tables(self) -> tuple[npt.NDArray[np.uint8], Hashes, Integers, Hashes, Integers]:
        """What announces terms: the map of marks; the hashes of pairs in order, and what each asks for; those of triples, likewise."""
        return self._marks, *self._pair_table, *self._triple_table

    def beside(self, first: str, second: str) -> bool:
        """May these two tokens stand side by side in what announces a term?"""
        left, right = self._left.get(first), self._right.get(second)
        return left is not None and right is not None and bool(self._marks[((left + right) & _WORD) >> _SHIFT])

    def batch(self, pairs: Hashes, inside: npt.NDArray[np.uint8]) -> Iterator[tuple[Integers, Integers]]:
        """The positions of neighbours that announce terms, each once, and what these ask for: those of two, then those of three.

        `pairs` are the hashes of all neighbours in a row of texts, `inside` is 0 where the two are of different texts.
        """
        marks = self._marks[pairs >> np.uint64(_SHIFT)] * inside
        singles = np.flatnonzero(marks & _PAIR)
        firsts = np.flatnonzero(marks[:-1] & (inside[1:] * np.uint8(_TRIPLE)))
        yield singles, _find(self._pair_table, pairs[singles])
        yield firsts, _find(self._triple_table, _triples(pairs[firsts], pairs[firsts + 1]))


def _forms(runs: Iterable[Run], forms: Mapping[str, tuple[int, int]], length: int) -> tuple[Integers, Integers]:
    """Every form of the runs of this length, as numbers of tokens (n, length), and what each asks for (n,)."""
    chosen = [(run, may_be_bare, asked) for run, may_be_bare, asked in runs if len(run) == length]
    ids = np.array([number for run, _, _ in chosen for token in run for number in forms[token]], dtype=np.int64).reshape(-1, length, 2)
    fixed = np.array([not may_be_bare for _, may_be_bare, _ in chosen], dtype=bool)
    ids[fixed, :, 1] = ids[fixed, :, 0]
    asks = np.array([asked for _, _, asked in chosen], dtype=np.int64)
    choices = list(product((0, 1), repeat=length))
    return np.concatenate([ids[:, range(length), choice] for choice in choices]), np.tile(asks, len(choices))


def _triples(firsts: Hashes, seconds: Hashes) -> Hashes:
    return firsts * np.uint64(NEXT) + seconds


def _table(hashes: Hashes, asks: Integers) -> Table:
    if not len(hashes):
        return hashes, asks
    order = np.argsort(hashes)
    found, starts = np.unique(hashes[order], return_index=True)
    return found, np.bitwise_or.reduceat(asks[order], starts)


def _find(table: Table, wanted: Hashes) -> Integers:
    """What is asked for at each of the hashes; 0 where nothing is."""
    hashes, asked = table
    if not len(hashes):
        return np.zeros(len(wanted), dtype=np.int64)
    places = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
    return np.where(hashes[places] == wanted, asked[places], 0)
