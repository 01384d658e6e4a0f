"""Moderation of Vietnamese text: which harms it carries, where, how sure, why, and what to do about it."""

from contentfilter.categories import Action, Category
from contentfilter.default import classify, classify_batch
from contentfilter.errors import ContentFilterError, DataError, ModelError, PackError, PolicyError
from contentfilter.filter import ContentFilter
from contentfilter.result import Match, Result

__all__ = [
    "Action",
    "Category",
    "ContentFilter",
    "ContentFilterError",
    "DataError",
    "Match",
    "ModelError",
    "PackError",
    "PolicyError",
    "Result",
    "classify",
    "classify_batch",
]


def __getattr__(name: str) -> str:
    if name != "__version__":
        raise AttributeError(f"module 'contentfilter' has no attribute {name!r}")
    from importlib.metadata import version  # takes a fifth of the package's import

    return version("contentfilter")
