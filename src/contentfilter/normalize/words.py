"""An odd word → what it may mean: listed aliases, raw Telex and VNI, spelling by ear, merged syllables."""

from typing import Final

from .keyboard import telex, vni
from .merged import split
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
    if token.isalpha() and (row := split(token, vocabulary.spells, vocabulary.linked)):
        found.append((" ".join([vocabulary.respelled.get(piece, piece) for piece in row]), "merged"))
    return found[:_MOST]
