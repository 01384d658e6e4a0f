"""What every kind of table is tried on, and what must come of it."""

from __future__ import annotations

from typing import Any

from contentfilter import ContentFilter

TEXTS = ("Đồ n.g.u", "xin chào cả nhà", None, "", "gọi 0912 345 678 nhé", "Nhà cái uy tín, nạp lần đầu tặng 100%", "gà mờ")


def expected(contentfilter: ContentFilter, text: str | None) -> dict[str, Any]:
    """The added columns of a row, as plain Python values."""
    if text is None:
        return dict.fromkeys(("action", "flagged", "scores", "severity", "matches", "trials", "errors", "masked"))
    result = contentfilter.classify(text)
    return result.to_dict() | {"masked": result.masked}
