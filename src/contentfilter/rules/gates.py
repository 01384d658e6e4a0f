"""Rules' conditions → gates and their parts.

A condition can hold only where one of its *anchors* was hit: of `all` and `near` those of the one child that is rarest, of `any` those of
every child, of `not` and of what measures the text none. Texts are looked at for the sake of anchors; all other parts are found only in
texts that are looked at anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from contentfilter.categories import Category
from contentfilter.errors import PackError
from contentfilter.match.conditions import Gate, Test, numbers_of
from contentfilter.match.keywords import SIGN, Term

from .schema import Condition, Rule

Numbers = frozenset[int]
_FOUND = ("term", "list", "regex")
_ALWAYS = 1 << 60
"""More often than anything stands in texts."""


class Gates(NamedTuple):
    """All conditions, compiled."""

    gates: tuple[Gate, ...]
    """Each behind those that it speaks of."""
    parts: Mapping[Condition, int]
    """Terms, lists and patterns that conditions speak of → their numbers, behind those of the rules."""
    concerned: Numbers
    """Rules on whose hits a condition hangs, and parts one of which must be hit for a condition to hold: only beside those are conditions
    looked at."""
    anchors: Numbers
    """Those of them for whose sake a text is looked at."""
    signs: Numbers
    """Those on whose hits a sign of innocence hangs, which is listened to where the model alone suspects a text."""


def compile_gates(
    rules: Sequence[Rule], heads: Sequence[str] | None, frequency: Callable[[Condition], int], own: Collection[int] = ()
) -> Gates:
    """The gates of all rules with a condition. `heads` are the model's, None where no model is at hand; `frequency` tells how
    often a part stands in texts; `own` are the numbers of a site's own rules.

    Raises `PackError` where a condition could be looked up by nothing, speaks in a circle, or of a head that the model has not.
    """
    conditional = {number: rule for number, rule in enumerate(rules) if rule.when is not None and rule.status != "off"}
    compiler = _Compiler(rules, heads)
    tests = {number: compiler.test(rule.when, rule) for number, rule in conditional.items() if rule.when is not None}
    spoken_of = {number: frozenset(numbers_of(test)) for number, test in tests.items()}
    try:
        order = [number for number in TopologicalSorter(spoken_of).static_order() if number in tests]
    except CycleError as error:
        ids = [rules[number].id for number in error.args[1]]
        raise PackError(f"rule {ids[0]}: when: rules speak of each other in a circle: {' → '.join(ids)}") from error
    rarity = {number: frequency(part) for part, number in compiler.parts.items()}
    anchors: dict[int, Numbers] = {}
    for number in order:
        found = _anchors(tests[number], rarity)
        if not has_terms(rules[number]):
            if found is None:
                raise PackError(
                    f"rule {rules[number].id}: when: nothing that a text could be looked up by; "
                    "add a term, an entity, a list, a pattern or a rule that must be there"
                )
            anchors[number] = found
    must = frozenset(number for numbers in anchors.values() for number in numbers)
    telling = [number for number in anchors if rules[number].weight >= SIGN and rules[number].status != "part"]
    innocent = [number for number in tests if rules[number].weight < 0]
    return Gates(
        gates=tuple(Gate(_own_term(number, rules[number], number in own), tests[number], has_terms(rules[number])) for number in order),
        parts=compiler.parts,
        concerned=must.union(tests, *[filter(len(rules).__gt__, numbers) for numbers in spoken_of.values()]),
        anchors=_reached(telling, anchors),
        signs=_reached(innocent, spoken_of),
    )


def _reached(start: Iterable[int], links: Mapping[int, Numbers]) -> Numbers:
    """What is linked to these, straight or through others."""
    reached: set[int] = set()
    waiting = list(start)
    while waiting:
        for number in links.get(waiting.pop(), ()):
            if number not in reached:
                reached.add(number)
                waiting.append(number)
    return frozenset(reached)


def has_terms(rule: Rule) -> bool:
    """Has a rule anything of its own to find, so that its condition only keeps or drops that?"""
    return bool(rule.terms or rule.patterns)


def _own_term(number: int, rule: Rule, own: bool) -> Term:
    return Term(rule.id, number, rule.weight, categories=categories_of(rule), trial=rule.status == "trial", special=True, own=own)


def categories_of(rule: Rule) -> tuple[Category, ...]:
    """Where the hits of a rule compete for places: nowhere, if it only feeds others."""
    return rule.categories if rule.status != "part" else ()


class _Compiler:
    """Conditions → tests, numbering the parts on the way."""

    def __init__(self, rules: Sequence[Rule], heads: Sequence[str] | None) -> None:
        self._rules = rules
        self._heads = heads
        self.parts: dict[Condition, int] = {}

    def test(self, condition: Condition, rule: Rule) -> Test:
        kind = condition.kind
        if kind in _FOUND:
            return Test("found", numbers=frozenset((self.parts.setdefault(condition, len(self._rules) + len(self.parts)),)))
        if kind == "rule":
            return Test("found", numbers=self._referred(condition.text, rule))
        return Test(
            kind,
            tuple(self.test(inner, rule) for inner in condition.of),
            least=condition.least,
            most=condition.most,
            within=condition.within,
            ordered=condition.ordered,
            same_sentence=condition.same_sentence,
            head=self._head(condition.text, rule) if kind == "model" else -1,
        )

    def _referred(self, wanted: str, rule: Rule) -> Numbers:
        """The rules of this id. Those on trial are there only for others on trial: nothing acts by them. A pattern never means the rule
        itself.
        """
        return frozenset(
            number
            for number, other in enumerate(self._rules)
            if (other.id == wanted or (fnmatchcase(other.id, wanted) and other is not rule))
            and (other.status != "trial" or rule.status == "trial")
        )

    def _head(self, name: str, rule: Rule) -> int:
        if self._heads is None:
            return -1
        if name not in self._heads:
            raise PackError(f"rule {rule.id}: when: model: head {name!r}, expected one of: {', '.join(self._heads)}")
        return list(self._heads).index(name)


def _anchors(test: Test, rarity: Mapping[int, int]) -> Numbers | None:
    """Rules and parts of which one must be hit for the test to hold, none where it never can; None where it may hold without any hit."""
    if test.kind == "found":
        return test.numbers
    inner = [_anchors(part, rarity) for part in test.of] if test.kind != "not" else []

    def frequency(numbers: Numbers | None) -> int:
        return _ALWAYS if numbers is None else sum(rarity.get(number, 0) for number in numbers)

    if test.kind in ("all", "near"):
        return min(inner, key=frequency)
    if test.kind == "count":  # of so many that hold, one is among all but so many less one
        inner = sorted(inner, key=frequency)[: len(inner) - int(test.least) + 1]
    if not inner or None in inner:
        return None
    return frozenset(number for numbers in inner for number in numbers or ())
