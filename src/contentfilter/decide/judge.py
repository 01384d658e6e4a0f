"""Settled matches and logits → the action, on flat tables made once for a filter: every text with a match goes this way.

It is the policy's action on what `contributions` tells term by term, to the bit; a test holds both together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, final

from contentfilter.categories import ABUSE, Action, Category
from contentfilter.match.settle import Hit
from contentfilter.rules.schema import Rule

from .evidence import (
    AIMED,
    ATTACKED,
    BY_NUMBER,
    EVEN,
    HEADS,
    MOST_ADDED,
    NUMBERS,
    OTHER_ABUSE,
    PRIOR,
    TOXIC,
    Spoken,
    beside_rules,
    beside_toxic,
    spoken,
)

_SILENT: Final = -math.inf
_MARGIN: Final = 1e-6
"""More than a sum in another order errs by."""
_ACTIONS: Final = tuple(Action)
_ALLOW: Final = 0
_REVIEW: Final = 1
_MASK: Final = 2
_BLOCK: Final = 3
"""Places in `_ACTIONS`."""

_MARKED: Final = frozenset((Category.INSULT, Category.HATE))
"""Where the model alone marks places too, so that masking hides something."""
_DOUBTED: Final = frozenset((Category.SCAM, Category.SPAM, Category.GAMBLING, Category.ILLICIT, Category.PII))
"""Kinds of trade, and numbers: everyday talk is fuller of money and digits than the texts of our own from which the model knows them."""
_DOUBT: Final = math.log(1.5)
"""How much surer, in log-odds, the model alone must be of those: odds of three to two where a policy asks for even ones. A judgement."""


@final
class Bounds:
    """Of each category, by its number, the least log-odds at which a text is held for review, masked, blocked; immutable."""

    __slots__ = ("_alone", "_block", "_mask", "_review", "least")

    def __init__(self, log_odds: Mapping[Category, tuple[float, float, float]]) -> None:
        every = [log_odds[category] for category in BY_NUMBER]
        self._review = [review for review, _, _ in every]
        self._mask = [mask for _, mask, _ in every]
        self._block = [block for _, _, block in every]
        self.least = list(map(min, every))
        """Those at which anything is done."""
        self._alone = [least + _DOUBT * (category in _DOUBTED) for category, least in zip(BY_NUMBER, self.least, strict=True)]

    def action(self, number: int, log_odds: float, alone: bool) -> int:
        """The place of what to do with a category of these log-odds. Where no rule speaks for it (`alone`) the model does, and a person
        looks: what no rule can name is neither blocked nor, as there is nothing to mask in it, let pass masked."""
        if log_odds < (self._alone[number] if alone else self.least[number]):
            return _ALLOW
        action = _BLOCK if log_odds >= self._block[number] else _MASK if log_odds >= self._mask[number] else _REVIEW
        return _REVIEW if alone and not (action == _MASK and _IS_MARKED[number]) else action


@final
class Judge:
    """Rules, the heads of a model, and the bounds of a policy; immutable."""

    __slots__ = ("_bounds", "_heads", "_others", "_places", "_supporting", "_toxic", "suspected_from")

    def __init__(self, rules: Sequence[Rule], heads: Sequence[str], bounds: Bounds) -> None:
        self._bounds = bounds
        self._heads = [NUMBERS[HEADS[head]] if head in HEADS else -1 for head in heads]
        self._places = [self._heads.index(number) if number in self._heads else -1 for number in range(len(BY_NUMBER))]
        self._toxic = self._places[NUMBERS[HEADS[TOXIC]]]
        self._others = [number for number, is_other in enumerate(_IS_OTHER_ABUSE) if is_other and self._places[number] < 0]
        self._supporting = [bool(rule.support_vi) for rule in rules]
        self.suspected_from = [bounds.least[number] - _MARGIN if number >= 0 else math.inf for number in self._heads]
        """For each head the logit under which the model alone can't flag a text."""

    def action(self, hits: Sequence[Hit], logits: list[float]) -> Action:
        """The policy's action on what these hits and the model say.

        Who speaks of wanting to die is never blocked, nor let pass with a few words masked, whatever else they say: people in despair
        swear. A policy that blocks or masks self-harm itself is obeyed.
        """
        every = spoken(hits)
        toxic = logits[self._toxic] - PRIOR if self._toxic >= 0 else 0.0
        told = self._told(every, logits, toxic)
        action = _ALLOW
        for number in self._concerned(every, logits, toxic):
            action = max(action, self._bounds.action(number, self._sum(number, every, logits, toxic), number not in told))
        if action >= _MASK and self._in_despair(hits):
            own = self._bounds.action(_OF_DESPAIR, self._sum(_OF_DESPAIR, every, logits, toxic), False)
            if own not in (_ALLOW, _BLOCK, action):
                action = _REVIEW
        return _ACTIONS[action]

    def _concerned(self, every: list[Spoken], logits: list[float], toxic: float) -> list[int]:
        """The numbers of the categories of which the sum may reach a bound; few do."""
        concerned = [number for _, number, _ in every]
        for place, bound in enumerate(self.suspected_from):
            if logits[place] >= bound:
                concerned.append(self._heads[place])
        for number in self._others if toxic < 0 else ():
            concerned.append(number)
        return concerned

    def _told(self, every: list[Spoken], logits: list[float], toxic: float) -> set[int]:
        """The numbers of the categories that rules speak for, as `told_by_rules` has it."""
        weights: dict[int, float] = {}
        for _, number, weight in every:
            if weight > 0:
                weights[number] = weights.get(number, 0.0) + weight
        told: set[int] = set()
        for number, weight in weights.items():
            louder = weight < EVEN and not _IS_ATTACKED[number] and self._evidence(number, every, logits, toxic) > MOST_ADDED
            if not louder:
                told.add(number)
                if _IS_AIMED[number]:
                    told |= _ABUSE
        return told

    def _evidence(self, number: int, every: list[Spoken], logits: list[float], toxic: float) -> float:
        """What the model says of a category, as `model_evidence` has it; `_SILENT` where it says nothing."""
        harmful, by_rules = False, 0.0
        for _, one, weight in every:
            if one == number:
                by_rules += weight
                harmful = harmful or weight > 0
        place = self._places[number]
        if place < 0:
            return toxic if toxic < 0 and _IS_OTHER_ABUSE[number] and not harmful else _SILENT
        evidence = logits[place] - PRIOR
        if harmful:
            return beside_rules(evidence, by_rules, _IS_ATTACKED[number])
        return beside_toxic(evidence, toxic) if _IS_OTHER_ABUSE[number] else evidence

    def _sum(self, number: int, every: list[Spoken], logits: list[float], toxic: float) -> float:
        """The log-odds of a category."""
        evidence = self._evidence(number, every, logits, toxic)
        total = PRIOR if evidence == _SILENT else PRIOR + evidence
        for _, one, weight in every:
            if one == number:
                total += weight
        return total

    def _in_despair(self, hits: Sequence[Hit]) -> bool:
        """Does a match speak of self-harm for which there is a note of where help is?"""
        supporting = self._supporting
        return any(hit.term.weight > 0 and _SELF_HARM in hit.categories and supporting[hit.term.rule or 0] for hit in hits)


def on_trial(hits: Sequence[Hit]) -> bool:
    """Is any of them of a rule that is only watched?"""
    return any(hit.term.trial for hit in hits)


_SELF_HARM: Final = Category.SELF_HARM
_OF_DESPAIR: Final = NUMBERS[_SELF_HARM]
_ABUSE: Final = {NUMBERS[category] for category in ABUSE}
_IS_AIMED: Final = [category in AIMED for category in BY_NUMBER]
_IS_ATTACKED: Final = [category in ATTACKED for category in BY_NUMBER]
_IS_MARKED: Final = [category in _MARKED for category in BY_NUMBER]
_IS_OTHER_ABUSE: Final = [category in OTHER_ABUSE for category in BY_NUMBER]
