"""Write `models/common_chunks.safetensors` anew: `python -m contentfilter.training.seed [DATA]`, after word lists or model have changed.

Which chunks are common is counted over the sets that the shipped files may learn from (see `training.counts`) where DATA is given, and
is as in the file that is there where it is not. A chunk is common when two texts or more have it; what could be somebody's name
for himself, a number or an address (digits, @, links) is left out.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from safetensors.numpy import load_file

from contentfilter.chunks import Analyser
from contentfilter.data import data_folder, shipped_model
from contentfilter.model.store import load
from contentfilter.normalize.readings import analyse
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.freeze import shipped
from contentfilter.seed import NAME, save

from .counts import SOURCES

_LEAST = 2
_LONGEST = 16


def common_chunks(data: Path) -> list[str]:
    """The chunks of at least `_LEAST` texts, the commonest first."""
    counts: Counter[str] = Counter()
    for name, column in SOURCES:
        with (data / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                counts.update(set(row[column].split()))
    common = [(-texts, chunk) for chunk, texts in counts.items() if texts >= _LEAST and _may_be_kept(chunk)]
    return [chunk for _, chunk in sorted(common)]


def _may_be_kept(chunk: str) -> bool:
    return len(chunk) <= _LONGEST and not any(character.isdigit() or character in "@#/<>" for character in chunk)


if __name__ == "__main__":
    path = data_folder("models") / NAME
    kept = common_chunks(Path(sys.argv[1])) if len(sys.argv) > 1 else load_file(path)["chunks"].tobytes().decode().split("\n")
    lists, model = shipped(data_folder("wordlists")), load(shipped_model())
    if not lists.digest:
        raise SystemExit("wordlists/packs.json is out of date; run: python -m contentfilter.training.packs")
    vocabulary = compile_rules(lists).vocabulary
    rows = Analyser(lambda chunk: analyse(chunk, vocabulary), model.score, len(model.heads)).rows
    save(path, (kept, rows([analyse(chunk, vocabulary) for chunk in kept])), lists.digest, model.digest)
    print(f"{path.name}: {len(kept)} chunks, {path.stat().st_size} bytes")
