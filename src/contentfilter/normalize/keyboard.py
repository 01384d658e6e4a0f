"""What was typed with the Vietnamese keyboard switched off: raw Telex ("ddijt") and raw VNI ("d9i5t").

Both methods write a letter's shape and tone as further keys, at the letter or anywhere behind it in the syllable. What is
decoded is a legal syllable or nothing; whether the word is English after all is not asked here.
"""

import re
from functools import lru_cache
from typing import Final

from .alphabet import D_WITH_STROKE, SHAPES, bare, tone_of, untone
from .syllables import BASES, RIME_LETTERS, is_syllable, place_tone

_LONGEST: Final = 12
"""Keys at most in a syllable: "nghiêng" has seven letters, a shape and a tone."""

_TELEX_TONES: Final = {"f": 1, "s": 2, "r": 3, "x": 4, "j": 5}
_VNI_TONES: Final = {"2": 1, "1": 2, "3": 3, "4": 4, "5": 5}  # grave, acute, hook, tilde, dot: the order of TONED
_VNI_SHAPES: Final = {"6": SHAPES[0], "8": SHAPES[1], "7": SHAPES[2]}
_CIRCUMFLEX: Final = {"a": "â", "e": "ê", "o": "ô"}
_HORN: Final = {"o": "ơ", "u": "ư"}
_onset: Final = re.compile(r"qu|(?:[bcdđghklmnpqrstvx]|[zfjw](?=[^\W\d]))*").match


@lru_cache(maxsize=1 << 14)
def telex(keys: str) -> tuple[str, ...]:
    """The syllables that lower-case `keys` may mean in Telex, likeliest first; none where it holds no key for a shape or tone.

    >>> telex("ddijt"), telex("loonf"), telex("nguwowif"), telex("hello")
    (('địt',), ('lồn',), ('người',), ())
    """
    if len(keys) > _LONGEST or not keys.isalpha():
        return ()
    onset, rest = _split(keys.replace("dd", D_WITH_STROKE, 1) if keys.startswith("dd") else keys)
    letters: list[str] = []
    doubled = tone = horns = 0
    for key in rest:
        if key in _TELEX_TONES and letters:
            if tone:
                return ()
            tone = _TELEX_TONES[key]
        elif key == "w" and letters[-1:] == ["a"]:
            letters[-1] = "ă"
        elif key == "w":
            horns += 1
        elif key in _CIRCUMFLEX and key in letters and not doubled:
            doubled = letters.index(key) + 1
            letters.append(key)
        elif key == "d" and onset == "d":
            onset = D_WITH_STROKE
        elif key not in RIME_LETTERS:
            return ()
        else:
            letters.append(key)
    tail = "".join(letters)
    tails: tuple[str, ...] = (tail,)
    if doubled:  # lonof is lồn, but xoong has two o's of its own
        again = tail.find(tail[doubled - 1], doubled)
        if again < 0:
            return ()
        tails = (tail[: doubled - 1] + _CIRCUMFLEX[tail[again]] + tail[doubled:again] + tail[again + 1 :], tail)
    return _syllables(onset, tuple(form for tail in tails for form in _horned(tail, horns)) if horns else tails, tone, keys)


@lru_cache(maxsize=1 << 14)
def vni(keys: str) -> tuple[str, ...]:
    """The same for VNI.

    >>> vni("d9i5t"), vni("lo62n"), vni("chuo7ng"), vni("co3"), vni("gi2"), vni("m4y")
    (('địt',), ('lồn',), ('chương', 'chuơng'), ('cỏ',), ('gì',), ())
    """
    if len(keys) > _LONGEST or not keys[0].isalpha() or not any(map(str.isdigit, keys)):
        return ()
    onset, rest = _split(keys)
    letters: list[str] = []
    tone = horns = 0
    for key in rest:
        if not key.isdigit():
            letters.append(key)
        elif key in _VNI_TONES and not tone and (letters or onset == "gi"):  # no vowel, nothing to put it on: "m4y" is no mỹ
            tone = _VNI_TONES[key]
        elif key == "9" and onset == "d":
            onset = D_WITH_STROKE
        elif key == "6" and (at := next((i for i, letter in enumerate(letters) if letter in _CIRCUMFLEX), -1)) >= 0:
            letters[at] = _CIRCUMFLEX[letters[at]]
        elif key == "8" and "a" in letters:
            letters[letters.index("a")] = "ă"
        elif key == "7":
            horns += 1
        else:
            return ()
    tail = "".join(letters)
    return _syllables(onset, _horned(tail, horns, breve=False) if horns else (tail,), tone, keys)


def _split(keys: str) -> tuple[str, str]:
    onset = _onset(keys)
    end = onset.end() if onset else 0
    return keys[:end], keys[end:]


def _horned(tail: str, horns: int, breve: bool = True) -> tuple[str, ...]:
    """What `tail` may be with horns (or, in Telex, a breve) put on by `horns` keys."""
    if "uo" in tail:
        both, one = tail.replace("uo", "ươ", 1), tail.replace("uo", "uơ", 1)
        if horns > 1:
            return (both,)
        return (both, one) if tail[-2:] != "uo" else (one, both)
    if horns > 1:
        return ()
    for letter, horned in _HORN.items():
        if letter in tail:
            return (tail.replace(letter, horned, 1),)
    return (tail.replace("a", "ă", 1),) if breve and "a" in tail else ()


def _syllables(onset: str, tails: tuple[str, ...], tone: int, keys: str) -> tuple[str, ...]:
    found = []
    for tail in tails:
        own = max(map(tone_of, tail), default=0)  # half of it may have been typed with the keyboard on
        base = untone(onset + tail)
        if base in BASES and not (tone and own):
            syllable = place_tone(base, tone or own)
            if is_syllable(syllable) and syllable != keys and bare(syllable) != keys:
                found.append(syllable)
    return tuple(found)
