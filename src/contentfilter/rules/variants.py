"""Terms made from terms: letters spelled out ("vê cê lờ" for vcl) and spoonerisms, nói lái ("lò tôn" for lồn to).

Both are whole phrases that a text may hold, so they are made when rules are compiled, and matched like any other term.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Final

from contentfilter.match.keywords import Term
from contentfilter.normalize.alphabet import VOWELS, tone_of, untone
from contentfilter.normalize.syllables import is_syllable, place_tone

# How the letters are called: by sound as in primary school, by name as in mathematics.
_NAMES: Final = {
    "b": ("bờ", "bê"), "c": ("cờ", "cê"), "d": ("dờ", "dê"), "đ": ("đờ", "đê"), "k": ("ka", "ca"), "l": ("lờ",),
    "m": ("mờ", "em"), "n": ("nờ", "en"), "r": ("rờ",), "t": ("tờ", "tê"), "v": ("vờ", "vê"),
}  # fmt: skip
_LONGEST: Final = 5
_WEIGHT: Final = 4.2
"""A judgement: what was made by rule may be said by chance, but whoever spells an abbreviation says that it is one."""


def variants(terms: Collection[Term], spoonerisms: Iterable[str], innocent: Collection[str]) -> list[Term]:
    """What may stand for terms of abuse: the letters of each abbreviation spelled out, and the spoonerisms of those terms
    that are listed in `spoonerisms`; no phrase that is a term itself or `innocent`."""
    taken = {term.text for term in terms}.union(innocent)
    swapped = {phrase: spoonerisms_of(*phrase.split(" ")) for phrase in spoonerisms}
    found: list[Term] = []
    for term in terms:
        if not term.abusive:
            continue
        made = [(text, "spelled letters") for text in spelled(term.text)] + [(text, "spoonerism") for text in swapped.get(term.text, ())]
        found += [
            replace(term, text=text, weight=_WEIGHT, toneless="never", company=None, means=term.text, undone=(step,))
            for text, step in made
            if text not in taken
        ]
    return found


def spelled(abbreviation: str) -> Iterator[str]:
    """An abbreviation of consonants with the names of its letters in their place; nothing for a word.

    >>> list(spelled("đm"))
    ['đờ mờ', 'đờ em', 'đê mờ', 'đê em']
    """
    if 2 <= len(abbreviation) <= _LONGEST and all(letter in _NAMES for letter in abbreviation):
        yield from map(" ".join, product(*(_NAMES[letter] for letter in abbreviation)))


def spoonerisms_of(first: str, second: str) -> list[str]:
    """Two syllables with their rimes exchanged, the tones staying or going along, in either order.

    >>> spoonerisms_of("lồn", "to"), "xộn lào" in spoonerisms_of("xạo", "lồn")
    (['lò tôn', 'tôn lò', 'lo tồn', 'tồn lo'], True)
    """
    (onset, rime, tone), (other_onset, other_rime, other_tone) = _parts(first), _parts(second)
    found: dict[str, None] = {}
    for tones in ((tone, other_tone), (other_tone, tone)):
        pair = (place_tone(onset + other_rime, tones[0]), place_tone(other_onset + rime, tones[1]))
        if all(map(is_syllable, pair)):
            found |= {" ".join(pair): None, " ".join(reversed(pair)): None}
    return [pair for pair in found if pair not in (f"{first} {second}", f"{second} {first}")]


def _parts(syllable: str) -> tuple[str, str, int]:
    """Onset, rime and tone of a syllable."""
    base = untone(syllable)
    start = next(i for i, letter in enumerate(base) if letter in VOWELS)
    if base.startswith(("qu", "gi")) and len(base) > 2 and base[2] in VOWELS:
        start = 2
    return base[:start], base[start:], max(map(tone_of, syllable))
