"""Evidence in log-odds: what each rule and the model say of a category, and the score that their sum gives.

score(category) = σ(PRIOR + Σ evidence). A rule that matched several times says it once, with the strongest of its matches. The
terms of the sum are the explanation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from contentfilter.categories import ABUSE, CATEGORIES, Category
from contentfilter.match.settle import Hit
from contentfilter.rules.schema import Rule

BY_NUMBER: Final = tuple(sorted(CATEGORIES))
NUMBERS: Final = {category: number for number, category in enumerate(BY_NUMBER)}
"""Categories by the numbers under which flat tables have them, and back."""

Floats = npt.NDArray[np.float64]

PRIOR: Final = -4.0
"""Log-odds of a harm before anything is known: σ(−4) = 0.018, a judgement; about one comment in fifty."""

MODEL: Final = "model"
TOXIC: Final = "toxic"
ATTACKS: Final = {TOXIC: Category.INSULT, "hate": Category.HATE}
"""Heads of attacks, whose places the model of spans knows. "Toxic" is an attack of any kind on the reader: insult is the widest word."""
_WITHOUT_HEAD: Final = frozenset((Category.PROFANITY, *ATTACKS.values()))
HEADS: Final = ATTACKS | {category.value: category for category in CATEGORIES if category not in _WITHOUT_HEAD}
"""The category that each head of the model speaks to."""
ATTACKED: Final = frozenset(ATTACKS.values())
OTHER_ABUSE: Final = dict.fromkeys([category for category in CATEGORIES if category in ABUSE and category not in ATTACKED])

AIMED: Final = ABUSE - {Category.PROFANITY}
"""Abuse of somebody; one may swear at nobody."""
MOST_ADDED: Final = 0.3
"""What a head that learned from texts of our own adds at most to a rule: it would say the rule's words once more, and make a block of a
doubt. But where it alone says more than rules and this do together, that stands."""
EVEN: Final = -PRIOR
"""Evidence from which a harm is as likely as not."""
_MODEL_FLOOR: Final = -0.5
"""The model may take little from what a rule found: it does not see through disguises, and a long text dilutes its score."""
_PER_MISSING: Final = -0.3
_MOST_MISSING: Final = -0.5
"""A syllable without its diacritics may be another word. Judgements, to be refitted on labelled text."""
_HIDDEN: Final = 0.8
_HIDING: Final = frozenset(("separators", "spaced letters", "masks"))
"""Ways to write that nobody takes by chance: of 56 matches so disguised in ViHOS and SafeSense train, 56 are in toxic comments, against
0.965 of those without any disguise. The weight is a judgement; that of other disguises is no more than that of the word."""


Contribution = tuple[Category, str, float]
"""One term of a category's sum: the category, the rule's id or "model", and its log-odds."""


class Evidence(NamedTuple):
    """What is known of a text: per category the score in [0, 1] and the severity 0 to 3, and why."""

    scores: dict[Category, float]
    severity: dict[Category, int]
    contributions: tuple[Contribution, ...]


def weight_of(hit: Hit) -> float:
    """The log-odds of a match: its term's, less where diacritics are missing, more where the word was hidden. A sign of innocence
    weighs what it weighs."""
    weight = hit.term.weight
    if weight <= 0:
        return weight
    hidden = hit.guessed and not _HIDING.isdisjoint(hit.placed().steps)
    return weight + max(_PER_MISSING * hit.missing, _MOST_MISSING) + hidden * _HIDDEN


def model_evidence(heads: Sequence[str], logits: Sequence[float], ruled: Mapping[Category, float]) -> list[Contribution]:
    """What the calibrated logits add to the prior: alone, the score is the head's own probability.

    It takes no more than a floor from the categories in which rules found signs of harm (`ruled`, with what they add up to), and lifts
    those of its own harms at least to what it says alone, where the rules speak for the harm. A text that is surely not toxic
    is as surely free of every other kind of abuse, unless a rule or the kind's own head finds it.
    """
    found: list[Contribution] = []
    told = [(HEADS[head], logit - PRIOR) for head, logit in zip(heads, logits, strict=True) if head in HEADS]
    toxic = 0.0
    for category, evidence in told:
        if category is HEADS[TOXIC]:
            toxic = evidence
    for category, evidence in told:
        if category in ruled:
            evidence = beside_rules(evidence, ruled[category], category in ATTACKED)
        elif category in OTHER_ABUSE:
            evidence = beside_toxic(evidence, toxic)
        found.append((category, MODEL, evidence))
    if toxic < 0:
        headed = {category for category, _ in told}
        found += [(category, MODEL, toxic) for category in OTHER_ABUSE if category not in ruled and category not in headed]
    return found


def beside_rules(evidence: float, told_by: float, attacked: bool) -> float:
    """What a head says in a category in which rules found signs of harm, given what they add up to; `attacked` tells whether the category
    is one of attacks."""
    evidence = max(evidence, _MODEL_FLOOR)
    return evidence if attacked else max(min(evidence, MOST_ADDED), evidence - told_by if told_by > 0 else _MODEL_FLOOR)


def beside_toxic(evidence: float, toxic: float) -> float:
    """What a head of another kind of abuse says where no rule does, given what the head of attacks says."""
    return min(evidence, toxic) if evidence < EVEN else evidence


def unruled(heads: Sequence[str], logits: Floats) -> dict[Category, Floats]:
    """The log-odds that `sum_up` gives for texts in which no rule matched, to the bit, as columns.

    `logits` has the shape (texts, heads), each category of the result the shape (texts,); all other categories stay at `PRIOR`.
    """
    told = {HEADS[head]: column - PRIOR for head, column in zip(heads, logits.T, strict=True) if head in HEADS}
    toxic = told.get(HEADS[TOXIC], np.zeros(len(logits)))
    abuse = dict.fromkeys(OTHER_ABUSE, np.minimum(toxic, 0.0))
    for category in OTHER_ABUSE:
        if category in told:
            abuse[category] = np.where(told[category] < EVEN, np.minimum(told[category], toxic), told[category])
    return {category: PRIOR + evidence for category, evidence in (told | abuse).items()}


Spoken = tuple[int, int, float]
"""What a rule says of a category: the numbers of both, and the log-odds."""


def spoken(hits: Sequence[Hit]) -> list[Spoken]:
    """What rules say, by the strongest of their matches, in the order of the rules: floating-point sums depend on it."""
    found: list[Spoken] = []
    for hit in hits:
        weight = weight_of(hit)
        for category in hit.categories if weight else ():
            found.append((hit.term.rule or 0, NUMBERS[category], weight))
    if len(found) < 2:
        return found  # most often
    strongest: dict[tuple[int, int], float] = {}
    for rule, number, weight in found:
        if abs(weight) > abs(strongest.get((rule, number), 0.0)):
            strongest[rule, number] = weight
    return sorted([(rule, number, weight) for (rule, number), weight in strongest.items()])


def contributions(rules: Sequence[Rule], hits: Sequence[Hit], heads: Sequence[str], logits: Sequence[float]) -> list[Contribution]:
    """Every term of every category's sum, the model's first, then the rules' in their order."""
    ordered = [(rule, BY_NUMBER[number], weight) for rule, number, weight in spoken(hits)]
    harmful = {category for _, category, weight in ordered if weight > 0}
    ruled = dict.fromkeys(harmful, 0.0)
    for _, category, weight in ordered:
        if category in harmful:
            ruled[category] += weight
    found = model_evidence(heads, logits, ruled)
    for rule, category, weight in ordered:
        found.append((category, rules[rule].id, weight))
    return found


def sum_up(found: Sequence[Contribution]) -> dict[Category, float]:
    """The log-odds of the categories that anything spoke to; all others stay at `PRIOR`."""
    sums: dict[Category, float] = {}
    for category, _, weight in found:
        sums[category] = sums.get(category, PRIOR) + weight
    return sums


def told_by_rules(found: Sequence[Contribution]) -> set[Category]:
    """The categories that rules speak for; one kind of abuse stands for all, but for profanity, which may be aimed at nobody. A head of
    our own texts that says more than rules which would not hold the text speaks alone."""
    told: dict[Category, float] = {}
    louder: set[Category] = set()
    for category, source, weight in found:
        if source != MODEL:
            told[category] = told.get(category, 0.0) + max(weight, 0.0)
        elif weight > MOST_ADDED and category not in ATTACKED:
            louder.add(category)
    categories = {category for category, sum_ in told.items() if sum_ >= EVEN or (sum_ > 0 and category not in louder)}
    return categories if categories.isdisjoint(AIMED) else categories | ABUSE


def evidence_of(rules: Sequence[Rule], hits: Sequence[Hit], found: Sequence[Contribution]) -> Evidence:
    """Scores and severities from a text's settled matches and what they contributed."""
    sums = sum_up(found)
    severity = dict(_NO_SEVERITY)
    for hit in hits:
        if hit.term.rule is not None and hit.term.weight > 0:
            for category in hit.categories:
                severity[category] = max(severity[category], rules[hit.term.rule].severity)
    for category in HEADS.values():
        if sums.get(category, PRIOR) >= 0:  # the model alone may have found it
            severity[category] = max(severity[category], 1)
    scores = dict(_AT_PRIOR)  # few categories are spoken to, and this runs for every text of a table
    for category, log_odds in sums.items():
        scores[category] = sigmoid(log_odds)
    return Evidence(scores, severity, tuple(found))


def sigmoid(logit: float) -> float:
    """The probability of these log-odds, without overflow."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    odds = math.exp(logit)
    return odds / (1.0 + odds)


_AT_PRIOR: Final = dict.fromkeys(CATEGORIES, sigmoid(PRIOR))
_NO_SEVERITY: Final = dict.fromkeys(CATEGORIES, 0)
NO_EVIDENCE: Final = Evidence(_AT_PRIOR, _NO_SEVERITY, ())
"""What is known of a text of which nothing is known."""
