"""Write the README's figures from results that the other benchmarks wrote.

python benchmarks/readme.py benchmarks/results/throughput-DATE.json benchmarks/results/quality-DATE.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

BEGIN = "<!-- figures: written by the benchmarks, not by hand -->"
END = "<!-- end of figures -->"
README = Path(__file__).parents[1] / "README.md"

_SYSTEMS = {
    "glue_single": "the obvious glue: NFC, pyahocorasick, underthesea, scikit-learn, one text at a time",
    "single_known": "`classify`, every chunk known",
    "single_warm": "`classify`, new comments, warmed on as many others",
    "batch_known": "`classify_batch`, 1,024 a call, every chunk known",
    "batch_warm": "`classify_batch`, new comments, warmed on as many others",
    "batch_cold": "`classify_batch`, from a cold start",
}


def speed(record: dict[str, Any]) -> list[str]:
    """A Markdown table of the systems: texts a second, and how many times the glue."""
    lines = ["| system | texts a second | times the glue |", "|---|---:|---:|"]
    for key, name in _SYSTEMS.items():
        figures = record["summary"][key]
        rate, ratio = figures["documents_per_second"]["median"], figures["ratio_to_glue"]["median"]
        lines.append(f"| {name} | {rate:,.0f} | {ratio:.1f} |")
    machine, corpus = record["machine"], record["corpus"]
    repetitions = record["settings"]["repetitions"]
    return [
        *lines,
        "",
        f"{corpus['name']}, one core of {machine['processor']}, {machine['python']}; medians of {repetitions} repetitions.",
    ]


def quality(figures: list[dict[str, Any]]) -> list[str]:
    """A Markdown table of what is flagged."""
    lines = ["| corpus | texts | clean flagged | toxic flagged | AUC |", "|---|---:|---:|---:|---:|"]
    for row in figures:
        toxic = f"{row['toxic_flagged']:.1%}" if "toxic_flagged" in row else ""
        auc = f"{row['auc']:.3f}" if "auc" in row else ""
        lines.append(f"| {row['corpus']} | {row['texts']:,} | {row['clean_flagged']:.2%} | {toxic} | {auc} |")
    return lines


if __name__ == "__main__":
    throughput, labelled = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    body = "\n".join([*speed(throughput), "", *quality(labelled)])
    README.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}", encoding="utf-8")
