"""The format of packs, overlays and lists, key by key. What is read, the JSON Schema and the completeness of the docs come from here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from contentfilter.categories import Action, Category
from contentfilter.normalize.entities import ENTITIES
from contentfilter.normalize.recognisers import RECOGNISERS

from .kinds import Choice, Either, Key, Keys, Many, Meant, Named, Number, Schema, Table, Text, Truth, meant
from .nodes import File, Node
from .regexes import fault_of
from .schema import Condition, PatternSpec
from .wildcards import expansions

_NAMED_NEEDS: Final = ("abuse", "model")
_LANGUAGES: Final = ("vi", "en")

_entity = re.compile(r"<[\w ]*>").finditer
_IDENTITY: Final = r"[a-z0-9_]+(\.[a-z0-9_]+)*"
_identity = re.compile(_IDENTITY).fullmatch


def wrong_term(term: str) -> str | None:
    """What is wrong with a term, if anything."""
    known = (*sorted(ENTITIES), *RECOGNISERS)
    for match in _entity(term):
        if match[0] not in known:
            return f"found {term!r}, there is no entity {match[0]!r}{meant(match[0], known) or ', expected one of: ' + ' '.join(known)}"
        if match[0] in RECOGNISERS and term.strip() != match[0]:
            return f"found {term!r}, but {match[0]} stands alone; ask for what is beside it with near"
    try:
        expansions(term)
    except ValueError as error:
        return f"found {term!r}, {error}"
    return None


def _wrong_identity(identity: str) -> str | None:
    if _identity(identity):
        return None
    return f"found {identity!r}, expected lower-case letters, digits and _ in parts with dots between, such as scam.parcel"


def twice(identity: str, before: str) -> str:
    """What is wrong with a rule whose id stands somewhere else before."""
    return f"rule id {identity!r} stands at {before} too; ids are unique over all packs"


class _Identity:
    """The id of a rule, which no other one of the file has."""

    def read(self, file: File, node: Node, what: str) -> str:
        identity = Text(_wrong_identity).read(file, node, what)
        before = file.identities.setdefault(identity, file.place(node))
        if identity and before != file.place(node):
            file.fault(node, twice(identity, before))
        return identity

    def schema(self) -> Schema:
        return {**Text().schema(), "pattern": f"^{_IDENTITY}$"}


_term = Text(wrong_term)

_SURELY: Final = 0.85
"""So close is a word to the name of a list that it is taken for that, misspelled."""


class _Need:
    """A word or phrase, an entity, or the name of a list: a name that is misspelled would be taken for a word."""

    def read(self, file: File, node: Node, what: str) -> str:
        need = _term.read(file, node, what)
        known = (*file.lists, *_NAMED_NEEDS)
        for entity in sorted(file.own_lists.get(need, frozenset((need,))) & RECOGNISERS.keys()):
            where = "" if entity == need else f" in the list {need!r}"
            file.fault(node, f"{what}: {entity}{where} settles no term; ask for it with when: {{near: {{of: [term, {entity}]}}}}")
        if need and need not in known and " " not in need and need.isascii() and ("_" in need or meant(need, known, _SURELY)):
            file.fault(node, f"{what}: no list {need!r}{meant(need, known, _SURELY)}")
        return need

    def schema(self) -> Schema:
        return Text().schema()


class _ListName:
    """The name of a list, as a condition."""

    def read(self, file: File, node: Node, what: str) -> Condition:
        name = Text().read(file, node, what)
        if name and name not in file.lists:
            file.fault(node, f"{what}: no list {name!r}{meant(name, file.lists) or ', expected one of: ' + ', '.join(sorted(file.lists))}")
        return Condition("list", text=name)

    def schema(self) -> Schema:
        return Text().schema()


class _RuleName:
    """The id of a rule, or of all that begin alike ("scam.*"), as a condition; whether they exist shows when all packs are read."""

    def read(self, file: File, node: Node, what: str) -> Condition:
        name = Text().read(file, node, what)
        file.references.append((file.place(node), name))
        return Condition("rule", text=name)

    def schema(self) -> Schema:
        return Text().schema()


class _Pattern:
    """A regular expression: text, or a mapping that names its literal too."""

    _keys: Final = Keys({
        "pattern": Key(Text(), "The regular expression.", needed=True),
        "literal": Key(Text(), "Letters or digits without which it can't match, where the compiler finds none."),
    })  # fmt: skip

    def read(self, file: File, node: Node, what: str) -> PatternSpec:
        values = self._keys.read(file, node, what) if node.pairs is not None else {"pattern": Text().read(file, node, what)}
        pattern, literal = values.get("pattern", ""), values.get("literal", "")
        if pattern and (wrong := fault_of(pattern, literal)):
            file.fault(node, f"{what}: {wrong}")
        return PatternSpec(pattern, literal)

    def schema(self) -> Schema:
        return {"anyOf": [Text().schema(), self._keys.schema()]}


@dataclass(frozen=True)
class _OneOf:
    """A mapping with exactly one key, which says the kind of condition."""

    keys: Keys

    def read(self, file: File, node: Node, what: str) -> Condition:
        values = self.keys.read(file, node, what)
        if node.pairs is not None and len(node.pairs) != 1:
            file.fault(node, f"{what}: found {len(node.pairs)} keys, expected one condition; put several under 'all:' or 'any:'")
        counted = values.get("count", {})
        if counted.get("least", 0) > len(counted.get("of", ())) > 0:
            file.fault(node, f"count: found least {counted['least']} of {len(counted['of'])}; it could never hold")
        return next((_condition(kind, value) for kind, value in values.items()), Condition("all"))

    def schema(self) -> Schema:
        return {**self.keys.schema(), "minProperties": 1, "maxProperties": 1}


def _condition(kind: str, value: Any) -> Condition:
    if isinstance(value, Condition):
        return value if kind in ("rule", "list") else Condition(kind, (value,))
    if isinstance(value, PatternSpec):
        return Condition("regex", text=value.pattern, of=(Condition("literal", text=value.literal),) if value.literal else ())
    if isinstance(value, list):
        return Condition(kind, tuple(value))
    fields = {key: found for key, found in value.items() if key not in ("of", "head")}
    return Condition(kind, tuple(value.get("of", ())), text=value.get("head", ""), **fields)


_regex = _Pattern()

CONDITION: Final = Named("condition")
_conditions = Many(CONDITION, least=1)


def _bounds(low: float, high: float, whole: bool = False) -> Keys:
    return Keys(
        {"least": Key(Number(low, high, whole), "At least so much."), "most": Key(Number(low, high, whole), "At most so much.")},
        at_least_one_of=("least", "most"),
    )


_SHARE: Final = _bounds(0, 1)
_COUNT: Final = _bounds(0, 1_000_000, whole=True)

CONDITIONS: Final = Keys({
    "all": Key(_conditions, "Every one of these holds."),
    "any": Key(_conditions, "One of these holds at least."),
    "not": Key(CONDITION, "This does not hold."),
    "count": Key(Keys({
        "least": Key(Number(1, 100, whole=True), "How many of them hold, at least.", needed=True),
        "of": Key(_conditions, "The conditions that are counted.", needed=True),
    }), "At least so many of these hold."),
    "near": Key(Keys({
        "of": Key(Many(CONDITION, least=2, most=6), "What stands together: terms, lists, patterns, rules, or any of them.", needed=True),
        "within": Key(Number(0, 100, whole=True), "Syllables between two that follow each other, at most.", needed=True),
        "ordered": Key(Truth(), "Do they stand in this order?"),
        "same_sentence": Key(Truth(), "May no full stop, question mark, exclamation mark or line break stand between them?"),
    }), "These stand near each other."),
    "starts": Key(_conditions, "The text starts with one of these, marks before it apart."),
    "ends": Key(_conditions, "The text ends with one of these, marks behind it apart."),
    "rule": Key(_RuleName(), "This rule matches; scam.* is any rule whose id begins so."),
    "list": Key(_ListName(), "Something of this named list stands in the text."),
    "regex": Key(_regex, "This pattern matches."),
    "characters": Key(_COUNT, "The length of the text in characters."),
    "syllables": Key(_COUNT, "The number of its syllables and other words."),
    "capitals": Key(_SHARE, "The share of capitals among its letters."),
    "emoji": Key(_SHARE, "The share of emoji among its characters, white space apart."),
    "strange": Key(_SHARE, "The share of its words of letters that are no Vietnamese syllables."),
    "repeated_lines": Key(_SHARE, "The share of its lines that stood in it before, empty ones apart."),
    "links": Key(_COUNT, "The number of links and domains."),
    "phones": Key(_COUNT, "The number of Vietnamese phone numbers."),
    "model": Key(Keys({
        "head": Key(Text(), "What the model is asked about: a head, such as toxic or hate.", needed=True),
        "least": Key(Number(0, 1), "At least this probability."),
        "most": Key(Number(0, 1), "At most this probability."),
    }, at_least_one_of=("least", "most")), "The model's own probability."),
})  # fmt: skip
CONDITION.kind = Either(
    text=Meant(_term, lambda text: Condition("term", text=text)), pairs=_OneOf(CONDITIONS), expected="a term or a condition"
)

_DEFAULTS: Final = {
    "toneless": Key(Choice(("never", "among", "company", "free")), "May it match where its tones are missing?"),
    "needs": Key(Many(_Need()), "What settles it where it is ambiguous: one of these stands near."),
    "within": Key(Number(1, 50, whole=True), "How near, in syllables."),
    "segment": Key(Truth(), "Must it begin and end where Vietnamese words do?"),
    "views": Key(Many(Choice(("plain", "skeleton", "toneless")), least=1), "The views in which it may match."),
    "place": Key(Choice(("whole", "prefix", "suffix", "inside")), "Is it whole syllables, or the beginning, the end, or any part of one?"),
}

_WEIGHT: Final = Number(-10, 10)

_term_keys = Keys({
    "term": Key(_term, "A word or phrase.", needed=True),
    "weight": Key(_WEIGHT, "Its own log-odds, instead of the rule's."),
    "reason": Key(Text(), "Why it is there, where that is not plain."),
    **_DEFAULTS,
})  # fmt: skip
TERMS: Final = Many(Either(text=_term, pairs=_term_keys, expected="a term"), least=1)

_status = Choice(("active", "trial", "part", "off"))
_category = Choice([category.value for category in Category])
_categories = Either(text=_category, items=Many(_category, least=1), expected="a category")

RULE: Final = Keys({
    "id": Key(_Identity(), "Its name, unique over all packs.", needed=True),
    "describe": Key(Keys({
        "vi": Key(Text(), "In Vietnamese.", needed=True),
        "en": Key(Text(), "In English.", needed=True),
    }), "What it finds, as moderators read it.", needed=True),
    "severity": Key(Number(0, 3, whole=True), "How grave: 0 nothing, 1 mild, 2 grave, 3 the gravest.", needed=True),
    "weight": Key(_WEIGHT, "Log-odds that a match gives; negative for a sign of innocence, 0 to keep a place from others.", needed=True),
    "status": Key(_status, "trial: matched and reported, never acting; part: only feeds the conditions of others; off: not looked for."),
    "origin": Key(Text(), "Where the weight comes from."),
    "support": Key(Keys({
        "vi": Key(Text(), "In Vietnamese.", needed=True),
        "en": Key(Text(), "In English.", needed=True),
    }), "A note that a service may show to who wrote the text, such as where help is."),
    "category": Key(_categories, "Its own category, instead of the pack's."),
    "terms": Key(TERMS, "Words and phrases."),
    "term_file": Key(Text(), "A text file in the pack's folder with more terms, one a line."),
    "regex": Key(Many(_regex, least=1), "Regular expressions, which run where a literal of theirs was found."),
    "when": Key(CONDITION, "What must hold besides."),
    "examples": Key(Keys({
        "match": Key(Many(Text()), "Texts in which it must match.", needed=True),
        "pass": Key(Many(Text()), "Texts in which it must not.", needed=True),
    }), "Tests of the rule.", needed=True),
    **_DEFAULTS,
}, at_least_one_of=("terms", "term_file", "regex", "when"), marked=True)  # fmt: skip

PACK: Final = Keys({
    "name": Key(Text(), "The pack's name.", needed=True),
    "version": Key(Text(), "Its version.", needed=True),
    "language": Key(Choice(_LANGUAGES), "The language of its texts.", needed=True),
    "category": Key(_categories, "The category of its rules, or several.", needed=True),
    "lists": Key(Table(Many(_term)), "Named lists for needs and conditions."),
    "rules": Key(Many(RULE), "The rules.", needed=True),
})  # fmt: skip

ALLOW: Final = Keys({
    "allow": Key(Many(Keys({
        "phrase": Key(Text(), "An innocent phrase.", needed=True),
        "reason": Key(Text(), "Why it is innocent.", needed=True),
    })), "Phrases inside which nothing is a match.", needed=True),
})  # fmt: skip
LISTS: Final = Table(Many(Text()))


class _Known:
    """The id of a rule that there is, or `scam.*` for all that begin so; with `categories`, a category too."""

    def __init__(self, categories: bool = False) -> None:
        self._also: Sequence[str] = _category.choices if categories else ()

    def read(self, file: File, node: Node, what: str) -> str:
        name = Text().read(file, node, what)
        if name and name not in self._also and not any(fnmatchcase(rule, name) for rule in file.rules):
            file.fault(node, f"{what}: no rule {name!r}{meant(name, (*file.rules, *self._also))}")
        return name

    def schema(self) -> Schema:
        return Text().schema()


_bound = Number(0, 1)
_thresholds = Keys({
    "review": Key(_bound, "The least score at which a person looks at the text."),
    "mask": Key(_bound, "The least score at which matches are masked."),
    "block": Key(_bound, "The least score at which the text is blocked."),
}, at_least_one_of=("review", "mask", "block"))  # fmt: skip
_actions = Choice([action.value for action in Action])

OVERLAY: Final = Keys({
    "overlay": Key(Text(), "The overlay's name.", needed=True),
    "version": Key(Text(), "Its version.", needed=True),
    "status": Key(Table(_status, _Known()), "Rules (or all that begin alike, scam.*) and the status they get."),
    "weights": Key(Table(_WEIGHT, _Known()), "Rules and the weight they get; terms with weights of their own move as far."),
    "severity": Key(Table(Number(0, 3, whole=True), _Known()), "Rules and the severity they get."),
    "thresholds": Key(Table(_thresholds, _category), "Categories and the least scores at which something is done."),
    "actions": Key(Table(_actions, _category), "Categories and all that is done about them, from the score where anything is."),
    "terms": Key(Table(TERMS, _Known(categories=True)), "Rules, or categories, and the terms added to them."),
    "allow": Key(Many(Text()), "Phrases inside which nothing is a match."),
})  # fmt: skip
