"""Chunks → ids: which chunks are known, and where in a text each stands."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from contentfilter.kernel import KERNEL

UNKNOWN = -1


class Index(Protocol):
    """Known chunks, numbered in the order in which they came. Grows, never changes what is there."""

    def add(self, chunks: list[str]) -> None:
        """Take in chunks that are not known, under the next ids."""

    def find(self, chunks: list[str]) -> list[int]:
        """The id of each chunk, `UNKNOWN` for one that is not known."""

    def split(self, texts: list[str], used: bytearray) -> tuple[bytearray, bytearray, list[str]]:
        """The texts at white space, as `str.split` has it: the ids of all chunks in a row and the number of each text's, as 64-bit
        integers, and what was `UNKNOWN` of the chunks, in order. Sets `used` to 1 at each id found for which it has
        room: more may have come meanwhile."""


class PlainIndex:
    """In Python, where nothing was compiled."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def add(self, chunks: list[str]) -> None:
        """See `Index`."""
        self._ids.update(zip(chunks, range(len(self._ids), len(self._ids) + len(chunks)), strict=True))

    def find(self, chunks: list[str]) -> list[int]:
        """See `Index`."""
        ids = self._ids
        return [ids.get(chunk, UNKNOWN) for chunk in chunks]

    def split(self, texts: list[str], used: bytearray) -> tuple[bytearray, bytearray, list[str]]:
        """See `Index`."""
        chunks: list[str] = []
        counts: list[int] = []
        for text in texts:
            before = len(chunks)
            chunks += text.split()
            counts.append(len(chunks) - before)
        ids = self.find(chunks)
        found = np.array(ids, dtype=np.int64)
        np.frombuffer(used, dtype=np.uint8)[found[(found >= 0) & (found < len(used))]] = 1  # another thread may have added more since
        new = [chunk for chunk, i in zip(chunks, ids, strict=True) if i < 0] if len(found) and found.min() < 0 else []
        return _packed(found), _packed(counts), new


def _packed(numbers: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.int64]]) -> bytearray:
    return bytearray(np.asarray(numbers, dtype=np.int64).tobytes())


def new_index() -> Index:
    """An empty one. Its seed is drawn by chance, so that nobody can write chunks that fall into the same places."""
    made: Index = PlainIndex() if KERNEL is None else KERNEL.Index(int.from_bytes(os.urandom(8), "little"))
    return made
