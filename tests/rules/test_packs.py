"""The shipped packs keep their own promises."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from contentfilter import Category, ContentFilter
from contentfilter.data import data_folder
from contentfilter.rules.compile import canonical
from contentfilter.rules.load import PACKS, load_lists, load_pack
from contentfilter.rules.schema import Rule
from contentfilter.rules.selftest import failures
from contentfilter.training.entries import ENOUGH

FOLDER = data_folder("wordlists")
LISTS = dict(load_lists(FOLDER / "lists.yaml"))
RULES: list[tuple[str, Rule]] = [(name, rule) for name in PACKS for rule in load_pack(FOLDER / f"{name}.yaml", LISTS)[2]]
every_rule = pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])


def test_every_example_holds(shipped: ContentFilter) -> None:
    wrong, checked = failures(shipped.rules, shipped.matching_rules)
    assert wrong == []
    assert checked >= 4 * len(RULES)


def test_a_wrong_example_is_told() -> None:
    rule = next(rule for _, rule in RULES if rule.id == "insult.stupid")
    wrong, checked = failures([rule], lambda _: {"insult.other": ["“ngu”"]}, "en")
    assert checked == len(rule.match) + len(rule.passes)
    assert wrong == [
        f"insult.stupid: does not match {text!r}, expected a match\n    insult.other found “ngu”" for text in rule.match
    ]
    wrong, _ = failures([replace(rule, status="off")], lambda _: {})
    assert wrong == []


@every_rule
def test_enough_examples(pack: str, rule: Rule) -> None:  # noqa: ARG001  # names the case
    assert len(set(rule.match)) >= 2
    assert len(set(rule.passes)) >= 2


def test_many_rules_have_four_examples_either_way() -> None:
    rules = [rule for pack, rule in RULES if pack not in ("profanity", "context")]
    full = Counter(rule.categories[0] for rule in rules if min(len(set(rule.match)), len(set(rule.passes))) >= 4)
    assert sum(full.values()) >= 80
    assert set(full) == set(Category) - {Category.PROFANITY}


@every_rule
def test_ids_begin_with_their_pack(pack: str, rule: Rule) -> None:
    assert rule.id.partition(".")[0] == pack
    if pack != "context":
        assert Category(pack) in rule.categories


@every_rule
def test_context_speaks_for_innocence_and_the_other_packs_for_harm(pack: str, rule: Rule) -> None:
    if pack == "context":
        assert all(term.weight < 0 for term in rule.terms)
    else:
        assert rule.weight > 0 or rule.severity == 0


@every_rule
def test_descriptions_are_in_both_languages(pack: str, rule: Rule) -> None:  # noqa: ARG001  # names the case
    assert rule.describe_vi != rule.describe_en


def test_no_term_stands_twice_in_a_rule() -> None:
    # "kì" and "kỳ", "hoà" and "hòa" are one spelling to the filter
    twice = []
    for _, rule in RULES:
        counts = Counter((canonical(term.text), term.toneless, term.needs, term.within, term.segment) for term in rule.terms)
        twice += [f"{rule.id}: {term[0]}" for term, count in counts.items() if count > 1]
    assert twice == []


def test_every_category_has_a_pack() -> None:
    assert {category for _, rule in RULES for category in rule.categories} == set(Category)


def test_every_rule_says_where_its_weight_comes_from(shipped: ContentFilter) -> None:
    assert [rule.id for rule in shipped.rules if not rule.origin.startswith(("count", "judgement"))] == []


def test_counts_say_what_an_entry_rests_on(shipped: ContentFilter) -> None:
    lines = (data_folder("wordlists") / "entry_counts.tsv").read_text(encoding="utf-8").splitlines()
    rows = {entry: (int(toxic), int(clean), origin) for entry, toxic, clean, origin, _ in (line.split("\t") for line in lines[1:])}
    assert {(toxic + clean >= ENOUGH, origin) for toxic, clean, origin in rows.values()} == {(True, "count"), (False, "judgement")}
    entries = {term.text for group in shipped._rules.matchers.keywords.groups for term in group}
    assert len(rows.keys() - entries - shipped._rules.vocabulary.aliases.keys()) <= len(rows) / 20
