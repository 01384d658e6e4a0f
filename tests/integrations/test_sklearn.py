"""The scores as features of a pipeline."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from contentfilter import Category, ContentFilter
from contentfilter.integrations.sklearn import ContentScores

TEXTS = ["Đồ n.g.u", "xin chào cả nhà", "gọi 0912 345 678 nhé"]


def test_scores_are_those_of_single_calls(shipped: ContentFilter) -> None:
    scores = ContentScores().transform(TEXTS)
    assert scores.tolist() == [list(shipped.classify(text).scores.values()) for text in TEXTS]


def test_no_texts() -> None:
    assert ContentScores().transform([]).shape == (0, len(Category))


def test_columns_have_names() -> None:
    frame = ContentScores().set_output(transform="pandas").fit_transform(TEXTS)
    assert list(frame.columns) == [category.value for category in Category]


def test_in_a_pipeline_on_a_column_of_a_frame() -> None:
    frame = pd.DataFrame({"body": [*TEXTS, "Chúc cả nhà ngủ ngon"], "likes": [1, 2, 3, 4]})
    pipeline = make_pipeline(make_column_transformer((ContentScores(), "body"), remainder="drop"), LogisticRegression(C=1e4))
    assert pipeline.fit(frame, [1, 0, 0, 0]).predict(frame).tolist() == [1, 0, 0, 0]


def test_a_clone_has_the_same_filter(shipped: ContentFilter) -> None:
    scores = ContentScores(shipped.with_terms("insult", ["gà mờ"]))
    found = [made.transform(["Đúng là gà mờ"]) for made in (scores, clone(scores))]
    assert np.array_equal(*found)
    assert found[0][0, list(Category).index(Category.INSULT)] > 0.5


def test_what_is_no_text_is_told_with_its_place() -> None:
    with pytest.raises(TypeError, match=r"texts\[1\]: found int"):
        ContentScores().transform(["a", 5])
