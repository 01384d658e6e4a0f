"""Derive `wordlists/entry_counts.tsv`: what the counts say of each entry of the word lists.

`python -m contentfilter.training.entries DATA` counts in how many toxic and how many clean texts each term and each alias stands as it is
written, with its tones (ViHOS and SafeSense train, news, reviews). Two columns of words say what an entry's weight rests on: `origin` is
"count" where five texts and more hold it, else "judgement" (of the rule that it stands in: see there); `odds` are the log-odds that its
counts give, a toxic and a clean text being as likely, half a text added to both. An entry that no text holds is not listed: its weight is
a judgement.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Final

import click

from contentfilter.data import data_folder
from contentfilter.normalize.alphabet import bare
from contentfilter.rules.compile import canonical, compile_rules
from contentfilter.rules.load import load_word_lists

from .toneless import batches, standing

ALIASES: Final = ("emoji", "encoding", "phonetic", "teencode")
ENOUGH: Final = 5
"""Texts in which an entry stands before its counts are more than chance."""
_HEAD: Final = "# entry, toxic texts, clean texts, origin of its weight, log-odds by count; made by contentfilter.training.entries\n"


def count(data: Path) -> tuple[dict[str, tuple[int, int]], int, int]:
    """Entry → toxic and clean texts that hold it; and how many of either there are."""
    lists = load_word_lists(Path(data_folder("wordlists")))
    keywords = compile_rules(lists).matchers.keywords
    aliases = {canonical(row.partition(" ")[0]) for name, rows in lists.lists if name in ALIASES for row in rows}
    found: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    texts: Counter[bool] = Counter()
    for is_toxic, lines in batches(data):
        texts[is_toxic] += len(lines)
        for line, spans in zip(lines, keywords.find(list(map(bare, lines)), lone_signs=True), strict=True):
            written = {term.text for _, _, term, missing, _ in standing(keywords, line, spans) if not missing}
            found[is_toxic].update(written | aliases.intersection(line.split()))
    entries = sorted({*found[True], *found[False]})
    return {entry: (found[True][entry], found[False][entry]) for entry in entries}, texts[True], texts[False]


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(data: Path) -> None:
    """Write the counts of the entries."""
    counts, toxic_texts, clean_texts = count(data)
    target = Path(data_folder("wordlists")) / "entry_counts.tsv"
    rows = []
    for entry, (toxic, clean) in counts.items():
        odds = math.log((toxic + 0.5) / toxic_texts) - math.log((clean + 0.5) / clean_texts)
        rows.append(f"{entry}\t{toxic}\t{clean}\t{'count' if toxic + clean >= ENOUGH else 'judgement'}\t{odds:.1f}\n")
    target.write_text(_HEAD + "".join(rows), encoding="utf-8")
    click.echo(f"{target.name}: {len(rows)} entries in {toxic_texts} toxic and {clean_texts} clean texts")


if __name__ == "__main__":
    main()
