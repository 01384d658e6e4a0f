"""Text read in the wrong encoding: mojibake is mended, the old encodings are guessed."""

from __future__ import annotations

import unicodedata

import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st

from contentfilter.normalize.alphabet import LETTERS
from contentfilter.normalize.encodings import TCVN3, VNI_WINDOWS, legacy, unmojibake
from contentfilter.normalize.syllables import is_syllable

WORDS = "địt mẹ lồn chó đéo thằng ngựa được những người khốn nạn mày buồi đĩ cứt ngốc".split()


def misread(text: str) -> str:
    """UTF-8 read as CP1252, its five unused bytes as control characters."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("word", [*WORDS, "ĐỊT", "“chó”", "n\N{ZERO WIDTH SPACE}gu", unicodedata.normalize("NFD", "địt"), "Đụ"])
def test_mojibake_is_mended(word: str) -> None:
    mended = unmojibake(misread(word))
    assert mended is None or mended.text == word
    assert (mended is None) == word.isascii()


def test_mended_letters_know_where_they_came_from() -> None:
    chunk = misread("xđịt")
    view = unmojibake(chunk)
    assert view is not None
    assert [chunk[slice(*view.origin(i, i + 1))] for i in range(4)] == ["x", misread("đ"), misread("ị"), "t"]


@pytest.mark.parametrize("word", ["quá…”", "GÌ…", "Ô…", "café", "naïve", "señor", "Müller", "BÃ", "“Ừ”", "địt", "38°", "«ừ»", "Ã"])
def test_real_text_is_no_mojibake(word: str) -> None:
    assert unmojibake(word) is None


def test_a_no_break_space_cuts_the_letter_a_grave() -> None:
    cut = misread("bà").split()
    assert cut == ["bÃ"]
    assert [view.text for view in [unmojibake(cut[0])] if view] == ["bà"]


@given(st.sampled_from(WORDS))
def test_old_encodings_are_read(word: str) -> None:
    for table in (TCVN3, VNI_WINDOWS):
        written = {letter: seen for seen, letter in table.items()}
        seen = "".join(written.get(letter, letter) for letter in word)
        assert seen == word or word in [view.text for view in legacy(seen, is_syllable)]


READ = [("ðiòt", "địt"), ("ñòt", "địt"), ("®Þt", "địt"), ("meï", "mẹ"), ("mÑ", "mẹ"), ("m\xeb\xec", None)]


@pytest.mark.parametrize(("chunk", "read"), READ)
def test_old_encodings(chunk: str, read: str | None) -> None:
    found = [view.text for view in legacy(chunk, is_syllable)]
    assert (read in found) if read else found == []


@pytest.mark.parametrize("chunk", ["ngu", "địt", "forêt", "ação", "München", "été", "x" * 100 + "é", "ệ®"])
def test_what_is_in_no_old_encoding(chunk: str) -> None:
    assert not [view.text for view in legacy(chunk, {"ngu"}.__contains__) if len(view.text) > 3]


def test_tables_have_every_letter() -> None:
    assert set(VNI_WINDOWS.values()) == {letter for letter in LETTERS if not letter.isascii()}
    assert set(TCVN3.values()) == set(VNI_WINDOWS.values())
    assert all(len(seen) == 1 for seen in TCVN3)


@given(texts.chunks)
def test_what_is_read_anew_keeps_its_origins(chunk: str) -> None:
    for view in (unmojibake(chunk), *legacy(chunk, is_syllable)):
        if view is not None:
            spans = [view.origin(i, i + 1) for i in range(len(view.text))]
            assert spans == sorted(spans)
            assert len(view.text) <= len(chunk)
            assert all(0 <= start < end <= len(chunk) for start, end in spans)


@pytest.mark.parametrize("unit", ["Ã", "á»‹", "Ä‘", "®", "\xa8", "Ì€"])
def test_long_repetitions_finish(unit: str) -> None:
    chunk = unit * (300_000 // len(unit))
    unmojibake(chunk)
    assert list(legacy(chunk, is_syllable)) == []
