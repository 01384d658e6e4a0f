"""Hostile input by the million, from a random number generator: hypothesis takes a millisecond an example, this some microseconds."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from random import Random

import texts

from contentfilter.default import default_filter
from contentfilter.normalize.alphabet import TONED
from contentfilter.normalize.syllables import BASES

TERMS = tuple(sorted({term.text for rule in default_filter().rules for term in rule.terms}))
ALLOWED = ("hạt óc chó", "một số đề xuất", "lon bia", "cái đầu", "con chó con", "các bạn", "Thái Bình Dương")
SYLLABLES = tuple(sorted(BASES))
SPACES = (" ", " ", " ", " ", "  ", "\n", "\t", "\u3000", "\u2028", "\x1f", "\u00a0", "\r\n", "\v")
DISGUISES: Sequence[Callable[[str], str]] = (*texts.UNSEEN.values(), *texts.GUESSED.values())
MARKS = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b\u0336\u0489\u20dd"
ENTITIES = (
    "0912 345 678",
    "+84.912.345.678",
    "a@b.vn",
    "http://x.vn/?q=1",
    "đụ.me",
    "500k",
    "1.000.000đ",
    "001234567890",
    "@lan",
    "<phone>",
    "www.",
    "://",
)


def document(random: Random) -> str:
    """A text of some pieces, now and then a long or a broken one."""
    count = 1 + int(random.expovariate(0.25))
    joined = "".join([piece(random) + random.choice(SPACES) for _ in range(count)])
    for _ in range(random.choice((0, 0, 1, 1, 2, 5))):
        joined = mutation(random, joined)
    if random.random() < 0.002:
        joined *= random.choice((10, 100, 1000))
    return joined


def chunk(random: Random) -> str:
    """A run of characters without white space."""
    return "".join(mutation(random, piece(random)).split()) or "\ufe0f"


def piece(random: Random) -> str:
    """A term, a phrase, a syllable, an entity, or characters of any kind; often disguised."""
    kind = random.random()
    if kind < 0.35:
        made = random.choice(TERMS)
    elif kind < 0.5:
        made = random.choice(texts.PHRASES + ALLOWED)
    elif kind < 0.8:
        base = random.choice(SYLLABLES)
        made = base.translate({ord(letter): toned for letter in base if letter in TONED for toned in (random.choice(TONED[letter]),)})
    elif kind < 0.9:
        made = random.choice(ENTITIES)
    else:
        made = "".join([character(random) for _ in range(random.randrange(1, 9))])
    return random.choice(DISGUISES)(made) if random.random() < 0.4 else made


def character(random: Random) -> str:
    """Any code point, odd ones far more often than others."""
    kind = random.random()
    if kind < 0.4:
        return random.choice(texts.ODD)
    if kind < 0.7:
        return random.choice("ađngumịt.- 0123@!|<>*_/+")
    return chr(random.randrange(0x110000)) if kind < 0.85 else chr(random.randrange(0x3000))


def mutation(random: Random, text: str) -> str:
    """The text with one thing done to it somewhere."""
    start = random.randrange(len(text) + 1)
    end = min(len(text), start + random.choice((0, 1, 1, 2, 5, 20)))
    part = text[start:end]
    change = random.randrange(10)
    if change == 0:
        part = ""
    elif change == 1:
        part = part[::-1]
    elif change == 2:
        part *= random.choice((2, 3, 10, 70))
    elif change == 3:
        part += character(random)
    elif change == 4:
        part += random.choice(MARKS) * random.choice((1, 1, 2, 9, 40))
    elif change == 5:
        part = random.choice(texts.SEPARATORS).join(part) + random.choice(texts.SEPARATORS)
    elif change == 6:
        part = random.choice(texts.INVISIBLE).join((part, ""))
    elif change == 7:
        part = unicodedata.normalize(random.choice(("NFC", "NFD", "NFKC", "NFKD")), part)
    elif change == 8:
        part = random.choice(DISGUISES)(part)
    else:
        part = " ".join(part)
    return text[:start] + part + text[end:]


def damaged(random: Random, content: bytes) -> bytes:
    """A file of a good format after some accidents: bits, cuts, doubled and foreign pieces."""
    broken = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 8))):
        at = random.randrange(len(broken) + 1)
        accident = random.randrange(6)
        if accident == 0 and at < len(broken):
            broken[at] ^= 1 << random.randrange(8)
        elif accident == 1:
            del broken[at : at + random.choice((1, 4, 64))]
        elif accident == 2:
            broken[at:at] = broken[at : at + random.choice((1, 8, 200))]
        elif accident == 3:
            broken[at:at] = random.randbytes(random.choice((1, 3, 9)))
        elif accident == 4:
            broken[at:at] = random.choice(
                (b"\0", b"\xff\xfe", b'"', b"\r", b"{", b"[" * 50, b"&a *a ", b"!!x ", b"1e999", b"-", b": ", b"\n  ")
            )
        else:
            broken[at:at] = "".join([character(random) for _ in range(3)]).encode("utf-8", "surrogatepass")
    return bytes(broken)
