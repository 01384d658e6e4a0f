"""Pack files → `WordLists`, strictly: every fault of every file is reported at once, each with its line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from contentfilter.categories import Category
from contentfilter.errors import PackError

from .format import ALLOW, LISTS, PACK, twice, wrong_term
from .kinds import Keys, Table, meant
from .nodes import File
from .schema import Rule, TermSpec, WordLists

PACKS = (*(category.value for category in Category), "context")
"""The shipped packs, in the order in which they are read."""

NamedLists = tuple[tuple[str, tuple[str, ...]], ...]


class Pack(NamedTuple):
    """One pack, read."""

    name: str
    version: str
    rules: tuple[Rule, ...]
    lists: NamedLists = ()
    places: Mapping[str, str] = {}
    """Rule id → where it stands: path:line:column."""
    files: Sequence[Path] = ()
    """Every file that was read for it."""
    references: Sequence[tuple[str, str]] = ()
    """Place and id of each rule that a condition speaks of; `fnmatch` patterns for several."""


def read(path: Path, kind: Keys | Table, lists: Iterable[str] = (), rules: Iterable[str] = ()) -> tuple[Any, File]:
    """The values of a file of this kind. Raises `PackError` with every fault of the file."""
    file = File(path, lists, rules)
    root = file.root()
    own = [value for key, value in root.pairs or () if key.text == "lists"]
    for name, phrases in (pair for value in own for pair in value.pairs or ()):
        if name.text:
            file.own_lists[name.text] = frozenset(phrase.text for phrase in phrases.items or () if phrase.text)
    file.lists |= file.own_lists.keys()
    values = kind.read(file, root, "the file")
    if file.faults:
        raise PackError("\n".join(file.faults))
    return values, file


def load_pack(path: Path, lists: Iterable[str] = ("address",)) -> Pack:
    """Read one pack; `lists` are the named lists that it may speak of besides its own. Raises `PackError` with every fault of the file."""
    values, file = read(path, PACK, lists)
    categories = _categories(values["category"])
    rules = tuple([_rule(file, rule, categories) for rule in values["rules"]])
    if file.faults:
        raise PackError("\n".join(file.faults))
    named = tuple((name, tuple(phrases)) for name, phrases in values.get("lists", {}).items())
    places = {rule["id"]: rule["@"] for rule in values["rules"]}
    files = (path, *(_in_folder(file, rule) for rule in values["rules"] if "term_file" in rule))
    return Pack(values["name"], values["version"], rules, named, places, files, file.references)


def _categories(found: str | Sequence[str]) -> tuple[Category, ...]:
    return (Category(found),) if isinstance(found, str) else tuple(map(Category, found))


def _rule(file: File, values: Mapping[str, Any], categories: tuple[Category, ...]) -> Rule:
    weight = values["weight"]
    defaults = _matching(values)
    from_file = _term_file(file, values) if "term_file" in values else []
    return Rule(
        id=values["id"],
        categories=_categories(values["category"]) if "category" in values else categories,
        describe_vi=values["describe"]["vi"],
        describe_en=values["describe"]["en"],
        severity=values["severity"],
        weight=weight,
        origin=values.get("origin", "judgement"),
        terms=terms((*values.get("terms", ()), *from_file), weight, defaults),
        match=tuple(values["examples"]["match"]),
        passes=tuple(values["examples"]["pass"]),
        status=values.get("status", "active"),
        patterns=tuple(values.get("regex", ())),
        when=values.get("when"),
        support_vi=values.get("support", {}).get("vi", ""),
        support_en=values.get("support", {}).get("en", ""),
    )


def terms(found: Iterable[Any], weight: float, defaults: Mapping[str, Any]) -> tuple[TermSpec, ...]:
    """Terms as read, the rule's weight and its defaults filled in."""
    return tuple([
        TermSpec(term, weight, **defaults)
        if isinstance(term, str)
        else TermSpec(term["term"], term.get("weight", weight), reason=term.get("reason", ""), **{**defaults, **_matching(term)})
        for term in found
    ])  # fmt: skip


def _matching(values: Mapping[str, Any]) -> dict[str, Any]:
    """How terms match, of what a rule or a term says."""
    found = {key: values[key] for key in ("toneless", "within", "segment", "place") if key in values}
    if "needs" in values:
        found["needs"] = tuple(values["needs"])
    if "views" in values:
        found["disguised"] = "skeleton" in values["views"]
        if "toneless" not in values["views"]:
            found["toneless"] = "never"
        elif found.get("toneless", "never") == "never":
            found["toneless"] = "free"
    return found


def _term_file(file: File, values: Mapping[str, Any]) -> list[str]:
    """The terms of a term file, one a line; it stands in the pack's folder or below it. Its faults are noted with those of the pack."""
    try:
        path = _in_folder(file, values)
        if not path.is_file():  # a pipe would be waited for
            raise PackError(f"{values['@']}: term_file: found {values['term_file']!r}, there is no such file in {file.path.parent}")
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        file.beside.append(f"{path}: byte {error.start}: not UTF-8, save the file as UTF-8")
        return []
    except PackError as error:
        file.beside.append(str(error))
        return []
    found: list[str] = []
    for number, line in enumerate(lines, 1):
        term = line.strip()
        if not term or term.startswith("#"):
            continue
        if wrong := wrong_term(term):
            file.beside.append(f"{path}:{number}:{line.index(term) + 1}: {wrong}")
        found.append(term)
    if not found:
        file.beside.append(f"{values['@']}: term_file: {values['term_file']!r} has no term, expected one a line")
    return found


def _in_folder(file: File, values: Mapping[str, Any]) -> Path:
    """The path of a term file. Raises `PackError` where it is not in the pack's folder."""
    name: str = values["term_file"]
    folder = file.path.resolve().parent
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise PackError(f"{values['@']}: term_file: found {name!r}, expected a file in the pack's own folder")
    return path


def load_allowed(path: Path) -> tuple[str, ...]:
    """Innocent phrases: `allow:` with a list of {phrase, reason}."""
    return tuple(row["phrase"] for row in read(path, ALLOW)[0]["allow"])


def load_lists(path: Path) -> NamedLists:
    """Named lists for `needs` and conditions."""
    return tuple((name, tuple(phrases)) for name, phrases in read(path, LISTS)[0].items())


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
    """The word lists with more packs. Raises `PackError` as `read_packs`."""
    return with_read(lists, read_packs(lists, paths))


def read_packs(lists: WordLists, paths: Iterable[Path]) -> list[Pack]:
    """Packs that go with the word lists. Raises `PackError` with every fault of all of them, and where they are right, of how they fit."""
    packs: list[Pack] = []
    faults: list[str] = []
    for path in paths:
        try:
            packs.append(load_pack(path, dict(lists.lists)))
        except PackError as error:
            faults.append(str(error))
    if faults or (faults := _faults_between(lists, packs)):
        raise PackError("\n".join(faults))
    return packs


def with_read(lists: WordLists, packs: Sequence[Pack]) -> WordLists:
    """The word lists with packs that were read for them."""
    return WordLists(
        rules=(*lists.rules, *(rule for pack in packs for rule in pack.rules)),
        allowed=lists.allowed,
        lists=(*lists.lists, *(named for pack in packs for named in pack.lists)),
        versions=(*lists.versions, *((pack.name, pack.version) for pack in packs)),
    )


def _faults_between(lists: WordLists, packs: Sequence[Pack]) -> list[str]:
    """Ids and names of lists that stand in two files, and rules that no file has."""
    faults: list[str] = []
    places = {rule.id: "the shipped packs" for rule in lists.rules}
    named = {name: "the shipped lists" for name, _ in lists.lists}
    for pack in packs:
        for identity, place in pack.places.items():
            if identity in places:
                faults.append(f"{place}: {twice(identity, places[identity])}")
            places.setdefault(identity, place)
        for name, _ in pack.lists:
            if name in named:
                faults.append(f"pack {pack.name}: list {name!r} stands in {named[name]} too; give it another name")
            named.setdefault(name, f"pack {pack.name}")
    for pack in packs:
        for place, wanted in pack.references:
            if wanted not in places and not any(fnmatchcase(identity, wanted) for identity in places):
                faults.append(f"{place}: rule: no rule {wanted!r}{'' if '*' in wanted else meant(wanted, places)}")
    return faults
