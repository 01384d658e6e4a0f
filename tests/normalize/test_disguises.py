"""Masks, merged syllables, spelling by ear, sham links, aliases: what a chunk is read as, and what it is not."""

from __future__ import annotations

import string

import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st

from contentfilter import ContentFilter
from contentfilter.normalize.alphabet import LETTERS
from contentfilter.normalize.masks import unmask
from contentfilter.normalize.merged import LONGEST, split, split_disguised
from contentfilter.normalize.phonetic import respellings
from contentfilter.normalize.readings import analyse
from contentfilter.normalize.syllables import BARE_BASES, is_syllable

HIDDEN = ("lồn", "địt", "cặc", "ngu", "chó", "fuck")

MASKS = [
    ("l*n", "lồn"), ("đ*t", "địt"), ("đ_t", "địt"), ("c**", "cặc"), ("c*c", "cặc"), ("ch*", "chó"), ("n•u", "ngu"), ("f**k", "fuck"),
    ("l●n", "lồn"), ("l**n", "lồn"), ("2*3", ""), ("m*", ""), ("a*b", ""), ("x_1", ""), ("*ngu*", ""), ("**", ""), ("ngu*", ""),
    ("lồn_", ""), ("so_luong", ""), ("*", ""), ("a" * 5 + "*" * 20, ""),
]  # fmt: skip


@pytest.mark.parametrize(("chunk", "word"), MASKS)
def test_masks(chunk: str, word: str) -> None:
    assert unmask(chunk, HIDDEN) == ([(word, 0, len(chunk))] if word else [])


@given(st.text(st.sampled_from("lnđtcặhungu*_•.!2"), max_size=30))
def test_a_mask_hides_only_letters_that_are_not_there(chunk: str) -> None:
    for word, start, end in unmask(chunk, HIDDEN):
        assert word in HIDDEN
        assert 0 <= start < end <= len(chunk)
        assert {letter for letter in chunk[start:end] if letter.isalpha()} <= {*word, *"londitcacnguchofuck"}


LINKS = {("dit", "me"), ("con", "me"), ("me", "may"), ("đụ", "má"), ("óc", "chó")}


def _linked(first: str, second: str) -> int:
    return int((first, second) in LINKS)


MERGED = [
    ("ditme", "dit me"), ("conmemay", "con me may"), ("đụmámày", "đụ má mày"), ("ócchó", "óc chó"), ("thằngngốc", "thằng ngốc"),
    ("đàođức", "đào đức"), ("nguyenthao", ""), ("socchongs", ""), ("ngu", ""), ("the", ""), ("x" * 50, ""), ("đm", ""),
]  # fmt: skip


@pytest.mark.parametrize(("word", "row"), MERGED)
def test_merged_syllables(word: str, row: str) -> None:
    assert " ".join(split(word, lambda _: False, _linked)) == row


KEYS = {"dder": "để", "cho1": "chó", "lu4": "lũ", "bojn": "bọn", "ddoof": "đồ", "bo2": "bò", "in1": "ín"}


@pytest.mark.parametrize(
    ("word", "row"),
    [
        ("lu4cho1", "lũ chó"),
        ("ddoofbo2", "đồ bò"),  # two letters marked, and linked
        ("combo2in1", ""),  # as many, and not
        ("lu4bo2cho1", "lũ bò chó"),  # three
        ("lu4xq", ""),
        ("lu4", ""),
        ("lu4cho1" * 7, ""),
    ],
)
def test_merged_syllables_that_were_typed(word: str, row: str) -> None:
    links = {("lũ", "chó"), ("đồ", "bò")}
    read = {**KEYS, "com": "com"}
    assert " ".join(split_disguised(word, lambda _: False, lambda *pair: int(pair in links), lambda keys: read.get(keys, keys))) == row


@given(st.text(st.sampled_from(sorted(LETTERS)), max_size=LONGEST + 5) | st.lists(st.sampled_from("dit me ngu thang".split())).map("".join))
def test_a_split_is_the_word(word: str) -> None:
    row = split(word, lambda _: False, _linked)
    assert "".join(row) in (word, "")
    assert all(is_syllable(piece) or piece in BARE_BASES for piece in row)


def test_a_split_costs_the_same_for_each_letter() -> None:
    """Counted in questions, which no machine's mood changes."""
    asked: list[int] = []
    for syllables in (5, 10):
        count = [0]

        def known(_: str, count: list[int] = count) -> bool:
            count[0] += 1
            return False

        split("zzzz" * syllables, known, _linked)
        asked.append(count[0])
    assert asked[1] <= 2.5 * asked[0]


HEARD = [
    ("fò", "phò"), ("kặk", "cặc"), ("wá", "quá"), ("zậy", "vậy"), ("đjt", "đit"), ("nqu", "ngu"), ("dzái", "dái"), ("kứt", "cứt"),
    ("ziết", "giết"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "meant"), HEARD)
def test_spelling_by_ear(word: str, meant: str) -> None:
    assert meant in respellings(word)


@pytest.mark.parametrize("word", ["xzz", "bcd", "", "a", "toolongaword"])
def test_what_is_not_heard(word: str) -> None:
    assert respellings(word) == ()


SEEN = [
    # name, text, what is matched, the steps of its first match
    ("letters apart", "đúng là n g u", "đúng là n g u", ("spaced letters",)),
    ("cut by a space", "Thằ ng ng u này", "Thằ ng ng u", ("spaced letters",)),
    ("cut by a dot", "đồ ng.u ng.ốc", "đồ ng.u", ("separators",)),
    ("separators and leet", "đ.1.t mẹ", "đ.1.t mẹ", ("separators", "leet")),
    ("masks", "như c**", "như c**", ("masks",)),
    ("leet alone", "c4c mày", "c4c", ("leet",)),
    ("merged", "Đụmámày", "Đụmámày", ("merged",)),
    ("two tones on a letter", "đồ sụ\N{COMBINING ACUTE ACCENT}c vật", "đồ sụ\N{COMBINING ACUTE ACCENT}c vật", ("marks",)),
    ("a dot under each letter", "đồ c\u0323ho\u0323\u0301 đẻ", "đồ c\u0323ho\u0323\u0301 đẻ", ("marks",)),
    ("merged, one letter marked", "Đồ conlợn", "Đồ conlợn", ("merged",)),
    ("plus for a letter", "+hằng ngu", "+hằng ngu", ("leet",)),
    ("invisible and merged", "óc\N{WORD JOINER}chó", "óc\N{WORD JOINER}chó", ("invisible", "merged")),
    ("raw Telex", "ddoof ngu", "ddoof ngu", ("Telex",)),
    ("raw VNI", "d9i5t me5", "d9i5t me5", ("VNI",)),
    ("separators and Telex", "d.d.i.j.t mẹ", "d.d.i.j.t mẹ", ("separators", "Telex")),
    ("by ear, at both ends", "con kặk", "con kặk", ("phonetic",)),
    ("abbreviation", "thg ngu", "thg ngu", ("teencode",)),
    ("picture", "quân 🐶 đẻ", "quân 🐶 đẻ", ("emoji",)),
    ("sham link", "đồ ngu.xyz", "đồ ngu.xyz", ("link",)),
    ("mojibake", "Ä‘á»‹t máº¹", "Ä‘á»‹t máº¹", ("encoding",)),
    ("TCVN3", "®Þt mÑ", "®Þt mÑ", ("encoding",)),
    ("TCVN3 that looks like syllables", "lån", "lån", ("encoding",)),
    ("TCVN3, a part of a term to look at", "®å mÊt d¹y", "®å mÊt d¹y", ("encoding",)),
    ("syllables cut by a space", "thôi đừng sủ a bậ y", "sủ a bậ y", ("spaced letters",)),
    ("tones left out on purpose", "đúng là oc cho, nói mãi không hiểu", "oc cho", ("toneless",)),
    ("merged and by ear", "ócchoá thật đấy", "ócchoá", ("merged",)),
    ("VNI-Win", "ñòt meï", "ñòt meï", ("encoding",)),
    ("boxed letters", "🅓🅜 mày", "🅓🅜 mày", ("compatibility",)),
    ("halves of flags", "🇳🇬🇺 vãi", "🇳🇬🇺 vãi", ("compatibility",)),
    ("Cyrillic alone", "đồ сhó", "đồ сhó", ("confusables",)),
    ("letters spelled", "vê cê lờ", "vê cê lờ", None),
    ("spoonerism", "lò tôn", "lò tôn", ("spoonerism",)),
    ("stretched Telex", "loonfff", "loonfff", ("stretching", "Telex")),
    ("Telex of letters alone", "ddm nó", "ddm", ("Telex",)),
    ("VNI of letters alone", "d9m nó", "d9m", ("VNI",)),
    ("merged Telex", "bojnchos cắn bậy", "bojnchos", ("Telex",)),
    ("merged VNI", "bo5ncho1 cắn bậy", "bo5ncho1", ("VNI",)),
    ("VNI between dots", "l.u4.c.h.o1 cắn bậy", "l.u4.c.h.o1", ("separators", "VNI")),
    ("masks and merged", "đầub**i", "đầub**i", ("masks", "merged")),
    ("marks apart from their letters", "đ o \u0302 \u0300 n g u", "đ o \u0302 \u0300 n g u", ("spaced letters",)),
    ("TCVN3 by ear", "kon ®Ü", "kon ®Ü", ("phonetic", "encoding")),
    ("TCVN3 between hyphens", "đồ n-g-è-c", "đồ n-g-è-c", ("encoding", "separators")),
    ("leet that lost its tone", "tụi nó ch3t h3t đi", "ch3t h3t đi", ("leet", "toneless")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marked", "steps"), [row[1:] for row in SEEN], ids=[row[0] for row in SEEN])
def test_a_disguise_is_seen_through_and_named(shipped: ContentFilter, text: str, marked: str, steps: tuple[str, ...] | None) -> None:
    matches = shipped.classify(text).matches
    found = [match for match in matches if match.text.startswith(marked) or marked.startswith(match.text)]
    assert found, matches
    assert steps is None or steps in [match.steps for match in found], found


def test_a_term_listed_without_its_tones_says_what_it_stands_for(shipped: ContentFilter) -> None:
    assert "“thang cho de” → thằng chó đẻ (toneless)" in shipped.classify("thang cho de, lai day noi chuyen").explain("en")


def test_an_explanation_names_the_steps_in_order(shipped: ContentFilter) -> None:
    result = shipped.classify("Đ.1.t mẹ")
    assert "“Đ.1.t mẹ” → địt mẹ (separators, leet)" in result.explain("en")
    assert "“Đ.1.t mẹ” → địt mẹ (dấu chen giữa, số thay chữ)" in result.explain("vi")
    assert "“lò tôn” → lồn to (nói lái)" in shipped.classify("lò tôn").explain("vi")


def test_innocent_look_alikes_pass(shipped: ContentFilter) -> None:
    lines = texts.lines("innocent.txt")
    assert len(set(lines)) >= 300
    assert [result.text for result in shipped.classify_batch(lines) if result.flagged] == []


def test_a_word_that_is_legal_is_never_a_term_without_diacritics(shipped: ContentFilter) -> None:
    for text in ("các bạn", "lớn rồi", "đeo kính", "ngủ ngon", "chờ mẹ", "buổi sáng", "cắt tóc", "dù sao"):
        assert not shipped.classify(text).matches, text


@pytest.mark.parametrize(
    ("cut", "whole"),
    [("b ọn này kh ốn n ạn", "bọn này khốn nạn"), ("đúng là th ằng ng u", "đúng là thằng ngu"), ("chúng m ày im đi", "chúng mày im đi")],
)
def test_the_model_reads_what_was_cut(shipped: ContentFilter, cut: str, whole: str) -> None:
    toxic = shipped._toxic
    apart, together = shipped._reader.look_up(cut)[2][toxic], shipped._reader.look_up(whole)[2][toxic]
    assert apart > 0 or apart > together - 2
    assert shipped.classify_batch([cut, whole])[0].scores == shipped.classify(cut).scores


def test_the_model_reads_what_was_hidden(shipped: ContentFilter) -> None:
    vocabulary = shipped._rules.vocabulary
    read = {"c.h.ó": "chó", "thoosi": "thối", "ócchó": "óc chó", "Ä‘á»‹t": "địt", "th@ng": "thằng", "đẹp!": "đẹp!", "tốt,rẻ": "tốt,rẻ"}
    assert {chunk: analyse(chunk, vocabulary).plain for chunk in read} == read


BLOCKS = "l* d. ditme đụmá aa w ddijt n9 ® Ã 🇳 🅓 c4 * _a f 🐶 l_o_n. @a a.vn/ ngu.xyz".split()


@pytest.mark.parametrize("unit", BLOCKS)
def test_a_hundred_thousand_characters_finish(shipped: ContentFilter, unit: str) -> None:
    analysis = analyse(unit * (100_000 // len(unit)), shipped._rules.vocabulary)
    assert all(len(reading.text) <= 2 * 18 * 100_000 + 1 for reading in analysis.readings)


@pytest.mark.parametrize("tail", [",a1b", "*d*t", "@a.vn", "®"])
@pytest.mark.parametrize("unit", ["a", "a.", "đ"])
def test_what_stands_behind_fifty_thousand_characters_finish(shipped: ContentFilter, unit: str, tail: str) -> None:
    # ",a1b" behind fifty thousand letters took minutes
    assert analyse(unit * (50_000 // len(unit)) + tail, shipped._rules.vocabulary).readings


@given(st.text(st.sampled_from(string.ascii_lowercase + "địồặ0149@$*._-ñ®Þ🐶"), min_size=1, max_size=25))
def test_readings_are_bounded_and_placed(shipped: ContentFilter, chunk: str) -> None:
    analysis = analyse(chunk, shipped._rules.vocabulary)
    assert len(analysis.readings) <= 4
    for reading in analysis.readings:
        spans = [reading.line.origin(i, i + 1) for i, character in enumerate(reading.text) if character != " "]
        assert all(0 <= start < end <= len(chunk) for start, end in spans)
        assert spans == sorted(spans)


@given(st.text(st.sampled_from(string.ascii_lowercase + "địồặ0149@$*._-ñ®Þ🐶"), min_size=1, max_size=25))
def test_reading_what_was_read_changes_nothing_that_is_legible(shipped: ContentFilter, chunk: str) -> None:
    vocabulary = shipped._rules.vocabulary
    for word in analyse(chunk, vocabulary).plain.split(" "):
        if is_syllable(word) and word not in vocabulary.aliases:
            assert analyse(word, vocabulary).plain == word
