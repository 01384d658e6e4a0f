"""What rules are worth, and weights that fit: on a few texts where it can be counted by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from making import filter_of, rule

from contentfilter import Category, ContentFilter, DataError
from contentfilter.evaluation.cost import MOST, _with_referred, costs
from contentfilter.evaluation.fit import _newton, fit
from contentfilter.evaluation.labelled import Labelled, read_labelled
from contentfilter.evaluation.measure import changes, measure
from contentfilter.files.sources import Source
from contentfilter.rules.schema import Condition

INSULT, CLEAN = frozenset((Category.INSULT,)), frozenset[Category]()


def labelled(*rows: tuple[str, frozenset[Category] | None]) -> list[Labelled]:
    return [Labelled(number, text, harms) for number, (text, harms) in enumerate(rows, start=1)]


@pytest.fixture(scope="module")
def two() -> ContentFilter:
    return filter_of(
        rule("insult.strong", "hồ lô"), rule("insult.weak", "bầu bí", weight=3.0), rule("insult.sign", "mướp đắng", weight=1.5)
    )


def test_what_rules_did(two: ContentFilter) -> None:
    found = measure(
        two,
        labelled(
            ("hồ lô", INSULT), ("hồ lô bầu bí", INSULT), ("hồ lô", CLEAN), ("bầu bí mướp đắng", INSULT), ("bầu bí", CLEAN),
            ("mướp đắng", CLEAN), ("trời đẹp", INSULT), ("hồ lô", None),
        ),
    )  # fmt: skip
    assert (found.documents, found.labelled, found.clean) == (8, 7, 3)
    assert (found.flagged_harmful, found.flagged_clean) == (3, 1)
    strong, weak, sign = (found.rules[f"insult.{name}"] for name in ("strong", "weak", "sign"))
    assert (strong.hits, strong.right, strong.wrong, strong.decisive) == (4, 2, 1, 4)
    assert (weak.hits, weak.right, weak.wrong, weak.decisive) == (3, 2, 1, 2)
    assert (sign.hits, sign.right, sign.wrong, sign.decisive) == (1, 1, 0, 1)  # alone it counts for nothing
    assert strong.beside == {"insult.weak": 1}
    told = found.rows(two)["insult.strong"]
    assert (told["precision"], told["recall"]) == (2 / 3, 2 / 4)
    assert strong.texts == ["hồ lô", "hồ lô bầu bí", "hồ lô", "hồ lô"]


def test_a_rule_is_timed_alone_with_what_it_speaks_of(monkeypatch: pytest.MonkeyPatch) -> None:
    condition = Condition("near", (Condition("rule", text="part.*"), Condition("term", text="bí")), within=9)
    contentfilter = filter_of(
        rule("insult.light", "hồ lô"),
        replace(rule("part.gourd", "bầu"), status="part"),
        replace(rule("insult.heavy"), when=condition),
        rule("insult.other", "mướp"),
    )
    assert _with_referred(contentfilter.rules, "insult.heavy") == {"insult.heavy", "part.gourd"}
    assert _with_referred(contentfilter.rules, "insult.light") == {"insult.light"}

    def counted(timed: ContentFilter, texts: list[str]) -> float:
        assert len(texts) == MOST
        return sum(len(result.matches) for result in timed.classify_batch(texts)) * 1e-6

    monkeypatch.setattr("contentfilter.evaluation.cost._seconds", counted)
    took = costs(contentfilter, {"insult.light": ["hồ lô, mướp"], "insult.heavy": ["hồ lô, bầu và bí", "mướp bí bầu"]})
    assert took == pytest.approx({"insult.light": 1e-6, "insult.heavy": 2e-6})


def test_time_is_measured_and_never_negative(two: ContentFilter) -> None:
    took = costs(two, {"insult.strong": ["hồ lô " * 50]})
    assert list(took) == ["insult.strong"]
    assert 0 <= took["insult.strong"] < 60


def test_changes(two: ContentFilter) -> None:
    new = filter_of(rule("insult.strong", "hồ lô", weight=8.0), rule("insult.weak", "bầu bí", weight=3.0))
    found = list(changes(two, new, labelled(("hồ lô", None), ("bầu bí", None), ("trời đẹp", None))))
    assert [(document.text, before.action, after.action) for document, before, after in found] == [("hồ lô", "review", "block")]


LABELS = [
    ("clean", CLEAN),
    ("0", CLEAN),
    ("", CLEAN),
    ("insult", INSULT),
    ("Insult, scam", INSULT | {Category.SCAM}),
    ("1", frozenset(Category)),
]


@pytest.mark.parametrize(("label", "harms"), LABELS)
def test_labels(tmp_path: Path, label: str, harms: frozenset[Category]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'text,label\nhồ lô,"{label}"\n', encoding="utf-8")
    assert list(read_labelled(Source(path), "label")) == [Labelled(1, "hồ lô", harms)]
    assert list(read_labelled(Source(path), None)) == [Labelled(1, "hồ lô", None)]


def test_an_unknown_label_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text,label\nx7,hồ lô,rude\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.csv: document x7: label 'rude', expected a category"):
        list(read_labelled(Source(path), "label"))


def test_weights_follow_the_texts(two: ContentFilter) -> None:
    texts = labelled(*[("hồ lô", CLEAN)] * 30, *[("bầu bí", INSULT)] * 30, ("trời đẹp", CLEAN), ("hồ lô", None))
    refits = {one.rule: one for one in fit(two, texts, strength=1.0)}
    assert refits["insult.strong"].after < refits["insult.strong"].before == 5.0
    assert refits["insult.weak"].after > refits["insult.weak"].before == 3.0
    assert "insult.sign" not in refits
    assert refits["insult.strong"].documents == 30
    firm = {one.rule: one for one in fit(two, texts, strength=1000.0)}
    assert firm["insult.strong"].after > refits["insult.strong"].after


def test_what_is_more_than_a_sign_stays_so(two: ContentFilter) -> None:
    (refit,) = fit(two, labelled(*[("hồ lô", CLEAN)] * 1000), strength=0.1)
    assert refit.after == 2.0


def test_nothing_to_learn_from(two: ContentFilter) -> None:
    assert fit(two, labelled(("trời đẹp", CLEAN), ("hồ lô", None)), strength=1.0) == []


def test_the_minimum_has_no_slope() -> None:
    random = np.random.default_rng(7)
    spoke = (random.random((200, 5)) < 0.4).astype(float)
    offsets, truths = random.normal(size=200), (random.random(200) < 0.5).astype(float)
    at = _newton(spoke, offsets, truths, 2.0)
    chances = 1 / (1 + np.exp(-(offsets + spoke @ at)))
    assert np.abs(spoke.T @ (chances - truths) + 2.0 * at).max() < 1e-4
