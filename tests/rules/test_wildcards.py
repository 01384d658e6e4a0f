"""Wildcards are finitely many terms, and what is not is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import found, pack_filter, rule

from contentfilter.rules.wildcards import expansions

CASES = [
    ("đồ ngu", ("đồ ngu",)),
    ("đồ [con] ngu", ("đồ con ngu", "đồ ngu")),
    ("(thằng|con) ngu", ("thằng ngu", "con ngu")),
    ("ngu[ ngốc[ ghê]]", ("ngu ngốc ghê", "ngu ngốc", "ngu")),
    ("(a|b[c])d", ("ad", "bcd", "bd")),
    (r"\[a\]", ("[a]",)),
    (r"sao\?", ("sao?",)),
]


@pytest.mark.parametrize(("term", "forms"), CASES)
def test_expansions(term: str, forms: tuple[str, ...]) -> None:
    assert expansions(term) == forms


def test_a_question_mark_is_a_letter_or_digit() -> None:
    forms = expansions("l?n")
    assert {"lan", "lồn", "l0n", "lđn"} <= set(forms)
    assert len(forms) == len(set(forms)) == 103


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("đồ [ngu", "']' is missing"),
        ("đồ (ngu", r"'\)' is missing"),
        ("đồ ngu]", r"']' stands alone; write \\]"),
        ("a|b", r"'\|' stands alone"),
        ("ngu\\", "a backslash stands at the end"),
        ("n??u", "more than 1000 terms"),
        ("[a][b][c][d][e][f][g][h][i][k]" * 3, "more than 1000 terms"),
    ],
)
def test_what_is_refused(term: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        expansions(term)


PLACES = [
    # place, term, text, found
    ("whole", "bet8", "vào xbet8z", []),
    ("prefix", "bet8", "vào BET88 nha", ["BET8"]),
    ("prefix", "bet8", "vào xbet8", []),
    ("suffix", "bet8", "vào xbet8", ["bet8"]),
    ("suffix", "bet8", "vào bet88", []),
    ("inside", "bet8", "vào xbet8z, bet8 nha", ["bet8", "bet8"]),
    ("inside", "bet8", "vào http://xbet8z.top", []),  # what a link holds is no word
    ("inside", "ur", "vào http://abc.top", []),
    ("prefix", "siêu hũ", "nổ siêu hũvàng", ["siêu hũ"]),
    ("suffix", "hũ vàng", "nổ siêuhũ vàng đây", ["hũ vàng"]),
    ("inside", "nổ h", "nổ hũ", ["nổ h"]),
]


@pytest.mark.parametrize(("place", "term", "text", "marked"), PLACES)
def test_places(tmp_path: Path, place: str, term: str, text: str, marked: list[str]) -> None:
    assert found(pack_filter(tmp_path, rule(f"place: {place}\nterms: ['{term}']")), text) == marked


VIEWS = [
    ("[plain]", "hồ lô", ["hồ lô"]),
    ("[plain]", "ho lo", []),
    ("[plain]", "h.ồ l.ô", []),
    ("[plain, skeleton]", "h.ồ l.ô", ["h.ồ l.ô"]),
    ("[plain, skeleton]", "ho lo", []),
    ("[plain, toneless]", "ho lo", ["ho lo"]),
    ("[plain, toneless]", "h.ồ l.ô", []),
    ("[plain, skeleton, toneless]", "h.o l.o", ["h.o l.o"]),
]


@pytest.mark.parametrize(("views", "text", "marked"), VIEWS)
def test_views(tmp_path: Path, views: str, text: str, marked: list[str]) -> None:
    assert found(pack_filter(tmp_path, rule(f"views: {views}\nterms: [hồ lô]")), text) == marked
