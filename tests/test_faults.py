"""A filter fails closed: a fault or a budget exceeded holds that one text for review, says so, and leaves all others as they are."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from making import COMPILED, LISTS, filter_of, model, rule

from contentfilter import Action, Category, ContentFilter
from contentfilter import filter as filter_module
from contentfilter.files.readers import Documents
from contentfilter.files.scored import rows_of
from contentfilter.filter import Budget
from contentfilter.integrations.arrow import classify_column
from contentfilter.model.spans import SpanModel
from contentfilter.model.sums import Adder
from contentfilter.rules.schema import Rule, WordLists

POISON = "thuốc độc"
BATCH = ["đồ ngu", "xin chào", "đồ ngu xin chào", f"{POISON} đồ ngu", "chào đồ ngu"]


def limited(*rules: Rule, characters: int = 100_000, matches: int = 10_000) -> ContentFilter:
    made = object.__new__(ContentFilter)
    made.__setstate__(("default", WordLists(rules, (), LISTS, ()), model(), Budget(characters, matches)))
    return made


def breaks_match(monkeypatch: pytest.MonkeyPatch) -> None:
    match = filter_module.match

    def broken(texts: Sequence[Any], *rest: Any) -> Any:
        if any(POISON in looked.text for looked in texts):
            raise KeyError("đồ ngu")
        return match(texts, *rest)

    monkeypatch.setattr(filter_module, "match", broken)


def breaks_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    analyse = filter_module.analyse

    def broken(chunk: str, *rest: Any) -> Any:
        if chunk in POISON:
            raise RecursionError(chunk)
        return analyse(chunk, *rest)

    monkeypatch.setattr(filter_module, "analyse", broken)


def breaks_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    batch, single = Adder.batch, Adder.single

    def broken_batch(self: Adder, generation: Any, ids: Any, counts: Any) -> Any:
        if generation.index.find(["độc"])[0] in ids.tolist():
            raise MemoryError
        return batch(self, generation, ids, counts)

    def broken_single(self: Adder, generation: Any, ids: Any) -> Any:
        if generation.index.find(["độc"])[0] in ids.tolist():
            raise MemoryError
        return single(self, generation, ids)

    monkeypatch.setattr(Adder, "batch", broken_batch)
    monkeypatch.setattr(Adder, "single", broken_single)


FAULTS = [("match", breaks_match, "KeyError"), ("analysis", breaks_analysis, "RecursionError"), ("sums", breaks_sums, "MemoryError")]


@pytest.mark.parametrize(("breaks", "kind"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_holds_its_own_text_alone(monkeypatch: pytest.MonkeyPatch, breaks: Callable[..., None], kind: str) -> None:
    whole = filter_of(rule("insult.test", "đồ ngu")).classify_batch(BATCH)
    breaks(monkeypatch)
    broken = filter_of(rule("insult.test", "đồ ngu"))
    results = broken.classify_batch(BATCH)
    assert [result for result in results if not result.errors] == [result for result in whole if POISON not in result.text]
    (held,) = [result for result in results if result.errors]
    assert held.text == BATCH[3]
    assert held == broken.classify(BATCH[3])
    assert (held.action, held.flagged, held.matches, held.masked) == (Action.REVIEW, True, (), held.text)
    (error,) = held.errors
    assert error.startswith(f"fault: {kind} in test_faults:")
    assert "ngu" not in error, "an error quotes no text"
    assert held.to_dict()["errors"] == [error]
    assert held.explain("en").splitlines() == ["Action: review", f"A fault, the text was not judged ({error})"]
    assert held.explain("vi").splitlines()[1].startswith("Gặp lỗi, văn bản chưa được xét")


def breaks(error: type[Exception]) -> Callable[..., Any]:
    def broken(*_: Any, **__: Any) -> Any:
        raise error("đồ ngu")

    return broken


DEEP: list[tuple[str, set[str]]] = [
    # compiled code calls these without looking them up, so no fault can be put there; the checks run this in plain Python too
    ("contentfilter.match.lines.Line.place", {"matches", "masked"}),
    ("contentfilter.match.lines.Document.locate", {"matches", "masked"}),
    ("contentfilter.normalize.readings.Reading.line", {"matches", "masked"}),
]
LATE: list[tuple[str, set[str]]] = [
    # where a fault is put, and which of what is told it spoils; rules on trial are placed while the text is judged
    *([] if COMPILED else DEEP),
    ("contentfilter.match.settle.Hit.placed", {"matches", "trials", "masked"}),
    ("contentfilter.result.Match", {"matches", "trials", "masked"}),
    ("contentfilter.result.weight_of", {"matches", "trials", "masked"}),
    ("contentfilter.model.spans.SpanModel.find", {"matches", "masked"}),
    ("contentfilter.result.evidence_of", {"scores", "severity"}),
    ("contentfilter.result.mask", {"masked"}),
    ("contentfilter.result._word_tokenizer", {"tokens"}),
]


def marking(*rules: Rule) -> ContentFilter:
    """A filter whose model suspects every text, so that it marks places in it."""
    made = object.__new__(ContentFilter)
    marks = SpanModel(np.zeros(1 << 10, np.int16), np.zeros(1 << 10, np.int16), 0.0, 0.0)
    made.__setstate__(("default", WordLists(rules, (), LISTS, ()), replace(model(bias=0.1), spans=marks)))
    return made


@pytest.mark.parametrize("together", [False, True], ids=["alone", "batch"])
@pytest.mark.parametrize("name", ["matches", "trials", "masked", "scores", "severity", "tokens"])
@pytest.mark.parametrize(("place", "spoiled"), LATE, ids=[row[0].removeprefix("contentfilter.") for row in LATE])
def test_a_fault_in_what_is_told_later_holds_the_text(
    monkeypatch: pytest.MonkeyPatch, place: str, spoiled: set[str], name: str, together: bool
) -> None:
    """Results are told when asked; a fault there raises nothing, and nothing that was found passes as if it had not been."""
    swear, watched = rule("profanity.test", "địt", category="profanity"), replace(rule("insult.trial", "ngu"), status="trial")
    contentfilter = marking(swear, watched) if name == "trials" else marking(swear)
    text = "địt mẹ, ngu vậy"
    sound = contentfilter.classify(text)
    assert (sound.action, [match.source for match in sound.matches]) == (Action.MASK, ["keyword", "model"])
    result = contentfilter.classify_batch(["xin chào", text])[1] if together else contentfilter.classify(text)
    assert result.errors == ()
    broken = breaks(ZeroDivisionError)
    monkeypatch.setattr(place, property(broken) if place.endswith(".line") else broken)
    told = getattr(result, name)
    assert told == getattr(result, name)
    if name not in spoiled:
        monkeypatch.undo()
        assert (told, result.errors, result.action) == (getattr(sound, name), (), Action.MASK)
        return
    assert result.action is Action.REVIEW
    (error,) = result.errors
    assert error.startswith(f"untold: ZeroDivisionError in {__name__}:")
    assert "ngu" not in error, "an error quotes no text"
    assert set(result.masked) == {"*", " "}, "what was not told is not shown"
    assert result.to_dict()["errors"] == [error]
    assert result.explain("en").splitlines()[:2] == ["Action: review", f"A fault, what was found can't all be told ({error})"]
    assert "không nêu được hết" in result.explain("vi")


def test_what_is_found_wrong_late_stands_in_all_that_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The action stands before the matches in what is written, and is read after them."""
    contentfilter = filter_of(rule("profanity.test", "địt", category="profanity"))
    results = contentfilter.classify_batch(["địt", "chào", "địt mẹ"])
    monkeypatch.setattr("contentfilter.match.settle.Hit.placed", breaks(ZeroDivisionError))
    assert [result.to_dict()["action"] for result in results] == ["review", "allow", "review"]
    fresh = contentfilter.classify("địt")
    rows = rows_of(Documents([1], ["địt"]), [fresh], None, mask=True)
    assert (rows.actions, rows.masked, len(rows.errors[0])) == (["review"], ["***"], 1)
    table = classify_column(pa.array(["địt", "chào"]), contentfilter)
    assert table["action"].to_pylist() == ["review", "allow"]
    assert table["masked"].to_pylist() == ["***", "chào"]
    assert repr(contentfilter.classify("địt")) == "<Result review: 0 matches>"
    assert contentfilter.classify("địt") == contentfilter.classify("địt")


def test_a_block_stays_a_block_when_it_cant_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    result = filter_of(rule("threat.test", "giết mày", category="threat", weight=9.0)).classify("giết mày")
    monkeypatch.setattr("contentfilter.match.settle.Hit.placed", breaks(ZeroDivisionError))
    assert (result.action, result.matches, result.action, len(result.errors)) == (Action.BLOCK, (), Action.BLOCK, 1)


def test_what_stops_a_program_is_not_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(filter_module, "match", interrupted)
    contentfilter = filter_of(rule("insult.test", "đồ ngu"))
    with pytest.raises(KeyboardInterrupt):
        contentfilter.classify("đồ ngu")
    with pytest.raises(KeyboardInterrupt):
        contentfilter.classify_batch(["đồ ngu"])


@pytest.mark.parametrize(
    ("text", "action", "marked"),
    [
        ("x" * 20, Action.ALLOW, []),
        ("x" * 21, Action.REVIEW, []),
        ("xin chào các bạn nhé đồ ngu", Action.REVIEW, []),
        ("đồ ngu, chào các bạn nhé", Action.REVIEW, ["đồ ngu"]),
        ("giết mày, chào các bạn nhé", Action.BLOCK, ["giết mày"]),
        ("địt, chào các bạn nhé, địt", Action.REVIEW, ["địt"]),
    ],
)
def test_a_text_is_judged_up_to_its_budget(text: str, action: Action, marked: list[str]) -> None:
    rules = (
        rule("insult.test", "đồ ngu"),
        rule("threat.test", "giết mày", category="threat", weight=9.0),
        rule("profanity.test", "địt", category="profanity"),
    )
    contentfilter = limited(*rules, characters=20)
    single = contentfilter.classify(text)
    before, together, after = contentfilter.classify_batch(["đồ ngu", text, "xin chào"])
    assert single == together
    assert (single.text, single.action, [match.text for match in single.matches]) == (text, action, marked)
    errors = (f"max_characters: {len(text)} characters, only the first 20 were judged",) if len(text) > 20 else ()
    assert single.errors == errors
    assert (before.errors, after.errors) == ((), ())
    assert len(single.masked) == len(text)


def test_matches_over_the_budget_still_count() -> None:
    mild, grave = rule("insult.test", "ngu", weight=2.5), rule("threat.test", "giết mày", category="threat", weight=9.0)
    text = "ngu " * 5 + "giết mày"
    whole, cut = limited(mild, grave).classify(text), limited(mild, grave, matches=3).classify(text)
    assert whole.errors == ()
    assert (cut.action, cut.scores, cut.severity) == (whole.action, whole.scores, whole.severity)
    assert cut.matches == whole.matches[:3]
    assert cut.errors == ("max_matches: 6 matches, only the first 3 are shown",)
    assert cut == limited(mild, grave, matches=3).classify_batch([text])[0]
    held = limited(mild, matches=3).classify("ngu " * 4)
    assert limited(mild).classify("ngu " * 4).action is Action.ALLOW
    assert held.action is Action.REVIEW
    assert "Quá nhiều chỗ khớp" in held.explain("vi")


def test_masking_never_lets_pass_what_was_not_judged() -> None:
    swear = rule("profanity.test", "địt", category="profanity")
    assert limited(swear).classify("địt " * 3).action is Action.MASK
    assert limited(swear, matches=2).classify("địt " * 3).action is Action.REVIEW
    assert limited(swear, characters=5).classify("địt " * 3).action is Action.REVIEW


@pytest.mark.parametrize("budget", [{"max_characters": 0}, {"max_matches": 0}, {"max_characters": -1}])
def test_a_budget_is_at_least_one(budget: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected at least 1 each"):
        ContentFilter(**budget)  # type: ignore[arg-type]


def test_a_budget_goes_with_the_filter() -> None:
    contentfilter = limited(rule("insult.test", "ngu"), characters=10)
    again: ContentFilter = pickle.loads(pickle.dumps(contentfilter))
    others = contentfilter.with_terms("spam", ["mua ngay"]), contentfilter.with_allowed(["ngu ngơ"]), again
    for other in others:
        assert other.classify("một hai ba bốn").errors
        assert set(other.classify("một hai ba bốn").scores) == set(Category)
