"""Whoever it is aimed at: one sentence, many targets, one judgement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
import texts

from contentfilter import ContentFilter
from contentfilter.categories import ABUSE
from contentfilter.training.datasets import targets


class Template(NamedTuple):
    """A sentence with a place for its target, the targets, whether it is abuse, and whether training pressed no such names together."""

    text: str
    targets: tuple[str, ...]
    harm: bool
    held_out: bool

    def filled(self) -> list[str]:
        return [self.text.replace("{}", target) for target in self.targets]


def templates() -> Iterator[Template]:
    targets: tuple[str, ...] = ()
    held_out = False
    for line in texts.lines("targets.txt"):
        if line.startswith("="):
            section, _, names = line.partition("|")
            held_out = "held out" in section
            targets = tuple(target.strip() for target in names.split(","))
        else:
            kind, _, text = line.partition("\t")
            assert kind in ("pass", "harm"), line
            yield Template(text, targets, kind == "harm", held_out)


TEMPLATES = list(templates())


def test_there_are_many() -> None:
    assert sum(len(template.targets) for template in TEMPLATES) >= 300


def test_names_held_out_are_not_those_of_training() -> None:
    listed = {word for line in targets() for word in line}
    names = {target for template in TEMPLATES if template.held_out for target in template.targets}
    assert [name for name in names if listed.issuperset(name.lower().split())] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=[template.text for template in TEMPLATES])
def test_every_target_is_judged_alike(shipped: ContentFilter, template: Template) -> None:
    results = shipped.classify_batch(template.filled())
    assert [result.text for result in results if result.flagged is not template.harm] == []


def test_most_scores_hardly_depend_on_the_target(shipped: ContentFilter) -> None:
    """A floor against regression: asked for is that no two scores of a template differ by more than .05."""
    wide = []
    for template in TEMPLATES:
        scores = [result.scores for result in shipped.classify_batch(template.filled())]
        spread = max(max(score[category] for score in scores) - min(score[category] for score in scores) for category in ABUSE)
        if spread > 0.05:
            wide.append(f"{spread:.2f} {template.text}")
    assert len(wide) <= 0.13 * len(TEMPLATES), "\n".join(wide)
