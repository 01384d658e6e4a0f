"""What the kernel tells of texts is what the long way tells."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import texts
from hypothesis import given
from hypothesis import strategies as st
from making import filter_of, places, rule

from contentfilter import ContentFilter
from contentfilter.chunks import FRAGMENT, GUESSED, INTERESTING
from contentfilter.kernel import KERNEL
from contentfilter.match.join import Looked
from contentfilter.match.stage import match
from contentfilter.match.verifier import Verifier
from contentfilter.rules.schema import Condition, TermSpec

pytestmark = pytest.mark.skipif(KERNEL is None, reason="nothing was compiled")


def both_ways(contentfilter: ContentFilter, written: list[str], suspected: bool) -> tuple[list[object], list[object]]:
    """The matches of texts, each as if any term might be in it, as the kernel tells them and the long way."""
    matchers = contentfilter._rules.matchers
    silent = Verifier(matchers.keywords, matchers.address)
    silent._kernel = None
    reader = contentfilter._reader
    every: list[Looked] = []
    for text in written:
        looked, generation, logits = reader.look_up(text)
        looked.flags = INTERESTING | FRAGMENT | GUESSED
        if suspected:
            looked.suspected = reader._suspected([math.inf] * len(logits))
        every.append(looked)
    found = [
        match(every, reader.table, generation, matchers._replace(verifier=verifier), reader.adder.announcer.beside)
        for verifier in (matchers.verifier, silent)
    ]
    one, other = ([(places(matched.hits), [hit.missing for hit in matched.hits], matched.errors) for matched in way] for way in found)
    return list(one), list(other)


@given(st.lists(texts.mixtures | texts.anything, min_size=1, max_size=5), st.booleans())
def test_of_shipped_terms(shipped: ContentFilter, written: list[str], suspected: bool) -> None:
    one, other = both_ways(shipped, written, suspected)
    assert one == other


@pytest.mark.parametrize("name", ["sentences.txt", "innocent.txt", "clean.txt", "collisions.txt", "known_alarms.txt"])
@pytest.mark.parametrize("suspected", [False, True])
def test_of_written_cases(shipped: ContentFilter, name: str, suspected: bool) -> None:
    written = texts.lines(name)
    bare = [texts.GUESSED["bare"](text) for text in written]
    one, other = both_ways(shipped, [*written, *bare, *map(texts.GUESSED["dotted"], written)], suspected)
    assert one == other


tokens = st.sampled_from("óc chó oc cho ngu n.g.u n g u nguuu đm d m tạ đội . , <phone> 0912345678 của bạn dit đit địt hơn mẹ :)".split())
specs = st.builds(
    TermSpec,
    text=st.lists(st.sampled_from("óc chó ngu đm tạ của bạn , <phone> địt mẹ".split()), min_size=1, max_size=3).map(" ".join),
    weight=st.sampled_from([-5.0, -1.0, 1.0, 2.0, 5.0]),
    toneless=st.sampled_from([None, "never", "among", "company", "free"]),
    within=st.integers(1, 5),
    segment=st.booleans(),
    place=st.sampled_from(["whole", "whole", "whole", "inside", "prefix"]),
    disguised=st.booleans(),
    needs=st.sampled_from([(), (), ("đội",), ("abuse",), ("model",), ("của bạn",), ("của bạn", "tạ", "abuse"), ("<phone>", "tạ")]),
)
allowed = st.lists(st.sampled_from(["óc chó", "của bạn", "ngu đội", "tạ của", "chó ngu"]), max_size=2, unique=True)
harms = st.sampled_from(["insult", "profanity", "threat"])
conditions = st.sampled_from(
    [
        None,
        None,
        Condition("near", (Condition("rule", text="*.0"), Condition("term", text="tạ")), within=3),
        Condition("not", (Condition("term", text="hơn mẹ"),)),
    ]
)


@given(
    st.lists(st.tuples(specs, harms, conditions), min_size=1, max_size=5),
    allowed,
    st.lists(st.lists(tokens, max_size=12).map(" ".join), min_size=1, max_size=5),
    st.booleans(),
    st.booleans(),
)
def test_of_any_terms(
    terms: list[tuple[TermSpec, str, Condition | None]], phrases: list[str], written: list[str], toxic: bool, suspected: bool
) -> None:
    rules = [
        replace(rule(f"{harm}.{number}", term, category=harm), when=when if number else None)  # the first is what others speak of
        for number, (term, harm, when) in enumerate(terms)
    ]
    one, other = both_ways(filter_of(*rules, allowed=tuple(phrases), toxic=toxic), written, suspected)
    assert one == other


def test_what_was_forgotten_is_told_again(shipped: ContentFilter) -> None:
    written = ["thằng ngu", "dit me may", "một số đề xuất hay", "chơi số đề đi"]
    before = [places(shipped.classify(text).hits) for text in written]
    shipped._rules.matchers.verifier._kernel.forget(0)
    assert [places(shipped.classify(text).hits) for text in written] == before
