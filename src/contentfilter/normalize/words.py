"""An odd word → what it may mean: listed aliases, raw Telex and VNI, spelling by ear, merged syllables; and does it make sense?"""

import re
from collections.abc import Sequence
from typing import Final, final

from .alphabet import D_WITH_STROKE
from .keyboard import telex, vni
from .merged import split, split_disguised
from .phonetic import respellings
from .skeleton import LEET, is_plain
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


@final
class Words:
    """What the vocabulary says of the words of one chunk, each asked for once: the guesses share most of theirs."""

    __slots__ = ("_hidden", "_known", "_meanings", "_senseless", "vocabulary")

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._hidden: dict[str, str] = {}
        self._known: dict[str, bool] = {}
        self._meanings: dict[str, list[tuple[str, str]]] = {}
        self._senseless: dict[str, bool] = {}

    def knows(self, token: str) -> bool:
        """See `Vocabulary.knows`."""
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = self.vocabulary.knows(token)
        return known

    def spells(self, token: str) -> bool:
        """Has a term this token, or is it an odd way to write one that some term has?"""
        return token in self.vocabulary.tokens or len(self.meanings(token)) > 0

    def meanings(self, token: str) -> list[tuple[str, str]]:
        """See `meanings`."""
        found = self._meanings.get(token)
        if found is None:
            found = self._meanings[token] = meanings(token, self.vocabulary)
        return found

    def hidden(self, token: str) -> str:
        """See `Vocabulary.hidden_word`."""
        meant = self._hidden.get(token)
        if meant is None:
            meant = self._hidden[token] = self.vocabulary.hidden_word(token)
        return meant

    def odd(self, tokens: Sequence[str]) -> int:
        """How many of the tokens make no sense: no syllable, no word of a term, a letter or a sign for one among others."""
        several = len(tokens) > 1
        return sum([(several and _is_stray(token)) or self._is_senseless(token) for token in tokens])

    def _is_senseless(self, token: str) -> bool:
        senseless = self._senseless.get(token)
        if senseless is None:
            senseless = self._senseless[token] = token[-1:].isalnum() and not (is_plain(token) or self.knows(token))
        return senseless


def _is_stray(token: str) -> bool:
    return (len(token) == 1 or token in LEET) and not token.isdigit() and token not in _PLAIN_MARKS


_PLAIN_MARKS: Final = frozenset(".,!?:;\"'()-–…“”‘’[]{}/\\*~^=<>#&%_")
