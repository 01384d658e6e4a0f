"""Terms made from terms: spelled letters and spoonerisms."""

from __future__ import annotations

import pytest

from contentfilter.match.keywords import Term
from contentfilter.normalize.syllables import is_syllable
from contentfilter.rules.variants import spelled, spoonerisms_of, variants


@pytest.mark.parametrize(
    ("abbreviation", "phrase"), [("đm", "đờ mờ"), ("vcl", "vê cê lờ"), ("vcl", "vờ cờ lờ"), ("clmm", "cờ lờ mờ mờ"), ("đkm", "đê ca mờ")]
)
def test_letters_are_spelled(abbreviation: str, phrase: str) -> None:
    assert phrase in spelled(abbreviation)


@pytest.mark.parametrize("word", ["ngu", "a", "đ", "xyz", "đmmmmm", "🐶", "đồ ngu", ""])
def test_words_are_not_spelled(word: str) -> None:
    assert list(spelled(word)) == []


EXCHANGED = [("xạo lồn", "xộn lào"), ("lồn to", "lò tôn"), ("vãi lồn", "lãi vồn"), ("đầu buồi", "bầu đuồi"), ("cái lồn", "lái cồn")]


@pytest.mark.parametrize(("pair", "phrase"), EXCHANGED)
def test_rimes_are_exchanged(pair: str, phrase: str) -> None:
    found = spoonerisms_of(*pair.split())
    assert phrase in found
    assert pair not in found
    assert all(is_syllable(syllable) for made in found for syllable in made.split())


def test_variants_say_what_they_are_made_from() -> None:
    abuse = Term("đm", 0, 5.0, abusive=True)
    sign = Term("cl", 1, 1.0)
    found = {term.text: term for term in variants([abuse, sign, Term("đê mờ", 2, 3.0)], (), ("đờ em",))}
    assert set(found) == {"đờ mờ", "đê em"}
    assert (found["đờ mờ"].means, found["đờ mờ"].undone, found["đờ mờ"].rule) == ("đm", ("spelled letters",), 0)
