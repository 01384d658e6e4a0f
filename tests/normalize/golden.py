"""What normalising makes of a few hundred words and chunks, kept in `tests/cases/normalize.json`, each line of it read and found right.

`python tests/normalize/golden.py` works the answers out anew, for the words that are in the file: add a word with the answer null,
run it, and read every line of the difference before it is committed. Nothing in the file may be wrong only because the code says so.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1])]  # as pytest does

from making import rule  # noqa: E402  # found by the line above

from contentfilter.normalize.encodings import legacy, unmojibake  # noqa: E402
from contentfilter.normalize.entities import tokenize, word_of  # noqa: E402
from contentfilter.normalize.fold import fold  # noqa: E402
from contentfilter.normalize.fragments import is_digit_fragment, is_letter_fragment  # noqa: E402
from contentfilter.normalize.keyboard import telex, vni  # noqa: E402
from contentfilter.normalize.masks import unmask  # noqa: E402
from contentfilter.normalize.merged import split  # noqa: E402
from contentfilter.normalize.offsets import View  # noqa: E402
from contentfilter.normalize.phonetic import respellings  # noqa: E402
from contentfilter.normalize.readings import analyse  # noqa: E402
from contentfilter.normalize.skeleton import guesses  # noqa: E402
from contentfilter.normalize.syllables import is_syllable  # noqa: E402
from contentfilter.normalize.words import meanings  # noqa: E402
from contentfilter.rules.compile import compile_rules  # noqa: E402
from contentfilter.rules.schema import WordLists  # noqa: E402

CASES = Path(__file__).parents[1] / "cases" / "normalize.json"

_LISTS = (
    ("address", ("mày", "thằng", "đồ")),
    ("spaced_pairs", ("đm", "cc")),
    ("hidden", ("lồn", "địt", "đéo", "cặc", "ngu", "chó", "thằng", "ngốc", "óc", "fuck")),
    ("emoji", ("🐶 chó", "🐷 lợn")),
    ("phonetic", ("cứk cứt", "mầy mày")),
    ("teencode", ("thg thằng", "ngx người")),
    ("encoding", ("loàn lồn",)),
)
VOCABULARY = compile_rules(
    WordLists(
        (
            rule("insult.test", "ngu", "đồ ngu", "chó đẻ", "óc chó", "thằng ngu", "ngu như bò", "xoong"),
            rule("insult.hidden", "lồn", "cặc", "cứt", "vcl", "đm", "lợn"),
            rule("insult.bare", "dit me", "địt mẹ mày", "con đĩ", toneless="free"),
            rule("insult.company", "gà", "tạ", needs=("đội", "mày")),
            rule("insult.part", "ngáo", place="anywhere"),
            rule("clean.sign", "bán hàng", "xin lỗi", weight=-2.0),
            rule("spam.entity", "gọi <phone>", "🔥", "***"),
        ),
        (),
        _LISTS,
        (),
    )
).vocabulary


def _origins(view: View) -> list[list[int]]:
    return [list(view.origin(i, i + 1)) for i in range(len(view.text))]


def _folded(chunk: str) -> list[Any]:
    view, steps = fold(chunk)
    return [view.text, list(steps), _origins(view)]


def _analysed(chunk: str) -> dict[str, Any]:
    found = analyse(chunk, VOCABULARY)
    told = ("interesting", "beside", "letters", "digits", "dropped", "innocent")
    return {
        "plain": found.plain,
        "is": [name for name in told if getattr(found, name)],
        "company": [found.asks, found.offers],
        "readings": [[one.text, one.bare, list(one.steps), _origins(one.line)] for one in found.readings],
    }


def _mended(chunk: str) -> list[Any]:
    view = unmojibake(chunk)
    return [view and [view.text, _origins(view)], [[one.text, _origins(one)] for one in legacy(chunk, VOCABULARY.tokens.__contains__)]]


def _guessed(chunk: str) -> list[Any]:
    return [[pieces, list(steps)] for pieces, steps in guesses(chunk, VOCABULARY.knows, VOCABULARY.spaced_pairs)]


MADE: dict[str, Callable[[str], Any]] = {
    "syllable": is_syllable,
    "telex": telex,
    "vni": vni,
    "by ear": respellings,
    "merged": lambda word: " ".join(split(word, VOCABULARY.spells, VOCABULARY.linked)),
    "meanings": lambda word: meanings(word, VOCABULARY),
    "masks": lambda chunk: unmask(chunk, VOCABULARY.hidden),
    "tokens": lambda text: [*tokenize(text), word_of(text)],
    "fragment": lambda chunk: [is_letter_fragment(chunk), is_digit_fragment(chunk)],
    "fold": _folded,
    "encodings": _mended,
    "guesses": _guessed,
    "readings": _analysed,
}
"""What is kept → how it is made of a word or chunk."""


def made(kind: str, chunk: str) -> Any:
    """The answer as JSON has it."""
    return json.loads(json.dumps(MADE[kind](chunk)))


def read() -> dict[str, dict[str, Any]]:
    """Kind → word or chunk → answer."""
    return json.loads(CASES.read_text(encoding="utf-8"))


def main() -> None:
    """Write the answers of today."""
    kinds = [
        f" {json.dumps(kind)}: {{\n"
        + ",\n".join(f"  {json.dumps(chunk, ensure_ascii=False)}: {json.dumps(made(kind, chunk), ensure_ascii=False)}" for chunk in chunks)
        + "\n }"
        for kind, chunks in read().items()
    ]
    CASES.write_text("{\n" + ",\n".join(kinds) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
