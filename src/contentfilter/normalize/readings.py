"""A chunk's readings: what it can stand for, each with its tokens, its origins and the disguises undone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final, final

from .alphabet import bare
from .encodings import is_foreign, legacy, spelled_letters, unmojibake
from .entities import tokenize, word_of
from .fold import fold, foreign_as_latin, respell, with_last_tones
from .fragments import is_digit_fragment, is_letter_fragment
from .masks import has_sign, unmask, unmasked
from .merged import split_disguised
from .offsets import View
from .skeleton import Piece, guesses, has_leet_inside, has_sign_inside, is_plain
from .syllables import is_syllable
from .vocabulary import ALWAYS, INNOCENCE, Vocabulary, is_partial
from .words import Words

_MOST_GUESSES: Final = 3
"""Guesses kept for a chunk: each costs the texts that hold it one more line to match."""


@final
class Reading:
    """One form of a chunk, ready to be matched: its tokens with one space between.

    `bare` is the same without diacritics, as long as `text`. `steps` are the disguises undone, in order. Where each character
    came from is worked out when a match asks for it: `text` is made of `pieces` of `form`, a reading that was read on, or without one of
    `view`, or without any pieces of the tokens of the view.
    """

    __slots__ = ("_line", "_tokens", "bare", "form", "pieces", "steps", "text", "view")

    def __init__(
        self,
        text: str,
        bare: str,
        steps: tuple[str, ...],
        view: View,
        pieces: Sequence[Piece] | None = None,
        form: Reading | None = None,
    ) -> None:
        self.text = text
        self.bare = bare
        self.steps = steps
        self.view = view
        self.pieces = pieces
        self.form = form
        self._line: View | None = None
        self._tokens: list[str] | None = None

    @property
    def tokens(self) -> list[str]:
        """Those of `text`; not to be changed."""
        if self._tokens is None:
            self._tokens = self.text.split(" ")
        return self._tokens

    @property
    def line(self) -> View:
        """`text` with its origins in the chunk."""
        if self._line is None:
            self._line = self._with_origins()
        return self._line

    def _with_origins(self) -> View:
        if self.pieces is None and self.text == self.view.text:
            return self.view
        if self.pieces is None:
            return self.view.derive(_with_spaces(list(tokenize(self.view.text))))
        return (self.view if self.form is None else self.form.line).derive(self.pieces)


@final
class Analysis:
    """All that is known of a chunk."""

    __slots__ = ("asks", "beside", "digits", "dropped", "innocent", "interesting", "letters", "offers", "plain", "readings")

    def __init__(
        self,
        plain: str,
        readings: tuple[Reading, ...],
        interesting: bool,
        beside: bool,
        asks: int,
        offers: int,
        letters: bool,
        digits: bool,
        dropped: bool = False,
        innocent: bool = False,
    ) -> None:
        self.plain = plain
        """For the model: the plain view, or where that makes no sense the likeliest reading that does, its words with spaces between."""
        self.readings = readings
        """What the chunk can stand for, as written first."""
        self.interesting = interesting
        """May a term match around this chunk?"""
        self.beside = beside
        """May its pieces, as they are read, announce a term together or with the chunks on either side?"""
        self.asks = asks
        """The kinds of company without which its terms do not count, a bit each; `interesting` is for those that need none."""
        self.offers = offers
        """The kinds of company that it can be."""
        self.letters = letters
        """May be a part of a word in spaced letters: a single letter, or a lone mark."""
        self.digits = digits
        """May be a part of a spaced number, or a unit after one."""
        self.innocent = innocent
        """May a sign of innocence match around it, whatever its neighbours?"""
        self.dropped = dropped
        """Has it most likely lost its diacritics?"""


def analyse(chunk: str, vocabulary: Vocabulary) -> Analysis:
    """Work out a chunk's readings. `chunk` may hold single spaces where it is a run of fragments joined."""
    first, word, suspicious = as_written(chunk, vocabulary)
    if not suspicious:
        return _analysis((first,), word, False, first.view.text, vocabulary)
    words = Words(vocabulary)
    return among(chunk, first, word, every_guess(chunk, first, words), words)


def among(chunk: str, first: Reading, word: str, every: Iterable[Reading], words: Words) -> Analysis:
    """What is known of a suspicious chunk, given its first reading, its word and all that it may stand for."""
    others, legible = _likeliest(chunk, first, every, words)
    return _analysis((first, *others), word, True, legible, words.vocabulary)


def _analysis(readings: tuple[Reading, ...], word: str, suspicious: bool, legible: str, vocabulary: Vocabulary) -> Analysis:
    plain = readings[0].view.text
    if word and len(readings) == 1:  # its neighbours tell the rest: see Vocabulary
        asks = vocabulary.words.get(word, 0)
        interesting = asks >= ALWAYS or (suspicious and word not in vocabulary.tokens and vocabulary.knows(word))
        offers = vocabulary.offers.get(word, 0)
        beside = False
    else:
        tokens = {token for reading in readings for token in reading.text.split(" ")}
        asks = offers = 0
        for token in tokens:
            asks |= vocabulary.words.get(token, 0)
            offers |= vocabulary.offers.get(token, 0)
        interesting = asks >= ALWAYS or any([is_partial(token) and vocabulary.knows(token) for token in tokens])
        beside = any([token in vocabulary.paired and not token.isdigit() for token in tokens])
    if not interesting and vocabulary.substrings:
        written = (bare(plain), *[f" {reading.bare} " for reading in readings])
        interesting = any([vocabulary.substrings.stand_in(form) for form in written])
    return Analysis(
        legible,
        readings,
        interesting,
        beside,
        asks & (INNOCENCE - 1),
        offers,
        is_letter_fragment(plain) or plain in vocabulary.halves,
        is_digit_fragment(plain),
        (word if plain == legible or not has_leet_inside(plain) else legible) in vocabulary.dropped,
        asks & INNOCENCE > 0,
    )


_QUIET: Final = ".,!?…:;)\"'”’"
"""Marks that change nothing about the word before them, unless a term has them."""


def as_written(chunk: str, vocabulary: Vocabulary) -> tuple[Reading, str, bool]:
    """A chunk's first reading; its word, where it has one, is no entity, and nothing else in it could be of interest; and whether it may
    stand for something else."""
    view, steps = _read(chunk)
    plain = view.text
    word = plain if plain.isalpha() else plain.rstrip(_QUIET)
    if word.isalpha():  # one word, maybe with marks behind: most chunks
        marks = plain[len(word) :]
        if not marks:
            suspicious = not is_syllable(word) or word in vocabulary.aliases or "marks" in steps
            return Reading(plain, bare(plain), steps, view), word, suspicious
        if not any([mark in vocabulary.words or mark in vocabulary.aliases for mark in marks]):
            text = f"{word} {' '.join(marks)}"
            suspicious = not is_syllable(word) or word in vocabulary.aliases or (not chunk.isascii() and has_sign_inside(chunk))
            return Reading(text, bare(text), steps, view), word, suspicious
    tokens = list(tokenize(plain))
    words = [token for token, _, _ in tokens if token[-1].isalnum()]
    alone = len(words) == 1 and word_of(plain) == words[0]
    if alone and len(tokens) > 1:  # a mark or an emoji beside the word may announce a term itself
        alone = not any([token in vocabulary.words for token, _, _ in tokens if not token[-1].isalnum()])
    suspicious = not plain.isdigit() and (
        len(words) > 1
        or has_sign_inside(plain if chunk.isascii() else chunk)
        or not all([is_plain(token) and token not in vocabulary.aliases for token, _, _ in tokens])
        or _sham_link(plain, vocabulary) is not None
    )
    text = " ".join([token for token, _, _ in tokens])
    return Reading(text, bare(text), steps, view), words[0] if alone else "", suspicious


def _read(chunk: str) -> tuple[View, tuple[str, ...]]:
    """The plain view of a chunk, its encoding mended first."""
    mended = None if chunk.isascii() else unmojibake(chunk)
    if mended is None:
        return fold(chunk)
    view, steps = fold(mended.text)
    return view.over(mended), ("encoding", *steps)


def _likeliest(chunk: str, first: Reading, every: Iterable[Reading], words: Words) -> tuple[list[Reading], str]:
    """The chunk's likeliest other readings that hold a token which some term knows, and which `first` has not or has among marks;
    and what the model is to read: the plain view, or where that makes no sense the likeliest reading that does."""
    vocabulary = words.vocabulary
    plain = first.view.text
    written = frozenset(first.text.split(" "))  # as many guessed tokens ask for themselves in it
    found: dict[str, tuple[int, Reading]] = {}
    legible: list[tuple[int, bool, str]] = []
    foreign = is_foreign(chunk) or plain.isascii()
    for reading in every:
        if reading.text in found:
            continue
        odd = words.odd(reading.text.split(" "))
        found[reading.text] = (4 * odd + len(reading.steps), reading)
        if not odd and _LISTED.isdisjoint(reading.steps) and reading.steps != first.steps:  # not merely another of two tones
            legible.append((len(reading.steps), _PRECISE.isdisjoint(reading.steps) or not foreign, reading.text))
    told: list[Reading] = []
    for _, reading in sorted(found.values(), key=lambda guess: guess[0]):
        tokens = reading.text.split(" ")
        if any([words.knows(token) and (token not in written or "separators" in reading.steps) for token in tokens]):
            reading.bare = bare(reading.text)
            told.append(reading)
            if len(told) == _MOST_GUESSES:
                break
    if legible and (_may_be_legacy(first, words) or (plain in vocabulary.aliases and vocabulary.aliases[plain][1] not in _LISTED)):
        plain = respell(min(legible, key=itemgetter(0, 1))[2])
    return told, plain


_EMOJI: Final = "\N{PLAYING CARD BLACK JOKER}"
"""Above it stand emoji of one character, which mean something beside marks too."""
_PRECISE: Final = frozenset(("encoding", "Telex", "VNI"))
"""What hardly makes sense by chance: of readings with as few steps the one that undoes these is what the model is to read."""
_LISTED: Final = frozenset(("emoji", "teencode"))
"""Ways to write that the model has seen often enough to know them."""


def every_guess(chunk: str, first: Reading, words: Words) -> Iterator[Reading]:
    """All that a suspicious chunk may stand for, likely or not, besides its first reading."""
    vocabulary = words.vocabulary
    view, steps = first.view, first.steps
    plain = view.text
    if latin := "" if plain.isascii() else foreign_as_latin(plain):
        yield _reading(view, _with_spaces(list(tokenize(latin))), (*steps, "confusables"))
    if masked := unmask(plain, vocabulary.hidden):
        yield _reading(view, _replaced(plain, masked), (*steps, "masks"))
    elif row := _masked_row(plain, vocabulary):
        yield _reading(view, [(" ".join(row), 0, len(plain))], (*steps, "masks", "merged"))
    if "marks" in steps and "encoding" not in steps and (other := with_last_tones(chunk, view)) != plain:
        yield _reading(view, _with_spaces(list(tokenize(other))), steps)
    yield from _respelled(first, words)
    if "<" in first.text and not _ADDRESSES.isdisjoint(first.text.split(" ")):
        if sham := _sham_link(plain, vocabulary):
            yield _reading(view, _replaced(plain, [sham]), (*steps, "link"))
        plain = _without_addresses(plain)
    leet_may_hide = all([sum(map(str.isalpha, word)) > 1 or not word.isascii() for word in _parts(plain) if _has_leet(word)])
    for pieces, undone in guesses(plain, words.knows, vocabulary.spaced_pairs):
        if " " in chunk:
            undone = tuple("spaced letters" if step == "separators" else step for step in undone)
        form = _reading(view, pieces, (*steps, *undone))
        # may a word have lost its diacritics on the way? In leet where two letters are left of it, or one with its diacritics
        yield from _respelled(form, words, hidden=leet_may_hide if "leet" in undone else form.text.isascii())
        yield form
    if not _may_be_legacy(first, words):
        return
    yield from _legacy(View(chunk), (), words)
    if spelled := None if chunk.isascii() else spelled_letters(chunk):
        yield from _legacy(spelled, ("separators",), words)


def _legacy(view: View, steps: tuple[str, ...], words: Words) -> Iterator[Reading]:
    """What a view of the chunk may be in an old encoding, and what its words then mean, where it has a letter that Vietnamese has not."""
    for legible in legacy(view.text, words.spells if is_foreign(view.text) else words.vocabulary.tokens.__contains__):
        folded, more = fold(legible.text)
        form = _reading(folded.over(legible).over(view), _with_spaces(list(tokenize(folded.text))), ("encoding", *more, *steps))
        yield from _respelled(form, words)
        yield form


def _masked_row(plain: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Merged syllables of which some are masked: "đầub**i"."""
    if not has_sign(plain) or "***" in plain:  # so much stands for no letter, but sets words off
        return ()
    return split_disguised(plain, vocabulary.spells, vocabulary.linked, lambda piece: unmasked(piece, vocabulary.hidden) or piece)


def _may_be_legacy(first: Reading, words: Words) -> bool:
    """Makes it no sense in the encoding that it has? "mÊt" is no syllable, though it may be what is left of one that some term has."""
    tokens = first.text.split(" ")
    return not _ODD_STEPS.isdisjoint(first.steps) or words.odd(tokens) > 0 or any(map(is_partial, tokens))


_ODD_STEPS: Final = frozenset(("marks", "confusables"))
"""What a letter of another encoding may have been taken for: "bµ" is no "bm"."""
_ADDRESSES: Final = frozenset(("<url>", "<email>", "<mention>"))
_domain: Final = re.compile(r"(?<![^\W_])([^\W\d_]{2,7})\.[a-z]{2,6}$").search


def _sham_link(plain: str, vocabulary: Vocabulary) -> Piece | None:
    """The word before the dot of "ngu.xyz", where it is one that people hide: nobody's address, more likely."""
    match = _domain(plain)
    return (match[1], match.start(), match.end()) if match and match[1] in vocabulary.hidden else None


def _without_addresses(plain: str) -> str:
    """The plain view with marks in place of links, e-mail addresses and mentions: what is in them is no word."""
    parts: list[str] = []
    position = 0
    for token, start, end in tokenize(plain):
        parts += (plain[position:start], "." * (end - start) if token in _ADDRESSES else plain[start:end])
        position = end
    return "".join(parts) + plain[position:]


_parts: Final = re.compile(r"[\s,:;]+").split
_has_leet: Final = re.compile(r"[0-9@$!|€£+¡]").search


def _respelled(form: Reading, words: Words, hidden: bool = False) -> Iterator[Reading]:
    """The form with each of its odd words put as the dictionary has it: at most two ways; none where there is no odd word.

    Where something was undone to get the form, a hidden word may have lost its diacritics on the way: "l0n" is lồn.
    """
    tokens = form.text.split(" ")
    if len(tokens) == 1:
        token = form.text
        meant = words.hidden(token) if hidden else ""
        for text, step in [(meant, "")] if meant else words.meanings(token):
            steps = (*form.steps, step) if step and step not in form.steps else form.steps
            yield _reading(form.view, [(text, 0, len(token))], steps, form)
        return
    options = {token: words.meanings(token) for token in set(tokens) if len(token) > 1 or token > _EMOJI}
    if hidden:
        options |= {token: [(meant, "")] for token in options if (meant := words.hidden(token))}
    for number in range(max(map(len, options.values()), default=0)):
        pieces: list[Piece] = []
        undone = dict.fromkeys(form.steps)
        position = 0
        for token in tokens:
            text = token
            if option := options.get(token):
                text, step = option[min(number, len(option) - 1)]
                if step:
                    undone[step] = None
            if position:
                pieces.append((" ", position - 1, position))
            end = position + len(token)
            pieces.append((text, position, end))
            position = end + 1
        yield _reading(form.view, pieces, tuple(undone), form)


def _reading(view: View, pieces: list[Piece], steps: tuple[str, ...], form: Reading | None = None) -> Reading:
    """A guess; its bare form is worked out if it is kept."""
    return Reading("".join([piece[0] for piece in pieces]), "", steps, view, pieces, form)


def _replaced(plain: str, found: list[Piece]) -> list[Piece]:
    """The tokens of `plain` with spaces between, those in `found` replaced."""
    pieces: list[Piece] = []
    position = 0
    for piece in (*found, ("", len(plain), len(plain))):
        pieces += [(token, position + start, position + end) for token, start, end in tokenize(plain[position : piece[1]])]
        pieces.append(piece)
        position = piece[2]
    return _with_spaces(pieces[:-1])


def _with_spaces(pieces: list[Piece]) -> list[Piece]:
    spaced = pieces[:1]
    for piece in pieces[1:]:
        spaced.append((" ", spaced[-1][2], piece[1]))
        spaced.append(piece)
    return spaced
