"""A text with places hidden, as many graphemes as before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_MASK: Final = "*"
_ALONE: Final = re.compile("[ -~\u00a0-\u02ff\u1e00-\u1eff]*")
"""Where every code point is a grapheme, as in nearly all Vietnamese text once composed; what stands beside emoji may not be."""
_VISIBLE: Final = re.compile(r"\S")


def mask(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with a mark in place of each grapheme of `spans`, which come in order of their starts; white space stays."""
    if all([_ALONE.fullmatch(text, max(start - 1, 0), end + 1) for start, end in spans]):
        pieces: list[str] = []
        done = 0
        for start, end in spans:
            pieces += text[done:start], _VISIBLE.sub(_MASK, text[max(start, done) : end])
            done = max(done, end)
        return "".join([*pieces, text[done:]])
    import regex  # takes a tenth of the package's import, and few results need it

    covered = bytearray(len(text))
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    return "".join(
        _MASK if covered.find(1, match.start(), match.end()) >= 0 and not match[0].isspace() else match[0]
        for match in regex.finditer(r"\X", text)
    )


def mask_all(text: str) -> str:
    """The text with a mark in place of everything but white space; what is done where `mask` failed."""
    return _VISIBLE.sub(_MASK, text)
