"""The `plain` view: composed, lower case, compatibility forms and look-alikes undone, tones kept.

Nothing here needs to know a language's words: what is undone is what a reader's eye does not see. The order matters:
compatibility forms first (they may decompose into a letter with marks), marks second, look-alikes last, since only a
token that is partly Latin may have its foreign letters read as Latin.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from .alphabet import D_WITH_STROKE, LETTERS, SHAPES, TONE_MARKS, TONED, tone_of, untone
from .offsets import View

_VIETNAMESE: Final = "".join(sorted(LETTERS | {letter.upper() for letter in LETTERS}))
_SIMPLE: Final = {character: character.lower() for character in (*map(chr, range(0x21, 0x7F)), *_VIETNAMESE)}
"""Characters that stand for themselves unless a mark follows, in lower case."""
_is_simple: Final = re.compile(f"[!-~{_VIETNAMESE}]*").fullmatch

# A letter carries at most a shape and a tone; a few more marks are read so that a shape behind surplus marks is found.
# The bound keeps a letter under ten thousand marks linear: canonical ordering of a run of marks is not.
_MARKS_READ: Final = 8

_LONGEST_LIGATURE: Final = 6
"""Letters of a ligature that is taken apart; two longer ones are Arabic phrases, and a text of them would be eighteen times as long."""

_D_ALIKE: Final = {  # letters that a reader takes for đ; UTS #39 knows most of them only as a d with something over it
    "\N{LATIN SMALL LETTER ETH}": D_WITH_STROKE,
    "\N{LATIN SMALL LETTER D WITH HOOK}": D_WITH_STROKE,
    "\N{LATIN SMALL LETTER D WITH TOPBAR}": D_WITH_STROKE,
    "\N{LATIN SMALL LETTER D WITH TAIL}": D_WITH_STROKE,
}
_ETA: Final = "\N{GREEK SMALL LETTER ETA}"  # looks like an n, its capital like an H

# Letters that Unicode gives no compatibility form: white on black in circles and squares, and the halves of flags.
_BOXED: Final = {
    chr(first + i): chr(ord("a") + i)
    for first in (ord("\N{NEGATIVE CIRCLED LATIN CAPITAL LETTER A}"), ord("\N{NEGATIVE SQUARED LATIN CAPITAL LETTER A}"))
    for i in range(26)
}
_FLAG_HALVES: Final = {chr(ord("\N{REGIONAL INDICATOR SYMBOL LETTER A}") + i): chr(ord("a") + i) for i in range(26)}
_flag_halves: Final = re.compile("[\N{REGIONAL INDICATOR SYMBOL LETTER A}-\N{REGIONAL INDICATOR SYMBOL LETTER Z}]+")


@cache
def _confusables() -> dict[str, str]:
    table = json.loads(Path(__file__).with_name("confusables.json").read_text(encoding="ascii"))
    small = {capital.lower(): letter for capital, letter in table.items() if len(capital.lower()) == 1}  # т, м, н: small capitals
    return {**small, **table, **_D_ALIKE, _ETA: "n"}


def fold(chunk: str) -> tuple[View, tuple[str, ...]]:
    """The plain view of a chunk, and the disguises undone to get it, in order: `compatibility` (full-width,
    mathematical, enclosed letters), `invisible` (format and control characters), `marks` (marks that belong to no
    Vietnamese letter), `confusables` (letters of other scripts between Latin ones).

    Composition, case, the place of the tone mark and i/y are ways to write, no disguise: they are undone unnamed.
    The view has at most six characters for one of the chunk (U+33AF under NFKC).
    """
    if _is_simple(chunk):
        return View(respell(chunk.lower())), ()
    return _fold_slowly(chunk)


def foreign_as_latin(plain: str) -> str:
    """A plain view wholly in another script as the Latin letters that it looks like, or "" where some look like none."""
    table = _confusables()
    letters = [character if character.isascii() else table.get(character, "") for character in plain]
    return "".join(letters) if all(letters) else ""


def with_last_tones(chunk: str, view: View) -> str:
    """The text of a chunk's view where a letter with several tone marks has the last of them, not the first: "sụ́c" as súc."""
    letters = list(view.text)
    for i, letter in enumerate(letters):
        start, end = view.origin(i, i + 1)
        tones = [mark for mark in unicodedata.normalize("NFD", chunk[start : min(end, start + 1 + _MARKS_READ)]) if mark in TONE_MARKS]
        if len(tones) > 1 and (toned := TONED.get(untone(letter))):
            letters[i] = toned[1 + TONE_MARKS.index(tones[-1])]
    return "".join(letters)


def _fold_slowly(chunk: str) -> tuple[View, tuple[str, ...]]:
    texts: list[str] = []
    capitals: list[str] = []  # what stands in the chunk for each character of the texts
    starts: list[int] = []
    ends: list[int] = []
    steps: list[str] = []

    def note(step: str) -> None:
        if step not in steps:
            steps.append(step)

    flags = {i for match in _flag_halves.finditer(chunk) if len(match[0]) % 2 == 0 for i in range(*match.span())}
    position, length = 0, len(chunk)
    while position < length:
        start = position
        position += 1
        simple = _SIMPLE.get(chunk[start])
        if simple is not None and (position == length or chunk[position] in _SIMPLE):  # a letter under no mark: most of them
            texts.append(simple)
            capitals.append(chunk[start])
            starts.append(start)
            ends.append(position)
            continue
        category = unicodedata.category(chunk[start])
        if category in ("Cf", "Cc"):
            if not (start and unicodedata.category(chunk[start - 1])[0] in "SM"):  # emoji are joined by U+200D
                note("invisible")
            continue
        position = _behind_marks(chunk, position)
        boxed = _BOXED.get(chunk[start]) or (_FLAG_HALVES.get(chunk[start]) if start not in flags else None)
        marks = chunk[start + 1 : position].replace(" ", "")
        folded, step = _fold_cluster((boxed or chunk[start]) + marks[:_MARKS_READ], 1 + len(marks))
        if boxed or step:
            note("compatibility" if boxed else step)
        texts.append(folded)
        capitals.extend([chunk[start]] * len(folded))
        starts.extend([start] * len(folded))
        ends.extend([position] * len(folded))
    text = "".join(texts)
    revealed = _unconfuse(text, capitals)
    if revealed != text:
        note("confusables")
    return View(respell(revealed), starts, ends), tuple(steps)


def _behind_marks(chunk: str, position: int) -> int:
    """Where the marks end that begin at a position; in a run of fragments joined each may have a space before it."""
    while position < len(chunk):
        at = position + (chunk[position] == " ")
        if at == len(chunk) or unicodedata.category(chunk[at]) not in ("Mn", "Me"):
            return position
        position = at + 1
    return position


def _fold_cluster(cluster: str, length: int) -> tuple[str, str]:
    """A character with its marks → its plain form (maybe empty), and the disguise that this undid."""
    if cluster in LETTERS:
        return cluster, ""
    base = cluster[0]
    if unicodedata.category(base) in ("Mn", "Me"):  # marks with nothing under them; emoji's variation selectors are such
        return "", "" if "\ufe00" <= base <= "\ufe0f" else "marks"
    if length == 1 and base.lower() in LETTERS:
        return base.lower(), ""
    parts = unicodedata.normalize("NFKD", cluster)
    letter, marks = parts[0].lower(), parts[1:]
    if base.lower() == D_WITH_STROKE:
        return D_WITH_STROKE, "marks"
    if not (letter.isascii() and letter.isalpha()) or any(map(str.isalnum, marks)):
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", base).lower())
        if len(folded) > _LONGEST_LIGATURE:
            return base, ""
        if len(folded) > 1:  # a ligature: its letters may carry marks of their own
            folded = "".join([_fold_cluster(character, 1)[0] for character in folded])
        compatible = folded != base.lower() and folded[:1].isascii()
        return folded, "compatibility" if compatible else "marks" if length > 1 and folded.isascii() else ""
    shape = next((mark for mark in marks if mark in SHAPES), "")
    if len(unicodedata.normalize("NFC", letter + shape)) > 1:
        shape = ""
    vowel = unicodedata.normalize("NFC", letter + shape)
    tone = next((mark for mark in marks if mark in TONE_MARKS), "") if vowel in TONED else ""
    folded = unicodedata.normalize("NFC", vowel + tone)
    if length - 1 > _MARKS_READ or bool(shape) + bool(tone) < len(marks):
        return folded, "marks"
    canonical = unicodedata.normalize("NFD", base) == unicodedata.normalize("NFKD", base)
    return folded, "" if canonical else "compatibility"


def _unconfuse(text: str, capitals: Sequence[str]) -> str:
    """Read foreign look-alikes as Latin letters where the chunk has Latin letters too; as long as `text`.

    `capitals` holds the characters as they were written: some letters look Latin only as capitals.
    """
    if text.isascii():
        return text
    table = _confusables()
    if not any(character in LETTERS or character in _D_ALIKE for character in text):
        return text  # wholly foreign, though it may look Latin: real Russian or Greek
    return "".join(table.get(small) or table.get(capital, small) for small, capital in zip(text, capitals, strict=True))


# Tone placement: hòa and hoà, khỏe and khoẻ, thúy and thuý are one spelling; the mark goes to the second vowel.
# gía, gìa are the same slip after gi-. Terms and texts both pass here, so that either spelling finds the other.
_RESPELLED: dict[str, str] = {
    TONED[first][tone] + second: first + TONED[second][tone]
    for first, second in (("o", "a"), ("o", "e"), ("u", "y"))
    for tone in range(1, 6)
}
_RESPELLED |= {"g" + TONED["i"][tone] + "a": "gi" + TONED["a"][tone] for tone in range(1, 6)}
_may_be_misplaced: Final = re.compile(f"[{''.join({spelled[0] for spelled in _RESPELLED if len(spelled) == 2})}][aey]|g[^\0-\x7f]a").search
_replace_misplaced: Final = re.compile("|".join(_RESPELLED)).sub
_FINAL_Y: Final = "".join(TONED["y"])
_replace_final_y: Final = re.compile(rf"(?<![^\W_])([hklmst])([{_FINAL_Y}])(?![^\W_])").sub
_has_final_y: Final = re.compile(rf"[hklmst][{_FINAL_Y}]").search


def respell(text: str) -> str:
    """One spelling for the same syllable: tone placement, and i for a final y (kì/kỳ, sĩ/sỹ); as long as `text`."""
    if not text.isascii() and _may_be_misplaced(text):
        text = _replace_misplaced(lambda match: _RESPELLED[match[0]], text)
    if _has_final_y(text):
        text = _replace_final_y(lambda match: match[1] + TONED["i"][tone_of(match[2])], text)
    return text
