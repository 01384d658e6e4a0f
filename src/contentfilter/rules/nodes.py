"""YAML text → nodes with their places, safe with files from strangers.

PyYAML's composer is not used: nested deep enough it overflows the stack in C, and it lets a short file name the same block a million
times. Its events have neither fault, and a pack needs only three things of YAML: texts, lists and mappings.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from contentfilter.errors import PackError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST: Final = 40
"""Blocks within blocks; packs need about ten."""
_SHOWN: Final = 60
"""Characters of a text that a message quotes."""
_LARGEST: Final = 256 << 20
"""Bytes of a file; 100,000 terms are about 3 million."""


class Node(NamedTuple):
    """A value where it stands: line and column from 1. One of the three is not None."""

    line: int
    column: int
    text: str | None = None
    items: list[Node] | None = None
    pairs: list[tuple[Node, Node]] | None = None
    plain: bool = False
    """Of a text: without quotes, so that YAML may take it for a number, a truth value or nothing."""

    @property
    def found(self) -> str:
        """What stands here, for a message."""
        if self.text is not None:
            return repr(self.text if len(self.text) <= _SHOWN else self.text[:_SHOWN] + "…")
        return "a list" if self.items is not None else "a mapping"

    @property
    def is_text(self) -> bool:
        """Is it text also to YAML? `1.0`, `yes` and `~` without quotes are not."""
        return self.text is not None and not (self.plain and _tag(self.text) != "tag:yaml.org,2002:str")


@lru_cache(maxsize=1 << 12)
def _tag(text: str) -> str:
    return str(_resolver.resolve(yaml.ScalarNode, text, (True, False)))  # type: ignore[no-untyped-call]  # its stubs leave the resolver out


_resolver = yaml.SafeLoader("")


class File:
    """A file while it is read, and all that is wrong with it."""

    def __init__(self, path: Path, lists: Iterable[str] = (), rules: Iterable[str] = ()) -> None:
        self.path = path
        self.lists = frozenset(lists)
        """Names of lists that may be asked for."""
        self.own_lists: dict[str, frozenset[str]] = {}
        """What stands in those of this file."""
        self.rules = frozenset(rules)
        """Ids of rules that may be changed."""
        self.references: list[tuple[str, str]] = []
        """Place and id of each rule that another one speaks of."""
        self.identities: dict[str, str] = {}
        """The ids of its rules so far, and where they stand."""
        self._faults: dict[tuple[int, int, str], None] = {}
        self.beside: list[str] = []
        """What is wrong with files that this one names."""

    def fault(self, node: Node | None, message: str) -> None:
        """Note a fault; reading goes on and finds the next one."""
        self._faults[(node.line, node.column, message) if node else (1, 1, message)] = None

    @property
    def faults(self) -> list[str]:
        """Every fault so far, in the order of their places: `path:line:column: message`; those of files that it names come last."""
        ordered = sorted(self._faults, key=lambda fault: fault[:2])
        return [*(f"{self.path}:{line}:{column}: {message}" for line, column, message in ordered), *self.beside]

    def place(self, node: Node) -> str:
        """Where a node stands, for a fault that only shows beside other files."""
        return f"{self.path}:{node.line}:{node.column}"

    def root(self) -> Node:
        """The node of the whole file. Raises `PackError` where it can't be read, or is no YAML."""
        try:
            with self.path.open("rb") as opened:
                raw = opened.read(_LARGEST + 1)
        except FileNotFoundError as error:
            raise PackError(f"{self.path}: no such file") from error
        if len(raw) > _LARGEST:
            raise PackError(f"{self.path}: more than {_LARGEST >> 20} MiB, no pack is so large")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise PackError(f"{self.path}: byte {error.start}: not UTF-8, save the file as UTF-8") from error
        try:
            node = self._compose(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
            raise PackError(f"{self.path}{place}: no YAML: {error.problem}") from error
        except yaml.reader.ReaderError as error:
            before = text[: text.index(chr(error.character))]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            raise PackError(f"{self.path}:{line}:{column}: no YAML: {error.reason} (U+{error.character:04X})") from error
        if node is None:
            raise PackError(f"{self.path}: the file is empty")
        return node

    def _compose(self, text: str) -> Node | None:
        root = Node(1, 1, items=[])
        open_nodes = [root]
        waiting: list[Node | None] = [None]  # in each open mapping the key that waits for its value

        def add(node: Node) -> None:
            parent = open_nodes[-1]
            if parent.items is not None:
                parent.items.append(node)
            elif parent.pairs is not None:
                key = waiting[-1]
                if key is None:
                    waiting[-1] = node
                else:
                    parent.pairs.append((key, node))
                    waiting[-1] = None

        event: Any  # PyYAML's types do not say that events from a text have marks
        for event in yaml.parse(io.StringIO(text), Loader=_Loader):
            mark = event.start_mark
            if isinstance(event, yaml.ScalarEvent):
                node = Node(mark.line + 1, mark.column + 1, event.value, plain=event.implicit[0])
                if event.anchor or (event.tag and event.tag != "!"):
                    self._refuse(node, event)
                add(node)
            elif isinstance(event, yaml.CollectionStartEvent):
                sequence = isinstance(event, yaml.SequenceStartEvent)
                node = Node(mark.line + 1, mark.column + 1, items=[] if sequence else None, pairs=None if sequence else [])
                if event.anchor or event.tag:
                    self._refuse(node, event)
                add(node)
                open_nodes.append(node)
                waiting.append(None)
                if len(open_nodes) > _DEEPEST:
                    raise PackError(f"{self.place(node)}: more than {_DEEPEST} blocks within blocks, no pack is so deep")
            elif isinstance(event, yaml.CollectionEndEvent):
                open_nodes.pop()
                waiting.pop()
            elif isinstance(event, yaml.AliasEvent):
                node = Node(mark.line + 1, mark.column + 1, f"*{event.anchor}")
                self.fault(node, f"alias '*{event.anchor}': packs have no aliases, write the value itself")
                add(node)
            elif isinstance(event, yaml.DocumentStartEvent) and root.items:
                raise PackError(f"{self.path}:{mark.line + 1}:{mark.column + 1}: a second document ('---') in one file, expected one")
        return root.items[0] if root.items else None

    def _refuse(self, node: Node, event: Any) -> None:
        if event.anchor:
            self.fault(node, f"anchor '&{event.anchor}': packs have no anchors, take it away")
        if event.tag:
            self.fault(node, f"tag {event.tag!r}: packs have no tags, take it away")


def number(text: str) -> float | None:
    """The number that a text is, if any; no infinities."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
