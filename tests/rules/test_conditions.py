"""Conditions: what each kind asks for, and that texts are looked at wherever one may hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import filter_of, model, places
from making import rule as made_rule
from written import NOTHING, found, pack_filter, rule, write

from contentfilter import Action, Category, ContentFilter, PackError
from contentfilter.match.join import is_curious
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.load import with_packs
from contentfilter.rules.schema import Condition, Rule, TermSpec

CASES = [
    # condition, text, what is marked
    ("siêu lãi nhanh", "kèo siêu lãi nhanh nè", ["siêu lãi nhanh"]),
    ("siêu lãi nhanh", "keo sieu lai nhanh ne", ["sieu lai nhanh"]),
    ("{list: banks}", "app của VCB lỗi", ["VCB"]),
    ("{all: [hồ lô biến, {list: banks}]}", "hồ lô biến từ vcb", ["hồ lô biến", "vcb"]),
    ("{all: [hồ lô biến, {list: banks}]}", "hồ lô biến", []),
    ("{any: [hồ lô biến, hồ lô hiện]}", "hồ lô hiện", ["hồ lô hiện"]),
    ("{all: [hồ lô biến, {not: cảnh báo}]}", "hồ lô biến", ["hồ lô biến"]),
    ("{all: [hồ lô biến, {not: cảnh báo}]}", "cảnh báo hồ lô biến", []),
    ("{count: {least: 2, of: [hồ lô, bầu bí, mướp đắng]}}", "bầu bí với hồ lô", ["bầu bí", "hồ lô"]),
    ("{count: {least: 2, of: [hồ lô, bầu bí, mướp đắng]}}", "bầu bí bầu bí", []),
    ("{near: {of: [hồ lô, <url>], within: 2}}", "hồ lô ở abc.top", ["hồ lô", "abc.top"]),
    ("{near: {of: [hồ lô, <url>], within: 2}}", "abc.top có hồ lô", ["abc.top", "hồ lô"]),
    ("{near: {of: [hồ lô, <url>], within: 2}}", "hồ lô ở trang này abc.top", []),
    ("{near: {of: [hồ lô, <url>], within: 2, ordered: true}}", "abc.top có hồ lô", []),
    ("{near: {of: [hồ lô, bầu bí], within: 3, same_sentence: true}}", "hồ lô. bầu bí", []),
    ("{near: {of: [hồ lô, bầu bí], within: 3, same_sentence: true}}", "hồ lô\nbầu bí", []),
    ("{near: {of: [hồ lô, bầu bí], within: 3}}", "hồ lô. bầu bí", ["hồ lô", "bầu bí"]),
    ("{near: {of: [hồ lô, bầu bí], within: 3, same_sentence: true}}", "hết. hồ lô, bầu bí. hết", ["hồ lô", "bầu bí"]),
    ("{near: {of: [hồ lô, bầu bí], within: 1}}", "hồ lô ,,, là … !!! bầu bí", ["hồ lô", "bầu bí"]),
    ("{near: {of: [hồ lô, bầu bí], within: 1}}", "hồ lô ,,, là … !!! cây bầu bí", []),
    ("{near: {of: [hồ lô, hồ lô], within: 3}}", "hồ lô", []),
    ("{near: {of: [hồ lô, hồ lô], within: 3}}", "hồ lô này hồ lô kia", ["hồ lô", "hồ lô"]),
    ("{near: {of: [hồ lô, bầu bí, mướp đắng], within: 1}}", "mướp đắng, hồ lô và bầu bí", ["mướp đắng", "hồ lô", "bầu bí"]),
    ("{starts: [hồ lô]}", "…Hồ lô đây", ["Hồ lô"]),
    ("{starts: [hồ lô]}", "đây hồ lô", []),
    ("{starts: [hồ lô]}", "hồ lô này hồ lô kia", ["hồ lô"]),
    ("{ends: [hồ lô]}", "hồ lô này hồ lô …", ["hồ lô"]),
    ("{starts: [🦄]}", "🦄 🦄", ["🦄", "🦄"]),
    ("{ends: [hồ lô, bầu bí]}", "mua bầu bí!!!", ["bầu bí"]),
    ("{ends: [hồ lô, bầu bí]}", "bầu bí đây", []),
    ("{all: [hồ lô, {characters: {least: 10}}]}", "hồ lô", []),
    ("{all: [hồ lô, {characters: {least: 10}}]}", "hồ lô to quá", ["hồ lô"]),
    ("{all: [hồ lô, {syllables: {most: 3}}]}", "hồ lô to", ["hồ lô"]),
    ("{all: [hồ lô, {syllables: {most: 3}}]}", "hồ lô to lắm", []),
    ("{all: [hồ lô, {capitals: {least: 0.9}}]}", "HỒ LÔ TO", ["HỒ LÔ"]),
    ("{all: [hồ lô, {capitals: {least: 0.9}}]}", "Hồ lô to", []),
    ("{all: [hồ lô, {emoji: {least: 0.3}}]}", "hồ lô 👩‍👧👩‍👧👩‍👧🇻🇳", ["hồ lô"]),
    ("{all: [hồ lô, {emoji: {least: 0.3}}]}", "hồ lô 👩‍👧", []),
    ("{all: [hồ lô, {strange: {least: 0.5}}]}", "hồ lô zx qwk brt", ["hồ lô"]),
    ("{all: [hồ lô, {strange: {least: 0.5}}]}", "hồ lô xanh", []),
    ("{all: [hồ lô, {repeated_lines: {least: 0.5}}]}", "hồ lô\nhồ lô\n\nHồ  lô\n", ["hồ lô", "hồ lô", "Hồ  lô"]),
    ("{all: [hồ lô, {repeated_lines: {least: 0.5}}]}", "hồ lô\nbầu\nhồ lô", []),
    ("{all: [hồ lô, {links: {least: 2}}]}", "hồ lô a.vn với b.vn", ["hồ lô"]),
    ("{all: [hồ lô, {links: {least: 2}}]}", "hồ lô a.vn", []),
    ("{all: [hồ lô, {phones: {least: 1}}]}", "hồ lô gọi 0912 345 678", ["hồ lô"]),
    ("{all: [hồ lô, {model: {head: toxic, most: 0.9}}]}", "hồ lô", ["hồ lô"]),
    ("{all: [hồ lô, {model: {head: toxic, least: 0.9}}]}", "hồ lô", []),
    ("{rule: scam.other}", "cây đa đầu làng", ["cây đa đầu làng"]),
    ("{all: [{rule: scam.oth*}, hồ lô]}", "cây đa đầu làng có hồ lô", ["cây đa đầu làng", "hồ lô"]),
    ("{regex: 'mã\\s+hl[0-9]{3}'}", "MÃ  hl123 nhé", ["MÃ  hl123"]),
    ("{near: {of: [{regex: 'hl[0-9]{3}'}, hồ lô], within: 1}}", "hồ lô: xHL1234", ["hồ lô", "HL123"]),
    ("{near: {of: [{any: [hồ lô, bầu bí]}, mướp đắng], within: 0}}", "bầu bí mướp đắng", ["bầu bí", "mướp đắng"]),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


@pytest.mark.parametrize(("condition", "text", "marked"), CASES)
def test_conditions(folder: Path, condition: str, text: str, marked: list[str]) -> None:
    other = rule("status: part\nterms: [cây đa đầu làng]", "scam.other", weight=0)
    assert found(pack_filter(folder, other, rule(f"when: {condition}")), text) == marked


def test_own_terms_stand_where_the_condition_holds(folder: Path) -> None:
    contentfilter = pack_filter(folder, rule("terms: [hồ lô, bầu bí]\nregex: ['quả\\s+mướp']\nwhen: {not: cảnh báo}"))
    assert found(contentfilter, "hồ lô với bầu bí và quả mướp") == ["hồ lô", "bầu bí", "quả mướp"]
    assert found(contentfilter, "cảnh báo hồ lô với bầu bí và quả mướp") == []


def test_a_rule_whose_condition_fails_stands_in_nobodys_way(folder: Path) -> None:
    longer = rule("terms: [hồ lô biến hình]\nwhen: {not: cảnh báo}", "scam.longer")
    contentfilter = pack_filter(folder, longer, rule("terms: [hồ lô]"))
    assert found(contentfilter, "hồ lô biến hình") == []
    assert found(contentfilter, "cảnh báo hồ lô biến hình") == ["hồ lô"]


def test_conditions_of_conditions(folder: Path) -> None:
    third = rule("when: {all: [{rule: scam.second}, mướp đắng]}", "scam.test")
    second = rule("when: {all: [{rule: scam.first}, bầu bí]}", "scam.second", weight=1)
    first = rule("status: part\nwhen: {any: [hồ lô, hồ lô biến]}", "scam.first", weight=0)
    contentfilter = pack_filter(folder, third, second, first)
    assert found(contentfilter, "mướp đắng bầu bí hồ lô") == ["mướp đắng", "bầu bí", "hồ lô"]
    assert found(contentfilter, "mướp đắng bầu bí") == []


def test_a_part_counts_for_nothing_by_itself(folder: Path) -> None:
    contentfilter = pack_filter(folder, rule("status: part\nterms: [hồ lô]", weight=5))
    result = contentfilter.classify("hồ lô")
    assert (result.matches, result.contributions()) == ((), contentfilter.classify("xin chào").contributions())
    assert "scam.test" in contentfilter.matching_rules("hồ lô")


def test_a_trial_is_reported_and_never_acts(folder: Path) -> None:
    trial = rule("status: trial\nterms: [hồ lô biến hình]", "scam.trial")
    contentfilter = pack_filter(folder, trial, rule("terms: [hồ lô]"), rule("when: {rule: scam.trial}", "scam.active"))
    result = contentfilter.classify("hồ lô biến hình")
    assert [match.text for match in result.matches] == ["hồ lô"]  # the longer one stands in nobody's way
    assert [(match.rule, match.text) for match in result.trials] == [("scam.trial", "hồ lô biến hình")]
    assert result.to_dict()["trials"][0]["rule"] == "scam.trial"
    alone = pack_filter(folder, trial).classify("hồ lô biến hình")
    assert (alone.action, alone.matches, len(alone.trials)) == (Action.ALLOW, (), 1)
    assert alone.action_with("scam.trial") is not Action.ALLOW
    assert alone.action_with("scam.other") is Action.ALLOW


def test_what_is_off_is_not_looked_for(folder: Path) -> None:
    contentfilter = pack_filter(folder, rule("status: off\nterms: [hồ lô biến hình]"))
    assert contentfilter.matching_rules("hồ lô biến hình") == {}


INNOCENT = [
    # what a sign of innocence says besides its weight, a text in which it speaks against the model, one in which it does not
    ("terms: [cảnh báo]\nwhen: {not: bấm vào}", "cảnh báo hồ lô", "cảnh báo hồ lô, bấm vào đây"),
    ("when: {all: [cảnh báo, {near: {of: [hồ lô, <url>], within: 3}}]}", "cảnh báo: hồ lô ở abc.top", "cảnh báo hồ lô"),
    ("when: {all: [{rule: scam.feeds}, {not: bầu bí}]}", "cây đa có hồ lô", "cây đa có bầu bí"),
    ("when: {all: [hồ lô, {syllables: {most: 3}}]}", "hồ lô to", "hồ lô to lắm"),
    ("regex: ['quả\\s+mướp']", "quả  mướp", "quả bầu"),
    ("terms: [mướp]\nplace: prefix", "cái mướpz", "cái bầuz"),
    ("terms: [mướp đắng]\nviews: [plain]", "mướp đắng", "mướp đ.ắ.n.g"),
    ("terms: [<official>]", "vào vietcombank.com.vn nhé", "vào vietcombank.top nhé"),
]


@pytest.mark.parametrize(("keys", "heard", "unheard"), INNOCENT)
def test_signs_of_innocence_speak_against_the_model_alone(folder: Path, keys: str, heard: str, unheard: str) -> None:
    feeds = rule("status: part\nterms: [cây đa]", "scam.feeds", weight=0)
    contentfilter = object.__new__(ContentFilter)
    pack = write(folder, rule(keys, weight=-3), feeds)
    contentfilter.__setstate__(("default", with_packs(NOTHING, [pack]), model(("toxic", "hate", "scam"), bias=2.0)))
    for text, expected in ((heard, [-3.0]), (unheard, [])):
        result = contentfilter.classify(text)
        assert result == contentfilter.classify_batch(["xin chào", text])[1]
        assert [weight for _, source, weight in result.evidence.contributions if source == "scam.test"] == expected


def test_a_sign_of_innocence_on_trial_takes_nothing_back(folder: Path) -> None:
    contentfilter = object.__new__(ContentFilter)
    pack = write(folder, rule("status: trial\nterms: [cảnh báo]\nwhen: {not: bấm vào}", weight=-9))
    contentfilter.__setstate__(("default", with_packs(NOTHING, [pack]), model(("toxic", "hate", "scam"), bias=2.0)))
    result = contentfilter.classify("cảnh báo hồ lô")
    assert result.scores[Category.SCAM] == contentfilter.classify("hồ lô").scores[Category.SCAM]
    assert [contentfilter.rules[hit.term.rule or 0].id for hit in result.watched] == ["scam.test"]


REFUSED = [
    ("when: {not: hồ lô}", "nothing that a text could be looked up by"),
    ("when: {capitals: {least: 0.5}}", "nothing that a text could be looked up by"),
    ("when: {any: [hồ lô, {links: {least: 2}}]}", "nothing that a text could be looked up by"),
    ("when: {rule: scam.test}", "in a circle: scam.test → scam.test"),
    ("when: {all: [hồ lô, {model: {head: rude, least: 0.5}}]}", "head 'rude', expected one of: toxic, hate"),
]


@pytest.mark.parametrize(("keys", "message"), REFUSED)
def test_conditions_that_cannot_be_judged_are_refused(folder: Path, keys: str, message: str) -> None:
    path = write(folder, rule(keys))
    lists = with_packs(NOTHING, [path])
    with pytest.raises(PackError, match=rf"rule scam\.test: when: .*{message}"):
        compile_rules(lists, ("toxic", "hate"))


def test_rules_may_not_speak_of_each_other_in_a_circle(folder: Path) -> None:
    one = rule("when: {any: [hồ lô, {rule: scam.two}]}", "scam.one")
    path = write(folder, one, rule("when: {any: [bầu bí, {rule: scam.one}]}", "scam.two"))
    lists = with_packs(NOTHING, [path])
    with pytest.raises(PackError, match=r"in a circle: scam\.\w+ → scam\.\w+ → scam\.\w+"):
        compile_rules(lists)


words = st.sampled_from("tạ đội ngu đm của bạn <phone> óc".split())
least = st.integers(1, 3)
leaves = st.lists(words, min_size=1, max_size=2).map(" ".join).map(lambda text: Condition("term", text=text)) | st.just(
    Condition("rule", text="insult.own")
)
conditions = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Condition, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(
            lambda of, least: Condition("count", tuple(of), least=min(least, len(of))), st.lists(inner, min_size=1, max_size=3), least
        )
        | st.builds(
            lambda of, within: Condition("near", tuple(of), within=within), st.lists(inner, min_size=2, max_size=3), st.integers(0, 3)
        )
        | inner.map(lambda of: Condition("all", (of, Condition("not", (Condition("term", text="cây"),)))))
    ),
    max_leaves=5,
)
tokens = st.sampled_from("tạ đội ngu n.g.u đm d m của bạn óc oc cây cay 0912345678 tav đ m 0912 345 678 . ,".split())


@given(st.lists(conditions, min_size=1, max_size=3), st.lists(st.lists(tokens, max_size=9).map(" ".join), min_size=1, max_size=5))
def test_any_conditions_are_announced(written: list[Condition], texts: list[str]) -> None:
    rules = [
        Rule(f"insult.{i}", made_rule("x", "y").categories, "", "", 1, 5.0, "", (), when=condition) for i, condition in enumerate(written)
    ]
    prefix = made_rule("insult.own", TermSpec("ta", 1.0, place="prefix", disguised=False), weight=1.0)
    contentfilter = filter_of(*rules, prefix)
    for text in texts:
        looked, generation, _ = contentfilter._reader.look_up(text)
        looked.flags = 0xFF
        anyway = contentfilter._match([looked], generation)[0].hits
        found = contentfilter._match([looked], generation)[0].hits if is_curious(looked) else []
        assert places(found) == places(anyway)
        assert contentfilter.classify(text) == contentfilter.classify_batch([text])[0]
