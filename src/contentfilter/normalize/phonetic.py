"""Syllables spelled by ear or in chat fashion: "fò" (phò), "kặk" (cặc), "wá" (quá), "zậy" (vậy), "đjt" (địt), "nqu" (ngu).

Each rule turns a spelling that Vietnamese orthography does not have into one that it has; the rules for onset, middle and
end combine. Only what is no syllable as it stands is read so, and the caller keeps only what some term knows: "nồn" for
"lồn" is a syllable itself, and stands in the word lists.
"""

import re
from functools import lru_cache
from operator import itemgetter
from typing import Final

from .alphabet import TONED

_LONGEST: Final = 9

_ONSETS: Final = (
    ("f", ("ph",)),
    ("w", ("qu", "hu", "u")),
    ("wu", ("qu",)),
    ("dz", ("d", "gi", "v")),
    ("z", ("v", "d", "gi", "r")),
    ("j", ("gi", "ch", "d")),
    ("kw", ("qu",)),
    ("k", ("c",)),
    ("c", ("k",)),
    ("q", ("qu", "c")),
    ("nq", ("ng",)),
    ("gk", ("gh",)),
    ("g", ("gh",)),
    ("gh", ("g",)),
    ("ng", ("ngh",)),
    ("ngh", ("ng",)),
    ("ckh", ("ch",)),
    ("dd", ("đ",)),
    ("đ", ("d",)),
    ("ck", ("c", "ch")),
    ("p", ("b", "ph")),
)
_MIDDLES: Final = (
    ("j", "i"), ("y", "i"), ("ý", "í"), ("ỳ", "ì"), ("ỵ", "ị"), ("ie", "iê"), ("oo", "ô"), ("ou", "âu"), ("w", "ư"), ("ơu", "ưu"),
)
_ENDS: Final = (
    ("k", "c"), ("ck", "c"), ("q", "c"), ("nk", "nh"), ("kh", "ch"), ("g", "ng"), ("h", ""), ("z", ""), ("j", "i"), ("x", "c"),
    ("iu", "iêu"), ("oa", "o"), ("óa", "ó"), ("oá", "ó"), ("s", ""), ("r", ""),
)  # fmt: skip
_VOWELS: Final = "".join(letter for row in TONED.values() for letter in row)
_ONSETS_BY_FIRST: Final = {written[0]: [rule for rule in _ONSETS if rule[0][0] == written[0]] for written, _ in _ONSETS}
_ENDS_BY_LAST: Final = {written[-1]: [rule for rule in _ENDS if rule[0][-1] == written[-1]] for written, _ in _ENDS}
_vowel: Final = re.compile(f"[{_VOWELS}]")
_sounds: Final = re.compile(f"[{_VOWELS}j]").search


@lru_cache(maxsize=1 << 14)
def respellings(word: str) -> tuple[str, ...]:
    """What lower-case `word` may stand for, the fewest changes first, legal or not; at most some dozens.

    >>> "phò" in respellings("fò"), "cặc" in respellings("kặk"), respellings("từ")
    (True, True, ())
    """
    if not 2 <= len(word) <= _LONGEST or not _sounds(word):
        return ()
    forms = [(word, 0)]
    _add_onsets(forms)
    _add_middles(forms)
    _add_ends(forms)
    ordered = sorted(forms, key=_changes)
    return tuple(dict.fromkeys([form for form, changes in ordered if changes and form != word]))


_changes: Final = itemgetter(1)
Forms = list[tuple[str, int]]
"""What a word may stand for, and how many of its parts were changed for that."""


def _add_onsets(forms: Forms) -> None:
    word = forms[0][0]
    for written, meant in _ONSETS_BY_FIRST.get(word[0], ()):
        if word.startswith(written) and _vowel.match(word, len(written)):
            rest = word[len(written) :]
            for onset in meant:
                forms.append(((onset + rest).replace("gii", "gi"), 1))


def _add_middles(forms: Forms) -> None:
    for i in range(len(forms)):
        word, changes = forms[i]
        for written, meant in _MIDDLES:
            at = word.find(written, 1)
            if at > 0:
                forms.append((word[:at] + meant + word[at + len(written) :], changes + 1))


def _add_ends(forms: Forms) -> None:
    for i in range(len(forms)):
        word, changes = forms[i]
        for written, meant in _ENDS_BY_LAST.get(word[-1], ()):
            if len(word) > len(written) + 1 and word.endswith(written):
                forms.append((word[: -len(written)] + meant, changes + 1))
