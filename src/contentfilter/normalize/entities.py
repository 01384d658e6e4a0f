"""Links, addresses, phone numbers, amounts: what a text names that is no word.

An entity becomes one token in angle brackets (`<phone>`), so that rules speak of it as of a word and keywords never match
inside a link. A text's own angle brackets are tokens of one character, so that it cannot forge one.
"""

import re
from collections.abc import Iterator
from typing import Final

# Top-level domains that make a bare "name.tld" a link: common ones, and those that fraud prefers. Those that are Vietnamese
# syllables or abbreviations count only behind a scheme, before a path, or after a name with hyphens: "đụ.me" is no domain.
_TOP_LEVEL: Final = (
    "com|vn|net|org|info|biz|edu|gov|xyz|top|site|online|shop|store|club|vip|pro|app|dev|link|asia|live|fun|win|bet|icu|"
    "cyou|space|support|help|loan|cash|website|tech|cloud|life|world|today|cfd|sbs|click|lol|buzz|work|mobi|name|page|blog|news|tv|io|co|us|uk|cn|ru|ws"
)
_SYLLABLES: Final = "cc|me|to|la|so"
# Repetitions are bounded (a label has 63 characters at most, RFC 1035), or "a.a.a.a…" would take quadratic time.
_DOMAIN: Final = r"[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,5}"

# Mobile prefixes after the change to ten digits (Ministry of Information and Communications, decision 798/QĐ-BTTTT, 2018),
# and landlines 02x with eleven.
_SEPARATOR: Final = r"(?: ?[.\-] ?| )?"
_MOBILE: Final = (
    rf"(?:3{_SEPARATOR}[2-9]|5{_SEPARATOR}[25689]|7{_SEPARATOR}[06-9]|8{_SEPARATOR}[1-9]|9{_SEPARATOR}\d)(?:{_SEPARATOR}\d){{7}}"
)
_LANDLINE: Final = rf"2{_SEPARATOR}\d(?:{_SEPARATOR}\d){{8}}"
# Numbers of companies, free of charge or at a rate for all the country, with four or six digits behind (the same plan, annex).
_HOTLINE: Final = r"1[89]00[ .]?(?:\d{4}|\d{2}[ .]\d{2}|\d{6}|\d{2}[ .]\d{2}[ .]\d{2}|\d{3}[ .]\d{3})"

# A licence plate: the province, a series of a letter and perhaps a digit or another letter, four or five digits (Circular 79/2024/TT-BCA,
# annex 2; red plates of the army are of another form). Five digits may stand without a mark before them.
_PLATE: Final = (
    r"(?:1[124-9]|[2-3567]\d|4[0137-9]|8[0-689]|9[02-57-9])[ -]?[a-hk-npstuvxyz](?:[1-9]|[a-hk-npstuvxyzđ])?"
    r"(?:[ .-]?\d{3}\.?\d{2}|[.-]\d{4})(?![^\W_])"
)

_NUMBER: Final = r"\d{1,15}(?:[.,]\d{1,3}){0,5}"
_UNITS: Final = "k|tr|triệu|trieu|củ|tỷ|tỉ|nghìn|nghin|ngàn|ngan|vnđ|vnd|usd|đồng|dong|đ|d"

_PATTERN: Final = re.compile(
    "|".join(
        (
            r"(?P<email>[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5})",
            rf"(?P<url>(?:https?|hxxps?|ftp)://[^\s<>\"]+|www\.[^\s<>\"]+"
            rf"|(?<![^\W_]){_DOMAIN}\.(?:{_TOP_LEVEL})(?![^\W_])(?:[/?:][^\s<>\"]*)?"
            rf"|(?<![^\W_])(?=[a-z0-9-]{{8}})[a-z0-9]{{2,30}}(?:-[a-z0-9]{{2,30}}){{1,3}}\.(?:{_SYLLABLES})(?![^\W_])"
            rf"|(?<![^\W_]){_DOMAIN}\.[a-z]{{2,6}}/[^\s<>\"]*)",
            rf"(?P<plate>(?<![^\W_]){_PLATE})",
            r"(?P<mention>(?<![^\W_])@[^\W\d][\w.]*)",
            rf"(?P<phone>(?<![^\W_])\(?(?:\+?84{_SEPARATOR}|\(\+84\){_SEPARATOR}|[0o])\)?{_SEPARATOR}(?:{_MOBILE}|{_LANDLINE})(?!\d))",
            rf"(?P<money>(?<![^\W_]){_NUMBER}(?: ?- ?{_NUMBER})? ?(?:{_UNITS}|\$)\d{{0,3}}(?![^\W_])"
            r"|\$ ?\d{1,15}(?:[.,]\d{1,3}){0,5}(?![^\W_]))",
            r"(?P<id>(?<![^\W_])0\d{11}(?![^\W_]))",
            rf"(?P<hotline>(?<![^\W_]){_HOTLINE}(?![^\W_]))",
            r"(?P<account>(?<![^\W_])(?:\d{8,16}|\d{4}(?: \d{3,4}){2,3}(?: \d{1,3})?)(?![^\W_]))",
            r"(?P<word>[^\W_]+)",
            r"(?P<mark>[^ ])",
        )
    )
)

_may_hold_entity: Final = re.compile(r"[\d@]|[^\W_]\.[^\W_]|://").search  # every entity has one of these; most chunks have none
_find_plain: Final = re.compile(r"[^\W_]+|[^ ]").finditer

UNITS: Final = frozenset((*_UNITS.split("|"), "$")) - {"d", "dong"}
"""Chunks that make an amount of the number before them."""

ENTITIES: Final = frozenset(("<email>", "<url>", "<mention>", "<phone>", "<plate>", "<money>", "<id>", "<hotline>", "<account>"))
is_part_of_plate: Final = re.compile(r"\d\d-?[a-z][a-z\dđ]?-?|\d{3}\.\d\d").fullmatch
"""May a chunk be the one or the other half of a plate with a space in it?"""


def tokenize(text: str) -> Iterator[tuple[str, int, int]]:
    """The tokens of folded `text` with their half-open spans: words, entities, single marks; spaces fall away."""
    if not _may_hold_entity(text):
        for match in _find_plain(text):
            yield match[0], match.start(), match.end()
        return
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup
        token = match[0] if kind in ("word", "mark") else f"<{kind}>"
        yield token, match.start(), match.end()


LONGEST_WORD: Final = 64
"""Characters of a chunk by which the model knows it."""
_strip_marks: Final = re.compile(r"^[\W_]+|[\W_]+$").sub


def word_of(plain: str) -> str:
    """The word by which a chunk takes part in pairs: its plain form without the marks around it, if anything is left.

    >>> word_of("ngu,"), word_of("=))")
    ('ngu', '=))')
    """
    cut = plain[:LONGEST_WORD]
    return cut if cut.isalnum() else _strip_marks("", cut) or cut
