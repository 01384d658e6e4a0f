"""A Django validator for forms and models: `models.TextField(validators=[validate_text])`."""

from __future__ import annotations

from functools import cache

from django.core.exceptions import ValidationError

from contentfilter import Action, ContentFilter


@cache
def moderation() -> ContentFilter:
    """One filter for the process, built when first needed."""
    return ContentFilter()


def validate_text(value: str) -> None:
    """Refuse what is blocked, with a message that names the passages. What is to be reviewed passes: a validator can't hold it."""
    result = moderation().classify(value)
    if result.action is Action.BLOCK:
        passages = ", ".join(f"“{match.text}”" for match in result.matches)
        raise ValidationError(
            "Xin viết lại, nội dung có chỗ không phù hợp: %(passages)s", code="contentfilter", params={"passages": passages}
        )
