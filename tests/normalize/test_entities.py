"""Links, addresses, numbers: found as one token, and no text can write that token itself."""

from __future__ import annotations

import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st

from contentfilter.normalize.entities import ENTITIES, tokenize, word_of
from contentfilter.normalize.fold import fold

ONE_TOKEN = [
    ("https://vi.example/đường/dẫn?x=1", "<url>"),
    ("hxxp://vi.example", "<url>"),
    ("www.example.vn", "<url>"),
    ("shop-giay.com.vn", "<url>"),
    ("example.com/ngu", "<url>"),
    ("t.me/nhom", "<url>"),
    ("vinaphone-doidiem.cc", "<url>"),
    ("ab-cdefg.to", "<url>"),
    ("appleid-vn.support", "<url>"),
    ("ban.be+1@vi.example.vn", "<email>"),
    ("@lan.anh_99", "<mention>"),
    ("0912345678", "<phone>"),
    ("0912 345 678", "<phone>"),
    ("0912.345.678", "<phone>"),
    ("0912-345-678", "<phone>"),
    ("+84912345678", "<phone>"),
    ("84 912 345 678", "<phone>"),
    ("(+84) 912 345 678", "<phone>"),
    ("02838123456", "<phone>"),
    ("0 9 1 2 3 4 5 6 7 8", "<phone>"),
    ("0912 - 345 - 678", "<phone>"),
    ("o912345678", "<phone>"),
    ("29a-123.45", "<plate>"),
    ("59x1-12345", "<plate>"),
    ("51f12345", "<plate>"),
    ("30e 123.45", "<plate>"),
    ("29b1-2345", "<plate>"),
    ("500k", "<money>"),
    ("2tr5", "<money>"),
    ("1.500.000đ", "<money>"),
    ("1 tỷ", "<money>"),
    ("200 nghìn", "<money>"),
    ("8.500.000 vnd", "<money>"),
    ("8-10 triệu", "<money>"),
    ("10.000-100.000 đồng", "<money>"),
    ("19001288", "<hotline>"),
    ("1900 545413", "<hotline>"),
    ("1800 10 91", "<hotline>"),
    ("$20", "<money>"),
    ("001099012345", "<id>"),
    ("19031234567890", "<account>"),
    ("1903 4567 8901 23", "<account>"),
    ("12345678", "<account>"),
]


@pytest.mark.parametrize(("text", "entity"), ONE_TOKEN)
def test_an_entity_is_one_token(text: str, entity: str) -> None:
    assert list(tokenize(fold(text)[0].text)) == [(entity, 0, len(text))]


NO_ENTITY = [
    ("đụ.me", ["đụ", ".", "me"]),
    ("ngu.cc", ["ngu", ".", "cc"]),
    ("ngu-vl.cc", ["ngu", "-", "vl", ".", "cc"]),
    ("v.v.", ["v", ".", "v", "."]),
    ("1234567", ["1234567"]),
    ("12345678901234567", ["12345678901234567"]),
    ("0112345678", ["<account>"]),
    ("3g", ["3g"]),
    ("20dây", ["20dây"]),
    ("a@", ["a", "@"]),
    ("a_b", ["a", "_", "b"]),
    ("o9l2", ["o9l2"]),
    ("12a 2024", ["12a", "2024"]),
    ("29a1", ["29a1"]),
    ("13a-123.45", ["13a", "-", "123", ".", "45"]),
    ("tm-12-34", ["tm", "-", "12", "-", "34"]),
]


@pytest.mark.parametrize(("text", "tokens"), NO_ENTITY)
def test_what_is_no_entity(text: str, tokens: list[str]) -> None:
    assert [token for token, _, _ in tokenize(text)] == tokens


@pytest.mark.parametrize("entity", sorted(ENTITIES))
@pytest.mark.parametrize("form", ["{}", "a{}", "{}b", "<{}>", "x {} y"])
def test_a_text_cannot_forge_an_entity(entity: str, form: str) -> None:
    for text in (form.format(entity), form.format(entity).upper(), form.format(entity).translate(texts.FULL_WIDTH)):
        assert ENTITIES.isdisjoint(token for token, _, _ in tokenize(fold(text)[0].text))


@given(texts.anything | st.text(st.sampled_from("a.0@<>/:k84 -đ"), max_size=40))
def test_tokens_are_the_text_in_order(text: str) -> None:
    tokens = list(tokenize(text))
    position = 0
    for token, start, end in tokens:
        assert text[position:start].strip(" ") == ""
        assert start < end
        assert token == text[start:end] or token in ENTITIES
        position = end
    assert text[position:].strip(" ") == ""


@given(texts.chunks)
def test_the_word_of_a_chunk_is_a_part_of_it(chunk: str) -> None:
    word = word_of(chunk)
    assert word
    assert word in chunk
    assert word_of(word) == word


@pytest.mark.parametrize("unit", ["a.", "a", "1.", "0", "a-", "@a", "a@", "a.a/", "http://", "0912", "84 ", "1,1", "(+84) ", "$ 1", "+84("])
def test_long_repetitions_finish(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert sum(end - start for _, start, end in tokenize(text)) <= len(text)
