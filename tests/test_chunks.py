"""The chunk table: bounded, shared by threads, and never a part of the answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st
from making import COMPILED, LISTS, filter_of, model, rule

from contentfilter import ContentFilter
from contentfilter.chunks import DIGITS, LETTERS, Analyser, ChunkTable, Generation, fragment_runs
from contentfilter.normalize.readings import Analysis, analyse
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.schema import WordLists

MODEL = model(seed=5)
VOCABULARY = compile_rules(WordLists((rule("insult.test", "ngu", "óc chó", "đm"),), (), LISTS, ())).vocabulary
COMMENTS = (texts.EXAMPLES / "comments.txt").read_text(encoding="utf-8").splitlines()


def table(capacity: int, seen: list[str] | None = None) -> ChunkTable:
    """A table; `seen` takes note of every chunk that is analysed."""

    def noted(chunk: str) -> Analysis:
        if seen is not None:
            seen.append(chunk)
        return analyse(chunk, VOCABULARY)

    return ChunkTable(Analyser(noted, MODEL.score, len(MODEL.heads)), capacity)


def mark(generation: Generation, ids: list[int]) -> None:
    """As a text does that has these."""
    generation.index.split([generation.chunks[i] for i in ids], generation.used)


def small(capacity: int) -> ContentFilter:
    """The shipped rules behind a table of this capacity."""
    made = filter_of(rule("insult.test", "ngu", "óc chó", "n.g.u"), rule("profanity.test", "đm", "địt mẹ", category="profanity"))
    made._reader.table = ChunkTable(made._reader.table._analyser, capacity)
    return made


ROOMY, TINY = small(1 << 16), small(3)


def test_an_id_means_the_same_chunk_as_long_as_its_generation_lives() -> None:
    known = table(1000)
    generation, first = known.look_up(["a", "b", "a"])
    assert first[0] == first[2] != first[1]
    later, again = known.look_up(["c", "b", "a"])
    assert later is generation
    assert again[1:] == [first[1], first[0]]
    assert [generation.analyses[i].plain for i in again] == ["c", "b", "a"]


def test_a_chunk_is_analysed_once() -> None:
    seen: list[str] = []
    known = table(1000, seen)
    for chunks in (["a", "b", "a"], ["b"], ["a", "c"], []):
        known.look_up(chunks)
    assert seen == ["a", "b", "c"]


def test_who_holds_an_old_generation_goes_on_with_it() -> None:
    known = table(4)
    generation, ids = known.look_up(["a", "b", "c"])
    known.look_up(["d", "e", "f"])
    assert known.generation is not generation
    assert [generation.analyses[i].plain for i in ids] == ["a", "b", "c"]


def test_forgetting_keeps_what_was_used() -> None:
    seen: list[str] = []
    known = table(8, seen)
    generation, ids = known.look_up(list("abcdefgh"))
    mark(generation, ids[:3])
    known.look_up(["i"])
    del seen[:]
    known.look_up(list("abc"))
    assert seen == []
    known.look_up(["d"])
    assert seen == ["d"]


@given(st.lists(st.lists(texts.chunks, max_size=6), max_size=12), st.integers(1, 10))
def test_the_table_is_bounded_between_calls(calls: list[list[str]], capacity: int) -> None:
    known = table(capacity)
    most = 0
    for chunks in calls:
        most = max(most, len(set(chunks)))  # what one call needs stays, however much that is
        generation, ids = known.look_up(chunks)
        mark(generation, ids)
        assert len(known) <= max(capacity, capacity // 2 + most)
    known.look_up(["x"])
    known.look_up(["y"])
    assert len(known) <= max(capacity, capacity // 2 + 2)


def test_long_chunks_do_not_stay() -> None:
    known = table(100)
    for i in range(50):
        generation, ids = known.look_up([f"{i}" * 10_000])
        mark(generation, ids)
    assert known.generation.characters < 1_000_000


@pytest.mark.skipif(COMPILED, reason="compiled, `append` can't be put another in its place; the checks run this in plain Python too")
def test_an_interrupt_leaves_no_half_row(monkeypatch: pytest.MonkeyPatch) -> None:
    known = table(1000)
    known.look_up(["a"])

    def interrupted(self: Generation, chunks: list[str], *_: object) -> None:
        self.chunks.extend(chunks)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Generation, "append", interrupted)
        with pytest.raises(KeyboardInterrupt):
            known.look_up(["a", "b"])
    generation, ids = known.look_up(["c", "b", "a"])
    assert [generation.chunks[i] for i in ids] == [analysis.plain for analysis in known.analyses(generation, ids)] == ["c", "b", "a"]


class Interrupted:
    """Forms that take in nothing."""

    def tell(self, *_: object) -> None:
        raise KeyboardInterrupt


def test_what_has_an_analysis_has_its_forms() -> None:
    known = table(1000)
    generation, ids = known.look_up(["Ngủ", "ngon"])
    forms, generation.analyses[1] = generation.forms, None  # of a chunk that was known beforehand only its row is
    generation.forms = Interrupted()  # type: ignore[assignment]  # on purpose
    with pytest.raises(KeyboardInterrupt):
        known.analysis(generation, ids[1])
    assert generation.analyses[1] is None
    generation.forms = forms
    assert known.line(generation, ids, 0, bare=False) == " ngủ ngon "


@pytest.mark.parametrize("capacity", [0, -1])
def test_no_capacity(capacity: int) -> None:
    with pytest.raises(ValueError, match="expected at least 1"):
        table(capacity)


@given(st.lists(texts.mixtures, max_size=6))
def test_a_tiny_table_gives_the_answers_of_a_large_one(batch: list[str]) -> None:
    assert TINY.classify_batch(batch) == ROOMY.classify_batch(batch)
    assert [TINY.classify(text) for text in batch] == [ROOMY.classify(text) for text in batch]


def test_cold_equals_warm() -> None:
    every = [*COMMENTS, *texts.PHRASES]
    contentfilter = ContentFilter()
    cold = contentfilter.classify_batch(every)
    assert contentfilter.classify_batch(every) == cold
    assert ContentFilter().classify_batch(every[::-1])[::-1] == cold


def test_eight_threads_get_the_answers_of_one() -> None:
    shared = small(64)  # forgets all the time
    every = [*COMMENTS, *texts.PHRASES]
    expected = ROOMY.classify_batch(every)
    ready = threading.Barrier(8)

    def work(number: int) -> bool:
        ready.wait()
        turned = every[number * 50 :] + every[: number * 50]
        answers = shared.classify_batch(turned) if number % 2 else [shared.classify(text) for text in turned]
        return answers == expected[number * 50 :] + expected[: number * 50]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [True] * 8


RUNS = [
    ([], []),
    ([LETTERS], []),
    ([LETTERS, LETTERS], [(0, 2)]),
    ([0, LETTERS, LETTERS, 0, LETTERS], [(1, 3)]),
    ([LETTERS, DIGITS], []),
    ([DIGITS, DIGITS, LETTERS, LETTERS], [(0, 2), (2, 4)]),
    ([LETTERS | DIGITS, LETTERS, LETTERS], [(0, 3)]),
    ([DIGITS, LETTERS | DIGITS, DIGITS], [(0, 3)]),
]


@pytest.mark.parametrize(("flags", "runs"), RUNS)
def test_fragment_runs(flags: list[int], runs: list[tuple[int, int]]) -> None:
    assert fragment_runs(flags) == runs


@given(st.lists(st.sampled_from([0, LETTERS, DIGITS, LETTERS | DIGITS]), max_size=12))
def test_runs_are_apart_and_share_a_kind(flags: list[int]) -> None:
    position = 0
    for start, end in fragment_runs(flags):
        assert position <= start < end - 1
        assert any(all(flag & kind for flag in flags[start:end]) for kind in (LETTERS, DIGITS))
        position = end
