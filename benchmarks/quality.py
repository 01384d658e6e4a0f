"""The shipped filter on labelled data: how well it ranks, how often it bothers clean text.

    python benchmarks/quality.py --data DIR [--json OUT]

DIR has the folders of the data sets (`vihsd/dev.csv`, `vihos/dev.csv`, `safesense/dev.csv`, `news/clean.csv`, `reviews/unlabelled.csv`).
Rows that stand in what the shipped model learned from are left out: ViHSD's dev rows that ViHOS has. The news, which the model has
seen, are judged once more by models trained without the outlet in question (three trainings, some minutes). "Toxic" is the largest
of the scores of profanity, insult, hate, threat and sexual; the area under the ROC curve is that of toxic against clean rows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.metrics import roc_auc_score

from contentfilter import ContentFilter
from contentfilter.categories import ABUSE
from contentfilter.model.store import save
from contentfilter.training.datasets import rows
from contentfilter.training.recipe import SHIPPED, train

Figures = dict[str, float | int | str]


def judge(made: ContentFilter, name: str, texts: Sequence[str], toxic: Sequence[bool]) -> Figures:
    """One row of the table: texts, shares of clean and of toxic ones flagged, and the area under the curve where both are there."""
    results = made.classify_batch(texts)
    scores = np.array([max(result.scores[category] for category in ABUSE) for result in results])
    flagged = np.array([result.flagged for result in results])
    labels = np.array(toxic, dtype=bool)
    figures: Figures = {"corpus": name, "texts": len(texts), "clean_flagged": float(flagged[~labels].mean())}
    if labels.any():
        figures["toxic_flagged"] = float(flagged[labels].mean())
        figures["auc"] = float(roc_auc_score(labels, scores))
    return figures


def measure(data: Path) -> list[Figures]:
    """All rows of the table, with the default filter."""
    made = ContentFilter()
    vihsd = list(rows(data / "vihsd" / "dev.csv", ("text", "label", "seen_in_train", "seen_in_vihos")))
    unseen = [row for row in vihsd if row["seen_in_vihos"] == "0" and row["seen_in_train"] == "0"]
    vihos = list(rows(data / "vihos" / "dev.csv", ("text", "spans")))
    safesense = list(rows(data / "safesense" / "dev.csv", ("text", "label")))
    news = [row[part] for row in rows(data / "news" / "clean.csv", ("title", "lead")) for part in ("title", "lead")]
    reviews = [row["text"] for row in rows(data / "reviews" / "unlabelled.csv", ("text",))]
    return [
        judge(made, "ViHSD dev, rows not seen in training", [r["text"] for r in unseen], [r["label"] != "0" for r in unseen]),
        judge(made, "ViHOS dev", [r["text"] for r in vihos], [r["spans"] != "[]" for r in vihos]),
        judge(made, "SafeSense dev", [r["text"] for r in safesense], [r["label"] != "0" for r in safesense]),
        judge(made, "news headlines and leads (learned as clean)", news, [False] * len(news)),
        unseen_news(data),
        judge(made, "shop reviews (half learned as clean)", reviews, [False] * len(reviews)),
    ]


def unseen_news(data: Path) -> Figures:
    """Headlines and leads of each outlet, judged with a model that did not learn from that outlet."""
    flagged = texts = 0
    with TemporaryDirectory() as folder:
        for outlet in sorted({row["source"] for row in rows(data / "news" / "clean.csv", ("source",))}):
            path = Path(folder) / f"{outlet}.safetensors"
            save(train(data, without_outlet=outlet), path, SHIPPED.sources)
            found = [row for row in rows(data / "news" / "clean.csv", ("source", "title", "lead")) if row["source"] == outlet]
            results = ContentFilter(model=path).classify_batch(row[part] for row in found for part in ("title", "lead"))
            flagged += sum(result.flagged for result in results)
            texts += len(results)
    return {"corpus": "news of an outlet left out of training, each in turn", "texts": texts, "clean_flagged": flagged / texts}


def show(console: Console, figures: Sequence[Figures]) -> None:
    """The table."""
    table = Table("corpus", "texts", "clean flagged", "toxic flagged", "AUC", box=None)
    for row in figures:
        toxic = f"{row['toxic_flagged']:.1%}" if "toxic_flagged" in row else ""
        auc = f"{row['auc']:.3f}" if "auc" in row else ""
        table.add_row(str(row["corpus"]), f"{row['texts']:,}", f"{row['clean_flagged']:.2%}", toxic, auc)
    console.print(table)


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="The folder of the data sets.")
@click.option("--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures to this file.")
def main(data: Path, out: Path | None) -> None:
    """Measure the shipped filter on labelled data."""
    figures = measure(data)
    show(Console(width=110), figures)
    if out is not None:
        out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
