"""Count the words and pairs by which missing diacritics are restored: `python -m contentfilter.training.diacritics DATA`.

It counts over the sets that the shipped files may learn from (ViHOS without rows of ViHSD's test, SafeSense train, news, reviews) and
over the innocent phrases of the word lists, which those sets are too few to hold, and writes `wordlists/diacritics.safetensors`: words
seen three times and more, and their pairs seen twice and more. Which words are seldom right as they stand subtitles tell besides, whose
writers leave out less.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, pairwise, repeat
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

from contentfilter.data import data_folder
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.diacritics import FORMAT, NAME, Diacritics
from contentfilter.normalize.syllables import BARE_BASES, is_syllable
from contentfilter.rules.compile import canonical
from contentfilter.rules.load import load_word_lists

_SOURCES = (
    ("vihos/train.csv", ("text",)), ("safesense/train.csv", ("text",)), ("news/clean.csv", ("title", "lead")),
    ("reviews/unlabelled.csv", ("text",)),
)  # fmt: skip
_LEAST = 3
_INNOCENT = 20
"""How often an innocent phrase is taken for seen: as often as the swears that it looks like. A judgement."""
_PLAIN = 0.05
"""The share of a word in subtitles, among those that look so, from which it is right as it stands."""
_LEAST_PAIRS = 2


def texts(data: Path) -> Iterator[str]:
    """All of them."""
    for name, columns in _SOURCES:
        with (data / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("in_vihsd_test") != "1":
                    yield from (row[column] for column in columns)


def _has_diacritics(tokens: Iterable[str]) -> bool:
    """Has at least one in four of the syllables any? Of a text that has them three in four do."""
    syllables = [token for token in tokens if token in BARE_BASES or is_syllable(token)]
    return 4 * sum([not syllable.isascii() for syllable in syllables]) >= len(syllables)


def tensors(every: Iterable[str], subtitles: Mapping[str, int]) -> dict[str, npt.NDArray[Any]]:
    """What the file holds, in the form that `normalize.diacritics` tells."""
    alone: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for text, times in chain(zip(every, repeat(1)), zip(load_word_lists(data_folder("wordlists")).allowed, repeat(_INNOCENT))):
        tokens = canonical(text).split(" ")
        if not _has_diacritics(tokens):
            continue  # it would teach what it lacks
        for token in tokens:
            alone[token] += times
        for pair in pairwise(tokens):
            together[pair] += times
    words = sorted(word for word, count in alone.items() if count >= _LEAST and word.isalpha())
    numbers = {word: number for number, word in enumerate(words)}
    pairs = sorted(
        (numbers[first] << 16 | numbers[second], count)
        for (first, second), count in together.items()
        if count >= _LEAST_PAIRS and first in numbers and second in numbers
    )
    counts = [alone[word] for word in words]
    keys, often = [key for key, _ in pairs], [count for _, count in pairs]
    found = Diacritics(words, counts, keys, often)
    return {
        "dropped": np.frombuffer("\n".join(sorted(found.dropped() - _right(subtitles))).encode(), dtype=np.uint8),
        "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "counts": np.array(counts, dtype=np.int32),
        "pairs": np.array(keys, dtype=np.uint32),
        "together": np.array([min(count, 0xFFFF) for count in often], dtype=np.uint16),
    }


def subtitles(data: Path) -> dict[str, int]:
    """Word → occurrences."""
    rows = (line.split(" ") for line in (data / "typing" / "subtitle_frequency.txt").read_text(encoding="utf-8").splitlines())
    return {word: int(count) for word, count in rows}


def _right(counts: Mapping[str, int]) -> frozenset[str]:
    """Words in plain letters that subtitles have often enough."""
    alike: Counter[str] = Counter()
    for word, count in counts.items():
        alike[bare(word)] += count
    return frozenset(word for word, count in counts.items() if word.isascii() and count >= _PLAIN * alike[word])


if __name__ == "__main__":
    target = data_folder("wordlists") / NAME
    folder = Path(sys.argv[1])
    save_file(tensors(texts(folder), subtitles(folder)), target, metadata={"format": FORMAT})
    print(f"{target.name}: {target.stat().st_size} bytes")
