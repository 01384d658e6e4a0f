"""How much of `src` the tests run, folder by folder, from the JSON report of coverage.py.

CONTENTFILTER_PURE=1 pip install -e '.[test]' coverage
coverage run -m pytest; coverage combine; coverage json
python tests/covered.py coverage.json --output benchmarks/results/coverage-DATE.json
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import click

_COUNTS = {"lines": ("covered_lines", "num_statements"), "branches": ("covered_branches", "num_branches")}


@click.command()
@click.argument("report", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where the figures go, as JSON.")
def main(report: Path, output: Path) -> None:
    """Count lines and branches run by folder of the package; "" is the package itself, "all" everything."""
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: {kind: [0, 0] for kind in _COUNTS})
    for name, file in sorted(files.items()):
        folders = Path(name.rpartition("src/contentfilter/")[2]).parts[:-1]
        for folder in ("/".join(folders[:1]), "all"):
            for kind, (run, every) in _COUNTS.items():
                found[folder][kind][0] += file["summary"][run]
                found[folder][kind][1] += file["summary"][every]
    output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
