"""Regular expressions of rules: what makes them safe to run, and the literal without which they can't match.

Both are read off the parse tree that Python's own compiler makes of the pattern; `regex`, which runs it with a time-out, takes the same
syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.fold import fold

_parser: Any = re._parser  # type: ignore[attr-defined]  # the only parser of this syntax that gives its tree away

SHORTEST_LITERAL: Final = 2
_MANY: Final = 64
"""A repetition that may go on longer than this counts as one without bound."""
_LONGEST: Final = 2000
_REPEATS: Final = frozenset(("MAX_REPEAT", "MIN_REPEAT"))

_Tree = Any
"""A parsed pattern: a row of (operation, argument)."""


def fault_of(pattern: str, literal: str = "") -> str | None:
    """Why a pattern may not stand in a pack, if there is a reason."""
    shown = f"pattern {pattern if len(pattern) <= 60 else pattern[:60] + '…'!r}"
    if len(pattern) > _LONGEST:
        return f"{shown} has {len(pattern)} characters, expected at most {_LONGEST}"
    try:
        tree = _parser.parse(folded(pattern), re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        return f"{shown} is no regular expression: {error}"
    if tree.getwidth()[0] == 0:
        return f"{shown} can match nothing, so it would match everywhere"
    if wrong := _unbounded(tree):
        return f"{shown} can take for ever: {wrong}"
    found = required_literal(pattern)
    if literal and _key(literal) not in found and not _demands(tree, _key(literal)):
        return f"{shown}: it can match without the literal {literal!r}"
    if not literal and len(found) < SHORTEST_LITERAL:
        return (
            f"{shown} needs no letters or digits in a row ({SHORTEST_LITERAL} at least) that a text could be looked up by; "
            "name what is sure to stand in it with literal"
        )
    return None


def required_literal(pattern: str) -> str:
    """The longest row of letters and digits that stands in whatever the pattern matches, bare; "" where there is none.

    >>> required_literal(r"vcb[a-z]*\\.(?:top|xyz)"), required_literal("(ngân|nhân) hàng")
    ('vcb', 'hang')
    """
    try:
        rows = list(_literals(_parser.parse(folded(pattern), re.IGNORECASE)))
    except (re.error, RecursionError, OverflowError):
        return ""
    return max(rows, key=len, default="")


_parts = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P?<[^>]*>|\(\?[a-z]+[:)])|([^\W\d_]+)", re.DOTALL)


def folded(pattern: str) -> str:
    """The pattern with its words spelled as in the view that it runs over: lower case, the tone mark in its place.

    >>> folded(r"Hòa\\s+(?:KỲ|Bình)\\b")
    'hoà\\\\s+(?:kì|bình)\\\\b'
    """
    return _parts.sub(lambda match: match[1] or fold(match[2])[0].text, pattern)


def _key(literal: str) -> str:
    return bare(fold(literal.strip())[0].text)


def _literals(tree: _Tree) -> Iterator[str]:
    """Rows of letters and digits that every match holds."""
    row = ""
    for operation, argument in tree:
        name = str(operation)
        if name == "LITERAL" and chr(argument).isalnum():
            row += bare(chr(argument).lower())
            continue
        if name == "AT":
            continue
        if row:
            yield row
            row = ""
        if name == "SUBPATTERN":
            yield from _literals(argument[-1])
        elif name == "ATOMIC_GROUP":
            yield from _literals(argument)
        elif (name in _REPEATS or name == "POSSESSIVE_REPEAT") and argument[0] > 0:
            yield from _literals(argument[2])
    if row:
        yield row


def _demands(tree: _Tree, literal: str) -> bool:
    """Does each way through the pattern hold the literal, alternatives looked at one by one?"""
    if any(literal in row for row in _literals(tree)):
        return True
    for operation, argument in tree:
        name = str(operation)
        if name == "BRANCH" and all(_demands(branch, literal) for branch in argument[1]):
            return True
        if name == "SUBPATTERN" and _demands(argument[-1], literal):
            return True
    return False


def _unbounded(tree: _Tree) -> str:
    """What in the pattern takes time that grows faster than any power of the text, or ""."""
    for operation, argument in tree:
        name = str(operation)
        if name == "GROUPREF":
            return "it refers back to a group"
        if name in _REPEATS and argument[1] > 1 and argument[2].getwidth()[0] == 0:
            return "it repeats what can be nothing"
        if name in _REPEATS and argument[1] > _MANY:
            if _repeats(argument[2]):
                return "a repetition without bound stands inside another"
            if _ambiguous(argument[2]):
                return "a repetition without bound has alternatives that can begin alike"
        for inner in _inside(name, argument):
            if wrong := _unbounded(inner):
                return wrong
    return ""


def _inside(name: str, argument: Any) -> list[_Tree]:
    if name == "BRANCH":
        return list(argument[1])
    if name in ("SUBPATTERN", "ASSERT", "ASSERT_NOT"):
        return [argument[-1]]
    if name in _REPEATS or name == "POSSESSIVE_REPEAT":
        return [argument[2]]
    return [argument] if name == "ATOMIC_GROUP" else []


def _repeats(tree: _Tree) -> bool:
    return any(
        (str(operation) in _REPEATS and (argument[1] > _MANY or argument[0] == 0))
        or any(_repeats(inner) for inner in _inside(str(operation), argument))
        for operation, argument in tree
    )


def _ambiguous(tree: _Tree) -> bool:
    """Has it alternatives that are not told apart by their first character?"""
    for operation, argument in tree:
        name = str(operation)
        if name == "BRANCH":
            firsts = [str(branch[0]) if len(branch) else "" for branch in argument[1]]
            if not all(first.startswith("(LITERAL") for first in firsts) or len(set(firsts)) < len(firsts):
                return True
        if any(_ambiguous(inner) for inner in _inside(name, argument)):
            return True
    return False
