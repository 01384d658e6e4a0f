"""Which candidates stand: tones, company, allowed phrases, word borders, leftmost-longest, signs. Small packs, real path."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import filter_of, found, rule

from contentfilter.rules.schema import TermSpec

TABLE: list[tuple[str, dict[str, Any], str, list[str]]] = [
    # name, term and its keys, text, what is marked in it
    ("as written", {"text": "đồ ngu"}, "Rõ là đồ ngu mà", ["đồ ngu"]),
    ("capitals", {"text": "đồ ngu"}, "ĐỒ NGU", ["ĐỒ NGU"]),
    ("whole syllables only", {"text": "ngu"}, "người ngủ nguôi", []),
    ("each time", {"text": "ngu"}, "ngu, ngu ngu", ["ngu", "ngu", "ngu"]),
    ("marks around", {"text": "ngu"}, "“ngu”... (ngu)!", ["ngu", "ngu"]),
    ("a mark inside is no space", {"text": "đồ ngu"}, "đồ, ngu", []),
    ("line break", {"text": "đồ ngu"}, "đồ\n\tngu", ["đồ\n\tngu"]),
    ("in a link", {"text": "ngu"}, "xem http://ngu.vn/ngu", []),
    ("another tone", {"text": "địt"}, "dịt", []),
    ("some diacritics lost", {"text": "địt"}, "đit", ["đit"]),
    ("one syllable, tones lost: never", {"text": "địt"}, "dit", []),
    ("one syllable, tones lost: free", {"text": "địt", "toneless": "free"}, "dit", ["dit"]),
    ("two syllables, tones lost: free", {"text": "óc chó"}, "oc cho", ["oc cho"]),
    ("two syllables, one lost", {"text": "óc chó"}, "óc cho", ["óc cho"]),
    ("two syllables, one another word", {"text": "óc chó"}, "óc chợ", []),
    ("two syllables: never", {"text": "óc chó", "toneless": "never"}, "oc cho", []),
    ("a term without diacritics needs none", {"text": "vcl"}, "vcl", ["vcl"]),
    ("a term without diacritics is no other word", {"text": "cac"}, "các bạn", []),
    ("company: none", {"text": "óc chó", "toneless": "company"}, "hat oc cho rang", []),
    ("company: address", {"text": "óc chó", "toneless": "company"}, "thằng oc cho", ["oc cho"]),
    ("company: too far", {"text": "óc chó", "toneless": "company"}, "thang be hom qua an hai goi oc cho", []),
    ("company: none needed among tones", {"text": "óc chó", "toneless": "company"}, "đúng cái loại ấy, oc cho thật", ["oc cho"]),
    ("among tones", {"text": "óc chó", "toneless": "among"}, "nói kiểu oc cho thế", ["oc cho"]),
    ("among tones: its own", {"text": "óc chó", "toneless": "among"}, "oc chó", ["oc chó"]),
    ("among tones: none around", {"text": "óc chó", "toneless": "among"}, "noi kieu oc cho the", []),
    ("among tones: too few around", {"text": "óc chó", "toneless": "among"}, "noi kiểu oc cho the", []),
    ("among tones: an everyday word", {"text": "con chó", "toneless": "among"}, "sinh được con cho nhà họ", []),
    ("among tones: company takes everyday words", {"text": "óc chó", "toneless": "company"}, "đồ óc cho", ["óc cho"]),
    ("among tones: a foreign name", {"text": "cờ lô", "toneless": "among"}, "đội bóng có cầu thủ colo rất giỏi", []),
    ("company: not needed with tones", {"text": "óc chó", "toneless": "company"}, "hạt óc chó", ["óc chó"]),
    ("needs: there", {"text": "tạ", "needs": ("đội",)}, "tạ của đội", ["tạ"]),
    ("needs: before", {"text": "tạ", "needs": ("đội",)}, "đội có tạ", ["tạ"]),
    ("needs: not there", {"text": "tạ", "needs": ("đội",)}, "mua tạ về tập", []),
    ("needs: another word", {"text": "tạ", "needs": ("đội",)}, "đợi tạ về", []),
    ("needs: a phrase", {"text": "tạ", "needs": ("cả đội",)}, "cả đội toàn tạ", ["tạ"]),
    ("needs: half a phrase", {"text": "tạ", "needs": ("cả đội",)}, "đội toàn tạ", []),
    ("needs: bare where all is bare", {"text": "vcl", "needs": ("đội",)}, "doi nay vcl", ["vcl"]),
    ("needs: an entity", {"text": "alo", "needs": ("<phone>",)}, "alo 0912345678", ["alo"]),
    ("needs: no entity", {"text": "alo", "needs": ("<phone>",)}, "alo 09123", []),
    ("needs: a named list", {"text": "tạ", "needs": ("address",)}, "thằng tạ", ["tạ"]),
    ("within: at its edge", {"text": "tạ", "needs": ("đội",), "within": 2}, "đội a tạ", ["tạ"]),
    ("within: beyond", {"text": "tạ", "needs": ("đội",), "within": 2}, "đội a b tạ", []),
    ("within: behind", {"text": "tạ", "needs": ("đội",), "within": 2}, "tạ a đội", ["tạ"]),
    ("within: beyond, behind", {"text": "tạ", "needs": ("đội",), "within": 2}, "tạ a b đội", []),
    ("entity as a term", {"text": "<phone>"}, "gọi 0912.345.678 nhé", ["0912.345.678"]),
    ("entity in a term", {"text": "zalo <phone>"}, "Zalo 0912 345 678", ["Zalo 0912 345 678"]),
    ("entity in two chunks", {"text": "<plate>"}, "xe 30E 123.45 của ai đó", ["30E 123.45"]),
    ("entity, spelled out", {"text": "<phone>"}, "<phone>", []),
]  # fmt: skip


@pytest.mark.parametrize(("term", "text", "marked"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_one_term(term: dict[str, Any], text: str, marked: list[str]) -> None:
    assert found(filter_of(rule("insult.test", TermSpec(weight=5.0, **term))), text) == marked


def test_the_model_can_be_company() -> None:
    ambiguous = rule("insult.test", "tạ", needs=("model",))
    assert found(filter_of(ambiguous), "mua tạ") == []
    assert found(filter_of(ambiguous, toxic=True), "mua tạ") == ["tạ"]


def test_abuse_can_be_company_but_not_abuse_that_needs_some_itself() -> None:
    certain = rule("profanity.test", "đm", category="profanity")
    one, other = rule("insult.one", "tạ", needs=("abuse",)), rule("insult.other", "gà", needs=("abuse",))
    assert found(filter_of(one, other, certain), "tạ với gà") == []
    assert found(filter_of(one, other, certain), "đm tạ với gà") == ["đm", "tạ", "gà"]


def test_a_sign_is_no_company() -> None:
    ambiguous, sign = rule("insult.test", "tạ", needs=("abuse",)), rule("insult.sign", "gà", weight=1.0)
    assert found(filter_of(ambiguous, sign), "tạ với gà") == []


def test_what_is_no_abuse_is_no_company() -> None:
    ambiguous, advert = rule("insult.test", "tạ", needs=("abuse",)), rule("spam.test", "mua ngay", category="spam")
    assert found(filter_of(ambiguous, advert), "mua ngay tạ") == ["mua ngay"]


ALLOWED = [
    # allowed phrase, text, what is marked of "óc chó" in it
    ("hạt óc chó", "mua hạt óc chó", []),
    ("hạt óc chó", "mua hat oc cho", []),
    ("hạt óc chó", "hạt óc chó, thằng óc chó", ["óc chó"]),
    ("hạt óc", "hạt óc chó", ["óc chó"]),
    ("óc chó", "óc chó", []),
    ("hạt óc chó", "hạt ó.c chó", []),
]


@pytest.mark.parametrize(("phrase", "text", "marked"), ALLOWED)
def test_allowed_phrases_swallow(phrase: str, text: str, marked: list[str]) -> None:
    assert found(filter_of(rule("insult.test", "óc chó"), allowed=(phrase,)), text) == marked


SEGMENTED = [
    ("nó chơi số đề cả năm", ["số đề"]),
    ("có một số đề xuất mới", []),
    ("cơ quan nhận một số đề nghị", []),
    ("co mot so de xuat moi", []),
    ("ghi số đề ở đầu ngõ", ["số đề"]),
    ("ghi s.ố đ.ề ở đầu ngõ", ["s.ố đ.ề"]),
]


@pytest.mark.parametrize(("text", "marked"), SEGMENTED)
def test_word_borders(text: str, marked: list[str]) -> None:
    betting = rule("gambling.test", "số đề", category="gambling", segment=True)
    assert found(filter_of(betting, allowed=("đề xuất", "đề nghị")), text) == marked


def test_leftmost_longest_in_a_category() -> None:
    insults = rule("insult.short", "ngu"), rule("insult.long", "ngu như bò"), rule("insult.late", "như bò ấy")
    assert found(filter_of(*insults), "nó ngu như bò ấy") == ["ngu như bò"]
    threat = rule("threat.test", "như bò ấy", category="threat")
    assert found(filter_of(*insults, threat), "nó ngu như bò ấy") == ["ngu như bò", "như bò ấy"]


def test_a_sign_speaks_only_beside_more_than_a_sign_of_its_category() -> None:
    sign, other = rule("scam.sign", "lãi cao", weight=1.0, category="scam"), rule("scam.strong", "nạp tiền", category="scam")
    elsewhere = rule("insult.test", "ngu")
    contentfilter = filter_of(sign, other, elsewhere)
    assert found(contentfilter, "gửi lãi cao") == []
    assert found(contentfilter, "lãi cao, đồ ngu") == ["ngu"]
    assert found(contentfilter, "nạp tiền, lãi cao") == ["nạp tiền", "lãi cao"]


def test_a_sign_of_innocence_takes_from_the_score_and_is_no_match() -> None:
    strong, court = rule("insult.test", "ngu"), rule("context.test", "bị cáo", weight=-4.0)
    contentfilter = filter_of(strong, court)
    alone, both = contentfilter.classify("ngu"), contentfilter.classify("bị cáo nói ngu")
    assert alone.flagged
    assert not both.flagged
    assert [match.rule for match in both.matches] == ["insult.test"]
    assert ("insult", "context.test", -4.0) in both.evidence.contributions


def test_the_least_undone_reading_is_reported() -> None:
    (match,) = filter_of(rule("insult.test", "ngu")).classify("ngu").matches
    assert match.steps == ()
    (match,) = filter_of(rule("insult.test", "óc chó")).classify("oc cho").matches
    assert match.steps == ("toneless",)


phrases = st.lists(st.sampled_from("óc chó hạt ngu bò như đồ , n.g.u oc cho NGU nguuu . mày".split()), max_size=12).map(" ".join)


@given(phrases)
def test_matches_of_a_category_are_in_order_and_apart(text: str) -> None:
    rules = rule("insult.one", "óc chó", "ngu như bò", "đồ ngu"), rule("insult.two", "ngu", "chó ngu", "đồ")
    matches = filter_of(*rules, allowed=("hạt óc chó",)).classify(text).matches
    assert all(one.end <= other.start for one, other in pairwise(matches))
