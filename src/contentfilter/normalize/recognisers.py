"""Entities that need more than a pattern: a checksum, a register, what stands beside them.

A recogniser looks only at places where one of its base tokens was found, so its cost follows hits. `publicsuffixlist` tells what is a
domain by the list that it brings along; nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from contentfilter.data import data_folder

from .alphabet import bare
from .fold import fold

Span = tuple[int, int]
Check = Callable[[str, int, int], Span | None]
"""A text and the half-open span of a base token → the span of the entity, or None."""


class Recogniser(NamedTuple):
    """Tokens at which to look, and what must hold there."""

    bases: tuple[str, ...]
    check: Check


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def is_tax_code(number: str) -> bool:
    """Ten digits, the last of which checks the others (Circular 105/2020/TT-BTC gives the form; the weights are those of the General
    Department of Taxation's own check, modulo 11).
    """
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    if len(number) != 10 or not number.isdecimal():
        return False
    return int(number[9]) == 10 - sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11


# Codes of provinces in citizen numbers, as given before the mergers of 2025: Circular 59/2021/TT-BCA, annex.
_PROVINCES: Final = frozenset(
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 046 048 049 "
    "051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096".split()
)


def is_citizen_number(number: str) -> bool:
    """Twelve digits: the province of birth, sex and century (0 to 3 for 1900–2099), the year, six more (Decree 137/2015/NĐ-CP,
    article 13).
    """
    return len(number) == 12 and number.isdecimal() and number[:3] in _PROVINCES and number[3] in "0123"


def is_old_citizen_number(number: str) -> bool:
    """Nine digits, the first two of which are a province's, 01 to 38 (identity cards before 2016)."""
    return len(number) == 9 and number.isdecimal() and 1 <= int(number[:2]) <= 38


def _checked(is_one: Callable[[str], bool]) -> Check:
    return lambda text, start, end: (start, end) if is_one(_digits(text[start:end])) else None


_BANK: Final = re.compile(
    r"(?<![^\W_])(?:vietcombank|vcb|techcombank|tcb|bidv|vietinbank|ctg|agribank|mb ?bank|mb|acb|vp ?bank|sacombank|tp ?bank|vib|shb|msb|"
    r"ocb|hd ?bank|sea ?bank|eximbank|lp ?bank|scb|ngan hang|so tai khoan|tai khoan|stk|so tk|tk)(?![^\W_])"
)
_BESIDE: Final = 40
"""Characters on either side in which a bank's name makes a number an account."""


def _bank_account(text: str, start: int, end: int) -> Span | None:
    before, after = text[max(start - _BESIDE, 0) : start], text[end : end + _BESIDE]
    return (start, end) if any(_BANK.search(bare(fold(part)[0].text)) for part in (before, after)) else None


_HANDLES: Final = (
    "t.me/", "telegram.me/", "zalo.me/", "wa.me/", "facebook.com/", "fb.com/", "fb.me/", "m.me/", "messenger.com/", "tiktok.com/@",
)  # fmt: skip


def _handle(text: str, start: int, end: int) -> Span | None:
    found = fold(text[start:end])[0].text
    return (start, end) if found.startswith("@") or any(host in found for host in _HANDLES) else None


_SPOKEN: Final = {
    "không": "0", "khong": "0", "một": "1", "mốt": "1", "mot": "1", "hai": "2", "ba": "3", "bốn": "4", "bon": "4", "tư": "4", "tu": "4",
    "năm": "5", "nam": "5", "lăm": "5", "lam": "5", "sáu": "6", "sau": "6", "bảy": "7", "bẩy": "7", "bay": "7", "tám": "8", "tam": "8",
    "chín": "9", "chin": "9", "o": "0",
}  # fmt: skip
_SPOKEN_STARTS: Final = (
    *(f"không {digit}" for digit in ("ba", "năm", "bảy", "bẩy", "tám", "chín", *"35789")),
    *(f"{zero} {digit}" for zero in "0o" for digit in ("ba", "năm", "bảy", "bẩy", "tám", "chín")),
)
_mobile: Final = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}").fullmatch
_spoken_word: Final = re.compile(r"[^\W_]+")


def _spelled_phone(text: str, start: int, end: int) -> Span | None:
    """Ten digits, in words or figures, that are a mobile number; an o may be the nought."""
    number = ""
    for match in _spoken_word.finditer(text, start, start + 120):
        word = fold(match[0])[0].text
        number += _SPOKEN.get(word, word if word.isdecimal() else "x")
        if len(number) >= 10:
            return (start, max(match.end(), end)) if _mobile(number) else None
        if "x" in number:
            return None
    return None


@cache
def _official() -> dict[str, frozenset[str]]:
    """Name → the domains that may bear it."""
    rows = (data_folder("wordlists") / "official_domains.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (row.split("\t") for row in rows if not row.startswith("#"))
    return {name: frozenset(domains.split()) for name, domains in pairs}


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList  # its list takes some hundredths of a second to read

    return PublicSuffixList(accept_unknown=False, only_icann=True)


_LIKE: Final = str.maketrans("01345", "oleas")
_host: Final = re.compile(r"(?:[a-z]+://)?(?:[^/@\s]*@)?([^/:?#\s]+)").match


def is_lookalike(link: str) -> bool:
    """Bears a link the name of a bank, a wallet, the post or an agency, or one like it, without being its own?

    >>> is_lookalike("https://vietcornbank-xacthuc.top"), is_lookalike("vcbdigibank.vietcombank.com.vn"), is_lookalike("vietc0mbank.vip")
    (True, False, True)
    """
    labels, own = _labels(link)
    return not own and any([_bears_name(label) for label in labels])


def is_official(link: str) -> bool:
    """Does a link lead to a bank's, a wallet's, the post's or an agency's own domain?

    >>> is_official("https://www.csgt.vn/tra-cuu"), is_official("csgt.vn.nop-phat.top"), is_official("example.com")
    (True, False, False)
    """
    return _labels(link)[1]


@lru_cache(maxsize=1 << 14)  # more than the links of the longest text, each of which is asked about twice
def _labels(link: str) -> tuple[Sequence[str], bool]:
    """The labels of a link's host before its public suffix, and whether the host is an official one's own."""
    match = _host(fold(link.strip())[0].text)
    if match is None:
        return (), False
    host = match[1].strip(".")
    suffix = _suffixes().publicsuffix(host) or ""
    labels = [label for label in host.removesuffix(suffix).split(".") if label]
    if not labels:
        return (), False
    return labels, suffix == "gov.vn" or any(f"{labels[-1]}.{suffix}" in own for own in _official().values())


def _bears_name(label: str) -> bool:
    words = label.split("-")
    joined = label.replace("-", "")
    seen = {joined, joined.translate(_LIKE), joined.replace("rn", "m"), joined.replace("vv", "w")}
    for name in _official():
        if len(name) < 6:  # short names stand in other words, such as "acb" in a row of letters
            if any([word.startswith(name) and word[len(name) :] in _TAILS for word in words]):
                return True
        elif any([name in form for form in seen]) or any([_one_off(word, name) for word in words]):
            return True
    return False


_TAILS: Final = frozenset(("", "bank", "online", "vn", "digibank", "smart", "24h", "247", "app", "vip"))


def _one_off(word: str, name: str) -> bool:
    """Are they one letter apart: changed, left out or put in?"""
    if abs(len(word) - len(name)) > 1 or word == name:
        return False
    same = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    return word[same + 1 :] == name[same + 1 :] or word[same + 1 :] == name[same:] or word[same:] == name[same + 1 :]


RECOGNISERS: Final[dict[str, Recogniser]] = {
    "<bank_account>": Recogniser(("<account>",), _bank_account),
    "<citizen_id>": Recogniser(("<id>",), _checked(is_citizen_number)),
    "<handle>": Recogniser(("<url>", "<mention>"), _handle),
    "<lookalike>": Recogniser(("<url>",), lambda text, start, end: (start, end) if is_lookalike(text[start:end]) else None),
    "<official>": Recogniser(("<url>",), lambda text, start, end: (start, end) if is_official(text[start:end]) else None),
    "<old_citizen_id>": Recogniser(("<account>",), _checked(is_old_citizen_number)),
    "<spelled_phone>": Recogniser(_SPOKEN_STARTS, _spelled_phone),
    "<tax_code>": Recogniser(("<account>",), _checked(is_tax_code)),
}
"""Entities in angle brackets, besides those of `entities.ENTITIES`."""
