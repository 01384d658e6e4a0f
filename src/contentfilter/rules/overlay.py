"""A site's own changes to the packs, in a file of its own: what is off, other weights, terms, innocent phrases, thresholds and actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from contentfilter.categories import Action, Category

from .compounds import without_compounds
from .format import OVERLAY
from .load import read, terms
from .schema import OWN_WEIGHT, Rule, WordLists, own_rule


class Overlay(NamedTuple):
    """What an overlay says of decisions; what it says of rules is in the word lists."""

    thresholds: Mapping[Category, Mapping[str, float]]
    """Category → "review", "mask", "block" → the least score."""
    actions: Mapping[Category, Action]


def with_overlay(lists: WordLists, path: Path) -> tuple[WordLists, Overlay]:
    """The word lists as an overlay changes them, the very same where it changes none; and what it says of decisions.

    Raises `PackError` with every fault of the file; rules that there are not are faults.
    """
    values, _ = read(path, OVERLAY, dict(lists.lists), [rule.id for rule in lists.rules])
    overlay = Overlay(
        {Category(category): bounds for category, bounds in values.get("thresholds", {}).items()},
        {Category(category): Action(action) for category, action in values.get("actions", {}).items()},
    )
    if not any(key in values for key in ("status", "weights", "severity", "terms", "allow")):
        return lists, overlay
    own = tuple(_own_rules(values["overlay"], values.get("terms", {}), {rule.id for rule in lists.rules}))
    added = [term for found in values.get("terms", {}).values() for term in terms(found, OWN_WEIGHT, {})]
    words = [term.text for term in added if term.weight > 0 and not term.needs]
    lists = replace(
        lists,
        rules=(*(_changed(rule, values) for rule in lists.rules), *own),
        allowed=(*(without_compounds(lists.allowed, words) if words else lists.allowed), *values.get("allow", ())),
        versions=(*lists.versions, (values["overlay"], values["version"])),
        # what is announced depends on terms and weights alone; more than need be does no harm
        vocabulary=None if "weights" in values or "terms" in values or _wakes(lists, values) else lists.vocabulary,
        digest="",
    )
    return lists, overlay


def _said(identity: str, table: Mapping[str, Any]) -> Iterator[Any]:
    """What a table says of a rule: the last of what fits counts."""
    yield from (value for wanted, value in table.items() if fnmatchcase(identity, wanted))


def _wakes(lists: WordLists, values: Mapping[str, Any]) -> bool:
    """Does the overlay use rules that are off in the packs?"""
    return any(rule.status == "off" for rule in lists.rules for _ in _said(rule.id, values.get("status", {})))


def _changed(rule: Rule, values: Mapping[str, Any]) -> Rule:
    for weight in _said(rule.id, values.get("weights", {})):
        by = weight - rule.weight
        rule = replace(rule, weight=weight, terms=tuple([term._replace(weight=term.weight + by) for term in rule.terms]))
    for status in _said(rule.id, values.get("status", {})):
        rule = replace(rule, status=status)
    for severity in _said(rule.id, values.get("severity", {})):
        rule = replace(rule, severity=severity)
    if rule.id in values.get("terms", {}):
        rule = replace(rule, terms=(*rule.terms, *terms(values["terms"][rule.id], rule.weight, {})))
    return rule


def _own_rules(overlay: str, added: Mapping[str, Any], rules: set[str]) -> Iterator[Rule]:
    for category, found in added.items():
        if category not in rules:
            told = f"Từ thêm trong {overlay}", f"A term added by {overlay}"
            yield own_rule(f"own.{category}.{overlay}", Category(category), *told, terms(found, OWN_WEIGHT, {}))
