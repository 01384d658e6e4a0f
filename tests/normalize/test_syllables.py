"""What is a written Vietnamese syllable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentfilter.normalize.alphabet import LETTERS, TONED, bare, tone_of, untone
from contentfilter.normalize.syllables import BARE_BASES, BASES, is_syllable

SYLLABLES = (
    "a à ác ạch anh bà cà chó cút các đéo địt đừng em gà gì giá gìn giếng giết ghế ghì hoà khoẻ khuya kì kiến lồn ngủ nghĩ nghiêng ngoằn "
    "nguyễn oan oà phở quá quý quyển quốc quét quấy rượu soong xoong thuở thuỷ trường trưa tuýt uyên ưu uỷ vãi xoắn yên yếu ý"
).split()

NO_SYLLABLES = (
    "đit buồi2 cac cat ngiêng ghà kà ci gê nge kuá qu zậy fò wá jì loz vcl nguuu hello faker địịt aá ác̣ đ ng trường2 bbb ếế càc tàp ich ặ́"
).split()


@pytest.mark.parametrize("token", SYLLABLES)
def test_syllables(token: str) -> None:
    assert is_syllable(token)


@pytest.mark.parametrize("token", [*NO_SYLLABLES, "", "nghiêngg", "Chó", "chó mèo", "chó!"])
def test_no_syllables(token: str) -> None:
    assert not is_syllable(token)


@pytest.mark.parametrize("base", ["bac", "bach", "bap", "bat"])
def test_a_stop_takes_two_tones_only(base: str) -> None:
    told = {tone for tone in range(6) if is_syllable(base.replace("a", TONED["a"][tone]))}
    assert told == {2, 5}  # sắc and nặng


def test_other_syllables_take_all_six_tones() -> None:
    assert all(is_syllable("b" + letter + "n") for letter in TONED["a"])


def test_bases_have_no_tones_and_bare_bases_no_diacritics() -> None:
    assert all(untone(base) == base for base in BASES)
    assert all(base.isascii() for base in BARE_BASES)
    assert {bare(base) for base in BASES} == BARE_BASES
    assert max(map(len, BASES)) == len("nghiêng")


@given(st.text(st.sampled_from(sorted(LETTERS)), max_size=9))
def test_bare_and_untone_keep_the_length(text: str) -> None:
    assert len(bare(text)) == len(untone(text)) == len(text)
    assert bare(untone(text)) == bare(text)
    assert bare(text).isascii()


@given(st.sampled_from(sorted(LETTERS)))
def test_tone_of_tells_the_place_in_the_row(letter: str) -> None:
    assert TONED.get(untone(letter), (letter,) * 6)[tone_of(letter)] == letter
