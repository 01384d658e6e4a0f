"""The sampler of mutants: each differs from the source, can be read, and changes one thing."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from mutants import mutants

SOURCE = '''"""Words."""
LEAST: int = 2

def chosen(values: list[int] | None = None) -> list[int]:
    """Those that count."""
    if not values or len(values) < LEAST:
        return []
    found = [value for value in values if value > 0 and value != 5]
    found.sort()
    return found[1:]
'''


def test_every_mutant_is_another_program() -> None:
    plain = ast.unparse(ast.parse(SOURCE))
    made = mutants(SOURCE)
    assert len({mutant.source for mutant in made} | {plain}) == len(made) + 1
    for mutant in made:
        changed = [one for one, other in zip(plain.splitlines(), mutant.source.splitlines(), strict=True) if one != other]
        assert len(changed) == 1, mutant.change
        assert '"""Those that count."""' in mutant.source


@pytest.mark.parametrize(
    "change",
    ["Lt is LtE", "Gt is GtE", "NotEq is Eq", "And is Or", "Or is And", "condition negated", "filter left out", "one more",
     "nothing returned", "call left out", "not left out", "lower bound left out"],
)  # fmt: skip
def test_the_kinds_of_change(change: str) -> None:
    assert any(mutant.change.endswith(change) for mutant in mutants(SOURCE))


def test_annotations_and_words_are_left_alone() -> None:
    assert mutants('"""Two."""\ndef f(a: int | None) -> int: ...\n') == []


def test_each_names_its_line() -> None:
    assert {mutant.line for mutant in mutants(SOURCE) if "LEAST" in mutant.change} == {6}


def test_what_never_changes_an_answer_is_left_alone() -> None:
    made = mutants("@lru_cache(maxsize=1 << 14)\ndef f(a, b):\n    return dict(zip(a, b, strict=True))\n")
    assert [mutant.change for mutant in made] == ["Return: nothing returned"]
