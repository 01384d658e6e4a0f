"""The texts that a term may be in → their settled matches: join, match, settle."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final, NamedTuple

from contentfilter.categories import ABUSE, Category
from contentfilter.chunks import FRAGMENT, GUESSED, ChunkTable, Generation

from .conditions import Conditions
from .join import Beside, Looked, join
from .keywords import SIGN, Company, Found, Keywords
from .lines import Document, Line
from .patterns import Patterns
from .settle import Hit, Span, Spans, settle, settle_special, standing, tells, verify
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


_NOTHING: Final = Matched([])
_TOGETHER: Final = 64
"""Texts that are matched together: few enough that what is made for them is still in the processor's nearest cache when it is done with."""
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
    matched: list[Matched] = []
    for low in range(0, len(texts), _TOGETHER):
        matched += _match(texts[low : low + _TOGETHER], table, generation, matchers, beside, lone_signs)
    return matched


def _match(
    texts: Sequence[Looked], table: ChunkTable, generation: Generation, matchers: Matchers, beside: Beside, lone_signs: bool
) -> list[Matched]:
    documents = join(texts, table, generation, beside)
    lines: list[str] = []
    counts: list[int] = []
    suspected: list[int] = []
    for document, text in zip(documents, texts, strict=True):
        own = document.bare_lines(text.flags & (GUESSED | FRAGMENT) > 0) if document else ()
        if text.suspected:
            suspected += range(len(lines), len(lines) + len(own))
        lines += own
        counts.append(len(own))
    found = iter(matchers.keywords.find(lines, lone_signs or bool(matchers.patterns), suspected))
    matched: list[Matched] = []
    for document, text, count in zip(documents, texts, counts, strict=True):
        own_found = list(islice(found, count))
        if document is None:
            matched.append(_NOTHING)
            continue
        spotted, errors = (
            matchers.patterns.find(text.text, text.text.split(), table.analyses(generation, text.ids)) if matchers.patterns else _NOTHING
        )
        hits = _settled(text, document, own_found, spotted, matchers, lone_signs)
        if hits:
            document.let_go()
        matched.append(Matched(hits, errors))
    return matched


def _settled(
    text: Looked, document: Document, found: Sequence[Sequence[Found]], spotted: list[Hit], matchers: Matchers, lone_signs: bool
) -> list[Hit]:
    lines = [(Line(document, number), spans) for number, spans in enumerate(found) if spans]
    whatever = lone_signs or bool(spotted)
    telling = whatever or any([tells(line, spans, matchers.keywords) for line, spans in lines])
    if not telling and not text.suspected:
        return []
    held: list[_Held] = []
    for line, spans in lines:
        asked = spans if telling else [span for span in spans if matchers.keywords.innocent[span[2]]]
        hits, allowed = verify(line, asked, matchers.keywords)
        if hits or spotted:
            held.append((line, hits, allowed))
    settled = _by_rules(text, document, held, spotted, matchers, lone_signs) if telling else []
    if lone_signs:
        return settled
    if any([-SIGN < hit.term.weight < 0 for hit in settled]):
        settled = [hit for hit in map(_beside_rules, settled) if hit.categories]
    unruled = text.suspected.difference([category for hit in settled if hit.term.weight > 0 for category in hit.categories])
    return settled + _innocent(text, document, held, spotted, matchers, unruled) if unruled else settled


def _by_rules(
    text: Looked, document: Document, held: list[_Held], spotted: list[Hit], matchers: Matchers, lone_signs: bool
) -> list[Hit]:
    """The settled matches among what holds in the lines."""
    if lone_signs or spotted or any([hit.term.special for _, hits, _ in held for hit in hits]):
        hits = _standing(held, text.toxic, matchers.address)
    else:
        hits = _telling(held, text.toxic, matchers.address)
    if spotted or any([hit.term.special or not hit.categories for hit in hits]):  # what only conditions speak of is no match
        return settle_special(_holding(text, document, held, hits, spotted, matchers), lone_signs)
    return settle(hits, lone_signs) if hits else hits


def _holding(
    text: Looked, document: Document, held: Sequence[_Held], hits: list[Hit], spotted: Sequence[Hit], matchers: Matchers
) -> list[Hit]:
    """The hits that stand, and those of patterns that no allowed phrase swallows, of which the conditions hold."""
    if spotted:
        innocent = Spans([line.place(*span)[:2] for line, _, allowed in held for span in allowed])
        hits += [hit for hit in spotted if not innocent.swallow(hit)]
    shape = Shape(text.text, Line(document, 0).text.split())
    return matchers.conditions.hold(hits, text.text, shape, text.logits)


def _beside_rules(hit: Hit) -> Hit:
    """A hit without the categories in which it has nothing to say beside a rule's: a weak sign of innocence takes no abuse back."""
    if not -SIGN < hit.term.weight < 0 or ABUSE.isdisjoint(hit.categories):
        return hit
    left = tuple([category for category in hit.categories if category not in ABUSE])
    return Hit(hit.start, hit.end, hit.term, hit.steps, hit.missing, left, hit.line)


def _innocent(
    text: Looked, document: Document, held: Sequence[_Held], spotted: Sequence[Hit], matchers: Matchers, categories: frozenset[Category]
) -> list[Hit]:
    """The signs of innocence in these categories: where no rule found anything, they speak against what the model alone suspects."""
    signs: list[_Held] = []
    for line, own, allowed in held:  # and what conditions speak of
        signs.append((line, [hit for hit in own if hit.term.weight < 0 or hit.term.special or not hit.categories], allowed))
    hits = _standing(signs, text.toxic, matchers.address)
    if spotted or any([hit.term.special for hit in hits]):
        hits = _holding(text, document, held, hits, spotted, matchers)
    found: list[Hit] = []
    for hit in hits:
        left = tuple([category for category in hit.categories if category in categories]) if hit.term.weight < 0 else ()
        if left:
            found.append(Hit(hit.start, hit.end, hit.term, hit.steps, hit.missing, left, hit.line))
    acting = settle([hit for hit in found if not hit.term.trial], lone_signs=True)
    return acting + settle([hit for hit in found if hit.term.trial], lone_signs=True)


def _standing(held: Sequence[_Held], toxic: bool, address: Company) -> list[Hit]:
    return [hit for line, hits, allowed in held if hits for hit in standing(line, hits, allowed, toxic, address)]


def _telling(held: Sequence[_Held], toxic: bool, address: Company) -> list[Hit]:
    """What stands and may come to count: hits that are more than signs, and signs of their categories; nothing where none of the former
    stands.

    A long text is full of signs, and most of them would be weighed in vain.
    """
    hits: list[Hit] = []
    firm: list[list[Hit]] = []
    for line, own, allowed in held:
        standing_here = standing(line, [hit for hit in own if hit.term.telling], allowed, toxic, address)
        firm.append(standing_here)
        hits += standing_here
    spoken = {category for hit in hits for category in hit.categories}
    if not spoken:
        return hits
    for (line, own, allowed), besides in zip(held, firm, strict=True):
        signs = [hit for hit in own if not hit.term.telling and not spoken.isdisjoint(hit.categories)]
        if signs:
            hits += standing(line, signs, allowed, toxic, address, besides)
    return hits
