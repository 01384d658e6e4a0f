"""A short run of the fuzzers: the long one is `python tests/fuzz/fuzz.py`."""

from __future__ import annotations

from random import Random

import pytest
from fuzz import fuzz
from hostile import chunk, document
from targets import TARGETS, Cost

CASES = {"classify": 50, "messages": 5, "normalize": 3000, "packs": 300, "models": 300, "readers": 500, "scored": 300}


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks(name: str) -> None:
    result = fuzz(name, seed=2, first=0, cases=CASES[name], seconds=60)
    assert result["faults"] == {}
    assert result["documents"] >= CASES[name]


def test_a_fault_is_kept_with_its_case(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(random: Random) -> Cost:
        if random.random() < 0.5:
            raise ZeroDivisionError("here")
        return Cost(1, 0.0, 30, "")

    monkeypatch.setitem(TARGETS, "breaks", breaks)
    monkeypatch.setattr("fuzz._WARM", 0)
    result = fuzz("breaks", seed=1, first=0, cases=50, seconds=60)
    assert result["crashes"] + result["documents"] == 50
    assert 10 < result["crashes"] < 40
    ((place, fault),) = result["faults"].items()
    assert __file__ in place
    with pytest.raises(ZeroDivisionError):
        breaks(Random(1 << 40 | fault["case"]))


def test_a_fault_that_comes_the_second_time_does_not_end_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Random] = []

    def unsure(random: Random) -> Cost:
        calls.append(random)
        if len(calls) == 2:
            raise ZeroDivisionError("here")
        return Cost(1, 1e-6, 30, "")

    monkeypatch.setitem(TARGETS, "unsure", unsure)
    monkeypatch.setattr("fuzz._WARM", 0)
    result = fuzz("unsure", seed=1, first=0, cases=10, seconds=60)
    assert (result["crashes"], result["documents"]) == (1, 9)


def test_a_case_is_the_same_every_time() -> None:
    assert [document(Random(i)) for i in range(20)] == [document(Random(i)) for i in range(20)]
    assert len({document(Random(i)) for i in range(200)}) > 190


def test_what_is_made_is_hostile() -> None:
    made = [document(Random(i)) for i in range(500)]
    every = "".join(made)
    assert any("\ud800" <= character <= "\udfff" for character in every), "no lone surrogate"
    assert {"\0", "\N{ZERO WIDTH SPACE}", "\u2028", "\ufdfa"} <= set(every)
    assert any(len(text) > 5000 for text in made + [document(Random(i)) for i in range(500, 3000)])
    assert all(part == "".join(part.split()) for part in (chunk(Random(i)) for i in range(500)))
