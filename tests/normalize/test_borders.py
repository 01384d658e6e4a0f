"""What lies on either side of each border that the stage draws: lengths, edges of ranges, the last case and the first that is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from making import LISTS, rule

from contentfilter.normalize.encodings import legacy, unmojibake
from contentfilter.normalize.entities import tokenize, word_of
from contentfilter.normalize.fold import fold
from contentfilter.normalize.keyboard import telex, vni
from contentfilter.normalize.masks import unmask
from contentfilter.normalize.merged import split
from contentfilter.normalize.offsets import View
from contentfilter.normalize.phonetic import respellings
from contentfilter.normalize.readings import analyse
from contentfilter.normalize.recognisers import (
    RECOGNISERS,
    is_citizen_number,
    is_lookalike,
    is_old_citizen_number,
    is_tax_code,
)
from contentfilter.normalize.skeleton import guesses
from contentfilter.normalize.substrings import Substrings
from contentfilter.normalize.syllables import is_syllable, place_tone
from contentfilter.normalize.vocabulary import Vocabulary
from contentfilter.normalize.words import meanings
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.schema import WordLists

VOCABULARY: Vocabulary = compile_rules(
    WordLists((rule("insult.test", "ngu", "đồ ngu", "địt", "vcl", "lol", "giò", "vò", "cục vàng"),), (), LISTS, ())
).vocabulary
HIDDEN = ("lồn", "nghiêng", "ngu", "đm")


@pytest.mark.parametrize(
    ("chunk", "letters", "digits"),
    [
        ("a", True, False), ("ạ", True, False), ("a.", True, False), (".", True, True), ("..", False, False), ("ab", False, False),
        ("1", False, True), ("(((((a", True, False), ("((((((a", False, False), ("(091)", False, True), ("500", False, True),
        ("k", True, True), ("tr", False, True), ("dong", False, False), ("!", True, False), ("(", True, True), ("((", False, False),
        ("29a", False, True), ("29-ab-", False, True), ("123.45", False, True), ("2a", False, False), (":))", False, False),
    ],
)  # fmt: skip
def test_what_may_be_a_part_of_a_spaced_word_or_number(chunk: str, letters: bool, digits: bool) -> None:
    analysis = analyse(chunk, VOCABULARY)
    assert (analysis.letters, analysis.digits) == (letters, digits)


@pytest.mark.parametrize(
    ("decode", "keys", "found"),
    [
        (telex, "chuwowng", ("chương",)), (telex, "chuowng", ("chương", "chuơng")), (telex, "huow", ("huơ",)), (telex, "aw", ("ă",)),
        (telex, "ow", ("ơ",)), (telex, "uww", ()), (telex, "ddít", ("đít",)), (telex, "ddíts", ()), (telex, "ditss", ()),
        (telex, "xoong", ("xông",)), (telex, "nghieengj", ("nghiệng",)), (telex, "nghieengjjjjj", ()), (telex, "wa", ()),
        (telex, "dodj", ("đọ",)), (telex, "lonof", ("lồn",)), (telex, "f", ()), (telex, "khz", ()), (telex, "bab", ()),
        (vni, "chu7o7ng", ("chương",)), (vni, "chu7ong", ("chương", "chuơng")), (vni, "o7", ("ơ",)), (vni, "a8", ("ă",)),
        (vni, "d9a", ("đa",)), (vni, "lo66n", ()), (vni, "a12", ()), (vni, "o77", ()), (vni, "9d", ()), (vni, "b9a", ()), (vni, "e8", ()),
    ],
)  # fmt: skip
def test_keys(decode: Callable[[str], tuple[str, ...]], keys: str, found: tuple[str, ...]) -> None:
    assert decode(keys) == found


@pytest.mark.parametrize(
    ("base", "tone", "syllable"),
    [
        ("hoa", 1, "hoà"), ("quy", 2, "quý"), ("gia", 2, "giá"), ("mua", 2, "múa"), ("toan", 5, "toạn"), ("khuyu", 3, "khuỷu"),
        ("gi", 1, "gì"), ("oai", 4, "oãi"), ("tuôi", 2, "tuối"), ("ng", 2, "ng"), ("ba", 0, "ba"), ("thuê", 1, "thuề"), ("yêu", 2, "yếu"),
    ],
)  # fmt: skip
def test_where_the_tone_mark_stands(base: str, tone: int, syllable: str) -> None:
    assert place_tone(base, tone) == syllable


@pytest.mark.parametrize(
    ("token", "is_one"),
    [("nghiêng", True), ("nghiênga", False), ("các", True), ("cạc", True), ("càc", False), ("cac", False), ("thích", True),
     ("thich", False),
     ("hòá", False), ("pháp", True), ("phãp", False), ("mất", True), ("quýt", True), ("giếng", True), ("ngi", False), ("", False)],
)  # fmt: skip
def test_syllables(token: str, is_one: bool) -> None:
    assert is_syllable(token) is is_one


@pytest.mark.parametrize(
    ("word", "expected"),
    [("oa", ()), ("iu", ()), ("ak", ()), ("a", ()), ("kk", ()), ("z", ()), ("fò", ("phò",)), ("za", ("va", "da", "gia", "ra"))],
)
def test_what_words_by_ear_stand_for(word: str, expected: tuple[str, ...]) -> None:
    assert respellings(word) == expected


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("zò", [("vò", "phonetic")]),
        ("ngux", [("ngũ", "Telex")]),
        ("ngu", []),
        ("nguvcl", [("ngu vcl", "merged")]),
        ("vclngu", []),  # letters without a vowel count behind a word
        ("ngulol", []),
        ("cucvang", [("cuc vang", "merged")]),
        ("12", []),
        ("!", []),
    ],
)
def test_meanings(token: str, expected: list[tuple[str, str]]) -> None:
    assert meanings(token, VOCABULARY) == expected


@pytest.mark.parametrize(
    ("last", "token", "worth"),
    [("", "địt", 1), ("", "vcl", 0), ("ngu", "vcl", 1), ("ngu", "lol", 0), ("đồ", "ngu", 1), ("do", "ngu", 1), ("ngu", "đồ", 0),
     ("cục", "vàng", 1), ("vàng", "cục", 0)],
)  # fmt: skip
def test_what_neighbours_in_merged_syllables_are_worth(last: str, token: str, worth: int) -> None:
    assert VOCABULARY.linked(last, token) == worth


@pytest.mark.parametrize(
    ("word", "links", "row"),
    [("conmeo", 1, ("con", "meo")), ("conmeo", 0, ()), ("cómèo", 0, ("có", "mèo")), ("cómeo", 0, ()), ("an", 1, ()),
     ("anan", 1, ("an", "an")),
     ("conquỷ", 0, ("con", "quỷ")), ("nguời", 0, ()), ("tànngu", 0, ("tàn", "ngu")), ("ýkiếnhay", 0, ("ý", "kiến", "hay")),
     ("ngườ", 1, ()), ("ana", 1, ()), ("ngu" * 14, 1, ()), ("nguxx", 1, ()), ("xxngu", 1, ()), ("ngubbbbbbbbbbbngu", 1, ())],
)  # fmt: skip
def test_which_words_are_taken_apart(word: str, links: int, row: tuple[str, ...]) -> None:
    assert split(word, {"ngu"}.__contains__, lambda *_: links) == row


def test_a_word_of_forty_letters_is_taken_apart_and_a_longer_one_is_not() -> None:
    lengths = [length for length in range(36, 46) if split(("an" * 23)[:length], lambda _: False, lambda *_: 1)]
    assert lengths == [36, 38, 40]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("l*", []), ("l*n", ["lồn"]), ("l**", ["lồn"]), ("l***", ["lồn"]), ("n*", []), ("ng*", ["ngu"]), ("n****", ["ngu"]),
        ("n*u", ["ngu"]),
        ("nghiên*", ["nghiêng"]), ("n*****g", ["nghiêng"]), ("a*l*n", []), ("_l*n", ["lồn"]),
        ("l*n_", ["lồn"]), ("l_n", ["lồn"]), ("đ*", []), ("*m", []), ("l*n l**", ["lồn", "lồn"]), ("l•n", ["lồn"]), ("l×n", ["lồn"]),
        ("l*nn", []), ("ln", []), ("l" + "*" * 11, ["lồn"]), ("l" + "*" * 12, []), ("l**g", []), ("ồ*n", []),
    ],
)  # fmt: skip
def test_masks(text: str, found: list[str]) -> None:
    masked = unmask(text, HIDDEN)
    assert [word for word, _, _ in masked] == found
    assert all(text[start:end].strip("_") == text[start:end] for _, start, end in masked)


@pytest.mark.parametrize(
    ("chunk", "plain", "steps"),
    [
        ("\ufe00a", "a", ()), ("\ufe0fa", "a", ()), ("\u0336a", "a", ("marks",)), ("a\u0336", "a", ("marks",)), ("hòa", "hoà", ()),
        ("kỳ", "kì", ()), ("mỹ", "mĩ", ()), ("gía", "giá", ()), ("ﷺ", "ﷺ", ()), ("Ⅻ", "xii", ("compatibility",)),
        ("a\u0323\u0323", "ạ", ("marks",)), ("🅐", "a", ("compatibility",)), ("🇦🇧", "🇦🇧", ()), ("🇦", "a", ("compatibility",)),
        ("😀\u200d", "😀", ()), ("a\u200d", "a", ("invisible",)),
    ],
)  # fmt: skip
def test_folding(chunk: str, plain: str, steps: tuple[str, ...]) -> None:
    view, undone = fold(chunk)
    assert (view.text, undone) == (plain, steps)


@pytest.mark.parametrize(("position", "place"), [(0, 0), (1, 1), (2, 3), (3, 6)])
def test_what_is_put_in_stands_behind_what_was_before_it(position: int, place: int) -> None:
    view = View("abc", [0, 2, 4], [1, 3, 6]).derive([("x", position, position)])
    assert (view.starts, view.ends) == ([place], [place])
    assert View("abc").derive([("x", position, position)]).starts == [position]


@pytest.mark.parametrize(
    ("is_one", "good", "bad"),
    [
        (  # the weight of each place alone, modulo eleven
            is_tax_code,
            "1000000001 0100000003 0010000009 0001000002 0000100004 0000010008 0000001003 0000000105 0000000017",
            "0000000016 100000001 10000000010 1000000002",
        ),
        (is_citizen_number, "001300000000 096000000000", "001400000000 003300000000 00130000000 0013000000000 097000000000"),
        (is_old_citizen_number, "010000000 380000000", "000000000 390000000 01000000 0100000000"),
    ],
)
def test_numbers(is_one: Callable[[str], bool], good: str, bad: str) -> None:
    assert [number for number in (*good.split(), *bad.split()) if is_one(number)] == good.split()


@pytest.mark.parametrize(
    ("text", "is_account"),
    [("vcb 123456789", True), ("123456789 vcb", True), (f"vcb{'':37}123456789", True), (f"vcb{'':38}123456789", False),
     (f"123456789{'':37}vcb", True), (f"123456789{'':38}vcb", False), ("vcbs 123456789", False), ("xvcb 123456789", False)],
)  # fmt: skip
def test_a_bank_makes_a_number_an_account(text: str, is_account: bool) -> None:
    start = text.index("1")
    assert RECOGNISERS["<bank_account>"].check(text, start, start + 9) == ((start, start + 9) if is_account else None)


SPOKEN = "không chín một hai ba bốn năm sáu bảy tám"


@pytest.mark.parametrize(
    ("text", "end"),
    [(SPOKEN, 41), (f"{SPOKEN} chín", 41), (SPOKEN[:-4], None), (SPOKEN.replace("chín", "một"), None), ("o chín 1 2 3 4 5 6 7 8", 22),
     (SPOKEN.replace("ba", "gà"), None), (SPOKEN.replace(" ", " " * 9), 113), (SPOKEN.replace(" ", " " * 11), None)],
)  # fmt: skip
def test_phones_in_words(text: str, end: int | None) -> None:
    assert RECOGNISERS["<spelled_phone>"].check(text, 0, 10) == (None if end is None else (0, end))


@pytest.mark.parametrize(
    ("link", "is_one"),
    [
        ("vietcombank.com.vn", False), ("vietcombank.com", True), ("vietcombannk.top", True), ("vietcommbankk.top", False),
        ("vcb.top", True),
        ("vcbx.top", False), ("vcb-vn.top", True), ("vcbonline.top", True), ("techcombank.gov.vn", False),
        ("http://a@vietcombank.top", True),
        ("vietcornbank.vip", True), ("x.top", False), ("top", False), ("", False), ("acb24h.xyz", True), ("vietcombak.vip", True),
        ("vietcombxnk.vip", True), ("vvietcombank.vip", True), ("tacbx.vip", False), ("vietc0mbank.vip", True),
    ],
)  # fmt: skip
def test_look_alikes(link: str, is_one: bool) -> None:
    assert is_lookalike(link) is is_one


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (f"{'a' * 64}@a.vn", ["<email>"]), (f"{'a' * 65}@a.vn", ["a" * 65, "@", "<url>"]), ("0912345678", ["<phone>"]),
        ("09123456789", ["<account>"]), ("12345678", ["<account>"]), ("1234567", ["1234567"]), ("1" * 16, ["<account>"]),
        ("1" * 17, ["1" * 17]), ("a.b.c.d.e.f.vn", ["<url>"]), ("a.b.c.d.e.f.g.vn", ["a", ".", "<url>"]), ("500k", ["<money>"]),
        ("500kk", ["500kk"]), ("$5", ["<money>"]), ("5$", ["<money>"]), ("29a-123.45", ["<plate>"]), ("@abc", ["<mention>"]),
        ("@1", ["@", "1"]),
        ("x@abc", ["x", "@", "abc"]), ("001300000000", ["<id>"]), ("t.me", ["t", ".", "me"]), ("t.me/x", ["<url>"]),
        ("(+84) 912 345 678", ["<phone>"]), ("02412345678", ["<phone>"]),
    ],
)  # fmt: skip
def test_tokens(text: str, tokens: list[str]) -> None:
    assert [token for token, _, _ in tokenize(text)] == tokens


def test_the_word_of_a_chunk() -> None:
    assert [word_of(chunk) for chunk in ("ngu,", "((ngu))", "=))", "a" * 65)] == ["ngu", "ngu", "=))", "a" * 64]


@pytest.mark.parametrize(
    ("chunk", "read"),
    [("®Þt", ["địt"]), (f"®Þt{'.' * 61}", [f"địt{'.' * 61}"]), (f"®Þt{'.' * 62}", []), ("®1", []), ("mÊt", ["mất"]),
     ("®Þt®", []), ("ngu", [])],
)
def test_old_encodings(chunk: str, read: list[str]) -> None:
    assert [view.text for view in legacy(chunk, lambda _: False)] == read


@pytest.mark.parametrize(
    ("chunk", "read"), [("Ä‘á»‹t", "địt"), ("xÃ", "xà"), ("XÃ", None), ("Ã", None), ("Ã¡Ã", "áÃ"), ("â€™", "’"), ("á…”", None)]
)
def test_mojibake(chunk: str, read: str | None) -> None:
    view = unmojibake(chunk)
    assert (view and view.text) == read


@pytest.mark.parametrize(
    ("text", "forms"),
    [("d.", []), ("ngu!", []), ("ng!", []), ("n.g.u", ["ngu", "ngu"]), ("uuu", ["u", "uu"]), ("nguu", ["ngu"]), ("l0", ["lo"]),
     ("n-g", ["n g", "ng"]), ("đ.ồ.n.g.u", ["đồ ngu", "đồngu"])],
)  # fmt: skip
def test_forms(text: str, forms: list[str]) -> None:
    known = {"ngu", "đồ"}.__contains__
    assert ["".join(piece[0] for piece in pieces) for pieces, _ in guesses(text, known, frozenset())] == forms


CONSONANTS = "qwrtpsdfghjkl"


@pytest.mark.parametrize(("keys", "typed"), [(40, True), (41, False)])
def test_forty_keys_apart_may_be_typed(keys: int, typed: bool) -> None:
    row = (CONSONANTS * 4)[:keys]
    forms = ["".join(piece[0] for piece in pieces) for pieces, _ in guesses(".".join(row), lambda _: False, frozenset())]
    assert (row in forms) is typed


@pytest.mark.parametrize(("text", "typed"), [("n.g.u7", True), ("n.g.uo71", False), ("b.o62.n", True), ("b.o621.n", False)])
def test_a_letter_and_two_digits_between_dots_are_keys(text: str, typed: bool) -> None:
    forms = ["".join(piece[0] for piece in pieces) for pieces, _ in guesses(text, lambda _: False, frozenset())]
    assert (text.replace(".", "") in forms) is typed


@pytest.mark.parametrize(("letters", "joined"), [(12, True), (13, False)])
def test_a_word_of_a_dozen_letters_may_be_spelled_out_behind_others(letters: int, joined: bool) -> None:
    word = CONSONANTS[:letters]
    found = guesses(".".join(["ngu", word[:-2], word[-2], word[-1]]), {word, "ngu"}.__contains__, frozenset())
    assert (f"ngu {word}" in ["".join(piece[0] for piece in pieces) for pieces, _ in found]) is joined


def test_a_substring_is_looked_for_as_written_and_between_tokens() -> None:
    vocabulary = replace(VOCABULARY, substrings=Substrings(["a.lo"]))
    assert [analyse(chunk, vocabulary).interesting for chunk in ("a.lon", "a,lon", "xa.lox")] == [True, False, True]
    vocabulary = replace(VOCABULARY, substrings=Substrings([" lon "]))
    assert [analyse(chunk, vocabulary).interesting for chunk in ("a.lon", "alon")] == [True, False]
