"""The pieces of the recipes that have an answer one can write down."""

from __future__ import annotations

import numpy as np
import pytest

from contentfilter.training.datasets import Labelled, innocent, targets
from contentfilter.training.recipe import _platt, _swaps
from contentfilter.training.stacked import Judges, best_offsets, counts, fit_line, macro_f1, rules_alone
from contentfilter.training.tagger import Judged, Tagger, read, spans_of, token_labels


def test_offsets_find_a_class_that_no_score_puts_first() -> None:
    labels = np.array([0] * 8 + [1] * 2)
    scores = np.array([[0.0, -1.5]] * 8 + [[0.0, -0.5]] * 2)
    assert ((scores + best_offsets(scores, labels)).argmax(axis=1) == labels).all()


@pytest.mark.parametrize("found", [[0, 1, 2, 2], [0, 0, 0, 0], [3, 1, 2, 0]])
def test_macro_f1_is_that_of_scikit_learn(found: list[int]) -> None:
    from sklearn.metrics import f1_score

    labels = [0, 1, 1, 2]
    assert macro_f1(np.array(labels), np.array(found)) == pytest.approx(f1_score(labels, found, average="macro"))


def test_what_tells_is_heeded() -> None:
    rng = np.random.default_rng(5)
    labels = rng.integers(3, size=600)
    inputs = np.hstack([rng.normal(size=(600, 2)), np.log(np.where(np.eye(3)[labels] == 1, 0.9, 0.05))])  # the first two tell nothing
    judges = Judges(inputs, labels, 0)
    assert macro_f1(labels, judges.held_out.argmax(axis=1)) > 0.95
    assert macro_f1(labels, judges.logs(inputs).argmax(axis=1)) > 0.95


def test_counts_are_shares_of_the_text() -> None:
    row = counts(["MUA ngay!"])[0]
    assert row[1] == pytest.approx(3 / 10)  # capitals, of nine characters and one
    assert row[2] == pytest.approx(1 / 5)
    assert np.isfinite(counts([""])).all()


@pytest.mark.parametrize("naive_bayes", [False, True])
def test_a_line_tells_what_it_learned(naive_bayes: bool) -> None:
    from scipy.sparse import csr_matrix

    values = csr_matrix(np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.5]], dtype=np.float32))
    positive = np.array([True, True, False, False])
    weights, bias = fit_line(values, positive, 10.0, naive_bayes, 0)
    assert ((values @ weights + bias > 0) == positive).all()


def test_tokens_are_labelled_by_half_and_joined_again() -> None:
    known = read(["đồ tồi, biến đi"], np.array([1.0]))
    assert [known[0].text[start:end] for start, end in known[0].tokens] == ["đồ", "tồi", ",", "biến", "đi"]
    labels = token_labels(known, [[(0, 6), (8, 9)]])
    assert labels.tolist() == [1, 1, 0, 0, 0]
    assert spans_of(known[0].tokens, [True, True, False, True, False]) == [(0, 6), (8, 12)]


def test_a_likely_attack_has_a_mark_and_a_clean_text_none() -> None:
    known = read(["đồ tồi kia", "đồ tồi", "trời đẹp", ""], np.zeros(4))
    judged = Judged(np.array([0.9, 0.9, 0.1, 0.9]), np.array([0.2, 0.3, 0.1, 0.6, 0.7, 0.9, 0.9]))
    assert judged.marked(known, (0.5, 0.5)) == [[(3, 6)], [(0, 6)], [], []]


def test_several_taggers_count_alike() -> None:
    one, other = Judged(np.array([1.0]), np.array([0.2, 0.4])), Judged(np.array([0.5]), np.array([0.4, 0.8]))
    texts, tokens = Judged.mean([one, other])
    assert texts == pytest.approx([0.75])
    assert tokens == pytest.approx([0.3, 0.6])


def test_a_tagger_learns_which_words_attack() -> None:
    attacks, clean = [f"ừ thì đồ tồi {i}" for i in range(60)], [f"ừ thì trời đẹp {i}" for i in range(60)]
    known = read([*attacks, *clean], np.repeat([2.0, -2.0], 60))
    labels = token_labels(known, [[(7, 13)]] * 60 + [[]] * 60)
    tagger = Tagger(known, labels, 0)
    new = read(["này đồ tồi ơi", "này trời đẹp ơi", ""], np.array([2.0, -2.0, 0.0]))
    marked = tagger.judge(new).marked(new, (0.5, 0.5))
    assert marked[1:] == [[], []]
    assert marked[0][0][0] <= 4 < marked[0][0][1]


def test_swaps_of_a_group_cancel_out() -> None:
    assert abs(_swaps([["xanh", "đỏ", "tím"]], 10, 10).sum(axis=0)).max() < 1e-6


def test_own_lists_are_read_without_their_remarks() -> None:
    assert all(not row.text.startswith("#") and (row.toxic, row.hate) == (0, 0) for row in innocent())
    assert all(len(group) > 1 for group in targets())


def test_what_is_measured_on_published_sets_has_no_share_of_the_shipped_model() -> None:
    result = rules_alone().classify("Thằng này ngu như con bò, cút đi")
    assert result.matches
    assert {match.source for match in result.matches} == {"keyword"}
    assert {source for _, source, weight in result.evidence.contributions if weight > 0} == {match.rule for match in result.matches}


@pytest.mark.parametrize(
    ("row", "labels"),
    [
        (Labelled("xin chào", 0, 0), {"toxic": 0, "hate": 0, "scam": 0, "threat": 0}),
        (Labelled("đồ ngu", 1), {"toxic": 1, "hate": None, "scam": 0, "threat": None, "self_harm": None}),
    ],
)
def test_what_a_comment_tells_of_other_harms(row: Labelled, labels: dict[str, int | None]) -> None:
    assert {head: row.label(head) for head in labels} == labels


def test_near_misses_count_as_much_as_all_else() -> None:
    labels = np.repeat([1, 0, 0], (40, 10, 400))
    near = np.repeat([False, True, False], (40, 10, 400))
    logits = np.zeros(len(labels))  # nothing told: what is left is the base rate
    slope, shift = _platt(logits, labels, near, 0.2)
    assert 1 / (1 + np.exp(-shift)) == pytest.approx(0.2, abs=1e-3)
    shares = [0.2, 0.4, 0.4]
    logits = np.repeat([1.0, 1.0, -1.0], (40, 10, 400))
    slope, shift = _platt(logits, labels, near, 0.2)
    assert 1 / (1 + np.exp(-slope - shift)) == pytest.approx(shares[0] / (shares[0] + shares[1]), abs=1e-2)
