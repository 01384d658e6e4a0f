"""Messages that were written after the packs were settled: a floor under what is found among them, and a ceiling over false alarms."""

from __future__ import annotations

import csv
from pathlib import Path

from contentfilter import ContentFilter

PATH = Path(__file__).parent / "cases" / "unseen.csv"


def test_messages_that_no_rule_was_written_for(shipped: ContentFilter) -> None:
    with PATH.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    flagged = [(row["category"], result.flagged) for row, result in zip(rows, shipped.classify_batch(r["text"] for r in rows), strict=True)]
    assert sum(found for category, found in flagged if category) >= 65  # of 94
    assert sum(found for category, found in flagged if not category) <= 9  # of 102
    scams = [found for category, found in flagged if category == "scam"]
    assert sum(scams) >= 0.75 * len(scams)
