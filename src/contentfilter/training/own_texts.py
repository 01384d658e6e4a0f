"""Texts of the project's own, for harms that no data set of a permissive licence has: templates → texts.

`own/CATEGORY.txt` holds texts that do the harm, `own/CATEGORY_clean.txt` texts that look like it and are innocent: one a line, written
for this project. `[a|b]` stands for either, `{bank}` for a value of the slot in `own/slots.yaml`, and `#` in a slot for a digit.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import yaml

from contentfilter.categories import Category
from contentfilter.errors import DataError

FOLDER: Final = Path(__file__).parent / "own"
HARMS: Final = tuple(map(Category, ("scam", "spam", "gambling", "illicit", "pii", "threat", "sexual", "self_harm")))
_COMMERCE: Final = frozenset(map(Category, ("scam", "spam", "gambling", "illicit", "pii", "sexual")))
"""Advertisers and swindlers: what one category tells of a text leaves the others open."""
_FEUD: Final = frozenset(map(Category, ("scam", "pii", "threat")))
"""Blackmail and doxxing: the same."""
_DESPAIR: Final = frozenset(map(Category, ("threat", "self_harm")))

_BOTH: Final = re.compile(r"tự tử|tự sát|chết chung|chết cùng|chết theo|giết|đâm|chém")
"""Words by which a threat speaks of the writer's own death, or despair of another's: such a text may be both."""
_PRIVATE: Final = re.compile(r"\{(phone|phonewords|acct|cccd|cmnd|card|address|mst|passport|plate)\}")
"""Slots of numbers and places that may be private ones: of an innocent line about something else, nobody looked."""

_CHOICE: Final = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SLOT: Final = re.compile(r"\{(\w+)\}")
_SHORT: Final = {
    full: shorts.split()
    for full, shorts in {
        "không": "ko k hông hok", "được": "dc đc", "mọi người": "mn mng", "mình": "mk m", "anh": "a", "em": "e", "chị": "c",
        "liên hệ": "lh lhệ", "nhắn tin": "nt", "inbox": "ib", "tài khoản": "tk tkhoan", "gì": "j gi", "vậy": "z v", "rồi": "r rùi",
        "chuyển khoản": "ck", "số điện thoại": "sdt sđt", "đăng ký": "dk đk", "với": "vs", "biết": "bik bít", "bây giờ": "bh giờ",
        "người": "ng", "nhé": "nha nhá nhe", "khách hàng": "kh khách", "zalo": "zl zlo", "công việc": "cv", "tao": "t", "mày": "m mầy",
        "quý khách": "qk KH", "thông báo": "tb",
    }.items()
}  # fmt: skip
"""How people shorten words where they type fast."""


class OwnText(NamedTuple):
    """A text, the category that its file is named after, whether it does that harm, and the template that it was made from."""

    text: str
    category: Category
    harm: bool
    template: str

    def label(self, head: str) -> int | None:
        """What is known of the text under this head of the model, None where nobody looked.

        Of "toxic" only that the innocent ones are not; of "hate" nothing.
        """
        if head == "toxic" and not self.harm:
            return 0
        if head not in HARMS:
            return None
        if self.category == head:
            return int(self.harm)
        if not self.harm:
            return None if head == Category.PII and _PRIVATE.search(self.template) else 0
        both = {self.category, head}
        unknown = both <= _COMMERCE or both <= _FEUD or (both == _DESPAIR and _BOTH.search(self.template.lower()))
        return None if unknown else 0


def templates(folder: Path = FOLDER) -> Iterator[tuple[Category, bool, str]]:
    """All templates: category, harm or innocent, text. Raises `DataError` where a file is missing."""
    for category in HARMS:
        for harm, name in ((True, f"{category}.txt"), (False, f"{category}_clean.txt")):
            try:
                lines = (folder / name).read_text(encoding="utf-8").splitlines()
            except FileNotFoundError as error:
                raise DataError(f"{folder / name}: no such file") from error
            yield from ((category, harm, line) for line in lines)


def own_texts(forms: int, seed: int, folder: Path = FOLDER) -> list[OwnText]:
    """`forms` texts of each template: as written, without diacritics, and as people type in haste, by turns."""
    slots = yaml.safe_load((folder / "slots.yaml").read_text(encoding="utf-8"))
    dice = random.Random(seed)
    return [
        OwnText(_typed(_filled(template, slots, dice), form, dice), category, harm, template)
        for category, harm, template in templates(folder)
        for form in range(forms)
    ]


def _filled(template: str, slots: Mapping[str, Sequence[str]], dice: random.Random) -> str:
    """A text of the template: choices made, slots filled, digits drawn."""
    text = _CHOICE.sub(lambda match: dice.choice(match[1].split("|")), template)
    while match := _SLOT.search(text):
        value = re.sub("#", lambda _: dice.choice("0123456789"), dice.choice(slots[match[1]]))
        text = text[: match.start()] + value + text[match.end() :]
    return text


def _typed(text: str, form: int, dice: random.Random) -> str:
    """The text in one of the ways in which people type."""
    if form % 4 == 0:
        return text
    if form % 4 >= 2:
        for word, shorts in _SHORT.items():
            if dice.random() < 0.6:
                text = re.sub(rf"\b{word}\b", dice.choice(shorts), text)
        text = dice.choice((str, str.lower, str.lower, str.capitalize, _unpunctuated))(text)
    return without_diacritics(text) if form % 2 else text


def _unpunctuated(text: str) -> str:
    return re.sub(r"[,;:!?]|\.(?=\s|$)", "", text)


def without_diacritics(text: str) -> str:
    """Capitals kept.

    >>> without_diacritics("Đường Ấy")
    'Duong Ay'
    """
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
