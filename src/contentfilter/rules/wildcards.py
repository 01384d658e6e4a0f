"""Terms with wildcards → the finitely many terms that they stand for.

`[x]` may be there or not, `(x|y)` is one of these, `?` is one letter or digit; a backslash takes away the meaning of the next character.
The notation is that of obscenity's patterns, with alternatives added.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from contentfilter.normalize.alphabet import LETTERS

MOST: Final = 1000
"""Terms that one may stand for: two `?` would be ten thousand, and are a regular expression."""

_ANY: Final = (*"0123456789", *sorted(LETTERS))
_SPECIAL: Final = frozenset("[]()|?\\")
_CLOSING: Final = {"[": "]", "(": ")"}

Forms = list[str]


def expansions(term: str) -> tuple[str, ...]:
    """The terms that a term stands for; itself where it has no wildcard. Raises `ValueError` with what is wrong with it.

    >>> expansions("đồ [con] (ngu|dốt)")
    ('đồ con ngu', 'đồ con dốt', 'đồ ngu', 'đồ dốt')
    """
    if _SPECIAL.isdisjoint(term):
        return (term,)
    forms = _sequence(iter(term), "")
    return tuple(dict.fromkeys(" ".join(form.split()) for form in forms))


def _sequence(characters: Iterator[str], until: str) -> Forms:
    """The forms of what stands before the closing bracket `until`, or before the end."""
    branches: Forms = []
    forms: Forms = [""]
    for character in characters:
        if character == until:
            return _bounded([*branches, *forms])
        if character == "|" and until == ")":
            branches, forms = [*branches, *forms], [""]
            continue
        if character in _CLOSING:
            inner = _sequence(characters, _CLOSING[character])
            following = [*inner, ""] if character == "[" else inner
        elif character == "?":
            following = [*_ANY]
        elif character == "\\":
            following = [_escaped(characters)]
        elif character in _SPECIAL:
            raise ValueError(f"a {character!r} stands alone; write \\{character} for the character itself")
        else:
            following = [character]
        forms = _bounded([form + end for form, end in product(forms, following)])
    if until:
        raise ValueError(f"a {until!r} is missing")
    return forms


def _escaped(characters: Iterator[str]) -> str:
    following = next(characters, "")
    if not following:
        raise ValueError("a backslash stands at the end; write \\\\ for the character itself")
    return following


def _bounded(forms: Forms) -> Forms:
    if len(forms) > MOST:
        raise ValueError(f"it stands for more than {MOST} terms; write it as a regular expression")
    return forms
