"""A recipe learns: on a few dozen texts made here, with small tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from making import LISTS

from contentfilter import Category, ContentFilter, DataError
from contentfilter.rules.schema import WordLists
from contentfilter.training.recipe import SHIPPED, train

RECIPE = replace(SHIPPED, ngram_bits=12, pair_bits=10)
BAD = ["đồ khốn nạn", "thằng khốn nạn kia", "mày khốn nạn quá", "lũ khốn nạn", "khốn nạn vừa thôi"]
GOOD = ["trời đẹp quá", "hàng giao nhanh", "cảm ơn shop nhiều", "con mèo dễ thương", "ăn cơm chưa bạn"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for name in ("vihos", "safesense", "news", "reviews"):
        (folder / name).mkdir()
    for split in ("train", "dev"):
        marked = {text: text.index("khốn nạn") for text in BAD}
        rows = "".join(f'{text},"[[{start}, {start + 8}]]",0\n' for text, start in marked.items())
        rows += "".join(f"{text},[],0\n" for text in GOOD)
        (folder / f"vihos/{split}.csv").write_text(f"text,spans,in_vihsd_test\n{rows}", encoding="utf-8")
        rows = "".join(f"{text},{1 + number % 2}\n" for number, text in enumerate(BAD)) + "".join(f"{text},0\n" for text in GOOD)
        (folder / f"safesense/{split}.csv").write_text(f"text,label\n{rows}", encoding="utf-8")
    news = "".join(f"một,{text},{text}\n" for text in GOOD)
    (folder / "news/clean.csv").write_text(f"source,title,lead\n{news}", encoding="utf-8")
    (folder / "reviews/unlabelled.csv").write_text("text\n" + "\n".join(GOOD * 4) + "\n", encoding="utf-8")
    return folder


def test_a_recipe_learns_and_is_the_same_each_time(data: Path) -> None:
    model = train(data, RECIPE)
    assert model.heads == tuple(head.name for head in RECIPE.heads)
    assert model.ngram_weights.shape == (1 << 12, len(model.heads))
    assert model.pair_weights.shape == (1 << 10, len(model.heads))
    assert model.spans is not None
    again = train(data, RECIPE)
    assert (model.ngram_weights == again.ngram_weights).all()
    assert np.array_equal(model.bias, again.bias)
    learned = object.__new__(ContentFilter)
    learned.__setstate__(("default", WordLists((), (), LISTS, ()), model))
    scores = {text: learned.classify(text).scores[Category.INSULT] for text in ("khốn nạn thật", "trời nhiều mây", "shop dễ thương")}
    assert max(scores, key=lambda text: scores[text]) == "khốn nạn thật"
    (marked,) = model.spans.find(["trời ơi khốn nạn"], [()], learned._reader.table)
    assert any(start <= 8 and end >= 16 for start, end in marked)


def test_a_missing_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"vihos.train\.csv: no such file"):
        train(tmp_path, RECIPE)
