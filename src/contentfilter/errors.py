"""What can go wrong, by who can mend it. Each error says where, what was found, what was expected."""

from __future__ import annotations

from typing import Final


class ContentFilterError(Exception):
    """The root of every error of this package."""


class PackError(ContentFilterError, ValueError):
    """A word list or rule pack that can't be used; every fault found in the file is in the message, a line each."""


class ModelError(ContentFilterError, ValueError):
    """A model file that is missing, damaged, or made for other features than this version computes."""


class PolicyError(ContentFilterError, ValueError):
    """A policy that does not exist or whose thresholds make no sense."""


class DataError(ContentFilterError, ValueError):
    """A file of documents or a data set with a fault: its message names file, line, and what would mend it."""


FAULT: Final = "fault"
UNTOLD: Final = "untold"
CUT_OFF: Final = "regex"
"""Kinds of faults: the text was not judged, what was found in it can't be told, or a pattern was not searched for to the end."""


def fault_of(error: Exception, judged: bool = False) -> str:
    """The kind of an error that nobody expected, and the module and line where it arose; `judged` where only the telling failed.

    Its message is left out: it may quote the text, which belongs in no log.
    """
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" in {place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place is not None else ""
    kind, consequence = (UNTOLD, "what was found can't all be told") if judged else (FAULT, "the text was not judged")
    return f"{kind}: {type(error).__name__}{where}, {consequence}"
