"""The plain view: what a reader's eye does not see is undone, and every character knows where it came from."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
import texts
from hypothesis import example, given

from contentfilter.normalize.fold import fold

LONGEST = 6
"""Characters that one may become, as `fold` states."""

ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"
OVERLAY = "\N{COMBINING LONG STROKE OVERLAY}"

UNDONE = [
    # name, chunk, plain, steps
    ("nothing to undo", "địt", "địt", ()),
    ("NFD", unicodedata.normalize("NFD", "người"), "người", ()),
    ("marks in another order", "e\N{COMBINING DOT BELOW}\N{COMBINING CIRCUMFLEX ACCENT}", "ệ", ()),
    ("half composed", "ô\N{COMBINING GRAVE ACCENT}", "ồ", ()),
    ("capitals", "ĐỒNG", "đồng", ()),
    ("capitals, NFD", unicodedata.normalize("NFD", "NGƯỜI"), "người", ()),
    ("old tone placement", "hòa", "hoà", ()),
    ("old tone placement, oe", "khỏe", "khoẻ", ()),
    ("old tone placement, uy", "thúy", "thuý", ()),
    ("tone on the i of gi", "gía", "giá", ()),
    ("qu is an onset", "quý", "quý", ()),
    ("tone in place before an end", "hoàn", "hoàn", ()),
    ("i for y", "kỳ", "kì", ()),
    ("i for y, behind a mark", "(sỹ)", "(sĩ)", ()),
    ("y inside stays", "thuyền", "thuyền", ()),
    ("y after a vowel stays", "hay", "hay", ()),
    ("full width", "ＮＧＵ", "ngu", ("compatibility",)),
    ("mathematical", "\N{MATHEMATICAL BOLD SMALL N}gu", "ngu", ("compatibility",)),
    ("enclosed", "\N{CIRCLED LATIN SMALL LETTER N}gu", "ngu", ("compatibility",)),
    ("enclosed capital", "\N{CIRCLED LATIN CAPITAL LETTER N}gu", "ngu", ("compatibility",)),
    ("squared", "\N{SQUARED LATIN CAPITAL LETTER N}gu", "ngu", ("compatibility",)),
    ("superscript", "n\N{MODIFIER LETTER SMALL G}u", "ngu", ("compatibility",)),
    ("ligature", "\N{LATIN SMALL LIGATURE FI}", "fi", ("compatibility",)),
    ("full width with a tone", "ａ\N{COMBINING ACUTE ACCENT}", "á", ("compatibility",)),
    ("zero width space", f"n{ZERO_WIDTH_SPACE}gu", "ngu", ("invisible",)),
    ("soft hyphen", "n\N{SOFT HYPHEN}gu", "ngu", ("invisible",)),
    ("word joiner", "n\N{WORD JOINER}gu", "ngu", ("invisible",)),
    ("right-to-left override", "\N{RIGHT-TO-LEFT OVERRIDE}ngu", "ngu", ("invisible",)),
    ("byte order mark", "\N{ZERO WIDTH NO-BREAK SPACE}ngu", "ngu", ("invisible",)),
    ("NUL", "n\0gu", "ngu", ("invisible",)),
    ("invisible before a tone", f"đi{ZERO_WIDTH_SPACE}t", "đit", ("invisible",)),
    ("joined emoji", "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}", "\N{WOMAN}\N{GIRL}", ()),
    ("emoji with a variation selector", "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", "\N{HEAVY BLACK HEART}", ()),
    ("struck out", f"n{OVERLAY}g{OVERLAY}u{OVERLAY}", "ngu", ("marks",)),
    ("stacked over a tone", f"ị{OVERLAY}", "ị", ("marks",)),
    ("second tone", "á\N{COMBINING GRAVE ACCENT}", "á", ("marks",)),
    ("tone on a consonant", "n\N{COMBINING GRAVE ACCENT}gu", "ngu", ("marks",)),
    ("tone on a consonant, composed", "ǹgu", "ngu", ("marks",)),
    ("mark of another language", "å", "a", ("marks",)),
    ("mark before the first letter", f"{OVERLAY}ngu", "ngu", ("marks",)),
    ("mark on the d with stroke", f"đ{OVERLAY}m", "đm", ("marks",)),
    ("Cyrillic es between Latin letters", "\N{CYRILLIC SMALL LETTER ES}hó", "chó", ("confusables",)),
    ("Greek upsilon", "ng\N{GREEK SMALL LETTER UPSILON}", "ngu", ("confusables",)),
    ("script g", "n\N{LATIN SMALL LETTER SCRIPT G}u", "ngu", ("confusables",)),
    ("Cyrillic pe and tse", "\N{CYRILLIC SMALL LETTER PE}g\N{CYRILLIC SMALL LETTER TSE}", "ngu", ("confusables",)),
    ("small capitals", "n\N{LATIN LETTER SMALL CAPITAL G}\N{LATIN LETTER SMALL CAPITAL U}", "ngu", ("confusables",)),
    ("t with hook", "mấ\N{LATIN SMALL LETTER T WITH HOOK}", "mất", ("confusables",)),
    ("a Polish name", "Pawe\N{LATIN SMALL LETTER L WITH STROKE}", "pawel", ("confusables",)),
    ("d with hook", "\N{LATIN SMALL LETTER D WITH HOOK}m", "đm", ("confusables",)),
    ("eth", "\N{LATIN SMALL LETTER ETH}m", "đm", ("confusables",)),
    ("African d", "\N{LATIN CAPITAL LETTER AFRICAN D}m", "đm", ("confusables",)),
    ("Cyrillic capital em, which looks like M though its small letter does not", "Đ\N{CYRILLIC CAPITAL LETTER EM}", "đm", ("confusables",)),
    ("Greek capital mu", "Đ\N{GREEK CAPITAL LETTER MU}", "đm", ("confusables",)),
    ("real Russian", "сосна", "сосна", ()),
    ("real Russian that reads as Latin", "сухо", "сухо", ()),
    ("real Greek", "οχι", "οχι", ()),
    ("several, in their order", f"ｎ{ZERO_WIDTH_SPACE}g{OVERLAY}\N{GREEK SMALL LETTER UPSILON}", "ngu",
     ("compatibility", "invisible", "marks", "confusables")),
]  # fmt: skip


@pytest.mark.parametrize(("chunk", "plain", "steps"), [row[1:] for row in UNDONE], ids=[row[0] for row in UNDONE])
def test_what_is_undone(chunk: str, plain: str, steps: tuple[str, ...]) -> None:
    view, undone = fold(chunk)
    assert (view.text, undone) == (plain, steps)


ORIGINS = [
    # name, chunk, the part of the chunk that each character was made from
    ("simple", "ngu", ["n", "g", "u"]),
    ("NFD", unicodedata.normalize("NFD", "địt"), ["đ", "i\N{COMBINING DOT BELOW}", "t"]),
    ("deletion", f"n{ZERO_WIDTH_SPACE}g\0u", ["n", "g", "u"]),
    ("expansion", "\N{LATIN SMALL LIGATURE FFI}", ["\N{LATIN SMALL LIGATURE FFI}"] * 3),
    ("marks belong to their letter", f"n{OVERLAY}{OVERLAY}g", [f"n{OVERLAY}{OVERLAY}", "g"]),
    ("beyond the BMP", "\N{MATHEMATICAL BOLD SMALL N}g", ["\N{MATHEMATICAL BOLD SMALL N}", "g"]),
    ("the longest that is taken apart", "\N{SQUARE RAD OVER S SQUARED}", ["\N{SQUARE RAD OVER S SQUARED}"] * 6),
    ("a phrase as one character", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}", ["\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}"]),
]


@pytest.mark.parametrize(("chunk", "parts"), [row[1:] for row in ORIGINS], ids=[row[0] for row in ORIGINS])
def test_origins(chunk: str, parts: list[str]) -> None:
    view, _ = fold(chunk)
    spans = [view.origin(i, i + 1) for i in range(len(view.text))]
    assert [chunk[start:end] for start, end in spans] == parts


@given(texts.chunks)
@example("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}\N{COMBINING ACUTE ACCENT}")
@example("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}")
def test_origins_are_in_range_and_in_order(chunk: str) -> None:
    view, _ = fold(chunk)
    spans = [view.origin(i, i + 1) for i in range(len(view.text))]
    assert all(0 <= start < end <= len(chunk) for start, end in spans)
    assert all(one == other or one[1] <= other[0] for one, other in pairwise(spans))
    assert len(view.text) <= LONGEST * len(chunk)


@given(texts.chunks)
@example("\N{LATIN SMALL LETTER DZ WITH CARON}")
@example("\N{LATIN SMALL LETTER N PRECEDED BY APOSTROPHE}gu")
@example("\N{GREEK CAPITAL LETTER MU}m")
def test_folding_twice_is_folding_once(chunk: str) -> None:
    once = fold(chunk)[0].text
    twice, steps = fold(once)
    assert (twice.text, steps) == (once, ())


@given(texts.phrases)
def test_forms_that_look_the_same_fold_alike(phrase: str) -> None:
    for chunk in phrase.split():
        forms = {unicodedata.normalize(form, chunk) for form in ("NFC", "NFD")}
        forms |= {form.upper() for form in forms}
        assert len({fold(form)[0].text for form in forms}) == 1


@pytest.mark.parametrize(
    "chunk",
    ["a" * 1_000_000, "a" + "\N{COMBINING ACUTE ACCENT}" * 1_000_000, "a." * 500_000, "\N{PILE OF POO}" * 1_000_000, "\0" * 1_000_000,
     "hòa" * 100_000, "kỳ." * 100_000],
    ids=["one letter", "combining marks", "a.", "emoji", "NUL", "tone placement", "i and y"],
)  # fmt: skip
def test_long_repetitions_finish(chunk: str) -> None:
    view, _ = fold(chunk)
    assert len(view.text) <= len(chunk)
