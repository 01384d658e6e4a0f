"""What 10,000 rules of one's own with 100,000 terms cost: read and compiled, from the cache, and in throughput beside the shipped packs.

    python benchmarks/many_rules.py
    python benchmarks/many_rules.py --rules 1000 --json result.json

The terms are rows of two to four syllables drawn from `wordlists/syllable_counts.tsv` by how often they are written, so that many
share their tokens; every tenth rule has a condition, every hundredth a pattern. Times are seconds of the processor, in one thread, and
differ between machines; the ratio of throughputs, measured in turns on the same texts, differs less.
"""

from __future__ import annotations

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from contentfilter import ContentFilter
from contentfilter.bench import corpus_facts, record
from contentfilter.data import data_folder

_TERMS_PER_RULE = 10
_TURNS = 7


def _pack(rules: int) -> str:
    draw = random.Random(20261124)
    rows = (data_folder("wordlists") / "syllable_counts.tsv").read_text(encoding="utf-8").splitlines()
    counts = {token: int(count) for token, count in (row.split("\t") for row in rows if row[0] != "#") if token.isalpha()}
    tokens, weights = list(counts), list(counts.values())
    lines = ["name: many", "version: 1.0.0", "language: vi", "category: spam", "rules:"]
    for number in range(rules):
        terms = [" ".join(draw.choices(tokens, weights, k=draw.randint(2, 4))) for _ in range(_TERMS_PER_RULE)]
        lines += [
            f"  - id: spam.many{number}",
            "    describe: {vi: Nhiều, en: Many}",
            f"    severity: 1\n    weight: {draw.choice([1.5, 2.5, 5])}",
            f"    terms: [{', '.join(json.dumps(term, ensure_ascii=False) for term in terms)}]",
            "    examples: {match: [], pass: []}",
        ]
        if number % 10 == 0:
            lines.append("    when: {not: {any: [cảnh báo, tin tức]}}")
        if number % 100 == 0:
            lines.append(f"    regex: ['mã{number}\\s+[0-9]{{4}}']")
    return "\n".join(lines) + "\n"


def _seconds(do: Callable[[], object]) -> float:
    start = time.process_time()
    do()
    return time.process_time() - start


@click.command()
@click.option("--rules", default=10_000, show_default=True, help="Rules, ten terms each.")
@click.option("--json", "output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the figures.")
def main(rules: int, output: Path | None) -> None:
    """Measure and print."""
    comments = (Path(__file__).resolve().parent.parent / "examples" / "comments.txt").read_text(encoding="utf-8").splitlines()
    texts = (comments * (10_000 // len(comments) + 1))[:10_000]
    with tempfile.TemporaryDirectory() as folder:
        pack, cache = Path(folder) / "many.yaml", Path(folder) / "cache"
        pack.write_text(_pack(rules), encoding="utf-8")
        shipped = ContentFilter()
        figures = {
            "rules": rules,
            "terms": rules * _TERMS_PER_RULE,
            "read_and_compiled_s": _seconds(lambda: ContentFilter(packs=[pack])),
            "written_to_cache_s": _seconds(lambda: ContentFilter(packs=[pack], cache=cache)),
            "from_cache_s": _seconds(lambda: ContentFilter(packs=[pack], cache=cache)),
            "cache_bytes": sum(path.stat().st_size for path in cache.iterdir()),
        }
        many = ContentFilter(packs=[pack], cache=cache)
    for contentfilter in (shipped, many):
        contentfilter.classify_batch(texts)
    ratios = []
    for _ in range(_TURNS):
        ratios.append(_seconds(lambda: shipped.classify_batch(texts)) / _seconds(lambda: many.classify_batch(texts)))
    figures["throughput_of_shipped"] = statistics.median(ratios)
    for name, figure in figures.items():
        click.echo(f"{name}: {figure:,.2f}" if isinstance(figure, float) else f"{name}: {figure:,}")
    if output:
        made = record("many_rules", [corpus_facts("comments", texts)], {"rules": rules, "turns": _TURNS}, [figures])
        output.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
