"""The texts that a term may be in → their settled matches: join, match, settle."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from contentfilter.chunks import FRAGMENT, GUESSED, ChunkTable, Generation

from .join import Beside, Looked, join
from .keywords import SIGN, Company, Found, Keywords
from .lines import Document, Line
from .settle import Hit, settle, standing, verify


def match(
    texts: Sequence[Looked],
    table: ChunkTable,
    generation: Generation,
    keywords: Keywords,
    address: Company,
    beside: Beside,
    lone_signs: bool = False,
) -> list[list[Hit]]:
    """The settled matches of each text; with `lone_signs` those too that count for nothing because they stand alone."""
    documents = join(texts, table, generation, beside)
    lines: list[str] = []
    counts: list[int] = []
    for document, text in zip(documents, texts, strict=True):
        own = document.bare_lines(text.flags & (GUESSED | FRAGMENT) > 0) if document else ()
        lines += own
        counts.append(len(own))
    found = iter(keywords.find(lines, lone_signs))
    return [
        _settled(document, list(islice(found, count)), keywords, text.toxic, address, lone_signs) if document else []
        for document, text, count in zip(documents, texts, counts, strict=True)
    ]


def _settled(
    document: Document, found: Sequence[Sequence[Found]], keywords: Keywords, toxic: bool, address: Company, lone_signs: bool
) -> list[Hit]:
    held = []
    for number, spans in enumerate(found):
        if spans:
            line = Line(document, number)
            hits, allowed = verify(line, spans, keywords)
            if hits:
                held.append((line, hits, allowed))
    if not lone_signs and not any([hit.term.weight >= SIGN for _, hits, _ in held for hit in hits]):
        return []
    hits = [hit for line, hits, allowed in held for hit in standing(line, hits, allowed, toxic, address)]
    return settle(hits, lone_signs) if hits else hits
