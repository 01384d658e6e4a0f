"""Many small integers added at once: side by side in one long Python integer, a lane a head.

For a single text numpy's calls cost more than its work, and a loop a head grows with the heads; adding two long integers costs the
same for two heads as for ten. A lane holds its number plus an offset, so that none is negative and none borrows from its neighbour.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

_BYTES: Final = 8
_OFFSET: Final = 1 << 36
"""Above any share: 792 n-grams at most, of 16-bit weights, in 256 units, over their root, are under 2²⁸, and few words are merged in one
chunk. Sums of 2²⁷ lanes fit."""
_ORDER: Final[Literal["little", "big"]] = sys.byteorder


class Lanes:
    """Rows of (n, heads) integers, each as one integer. Immutable."""

    def __init__(self, rows: npt.NDArray[np.int64]) -> None:
        self._content = np.ascontiguousarray(rows + _OFFSET).tobytes()
        self._width = _BYTES * rows.shape[1]

    def __getitem__(self, row: int) -> int:
        start = row * self._width
        return int.from_bytes(self._content[start : start + self._width], _ORDER)


def pack(rows: npt.NDArray[np.int64]) -> list[int]:
    """Each row of (n, heads) integers as one."""
    lanes = Lanes(rows)
    return [lanes[row] for row in range(len(rows))]


def unpack(total: int, summands: int, heads: int) -> Sequence[int]:
    """The sums, one a head, of so many packed rows, given the sum of these."""
    offset = summands * _OFFSET
    return [lane - offset for lane in memoryview(total.to_bytes(_BYTES * heads, _ORDER)).cast("q")]
