"""A result in words, for a person: Vietnamese or English."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, Literal

from contentfilter.categories import CATEGORIES, Action, Category
from contentfilter.decide.evidence import MODEL, PRIOR

if TYPE_CHECKING:
    from contentfilter.result import Match, Result

Language = Literal["vi", "en"]

CATEGORY_NAMES: Final[dict[Language, dict[Category, str]]] = {
    "vi": {
        Category.PROFANITY: "chửi tục",
        Category.INSULT: "xúc phạm",
        Category.HATE: "kỳ thị",
        Category.THREAT: "đe dọa",
        Category.SEXUAL: "tình dục",
        Category.SELF_HARM: "tự hại",
        Category.SCAM: "lừa đảo",
        Category.GAMBLING: "cờ bạc",
        Category.ILLICIT: "giao dịch trái phép",
        Category.SPAM: "tin rác",
        Category.PII: "thông tin cá nhân",
    },
    "en": {category: category.value.replace("_", " ") for category in CATEGORIES} | {Category.PII: "personal data"},
}

ACTION_NAMES: Final[dict[Language, dict[Action, str]]] = {
    "vi": {
        Action.ALLOW: "cho qua",
        Action.REVIEW: "cần người duyệt",
        Action.MASK: "che bớt",
        Action.BLOCK: "chặn",
    },
    "en": {action: action.value for action in Action},
}

STEP_NAMES: Final[dict[Language, dict[str, str]]] = {
    "vi": {
        "compatibility": "chữ kiểu lạ",
        "invisible": "ký tự tàng hình",
        "marks": "dấu chồng",
        "confusables": "chữ trông giống",
        "separators": "dấu chen giữa",
        "spaced letters": "chữ viết rời",
        "leet": "số thay chữ",
        "stretching": "kéo dài",
        "masks": "chữ bị che",
        "encoding": "sai bảng mã",
        "merged": "viết dính liền",
        "Telex": "gõ Telex chưa thành dấu",
        "VNI": "gõ VNI chưa thành dấu",
        "phonetic": "viết theo âm",
        "teencode": "viết tắt kiểu mạng",
        "emoji": "hình thay chữ",
        "link": "giả làm đường dẫn",
        "spelled letters": "đánh vần chữ cái",
        "spoonerism": "nói lái",
        "toneless": "thiếu dấu",
    },
    "en": {},
}

ERROR_NAMES: Final[dict[Language, dict[str, str]]] = {
    "vi": {
        "max_characters": "Văn bản quá dài, chỉ phần đầu được xét",
        "max_matches": "Quá nhiều chỗ khớp, chỉ những chỗ đầu được nêu",
        "regex": "Một biểu thức chính quy chạy quá lâu nên bị ngắt",
        "fault": "Gặp lỗi, văn bản chưa được xét",
        "untold": "Gặp lỗi, không nêu được hết những gì tìm thấy",
    },
    "en": {
        "max_characters": "The text is too long, only its beginning was judged",
        "max_matches": "Too many matches, only the first are shown",
        "regex": "A regular expression took too long and was cut off",
        "fault": "A fault, the text was not judged",
        "untold": "A fault, what was found can't all be told",
    },
}
"""What the kinds of `Result.errors` mean: each error begins with its kind and a colon."""

_WORDS: Final[dict[Language, dict[str, str]]] = {
    "vi": {
        "action": "Kết quả",
        "score": "điểm",
        "severity": "mức",
        "model": "theo mô hình, xét cả câu",
        "start": "điểm xuất phát",
        "nothing": "Không thấy dấu hiệu nào.",
    },
    "en": {
        "action": "Action",
        "score": "score",
        "severity": "severity",
        "model": "the model's view of the whole text",
        "start": "starting point",
        "nothing": "Nothing found.",
    },
}


def explain(result: Result, lang: Language = "vi") -> str:
    """The action, and for each category that a rule spoke to or that is likely, its score and every term of its sum.

    The numbers are log-odds: the score is the logistic function of their sum. Raises `ValueError` for another language.
    """
    if lang not in _WORDS:
        raise ValueError(f"lang: found {lang!r}, expected 'vi' or 'en'")
    words, evidence = _WORDS[lang], result.evidence
    found: dict[tuple[str, Category], list[str]] = {}
    for match, term in result.matched():
        found.setdefault((match.rule, match.category), []).append(describe_match(match, term, lang))
    lines = [f"{words['action']}: {ACTION_NAMES[lang][result.action]}", *(_error(error, lang) for error in result.errors)]
    spoken = {category for category, source, _ in evidence.contributions if source != MODEL}
    for category in CATEGORIES:
        score = evidence.scores[category]
        if category not in spoken and score < 0.5:
            continue
        lines.append(f"{CATEGORY_NAMES[lang][category]}: {words['score']} {score:.2f}, {words['severity']} {evidence.severity[category]}")
        lines.append(f"  {PRIOR:+.1f} {words['start']}")
        for concerned, source, weight in evidence.contributions:
            if concerned is category:
                said = words["model"] if source == MODEL else _rule(result, source, lang)
                places = found.get((source, category), [])
                lines.append(f"  {weight:+.1f} {said}" + (f": {', '.join(places)}" if places else ""))
    if len(lines) == 1:
        lines.append(words["nothing"])
    return "\n".join(lines)


def _error(error: str, lang: Language) -> str:
    return f"{ERROR_NAMES[lang].get(error.partition(':')[0], ERROR_NAMES[lang]['fault'])} ({printable(error)})"


def _rule(result: Result, identity: str, lang: Language) -> str:
    rule = result.rule(identity)
    return f"{(rule.describe_vi if lang == 'vi' else rule.describe_en) if rule else ''} ({identity})"


def describe_match(match: Match, term: str, lang: Language) -> str:
    """A match as it stands, what it was found to be, and what was undone to see it: "đ.1.t → địt (separators, leet)"."""
    shown = f"“{printable(match.text)}”"
    if not match.steps:
        return shown
    steps = ", ".join(STEP_NAMES[lang].get(step, step) for step in match.steps)
    return f"{shown} → {term} ({steps})"


def printable(text: str) -> str:
    """The text with control and invisible characters shown as \\uXXXX, so that a terminal obeys none of them."""
    return "".join(
        character if character == " " or unicodedata.category(character)[0] not in "CZ" else f"\\u{ord(character):04x}"
        for character in text
    )
