"""Letters hidden behind a sign: "l*n", "đ*t", "c**", "đ_o".

A sign may stand for any letter, so only a short list of words is looked for, those that people do hide.
"""

import re
from functools import lru_cache

from .alphabet import bare

_SIGNS = "*_•●×"
_masked = re.compile(rf"(?<![^\W_])[^\W\d_](?:[^\W\d_]|[{_SIGNS}])+").finditer
_runs = re.compile(rf"[{_SIGNS}]+|[^{_SIGNS}]+").findall
_has_sign = re.compile(rf"[^\W\d_][{_SIGNS}]").search
_LONGEST = 12


def unmask(text: str, words: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """The masked words of the folded chunk `text`: the first of `words` that each may be, and its half-open span.

    >>> unmask("l*n!", ("lồn", "lợn")), unmask("c**", ("cặc",)), unmask("cu*", ("cặc",))
    ([('lồn', 0, 3)], [('cặc', 0, 3)], [])
    """
    if not _has_sign(text):
        return []
    found = []
    for match in _masked(text):
        written = match[0].rstrip("_")
        if meant := _unmasked(written, words):
            found.append((meant, match.start(), match.start() + len(written)))
    return found


@lru_cache(maxsize=1 << 12)
def _unmasked(written: str, words: tuple[str, ...]) -> str:
    """The first word that fits the letters that are there, with a letter for a sign, and one or more for several signs in a row."""
    signs = sum(sign in _SIGNS for sign in written)
    if not signs or not 3 <= len(written) <= _LONGEST:  # "m*" has a footnote
        return ""
    fits = re.compile("".join(_pattern(run) for run in _runs(written))).fullmatch
    toneless = written.isascii()
    return next((word for word in words if fits(word) or (toneless and fits(bare(word)))), "")


def _pattern(run: str) -> str:
    if run[0] not in _SIGNS:
        return re.escape(run)
    return r"\w" if len(run) == 1 else rf"\w{{1,{len(run) + 1}}}"
