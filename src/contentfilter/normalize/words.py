"""An odd word → what it may mean: listed aliases, raw Telex and VNI, spelling by ear, merged syllables."""

import re
from typing import Final

from .alphabet import D_WITH_STROKE
from .keyboard import telex, vni
from .merged import split, split_disguised
from .phonetic import respellings
from .syllables import is_syllable
from .vocabulary import Vocabulary

_MOST: Final = 2


def meanings(token: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """What `token` of a folded chunk may mean, likeliest first, each with the disguise undone; empty where it means itself.

    A token that is a syllable or an English word, or that a term has, means itself unless it is a listed alias.
    """
    if alias := vocabulary.aliases.get(token):
        return [alias]
    if is_syllable(token) or token in vocabulary.tokens or token in vocabulary.english or token.isdigit() or not token[-1:].isalnum():
        return []
    known = vocabulary.tokens
    typed = [(word, "Telex") for word in telex(token)] + [(word, "VNI") for word in vni(token)]
    found = sorted(typed, key=lambda meant: meant[0] not in known) if len(typed) > 1 else typed
    found += [(word, "phonetic") for word in respellings(token) if word in known][:1]
    if "d9" in token or "dd" in token:
        abbreviation = token.replace("d9", D_WITH_STROKE).replace("dd", D_WITH_STROKE)
        found += [(abbreviation, "VNI" if "d9" in token else "Telex")] if abbreviation in known and len(abbreviation) > 1 else []
    if token.isalpha() and (row := split(token, vocabulary.spells, vocabulary.linked)):
        found.append((" ".join([vocabulary.respelled.get(piece, piece) for piece in row]), "merged"))
    elif not found and token.isascii() and _key(token) and (row := split_disguised(token, vocabulary.spells, vocabulary.linked, _typed)):
        found.append((" ".join(row), "VNI" if _digit(token) else "Telex"))
    return found[:_MOST]


_key: Final = re.compile(r"aa|ee|oo|[aou]w|dd|[fjx]|\d").search
"""What keys for shapes and tones look like, those apart that most words have too."""
_digit: Final = re.compile(r"\d").search


def _typed(keys: str) -> str:
    """The likeliest syllable that keys mean, or what they are."""
    meant = (vni(keys) if _digit(keys) else telex(keys)) if len(keys) > 1 else ()
    return meant[0] if meant else keys
