"""The Vietnamese letters, and the maps between a letter, its tone and its bare form.

Everything is computed from Unicode's own decompositions: a letter is a base, at most one *shape* (circumflex, breve,
horn; the bar of đ has no decomposition and is given by hand) and at most one *tone mark*.
"""

import unicodedata
from typing import Final

TONE_MARKS: Final = (
    "\N{COMBINING GRAVE ACCENT}",
    "\N{COMBINING ACUTE ACCENT}",
    "\N{COMBINING HOOK ABOVE}",
    "\N{COMBINING TILDE}",
    "\N{COMBINING DOT BELOW}",
)
SHAPES: Final = ("\N{COMBINING CIRCUMFLEX ACCENT}", "\N{COMBINING BREVE}", "\N{COMBINING HORN}")
D_WITH_STROKE: Final = "\N{LATIN SMALL LETTER D WITH STROKE}"
_SHAPED: Final = {"a": SHAPES[:2], "e": SHAPES[:1], "o": (SHAPES[0], SHAPES[2]), "u": SHAPES[2:]}


def _compose(*parts: str) -> str:
    return unicodedata.normalize("NFC", "".join(parts))


VOWELS: tuple[str, ...] = tuple(_compose(vowel, shape) for vowel in "aeiouy" for shape in ("", *_SHAPED.get(vowel, ())))
"""The twelve vowels without tones, in lower case."""

TONED: dict[str, tuple[str, ...]] = {vowel: (vowel, *(_compose(vowel, tone) for tone in TONE_MARKS)) for vowel in VOWELS}
"""Each vowel with no tone mark and with each of the five, in the order of `TONE_MARKS`."""

LETTERS: frozenset[str] = (
    frozenset("abcdefghijklmnopqrstuvwxyz") | {letter for letters in TONED.values() for letter in letters} | {D_WITH_STROKE}
)
"""Every lower-case letter of Vietnamese writing, f, j, w and z included, precomposed."""

_TONES: Final = {letter: tone for letters in TONED.values() for tone, letter in enumerate(letters)}
_UNTONE: Final = {ord(letter): vowel for vowel, letters in TONED.items() for letter in letters[1:]}
_BARE: Final = {ord(letter): unicodedata.normalize("NFD", letter)[0] for letter in LETTERS if not letter.isascii()} | {
    ord(D_WITH_STROKE): "d"
}


def untone(text: str) -> str:
    """Drop the tone marks of `text`, keep the shapes; as long as `text`.

    >>> untone("người điếc")
    'ngươi điêc'
    """
    return text.translate(_UNTONE)


def bare(text: str) -> str:
    """Drop every Vietnamese diacritic of lower-case, precomposed `text`; as long as `text`.

    >>> bare("người điếc")
    'nguoi diec'
    """
    return text if text.isascii() else text.translate(_BARE)


def fits(written: str, word: str) -> bool:
    """Has each letter of `written` the diacritics that the same one of `word` has, or none? Both are of one length.

    >>> fits("đit", "địt"), fits("dít", "địt")
    (True, False)
    """
    return all([letter in (own, bare(own)) for letter, own in zip(written, word, strict=True)])


def tone_of(letter: str) -> int:
    """The index of the letter's tone mark in a row of `TONED`, 0 for none."""
    return _TONES.get(letter, 0)
