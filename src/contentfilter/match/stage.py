"""The texts that a term may be in → their settled matches: join, match, settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from contentfilter.categories import ABUSE, Category
from contentfilter.chunks import ChunkTable, Generation

from .automaton import Spot
from .conditions import Conditions
from .join import Beside, Looked, join
from .keywords import SIGN, Company, Keywords
from .lines import Document, Line
from .patterns import Patterns
from .settle import Hit, Span, Spans, settle, settle_special, standing, tells, verify
from .shape import Shape
from .verifier import Verifier, hits_of


class Matchers(NamedTuple):
    """What texts are matched against."""

    keywords: Keywords
    patterns: Patterns
    conditions: Conditions
    address: Company
    """Company for a term whose tones are missing, where its pack asks for any."""
    verifier: Verifier
    """Of these keywords and this address."""


class Matched(NamedTuple):
    """The settled matches of a text, and what could not be looked at to the end."""

    hits: list[Hit]
    errors: tuple[str, ...] = ()


_NOTHING: Final = Matched([])
_NOBODY: Final[frozenset[Category]] = frozenset()
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
    curious = {i: document for i, document in enumerate(documents) if document is not None}
    spotted: dict[int, Matched] = {}
    if matchers.patterns:
        for i in curious:
            spotted[i] = Matched(*matchers.patterns.find(texts[i].text, texts[i].text.split(), table.analyses(generation, texts[i].ids)))
    told = [i for i in curious if not (lone_signs or (i in spotted and spotted[i].hits))]
    toxic, suspected = [texts[i].toxic for i in told], [len(texts[i].suspected) > 0 for i in told]
    answers = dict(zip(told, matchers.verifier.stand([curious[i] for i in told], toxic, suspected, table), strict=True))
    unsure = [i for i in curious if answers.get(i, False) is False]
    found = _found([curious[i] for i in unsure], [texts[i] for i in unsure], matchers, lone_signs) if unsure else iter(())
    matched = [_NOTHING] * len(texts)
    for i, document in curious.items():
        answer = answers.get(i, False)
        spots, errors = spotted.get(i, _NOTHING)
        if answer is False:
            hits = _settled(texts[i], document, next(found), spots, matchers, lone_signs)
        else:
            hits = _told(texts[i], document, answer, matchers) if isinstance(answer, tuple) else []
        if hits:
            document.let_go()
        if hits or errors:
            matched[i] = Matched(hits, errors)
    return matched


def _found(
    documents: Sequence[Document], texts: Sequence[Looked], matchers: Matchers, lone_signs: bool
) -> Iterator[list[list[Spot]]]:
    """What may stand in each line of each document."""
    lines: list[str] = []
    counts: list[int] = []
    suspected: list[int] = []
    for document, text in zip(documents, texts, strict=True):
        own = [document.line(number, True) for number in range(document.lines)]
        if text.suspected:
            suspected += range(len(lines), len(lines) + len(own))
        lines += own
        counts.append(len(own))
    found = iter(matchers.keywords.find(lines, lone_signs or bool(matchers.patterns), suspected))
    return iter([list(islice(found, count)) for count in counts])


def _told(text: Looked, document: Document, answer: tuple[list[Any], list[Any]], matchers: Matchers) -> list[Hit]:
    """The settled matches of a text, and signs of innocence where no rule found what the model suspects, from what stands in it."""
    standing_hits, standing_signs = answer
    settled = _without_small_signs(_counting(text, document, hits_of(document, standing_hits), matchers)) if standing_hits else []
    unruled = _unruled(text, settled) if standing_signs else _NOBODY
    if not unruled:
        return settled
    signs = hits_of(document, standing_signs)
    if any([hit.term.special for hit in signs]):
        signs = _holding(text, document, (), signs, (), matchers)
    return [*settled, *_speaking([hit for hit in signs if hit.term.weight < 0], unruled)]


def _settled(
    text: Looked, document: Document, found: Sequence[Sequence[Spot]], spotted: list[Hit], matchers: Matchers, lone_signs: bool
) -> list[Hit]:
    """The same from what may stand in its lines."""
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
    settled = _without_small_signs(settled)
    unruled = _unruled(text, settled)
    return [*settled, *_speaking(_innocent(text, document, held, spotted, matchers), unruled)] if unruled else settled


def _without_small_signs(hits: list[Hit]) -> list[Hit]:
    """Without what has nothing to say beside a rule's match: a weak sign of innocence takes no abuse back."""
    if not any([-SIGN < hit.term.weight < 0 for hit in hits]):
        return hits
    return [hit for hit in map(_beside_rules, hits) if hit.categories]


def _unruled(text: Looked, settled: Sequence[Hit]) -> frozenset[Category]:
    """What the model alone suspects a text of: no rule found it."""
    if not text.suspected:
        return _NOBODY  # most often
    return text.suspected.difference([category for hit in settled if hit.term.weight > 0 for category in hit.categories])


def _speaking(signs: Sequence[Hit], unruled: frozenset[Category]) -> list[Hit]:
    """The signs of innocence that speak against what the model alone suspects, settled."""
    found: list[Hit] = []
    for hit in signs:
        left = tuple([category for category in hit.categories if category in unruled])
        if left:
            found.append(Hit(hit.start, hit.end, hit.term, hit.steps, hit.missing, left, hit.line))
    acting = settle([hit for hit in found if not hit.term.trial], lone_signs=True)
    return acting + settle([hit for hit in found if hit.term.trial], lone_signs=True)


def _by_rules(
    text: Looked, document: Document, held: list[_Held], spotted: list[Hit], matchers: Matchers, lone_signs: bool
) -> list[Hit]:
    """The settled matches among what holds in the lines."""
    if lone_signs or spotted or any([hit.term.special for _, hits, _ in held for hit in hits]):
        hits = _standing(held, text.toxic, matchers.address)
    else:
        hits = _telling(held, text.toxic, matchers.address)
    return _counting(text, document, hits, matchers, held, spotted, lone_signs)


def _counting(
    text: Looked,
    document: Document,
    hits: list[Hit],
    matchers: Matchers,
    held: Sequence[_Held] = (),
    spotted: Sequence[Hit] = (),
    lone_signs: bool = False,
) -> list[Hit]:
    """Of the hits that stand, and those of patterns, those that count."""
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
    shape = Shape(text.text, document.line(0, False).split())
    return matchers.conditions.hold(hits, text.text, shape, text.logits)


def _beside_rules(hit: Hit) -> Hit:
    """A hit without the categories in which it has nothing to say."""
    if not -SIGN < hit.term.weight < 0 or ABUSE.isdisjoint(hit.categories):
        return hit
    left = tuple([category for category in hit.categories if category not in ABUSE])
    return Hit(hit.start, hit.end, hit.term, hit.steps, hit.missing, left, hit.line)


def _innocent(text: Looked, document: Document, held: Sequence[_Held], spotted: Sequence[Hit], matchers: Matchers) -> list[Hit]:
    """The signs of innocence that stand."""
    signs: list[_Held] = []
    for line, own, allowed in held:  # and what conditions speak of
        signs.append((line, [hit for hit in own if hit.term.weight < 0 or hit.term.special or not hit.categories], allowed))
    hits = _standing(signs, text.toxic, matchers.address)
    if spotted or any([hit.term.special for hit in hits]):
        hits = _holding(text, document, held, hits, spotted, matchers)
    return [hit for hit in hits if hit.term.weight < 0]


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
