"""Words and ends of sentences found once tell what looking between each two places would."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from contentfilter.match.keywords import Term
from contentfilter.match.near import Words
from contentfilter.match.settle import Hit

written = st.text(alphabet="à1_ .,!\n", max_size=20)
places = st.tuples(st.integers(0, 20), st.integers(0, 20))


@given(written, places)
def test_words_between_two_places(text: str, place: tuple[int, int]) -> None:
    start, end = sorted(min(edge, len(text)) for edge in place)
    words = Words(text)
    assert words.between(start, end) == len(re.findall(r"[^\W_]+", text[start:end]))


@given(written, places)
def test_ends_of_sentences_between_two_places(text: str, place: tuple[int, int]) -> None:
    """A full stop ends one before white space, and where the second place follows at once."""
    start, end = sorted(min(edge, len(text)) for edge in place)
    assert Words(text).in_one_sentence(start, end) is (re.search(r"[!?…\n]|\.(?=\s|$)", text[start:end]) is None)


@given(written, places)
def test_what_stands_first_and_last(text: str, place: tuple[int, int]) -> None:
    start, end = sorted(place)
    hit = Hit(start, end, Term("x"), (), 0, ())
    assert Words(text).none_before(hit) is not any(map(str.isalnum, text[:start]))
    assert Words(text).none_behind(hit) is not any(map(str.isalnum, text[end:]))
