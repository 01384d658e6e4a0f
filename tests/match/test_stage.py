"""Announcing (which texts are matched at all) loses nothing: what it passes over has no match."""

from __future__ import annotations

import texts
from hypothesis import given
from hypothesis import strategies as st
from making import filter_of, places, rule

from contentfilter import ContentFilter
from contentfilter.chunks import FRAGMENT, GUESSED, INTERESTING
from contentfilter.match.join import is_curious
from contentfilter.rules.schema import TermSpec


def matched(contentfilter: ContentFilter, text: str) -> list[tuple[object, ...]]:
    """The settled matches of a text as it is written, where something announces one."""
    looked, generation, _ = contentfilter._reader.look_up(text)
    return places(contentfilter._match([looked], generation)[0].hits if is_curious(looked) else ())


def matched_anyway(contentfilter: ContentFilter, text: str) -> list[tuple[object, ...]]:
    """The settled matches of a text, whether or not anything announced one."""
    looked, generation, _ = contentfilter._reader.look_up(text)
    looked.flags = INTERESTING | FRAGMENT | GUESSED
    return places(contentfilter._match([looked], generation)[0].hits)


@given(texts.mixtures)
def test_shipped_terms_are_announced(shipped: ContentFilter, text: str) -> None:
    assert matched(shipped, text) == matched_anyway(shipped, text)


tokens = st.sampled_from("óc chó oc cho ngu n.g.u n g u nguuu đm d m tạ đội . , <phone> 0912345678 của bạn".split())
specs = st.builds(
    TermSpec,
    text=st.lists(st.sampled_from("óc chó ngu đm tạ của bạn , <phone>".split()), min_size=1, max_size=4).map(" ".join),
    weight=st.sampled_from([1.0, 2.0, 5.0]),
    toneless=st.sampled_from([None, "never", "among", "company", "free"]),
    within=st.integers(1, 5),
    needs=st.sampled_from([(), ("đội",), ("abuse",), ("model",), ("của bạn",), ("<phone>", "tạ")]),
)


@given(st.lists(specs, min_size=1, max_size=4), st.lists(st.lists(tokens, max_size=9).map(" ".join), min_size=1, max_size=5), st.booleans())
def test_any_terms_are_announced(terms: list[TermSpec], written: list[str], toxic: bool) -> None:
    contentfilter = filter_of(*(rule(f"insult.{number}", term) for number, term in enumerate(terms)), toxic=toxic)
    for text in written:
        assert matched(contentfilter, text) == matched_anyway(contentfilter, text)
        assert contentfilter.classify(text) == contentfilter.classify_batch([text])[0]


def test_a_kept_result_holds_no_generation_of_the_table(shipped: ContentFilter) -> None:
    (result,) = shipped.classify_batch(["thằng ngu, đ.ồ n.g.u"])
    lines = [hit.line for hit in result.hits if hit.line is not None]
    assert all(line.document._generation is None for line in lines)
    assert next(match.text for match in result.matches) == "thằng ngu"
