"""Raw Telex and VNI: every legal syllable decodes from both, whichever place its keys are typed in."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentfilter.normalize.alphabet import SHAPES, TONE_MARKS, bare, tone_of, untone
from contentfilter.normalize.keyboard import telex, vni
from contentfilter.normalize.syllables import BASES, is_syllable, place_tone

TELEX = dict(zip((*TONE_MARKS, *SHAPES[1:]), "fsrxjww", strict=True))
VNI = dict(zip((*TONE_MARKS, *SHAPES), "21345687", strict=True))
SYLLABLES = sorted({found for base in BASES for tone in range(6) if is_syllable(found := place_tone(base, tone))})
DATA = Path(__file__).parents[3] / "shared" / "data" / "typing" / "syllables.csv"


def typed(syllable: str, keys: dict[str, str], d: str, late: bool) -> str:
    """A syllable as it is typed: its tone at the letter, or `late`, at the end."""
    found, tone = [], ""
    for letter in syllable:
        for part in sorted(unicodedata.normalize("NFD", letter), key=TONE_MARKS.__contains__):  # the shape first
            if part == "đ":
                found.append(d)
            elif part == SHAPES[0] and d == "dd":
                found.append(found[-1])
            elif part in TONE_MARKS and late:
                tone = keys[part]
            else:
                found.append(keys.get(part, part))
    return "".join(found) + tone


def same(one: str, other: str) -> bool:
    """Is it one syllable, wherever its tone mark stands?"""
    return untone(one) == untone(other) and max(map(tone_of, one)) == max(map(tone_of, other))


@pytest.mark.parametrize("late", [False, True], ids=["at the letter", "at the end"])
@pytest.mark.parametrize(("decode", "keys", "d"), [(telex, TELEX, "dd"), (vni, VNI, "d9")], ids=["Telex", "VNI"])
def test_every_syllable_decodes(decode: object, keys: dict[str, str], d: str, late: bool) -> None:
    wrong = []
    for syllable in SYLLABLES:
        written = typed(syllable, keys, d, late)
        if written != syllable and not any(same(found, syllable) for found in decode(written)):  # type: ignore[operator]
            wrong.append((written, syllable))
    assert wrong == []


def test_there_are_as_many_syllables_as_the_rules_say() -> None:
    assert len(SYLLABLES) > 24_226


@pytest.mark.skipif(not DATA.exists(), reason="the table of syllables is not part of the project")
def test_the_published_table_decodes() -> None:
    with DATA.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert len(table) == 24_226
    for row in table:
        assert is_syllable(row["syllable"])
        for column, decode in (("telex", telex), ("vni", vni)):
            assert row[column] == row["syllable"] or any(same(found, row["syllable"]) for found in decode(row[column])), row


@pytest.mark.parametrize(
    ("keys", "syllable"),
    [("ddijt", "địt"), ("ditdj", "địt"), ("dditj", "địt"), ("lonof", "lồn"), ("loonf", "lồn"), ("ddeos", "đéo"), ("đijt", "địt"),
     ("chuwongr", "chưởng"), ("chuongwr", "chưởng"), ("ngu7o72i", "người"), ("d9i5t", "địt"), ("dit59", "địt"), ("lon62", "lồn")],
)  # fmt: skip
def test_keys_may_come_late(keys: str, syllable: str) -> None:
    assert syllable in (*telex(keys), *vni(keys))


@pytest.mark.parametrize("word", ["books", "hello", "class", "off", "minh", "uwu", "b", "", "aa", "ngu"])
def test_what_is_no_telex(word: str) -> None:
    assert not any(is_syllable(found) and len(found) > 2 for found in telex(word))


@pytest.mark.parametrize("word", ["lmht2020", "3h", "4g", "ak47", "h20", "m4", "1a", "covid19", "b12", "d9", "2"])
def test_what_is_no_vni(word: str) -> None:
    assert vni(word) == ()


@given(st.text(st.sampled_from("abcdeghijklmnoprstuvxyzwf0123456789đăâ"), min_size=1, max_size=14))
def test_what_is_decoded_is_a_syllable_with_diacritics(keys: str) -> None:
    for found in (*telex(keys), *vni(keys)):
        assert is_syllable(found)
        assert bare(found) != keys
