"""The command `score` on a few comments, for tests of files."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from contentfilter.cli import main

TEXTS = ["xin chào", "Đồ n.g.u", "gọi 0912 345 678", "hàng đẹp, giao nhanh", "thằng ngu này"]
ACTIONS = ["allow", "block", "mask", "allow", "block"]
KINDS = ["jsonl", "csv", "parquet"]
SITE = "overlay: site\nversion: 1.0.0\nterms: {insult: [giao nhanh]}\nactions: {insult: block}\n"


def run(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["score", *map(str, arguments)], input=stdin)
