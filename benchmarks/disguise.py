"""How well the filter sees through disguises, and what each undoing costs on clean text.

    python benchmarks/disguise.py [--data DIR] [--json OUT]

Comments with marked spans (ViHOS' format: `text`, and `spans` as a JSON list of half-open ranges) are judged, then judged again with
those spans disguised: by each class of `disguises.py` at each of its strengths, and by a hundred random pairs of classes. Of the comments
flagged undisguised, "flagged" is the share that still is, and "overlaps" the share of these, among those with a match on a marked
span before, that still have one. A disguise that changes nothing in a comment is not counted there. Below the means stand the strengths
of each class.

Without --data the comments are a small set of the project's own, and nothing is said of false alarms. DIR has the folders of the data
sets: then the comments are ViHOS' (its test half where it is there, else dev), and two more tables are made: what is flagged of clean
text with everything on and with each step off, and how many of ViLexNorm's tokens that differ from the standard form become equal to it.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import permutations
from pathlib import Path
from random import Random
from time import process_time
from typing import Any, NamedTuple

import click
from disguise_judges import Judge, Judgement, Spans, judges_of
from disguises import DISGUISES, Disguise, may_combine
from rich.console import Console
from rich.table import Table

from contentfilter import ContentFilter
from contentfilter.chunks import Analyser, ChunkTable
from contentfilter.explain import STEP_NAMES
from contentfilter.normalize import readings
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.offsets import View
from contentfilter.normalize.readings import Analysis, analyse
from contentfilter.normalize.vocabulary import Vocabulary
from contentfilter.normalize.words import Words
from contentfilter.rules.compile import canonical
from contentfilter.training.datasets import rows

OWN = Path(__file__).with_name("disguise_sample.csv")
PAIRS = 100
SEED = 1


class Comment(NamedTuple):
    """A text and the spans that it was marked for."""

    text: str
    spans: Spans


def disguised(comment: Comment, disguise: Disguise, random: Random) -> Comment:
    """The comment with its spans disguised, and where they are now."""
    parts: list[str] = []
    spans: Spans = []
    position = length = 0
    for start, end in sorted(comment.spans):
        if start < position:
            continue
        before, hidden = comment.text[position:start], disguise(comment.text[start:end], random)
        spans.append((length + len(before), length + len(before) + len(hidden)))
        parts += [before, hidden]
        length += len(before) + len(hidden)
        position = end
    return Comment("".join(parts) + comment.text[position:], spans)


def overlap(judgement: Judgement, spans: Spans) -> bool:
    """Is any matched span on one of these?"""
    return any(start < last and first < end for start, end in judgement.matched for first, last in spans)


class Tally(NamedTuple):
    """Counts of comments under one disguise."""

    disguised: int
    flagged: int
    spanned: int
    overlapping: int


def tally(judge: Judge, comments: Sequence[Comment], before: Sequence[Judgement], disguise: Disguise, random: Random) -> Tally:
    """What happens to comments that were flagged, when disguised."""
    changed = [(disguised(comment, disguise, random), comment, judged) for comment, judged in zip(comments, before, strict=True)]
    changed = [row for row in changed if row[0].text != row[1].text]
    after = judge([new.text for new, _, _ in changed])
    spanned = [(new, judged) for (new, old, first), judged in zip(changed, after, strict=True) if overlap(first, old.spans)]
    return Tally(
        len(changed),
        sum(judged.flagged for judged in after),
        len(spanned),
        sum(overlap(judged, new.spans) for new, judged in spanned),
    )


def figures_of(tallies: Sequence[Tally]) -> dict[str, float]:
    """Shares over several tallies."""
    changed, flagged, spanned, overlapping = (sum(column) for column in zip(*tallies, strict=True))
    return {
        "disguised": changed,
        "flagged": flagged / changed if changed else 1.0,
        "overlaps": overlapping / spanned if spanned else math.nan,
    }


def measure_disguises(judge: Judge, comments: Sequence[Comment]) -> dict[str, dict[str, float]]:
    """Class → its figures; those of the means over classes and over pairs of them; and "class, n" → those of its nth strength."""
    judged = judge([comment.text for comment in comments])
    flagged = [(comment, judgement) for comment, judgement in zip(comments, judged, strict=True) if judgement.flagged]
    known, before = [comment for comment, _ in flagged], [judgement for _, judgement in flagged]
    figures: dict[str, dict[str, float]] = {}
    strengths: dict[str, dict[str, float]] = {}
    for name, disguises in DISGUISES.items():
        tallies = [tally(judge, known, before, disguise, Random(SEED)) for disguise in disguises]
        figures[name] = figures_of(tallies)
        if len(tallies) > 1:
            strengths |= {f"{name}, {strength}": figures_of([one]) for strength, one in enumerate(tallies, 1)}
    random = Random(SEED)
    names = sorted(DISGUISES)
    pairs = random.sample([pair for pair in permutations(names, 2) if may_combine(*pair)], PAIRS)
    every = [figures_of([tally(judge, known, before, _both(pair, random), random)]) for pair in pairs]
    means = {"mean over classes": _mean(list(figures.values())), "mean over pairs of classes": _mean(every)}
    return figures | means | strengths


def _mean(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    told = [row for row in rows if row["disguised"]]
    overlaps = [row["overlaps"] for row in told if not math.isnan(row["overlaps"])]
    return {
        "disguised": sum(row["disguised"] for row in told),
        "flagged": sum(row["flagged"] for row in told) / len(told),
        "overlaps": sum(overlaps) / len(overlaps) if overlaps else math.nan,
    }


def _both(pair: Sequence[str], random: Random) -> Disguise:
    first, second = (random.choice(DISGUISES[name]) for name in pair)
    return lambda text, chance: second(first(text, chance), chance)


# --- what an undoing costs ---


def without(made: ContentFilter, steps: frozenset[str]) -> ContentFilter:
    """A filter that finds nothing by way of any of these steps; what it reads of a chunk it reads without them."""
    _, lists, *_ = made._state
    if "toneless" in steps:  # told by the terms, as the spelled letters and spoonerisms are that stay on
        strict = [replace(rule, terms=tuple(term._replace(toneless="never") for term in rule.terms)) for rule in lists.rules]
        lists = replace(lists, rules=tuple(strict), vocabulary=None)
    other = made._with(lists)
    vocabulary = other._rules.vocabulary
    if "toneless" in steps:  # nor is a text restored
        vocabulary = replace(vocabulary, dropped=frozenset())
    analyser = other._reader.table._analyser

    def blind(chunk: str) -> Analysis:
        """As `readings.analyse`, but for the steps."""
        first, word, suspicious = readings.as_written(chunk, vocabulary)
        words = Words(vocabulary)
        guesses = readings.every_guess(chunk, first, words) if suspicious else ()
        left = [guess for guess in guesses if steps.isdisjoint(guess.steps)]
        if not steps.isdisjoint(first.steps):  # the model reads what stands there, and no term does
            hidden = "\N{OBJECT REPLACEMENT CHARACTER}" * len(chunk)
            first, word = readings.Reading(hidden, hidden, first.steps, View(chunk.lower())), ""
        return readings.among(chunk, first, word, left, words)

    table = ChunkTable(Analyser(blind, analyser.score, analyser.heads), 1 << 16)
    other._reader.table = table
    other._scales = replace(other._scales, table=table)
    return other


def measure_false_alarms(made: ContentFilter, data: Path) -> dict[str, dict[str, float]]:
    """Step that is off → corpus → share of clean texts flagged."""
    news = [row[part] for row in rows(data / "news" / "clean.csv", ("title", "lead")) for part in ("title", "lead")]
    reviews = [row["text"] for row in rows(data / "reviews" / "unlabelled.csv", ("text",))]
    vihsd = rows(_half(data / "vihsd"), ("text", "label"))
    clean = [row["text"] for row in vihsd if row["label"] == "0" and "1" not in (row.get("seen_in_train"), row.get("seen_in_vihos"))]
    corpora = {"news": news, "reviews": reviews, "ViHSD clean, unseen": clean}
    steps = [step for step in STEP_NAMES["vi"] if step not in ("spelled letters", "spoonerism")]
    filters = {"none": frozenset[str](), **{step: frozenset((step,)) for step in steps}, "all": frozenset(steps)}
    return {
        name: {
            corpus: sum(result.flagged for result in without(made, off).classify_batch(texts)) / len(texts)
            for corpus, texts in corpora.items()
        }
        for name, off in filters.items()
    }


def measure_throughput(made: ContentFilter, texts: Sequence[str]) -> dict[str, float]:
    """Warm texts a second of processor time with every step on and with none, and the ratio: the best of five turns each, taken in turn."""
    filters = {"everything on": made, "everything off": without(made, frozenset(STEP_NAMES["vi"]))}
    best = dict.fromkeys(filters, 0.0)
    for turn in range(6):
        for name, judged in filters.items():
            start = process_time()
            judged.classify_batch(texts)
            if turn:  # the first warms the table
                best[name] = max(best[name], len(texts) / (process_time() - start))
    return best | {"ratio": best["everything on"] / best["everything off"]}


# --- normalisation ---


def measure_normalisation(data: Path) -> dict[str, float]:
    """Of ViLexNorm's differing tokens, the share whose readings hold the standard form, with tones and without."""
    every = list(rows(_half(data / "vilexnorm"), ("original", "normalized")))
    pairs = [pair for row in every for pair in _differing(row["original"].split(), row["normalized"].split())]
    standard = frozenset(token for row in every for token in canonical(row["normalized"]).split())
    vocabulary = _knowing(standard)
    equal = toneless = 0
    for original, normalized in pairs:
        wanted = canonical(normalized)
        found = {reading.text for reading in analyse(original, vocabulary).readings}
        equal += wanted in found
        toneless += bare(wanted) in map(bare, found)
    return {"tokens": len(pairs), "equal": equal / len(pairs), "equal without diacritics": toneless / len(pairs)}


def _knowing(tokens: frozenset[str]) -> Vocabulary:
    return replace(ContentFilter()._rules.vocabulary, tokens=tokens, bare_tokens=frozenset(map(bare, tokens)))


def _differing(original: list[str], normalized: list[str]) -> Iterable[tuple[str, str]]:
    for kind, low, high, first, last in SequenceMatcher(None, original, normalized, autojunk=False).get_opcodes():
        if kind == "replace" and high - low == last - first:
            yield from zip(original[low:high], normalized[first:last], strict=True)
        elif kind == "replace" and high - low == 1:
            yield original[low], " ".join(normalized[first:last])


def _half(folder: Path) -> Path:
    test = folder / "test.csv"
    return test if test.exists() else folder / "dev.csv"


def comments_of(path: Path) -> list[Comment]:
    """Comments with at least one span."""
    with path.open(encoding="utf-8", newline="") as file:
        every = [Comment(row["text"], [(start, end) for start, end in json.loads(row["spans"])]) for row in csv.DictReader(file)]
    return [comment for comment in every if comment.spans]


def show(console: Console, record: dict[str, Any]) -> None:
    """The tables."""
    systems = record["disguises"]
    table = Table("disguise", "comments", *(column for name in systems for column in (f"{name}: flagged", "overlaps")), box=None)
    for name in next(iter(systems.values())):
        told = [figures[name][key] for figures in systems.values() for key in ("flagged", "overlaps")]
        cells = ["–" if math.isnan(share) else f"{share:.3f}" for share in told]
        table.add_row(name, f"{next(iter(systems.values()))[name]['disguised']:,.0f}", *cells)
    console.print(table)
    if "false_alarms" in record:
        corpora = [*record["false_alarms"]["none"]]
        table = Table("step off", *(f"{corpus}: flagged" for corpus in corpora), box=None)
        for step, shares in record["false_alarms"].items():
            table.add_row(step, *(f"{shares[corpus]:.2%}" for corpus in corpora))
        console.print(table)
    if "throughput" in record:
        console.print("Texts a second, warm:", record["throughput"])
    if "normalisation" in record:
        console.print("ViLexNorm, tokens that differ from the standard form:", record["normalisation"])


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The folder of the data sets.")
@click.option("--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures to this file.")
@click.option("--quick", is_flag=True, help="The disguises alone, without the peers.")
def main(data: Path | None, out: Path | None, quick: bool) -> None:
    """Measure what the filter sees through."""
    made = ContentFilter()
    comments = comments_of(_half(data / "vihos") if data else OWN)
    judges = judges_of(made, peers=not quick)
    record: dict[str, Any] = {
        "comments": len(comments),
        "disguises": {name: measure_disguises(judge, comments) for name, judge in judges.items()},
    }
    if data is not None and not quick:
        record["false_alarms"] = measure_false_alarms(made, data)
        record["throughput"] = measure_throughput(made, [row["text"] for row in rows(_half(data / "vihsd"), ("text",))])
        record["normalisation"] = measure_normalisation(data)
    show(Console(width=140), record)
    if out is not None:
        record = json.loads(json.dumps(record), parse_constant=lambda _: None)  # JSON has no NaN
        out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
