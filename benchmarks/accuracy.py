"""The research recipes on published data sets, by the protocols of the papers.

    python benchmarks/accuracy.py --data DIR [--dataset NAME] [--seeds N] [--json OUT]

Each recipe learns labels from the set's own `train.csv` alone and chooses its thresholds by cross-validation there; it is measured on
`dev.csv`, and on `test.csv` where DIR has one. Its networks first read the training halves of all sets, the news and the shop reviews,
without any label and without the texts of any set that are measured on. All is done twice, with other
folds and networks, and the mean of what both say counts. All of that is trained anew for each seed: a figure is the mean over the
seeds, with the standard deviation behind it. Reading takes eight minutes of one core for each seed, a recipe five to nine more.
Nothing of this is in the shipped model. The metrics:

- ViHSD (arXiv 2103.11528): macro-F1 of three classes, on all rows, and on those whose text is not in train.
- ViHOS (arXiv 2301.10186): for each comment the macro-F1 of its characters' labels (those present), and their mean; and the F1 of
  all comments' characters pooled.
- ViCTSD (arXiv 2103.10069): macro-F1 of toxic or not; reads the article's title and topic too.
- ViSpamReviews (arXiv 2207.14636): macro-F1 of spam or not, and of the four kinds; reads the rating too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.metrics import f1_score

from contentfilter.training.datasets import rows
from contentfilter.training.language import read_on
from contentfilter.training.network import WIDTH, Parameters
from contentfilter.training.opinions import Opinions, grouped, words_of
from contentfilter.training.stacked import Facts, Judges, Lines, Views, best_offsets, counts, held_out
from contentfilter.training.tagger import Judged, Span, Tagger, read, token_labels

Row = dict[str, str]
Split = list[Row]
Words = list[list[str]]
"""Texts without labels, word by word."""
Rounds = Sequence[tuple[int, Parameters]]
"""The seed of each training, and what its networks begin with."""
Scores = dict[str, float]
Measured = dict[str, Scores]
"""Split → metric → figure."""

_LEAST = [(text, token) for text in (0.5, 0.55, 0.6, 0.65) for token in (0.4, 0.45, 0.5)]
"""Thresholds of ViHOS that are tried: how likely a text must be an attack, and a token its part."""
_ROUNDS = 2
"""Trainings whose mean counts, each with folds, networks and reading of its own."""


def labelled(
    splits: dict[str, Split],
    targets: dict[str, Callable[[Row], int]],
    finest: str,
    facts: Callable[[Row], Facts],
    rounds: Rounds,
) -> Measured:
    """Train on texts; lines and networks learn the finest of the targets, and each target is decided from what all rounds say."""
    train = splits["train"]
    views = Views()
    texts = {split: [row["text"] for row in found] for split, found in splits.items()}
    known = {split: [facts(row) for row in found] for split, found in splits.items()}
    values = {"train": views.learn(texts["train"], known["train"])}
    values |= {split: views.values(texts[split], known[split]) for split in splits if split != "train"}
    labels = {name: np.array([target(row) for row in train]) for name, target in targets.items()}
    logs: dict[str, list[dict[str, Any]]] = {name: [] for name in targets}
    for seed, start in rounds:
        lines = Lines(values["train"], labels[finest], seed)
        opinions = Opinions(texts["train"], known["train"], labels[finest], seed, start)
        told = {"train": (held_out(values["train"], labels[finest], seed), opinions.held_out)}
        told |= {split: (lines.logits(values[split]), opinions.logs(texts[split], known[split])) for split in splits if split != "train"}
        for name, coarse in labels.items():
            groups = dict(zip(labels[finest].tolist(), coarse.tolist(), strict=True))
            inputs = {split: np.hstack([line, grouped(heard, groups), counts(texts[split])]) for split, (line, heard) in told.items()}
            judges = Judges(inputs["train"], coarse, seed)
            logs[name].append({split: judges.held_out if split == "train" else judges.logs(inputs[split]) for split in splits})
    learned = set(texts["train"])
    measured: Measured = {split: {} for split in splits if split != "train"}
    for name, target in targets.items():
        mean = {split: np.mean([each[split] for each in logs[name]], axis=0) for split in splits}
        offsets = best_offsets(mean["train"], labels[name])
        for split, figures in measured.items():
            truth = np.array([target(row) for row in splits[split]])
            found_labels = (mean[split] + offsets).argmax(axis=1)
            unseen = np.array([text not in learned for text in texts[split]])
            figures[f"{name}macro-F1"] = f1_score(truth, found_labels, average="macro")
            figures[f"{name}macro-F1, unseen rows"] = f1_score(truth[unseen], found_labels[unseen], average="macro")
    return measured


def vihsd(splits: dict[str, Split], rounds: Rounds) -> Measured:
    return labelled(splits, {"": lambda row: int(row["label"])}, "", lambda _: {}, rounds)


def victsd(splits: dict[str, Split], rounds: Rounds) -> Measured:
    def facts(row: Row) -> Facts:
        title = row["title"].casefold().split()
        parts = [*title, *(f"{one} {other}" for one, other in pairwise(title))]
        return {f"topic {row['topic']}": 0.5} | {f"title {part}": 1 / np.sqrt(len(parts)) for part in parts}

    return labelled(splits, {"": lambda row: int(row["toxic"])}, "", facts, rounds)


def vispam(splits: dict[str, Split], rounds: Rounds) -> Measured:
    targets = {"binary ": lambda row: int(row["spam_type"] != "0"), "four kinds ": lambda row: int(row["spam_type"])}
    return labelled(splits, targets, "four kinds ", lambda row: {f"rating {row['rating']}": 0.5}, rounds)


def vihos(splits: dict[str, Split], rounds: Rounds) -> Measured:
    views = Views()
    spans = {split: [[(low, high) for low, high in json.loads(row["spans"])] for row in found] for split, found in splits.items()}
    toxic = np.array([int(bool(marked)) for marked in spans["train"]])
    texts = {split: [row["text"] for row in found] for split, found in splits.items()}
    values = {"train": views.learn(texts["train"], [{}] * len(toxic))}
    values |= {split: views.values(texts[split], [{}] * len(texts[split])) for split in splits if split != "train"}
    told: dict[str, list[Judged]] = {split: [] for split in splits}
    for seed, start in rounds:
        lines = Lines(values["train"], toxic, seed)
        logits = {split: lines.logits(values[split]) for split in splits} | {"train": held_out(values["train"], toxic, seed)}
        known = {split: read(texts[split], logits[split][:, 0]) for split in splits}
        tagger = Tagger(known["train"], token_labels(known["train"], spans["train"]), seed, start)
        for split in splits:
            told[split].append(tagger.told if split == "train" else tagger.judge(known[split]))

    def figures(split: str, least: tuple[float, float]) -> Scores:
        found = Judged.mean(told[split]).marked(known[split], least)
        return span_scores([len(text) for text in texts[split]], spans[split], found)

    best = max(_LEAST, key=lambda least: figures("train", least)["macro-F1 of a comment's characters"])
    return {split: figures(split, best) for split in splits if split != "train"}


def span_scores(lengths: Sequence[int], truth: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]]) -> Scores:
    """The two figures of ViHOS, from half-open spans of texts of these lengths."""
    each, pooled = [], np.zeros(3)
    for length, wanted, given in zip(lengths, truth, found, strict=True):
        one, other = _painted(length, wanted), _painted(length, given)
        both, only_given, only_wanted = (int(mask.sum()) for mask in (one & other, ~one & other, one & ~other))
        wrong = only_given + only_wanted
        present = [(both, both + wrong), (length - both - wrong, length - both)]
        each.append(np.mean([2 * right / (right + any_) for right, any_ in present if any_]) if length else 1.0)
        pooled += both, only_given, only_wanted
    return {
        "macro-F1 of a comment's characters": float(np.mean(each)),
        "pooled F1 of characters": float(2 * pooled[0] / max(2 * pooled[0] + pooled[1] + pooled[2], 1)),
    }


def _painted(length: int, spans: Sequence[Span]) -> np.ndarray:
    mask = np.zeros(length, dtype=bool)
    for start, end in spans:
        mask[start:end] = True
    return mask


UNLABELLED = {
    "vihsd/train": ("text",),
    "vihos/train": ("text",),
    "victsd/train": ("text",),
    "safesense/train": ("text",),
    "vispam/train": ("text",),
    "news/clean": ("title", "lead"),
    "reviews/unlabelled": ("text",),
}
"""Files whose texts networks read before they learn, and the columns that have them."""

RECIPES: dict[str, tuple[Callable[[dict[str, Split], Rounds], Measured], tuple[str, ...]]] = {
    "vihsd": (vihsd, ("text", "label")),
    "vihos": (vihos, ("text", "spans")),
    "victsd": (victsd, ("text", "title", "topic", "toxic")),
    "vispam": (vispam, ("text", "rating", "spam_type")),
}
"""Data set → its recipe, and the columns that it reads."""


def unlabelled(data: Path) -> Words:
    """The distinct texts of the sets that DIR has, but those of any set that are measured on: sets share texts."""
    measured = [path for name in RECIPES for path in sorted((data / name).glob("*.csv")) if path.stem != "train"]
    known = {tuple(words_of(row["text"])) for path in measured for row in rows(path, ("text",))}
    texts: Words = []
    present = [(data / f"{file}.csv", columns) for file, columns in UNLABELLED.items() if (data / f"{file}.csv").exists()]
    for path, columns in present:
        for row in rows(path, columns):
            for words in (words_of(row[column]) for column in columns):
                if tuple(words) not in known:
                    known.add(tuple(words))
                    texts.append(words)
    return texts


def measure(data: Path, name: str, seeds: Sequence[Rounds]) -> list[dict[str, str | float]]:
    """A row for each split and metric of a data set: mean and standard deviation over the seeds, each with its rounds."""
    recipe, columns = RECIPES[name]
    present = [split for split in ("train", "dev", "test") if split != "test" or (data / name / "test.csv").exists()]
    splits = {split: list(rows(data / name / f"{split}.csv", columns)) for split in present}
    runs = [recipe(splits, rounds) for rounds in seeds]
    table: list[dict[str, str | float]] = []
    for split, figures in runs[0].items():
        for metric in figures:
            found = [run[split][metric] for run in runs]
            row = {"dataset": name, "split": split, "rows": len(splits[split]), "seeds": len(seeds), "metric": metric}
            table.append(row | {"mean": float(np.mean(found)), "sd": float(np.std(found))})
    return table


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="The folder of the data sets.")
@click.option("--dataset", type=click.Choice(list(RECIPES)), help="Only this one.")
@click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, help="How often each recipe is trained.")
@click.option("--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures to this file.")
def main(data: Path, dataset: str | None, seeds: int, out: Path | None) -> None:
    """Measure the research recipes."""
    spoken = unlabelled(data)
    print(f"networks first read {len(spoken):,} texts")
    starts = [(seed, read_on(spoken, WIDTH, seed)) for seed in range(seeds * _ROUNDS)]
    rounds = [starts[low : low + _ROUNDS] for low in range(0, len(starts), _ROUNDS)]
    figures = [row for name in ([dataset] if dataset else RECIPES) for row in measure(data, name, rounds)]
    table = Table("data set", "split", "rows", "seeds", "metric", "mean", "sd", box=None)
    for row in figures:
        table.add_row(*(f"{row[key]}" for key in ("dataset", "split", "rows", "seeds", "metric")), f"{row['mean']:.4f}", f"{row['sd']:.4f}")
    Console(width=110).print(table)
    if out is not None:
        out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
