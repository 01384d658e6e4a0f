"""The texts that a term may be in → their settled matches: join, match, settle."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from contentfilter.chunks import FRAGMENT, GUESSED, ChunkTable, Generation

from .conditions import Conditions
from .join import Beside, Looked, join
from .keywords import Company, Found, Keywords
from .lines import Document, Line
from .patterns import Patterns
from .settle import Hit, Span, settle, settle_special, standing, tells, verify
from .shape import Shape


class Matchers(NamedTuple):
    """What texts are matched against."""

    keywords: Keywords
    patterns: Patterns
    conditions: Conditions
    address: Company
    """Company for a term whose tones are missing, where its pack asks for any."""


class Matched(NamedTuple):
    """The settled matches of a text, and what could not be looked at to the end."""

    hits: list[Hit]
    errors: tuple[str, ...] = ()


_NOTHING = Matched([])
_Held = tuple[Line, list[Hit], list[Span]]
"""A line, what holds in it of the terms of rules, and the spans of allowed phrases."""


def match(
    texts: Sequence[Looked],
    table: ChunkTable,
    generation: Generation,
    matchers: Matchers,
    beside: Beside,
    lone_signs: bool = False,
) -> list[Matched]:
    """The settled matches of each text; with `lone_signs` those too that count for nothing because they stand alone."""
    documents = join(texts, table, generation, beside)
    lines: list[str] = []
    counts: list[int] = []
    for document, text in zip(documents, texts, strict=True):
        own = document.bare_lines(text.flags & (GUESSED | FRAGMENT) > 0) if document else ()
        lines += own
        counts.append(len(own))
    found = iter(matchers.keywords.find(lines, lone_signs or bool(matchers.patterns)))
    matched: list[Matched] = []
    for document, text, count in zip(documents, texts, counts, strict=True):
        own_found = list(islice(found, count))
        if document is None:
            matched.append(_NOTHING)
            continue
        spotted, errors = (
            matchers.patterns.find(text.text, text.text.split(), table.analyses(generation, text.ids)) if matchers.patterns else _NOTHING
        )
        matched.append(Matched(_settled(text, document, own_found, spotted, matchers, lone_signs), errors))
    return matched


def _settled(
    text: Looked, document: Document, found: Sequence[Sequence[Found]], spotted: list[Hit], matchers: Matchers, lone_signs: bool
) -> list[Hit]:
    lines = [(Line(document, number), spans) for number, spans in enumerate(found) if spans]
    whatever = lone_signs or bool(spotted)
    if not whatever and not any([tells(line, spans, matchers.keywords) for line, spans in lines]):
        return []
    held: list[_Held] = []
    special = False
    for line, spans in lines:
        hits, allowed = verify(line, spans, matchers.keywords)
        if hits or spotted:
            held.append((line, hits, allowed))
            special = special or any([hit.term.special for hit in hits])
    if not (whatever or special):
        held = _worth_settling(held, text.toxic, matchers.address)
    hits = _standing(held, text.toxic, matchers.address)
    if spotted:
        innocent = [line.place(*span) for line, _, allowed in held for span in allowed]
        hits += [hit for hit in spotted if not any(start <= hit.start and hit.end <= end for start, end, _ in innocent)]
    if any([hit.term.special for hit in hits]):
        shape = Shape(text.text, Line(document, 0).text.split())
        return settle_special(matchers.conditions.hold(hits, text.text, shape, text.logits), lone_signs)
    return settle(hits, lone_signs) if hits else hits


def _standing(held: Sequence[_Held], toxic: bool, address: Company) -> list[Hit]:
    return [hit for line, hits, allowed in held if hits for hit in standing(line, hits, allowed, toxic, address)]


def _worth_settling(held: list[_Held], toxic: bool, address: Company) -> list[_Held]:
    """What may come to count: hits that are more than signs, and signs of their categories; nothing where none of the former stands.

    A long text is full of signs, and most of them would be weighed in vain.
    """
    firm = [(line, [hit for hit in hits if hit.term.telling], allowed) for line, hits, allowed in held]
    if all([len(telling) == len(hits) for (_, telling, _), (_, hits, _) in zip(firm, held, strict=True)]):
        return held
    spoken = {category for hit in _standing(firm, toxic, address) for category in hit.categories}
    if not spoken:
        return []
    return [
        (line, [hit for hit in hits if hit.term.telling or not spoken.isdisjoint(hit.categories)], allowed) for line, hits, allowed in held
    ]
