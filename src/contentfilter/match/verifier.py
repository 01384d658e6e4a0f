"""What stands in texts of the terms that their lines may hold, told by the kernel; the long way to the same answer, for a text in which
more than the letters matters or where nothing was compiled, is in `stage` and `settle`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from contentfilter.categories import CATEGORIES
from contentfilter.chunks import ChunkTable
from contentfilter.kernel import KERNEL

from .keywords import Company, Held, Keywords
from .lines import Document, Line
from .settle import Hit, are_among_tones, on_word_borders

_REMEMBERED: Final = 1 << 15
"""Terms as they are written of which it is remembered what holds, and windows of lines of which it is what was asked of them: beyond so
many all are forgotten."""
_BITS: Final = {category: 1 << place for place, category in enumerate(CATEGORIES)}
TELLING, NEGATIVE, SPECIAL, SEGMENT, ABUSIVE, AMONG, ADDRESSED, DROPPED, PARTIAL, PLAIN, SILENT = (1 << place for place in range(11))
"""What the kernel is told of a term that holds, as in c/held.h."""

Answer = tuple[list[Any], list[Any]] | bool | None
"""What stands in a text: its matches and the signs of innocence, for `hits_of`; None where nothing does, False where the kernel can't tell.
True, which nobody else sees, where it must be told something first."""


class Verifier:
    """Immutable, but for what it remembers of terms as they are written."""

    def __init__(self, keywords: Keywords, address: Company) -> None:
        self._keywords = keywords
        self._kernel: Any = KERNEL and KERNEL.Verifier(keywords.automaton, keywords.telling, keywords.innocent)
        self._companies: dict[int, int] = {}
        self._address = self._company(address) if self._kernel else -1

    def stand(self, documents: Sequence[Document], toxic: list[bool], suspected: list[bool], table: ChunkTable) -> list[Answer]:
        """What stands in each document; `toxic` and `suspected` tell what the model finds each text, and whether it would flag it."""
        answers: list[Answer] = [False] * len(documents)
        if not self._kernel:
            return answers
        self._kernel.forget(_REMEMBERED)
        together: dict[int, list[int]] = {}
        for i, document in enumerate(documents):
            together.setdefault(id(document.looked_up[0]), []).append(i)
        for places in together.values():
            generation = documents[places[0]].looked_up[0]
            while places:  # what was told may have been forgotten for another thread
                texts = [documents[i].looked_up[1] for i in places]
                found, chunks, terms, windows = self._kernel.stand(
                    generation.forms, texts, [toxic[i] for i in places], [suspected[i] for i in places], self._address
                )
                for i, answer in zip(places, found, strict=True):
                    answers[i] = answer
                for i in chunks:
                    table.analysis(generation, i)
                for number, written in dict.fromkeys(terms):
                    held, allowed = self._keywords.held(number, written)
                    self._kernel.tell(number, written, allowed, [self._row(one) for one in held])
                for question, window, before, inside in dict.fromkeys(windows):
                    ask = are_among_tones if question else on_word_borders
                    self._kernel.answer(question, window, before, inside, ask(window.split(), before, inside))
                places = [i for i in places if answers[i] is True]
        return answers

    def _row(self, held: Held) -> tuple[Any, ...]:
        term = held.term
        flags = (
            TELLING * term.telling
            | NEGATIVE * (term.weight < 0)
            | SPECIAL * term.special
            | SEGMENT * term.segment
            | ABUSIVE * term.abusive
            | AMONG * (term.toneless == "among")
            | ADDRESSED * (term.toneless == "company")
            | DROPPED * held.dropped
            | PARTIAL * (term.place != "whole")
            | PLAIN * (not term.disguised)
            | SILENT * (not term.categories)
        )
        company = self._company(term.company) if term.company is not None else -1
        return term, held.steps, held.missing, company, term.within, sum([_BITS[category] for category in term.categories]), flags

    def _company(self, company: Company) -> int:
        number = self._companies.get(id(company))  # the terms keep it
        if number is None:
            phrases, bare_phrases = (list(chain.from_iterable(found.values())) for found in (company.phrases, company.bare_phrases))
            lists = list(company.words), phrases, list(company.bare_words), bare_phrases
            number = self._companies[id(company)] = self._kernel.company(*lists, company.abuse, company.model)
        return number


def hits_of(document: Document, flat: list[Any]) -> list[Hit]:
    """Hits from what the kernel tells: of each the line, start, end, term, steps and missing syllables."""
    lines: dict[int, Line] = {}
    hits: list[Hit] = []
    for i in range(0, len(flat), 6):
        number: int = flat[i]
        line = lines.get(number)
        if line is None:
            line = lines[number] = Line(document, number)
        term = flat[i + 3]
        hits.append(Hit(flat[i + 1], flat[i + 2], term, flat[i + 4], flat[i + 5], term.categories, line))
    return hits
