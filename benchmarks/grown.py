"""What a new interpreter does for scale.py: a filter with many terms or rules, a filter beside others. It loads nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from alone import resident
from corpora import Corpus
from warm import warm_filter

from contentfilter import ContentFilter
from contentfilter.bench import Row, time_batches
from contentfilter.normalize.syllables import BASES


def with_terms(size: int, comments: Corpus) -> Row:
    """A filter with so many terms more: seconds to build it, its memory in MB, and its rate on comments when warm."""
    chance, syllables = Random(1), sorted(BASES)
    terms: set[str] = set()
    while len(terms) < size:
        terms.add(" ".join(chance.choices(syllables, k=3)))
    ordered = sorted(terms)
    made = ContentFilter()
    return _built(lambda: made.with_terms("spam", ordered), comments)


def with_rules(size: int, comments: Corpus) -> Row:
    """The same with a pack of so many rules, of one term each."""
    chance, syllables = Random(1), sorted(BASES)
    rules = [
        f"  - id: many.r{number}\n    describe: {{vi: Luật {number}, en: Rule {number}}}\n    severity: 1\n    weight: 5\n"
        f"    origin: judgement\n    terms: ['{term}']\n    examples: {{match: ['{term}'], pass: ['xin chào']}}\n"
        for number, term in ((number, f"{' '.join(chance.choices(syllables, k=3))} r{number}") for number in range(size))
    ]
    with TemporaryDirectory() as folder:
        pack = Path(folder) / "many.yaml"
        pack.write_text(
            "name: many\nversion: 1.0.0\nlanguage: vi\ncategory: spam\nrules:\n" + "".join(rules),
            encoding="utf-8",
        )
        return _built(lambda: ContentFilter(packs=[pack]), comments)


def _built(build: Callable[[], ContentFilter], comments: Corpus) -> Row:
    before, start = resident(), time.process_time()
    made = build()
    seconds = time.process_time() - start
    made.classify_batch(comments.seen)
    return {"seconds": seconds, "MB": resident() - before, "texts/s": time_batches(made, comments.texts).rate}


def turn(comments: Corpus, seconds: float) -> float:
    """Texts a second by the clock of the wall, over so many seconds."""
    if not _made:
        _made.append(warm_filter(comments))
        _made[0].classify_batch(comments.texts)
    texts, start = 0, time.perf_counter()
    while True:
        texts += len(_made[0].classify_batch(comments.texts))
        if time.perf_counter() - start >= seconds:
            return texts / (time.perf_counter() - start)


_made: list[ContentFilter] = []
"""This process' filter."""
