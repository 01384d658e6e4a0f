"""What a million terms are kept in says the same as the tuples that it stands for."""

from __future__ import annotations

import pickle
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.neighbours import Neighbours
from contentfilter.rules.compounds import without_compounds
from contentfilter.rules.runs import Runs
from contentfilter.rules.schema import Alike, TermSpec

tokens = st.sampled_from("bán cho chó đất lô nhà xe".split())
keys = st.tuples(st.lists(tokens, min_size=2, max_size=3).map(tuple), st.booleans())
runs = st.dictionaries(keys, st.sampled_from([1, 6, 1 << 62]), max_size=8)


@given(runs)
def test_runs_are_the_tuples_in_order(chosen: dict[tuple[tuple[str, ...], bool], int]) -> None:
    expected = tuple((run, may_be_bare, chosen[run, may_be_bare]) for run, may_be_bare in sorted(chosen))
    made = Runs(chosen)
    assert tuple(made) == tuple(made) == expected  # gone through twice
    assert made == expected
    assert len(made) == len(expected)


@given(runs, tokens, tokens)
def test_neighbours_are_those_of_the_runs_in_all_forms(chosen: dict[tuple[tuple[str, ...], bool], int], first: str, second: str) -> None:
    for one, other in ((first, second), (bare(first), second), (first, bare(second)), (bare(first), bare(second))):
        expected = any(
            (one, other) == (left, right) or (may_be_bare and one in (left, bare(left)) and other in (right, bare(right)))
            for run, may_be_bare in chosen
            for left, right in pairwise(run)
        )
        made = Neighbours(Runs(chosen))
        assert made.stand_so(one, other) is made.stand_so(one, other) is expected


def test_terms_that_are_alike_are_as_a_tuple_of_them() -> None:
    specs = tuple(TermSpec(text, 5.0, needs=("nợ",)) for text in ("lô đất", "bán xe", "xe"))
    made = Alike(TermSpec("", 5.0, needs=("nợ",)), ("lô đất", "bán xe", "xe"))
    assert tuple(made) == specs
    assert made == specs
    assert len(made) == 3
    assert made[1] == specs[1]
    assert made[1:] == specs[1:]
    assert pickle.loads(pickle.dumps(made)) == made
    assert made != specs[:2]
    assert hash(made) == hash(Alike(TermSpec("", 5.0, needs=("nợ",)), ("lô đất", "bán xe", "xe")))


def test_a_compound_gives_way_to_whole_runs_of_its_tokens_only() -> None:
    known = ("con bò sữa", "bò thịt")  # both in the shipped lists
    assert without_compounds((*known, "bánh bò nhà làm"), ["bò"]) == (*known, "bánh bò nhà làm")
    assert without_compounds(known, ["Bò  sữa"]) == ("bò thịt",)
    assert without_compounds(known, ["Bò thịt"]) == ("con bò sữa",)
    assert without_compounds(("bánh bò nhà làm",), ["bánh bò"]) == ("bánh bò nhà làm",)  # the site's own
