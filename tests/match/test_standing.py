"""Which hits stand, on lines made by hand: what is around them, the company they need, borders of words, and what holds at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hits import INSULT, Line, hit, spans
from making import COMPILED

from contentfilter.match.keywords import Surroundings, Term
from contentfilter.match.settle import (
    Hit,
    Spans,
    _around,
    _has_company,
    _on_word_borders,
    _Vicinity,
    among_tones,
    company_of,
    standing,
    verify,
)

if COMPILED:
    pytest.skip("compiled, a stage takes no line made by hand; the checks run this in plain Python too", allow_module_level=True)

ADDRESS = company_of(("mày", "thằng"), abuse=True, model=True)


@pytest.mark.parametrize(
    ("within", "before", "behind"),
    [
        (0, "", " "),
        (1, " ba", " năm "),
        (2, " hai ba", " năm , sáu "),
        (3, " một hai ba", " năm , sáu <phone> "),
        (4, " một hai ba", " năm , sáu <phone> . "),
        (9, " một hai ba", " năm , sáu <phone> . "),
    ],
)
def test_what_stands_around(within: int, before: str, behind: str) -> None:
    text = " một hai ba bốn năm , sáu <phone> . "
    start = text.index("bốn")
    found = _around(text, start, start + 3, within)
    assert (found[0].strip(), found[1].strip()) == (before.strip(), behind.strip())
    assert text[start - len(found[0]) : start] == found[0]
    assert text[start + 3 : start + 3 + len(found[1])] == found[1]
    if within:
        assert found[0][0] == found[0][-1] == found[1][0] == found[1][-1] == " "


def test_syllables_of_one_letter_and_entities_count() -> None:
    assert _around(" một à ba bốn ơ năm ", 10, 13, 2) == (" à ba ", " ơ năm ")
    assert _around(" một <phone> ngu <url> hai ", 13, 16, 1) == (" <phone> ", " <url> ")


def test_marks_are_looked_past_but_not_without_end() -> None:
    """A text of a hundred thousand emoji that need company would have as much of it around each."""
    before, behind = _around(" một " + ", " * 60 + "ngu " + "! " * 60 + "hai ", 125, 128, 1)
    assert (before[:5], behind[-5:]) == (" một ", " hai ")
    before, behind = _around(" một " + ", " * 5000 + "ngu " + "! " * 5000 + "hai ", 10005, 10008, 1)
    assert set(before) == {",", " "}
    assert set(behind) == {"!", " "}
    assert max(len(before), len(behind)) < 200


@pytest.mark.parametrize(
    ("text", "among"),
    [
        (" đồ oc thật ", True),
        (" do oc that ", False),
        (" do óc ", True),  # its own is half of what has any
        (" do ma nay óc ", False),
        (" zz xx qq óc ", True),  # what is no syllable says nothing
        (" thật " + "a " * 7 + "óc ", False),
        (" thật thật thật thật a a a a oc ", True),
        (" thật thật thật thật a a a a a oc ", False),  # of eight syllables three have them
        (" oc thật thật thật thật a a a a ", True),
    ],
)
def test_who_writes_with_diacritics(text: str, among: bool) -> None:
    start = text.index("oc" if "oc" in text else "óc")
    assert among_tones(text, start, start + 2) is among


@pytest.mark.parametrize(
    ("span", "near"),
    [
        ((0, 3), False), ((4, 7), True), ((8, 9), True), ((9, 12), False),
        ((12, 14), True), ((13, 18), True), ((13, 19), False), ((4, 9), True),
    ],
)  # fmt: skip
def test_spans_near_a_hit(span: tuple[int, int], near: bool) -> None:
    """The hit is at 10 to 12; six characters before it and behind it are near."""
    abuse = hit(*span, abusive=True)
    assert _Vicinity("", (), [abuse]).has_abuse(hit(10, 12), Surroundings("x" * 6, "y" * 6)) is near
    assert _Vicinity("", [abuse], ()).has_abuse(hit(10, 12), Surroundings("x" * 6, "y" * 6)) is near


def test_abuse_that_needs_company_is_none_to_others() -> None:
    needy = hit(7, 9, abusive=True, company=company_of(("bé",)))
    assert not _Vicinity("", (), [needy, hit(7, 9)]).has_abuse(hit(10, 12), Surroundings("x" * 6, ""))


COMPANY: list[tuple[str, Hit, str, list[tuple[int, int]], bool, bool]] = [
    # what, hit, text, spans of abuse, toxic, has it company
    ("needs nothing", hit(4, 7), " bé ngu ", [], False, True),
    ("needs a word that is there", hit(4, 7, company=company_of(("bé",))), " bé ngu ", [], False, True),
    ("needs a word that is not there", hit(4, 7, company=company_of(("cô",))), " bé ngu ", [], False, False),
    ("needs the model, which says no", hit(4, 7, company=company_of((), model=True)), " bé ngu ", [], False, False),
    ("needs the model, which says yes", hit(4, 7, company=company_of((), model=True)), " bé ngu ", [], True, True),
    ("toxic helps only where the model is asked", hit(4, 7, company=company_of(("cô",))), " bé ngu ", [], True, False),
    ("needs abuse", hit(4, 7, company=company_of((), abuse=True)), " bé ngu ", [(1, 3)], False, True),
    ("abuse is not asked for", hit(4, 7, company=company_of(("cô",))), " bé ngu ", [(1, 3)], False, False),
    ("lost its tones", hit(4, 7, missing=1, toneless="company"), " bé ngu ", [], False, False),
    ("lost them, which is free", hit(4, 7, missing=1, toneless="free"), " bé ngu ", [], False, True),
    ("has them", hit(4, 7, toneless="company"), " bé ngu ", [], False, True),
    ("lost its tones, address near", hit(6, 9, missing=1, toneless="company"), " mày , ngu ", [], False, True),
    ("lost its tones, toxic", hit(4, 7, missing=1, toneless="company"), " bé ngu ", [], True, True),
    (
        "lost its tones and needs a word, one of two",
        hit(4, 7, missing=1, toneless="company", company=company_of(("bé",))), " bé ngu ", [], False, False,
    ),
    (
        "lost its tones and needs a word, both",
        hit(8, 11, missing=1, toneless="company", company=company_of(("bé",))), " mày bé ngu ", [], False, True,
    ),
    ("as near as the term says", hit(8, 11, company=company_of(("bé",)), within=1), " bé à , ngu ", [], False, False),
    ("as near as the term says, and there", hit(8, 11, company=company_of(("bé",)), within=2), " bé à , ngu ", [], False, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("found", "text", "abuse", "toxic", "expected"), [row[1:] for row in COMPANY], ids=[row[0] for row in COMPANY]
)
def test_company(found: Hit, text: str, abuse: list[tuple[int, int]], toxic: bool, expected: bool) -> None:
    vicinity = _Vicinity(text, [hit(*span, abusive=True) for span in abuse], ())
    assert _has_company(found, vicinity, toxic, ADDRESS) is expected
    if found.missing or found.term.company:
        line = Line(text)
        sure = [hit(*span, abusive=True, line=line) for span in abuse]
        asked = Hit(found.start, found.end, found.term, found.steps, found.missing, found.categories, line)  # type: ignore[arg-type]
        kept = standing(line, [*sure, asked], [], toxic, ADDRESS)  # type: ignore[arg-type]  # a line by hand
        assert (len(kept) == 1 + len(sure)) is expected


def test_abuse_that_needs_company_is_none() -> None:
    text = " ngu bé "
    one, two = (hit(*span, abusive=True, company=company_of((), abuse=True)) for span in ((1, 4), (5, 7)))
    assert standing(Line(text), [one, two], [], False, ADDRESS) == []  # type: ignore[arg-type]  # a line by hand
    mild = hit(1, 4, abusive=False)
    assert standing(Line(text), [mild, two], [], False, ADDRESS) == [mild]  # type: ignore[arg-type]  # a line by hand


def test_allowed_phrases_swallow_what_lies_in_them() -> None:
    hits = [hit(0, 3), hit(4, 9), hit(10, 12)]
    assert spans(standing(Line("x" * 20), hits, [(4, 9), (0, 2)], False, ADDRESS)) == [(0, 3), (10, 12)]  # type: ignore[arg-type]


TEXT = " có một số đề xuất mới "
START = TEXT.index("số")


@pytest.mark.parametrize(
    ("found", "words", "on_borders"),
    [
        (hit(START, START + 5, segment=True), [(START + 3, START + 10)], False),  # đề xuất crosses its end
        (hit(START, START + 5, segment=True), [], True),  # no dictionary word crosses
        (hit(START, START + 5, segment=True), [(START, START + 5)], True),
        (hit(START, START + 5, segment=True), [(START + 3, START + 5)], True),  # ends with it
        (hit(START, START + 5, segment=True), [(START, START + 2)], True),
        (hit(START, START + 5, segment=True), [(START - 4, START + 2)], False),  # crosses its start: một | số
        (hit(START, START + 5, segment=True, missing=1), [(START + 3, START + 10)], False),
        (hit(START, START + 5, segment=True, missing=1), [(START, START + 2), (START + 3, START + 5)], True),
        (hit(START, START + 5, segment=True), [(START + 5, START + 10)], True),
    ],
)
def test_word_borders(found: Hit, words: list[tuple[int, int]], on_borders: bool) -> None:
    assert _on_word_borders(TEXT, found, Spans(words)) is on_borders
    kept = standing(Line(TEXT), [found], [*words, (0, 1)], False, ADDRESS)  # type: ignore[arg-type]  # a line by hand
    swallowed = Spans(words).swallow(found)
    assert bool(kept) is (on_borders and not swallowed)


def test_where_words_begin_is_asked_of_the_segmentation() -> None:
    """A word of the dictionary crosses its border, yet the sentence is not cut there."""
    text = " nó chơi số đề xuất sắc lắm "
    start = text.index("số")
    crossing = Spans([(start + 3, start + 10)])
    assert _on_word_borders(text, hit(start, start + 5), crossing) is (_starts(text)[3] and _starts(text)[5])


def test_a_sentence_ends_on_a_word_border() -> None:
    text = " nó chơi số đề "
    start = text.index("số")
    assert _on_word_borders(text, hit(start, start + 5), Spans([(start - 5, start + 2)])) is _starts(text)[2] is True


def _starts(text: str) -> tuple[bool, ...]:
    from contentfilter.match.segment import word_starts

    return word_starts(tuple(text.split()))


class Known:
    """What `verify` asks of the keywords: by number the terms that hold, and whether an allowed phrase does."""

    def __init__(self, *held: tuple[tuple[Any, ...], bool]) -> None:
        self._held = held
        self.asked: list[str] = []

    def held(self, number: int, written: str) -> tuple[tuple[Any, ...], bool]:
        self.asked.append(written)
        return self._held[number]


PART = Term("ngu", 0, 5.0, categories=(INSULT,), place="prefix", special=True)
SHY = Term("ngu", 0, 5.0, categories=(INSULT,), disguised=False, special=True)


@pytest.mark.parametrize(
    ("text", "term", "number", "hits"),
    [
        (" ngu ", PART, 0, 1),
        (" <ngu ", PART, 0, 0),  # inside an entity
        (" a<ngu ", PART, 0, 1),
        (" ngu ", PART, 1, 1),
        (" ngu ", SHY, 0, 1),
        (" ngu ", SHY, 1, 0),  # undone by guess
        (" <ngu ", SHY, 0, 1),  # whole, so no part of an entity
        (" ngu ", replace(SHY, special=False), 1, 1),
    ],
)
def test_verified(text: str, term: Term, number: int, hits: int) -> None:
    line = Line(text, number)
    start = text.index("ngu")
    known = Known((((term, 2, ("toneless",), False),), False))
    found, allowed = verify(line, [(start, start + 3, 0)], known)  # type: ignore[arg-type]  # both by hand
    assert [(one.start, one.end, one.term, one.steps, one.missing, one.categories, one.line) for one in found] == [
        (start, start + 3, term, ("toneless",), 2, (INSULT,), line)
    ] * hits
    assert allowed == []
    assert known.asked == ["ngu"]


@pytest.mark.parametrize(
    ("number", "steps", "missing"),
    [(0, (), 0), (0, ("leet",), 0), (1, ("masks",), 0), (1, ("leet",), 1), (1, ("masks", "merged"), 1), (2, ("separators",), 1)],
)
def test_diacritics_left_out_on_purpose(number: int, steps: tuple[str, ...], missing: int) -> None:
    """Among words that have theirs, but not in what a loose guess may make of anything."""
    text = " thật là ngu lắm "
    known = Known((((PART, 1, ("toneless",), True),), False), (((PART, 1, ("toneless",), False),), False))
    line = Line(text, number, steps=steps)
    found, _ = verify(line, [(9, 12, 0), (9, 12, 1)], known)  # type: ignore[arg-type]  # both by hand
    assert [one.missing for one in found] == [missing, 1]
    assert [one.missing for one in verify(Line(" that la ngu lam "), [(9, 12, 0)], known)[0]] == [1]  # type: ignore[arg-type]


def test_verified_both_a_term_and_an_allowed_phrase() -> None:
    known = Known((((PART, 0, (), False),), True), ((), True), ((), False))
    found, allowed = verify(Line(" ngu ngơ "), [(1, 4, 0), (1, 8, 1), (5, 8, 2)], known)  # type: ignore[arg-type]  # both by hand
    assert spans(found) == [(1, 4)]
    assert allowed == [(1, 4), (1, 8)]


def test_company_from_words_and_phrases() -> None:
    company = company_of(("mày", "chúng mày", "cả đội", "lũ chúng nó"), abuse=True)
    assert (company.abuse, company.model) == (True, False)
    assert company.stands(Surroundings(" mày ", "")) or company.stands(Surroundings("", " mày "))
    assert company.stands(Surroundings(" có cả đội ", " "))
    assert company.stands(Surroundings(" ", " lũ chúng nó "))
    assert not company.stands(Surroundings(" ", " chúng nó "))
    assert not company.stands(Surroundings(" cả ", " đội "))
    assert not company.stands(Surroundings(" ", " "))
