"""Kinds of values in a pack: how each is read, with every fault told at its place, and its JSON Schema.

Each reader answers a usable value even after a fault, so that reading goes on and finds the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol

from .nodes import File, Node, number

Schema = dict[str, Any]


class Kind(Protocol):
    """What a value may be."""

    def read(self, file: File, node: Node, what: str) -> Any:
        """The value of a node; `what` names it in messages."""

    def schema(self) -> Schema:
        """The same as JSON Schema."""


@dataclass(frozen=True)
class Text:
    """Text, put in quotes where YAML would take it for something else."""

    check: Callable[[str], str | None] | None = None
    """Text → what is wrong with it, if anything."""

    def read(self, file: File, node: Node, what: str) -> str:
        if not node.is_text or node.text is None:
            file.fault(node, f"{what}: found {node.found}, expected text" + ("; put it in quotes if it is meant so" if node.text else ""))
            return ""
        if not node.text.strip():
            file.fault(node, f"{what}: the text is empty")
        elif self.check is not None and (wrong := self.check(node.text)):
            file.fault(node, f"{what}: {wrong}")
        return node.text

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`."""

    low: float
    high: float
    whole: bool = False

    def read(self, file: File, node: Node, what: str) -> float:
        value = number(node.text) if node.text is not None else None
        if value is None or not self.low <= value <= self.high:
            pointed = (node.text or "").replace(",", ".")  # as one writes it in Vietnamese
            likely = f", did you mean {pointed}?" if value is None and number(pointed) is not None else ""
            file.fault(node, f"{what}: found {node.found}, expected a {self._name} from {self.low:g} to {self.high:g}{likely}")
            return self.low
        if self.whole and value != int(value):
            file.fault(node, f"{what}: found {node.found}, expected a whole number")
        return int(value) if self.whole else value

    @property
    def _name(self) -> str:
        return "whole number" if self.whole else "number"

    def schema(self) -> Schema:
        return {"type": "integer" if self.whole else "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    choices: Sequence[str]

    def read(self, file: File, node: Node, what: str) -> str:
        if node.text is None or node.text not in self.choices:
            file.fault(node, f"{what}: found {node.found}, expected one of: {', '.join(self.choices)}" + meant(node.text, self.choices))
            return self.choices[0]
        return node.text

    def schema(self) -> Schema:
        return {"enum": list(self.choices)}


class Truth:
    """`true` or `false`."""

    def read(self, file: File, node: Node, what: str) -> bool:
        return Choice(("false", "true")).read(file, node, what) == "true"

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Many:
    """A list."""

    of: Kind
    least: int = 0
    most: int | None = None

    def read(self, file: File, node: Node, what: str) -> list[Any]:
        if node.items is None:
            file.fault(node, f"{what}: found {node.found}, expected a list")
            return []
        if len(node.items) < self.least:
            file.fault(node, f"{what}: found {len(node.items)} in the list, expected at least {self.least}")
        if self.most is not None and len(node.items) > self.most:
            file.fault(node, f"{what}: found {len(node.items)} in the list, expected at most {self.most}")
        return [self.of.read(file, item, what) for item in node.items]

    def schema(self) -> Schema:
        most = {"maxItems": self.most} if self.most is not None else {}
        return {"type": "array", "items": self.of.schema(), "minItems": self.least, **most}


@dataclass(frozen=True)
class Key:
    """A key of a mapping: what its value may be, and what it means, in one sentence."""

    kind: Kind
    about: str
    needed: bool = False


@dataclass(frozen=True)
class Keys:
    """A mapping with known keys."""

    keys: Mapping[str, Key]
    at_least_one_of: Sequence[str] = ()
    marked: bool = False
    """Shall the value say under "@" where it stands?"""

    def read(self, file: File, node: Node, what: str) -> dict[str, Any]:
        if node.pairs is None:
            file.fault(node, f"{what}: found {node.found}, expected keys: {', '.join(sorted(self.keys))}")
            return {}
        values: dict[str, Any] = {"@": file.place(node)} if self.marked else {}
        seen: set[str] = set()
        for key, value in node.pairs:
            name = key.text if key.text is not None else ""
            if name not in self.keys:
                file.fault(key, f"unknown key {name!r}{meant(name, self.keys) or ', expected one of: ' + ', '.join(sorted(self.keys))}")
            elif name in seen:
                file.fault(key, f"key {name!r} stands here twice")
            else:
                seen.add(name)
                values[name] = self.keys[name].kind.read(file, value, name)
        for name, key_ in sorted(self.keys.items()):
            if key_.needed and name not in seen:
                file.fault(node, f"key {name!r} is missing")
        if self.at_least_one_of and seen.isdisjoint(self.at_least_one_of):
            file.fault(node, f"{what}: none of the keys {', '.join(self.at_least_one_of)}; it could never match")
        return values

    def schema(self) -> Schema:
        needed = [name for name, key in self.keys.items() if key.needed]
        return {
            "type": "object",
            "properties": {name: {**key.kind.schema(), "description": key.about} for name, key in self.keys.items()},
            "additionalProperties": False,
            **({"required": needed} if needed else {}),
            **({"anyOf": [{"required": [name]} for name in self.at_least_one_of]} if self.at_least_one_of else {}),
        }


@dataclass(frozen=True)
class Table:
    """A mapping whose keys the writer chooses."""

    of: Kind
    keys: Kind = Text()

    def read(self, file: File, node: Node, what: str) -> dict[str, Any]:
        if node.pairs is None:
            file.fault(node, f"{what}: found {node.found}, expected a mapping")
            return {}
        values: dict[str, Any] = {}
        for key, value in node.pairs:
            name = self.keys.read(file, key, what)
            if name in values:
                file.fault(key, f"{what}: {name!r} stands here twice")
            values[name] = self.of.read(file, value, name or what)
        return values

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.of.schema()}


@dataclass(frozen=True)
class Either:
    """Text, or a list, or a mapping, each with a meaning of its own; those that are None may not stand here."""

    text: Kind | None = None
    items: Kind | None = None
    pairs: Kind | None = None
    expected: str = ""

    def read(self, file: File, node: Node, what: str) -> Any:
        kind = self.text if node.text is not None else self.items if node.items is not None else self.pairs
        if kind is None:
            file.fault(node, f"{what}: found {node.found}, expected {self.expected}")
            return []
        return kind.read(file, node, what)

    def schema(self) -> Schema:
        return {"anyOf": [kind.schema() for kind in (self.text, self.items, self.pairs) if kind is not None]}


@dataclass(frozen=True)
class Meant:
    """A kind whose value means something else."""

    kind: Kind
    value: Callable[[Any], Any]

    def read(self, file: File, node: Node, what: str) -> Any:
        return self.value(self.kind.read(file, node, what))

    def schema(self) -> Schema:
        return self.kind.schema()


@dataclass
class Named:
    """A kind that may hold itself; `kind` is set once all are there."""

    name: str
    kind: Kind = field(default_factory=Text)

    def read(self, file: File, node: Node, what: str) -> Any:
        return self.kind.read(file, node, what)

    def schema(self) -> Schema:
        return {"$ref": f"#/$defs/{self.name}"}


def meant(found: str | None, known: Collection[str], close: float = 0.7) -> str:
    """What the writer may have meant: ", did you mean 'severity'?", or nothing where none of the known is as `close` (difflib's ratio).

    >>> meant("sevrity", ["severity", "weight"])
    ", did you mean 'severity'?"
    """
    likely = get_close_matches(found or "", list(known), n=1, cutoff=close)
    return f", did you mean {likely[0]!r}?" if likely else ""
