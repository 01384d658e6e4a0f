"""Derive `normalize/confusables.json` from the Unicode data on confusable characters (UTS #39).

`python -m contentfilter.training.confusables` reads the table through the package confusable-homoglyphs and keeps each
letter or digit outside ASCII that can be taken for one ASCII letter or digit. That data is about identifiers and leaves out what an
eye forgives in a word: the small capitals and the letters with a hook, a tail or a bar are added by their Unicode names, and a few of
Cyrillic by hand. Vietnamese letters stay themselves.
"""

import json
import re
import sys
import unicodedata
from importlib.resources import files
from pathlib import Path

from contentfilter.normalize.alphabet import LETTERS

_LATIN = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])|LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]) WITH .*").fullmatch
_BY_HAND = {"\N{CYRILLIC SMALL LETTER PE}": "n", "\N{CYRILLIC SMALL LETTER TSE}": "u", "\N{CYRILLIC SMALL LETTER SHA}": "w"}
"""Seen in disguised words; their capitals look like nothing."""

TARGET = Path(__file__).parent.parent / "normalize" / "confusables.json"


def derive() -> dict[str, str]:
    """Character → the ASCII letter (lower case) or digit that it looks like."""
    table = json.loads((files("confusable_homoglyphs") / "confusables.json").read_text(encoding="utf-8"))
    found = _latin() | _BY_HAND
    for character, alike in table.items():
        if len(character) != 1 or character.isascii() or character.lower() in LETTERS:
            continue
        if unicodedata.category(character)[0] not in "LN" or unicodedata.normalize("NFKC", character).isascii():
            continue  # compatibility forms are undone by NFKC before
        targets = sorted(
            {entry["c"].lower() for entry in alike if len(entry["c"]) == 1 and entry["c"].isascii() and entry["c"].isalnum()},
            key=lambda target: (target.isdigit(), target),
        )
        if targets:
            found[character] = targets[0]
    # A capital counts only where its small letter looks like nothing: capital iota is taken for an l, but small iota is an i.
    return {key: target for key, target in sorted(found.items()) if key.lower() == key or key.lower() not in found}


def _latin() -> dict[str, str]:
    """The Latin letters that Unicode does not take apart → the letter that their name says."""
    every = ((chr(point), _LATIN(unicodedata.name(chr(point), ""))) for point in range(0x80, sys.maxunicode + 1))
    return {
        character: (named[1] or named[2]).lower()
        for character, named in every
        if named and character.lower() not in LETTERS and unicodedata.normalize("NFKD", character) == character
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(derive(), ensure_ascii=True, indent=0) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(derive())} characters")
