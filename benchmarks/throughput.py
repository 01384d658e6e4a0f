"""Texts a second on one core: the library on every corpus, beside the glue, its parts and the peers, in one run.

Figures from two runs, or two machines, do not compare; ratios within a run do. So all systems take turns in every repetition,
and a ratio is that of two figures of the same repetition. What the library's figures mean, since it remembers chunks:

- cold: a new filter (its construction not counted) meets 10,000 comments of the kind that others warm up on;
- warm: a filter that has judged the corpus' other texts meets these, each once;
- known: it has judged these too.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any, Final

from corpora import Corpus, load
from expected import Expected
from settings import Settings
from stages import stage_shares
from systems import GLUE, SCAN, System, load_glue, parts, peers
from warm import check_filter, new_filter, warm_filter

from contentfilter import ContentFilter
from contentfilter.bench import BATCH, Row, corpus_facts, digest, spread, time_batches, time_calls, versions

SIZES: Final = (1, 4, 16, 64, 256, 1024, 4096)
_COLD: Final = 10_000
_LEAST: Final = 10_000
"""Texts of a measurement where all chunks are known: the same ones come again."""

Rates = dict[str, dict[str, list[float]]]
"""Corpus → system → texts a second, by repetition."""


def measure(settings: Settings, expected: Expected) -> Row:
    """Everything, as plain values."""
    made = ContentFilter()
    glue = load_glue(made)
    corpora = load(settings.data, settings.quick)
    own = parts(made, glue)
    elsewhere = [system for system in own if system.name in (GLUE, SCAN)]
    rates: Rates = {name: {} for name in corpora}
    with peers(made) as (installed, absent):
        compared = {name: [*own, *installed] if name == "comments" else elsewhere for name in corpora}
        for corpus in corpora.values():
            check_filter(corpus, expected)
            check_systems(corpus, compared[corpus.name], expected)
        for _ in settings.repetitions():
            for corpus in corpora.values():
                for system, rate in repetition(corpus, compared[corpus.name], settings.quick):
                    rates[corpus.name].setdefault(system, []).append(rate)
    sizes = {corpus.name: statistics.mean(len(text.encode("utf-8", "replace")) for text in corpus.texts) for corpus in corpora.values()}
    return {
        "corpora": [corpus_facts(corpus.name, corpus.texts) for corpus in corpora.values()],
        "settings": {"batch": BATCH, "cold_texts": min(_COLD, len(corpora["comments"].seen)), "terms": glue.terms, "threads": 1},
        "summary": [row for name, found in rates.items() for row in summary(name, found, sizes[name])],
        "against_clean": against_clean(rates),
        "stages": stage_shares(settings.data, settings.quick),
        "systems": {system.name: system.version for system in (*own, *installed)},
        "absent": {system.name: system.why for system in absent},
        "failures": [],
    }


def check_systems(corpus: Corpus, systems: Iterable[System], expected: Expected) -> None:
    """The other systems judge as they did."""
    packs = versions()["packs_sha256"]
    for system in systems:
        sample = corpus.sample(system.most)
        found, _ = system.run(sample)
        expected.check(f"{system.name} / {corpus.name}", (digest(sample), system.version, packs), {"found": found})


def repetition(corpus: Corpus, systems: Iterable[System], quick: bool) -> Iterable[tuple[str, float]]:
    """Each system once, and its texts a second; where it is not `quick`, what is soon done is done more than once."""
    least = 1 if quick else _LEAST
    for system in systems:
        sample = corpus.sample(system.most)
        sample = sample * ceil(min(system.most, least) / len(sample))
        _, seconds = system.run(sample)
        yield system.name, len(sample) / seconds
    whole = corpus.name == "comments"
    if whole:
        yield f"classify_batch, {BATCH:,} a call, cold", time_batches(new_filter(), corpus.seen[:_COLD]).rate
    for size in SIZES if whole and not quick else (BATCH,):
        made = warm_filter(corpus)
        yield f"classify_batch, {size:,} a call, warm", time_batches(made, corpus.texts, size).rate
    many = corpus.texts if corpus.name == "articles" else corpus.texts * ceil(least / len(corpus.texts))
    yield f"classify_batch, {BATCH:,} a call, known", time_batches(made, many).rate
    if whole:
        yield "classify, warm", time_calls(warm_filter(corpus).classify, corpus.texts).rate
        yield "classify, known", time_calls(made.classify, corpus.texts).rate


def summary(corpus: str, rates: dict[str, list[float]], size: float) -> list[Row]:
    """For each system texts and megabytes a second, and the ratios to the glue and the raw scan in the same repetition."""
    return [
        {
            "system": system,
            "corpus": corpus,
            "texts/s": spread(found),
            "MB/s": statistics.median(found) * size / 1e6,
            "glue = 1": _ratio(found, rates[GLUE]),
            "raw scan = 1": _ratio(found, rates[SCAN]),
        }
        for system, found in rates.items()
    ]


def _ratio(rates: Sequence[float], others: Sequence[float]) -> dict[str, float]:
    return spread([rate / other for rate, other in zip(rates, others, strict=True)])


def against_clean(rates: Rates) -> dict[str, Any]:
    """The warm rate on each corpus of comments, that on clean ones being 1."""
    system = f"classify_batch, {BATCH:,} a call, warm"
    clean = rates["clean comments"][system]
    return {name: _ratio(found[system], clean) for name, found in rates.items() if name.endswith("comments")}
