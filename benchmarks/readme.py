"""Write the README's figures from records that the benchmarks wrote.

python benchmarks/readme.py benchmarks/results/throughput-DATE.json benchmarks/results/latency-DATE.json …

A table for each record, in the order given. Any record in the format of `contentfilter.bench` will do: its summary is the table.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from contentfilter.terminal import cell

BEGIN = "<!-- figures: written by the benchmarks, not by hand -->"
END = "<!-- end of figures -->"
README = Path(__file__).parents[1] / "README.md"
_WARM = "a call, warm"


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A Markdown table; of a figure that was measured several times the median."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [f"| {' | '.join(columns)} |", f"|---|{'---:|' * (len(columns) - 1)}"]
    for row in rows:
        values = [row.get(name, "") for name in columns]
        lines.append(f"| {' | '.join(cell(value['median'] if isinstance(value, Mapping) else value) for value in values)} |")
    return [*lines, ""]


def speed(record: Mapping[str, Any]) -> list[str]:
    """What the systems do with comments, and what the library does with everything else."""
    rows = record["summary"]
    comments = [
        {name: value for name, value in row.items() if name not in ("corpus", "MB/s")} for row in rows if row["corpus"] == "comments"
    ]
    batch = f"{record['settings']['batch']:,} {_WARM}"
    others = [{name: value for name, value in row.items() if name != "system"} for row in rows if row["system"].endswith(batch)]
    return [*table(comments), f"`classify_batch`, {batch}:", "", *table(others)]


def quality(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is flagged, in shares."""
    shares = ("clean_flagged", "toxic_flagged")
    return table([{name.replace("_", " "): f"{value:.2%}" if name in shares else value for name, value in row.items()} for row in figures])


def measured(record: Mapping[str, Any]) -> list[str]:
    """A record's tables, and what they were measured on."""
    machine, settings = record["machine"], record["settings"]
    corpora = ", ".join(f"{corpus['corpus']} ({corpus['texts']:,})" for corpus in record["corpora"])
    lines = speed(record) if record["benchmark"] == "throughput" else table(record["summary"])
    repeated = f"; medians of {settings['repetitions']} repetitions" if "repetitions" in settings else ""
    return [*lines, f"{record['date'][:10]}, {corpora}; {machine['processor']}, {machine['python']}{repeated}.", ""]


def body(records: Sequence[Any]) -> str:
    """All tables."""
    lines = [line for record in records for line in (quality(record) if isinstance(record, list) else measured(record))]
    return "\n".join(lines).rstrip()


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    written = body([json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]])
    README.write_text(f"{before}{BEGIN}\n{written}\n{END}{after}", encoding="utf-8")
