"""Conditions of rules, judged where a hit of one of their parts stands: a rule that nothing hit costs nothing.

A part of a condition (a term, a pattern) is found like any term, under a number of its own behind those of the rules. A *gate* keeps a
rule's hits only where its condition holds, or, where the rule has no terms of its own, makes a hit of the parts that made it hold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from contentfilter.normalize.recognisers import RECOGNISERS

from .keywords import Term
from .near import Words, near
from .settle import Hit
from .shape import Shape


class Test(NamedTuple):
    """A node of a compiled condition; kinds are those of the pack format, and "found" for whatever can be hit."""

    kind: str
    of: tuple[Test, ...] = ()
    numbers: frozenset[int] = frozenset()
    """Of "found": rules and parts; a hit of any of them makes it hold."""
    least: float = -math.inf
    most: float = math.inf
    within: int = 0
    ordered: bool = False
    same_sentence: bool = False
    head: int = -1
    """Of "model": the head's index."""


class Gate(NamedTuple):
    """A rule and what must hold for it."""

    term: Term
    """What its hits are where the rule has no terms of its own; `term.rule` is its number."""
    test: Test
    has_terms: bool


class Conditions:
    """The gates of a filter, each behind those that it speaks of; immutable."""

    def __init__(self, gates: Sequence[Gate], rules: int) -> None:
        self._gates = gates
        self._rules = rules
        self._concerned: dict[int, list[int]] = {}
        for position, gate in enumerate(gates):
            for number in {gate.term.rule or 0, *numbers_of(gate.test)}:
                self._concerned.setdefault(number, []).append(position)

    def hold(self, hits: Iterable[Hit], text: str, shape: Shape, logits: Sequence[float]) -> list[Hit]:
        """Of a text's hits those whose conditions hold, placed, and those that conditions make.

        `logits` are the model's of this text, by head. Gates are looked at in their order, each only where it is concerned.
        """
        found: dict[int, list[Hit]] = {}
        for hit in hits:
            if (checked := _checked(hit, text)) is not None and checked.term.rule is not None:
                found.setdefault(checked.term.rule, []).append(checked)
        waiting = list({position for number in found for position in self._concerned.get(number, ())})
        heapify(waiting)
        seen = set(waiting)
        judge = _Judge(text, shape, logits, found)
        while waiting:
            gate = self._gates[heappop(waiting)]
            number = gate.term.rule or 0
            made_of = judge.holds(gate.test)
            if gate.has_terms:
                if made_of is None:
                    found.pop(number, None)
            elif made_of:
                found[number] = _made(gate.term, made_of)
                for position in self._concerned.get(number, ()):
                    if position not in seen:
                        seen.add(position)
                        heappush(waiting, position)
        return [hit for number, kept in found.items() if number < self._rules for hit in kept]


def numbers_of(test: Test) -> Iterable[int]:
    """The rules and parts that a test speaks of."""
    yield from test.numbers
    for inner in test.of:
        yield from numbers_of(inner)


def _checked(hit: Hit, text: str) -> Hit | None:
    """The hit placed in the caller's text; None where its recogniser says no."""
    placed = hit.placed()
    if not hit.term.check:
        return placed
    span = RECOGNISERS[hit.term.check].check(text, placed.start, placed.end)
    return Hit(span[0], span[1], placed.term, placed.steps, placed.missing, placed.categories) if span else None


def _made(term: Term, parts: Sequence[Hit]) -> list[Hit]:
    """Hits of a rule at the places of the parts that made it hold."""
    best: dict[tuple[int, int], Hit] = {}
    for part in parts:
        key = (part.start, part.end)
        if key not in best or len(part.steps) < len(best[key].steps):
            best[key] = part
    return [Hit(part.start, part.end, term, part.steps, part.missing, term.categories, part.line) for part in best.values()]


class _Judge:
    """The conditions of one text."""

    def __init__(self, text: str, shape: Shape, logits: Sequence[float], found: Mapping[int, list[Hit]]) -> None:
        self._text = text
        self._shape = shape
        self._logits = logits
        self._found = found
        self._words: Words | None = None

    def holds(self, test: Test) -> list[Hit] | None:
        """The hits that make a test hold, maybe none; None where it does not."""
        kind = test.kind
        if kind == "found":
            return [hit for number in sorted(test.numbers.intersection(self._found)) for hit in self._found[number]] or None
        if kind == "not":
            return [] if self.holds(test.of[0]) is None else None
        if kind == "model":
            logit = self._logits[test.head]
            return [] if _logit(test.least) <= logit <= _logit(test.most) else None
        if not test.of:
            return [] if test.least <= self._shape.measure(kind) <= test.most else None
        needs_all = kind in ("all", "near")
        if needs_all and any([part.kind == "found" and part.numbers.isdisjoint(self._found) for part in test.of]):
            return None  # most often
        inner: list[list[Hit] | None] = []
        for part in test.of:
            hits = self.holds(part)
            if hits is None and needs_all:
                return None
            inner.append(hits)
        if kind == "near":
            return near(self._places(), inner, test.within, test.ordered, test.same_sentence)
        every = [hit for hits in inner if hits is not None for hit in hits]
        if kind == "starts":
            return list(filter(self._places().none_before, every)) or None
        if kind == "ends":
            return list(filter(self._places().none_behind, every)) or None
        needed = {"all": len(inner), "any": 1, "count": test.least}[kind]
        return every if sum(hits is not None for hits in inner) >= needed else None

    def _places(self) -> Words:
        if self._words is None:
            self._words = Words(self._text)
        return self._words


def _logit(probability: float) -> float:
    if probability <= 0:
        return -math.inf
    return math.log(probability / (1 - probability)) if probability < 1 else math.inf
