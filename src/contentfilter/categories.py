"""The names that results speak in: harms and what to do about them."""

from enum import StrEnum


class Category(StrEnum):
    """A kind of harm that a text can do."""

    PROFANITY = "profanity"
    INSULT = "insult"
    HATE = "hate"
    THREAT = "threat"
    SEXUAL = "sexual"
    SELF_HARM = "self_harm"
    SCAM = "scam"
    GAMBLING = "gambling"
    ILLICIT = "illicit"
    SPAM = "spam"
    PII = "pii"


CATEGORIES = tuple(Category)

ABUSE = frozenset((Category.PROFANITY, Category.INSULT, Category.HATE, Category.THREAT, Category.SEXUAL))
"""The categories that a model of toxic comments speaks about; any of them is company for an ambiguous word."""


class Action(StrEnum):
    """What to do with a text, from the mildest to the gravest."""

    ALLOW = "allow"
    REVIEW = "review"
    MASK = "mask"
    BLOCK = "block"
