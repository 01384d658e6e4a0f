"""Strategies: texts as people write them, texts as they disguise them, and texts that nobody writes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

CASES = Path(__file__).parent / "cases"
EXAMPLES = Path(__file__).parent.parent / "examples"

PHRASES = (
    "đồ ngu", "thằng óc chó", "hạt óc chó", "địt mẹ", "đm", "vãi lồn", "các bạn", "một số đề xuất", "chơi số đề", "con chó nhà tôi",
    "bán sim số đẹp", "tao giết mày", "cho vay lãi thấp", "gọi 0912 345 678", "zalo 0987.654.321", "nạp 500k",
    "http://a.vn/ngu", "mail ban@vi.vn", "@lan ơi", "hôm nay trời đẹp", "bánh xèo quận ba", "thuý hoà quý giá", "đ ị t", "n g u", "đ . m",
    "0 9 1 2",
    "dit me may", "do ngu", "👩‍👧 🇻🇳 ❤️", "сосна", "ngu!!!", "“đồ” ngu", "c@c", "l0n",
)  # fmt: skip

SEPARATORS = ".-_*,/|+~"
INVISIBLE = "\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}\N{WORD JOINER}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH NO-BREAK SPACE}\0"
MATHEMATICAL = {ord("a") + i: chr(ord("\N{MATHEMATICAL BOLD SMALL A}") + i) for i in range(26)}
FULL_WIDTH = {point: point + 0xFEE0 for point in range(0x21, 0x7F)}
ENCLOSED = {ord("a") + i: chr(ord("\N{CIRCLED LATIN SMALL LETTER A}") + i) for i in range(26)}
CYRILLIC = str.maketrans("aceopxy", "асеорху")

UNSEEN: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "NFC": lambda text: unicodedata.normalize("NFC", text),
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "capitals": str.upper,
    "full width": lambda text: text.translate(FULL_WIDTH),
    "mathematical": lambda text: text.translate(MATHEMATICAL),
    "enclosed": lambda text: text.translate(ENCLOSED),
    "invisible": lambda text: "\N{ZERO WIDTH SPACE}".join(text),
}
"""Other forms of a text that a reader takes for the same."""

GUESSED: dict[str, Callable[[str], str]] = {
    "homoglyphs": lambda text: text.translate(CYRILLIC),
    "dotted": lambda text: " ".join(".".join(chunk) for chunk in text.split()),
    "spaced": lambda text: " ".join(text.replace(" ", "")),
    "stretched": lambda text: "".join(letter * 3 if letter.isalpha() else letter for letter in text),
    "leet": lambda text: text.translate(str.maketrans("oiea", "013@")),
    "stacked": lambda text: "".join(letter + "\N{COMBINING LONG STROKE OVERLAY}" if letter.isalpha() else letter for letter in text),
    "bare": lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("đ", "d"),
}
"""Disguises that take guessing to undo."""

ODD = (
    "\ud800\udfff\uffff\0\x1b\u2028\u2029\x85\u200d\ufe0f\u0301\u0323\u031b\u0336\u20e3\ufdfa\u0130\u01c6\u0149\u1e9e\u00df\u03c2"
    "\u0489\u180e\U000e0064\U0001f1fb\U0001f469\U0001d41d\ua9c5\u0f77\u3164\u115f\ufb01\u00bd\u2163<>\t \u00a0"
)

characters = st.characters(exclude_categories=()) | st.sampled_from(ODD) | st.sampled_from("ađngumịt.- 0123@!")
"""Any code point, surrogates included; odd ones and those that words are made of more often."""

anything = st.text(characters, max_size=40)
chunks = anything.map(lambda text: "".join(text.split())).filter(bool)
"""Runs without white space, as `str.split` gives them."""

phrases = st.sampled_from(PHRASES)
disguised = st.builds(lambda phrase, undo: undo(phrase), phrases, st.sampled_from([*UNSEEN.values(), *GUESSED.values()]))
mixtures = st.lists(phrases | disguised | anything, max_size=6).map(" ".join)
"""What a filter meets, and worse."""


def lines(name: str) -> list[str]:
    """The lines of a golden file, without blank ones and remarks."""
    return [line for line in (CASES / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
