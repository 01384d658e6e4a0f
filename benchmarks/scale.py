"""How cost grows: with terms, rules, the length of a text, the size of a batch, the number of processes.

Seconds against size are a line in a chart with two logarithmic axes; its slope, fitted over the three largest sizes, is the
exponent: 1 where twice the size costs twice as much. What has more than `LIMIT` fails.
"""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from random import Random
from typing import Final

import click
from alone import alone, processes
from corpora import Corpus, load
from expected import Expected
from grown import turn, with_rules, with_terms
from settings import Settings
from warm import check_filter, warm_filter, whole

from contentfilter import ContentFilter
from contentfilter.bench import Row, corpus_facts

LIMIT: Final = 1.15
"""1, and some room for noise and for sorting."""

_TERMS: Final = (100, 1_000, 10_000, 100_000, 1_000_000)
_RULES: Final = (10, 100, 1_000, 10_000)
_LENGTHS: Final = (10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
_BATCHES: Final = (1, 10, 100, 1_000, 10_000, 100_000)
_QUICK: Final = 2
"""Sizes a series, where only the run itself is tried."""
_LONGEST: Final = 10.0
"""Seconds after which a series is not led further."""
_TURN: Final = 2.0
"""Seconds that processes work at the same time."""

Measured = Iterator[tuple[int, Row]]


def measure(settings: Settings, expected: Expected) -> Row:
    """Everything, as plain values."""
    corpora = load(settings.data, settings.quick)
    check_filter(corpora["comments"], expected)
    rows: list[Row] = []
    exponents: dict[str, float] = {}
    failures: list[str] = []
    for name, points in series(corpora, settings.quick):
        before = time.process_time()
        found: list[tuple[int, float]] = []
        for size, figures in points:
            rows.append({"series": name, "size": size, **figures})
            found.append((size, figures["seconds"]))
            click.echo(f"{name}, {size:,}: {figures['seconds']:.3g} s", err=True)  # a run takes minutes
            if figures["seconds"] > _LONGEST or time.process_time() - before > 3 * _LONGEST:
                break
        if len(found) > 1:
            exponents[name] = exponent(found)
        if exponents.get(name, 0) > LIMIT and not settings.quick:
            failures.append(f"{name}: grows with the power {exponents[name]:.2f} of the size, expected at most {LIMIT}")
    return {
        "corpora": [corpus_facts("comments", corpora["comments"].texts)],
        "settings": {"limit": LIMIT, "longest_seconds": _LONGEST},
        "summary": rows,
        "exponents": exponents,
        "failures": failures,
    }


def exponent(points: Sequence[tuple[int, float]]) -> float:
    """The slope of log seconds over log size, by least squares, of the three largest sizes.

    >>> round(exponent([(1, 5.0), (10, 1.0), (100, 100.0), (1000, 10000.0)]), 6)
    2.0
    """
    sizes, seconds = ([math.log(value) for value in column] for column in zip(*points[-3:], strict=True))
    return statistics.linear_regression(sizes, seconds).slope


def series(corpora: dict[str, Corpus], quick: bool) -> Iterator[tuple[str, Measured]]:
    """Each series' name and its points, measured one by one as they are asked for."""
    comments = corpora["comments"]

    def some(sizes: Sequence[int]) -> Sequence[int]:
        return sizes[:_QUICK] if quick else sizes

    yield "terms: build", ((size, alone(with_terms, size, comments)) for size in some(_TERMS))
    yield "rules: build", ((size, alone(with_rules, size, comments)) for size in some(_RULES))
    made = ContentFilter(max_characters=2 * _LENGTHS[-1], max_matches=_LENGTHS[-1])
    made.classify_batch(comments.seen)
    for shape, text in shapes(comments, corpora["abusive comments"]).items():
        yield f"length: {shape}", ((size, {"seconds": least(made, lambda size=size, text=text: [text(size)])}) for size in some(_LENGTHS))
    made = warm_filter(comments)
    yield "batch", ((size, {"seconds": least(made, lambda size=size: tiled(comments.texts, size))}) for size in some(_BATCHES))
    yield "processes", ((size, together(size, comments, 0.1 if quick else _TURN)) for size in range(1, (os.cpu_count() or 1) + 1))


def shapes(comments: Corpus, abusive: Corpus) -> dict[str, Callable[[int], str]]:
    """How a text of so many characters is made; but for the comments, another one each time, which no filter has seen."""
    chance = Random(1)
    letters = "abcdeghiklmnopqrstuvxyăâđêôơư"
    turn_by_turn = cycle(letters)
    return {
        "comments": lambda size: filled(comments.texts, size),
        "abusive comments": lambda size: filled(abusive.texts, size),
        "one chunk": lambda size: "".join(chance.choices(letters, k=size)),
        "one letter": lambda size: next(turn_by_turn) * size,
        "single letters": lambda size: " ".join(chance.choices(letters, k=size // 2)),
        "never-seen chunks": lambda size: filled(["".join(chance.choices(letters, k=6)) for _ in range(size // 7 + 1)], size),
    }


def filled(texts: Sequence[str], size: int) -> str:
    """Texts joined and repeated to so many characters."""
    joined = " ".join(texts) + " "
    return (joined * (size // len(joined) + 1))[:size]


def tiled(texts: Sequence[str], size: int) -> list[str]:
    """Texts repeated to so many."""
    return (list(texts) * (size // len(texts) + 1))[:size]


def least(made: ContentFilter, new: Callable[[], list[str]]) -> float:
    """The least seconds of a call of `classify_batch`; short ones are repeated, with new texts.

    Raises `ContentFilterError` where the filter gave a text up.
    """
    best, spent = math.inf, 0.0
    for _ in range(20):
        texts = new()
        start = time.process_time()
        results = made.classify_batch(texts)
        seconds = time.process_time() - start
        whole(results)
        best, spent = min(best, seconds), spent + seconds
        if spent > 1:
            break
    return best


def together(number: int, comments: Corpus, seconds: float) -> Row:
    """So many processes at the same time, a filter each: seconds by the clock for 10,000 texts in each, and the rate of all."""
    with processes(number) as pool:
        list(pool.map(turn, [comments] * number, [0.0] * number))  # all have started and are warm
        rates = list(pool.map(turn, [comments] * number, [seconds] * number))
    return {"seconds": 10_000 * number / sum(rates), "texts/s": sum(rates)}
