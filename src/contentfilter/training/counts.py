"""Derive `wordlists/syllable_counts.tsv`: how often each token stands in comments, headlines and reviews.

`python -m contentfilter.training.counts DATA` counts over the sets that the shipped files may learn from (ViHOS and SafeSense
train, news, reviews) and keeps the
tokens, and the pairs of neighbours, seen at least a hundred times: what is rarer counts as never seen when the filter chooses by
what a term is announced.
"""

import csv
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

from contentfilter.normalize.entities import tokenize
from contentfilter.normalize.fold import fold

SOURCES = (("vihos/train.csv", "text"), ("safesense/train.csv", "text"), ("news/clean.csv", "lead"), ("reviews/unlabelled.csv", "text"))
_LEAST = 100


def count(data: Path) -> Counter[str]:
    """Token, or two neighbouring tokens with a space between, → occurrences over all sources."""
    counts: Counter[str] = Counter()
    tokens: dict[str, list[str]] = {}
    for name, column in SOURCES:
        with (data / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                chunks = row[column].split()
                for chunk in chunks:
                    if chunk not in tokens:
                        tokens[chunk] = [token for token, _, _ in tokenize(fold(chunk)[0].text)]
                line = [token for chunk in chunks for token in tokens[chunk]]
                counts.update(line)
                counts.update(f"{first} {second}" for first, second in pairwise(line))
    return counts


if __name__ == "__main__":
    kept = [
        (key, times)
        for key, times in count(Path(sys.argv[1])).most_common()
        if times >= _LEAST and all(token[-1].isalnum() for token in key.split(" "))
    ]
    target = Path(__file__).parents[3] / "wordlists" / "syllable_counts.tsv"
    head = "# token or two neighbours, occurrences in ViHOS and SafeSense train, news and reviews; see contentfilter.training.counts\n"
    target.write_text(head + "".join(f"{key}\t{times}\n" for key, times in kept), encoding="utf-8")
    print(f"{target.name}: {len(kept)} rows")
