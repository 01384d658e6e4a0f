"""Ways to disguise Vietnamese words, a class each: what `benchmarks/disguise.py` does to the words that a comment was marked for.

A class has disguises of rising strength. Each is a function from the words and a source of chance to the words disguised; it
gives them back unchanged where it has nothing to do (a text without a "hoà" has no tone mark to move).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from random import Random
from typing import Final

from contentfilter.normalize.alphabet import SHAPES, TONE_MARKS, TONED, bare
from contentfilter.normalize.encodings import TCVN3, VNI_WINDOWS

Disguise = Callable[[str, Random], str]

_INVISIBLE = "\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}\N{WORD JOINER}\N{ZERO WIDTH NON-JOINER}"
_OVERLAYS = "\N{COMBINING LONG STROKE OVERLAY}\N{COMBINING LOW LINE}\N{COMBINING DIAERESIS}\N{COMBINING X ABOVE}"
_CYRILLIC = str.maketrans("aceopxykmhtb", "асеорхукмнтЬ")
_GREEK = str.maketrans("oviuptmn", "ονιυρτμη")
_D_ALIKE = str.maketrans("đ", "ð")
_LEET = {"o": "0", "i": "1", "e": "3", "a": "4@", "g": "9", "s": "5$", "l": "1|", "t": "+", "b": "8"}
_TELEX = dict(zip((*TONE_MARKS, *SHAPES), "fsrxj" + "aww", strict=True))
_VNI = dict(zip((*TONE_MARKS, *SHAPES), "21345" + "687", strict=True))
_SWAPS = (("ph", "f"), ("qu", "w"), ("qu", "q"), ("gi", "z"), ("d", "z"), ("d", "dz"), ("c", "k"), ("v", "z"), ("ng", "nq"))
_VOWEL = f"[{''.join(letter for row in TONED.values() for letter in row)}]"
_EMOJI = {
    "chó": "🐶",
    "lợn": "🐷",
    "heo": "🐷",
    "bò": "🐮",
    "trâu": "🐃",
    "khỉ": "🐵",
    "gà": "🐔",
    "cứt": "💩",
    "chết": "💀",
    "đầu buồi": "🍆",
}
_NAMES = {"đ": "đờ", "m": "mờ", "c": "cờ", "l": "lờ", "v": "vờ", "k": "ka", "d": "dê", "n": "nờ", "t": "tê"}
_NAMES_2 = {"đ": "đê", "m": "mờ", "c": "cê", "l": "lờ", "v": "vê", "k": "ca", "d": "đê", "n": "en", "t": "tờ"}
_TEENCODE = {
    "địt mẹ": "đm", "địt con mẹ": "đcm", "vãi lồn": "vl", "con mẹ nó": "cmn", "lồn": "loz", "cặc": "cak", "địt": "đjt", "mày": "m",
    "thằng": "thg", "chó": "chóa", "đéo": "đếu", "ngu": "nqu", "buồi": "bùi", "con": "kon", "mẹ": "mịa", "chết": "chớt", "không": "ko",
}  # fmt: skip
_SPOONERISMS = {
    "xạo lồn": "xộn lào", "lồn to": "lò tôn", "vãi lồn": "lãi vồn", "đầu buồi": "bầu đuồi", "cái lồn": "lái cồn", "hiếp dâm": "hấp diêm",
}  # fmt: skip

_TCVN3 = {letter: seen for seen, letter in TCVN3.items()}
_VNI_WINDOWS = {letter: seen for seen, letter in VNI_WINDOWS.items()}


def _cp1258(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    # CP1258 has the letters without tones, and a few with; the others are a letter and a mark.
    spelled = "".join(_as_cp1258(letter) for letter in composed)
    return spelled.encode("cp1258", "ignore").decode("cp1252", "ignore")


def _as_cp1258(letter: str) -> str:
    try:
        codecs.encode(letter, "cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in parts if mark in TONE_MARKS), "")
        return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone
    return letter


def _sloppy_cp1252(text: str) -> str:
    """UTF-8 read as CP1252, the five bytes without a character there read as control characters, as browsers do."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


def _letters(change: Callable[[str, Random], str], share: float) -> Disguise:
    """Changes letters one by one, about `share` of those that it can change and at least one of them."""

    def disguise(text: str, random: Random) -> str:
        letters = list(unicodedata.normalize("NFC", text))
        able = [i for i, letter in enumerate(letters) if letter.isalpha() and change(letter, random) != letter]
        if not able:
            return text
        chosen = {i for i in able if random.random() < share} or {random.choice(able)}
        return "".join(change(letter, random) if i in chosen else letter for i, letter in enumerate(letters))

    return disguise


def _syllables(change: Callable[[str, Random], str]) -> Disguise:
    """Changes syllable by syllable."""

    def disguise(text: str, random: Random) -> str:
        return " ".join(change(part, random) for part in unicodedata.normalize("NFC", text).split(" "))

    return disguise


def _whole(change: Callable[[str], str]) -> Disguise:
    return lambda text, _: change(unicodedata.normalize("NFC", text))


def _between(separator: str) -> Disguise:
    return _syllables(lambda part, _: separator.join(part) if part.isalpha() else part)


def _once_between(separators: str) -> Disguise:
    def change(part: str, random: Random) -> str:
        if len(part) < 2 or not part.isalpha():
            return part
        i = random.randrange(1, len(part))
        return part[:i] + random.choice(separators) + part[i:]

    return _syllables(change)


def _stretch(times: int) -> Disguise:
    def change(part: str, _: Random) -> str:
        return part + part[-1] * times if part[-1:].isalpha() else part

    return _syllables(change)


def _typed(keys: dict[str, str], d: str, late: bool) -> Disguise:
    def change(part: str, _: Random) -> str:
        typed, held = [], ""
        for letter in part.lower():
            for key in sorted(unicodedata.normalize("NFD", letter), key=TONE_MARKS.__contains__):  # the shape first
                if key == "đ":
                    typed.append(d)
                elif key == "\N{COMBINING CIRCUMFLEX ACCENT}" and d == "dd":
                    typed.append(typed[-1])
                elif key in keys and key in TONE_MARKS and late:
                    held = keys[key]
                else:
                    typed.append(keys.get(key, key))
        return "".join(typed) + held

    return _syllables(change)


def _mask(share: str) -> Disguise:
    def change(part: str, random: Random) -> str:
        if len(part) < 3 or not part.isalpha():
            return part
        if share == "vowels":
            inner = [i for i in range(1, len(part)) if bare(part[i].lower()) in "aeiouy"]
            return "".join("*" if i in inner else letter for i, letter in enumerate(part))
        i = random.randrange(1, max(len(part) - 1, 2))
        return part[:i] + "*" + part[i + 1 :]

    return _syllables(change)


def _swap(part: str, random: Random) -> str:
    onsets = [(onset, other) for onset, other in _SWAPS if re.match(onset + _VOWEL, part.lower())]
    if onsets:
        onset, other = random.choice(onsets)
        return other + part[len(onset) :]
    return part[:-1] + "k" if re.search(_VOWEL + "c$", part.lower()) else part


def _replace(table: dict[str, str]) -> Disguise:
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(table, key=len, reverse=True))})(?!\w)")
    return _whole(lambda text: pattern.sub(lambda match: table[match[0]], text.lower()) if pattern.search(text.lower()) else text)


def _spell(names: dict[str, str]) -> Disguise:
    def change(part: str, _: Random) -> str:
        lower = part.lower()
        return " ".join(names[letter] for letter in lower) if 1 < len(lower) <= 4 and all(letter in names for letter in lower) else part

    return _syllables(change)


def _cut(part: str, random: Random) -> str:
    i = random.randrange(1, len(part)) if len(part) > 2 and part.isalpha() else 0
    return part[:i] + " " + part[i:] if i else part


def _leet(letter: str, random: Random) -> str:
    return random.choice(_LEET.get(bare(letter.lower()), letter))


def _mathematical(first: str, letter: str) -> str:
    plain = bare(letter.lower())
    return chr(ord(first) + ord(plain) - ord("a")) if "a" <= plain <= "z" and letter != "đ" else letter


def _alphabet(first: str) -> Disguise:
    return _whole(
        lambda text: "".join(
            unicodedata.normalize("NFC", _mathematical(first, letter) + "".join(unicodedata.normalize("NFD", letter.lower())[1:]))
            if letter.isalpha() and letter != "đ"
            else letter
            for letter in text.lower()
        )
    )


def _no_marks(text: str) -> str:
    return bare(text.lower())


DISGUISES: Final[dict[str, tuple[Disguise, ...]]] = {
    "capitals": (_letters(lambda letter, _: letter.upper(), 0.5), _whole(str.upper)),
    "normal forms": (_whole(lambda text: unicodedata.normalize("NFD", text)),
                     _letters(lambda letter, _: unicodedata.normalize("NFD", letter), 0.5)),
    "tone placement": (_replace({"hoà": "hòa", "khoẻ": "khỏe", "thuý": "thúy", "uỷ": "ủy", "hoạ": "họa", "goá": "góa", "loà": "lòa"}),),
    "invisible": (_letters(lambda letter, random: letter + random.choice(_INVISIBLE), 0.3),
                  _letters(lambda letter, random: letter + random.choice(_INVISIBLE), 1.0)),
    "stacked marks": (_letters(lambda letter, random: letter + random.choice(_OVERLAYS), 0.5),
                      _letters(lambda letter, random: letter + "".join(random.choices(_OVERLAYS, k=6)), 1.0)),
    "full width": (_whole(lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)),),
    "mathematical": (_alphabet("\N{MATHEMATICAL BOLD SMALL A}"), _alphabet("\N{MATHEMATICAL SANS-SERIF SMALL A}")),
    "enclosed": (_alphabet("\N{CIRCLED LATIN SMALL LETTER A}"), _alphabet("\N{SQUARED LATIN CAPITAL LETTER A}"),
                 _alphabet("\N{NEGATIVE CIRCLED LATIN CAPITAL LETTER A}"), _alphabet("\N{NEGATIVE SQUARED LATIN CAPITAL LETTER A}")),
    "homoglyphs": (_letters(lambda letter, _: letter.translate(_CYRILLIC | _D_ALIKE), 0.5),
                   _whole(lambda text: text.translate(_CYRILLIC | _D_ALIKE)), _whole(lambda text: text.translate(_GREEK))),
    "leet": (_letters(_leet, 0.2), _letters(_leet, 0.6)),
    "masks": (_mask("one"), _mask("vowels")),
    "separators": (_once_between(".-_*"), _between("."), _between("-"), _whole(lambda text: ".".join(text.replace(" ", "")))),
    "spaced letters": (_between(" "), _whole(lambda text: " ".join(text.replace(" ", "")))),
    "cut by a space": (_syllables(_cut),),
    "stretching": (_stretch(2), _stretch(5), _letters(lambda letter, random: letter * random.randrange(2, 5), 0.5)),
    "merged": (_whole(lambda text: text.replace(" ", "")),),
    "Telex": (_typed(_TELEX, "dd", False), _typed(_TELEX, "dd", True)),
    "VNI": (_typed(_VNI, "d9", False), _typed(_VNI, "d9", True)),
    "no diacritics": (_whole(_no_marks),),
    "phonetic": (_syllables(_swap),),
    "teencode": (_replace(_TEENCODE),),
    "emoji": (_replace(_EMOJI),),
    "spelled letters": (_spell(_NAMES), _spell(_NAMES_2)),
    "spoonerism": (_replace(_SPOONERISMS),),
    "UTF-8 as CP1252": (_whole(_sloppy_cp1252),),
    "TCVN3": (_whole(lambda text: "".join(_TCVN3.get(letter, letter) for letter in text.lower())),),
    "VNI-Win": (_whole(lambda text: "".join(_VNI_WINDOWS.get(letter, letter) for letter in text.lower())),),
    "CP1258": (_whole(_cp1258),),
}  # fmt: skip
"""Class → its disguises, weakest first."""

ENCODINGS: Final = ("UTF-8 as CP1252", "TCVN3", "VNI-Win", "CP1258")
"""What happens to a whole text, after all else and once."""
_TYPED: Final = (
    "capitals", "tone placement", "masks", "separators", "spaced letters", "cut by a space", "stretching", "merged", "phonetic", "teencode",
    "spelled letters", "spoonerism",
)  # fmt: skip
"""What can be written in a one-byte encoding."""


def may_combine(first: str, second: str) -> bool:
    """Can a text be in both disguises, the second put on last? An encoding comes last, and the old ones have no other letters."""
    if first in ENCODINGS:
        return False
    return second not in ENCODINGS[1:] or first in _TYPED
