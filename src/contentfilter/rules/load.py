"""Pack files → `WordLists`, strictly: every fault of a file is reported at once, each with its line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from contentfilter.categories import Category
from contentfilter.errors import PackError

from .schema import Rule, TermSpec, WordLists

PACKS = (*(category.value for category in Category), "context")
"""The shipped packs, in the order in which they are read."""

_PACK_KEYS = {"name", "version", "language", "category", "rules"}
_RULE_KEYS = {"id", "describe", "severity", "weight", "origin", "terms", "examples", "category"}
_DEFAULT_KEYS = {"toneless", "needs", "within", "segment"}
_TERM_KEYS = {"term", "weight", "reason"} | _DEFAULT_KEYS
_TONELESS = ("never", "company", "free")

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _File:
    """One YAML file while it is read: where each value stands, and what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: dict[tuple[int, int, str], None] = {}

    def fault(self, node: yaml.Node | None, message: str) -> None:
        mark = node.start_mark if node is not None else None
        self.faults[(mark.line + 1, mark.column + 1, message) if mark else (1, 1, message)] = None

    def raise_faults(self) -> None:
        if self.faults:
            ordered = sorted(self.faults, key=lambda fault: fault[:2])
            raise PackError("\n".join(f"{self.path}:{line}:{column}: {message}" for line, column, message in ordered))

    def root(self) -> yaml.Node:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise PackError(f"{self.path}: no such file") from error
        except OSError as error:
            raise PackError(f"{self.path}: {error.strerror}, expected a YAML file") from error
        except UnicodeDecodeError as error:
            raise PackError(f"{self.path}: byte {error.start}: not UTF-8, save the file as UTF-8") from error
        try:
            node = yaml.compose(text, Loader=_Loader)
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

    # Each reader answers a usable value even after a fault, so that reading goes on and finds the next one.

    def mapping(self, node: yaml.Node, known: set[str], needed: Iterable[str] = ()) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"found {_found(node)}, expected keys: {', '.join(sorted(known))}")
            return {}
        values: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in known:
                self.fault(key, f"unknown key {name!r}, expected one of: {', '.join(sorted(known))}")
            elif name in values:
                self.fault(key, f"key {name!r} stands here twice")
            values[name] = value
        for name in sorted(needed):
            if name not in values:
                self.fault(node, f"key {name!r} is missing")
        return values

    def sequence(self, node: yaml.Node | None) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, f"found {_found(node)}, expected a list")
            return []
        return list(node.value)

    def string(self, node: yaml.Node | None, what: str) -> str:
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or node.tag != "tag:yaml.org,2002:str":
            self.fault(node, f"{what}: found {_found(node)}, expected text; put it in quotes if it is meant so")
            return ""
        if not node.value.strip():
            self.fault(node, f"{what}: the text is empty")
        return str(node.value)

    def strings(self, node: yaml.Node | None, what: str) -> tuple[str, ...]:
        return tuple(self.string(item, what) for item in self.sequence(node))

    def number(self, node: yaml.Node | None, what: str, low: float, high: float, default: float) -> float:
        if node is None:
            return default
        try:
            value = float(node.value) if isinstance(node, yaml.ScalarNode) else None
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            self.fault(node, f"{what}: found {_found(node)}, expected a number from {low:g} to {high:g}")
            return default
        return value

    def whole(self, node: yaml.Node | None, what: str, low: int, high: int, default: int) -> int:
        value = self.number(node, what, low, high, default)
        if node is not None and value != int(value):
            self.fault(node, f"{what}: found {_found(node)}, expected a whole number")
        return int(value)

    def choice(self, node: yaml.Node | None, what: str, choices: Sequence[str]) -> str | None:
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode) or node.value not in choices:
            self.fault(node, f"{what}: found {_found(node)}, expected one of: {', '.join(choices)}")
            return None
        return str(node.value)

    def truth(self, node: yaml.Node | None, what: str, default: bool) -> bool:
        value = self.choice(node, what, ("true", "false"))
        return default if value is None else value == "true"


def _found(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return repr(node.value)
    return "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"


def load_pack(path: Path) -> tuple[str, str, tuple[Rule, ...]]:
    """Read one pack: its name, its version, its rules. Raises `PackError` with every fault of the file."""
    file = _File(path)
    top = file.mapping(file.root(), _PACK_KEYS, _PACK_KEYS)
    categories = _categories(file, top.get("category"))
    rules = tuple(_rule(file, node, categories) for node in file.sequence(top.get("rules")))
    name = file.string(top.get("name"), "name")
    version = file.string(top.get("version"), "version")
    file.raise_faults()
    return name, version, rules


def _categories(file: _File, node: yaml.Node | None) -> tuple[Category, ...]:
    nodes: list[yaml.Node | None] = [*file.sequence(node)] if isinstance(node, yaml.SequenceNode) else [node]
    if not nodes:
        file.fault(node, f"category: the list is empty, expected one of: {', '.join(Category)}")
    found = (file.choice(item, "category", [category.value for category in Category]) for item in nodes)
    return tuple(Category(value) for value in found if value is not None)


def _rule(file: _File, node: yaml.Node, categories: tuple[Category, ...]) -> Rule:
    values = file.mapping(node, _RULE_KEYS | _DEFAULT_KEYS, _RULE_KEYS - {"category"})
    describe = file.mapping(values["describe"], {"vi", "en"}, ("vi", "en")) if "describe" in values else {}
    examples = file.mapping(values["examples"], {"match", "pass"}, ("match", "pass")) if "examples" in values else {}
    weight = file.number(values.get("weight"), "weight", -10, 10, 0)
    defaults = _defaults(file, values)
    identity = file.string(values.get("id"), "id")
    terms = tuple(_term(file, term, weight, defaults) for term in file.sequence(values.get("terms")))
    if not terms:
        file.fault(values.get("terms", node), f"rule {identity}: no terms")
    return Rule(
        id=identity,
        categories=_categories(file, values["category"]) if "category" in values else categories,
        describe_vi=file.string(describe.get("vi"), "describe.vi"),
        describe_en=file.string(describe.get("en"), "describe.en"),
        severity=file.whole(values.get("severity"), "severity", 0, 3, 0),
        weight=weight,
        origin=file.string(values.get("origin"), "origin"),
        terms=terms,
        match=file.strings(examples.get("match"), "example"),
        passes=file.strings(examples.get("pass"), "example"),
    )


def _defaults(file: _File, values: Mapping[str, yaml.Node]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "toneless" in values:
        found["toneless"] = file.choice(values["toneless"], "toneless", _TONELESS)
    if "needs" in values:
        found["needs"] = file.strings(values["needs"], "needs")
    if "within" in values:
        found["within"] = file.whole(values["within"], "within", 1, 50, 5)
    if "segment" in values:
        found["segment"] = file.truth(values["segment"], "segment", False)
    return found


def _term(file: _File, node: yaml.Node, weight: float, defaults: dict[str, Any]) -> TermSpec:
    if isinstance(node, yaml.ScalarNode):
        return TermSpec(file.string(node, "term"), weight, **defaults)
    values = file.mapping(node, _TERM_KEYS, ("term",))
    return TermSpec(
        text=file.string(values.get("term"), "term"),
        weight=file.number(values.get("weight"), "weight", -10, 10, weight),
        reason=file.string(values.get("reason"), "reason"),
        **(defaults | _defaults(file, values)),
    )


def load_allowed(path: Path) -> tuple[str, ...]:
    """Innocent phrases: `allow:` with a list of {phrase, reason}."""
    file = _File(path)
    top = file.mapping(file.root(), {"allow"}, ("allow",))
    phrases: list[str] = []
    for node in file.sequence(top.get("allow")):
        values = file.mapping(node, {"phrase", "reason"}, ("phrase", "reason"))
        phrases.append(file.string(values.get("phrase"), "phrase"))
        file.string(values.get("reason"), "reason")
    file.raise_faults()
    return tuple(phrases)


def load_lists(path: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Named lists for `needs`."""
    file = _File(path)
    root = file.root()
    names = {key.value for key, _ in root.value} if isinstance(root, yaml.MappingNode) else set()
    found = tuple((name, file.strings(node, name)) for name, node in file.mapping(root, names).items())
    file.raise_faults()
    return found


def load_word_lists(folder: Path) -> WordLists:
    """The packs of a folder, its allow-lists and named lists.

    Raises `PackError` where a file is missing or faulty, or a rule id stands twice.
    """
    compounds = folder / "allow_compounds.txt"
    try:
        lines = compounds.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise PackError(f"{compounds}: no such file") from error
    allowed = (*load_allowed(folder / "allow.yaml"), *(line for line in lines if line and not line.startswith("#")))
    empty = WordLists((), allowed, load_lists(folder / "lists.yaml"), ())
    return with_packs(empty, (folder / f"{name}.yaml" for name in PACKS))


def with_packs(lists: WordLists, paths: Iterable[Path]) -> WordLists:
    """The word lists with more packs. Raises `PackError` where one is faulty, or a rule id stands twice."""
    packs = [load_pack(path) for path in paths]
    rules = (*lists.rules, *(rule for _, _, pack in packs for rule in pack))
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise PackError(f"rule id {rule.id!r} stands in two places; ids are unique over all packs")
        seen.add(rule.id)
    versions = (*lists.versions, *((name, version) for name, version, _ in packs))
    return WordLists(rules, lists.allowed, lists.lists, versions)
