"""What each rule does to a set of texts: how often it is right, and what it changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from contentfilter.categories import Action
from contentfilter.decide.evidence import sum_up, told_by_rules
from contentfilter.decide.policy import Policy
from contentfilter.filter import ContentFilter
from contentfilter.result import Result

from .cost import MOST, costs
from .labelled import Labelled

_BLOCK = 1024


@dataclass(slots=True)
class Measured:
    """What one rule did, in documents."""

    trial: bool = False
    hits: int = 0
    right: int = 0
    """Of labelled documents in which it matched, those that have a harm of its categories."""
    wrong: int = 0
    decisive: int = 0
    """Documents whose action would be another without it; of a rule on trial, with it."""
    beside: Counter[str] = field(default_factory=Counter)
    """Other rules that matched in the same documents."""
    texts: list[str] = field(default_factory=list)
    """The first texts in which it matched, to time it on."""

    def as_dict(self, relevant: int, seconds: float) -> dict[str, Any]:
        """Plain values; `relevant` labelled documents have a harm of its categories, and it takes so many seconds a document."""
        judged = self.right + self.wrong
        return {
            "hits": self.hits,
            "right": self.right,
            "false_alarms": self.wrong,
            "precision": self.right / judged if judged else None,
            "recall": self.right / relevant if relevant else None,
            "decisive": self.decisive,
            "beside": dict(self.beside.most_common(3)),
            "trial": self.trial,
            "microseconds": round(seconds * 1e6, 2),
        }


@dataclass(slots=True)
class Measurement:
    """What a filter's rules did to a set of texts."""

    documents: int = 0
    labelled: int = 0
    harms: Counter[str] = field(default_factory=Counter)
    """Labelled documents by category."""
    actions: Counter[str] = field(default_factory=Counter)
    clean: int = 0
    """Labelled documents without any harm."""
    flagged_clean: int = 0
    flagged_harmful: int = 0
    rules: dict[str, Measured] = field(default_factory=lambda: defaultdict(Measured))

    def add(self, document: Labelled, result: Result, contentfilter: ContentFilter) -> None:
        """Count one document."""
        self.documents += 1
        self.actions[result.action.value] += 1
        if document.harms is not None:
            self.labelled += 1
            self.clean += not document.harms
            self.harms.update(harm.value for harm in document.harms)
            if result.action is not Action.ALLOW:
                self.flagged_harmful += bool(document.harms)
                self.flagged_clean += not document.harms
        active = {contentfilter.rules[hit.term.rule or 0] for hit in result.hits}
        watched = {contentfilter.rules[hit.term.rule or 0] for hit in result.watched}
        for rule in active | watched:
            measured = self.rules[rule.id]
            measured.trial = rule in watched
            measured.hits += 1
            if len(measured.texts) < MOST:
                measured.texts.append(document.text)
            if document.harms is not None:
                told = not document.harms.isdisjoint(rule.categories)
                right = told if rule.weight > 0 else not document.harms  # a sign of innocence is right about the innocent
                measured.right += right
                measured.wrong += not right
            measured.beside.update(other.id for other in active if other is not rule)
            measured.decisive += _decides(result, rule.id, contentfilter.policy)

    def rows(self, contentfilter: ContentFilter) -> dict[str, dict[str, Any]]:
        """A row of plain values for each rule that matched, by id; times them, some hundredths of a second for each."""
        took = costs(contentfilter, {identity: one.texts for identity, one in self.rules.items()})
        return {
            identity: one.as_dict(self.relevant(contentfilter, identity), took[identity]) for identity, one in sorted(self.rules.items())
        }

    def relevant(self, contentfilter: ContentFilter, identity: str) -> int:
        """Labelled documents that a rule should match; none for a sign of innocence, which is there for others' sake."""
        rule = next(rule for rule in contentfilter.rules if rule.id == identity)
        return 0 if rule.weight <= 0 else max((self.harms[category.value] for category in rule.categories), default=0)


def _decides(result: Result, identity: str, policy: Policy) -> bool:
    """Would the text's action be another without the rule, or with it where it is on trial?"""
    own = result.contributions()
    other = [one for one in own if one[1] != identity]
    if len(other) == len(own):
        return result.action_with(identity) is not result.action
    before, after = (policy.action(sum_up(found), told_by_rules(found)) for found in (own, other))
    return before is not after


def judged(contentfilter: ContentFilter, documents: Iterable[Labelled]) -> Iterator[tuple[Labelled, Result]]:
    """Each document with its result, in order."""
    rest = iter(documents)
    while block := list(islice(rest, _BLOCK)):
        yield from zip(block, contentfilter.classify_batch([document.text for document in block]), strict=True)


def measure(contentfilter: ContentFilter, documents: Iterable[Labelled]) -> Measurement:
    """Run a filter over documents and count what its rules did."""
    found = Measurement()
    for document, result in judged(contentfilter, documents):
        found.add(document, result, contentfilter)
    return found


def changes(old: ContentFilter, new: ContentFilter, documents: Iterable[Labelled]) -> Iterator[tuple[Labelled, Result, Result]]:
    """The documents whose action differs between two filters, with both results."""
    for document, result in judged(new, documents):
        before = old.classify(document.text)
        if before.action is not result.action:
            yield document, before, result
