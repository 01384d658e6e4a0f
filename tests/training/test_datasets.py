"""Labelled texts are read strictly, and only those that may be learned from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import texts
from making import LISTS, rule

from contentfilter import DataError
from contentfilter.rules.schema import WordLists
from contentfilter.training import datasets
from contentfilter.training.datasets import Labelled


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return folder


def test_vihos_leaves_out_the_test_rows_of_vihsd(tmp_path: Path) -> None:
    data = write(tmp_path, "vihos/train.csv", 'text,spans,in_vihsd_test\nđồ ngu,"[3, 4, 5]",0\nxin chào,[],0\nhọc thuộc đề thi,[],1\n')
    assert datasets.vihos(data, "train") == [Labelled("đồ ngu", 1), Labelled("xin chào", 0)]


def test_safesense_has_two_labels(tmp_path: Path) -> None:
    data = write(tmp_path, "safesense/dev.csv", "text,label\nxin chào,0\nđồ ngu,1\nlũ đó,2\n")
    assert datasets.safesense(data, "dev") == [Labelled("xin chào", 0, 0), Labelled("đồ ngu", 1, 0), Labelled("lũ đó", 1, 1)]


def test_news_and_reviews_are_clean(tmp_path: Path) -> None:
    write(tmp_path, "news/clean.csv", "source,title,lead\nmột,Giá xăng tăng,Từ chiều nay\nhai,Mưa lớn,\n")
    write(tmp_path, "reviews/unlabelled.csv", "text\na\nb\nc\nd\n")
    assert [row.text for row in datasets.news(tmp_path)][:3] == ["Giá xăng tăng", "Từ chiều nay", "Mưa lớn"]
    assert {row.toxic for row in datasets.news(tmp_path)} == {row.hate for row in datasets.news(tmp_path)} == {0}
    assert "Mưa lớn" not in [row.text for row in datasets.news(tmp_path, without="hai")]
    assert [row.text for row in datasets.reviews(tmp_path, 2)] == ["a", "c"]


def test_cells_keep_their_line_breaks_and_quotes(tmp_path: Path) -> None:
    data = write(tmp_path, "reviews/unlabelled.csv", 'text\n"một\nhai ""ba"""\n')
    assert datasets.reviews(data, 1) == [Labelled('một\nhai "ba"', 0, 0)]


def test_own_sentences_with_strong_abuse_are_left_out() -> None:
    abuse = replace(rule("insult.test", "đồ ngu"), passes=("chính sách ngu dân", "nó bảo đồ ngu rồi đi"))
    weak = replace(rule("spam.test", "mua ngay", category="spam"), passes=("mua ngay mai cũng được",))
    found = datasets.own(WordLists((abuse, weak), (), LISTS, ()), ["hạt óc chó"])
    assert [row.text for row in found] == ["hạt óc chó", "chính sách ngu dân", "mua ngay mai cũng được"]
    assert {(row.toxic, row.hate) for row in found} == {(0, 0)}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"body,label\na,1\n", r"dev\.csv: no column 'text', found: body, label"),
        (b"", r"dev\.csv: no column 'text', found: nothing"),
        (b"text,label\n\xff,1\n", r"dev\.csv: not UTF-8 at byte"),
    ],
)
def test_faults(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "safesense" / "dev.csv"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        datasets.safesense(tmp_path, "dev")


def test_a_missing_file_says_what_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"train\.csv: no such file; --data names the folder"):
        datasets.vihos(tmp_path, "train")


def test_insults_without_hatred_are_toxic_and_stand_apart_from_what_is_measured() -> None:
    found = datasets.aimed()
    assert {(row.toxic, row.hate) for row in found} == {(1, 0)}
    assert len({row.text for row in found}) == len(found) > 50
    templates = [line.partition("\t")[2] for line in texts.lines("targets.txt")]
    names = {name.strip() for line in texts.lines("targets.txt") if line.startswith("=") for name in line.partition("|")[2].split(",")}
    assert [row.text for row in found if any(name in row.text for name in names) or row.text in templates] == []
