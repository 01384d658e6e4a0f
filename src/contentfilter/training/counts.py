"""Derive `wordlists/syllable_counts.tsv`: how often each token stands in comments, headlines and reviews.

`python -m contentfilter.training.counts DATA` counts over the sets that the shipped files may learn from (ViHOS and SafeSense
train, news, reviews) and keeps the tokens seen at least a hundred times: what is rarer counts as never seen when an anchor is chosen.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

from contentfilter.normalize.entities import tokenize
from contentfilter.normalize.fold import fold

_SOURCES = (("vihos/train.csv", "text"), ("safesense/train.csv", "text"), ("news/clean.csv", "lead"), ("reviews/unlabelled.csv", "text"))
_LEAST = 100


def count(data: Path) -> Counter[str]:
    """Token → occurrences over all sources."""
    counts: Counter[str] = Counter()
    for name, column in _SOURCES:
        with (data / name).open(encoding="utf-8", newline="") as file:
            chunks = Counter(chunk for row in csv.DictReader(file) for chunk in row[column].split())
        for chunk, times in chunks.items():
            for token, _, _ in tokenize(fold(chunk)[0].text):
                counts[token] += times
    return counts


if __name__ == "__main__":
    found = [(token, times) for token, times in count(Path(sys.argv[1])).most_common() if times >= _LEAST and token[-1].isalnum()]
    target = Path(__file__).parents[3] / "wordlists" / "syllable_counts.tsv"
    head = "# token, occurrences in ViHOS and SafeSense train, news leads and shop reviews; made by contentfilter.training.counts\n"
    target.write_text(head + "".join(f"{token}\t{times}\n" for token, times in found), encoding="utf-8")
    print(f"{target.name}: {len(found)} tokens")
