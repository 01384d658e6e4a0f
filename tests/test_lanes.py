"""Sums of packed rows are the sums of their numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentfilter.lanes import pack, unpack

LARGEST = 1 << 34
"""Several merged words, each of the largest share that 16-bit weights allow."""


TABLES = st.integers(1, 12).flatmap(
    lambda heads: st.lists(st.lists(st.integers(-LARGEST, LARGEST), min_size=heads, max_size=heads), min_size=1)
)


@given(TABLES)
def test_sums_are_exact(rows: list[list[int]]) -> None:
    packed = pack(np.array(rows, dtype=np.int64))
    assert list(unpack(sum(packed), len(rows), len(rows[0]))) == np.array(rows).sum(axis=0).tolist()


@pytest.mark.parametrize("share", [-LARGEST, LARGEST])
def test_a_long_text_overflows_no_lane(share: int) -> None:
    packed = pack(np.array([[share, -share, 0]], dtype=np.int64))[0]
    assert list(unpack(packed * 10_000_000, 10_000_000, 3)) == [share * 10_000_000, -share * 10_000_000, 0]
