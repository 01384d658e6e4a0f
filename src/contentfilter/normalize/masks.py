"""Letters hidden behind a sign: "l*n", "đ*t", "c**", "đ_o".

A sign may stand for any letter, so only a short list of words is looked for, those that people do hide.
"""

import re
from functools import lru_cache
from typing import Final

from .alphabet import bare

_SIGNS: Final = "*_•●×"
_masked: Final = re.compile(rf"(?<![^\W_])[^\W\d_](?:[^\W\d_]|[{_SIGNS}])+").finditer
_runs: Final = re.compile(rf"[{_SIGNS}]+|[^{_SIGNS}]+").findall
has_sign: Final = re.compile(rf"[^\W\d_][{_SIGNS}]").search
"""Stands a sign that may hide a letter behind one?"""
_LONGEST: Final = 12


def unmask(text: str, words: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """The masked words of the folded chunk `text`: the first of `words` that each may be, and its half-open span.

    >>> unmask("l*n!", ("lồn", "lợn")), unmask("c**", ("cặc",)), unmask("cu*", ("cặc",))
    ([('lồn', 0, 3)], [('cặc', 0, 3)], [])
    """
    if not has_sign(text):
        return []
    found = []
    for match in _masked(text):
        written = match[0].rstrip("_")
        if meant := unmasked(written, words):
            found.append((meant, match.start(), match.start() + len(written)))
    return found


@lru_cache(maxsize=1 << 12)
def unmasked(written: str, words: tuple[str, ...]) -> str:
    """The first word that fits the letters that are there, with a letter for a sign, and one or more for several signs in a row."""
    signs = sum(sign in _SIGNS for sign in written)
    if not signs or not 3 <= len(written) <= _LONGEST:  # "m*" has a footnote
        return ""
    runs = _runs(written)
    toneless = written.isascii()
    alike = _by_first_letter(words).get(bare(written[0]), ())
    return next((word for word, plain in alike if _fits(runs, word) or (toneless and _fits(runs, plain))), "")


@lru_cache(maxsize=8)
def _by_first_letter(words: tuple[str, ...]) -> dict[str, list[tuple[str, str]]]:
    """First letter without diacritics → the words that begin so, each also bare."""
    found: dict[str, list[tuple[str, str]]] = {}
    for word in words:
        plain = bare(word)
        found.setdefault(plain[0], []).append((word, plain))
    return found


def _fits(runs: list[str], word: str) -> bool:
    """May `word` be hidden behind these runs of letters and signs? No regular expression: to compile one takes longer than all the rest."""
    ends = {0}
    for run in runs:
        length = len(run)
        if run[0] not in _SIGNS:
            ends = {end + length for end in ends if word.startswith(run, end)}
        else:
            ends = {end + more for end in ends for more in range(1, length + 2 if length > 1 else 2)}
    return len(word) in ends
