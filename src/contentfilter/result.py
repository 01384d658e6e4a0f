"""What a caller gets: `Result` and `Match`. Most texts are clean: what nobody asks for is not computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from contentfilter.categories import Action, Category
from contentfilter.chunks import ChunkTable
from contentfilter.decide.evidence import (
    ATTACKS,
    MODEL,
    NO_EVIDENCE,
    PRIOR,
    Contribution,
    Evidence,
    contributions,
    evidence_of,
    sum_up,
    weight_of,
)
from contentfilter.decide.judge import Judge, on_trial
from contentfilter.decide.policy import Policy
from contentfilter.errors import UNTOLD, fault_of
from contentfilter.masking import mask, mask_all
from contentfilter.match.settle import Hit
from contentfilter.model.spans import SpanModel
from contentfilter.normalize.entities import ENTITIES
from contentfilter.rules.schema import Rule

Logits = Sequence[Sequence[float]] | npt.NDArray[np.float64]
"""The model's calibrated logits, shape (texts, heads)."""

Told = TypeVar("Told")

MARKED_FROM: Final = 0.0
"""The logit of a text from which the model marks places in it: half likely. On ViHOS dev −2 would find more, but mark innocent texts."""


class Match(NamedTuple):
    """A place in the text that a rule or the model objects to."""

    start: int
    end: int
    """Half-open, in code points of the caller's text."""
    text: str
    """The caller's text there, as it stands."""
    category: Category
    rule: str
    """The rule's id; "model" where the model marked it."""
    source: Literal["keyword", "regex", "model"]
    steps: tuple[str, ...]
    """The disguises undone to find it, in order."""
    weight: float
    """The log-odds that it gave."""


@dataclass(frozen=True, slots=True)
class Scales:
    """What turns sums and settled matches into a result: the same for all results of a filter."""

    rules: Sequence[Rule]
    heads: Sequence[str]
    policy: Policy
    spans: SpanModel | None
    table: ChunkTable
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "judge", Judge(self.rules, self.heads, self.policy.bounds()))


class Result:
    """What a filter says of one text.

    What nobody asks for is not worked out. A fault on that late way raises nothing: it stands in `errors`, and the text is held
    for review. So read `action` after what is told, or take `to_dict`, which does.
    """

    __slots__ = ("_contributed", "_evidence", "_logits", "_position", "_scales", "action", "errors", "hits", "restored", "text", "watched")

    action: Action
    """What to do with the text."""
    text: str
    """The caller's text."""
    restored: str
    """The same with the diacritics that it most likely lost, and letters for the digits and signs in such words; as long."""
    errors: tuple[str, ...]
    """What kept the text from being judged or told whole, usually nothing. With an error the action is `review` or `block`."""

    def __init__(self, text: str, action: Action, scales: Scales, logits: Logits, position: int) -> None:
        self.text = text
        self.restored = text
        self.action = action
        self.hits: Sequence[Hit] = ()
        self.watched: Sequence[Hit] = ()
        self.errors = ()
        self._scales = scales
        self._logits = logits
        self._position = position
        self._contributed: list[Contribution] | None = None
        self._evidence: Evidence | None = None

    def hold(self, error: str) -> None:
        """Note what kept the text from being judged whole. A person must see it: masking would let the rest pass."""
        self.errors += (error,)
        if self.action is not Action.BLOCK:
            self.action = Action.REVIEW

    def _or_hold(self, tell: Callable[[], Told], otherwise: Told) -> Told:
        """What is told only when asked; where that fails, `otherwise`, and the text is held."""
        try:
            return tell()
        except Exception as error:
            fault = fault_of(error, judged=True)
            if fault not in self.errors:  # whoever asks again is told again
                self.hold(fault)
            return otherwise

    def take(self, hits: Sequence[Hit]) -> None:
        """Take over a text's settled matches; those of rules on trial are only watched."""
        self.hits = hits
        if on_trial(hits):
            self.hits = [hit for hit in hits if not hit.term.trial]
            self.watched = [hit for hit in hits if hit.term.trial]

    def keep_first(self, most: int) -> None:
        """Show the first `most` hits alone, and hold the text; the others still count in scores and severity."""
        count, self._evidence = len(self.hits), self.evidence
        self.hits = self.hits[:most]
        self.hold(f"max_matches: {count} matches, only the first {most} are shown")

    def contributions(self) -> list[Contribution]:
        """Every term of every category's sum, kept for who asks again."""
        if self._contributed is None:
            self._contributed = contributions(self._scales.rules, self.hits, self._scales.heads, self._plain_logits())
        return self._contributed

    def _plain_logits(self) -> list[float]:
        logits = self._logits[self._position]
        return logits.tolist() if isinstance(logits, np.ndarray) else list(logits)

    @property
    def log_odds(self) -> dict[Category, float]:
        """The sums behind the scores, of the categories that anything spoke to; all others stay at the prior."""
        return self._or_hold(lambda: sum_up(self.contributions()), dict[Category, float]())

    def action_with(self, rule: str) -> Action:
        """The action were the rule of this id, which is on trial, active."""
        rules = self._scales.rules
        active = [hit for hit in self.watched if hit.term.rule is not None and rules[hit.term.rule].id == rule]
        if not active:
            return self.action
        hits = [*self.hits, *active]
        action = self._scales.judge.action(hits, self._plain_logits())
        return Action.REVIEW if self.errors and action is not Action.BLOCK else action

    @property
    def evidence(self) -> Evidence:
        """The scores, the severities, and every term of the sums that gave them."""
        if self._evidence is None:
            self._evidence = self._or_hold(lambda: evidence_of(self._scales.rules, self.hits, self.contributions()), NO_EVIDENCE)
        return self._evidence

    @property
    def flagged(self) -> bool:
        """Is the action another than allow?"""
        return self.action is not Action.ALLOW

    @property
    def scores(self) -> dict[Category, float]:
        """The probability of each category, in [0, 1]; every category is there."""
        return dict(self.evidence.scores)

    @property
    def severity(self) -> dict[Category, int]:
        """How grave what was found is, 0 to 3; every category is there."""
        return dict(self.evidence.severity)

    @property
    def matches(self) -> tuple[Match, ...]:
        """Every settled match that speaks for a harm, in order of its start, also where it was too weak to act on.

        Where the model suspects the text, what it marks and no rule covers is there too.
        """
        return tuple(match for match, _ in self.matched())

    @property
    def trials(self) -> tuple[Match, ...]:
        """Every match of a rule on trial; none of them acts."""
        return self._or_hold(lambda: tuple(match for match, _ in self._watched()), ())

    def matched(self) -> list[tuple[Match, str]]:
        """Each match with the term that it was found to be, once the disguises are undone."""
        return matched([self])[0]

    def _suspicion(self) -> tuple[Category, float] | None:
        """Of what the model suspects the text, and its logit, where it may mark places."""
        if self._scales.spans is None or self.errors:
            return None
        logits = self._plain_logits()
        if max(logits) < MARKED_FROM:
            return None
        logit, head = max([(logit, head) for head, logit in zip(self._scales.heads, logits, strict=True) if head in ATTACKS])
        return (ATTACKS[head], logit) if logit >= MARKED_FROM else None

    def _ruled(self) -> list[tuple[Match, str]]:
        self.hits = [hit.placed() for hit in self.hits]  # worked out once, and the lines that it takes are let go
        return list(self._told(self.hits))

    def _watched(self) -> Iterator[tuple[Match, str]]:
        self.watched = [hit.placed() for hit in self.watched]
        yield from self._told(self.watched)

    def _told(self, hits: Sequence[Hit]) -> Iterator[tuple[Match, str]]:
        for hit in hits:
            weight = weight_of(hit)
            if weight <= 0 or hit.term.rule is None:
                continue
            rule, start, end, term = self._scales.rules[hit.term.rule].id, hit.start, hit.end, hit.term
            text = self.text[start:end]
            source: Literal["keyword", "regex"] = "regex" if term.regex or term.text in ENTITIES else "keyword"
            for category in hit.categories:
                yield Match(start, end, text, category, rule, source, hit.steps, weight), term.means or term.text

    @property
    def masked(self) -> str:
        """The text with the matches of flagged masking categories masked, as many graphemes as before.

        White space inside a match stays. Where a fault kept places from being told everything is masked.
        """
        return masked_with(self, self.matches) if self.flagged else self.text

    @property
    def tokens(self) -> list[str]:
        """The text's Vietnamese words, by underthesea; computed when asked, about half a millisecond a comment.

        Where that fails, what stands between spaces.
        """
        readable = self.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # its core takes no lone surrogates
        return self._or_hold(lambda: list(_word_tokenizer()(readable)), self.text.split())

    def explain(self, lang: Literal["vi", "en"] = "vi") -> str:
        """Why: the action, and for each category that anything spoke to, its score and every term of its sum."""
        from contentfilter.explain import explain

        return explain(self, lang)

    def support(self, lang: Literal["vi", "en"] = "vi") -> str:
        """A note that a service may show to who wrote a flagged text, such as where help is: that of the strongest rule which has one.

        Empty where none has. Raises `ValueError` for another language.
        """
        if lang not in ("vi", "en"):
            raise ValueError(f"lang: found {lang!r}, expected 'vi' or 'en'")
        return self._or_hold(lambda: self._support(lang), "") if self.flagged else ""

    def _support(self, lang: str) -> str:
        rules = self._scales.rules
        noted = [hit for hit in self.hits if hit.term.rule is not None and rules[hit.term.rule].support_vi and weight_of(hit) > 0]
        if not noted:
            return ""
        rule = rules[max(noted, key=weight_of).term.rule or 0]
        return rule.support_vi if lang == "vi" else rule.support_en

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON: action, flagged, scores, severity, matches, trials, errors."""
        told = {
            "scores": {category.value: score for category, score in self.evidence.scores.items()},
            "severity": {category.value: severity for category, severity in self.evidence.severity.items()},
            "matches": list(map(_plain, self.matches)),
            "trials": list(map(_plain, self.trials)),
        }  # a fault here changes the action
        return {"action": self.action.value, "flagged": self.flagged, **told, "errors": list(self.errors)}

    def rule(self, identity: str) -> Rule | None:
        """The rule of this id, for its descriptions; None for the model."""
        return next((rule for rule in self._scales.rules if rule.id == identity), None)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return self.text == other.text and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]  # compared by value, and a value of floats makes no good key

    def __repr__(self) -> str:
        count = len(self.matches)
        return f"<Result {self.action.value}: {count} matches>"


def logits_of(results: Sequence[Result]) -> npt.NDArray[np.float64]:
    """What the model says of each of one filter's results, (results, heads)."""
    groups: dict[int, list[int]] = {}
    for i, result in enumerate(results):
        groups.setdefault(id(result._logits), []).append(i)
    found = np.empty((len(results), len(results[0]._scales.heads) if results else 0))
    for places in groups.values():  # those that were judged together
        found[places] = np.asarray(results[places[0]]._logits, dtype=np.float64)[[results[i]._position for i in places]]
    return found


def masked_with(result: Result, matches: Sequence[Match]) -> str:
    """`Result.masked`, for who has the matches already."""
    if not result.flagged:
        return result.text
    masked = result._or_hold(lambda: _masked(result, matches), "")
    return mask_all(result.text) if any(error.startswith(UNTOLD) for error in result.errors) else masked


def _masked(result: Result, matches: Sequence[Match]) -> str:
    policy = result._scales.policy
    found = {match.category for match in matches} & set(policy.masking)
    sums = sum_up(result.contributions()) if found else {}
    hidden = {category for category in found if sums.get(category, PRIOR) >= policy.thresholds[category].least}
    spans = [(match.start, match.end) for match in matches if match.category in hidden] if hidden else []
    return mask(result.text, spans) if spans else result.text


def matched(results: Sequence[Result]) -> list[list[tuple[Match, str]]]:
    """The matches of each result of one filter, with their terms, in order of their start.

    The model's own are looked for in all texts at once; each has the weight that the model gives the whole text.
    """
    every = [result._or_hold(result._ruled, list[tuple[Match, str]]()) for result in results]
    suspected = [(found, result, told) for found, result in zip(every, results, strict=True) if (told := result._suspicion())]
    if not suspected or (spans := results[0]._scales.spans) is None:
        return every
    covered = [[(match.start, match.end) for match, _ in found] for found, _, _ in suspected]
    try:
        marked = spans.find([result.restored for _, result, _ in suspected], covered, suspected[0][1]._scales.table)
    except Exception:  # one of them, and which is found by looking at each alone
        marked = [_marked_alone(result, places, spans) for (_, result, _), places in zip(suspected, covered, strict=True)]
    for (found, result, (category, logit)), places in zip(suspected, marked, strict=True):
        for start, end in places:
            text = result.text[start:end]
            found.append((Match(start, end, text, category, MODEL, MODEL, (), logit - PRIOR), text))
        if places:
            found.sort(key=lambda told: told[0].start)
    return every


def _marked_alone(result: Result, covered: Sequence[tuple[int, int]], spans: SpanModel) -> list[tuple[int, int]]:
    return result._or_hold(lambda: spans.find([result.restored], [covered], result._scales.table)[0], list[tuple[int, int]]())


def _plain(match: Match) -> dict[str, Any]:
    return {**match._asdict(), "category": match.category.value, "steps": list(match.steps)}


@cache
def _word_tokenizer() -> Callable[[str], list[str]]:
    from underthesea import word_tokenize  # half a second to import

    tokenizer: Callable[[str], list[str]] = word_tokenize
    return tokenizer
