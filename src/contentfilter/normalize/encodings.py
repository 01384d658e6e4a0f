"""Text that was read in the wrong encoding: mojibake, and the Vietnamese fonts of the nineties.

UTF-8 read as CP1252 ("Ä‘á»‹t") is plain from its form and undone wherever it stands. The old one-byte encodings, TCVN3, VNI-Win and
CP1258, look like odd French or German: what they may mean is a guess, and counts only where every word becomes a syllable.

Sources: TCVN 5712:1993 (VN3) for TCVN3, VNI Software's table for VNI-Win, Python's codec for CP1258; each as CP1252 shows it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from .alphabet import D_WITH_STROKE, LETTERS, SHAPES, TONE_MARKS, TONED
from .offsets import View
from .syllables import is_syllable

_BYTES: Final = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}
"""Character → byte; the five bytes that CP1252 leaves out are read as control characters, as browsers do."""
_LEADS: Final = "".join(re.escape(character) for character, byte in _BYTES.items() if 0xC2 <= byte <= 0xF4)
_TRAILS: Final = "".join(re.escape(character) for character, byte in _BYTES.items() if 0x80 <= byte <= 0xBF)
_sequences: Final = re.compile(f"[{_LEADS}][{_TRAILS}]{{1,3}}")
# The second byte of "à" is the no-break space, at which chunks end.
_CUT_A_GRAVE: Final = re.compile(r"(?<=[a-z])\N{LATIN CAPITAL LETTER A WITH TILDE}$")
_may_hold_mojibake: Final = re.compile(f"[{_LEADS}][{_TRAILS}]|[a-z]\N{LATIN CAPITAL LETTER A WITH TILDE}$").search

TCVN3: dict[str, str] = dict(
    zip(
        "\xa8\xa9\xaa\xab\xac\xad\xae\xb5\xb6\xb7\xb8\xb9\xbb\xbc\xbd\xbe\xc6\xc7\xc8\xc9\xca\xcb"
        "\xcc\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xdc\xdd\xde\xdf\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9"
        "\xea\xeb\xec\xed\xee\xef\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe",
        "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
"""What CP1252 shows for a byte of TCVN3 → the letter; capitals are a matter of the font there."""

_VNI_TONES: Final = "\xf8\xf9\xfb\xf5\xef"  # grave, acute, hook, tilde, dot, as in TONED
_VNI_SIGNS: Final = {"": _VNI_TONES, "â": "\xe0\xe1\xe5\xe3\xe4", "ê": "\xe8\xe9\xfa\xfc\xeb"}
"""The signs for tones alone, on a circumflex (which alone is â), on a breve (alone ê)."""


def _vni_windows() -> dict[str, str]:
    table = {"\xf1": D_WITH_STROKE, "\xf4": "ơ", "\xf6": "ư", "\xee": "ỵ"}
    table |= dict(zip("\xec\xed\xe6\xf3\xf2", TONED["i"][1:], strict=True))
    for letter, written in (("a", "a"), ("e", "e"), ("o", "o"), ("u", "u"), ("y", "y"), ("ơ", "\xf4"), ("ư", "\xf6")):
        table |= {written + sign: toned for sign, toned in zip(_VNI_TONES, TONED[letter][1:], strict=True)}
    for shaped, base, alone in (("â", "a", "â"), ("ê", "e", "â"), ("ô", "o", "â"), ("ă", "a", "ê")):
        table |= {base + sign: toned for sign, toned in zip(alone + _VNI_SIGNS[alone], TONED[shaped], strict=True)}
    return table


VNI_WINDOWS: Final = _vni_windows()
"""What CP1252 shows for a letter in VNI-Win, one character or two → the letter."""
_vni_written: Final = re.compile("|".join(sorted(map(re.escape, VNI_WINDOWS), key=len, reverse=True)))
_CP1258: Final = {
    bytes([byte]).decode("cp1252", "ignore"): bytes([byte]).decode("cp1258", "ignore")
    for byte in range(0xC0, 0x100)
    if bytes([byte]).decode("cp1252", "ignore") != bytes([byte]).decode("cp1258", "ignore")
}
_cp1258_written: Final = re.compile(f"[A-Za-z\xc0-\xff](?:[{''.join(c for c, d in _CP1258.items() if unicodedata.combining(d))}])?")
_words: Final = re.compile(r"[^\W\d_]+")


def unmojibake(chunk: str) -> View | None:
    """The chunk with UTF-8 that was read as CP1252 read rightly; None where it holds none.

    >>> unmojibake("Ä‘á»‹t").text
    'địt'
    """
    if not _may_hold_mojibake(chunk):
        return None
    pieces: list[tuple[str, int, int]] = []
    position = 0
    for match in (*_sequences.finditer(chunk), *_CUT_A_GRAVE.finditer(chunk)):
        read = _decode(match[0])
        if read is None or match.start() < position:
            continue
        letter, length = read
        pieces += [(chunk[position : match.start()], position, match.start()), (letter, match.start(), match.start() + length)]
        position = match.start() + length
    return View(chunk).derive([*pieces, (chunk[position:], position, len(chunk))]) if position else None


def _decode(sequence: str) -> tuple[str, int] | None:
    """The one character that `sequence` begins with, and how many characters it takes."""
    if len(sequence) == 1:
        return "à", 1
    for length in range(2, len(sequence) + 1):
        try:
            character = bytes([_BYTES[part] for part in sequence[:length]]).decode()
        except UnicodeDecodeError:
            continue
        good = character.lower() in LETTERS or _may_stand_in_words(character)
        return (character, length) if good else None
    return None


def _may_stand_in_words(character: str) -> bool:
    """A tone mark or shape, an invisible character, a quotation mark, a full-width letter, an emoji or mathematical letter. Not more:
    "á…”" would be a letter of Korean."""
    return (
        character in TONE_MARKS
        or character in SHAPES
        or character == "\N{SOFT HYPHEN}"
        or "\u200b" <= character <= "\u2060"
        or "\uff01" <= character <= "\uff5e"
        or character > "\uffff"
    )


def legacy(chunk: str, known: Callable[[str], bool]) -> Iterator[View]:
    """What the chunk may be in TCVN3, VNI-Win or CP1258: each reading in which all of its words are known or syllables.

    >>> [view.text for chunk in ("®Þt", "ñòt", "ðiòt", "®m") for view in legacy(chunk, {"đm"}.__contains__)]
    ['địt', 'địt', 'địt', 'đm']
    """
    if chunk.isascii() or len(chunk) > _LONGEST or not _one_byte(chunk):
        return
    for read in _READERS:
        pieces = list(read(chunk))
        text = "".join(piece[0] for piece in pieces)
        words = _words.findall(text.lower())
        if text != chunk and words and _words.sub("", text).isascii() and all(is_syllable(word) or known(word) for word in words):
            yield View(chunk).derive(pieces)


_one_byte: Final = re.compile(f"[\0-\x7f{''.join(map(re.escape, _BYTES))}]*").fullmatch
_LONGEST: Final = 64
"""Characters of a chunk that is read anew; words are shorter."""
_Reader = Callable[[str], Iterator[tuple[str, int, int]]]


def _read_tcvn3(chunk: str) -> Iterator[tuple[str, int, int]]:
    for i, character in enumerate(chunk):
        yield TCVN3.get(character, character), i, i + 1


def _read_vni(chunk: str) -> Iterator[tuple[str, int, int]]:
    position = 0
    for match in _vni_written.finditer(chunk):
        yield chunk[position : match.start()], position, match.start()
        yield VNI_WINDOWS[match[0]], match.start(), match.end()
        position = match.end()
    yield chunk[position:], position, len(chunk)


def _read_cp1258(chunk: str) -> Iterator[tuple[str, int, int]]:
    position = 0
    for match in _cp1258_written.finditer(chunk):
        yield chunk[position : match.start()], position, match.start()
        letter = "".join(_CP1258.get(character, character) for character in match[0])
        yield unicodedata.normalize("NFC", letter), match.start(), match.end()
        position = match.end()
    yield chunk[position:], position, len(chunk)


_READERS: tuple[_Reader, ...] = (_read_tcvn3, _read_vni, _read_cp1258)


def is_foreign(text: str) -> bool:
    """Has it a letter or sign that no Vietnamese text has?"""
    return not all([letter.isascii() or letter in LETTERS for letter in text.lower()])


def spelled_letters(chunk: str) -> View | None:
    """A chunk without the marks between its parts, where these may be the letters of one word: "c-h-Õ-t"."""
    parts = list(_runs_of_letters(chunk))
    if len(parts) < 2 or len(chunk) > _LONGEST_SPELLED or " " in chunk:
        return None
    return View(chunk).derive([(part[0], part.start(), part.end()) for part in parts])


_runs_of_letters: Final = re.compile(r"[^\s._*,-]+").finditer
_LONGEST_SPELLED: Final = 24
"""Characters of a word in an old encoding, and of the marks between them."""
