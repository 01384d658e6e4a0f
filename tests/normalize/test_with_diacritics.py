"""Does a text use diacritics? One in four of its syllables is enough; words that are none are not counted."""

from __future__ import annotations

import pytest
from making import restored

from contentfilter.normalize.diacritics import diacritics


@pytest.mark.parametrize(
    ("words", "uses"),
    [
        ("đồ ngu", True),
        ("do ngu", False),
        ("mà ta do ngu", True),  # one in four
        ("mà ta do ngu di", False),
        ("mà ta oc cho di", False),  # "oc" was a syllable before it lost its tone
        ("mà ta facebook iphone wifi tv", True),
        ("facebook wifi tv", True),  # nothing says that they were dropped
        ("", True),
    ],
)
def test_one_in_four(words: str, uses: bool) -> None:
    _, plain = restored(diacritics(), words)
    assert plain is not uses
