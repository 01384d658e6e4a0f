"""Missing diacritics restored: no more than they and signs for letters change; both readings are one answer, alone and in a batch."""

from __future__ import annotations

import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st
from making import restored

from contentfilter import ContentFilter
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.diacritics import Diacritics, diacritics
from contentfilter.normalize.skeleton import LEET

WORDS = ["bán", "bạn", "bàn", "nhà", "của", "chó", "cho", "Lan"]
COUNTS = [40, 100, 20, 90, 200, 30, 300, 5]
PAIRS = {("bán", "nhà"): 30, ("bạn", "của"): 40, ("bán", "chó"): 20}
NUMBERS = {word: number for number, word in enumerate(WORDS)}
SMALL = Diacritics(WORDS, COUNTS, [NUMBERS[first] << 16 | NUMBERS[second] for first, second in PAIRS], list(PAIRS.values()))

ROWS = [
    ("the commonest word that looks so", "ban", "bạn"),
    ("what stands behind tells", "ban nha", "bán nhà"),
    ("and so it is written", "BAN NHA", "BÁN NHÀ"),
    ("marks around stay", "(ban), nha!!!", "(bán), nhà!!!"),
    ("the first word too, where all others are certain", "ban nhà", "bán nhà"),
    ("and the last", "của ban", "của bạn"),
    ("a word with diacritics stays", "bàn nha", "bàn nhà"),
    ("what nobody wrote stays", "xyzt", "xyzt"),
    ("another language stays", "Manchester United beat Chelsea yesterday ban", "Manchester United beat Chelsea yesterday ban"),
    ("a letter that is two in lower case", "İ ban nha", "İ bán nhà"),
    ("nothing", "", ""),
    ("a word in leet", "b@n nhà.", "bán nhà."),
    ("of which some letters are left", "8án nha", "bán nhà"),
    ("and no other", "8àn", "bàn"),
    ("capitals stay", "B@N nhà", "BÁN nhà"),
    ("one letter is a measure", "mua 3 a4", "mua 3 a4"),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_restoring(text: str, expected: str) -> None:
    assert restored(SMALL, text)[0] == expected


def test_white_space_stays() -> None:
    assert restored(SMALL, "  ban  ban\tnha\u3000") == ("  bạn  bán\tnhà\u3000", True)


bared = st.lists(st.sampled_from(texts.PHRASES), max_size=5).map(lambda phrases: bare(" ".join(phrases).lower()))


@given(bared | st.lists(texts.mixtures | texts.chunks, max_size=8).map(" ".join))
def test_nothing_but_diacritics_changes(text: str) -> None:
    again, _ = restored(diacritics(), text)
    assert len(again) == len(text)
    changed = [(chunk, other) for chunk, other in zip(text.split(), again.split(), strict=True) if chunk != other]
    for chunk, other in changed:
        assert all(letter in (own.lower(), bare(own.lower())) or letter in LEET for letter, own in zip(chunk.lower(), other, strict=True))


@given(st.lists(bared, min_size=1, max_size=6))
def test_a_batch_of_bare_texts_is_its_single_calls(shipped: ContentFilter, batch: list[str]) -> None:
    assert shipped.classify_batch(batch) == [shipped.classify(text) for text in batch]
    for text, result in zip(batch, shipped.classify_batch(batch), strict=True):
        assert all(letter == own or letter in LEET for letter, own in zip(text, bare(result.restored.lower()), strict=True))


def test_what_lies_behind_the_budget_is_not_restored() -> None:
    short = ContentFilter(max_characters=20)
    result = short.classify("Bon may la lu khon nan, bon may la lu khon nan")
    assert len(result.restored) == len(result.text)
    assert result.restored[20:] == result.text[20:]
