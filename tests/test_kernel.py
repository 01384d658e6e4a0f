"""The compiled kernel and its twins in Python: the same answers, to the bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st
from making import model

from contentfilter import ContentFilter
from contentfilter.forms import Forms, PlainForms
from contentfilter.index import UNKNOWN, Index, PlainIndex
from contentfilter.kernel import KERNEL
from contentfilter.match.automaton import PlainAutomaton
from contentfilter.model.features import _ngram_sums, _word_keys, ngram_sums, pair_keys
from contentfilter.normalize.diacritics import Diacritics
from contentfilter.normalize.entities import word_of
from contentfilter.normalize.likeliest import MOST, SYLLABLE, Groups, PlainLikeliest, PlainWords, new_words

MODEL = model(seed=11)
INDEXES = [PlainIndex, *([] if KERNEL is None else [lambda: KERNEL.Index(7)])]
needs_kernel = pytest.mark.skipif(KERNEL is None, reason="nothing was compiled")

spaces = st.sampled_from(" \t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u1680\u2000\u2028\u2029\u3000\u200b\ufeff")
anything = st.lists(texts.mixtures | texts.chunks | spaces | st.characters(), max_size=12).map("".join)


@pytest.mark.parametrize("made", INDEXES)
@given(st.lists(anything, max_size=8), st.data())
def test_a_split_is_that_of_str(made: Any, batch: list[str], data: st.DataObject) -> None:
    index: Index = made()
    chunks = [chunk for text in batch for chunk in text.split()]
    known = data.draw(st.lists(st.sampled_from(chunks), unique=True)) if chunks else []
    index.add(known)
    used = bytearray(len(known))
    ids, counts, new = index.split(batch, used)
    expected = [known.index(chunk) if chunk in known else UNKNOWN for chunk in chunks]
    assert np.frombuffer(ids, dtype=np.int64).tolist() == index.find(chunks) == expected
    assert np.frombuffer(counts, dtype=np.int64).tolist() == [len(text.split()) for text in batch]
    assert new == [chunk for chunk in chunks if chunk not in known]
    assert [i for i, mark in enumerate(used) if mark] == sorted(set(expected) - {UNKNOWN})


@pytest.mark.parametrize("made", INDEXES)
def test_white_space_is_that_of_str(made: Any) -> None:
    text = "a".join(map(chr, range(0x110000)))
    _, _, new = made().split([text], bytearray())
    assert new == text.split()


@pytest.mark.parametrize("made", INDEXES)
def test_ids_stay_while_an_index_grows(made: Any) -> None:
    index: Index = made()
    chunks = [f"{'ạ' * (i % 7)}{i}" for i in range(5_000)]
    for start in range(0, len(chunks), 700):
        index.add(chunks[start : start + 700])
        assert index.find(chunks[: start + 700 + 1])[-1] == (UNKNOWN if start + 700 < len(chunks) else len(chunks) - 1)
    assert index.find(chunks) == list(range(len(chunks)))


@pytest.mark.parametrize("made", INDEXES)
def test_marks_have_room_for_fewer_than_have_come_since(made: Any) -> None:
    index: Index = made()
    index.add(["một", "hai"])
    used = bytearray(1)
    ids, _, new = index.split(["một hai ba"], used)
    assert (np.frombuffer(ids, dtype=np.int64).tolist(), new, used) == ([0, 1, UNKNOWN], ["ba"], b"\x01")


formed = st.lists(anything, min_size=1, max_size=3)


@needs_kernel
@given(st.dictionaries(st.integers(0, 40), formed, max_size=8), st.lists(st.integers(0, 40), max_size=8), st.integers(0, 4))
def test_lines_are_those_of_python(told: dict[int, list[str]], some: list[int], number: int) -> None:
    forms: list[Forms] = [KERNEL.Forms(), PlainForms()]
    for made in forms:
        for i, own in told.items():
            made.tell(i, [(text, "".join(reversed(text))) for text in own])
    for ids in (some, [i for i in some if i in told]):
        one, other = (
            [made.line(ids, number, False), made.line(ids, number, True), made.starts(ids, number), made.lines(ids)] for made in forms
        )
        assert one == other
        if set(ids) <= set(told):
            assert one[0] == "".join([" ", *(f"{told[i][min(number, len(told[i]) - 1)]} " for i in ids)])


@needs_kernel
def test_forms_of_two_lengths_are_refused() -> None:
    forms: Forms = KERNEL.Forms()
    with pytest.raises(ValueError, match="two forms of one length"):
        forms.tell(0, [("ngữ", "ngu"), ("ngữ", "ngu!")])
    assert forms.line([0], 0, True) is None
    for wrong in ([-1], ["0"], [1 << 80]):
        with pytest.raises((IndexError, TypeError, OverflowError)):
            forms.line(wrong, 0, False)  # type: ignore[arg-type]


letters = st.text("ab ạ<ư1", min_size=1, max_size=5).filter(str.strip)


@needs_kernel
@given(st.lists(letters, unique=True, max_size=12), st.text("ab ạ<ư1c", max_size=60))
def test_spots_are_those_of_python(keys: list[str], text: str) -> None:
    found = KERNEL.Automaton(keys).spots(text)
    assert found == PlainAutomaton(keys).spots(text)
    for start, end, number in found:
        assert text[start:end] == keys[number].strip(" ")


syllables = ("ban", "bạn", "bán", "nhà", "nha", "của", "cua", "cùa", "chó", "lan", "facebook", "xyzt", "hôm", "nay")
counted = st.lists(st.sampled_from(syllables), min_size=1, unique=True).flatmap(
    lambda words: st.tuples(
        st.just(words),
        st.lists(st.integers(1, 300), min_size=len(words), max_size=len(words)),
        st.dictionaries(st.tuples(*[st.integers(0, len(words) - 1)] * 2), st.integers(1, 50), max_size=30),
    )
)
decorated = st.tuples(st.sampled_from(syllables), st.sampled_from(("", "!!", "(")), st.sampled_from((str.lower, str.upper, str.title)))
written = st.lists(decorated.map(lambda parts: parts[1] + parts[2](parts[0]) + parts[1]) | spaces | texts.chunks, max_size=14).map(" ".join)


@needs_kernel
@given(counted, st.lists(written, max_size=4))
def test_a_restored_text_is_that_of_python(
    known: tuple[list[str], list[int], dict[tuple[int, int], int]], batch: list[str]
) -> None:
    words, counts, pairs = known
    keys = [first << 16 | second for first, second in pairs]
    compiled = Diacritics(words, counts, keys, list(pairs.values()))
    plain = PlainLikeliest(compiled.groups)
    chunks = list(dict.fromkeys([chunk for text in batch for chunk in text.split()]))
    told, plain_words = new_words(), PlainWords()
    for text in batch:
        ids = [chunks.index(chunk) for chunk in text.split()]
        assert sorted(set(told.untold(ids))) == sorted(set(plain_words.untold(ids)))
        for i in plain_words.untold(ids):
            plain_words.tell(i, *compiled.word(chunks[i]))
        assert compiled.restore(told, chunks, ids, text) == plain.restore(plain_words, ids, text)


odds = st.floats(-8, 0)  # none so far behind that it is given up


@pytest.mark.parametrize("made", [PlainLikeliest, *([] if KERNEL is None else [lambda groups: KERNEL.Likeliest(*groups, 9.0, 2.0)])])
@given(st.lists(odds, min_size=6, max_size=6), st.dictionaries(st.integers(0, 35), st.floats(-20, 0), max_size=20))
def test_no_other_row_is_likelier(made: Any, alone: list[float], pairs: dict[int, float]) -> None:
    """Two groups of three, one behind the other."""
    known = {(first, second): likely for pair, likely in pairs.items() if (first := pair // 6) < 3 <= (second := pair % 6)}
    every = sorted(known)
    groups = Groups(
        list("abcdef"), np.array(alone), np.array([0, 3, 6], "i"), np.arange(6, dtype="i"),
        np.array([1] * bool(every), np.uint32), np.array([len(every)] * bool(every), "i"),
        np.array([first * MOST + second - 3 for first, second in every], "B"), np.array([known[pair] for pair in every]),
    )  # fmt: skip
    words = new_words() if made is not PlainLikeliest else PlainWords()
    for i in (0, 1):
        words.tell(i, i, 0, 3, -1, 0, SYLLABLE)
    text, _ = made(groups).restore(words, [0, 1], "x x")

    def score(first: int, second: int) -> float:
        return alone[first] + max(known.get((first, second), alone[second]), alone[second])

    found = score(*["abcdef".index(letter) for letter in text.split()])
    assert found == pytest.approx(max(score(first, second) for first in range(3) for second in range(3, 6)))


@needs_kernel
@pytest.mark.parametrize(
    "word",
    [(0, 0, 9, 0, 0, 0), (0, 0, 0, 0, 0, 0), (0, 1, 1, 0, 0, 0), (-1, 0, 2, 0, 0, 0), (-2, 0, 1, 0, 0, 0), (0, 0, 1, 1, 0, 0),
     (0, 0, 1, -2, 0, 0), (0, 0, 1, 0, -1, 0), (0, 0, 1, 0, 0, 256), ("a", 0, 1, 0, 0, 0)],
)  # fmt: skip
def test_words_that_are_none_are_refused(word: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        KERNEL.Words().tell(0, *word)


SMALL: tuple[Any, ...] = (
    ["ban", "bạn"], np.zeros(2), np.array([0, 2], "i"), np.array([0, 1], "i"),
    np.zeros(1, "I"), np.ones(1, "i"), np.zeros(1, "B"), np.zeros(1),
)  # fmt: skip
ODD: list[tuple[int, Any]] = [
    (0, ["ban"]), (0, ["ban", b"ban"]), (1, np.zeros(3)), (2, np.array([], "i")), (2, np.array([0, 3], "i")), (2, np.array([2, 0], "i")),
    (2, np.array([-1, 1], "i")), (3, np.array([0, 2], "i")), (3, np.array([-1, 0], "i")), (4, np.zeros(2, "I")), (5, np.array([2], "i")),
    (5, np.zeros(1, "i")), (6, np.zeros(2, "B")), (7, np.zeros(2)),
]  # fmt: skip


@needs_kernel
@pytest.mark.parametrize(("place", "table"), ODD)
def test_tables_that_do_not_fit_are_refused(place: int, table: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        KERNEL.Likeliest(*SMALL[:place], table, *SMALL[place + 1 :], 9.0, 2.0)


@needs_kernel
def test_a_text_of_other_chunks_is_refused() -> None:
    small, words = KERNEL.Likeliest(*SMALL, 9.0, 2.0), KERNEL.Words()
    words.tell(0, 0, 0, 2, -1, 0, SYLLABLE)
    words.tell(1, 1, 0, 1, -1, 0, SYLLABLE)  # of a group that there is not
    words.tell(2, 0, 0, 3, -1, 0, SYLLABLE)  # of more members than it has
    assert small.restore(words, [0], " ban ") == (" ban ", True)
    assert small.restore(words, [3], "ban") is None
    for ids, text in (([0, 0], "ban"), ([0], "ba"), ([1], "ban"), ([2], "ban")):
        with pytest.raises(ValueError, match="expected those"):
            small.restore(words, ids, text)
    for wrong in ([-1], ["0"], [1 << 80]):
        with pytest.raises((IndexError, TypeError, OverflowError)):
            small.restore(words, wrong, "ban")


@needs_kernel
@given(st.lists(anything, max_size=8))
def test_sums_are_those_of_columns(shipped: ContentFilter, batch: list[str]) -> None:
    generation, ids, counts = shipped._reader.table.split(batch)
    adder = shipped._reader.adder
    assert (adder._found(generation, ids, counts) == adder.found_in_python(generation, ids, counts)).all()


@given(st.lists((texts.chunks | st.just("a" * 1000)).map(str.lower), max_size=12))
def test_sums_of_n_grams_are_those_of_columns(plains: list[str]) -> None:
    for found, expected in zip(ngram_sums(plains, MODEL.ngram_weights), _ngram_sums(plains, MODEL.ngram_weights), strict=True):
        assert found.tolist() == expected.tolist()


@given(st.lists(anything, max_size=12))
def test_keys_of_words_are_those_of_python(words: list[str]) -> None:
    assert pair_keys(words).tolist() == _word_keys([word_of(word) for word in words]).tolist()


WRONG: list[tuple[str, Any, type[Exception]]] = [
    ("texts that are no list", lambda kernel: kernel.Index(0).split(("a",), bytearray()), TypeError),
    ("a text that is no str", lambda kernel: kernel.Index(0).split(["a", None], bytearray()), TypeError),
    ("marks that can't be written", lambda kernel: kernel.Index(0).split(["a"], b""), TypeError),
    ("chunks that are no list", lambda kernel: kernel.Index(0).add("a"), TypeError),
    ("a chunk that is no str", lambda kernel: kernel.Index(0).add([b"a"]), TypeError),
    ("a search for what is no str", lambda kernel: kernel.Index(0).find([1]), TypeError),
    ("a row that is not there", lambda kernel: _adder(kernel).add(np.zeros((2, 6), "q"), np.array([2]), np.array([1])), IndexError),
    ("a row before the first", lambda kernel: _adder(kernel).add(np.zeros((2, 6), "q"), np.array([-1]), np.array([1])), IndexError),
    ("more ids than counted", lambda kernel: _adder(kernel).add(np.zeros((2, 6), "q"), np.array([1, 1]), np.array([1])), ValueError),
    ("fewer ids than counted", lambda kernel: _adder(kernel).add(np.zeros((2, 6), "q"), np.array([1]), np.array([2])), ValueError),
    ("a negative count", lambda kernel: _adder(kernel).add(np.zeros((2, 6), "q"), np.array([1]), np.array([-1, 2])), ValueError),
    ("weights of no power of two", lambda kernel: _adder(kernel, pairs=3), ValueError),
    ("a chunk that was not cut", lambda kernel: kernel.ngram_sums(["a" * 65], ["a" * 65], np.zeros((4, 1), "h"), 1), ValueError),
    ("words that are no list", lambda kernel: kernel.word_keys("a"), TypeError),
    ("a word that is no str", lambda kernel: kernel.word_keys(["a", b""]), TypeError),
    ("a chunk of no form", lambda kernel: kernel.Forms().tell(0, []), ValueError),
    ("forms that are no tuples", lambda kernel: kernel.Forms().tell(0, ["ab"]), TypeError),
    ("a form that is no str", lambda kernel: kernel.Forms().tell(0, [("a", b"a")]), TypeError),
    ("keys that are no list", lambda kernel: kernel.Automaton("a"), TypeError),
    ("a key that is no str", lambda kernel: kernel.Automaton(["a", b"b"]), TypeError),
    ("an empty key", lambda kernel: kernel.Automaton(["a", ""]), ValueError),
    ("the same key twice", lambda kernel: kernel.Automaton(["a", "b", "a"]), ValueError),
    ("a text to search that is no str", lambda kernel: kernel.Automaton(["a"]).spots(b"a"), TypeError),
    ("too few marks of keys", lambda kernel: kernel.Verifier(kernel.Automaton(["a", "b"]), b"1", b"00"), ValueError),
    ("a company that is not there", lambda kernel: _verifier(kernel).stand(kernel.Forms(), [[0]], [True], [True], 1), ValueError),
    ("texts and verdicts of two lengths", lambda kernel: _verifier(kernel).stand(kernel.Forms(), [[0]], [], [True], 0), ValueError),
    ("ids that are no list", lambda kernel: _verifier(kernel).stand(kernel.Forms(), [(0,)], [True], [True], 0), TypeError),
    ("an id that is none", lambda kernel: _verifier(kernel).stand(kernel.Forms(), [[-1]], [True], [True], 0), IndexError),
    ("a key that is not there", lambda kernel: _verifier(kernel).tell(1, "a", False, []), ValueError),
    ("a held term that is no tuple", lambda kernel: _verifier(kernel).tell(0, "a", False, [1]), TypeError),
    ("one with a company that is not there", lambda kernel: _verifier(kernel).tell(0, "a", 0, [(0, (), 0, 1, 5, 1, 0)]), ValueError),
    ("a company of no words", lambda kernel: _verifier(kernel).company([""], [], [], [], False, False), ValueError),
    ("a phrase without its spaces", lambda kernel: _verifier(kernel).company([], ["a"], [], [], False, False), ValueError),
    ("lists of two lengths", lambda kernel: kernel.ngram_sums(["a"], [], np.zeros((4, 1), "h"), 1), ValueError),
]


def _adder(kernel: Any, pairs: int = 4) -> Any:
    """One of one head."""
    nothing = np.zeros(0, dtype=np.int64)
    return kernel.Adder(1, 0, 0, 1, np.zeros((pairs, 1), "h"), np.zeros(4, "B"), nothing, nothing, nothing, nothing)


def _verifier(kernel: Any) -> Any:
    """One of one key and one company."""
    made = kernel.Verifier(kernel.Automaton(["a"]), b"\1", b"\0")
    made.company([], [], [], [], False, False)
    return made


@needs_kernel
@pytest.mark.parametrize(("call", "error"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_call_is_refused(call: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        call(KERNEL)
