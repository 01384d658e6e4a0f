"""Chunks never seen, and a process that judges them: apart, since that process' memory is measured and it should load nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import Final

from alone import resident

from contentfilter import ContentFilter
from contentfilter.bench import BATCH

KINDS: Final[dict[str, Callable[[str], str]]] = {"letters": lambda chunk: chunk, "letters between dots": ".".join}
"""How a chunk is written."""
TEXT: Final = 8
"""Chunks a text."""

_LETTERS: Final = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
_STRIDE: Final = 1_000_003
"""A prime: its multiples go through all numbers below a power of the letters' number before one comes again."""


def chunks() -> Iterator[str]:
    """Chunks of five letters, each another, in no order that an n-gram could learn: a number in base `len(_LETTERS)`."""
    base = len(_LETTERS)
    for number in count(1):
        rest, letters = number * _STRIDE % base**5, ""
        for _ in range(5):
            rest, letter = divmod(rest, base)
            letters += _LETTERS[letter]
        yield letters


def judge(kind: str, step: int, size: int) -> tuple[float, float]:
    """Judge the texts of a step with this process' filter: characters a second, and the process' memory in MB afterwards."""
    if not _made:
        _made.append(ContentFilter())
    made = [KINDS[kind](chunk) for chunk in islice(chunks(), step * size, (step + 1) * size)]
    texts = [" ".join(made[i : i + TEXT]) for i in range(0, len(made), TEXT)]
    start = time.process_time()
    for i in range(0, len(texts), BATCH):
        _made[0].classify_batch(texts[i : i + BATCH])
    seconds = time.process_time() - start
    return sum(map(len, texts)) / seconds, resident()


_made: list[ContentFilter] = []
"""This process' filter."""
