"""Packs as a moderator writes them, for tests that care for one key."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

from making import model

from contentfilter import ContentFilter
from contentfilter.rules.load import with_packs
from contentfilter.rules.schema import WordLists

HEAD = """\
name: test
version: 1.0.0
language: vi
category: scam
lists:
  banks: [vietcombank, techcombank, vcb]
  ways: [zalo, telegram, <phone>]
rules:
"""


def rule(keys: str, identity: str = "scam.test", weight: float = 5) -> str:
    """A rule with these keys besides those that every rule has."""
    lines = f"""\
- id: {identity}
  describe: {{vi: Thử, en: Test}}
  severity: 1
  weight: {weight}
  examples: {{match: [], pass: []}}
"""
    return indent(lines + indent(keys.strip("\n"), "  ") + "\n", "  ")


def write(folder: Path, *rules: str, head: str = HEAD) -> Path:
    """A pack of these rules."""
    path = folder / "test.yaml"
    path.write_text(head + "".join(rules), encoding="utf-8")
    return path


NOTHING = WordLists((), (), (("address", ("mày",)), ("spaced_pairs", ())), ())


def pack_filter(folder: Path, *rules: str) -> ContentFilter:
    """A filter of a pack of these rules alone, whose model finds nothing."""
    made = object.__new__(ContentFilter)
    made.__setstate__(("default", with_packs(NOTHING, [write(folder, *rules)]), model()))
    return made


def found(contentfilter: ContentFilter, text: str, identity: str = "scam.test") -> list[str]:
    """What a rule marks in a text, one by one and in a batch alike."""
    result = contentfilter.classify(text)
    assert result == contentfilter.classify_batch(["xin chào", text])[1]
    return [match.text for match in result.matches if match.rule == identity]
