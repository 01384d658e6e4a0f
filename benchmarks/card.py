"""The figures of the shipped model's card, and its calibration plot: the whole filter, word lists included.

    python benchmarks/card.py --data DIR [--picture docs/calibration.svg]

Attacks: on each labelled dev set the area under the ROC curve, the expected calibration error (ten bins of equal width, the distance
between mean score and share of attacks weighed by texts) and on ViHOS the two figures of spans. The score is the largest of profanity,
insult, hate, threat and sexual. Other harms: `tests/cases/unseen.csv`, messages written after packs and texts of our own were settled
and never learned from. Clean text: the share flagged in each register, by category.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click
import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from accuracy import span_scores
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table
from sklearn.metrics import roc_auc_score

from contentfilter import ContentFilter
from contentfilter.categories import ABUSE
from contentfilter.result import Result
from contentfilter.training.datasets import rows

UNSEEN: Final = Path(__file__).parents[1] / "tests" / "cases" / "unseen.csv"
BINS: Final = 10

mpl.rcParams["svg.hashsalt"] = "contentfilter"  # the same figures make the same file
mpl.rcParams["svg.fonttype"] = "none"

Floats = npt.NDArray[np.float64]


class Bin(NamedTuple):
    """Texts whose scores are in one bin: how many, their mean score, and the share that are attacks."""

    texts: int
    score: float
    share: float


def reliability(scores: Floats, attacks: npt.NDArray[np.bool_]) -> list[Bin]:
    """The bins that have texts, from scores in [0, 1] and labels, (n,) each."""
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    filled = [place == i for i in range(BINS) if (place == i).any()]
    return [Bin(int(inside.sum()), float(scores[inside].mean()), float(attacks[inside].mean())) for inside in filled]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error of Naeini, Cooper and Hauskrecht (2015)."""
    return sum(found.texts * abs(found.score - found.share) for found in bins) / sum(found.texts for found in bins)


def labelled(data: Path) -> dict[str, tuple[list[str], npt.NDArray[np.bool_]]]:
    """The labelled dev sets: texts, and which are attacks. Of ViHSD the rows that the model did not learn from, and that are once there."""
    vihsd = list(rows(data / "vihsd" / "dev.csv", ("text", "label", "seen_in_train", "seen_in_vihos")))
    vihsd = [row for row in vihsd if row["seen_in_vihos"] == row["seen_in_train"] == "0"]
    vihos = list(rows(data / "vihos" / "dev.csv", ("text", "spans")))
    safesense = list(rows(data / "safesense" / "dev.csv", ("text", "label")))
    return {
        "ViHSD, rows not seen in training": ([row["text"] for row in vihsd], np.array([row["label"] != "0" for row in vihsd])),
        "ViHOS": ([row["text"] for row in vihos], np.array([row["spans"] != "[]" for row in vihos])),
        "SafeSense": ([row["text"] for row in safesense], np.array([row["label"] != "0" for row in safesense])),
    }


def attacks(made: ContentFilter, data: Path, console: Console) -> dict[str, list[Bin]]:
    """Show the figures of each labelled set, and return its bins."""
    table = Table("dev set", "texts", "attacks", "AUC", "calibration error", "clean flagged", "attacks flagged", box=None)
    found: dict[str, list[Bin]] = {}
    for name, (texts, labels) in labelled(data).items():
        results = made.classify_batch(texts)
        scores = np.array([max(result.scores[category] for category in ABUSE) for result in results])
        flagged = np.array([result.flagged for result in results])
        found[name] = reliability(scores, labels)
        figures = (roc_auc_score(labels, scores), calibration_error(found[name]), flagged[~labels].mean(), flagged[labels].mean())
        table.add_row(name, f"{len(texts):,}", f"{labels.mean():.1%}", *(f"{figure:.3f}" for figure in figures))
        if name == "ViHOS":
            spans = _spans(data, results)
    console.print(table)
    console.print("Spans on ViHOS:", ", ".join(f"{name} {figure:.3f}" for name, figure in spans.items()))
    return found


def _spans(data: Path, results: Sequence[Result]) -> dict[str, float]:
    truth = [json.loads(row["spans"]) for row in rows(data / "vihos" / "dev.csv", ("spans",))]
    given = [[(match.start, match.end) for match in result.matches if match.category in ABUSE] for result in results]
    return span_scores([len(result.text) for result in results], truth, given)


def messages(made: ContentFilter, console: Console) -> None:
    """Show how many of the unseen messages of each harm are held, and how many innocent ones."""
    with UNSEEN.open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    table = Table("messages", "held", "of", box=None)
    results = made.classify_batch(case["text"] for case in cases)
    held = Counter(case["category"] for case, result in zip(cases, results, strict=True) if result.flagged)
    for category, count in Counter(case["category"] for case in cases).items():
        table.add_row(category or "innocent", str(held[category]), str(count))
    console.print(table)


def clean(made: ContentFilter, data: Path, console: Console) -> None:
    """Show of each register of clean text the share flagged, and for what."""
    texts, labels = labelled(data)["ViHSD, rows not seen in training"]
    registers = {
        "news headlines": [row["title"] for row in rows(data / "news" / "clean.csv", ("title",))],
        "news leads": [row["lead"] for row in rows(data / "news" / "clean.csv", ("lead",))],
        "shop reviews": [row["text"] for row in rows(data / "reviews" / "unlabelled.csv", ("text",))],
        "comments labelled clean (ViHSD)": [text for text, attack in zip(texts, labels, strict=True) if not attack],
    }
    table = Table("clean text", "texts", "flagged", "for", box=None)
    for name, found in registers.items():
        flagged = [result for result in made.classify_batch(found) if result.flagged]
        counts = Counter(category.value for result in flagged for category, score in result.scores.items() if score >= 0.5)
        told = ", ".join(f"{category} {count}" for category, count in counts.most_common())
        table.add_row(name, f"{len(found):,}", f"{len(flagged) / len(found):.2%}", told)
    console.print(table)


def draw(found: dict[str, list[Bin]], path: Path) -> None:
    """The calibration plot: share of attacks over mean score, a line a set, the area of a dot by its texts."""
    figure = Figure(figsize=(6, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8, linestyle="dashed")
    for name, bins in found.items():
        (line,) = axes.plot([each.score for each in bins], [each.share for each in bins], label=f"{name}: {calibration_error(bins):.3f}")
        axes.scatter(
            [each.score for each in bins], [each.share for each in bins], s=[each.texts / 4 + 8 for each in bins], color=line.get_color()
        )
    axes.set_xlabel("mean score of a bin")
    axes.set_ylabel("share of attacks in it")
    axes.legend(title="expected calibration error", fontsize=8)
    axes.grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None})


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="The folder of the data sets.")
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="Draw the calibration plot into this SVG file.")
def main(data: Path, picture: Path | None) -> None:
    """Measure what the card of the shipped model tells."""
    made, console = ContentFilter(), Console(width=160)
    found = attacks(made, data, console)
    messages(made, console)
    clean(made, data, console)
    if picture is not None:
        draw(found, picture)


if __name__ == "__main__":
    main()
