"""The whole filter: a batch equals its single calls, spans are the caller's, nothing that comes in breaks it."""

from __future__ import annotations

import csv
import pickle
import random
import unicodedata
from pathlib import Path

import pytest
import texts
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from making import restored

from contentfilter import Action, Category, ContentFilter, Result
from contentfilter.normalize.diacritics import diacritics

COMMENTS = (texts.EXAMPLES / "comments.txt").read_text(encoding="utf-8").splitlines()
EVERY = [*COMMENTS, *texts.lines("clean.txt"), *texts.lines("collisions.txt"), *texts.PHRASES]


def check(result: Result) -> None:
    """What holds of every result."""
    text = result.text
    for match in result.matches:
        assert 0 <= match.start < match.end <= len(text)
        assert match.text == text[match.start : match.end]
        assert match.text.strip() == match.text
        assert match.weight > 0
    assert [match.start for match in result.matches] == sorted(match.start for match in result.matches)
    assert set(result.scores) == set(result.severity) == set(Category)
    assert all(0 <= score <= 1 for score in result.scores.values())
    assert result.flagged == (result.action != "allow")


@pytest.fixture(scope="module")
def patient() -> ContentFilter:
    """A filter that judges whatever is long to its end."""
    return ContentFilter(max_characters=10_000_000, max_matches=10_000_000)


# --- a batch and its single calls ---


@settings(max_examples=300)
@given(st.lists(texts.mixtures, max_size=8))
def test_a_batch_equals_its_single_calls(shipped: ContentFilter, batch: list[str]) -> None:
    together = shipped.classify_batch(batch)
    assert [result.text for result in together] == batch
    assert together == [shipped.classify(text) for text in batch]


def test_the_examples_in_a_batch_equal_single_calls(shipped: ContentFilter) -> None:
    together = shipped.classify_batch(EVERY)
    for text, result in zip(EVERY, together, strict=True):
        alone = shipped.classify(text)
        assert alone.to_dict() == result.to_dict()
        assert alone.evidence == result.evidence
        check(result)


def test_order_and_company_never_change_a_result(shipped: ContentFilter) -> None:
    expected = {text: shipped.classify(text) for text in EVERY}
    turned = [*EVERY, *EVERY]
    random.Random(1).shuffle(turned)
    for size in (1, 7, 1023, 1024, 1025):
        for start in range(0, min(len(turned), 3 * size), size):
            part = turned[start : start + size]
            assert shipped.classify_batch(part) == [expected[text] for text in part]


@pytest.mark.parametrize("batch", [[], (), iter([]), (text for text in ["đồ ngu", "xin chào"]), {"đồ ngu": 1}], ids=type)
def test_any_iterable_is_a_batch(shipped: ContentFilter, batch: object) -> None:
    results = shipped.classify_batch(batch)  # type: ignore[arg-type]
    assert all(isinstance(result, Result) for result in results)


# --- spans ---


@settings(max_examples=300)
@given(texts.mixtures)
@example("\u3000đồ\u2028 ngu\x1f")
@example(unicodedata.normalize("NFD", "Đồ n.g.u, gọi 0912 345 678"))
def test_spans_are_the_callers(shipped: ContentFilter, text: str) -> None:
    check(shipped.classify(text))


UNAMBIGUOUS = ("địt mẹ", "đồ ngu", "vãi lồn", "thằng óc chó")


@given(st.sampled_from(UNAMBIGUOUS), st.sampled_from(sorted(texts.UNSEEN)), texts.anything, texts.anything)
def test_a_match_cut_out_still_matches(shipped: ContentFilter, term: str, disguise: str, before: str, behind: str) -> None:
    text = f"{before} {texts.UNSEEN[disguise](term)} {behind}"
    for match in shipped.classify(text).matches:
        if match.rule in {own.rule for own in shipped.classify(term).matches}:
            assert match.rule in {own.rule for own in shipped.classify(match.text).matches}


@pytest.mark.parametrize("term", UNAMBIGUOUS)
@pytest.mark.parametrize("disguise", [*texts.UNSEEN, "dotted", "spaced", "stretched", "homoglyphs", "stacked"])
@pytest.mark.parametrize("frame", ["{}", "Hôm qua nó bảo {} xong đi luôn", "…({})!"])
def test_disguises_hide_nothing(shipped: ContentFilter, term: str, disguise: str, frame: str) -> None:
    hidden = {**texts.UNSEEN, **texts.GUESSED}[disguise](term)
    rules = {match.rule for match in shipped.classify(term).matches}
    text = frame.format(hidden)
    marked = [match for match in shipped.classify(text).matches if match.rule in rules]
    assert marked, text
    span = (min(match.start for match in marked), max(match.end for match in marked))
    at = frame.index("{")
    assert span == (at, at + len(hidden.rstrip("\u0336"))) or text[slice(*span)].strip("\u200b\u0336") == hidden.strip("\u200b\u0336")


@pytest.mark.parametrize("text", ["Đúng là n g u!", "Đồ n g u.", "“n g u”", "n g u, v c l"])
def test_spaced_letters_before_a_mark(shipped: ContentFilter, text: str) -> None:
    assert "insult.stupid" in {match.rule for match in shipped.classify(text).matches}


@pytest.mark.parametrize("text", ["Anh D M làm ở phòng kế toán", "Bạn C L mượn sách chưa trả"])
def test_initials_are_no_words(shipped: ContentFilter, text: str) -> None:
    assert shipped.classify(text).matches == ()


# --- filters ---


def test_a_pickled_filter_gives_the_same_answers(shipped: ContentFilter) -> None:
    own = shipped.with_terms("insult", ["gà mờ"]).with_allowed(["hội gà mờ"])
    again = pickle.loads(pickle.dumps(own))
    every = [*EVERY, "đúng là gà mờ", "hội gà mờ"]
    assert again.classify_batch(every) == own.classify_batch(every)
    assert again.rules == own.rules


def test_a_filter_can_be_pickled_after_it_was_used() -> None:
    used = ContentFilter()
    used.classify("đồ ngu")
    assert pickle.loads(pickle.dumps(used)).classify("đồ ngu") == used.classify("đồ ngu")


def test_own_terms_make_a_new_filter(shipped: ContentFilter) -> None:
    text = "Đúng là g.à m.ờ"
    before = shipped.classify(text)
    own = shipped.with_terms("insult", ["gà mờ"])
    (match,) = own.classify(text).matches
    assert (match.rule, match.category, match.text, match.weight) == ("own.insult", Category.INSULT, "g.à m.ờ", 5.8)
    assert own.classify(text).flagged
    assert shipped.classify(text) == before
    assert before.matches == ()


def test_own_terms_add_up(shipped: ContentFilter) -> None:
    own = shipped.with_terms("insult", ["gà mờ"]).with_terms(Category.INSULT, ["tay mơ"]).with_terms("spam", ["mua ngay kẻo lỡ"])
    assert [rule.id for rule in own.rules if rule.id.startswith("own.")] == ["own.insult", "own.insult.2", "own.spam"]
    assert {match.rule for match in own.classify("gà mờ, tay mơ, mua ngay kẻo lỡ").matches} >= {"own.insult", "own.insult.2", "own.spam"}


def test_allowed_phrases_make_a_new_filter(shipped: ContentFilter) -> None:
    kind = shipped.with_allowed(["đồ ngu ngốc đáng yêu"])
    assert kind.classify("đồ ngu ngốc đáng yêu").matches == ()
    assert kind.classify("đồ ngu ngốc").matches
    assert shipped.classify("đồ ngu ngốc đáng yêu").matches


@pytest.mark.parametrize("category", ["rudeness", "", "INSULT", None])
def test_an_unknown_category(shipped: ContentFilter, category: str) -> None:
    with pytest.raises(ValueError, match=r"not a valid Category"):
        shipped.with_terms(category, ["gà mờ"])


@pytest.mark.parametrize("term", ["", " ", "\u200b"])
def test_an_empty_term(shipped: ContentFilter, term: str) -> None:
    with pytest.raises(ValueError, match="no character that could match"):
        shipped.with_terms("insult", ["gà mờ", term])


@pytest.mark.parametrize("terms", [[None], [1], [b"ng"], "gà mờ"])
def test_terms_are_strings(shipped: ContentFilter, terms: list[str]) -> None:
    with pytest.raises(TypeError, match="str"):
        shipped.with_terms("insult", terms)
    with pytest.raises(TypeError, match="str"):
        shipped.with_allowed(terms)


# --- bad input ---

NO_TEXTS = [None, b"ngu", float("nan"), 1, ["ngu"], Path("ngu")]


@pytest.mark.parametrize("value", NO_TEXTS, ids=repr)
def test_what_is_no_text(shipped: ContentFilter, value: object) -> None:
    with pytest.raises(TypeError, match=rf"text: found {type(value).__name__}, expected str"):
        shipped.classify(value)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError, match=rf"texts\[2\]: found {type(value).__name__}, expected str"):
        shipped.classify_batch(["a", "b", value, None])  # type: ignore[list-item]  # wrong on purpose


def test_one_text_is_no_batch(shipped: ContentFilter) -> None:
    with pytest.raises(TypeError, match="one str"):
        shipped.classify_batch("ngu")


@pytest.mark.parametrize("text", ["", " ", "\n\t\u3000\u2028", "\u200b", "\0", "\ufe0f", "\u0301", "...", "👍"], ids=ascii)
def test_nothing_to_judge(shipped: ContentFilter, text: str) -> None:
    for result in (shipped.classify(text), *shipped.classify_batch([text])):
        assert (result.action, result.matches, result.masked) == (Action.ALLOW, (), text)


ODD = [
    ("lone surrogate", "đồ ngu \ud800", "đồ ngu"),
    ("surrogate inside", "đồ n\udfffgu đồ ngu", "đồ ngu"),
    ("NUL", "\0 đồ ngu \0", "đồ ngu"),
    ("NUL inside", "đồ n\0gu", "đồ n\0gu"),
    ("noncharacter", "\uffff đồ ngu \uffff", "đồ ngu"),
    ("a million characters before", "a" * 1_000_000 + " đồ ngu", "đồ ngu"),
    ("a million words before", "bò " * 333_333 + "đồ ngu", "đồ ngu"),
    ("a million marks before", "." * 1_000_000 + " đồ ngu", "đồ ngu"),
    ("50,000 letters apart", "x " * 50_000 + "đồ ngu", "đồ ngu"),
    ("10,000 combining marks", "đồ ngu" + "\u0336" * 10_000, "đồ ngu" + "\u0336" * 10_000),
    ("10,000 marks, a tone at last", "đô" + "\u0300" + "\u0301" * 10_000 + " ngu", "đô" + "\u0300" + "\u0301" * 10_000 + " ngu"),
    ("10,000 invisible characters", "đồ n" + "\N{ZERO WIDTH SPACE}" * 10_000 + "gu", "đồ n" + "\N{ZERO WIDTH SPACE}" * 10_000 + "gu"),
    ("stretched by 100,000", "đồ ng" + "u" * 100_000, "đồ ng" + "u" * 100_000),
]


@pytest.mark.parametrize(("text", "marked"), [row[1:] for row in ODD], ids=[row[0] for row in ODD])
def test_odd_texts_get_an_answer_with_right_spans(patient: ContentFilter, text: str, marked: str) -> None:
    result = patient.classify(text)
    check(result)
    assert result.errors == ()
    start = text.rindex(marked)
    assert (start, start + len(marked), "insult.stupid") in [(match.start, match.end, match.rule) for match in result.matches]
    assert len(result.masked) <= len(text)


@pytest.mark.parametrize(
    "text",
    [unit * 20_000 for unit in ("đồ ngu ", "đ ị t ", "n.g.u ", "số đề xuất ", "hạt óc chó ", "con chó oc cho ", "0 9 ")],
    ids=["as it is", "spaced", "dotted", "at word borders", "allowed", "ambiguous", "digits"],
)
def test_long_texts_full_of_terms_finish(patient: ContentFilter, text: str) -> None:
    result = patient.classify(text)
    spans = [(match.start, match.end) for match in result.matches]
    assert spans == sorted(spans)


@given(texts.mixtures)
def test_words_are_told_of_any_text(shipped: ContentFilter, text: str) -> None:
    assume(text.strip())
    assert all(isinstance(word, str) for word in shipped.classify(text).tokens)


def test_a_surrogate_beside_an_ambiguous_term(shipped: ContentFilter) -> None:
    for text in ("có một số đề xuất \ud800", "\ud800 ghi số đề \ud800"):
        check(shipped.classify(text))


# --- what the golden files say ---


def test_targets_weigh_the_same(shipped: ContentFilter) -> None:
    """Whoever it is aimed at: what the rules say of both texts of a pair is the same."""
    pairs = [line.split("\t") for line in texts.lines("neutral.txt")]
    assert len(pairs) >= 50

    def told(text: str) -> list[tuple[Category, str, float]]:
        return [term for term in shipped.classify(text).evidence.contributions if term[1] != "model"]

    assert [(one, other) for one, other in pairs if told(one) != told(other)] == []


@pytest.mark.parametrize("name", ["clean.txt", "collisions.txt"])
def test_clean_text_passes(shipped: ContentFilter, name: str) -> None:
    """A floor against regression, no measure of quality: these sentences are known."""
    assert [result.text for result in shipped.classify_batch(texts.lines(name)) if result.flagged] == []


def test_known_alarms_are_noticed_when_they_are_mended(shipped: ContentFilter) -> None:
    assert [result.text for result in shipped.classify_batch(texts.lines("known_alarms.txt")) if not result.flagged] == []


def test_harm_is_found(shipped: ContentFilter) -> None:
    """A floor against regression, no measure of quality: these sentences are known."""
    rows = list(csv.DictReader((texts.CASES / "harm.csv").read_text(encoding="utf-8").splitlines()))
    missed = [result.text for result in shipped.classify_batch([row["text"] for row in rows]) if not result.flagged]
    assert len(missed) <= 0.2 * len(rows), "\n".join(missed)


@pytest.mark.parametrize("text", ["mày🖕", "cho mày này🖕!", "đúng là óc🐶", "cái đồ óc🐷!"])
def test_an_emoji_glued_to_a_word_is_found(shipped: ContentFilter, text: str) -> None:
    assert shipped.classify(text).matches, text


def test_the_model_alone_never_blocks(shipped: ContentFilter) -> None:
    result = shipped.classify("Lũ lụt cuốn trôi cả đàn bò của bà con")
    assert {match.source for match in result.matches} <= {"model"}
    assert result.action is not Action.BLOCK


@pytest.mark.parametrize("text", ["Đm kẹt xe nữa rồi", "Đéo hiểu sao hôm nay mạng chậm thế", "địt mẹ cái máy in lại hết mực"])
def test_swearing_at_nobody_is_hidden_not_blocked(shipped: ContentFilter, text: str) -> None:
    assert shipped.classify(text).action is Action.MASK


@pytest.mark.parametrize("text", ["Luật này ngu xuẩn và phản khoa học", "Chính quyền hèn nhát, không dám trả lời dân"])
def test_contempt_for_a_policy_is_no_insult_by_rule(shipped: ContentFilter, text: str) -> None:
    assert not [match for match in shipped.classify(text).matches if match.category is Category.INSULT]


def test_contempt_for_a_person_is(shipped: ContentFilter) -> None:
    assert shipped.classify("Mày ngu xuẩn vừa thôi").matches


@pytest.mark.parametrize(
    "text",
    [
        "Tao gọi mày là đồ chó",
        "Mày bị cả xóm chửi là đáng lắm, thằng óc chó",
        'Tao nói thẳng: "mày là đồ ngu"',
        "Bọn nó chửi mày là con đĩ, tao cũng chửi mày là con đĩ",
        "Lũ chó chúng mày cút hết đi, nước lũ cuốn chúng mày đi",
        "Mả mẹ mày, tảo mộ cái gì",
    ],
)
def test_abuse_in_the_frame_of_a_report_stays(shipped: ContentFilter, text: str) -> None:
    assert shipped.classify(text).flagged


@pytest.mark.parametrize(
    "text",
    [
        "Con gái chị bị bạn nhắn con đĩ, con khóc mấy đêm liền",
        "Nó kêu tui là thằng nhà quê ngu dốt, tui chỉ cười",
        "Bạn tui bị tụi nó gọi là thằng mặt chó suốt năm lớp tám",
    ],
)
def test_who_reports_abuse_is_never_blocked(shipped: ContentFilter, text: str) -> None:
    assert shipped.classify(text).action is not Action.BLOCK


def test_a_site_s_own_word_wins_over_a_shipped_compound_but_not_over_what_the_site_allows(shipped: ContentFilter) -> None:
    assert shipped.with_terms("insult", ["hồ lô"]).classify("đồ hồ lô").flagged
    assert not shipped.with_allowed(["đồ hồ lô đỏ"]).with_terms("insult", ["hồ lô"]).classify("mua đồ hồ lô đỏ").matches
    assert not shipped.with_terms("insult", ["chó"]).classify("mua hạt óc chó").matches


@pytest.mark.parametrize(("text", "likeliest"), [
    ("Bon may la lu khon nan", "Bọn mày là lũ khốn nạn"),
    ("Trời ơi, thang này mat day that", "Trời ơi, thằng này mất dạy thật"),
    ("The match last night was on fire", "The match last night was on fire"),
    ("Nguyễn Văn Duy", "Nguyễn Văn Duy"),
])  # fmt: skip
def test_dropped_diacritics_are_restored_in_place(text: str, likeliest: str) -> None:
    assert restored(diacritics(), text)[0] == likeliest


def test_what_was_restored_is_told_in_the_caller_s_text(shipped: ContentFilter) -> None:
    result = shipped.classify("Trời ơi, thang này mat day that")
    assert result.flagged
    assert [(match.text, match.steps) for match in result.matches if match.source == "keyword"] == [("mat day that", ("toneless",))]
    assert shipped.classify_batch([result.text, "ok"])[0] == result


def test_talk_of_goods_speaks_against_the_model_alone(shipped: ContentFilter) -> None:
    assert not shipped.classify("Cửa hàng vl của chú Ba có bán cả gạch lát sân").flagged
    assert shipped.classify("Shop giao sai màu, thằng chủ ngu như bò").flagged


@pytest.mark.parametrize("text", ["can tim gai goi cao cap quan 1", "cho may mot vien keo dong vao dau", "no hu khung tang 100k tan thu"])
def test_a_long_sure_term_needs_no_diacritics(shipped: ContentFilter, text: str) -> None:
    assert shipped.classify(text).flagged
