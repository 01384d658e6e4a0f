"""The texts that a term may be in → their settled matches: join, match, settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from contentfilter.chunks import FRAGMENT, GUESSED, ChunkTable, Generation, fragment_runs
from contentfilter.normalize.readings import Analysis

from .keywords import SIGN, Company, Found, Keywords
from .lines import Document
from .settle import Hit, settle, standing, verify


class Looked(NamedTuple):
    """A text whose chunks were looked up: their ids, the flags of the whole, and whether the model finds it toxic."""

    text: str
    chunks: Sequence[str]
    ids: Sequence[int]
    flags: int
    toxic: bool


def match(
    texts: Sequence[Looked],
    table: ChunkTable,
    generation: Generation,
    keywords: Keywords,
    address: Company,
    lone_signs: bool = False,
) -> list[list[Hit]]:
    """The settled matches of each text; with `lone_signs` those too that count for nothing because they stand alone."""
    documents = _join(texts, table, generation)
    lines: list[str] = []
    counts: list[int] = []
    for document, text in zip(documents, texts, strict=True):
        own = document.bare_lines(text.flags & (GUESSED | FRAGMENT) > 0)
        lines += own
        counts.append(len(own))
    found = iter(keywords.find(lines, lone_signs))
    return [
        _settled(document, list(islice(found, count)), keywords, text.toxic, address, lone_signs)
        for document, text, count in zip(documents, texts, counts, strict=True)
    ]


def _settled(
    document: Document, found: Sequence[Sequence[Found]], keywords: Keywords, toxic: bool, address: Company, lone_signs: bool
) -> list[Hit]:
    held = []
    for number, spans in enumerate(found):
        if spans:
            line = document.line(number)
            hits, allowed = verify(line, spans, keywords)
            if hits:
                held.append((line, hits, allowed))
    if not lone_signs and not any([hit.term.weight >= SIGN for _, hits, _ in held for hit in hits]):
        return []
    hits = [hit for line, hits, allowed in held for hit in standing(line, hits, allowed, toxic, address)]
    return settle(hits, lone_signs) if hits else hits


def _join(texts: Sequence[Looked], table: ChunkTable, generation: Generation) -> list[Document]:
    """The texts as documents, their runs of fragments joined and looked up as one."""
    runs = [fragment_runs([generation.rows[i][0] for i in text.ids]) if text.flags & FRAGMENT else [] for text in texts]
    if not any(runs):
        return [Document(text.text, text.chunks, table.analyses(generation, text.ids)) for text in texts]
    keys = [" ".join(text.chunks[low:high]) for text, row in zip(texts, runs, strict=True) for low, high in row]
    younger, found = table.look_up(keys)
    joined = iter(table.analyses(younger, found))
    return [_document(text, table.analyses(generation, text.ids), row, joined) for text, row in zip(texts, runs, strict=True)]


def _document(text: Looked, analyses: Sequence[Analysis], runs: Sequence[tuple[int, int]], joined: Iterator[Analysis]) -> Document:
    if not runs:
        return Document(text.text, text.chunks, analyses)
    entries: list[Analysis] = []
    firsts: list[int] = []
    position = 0
    for low, high in (*runs, (len(analyses), len(analyses))):
        entries.extend(analyses[position:low])
        firsts.extend(range(position, low))
        if low < high:
            entries.append(next(joined))
            firsts.append(low)
        position = high
    return Document(text.text, text.chunks, entries, firsts)
