"""The texts that are timed, and others of the same kind to warm up on: none of the first is among the second."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from disguises import DISGUISES

from contentfilter.errors import DataError
from contentfilter.training.datasets import rows

EXAMPLES: Final = Path(__file__).resolve().parent.parent / "examples"
_LINE: Final = 15
"""Characters of a line of chat."""
_ARTICLE: Final = 5_000
_QUICK: Final = 24
"""Texts a corpus, where only the run itself is tried."""


class Corpus(NamedTuple):
    """Distinct texts, none blank."""

    name: str
    seen: tuple[str, ...]
    """Judged before a warm filter is timed."""
    texts: tuple[str, ...]
    """Timed; in none of `seen`."""

    def sample(self, size: int) -> tuple[str, ...]:
        """At most `size` of the timed texts, evenly spaced."""
        size = min(size, len(self.texts))
        return tuple(self.texts[i * len(self.texts) // size] for i in range(size))


class Labelled(NamedTuple):
    """A text, and whether people found it abusive."""

    text: str
    harmful: bool


def examples() -> list[Labelled]:
    """The comments of examples/ that labels.csv labels. Raises `DataError`."""
    try:
        lines = (EXAMPLES / "comments.txt").read_text(encoding="utf-8").split("\n")
    except FileNotFoundError as error:
        raise DataError(f"{error.filename}: no such file; run from a checkout or an sdist, which have the examples") from error
    labels = {int(row["line"]): row["harm"] for row in rows(EXAMPLES / "labels.csv", ("line", "harm"))}
    if not set(labels) <= set(range(1, len(lines) + 1)) or set(labels.values()) != {"clean", "harmful"}:
        raise DataError(f"{EXAMPLES / 'labels.csv'}: expected lines from 1 to {len(lines)}, and harm 'clean' or 'harmful', both of them")
    return [Labelled(lines[line - 1], harm == "harmful") for line, harm in labels.items()]


def load(data: Path | None, quick: bool = False) -> dict[str, Corpus]:
    """All corpora by name: of ViHSD and the news in `data`, else of examples/. Raises `DataError`."""
    if data is None:
        every = examples()
        seen, timed = every[::2], every[1::2]
        clean = [row.text for row in every if not row.harmful]
        prose, other_prose = clean[::2], clean[1::2]
    else:
        folder = data / "vihsd"
        half = folder / "test.csv" if (folder / "test.csv").is_file() else folder / "dev.csv"
        seen, timed = (
            [Labelled(row["text"], row["label"] != "0") for row in rows(path, ("text", "label"))] for path in (folder / "train.csv", half)
        )
        news = [f"{row['title']}\n{row['lead']}" for row in rows(data / "news" / "clean.csv", ("title", "lead"))]
        prose, other_prose = news[::2], news[1::2]
    if quick:
        seen, timed, prose, other_prose = seen[:_QUICK], timed[:_QUICK], prose[:_QUICK], other_prose[:_QUICK]
    made = [
        _corpus("comments", _texts(seen), _texts(timed)),
        _corpus("clean comments", _texts(seen, False), _texts(timed, False)),
        _corpus("abusive comments", _texts(seen, True), _texts(timed, True)),
        _derived("disguised comments", _texts(seen, True), _texts(timed, True), disguised),
        _derived("unaccented comments", _texts(seen), _texts(timed), lambda texts: map(unaccented, texts)),
        _derived("chat lines", _texts(seen), _texts(timed), chat_lines),
        _derived("articles", prose, other_prose, articles),
    ]
    return {corpus.name: corpus for corpus in made}


def _texts(labelled: Iterable[Labelled], harmful: bool | None = None) -> list[str]:
    return [text for text, label in labelled if harmful is None or label is harmful]


def _derived(name: str, seen: Sequence[str], texts: Sequence[str], made: Callable[[Sequence[str]], Iterable[str]]) -> Corpus:
    return _corpus(name, made(seen), made(texts))


def _corpus(name: str, seen: Iterable[str], texts: Iterable[str]) -> Corpus:
    before = dict.fromkeys(text for text in seen if text.strip())
    timed = [text for text in dict.fromkeys(texts) if text.strip() and text not in before]
    if not timed or not before:
        raise DataError(f"corpus {name}: found {len(before)} texts to warm up on and {len(timed)} others to time, expected some of both")
    return Corpus(name, tuple(before), tuple(timed))


def unaccented(text: str) -> str:
    """A text as it is typed without diacritics.

    >>> unaccented("Đường này đẹp")
    'Duong nay dep'
    """
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(character for character in apart if not unicodedata.combining(character))


def chat_lines(texts: Iterable[str]) -> Iterator[str]:
    """Texts cut between chunks into lines of 15 characters, the last chunk whole."""
    for text in texts:
        line = ""
        for chunk in text.split():
            line = f"{line} {chunk}" if line else chunk
            if len(line) >= _LINE:
                yield line
                line = ""


def articles(texts: Sequence[str]) -> Iterator[str]:
    """Texts joined to articles of 5,000 characters, the last text whole; a short collection is gone through again."""
    article: list[str] = []
    size = 0
    for text in [*texts] * ceil(2 * _ARTICLE / max(sum(map(len, texts)), 1)):
        article.append(text)
        size += len(text) + 1
        if size >= _ARTICLE:
            yield "\n".join(article)
            article, size = [], 0


def disguised(texts: Iterable[str]) -> Iterator[str]:
    """Texts with about every third chunk disguised, in a way of any class and strength, always the same."""
    ways = [way for strengths in DISGUISES.values() for way in strengths]
    chance = Random(1)
    for text in texts:
        chunks = text.split()
        yield " ".join(chance.choice(ways)(chunk, chance) if chance.random() < 1 / 3 else chunk for chunk in chunks)
