"""CSV cells that no spreadsheet runs: one that begins like a formula gets a quote in front, which spreadsheets read as "this is text".

The characters are those of OWASP's page on CSV injection. What was put in front is taken away when a scored file is read again.
"""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_QUOTED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """The text as a cell; numbers, such as ids under zero, stay as they are.

    >>> guarded("=HYPERLINK(1)"), guarded("-5"), guarded("chào")
    ("'=HYPERLINK(1)", '-5', 'chào')
    """
    if not _FORMULA.match(text):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text


def unguarded(cell: str) -> str:
    """The text that `guarded` made a cell of.

    >>> unguarded(guarded("'=1")), unguarded("'tis")
    ("'=1", "'tis")
    """
    return cell[1:] if _QUOTED.match(cell) else cell
