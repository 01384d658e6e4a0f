"""Overlays change what a filter does, and nothing else."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from contentfilter import Action, ContentFilter, PackError
from contentfilter.match.conditions import Conditions


def overlay(folder: Path, keys: str) -> Path:
    path = folder / "site.yaml"
    path.write_text(f"overlay: site\nversion: 1.0.0\n{keys}\n", encoding="utf-8")
    return path


def actions(contentfilter: ContentFilter, *texts: str) -> list[str]:
    return [result.action.value for result in contentfilter.classify_batch(texts)]


CASES = [
    # keys, text, action before, action after
    ("status: {insult.stupid: off}", "đồ ngu", "block", "review"),  # the model suspects it by itself
    ("status: {insult.dunce: off}", "dốt lòi đuôi", "block", "allow"),
    ("status: {insult.dunce: trial}", "dốt lòi đuôi", "block", "allow"),
    ("status: {'insult.*': off}", "dốt lòi đuôi", "block", "allow"),
    ("weights: {insult.dunce: 2.5}", "dốt lòi đuôi", "block", "review"),
    ("thresholds: {insult: {block: 0.999}}", "dốt lòi đuôi", "block", "review"),
    ("actions: {insult: mask}", "đồ ngu", "block", "mask"),
    ("actions: {insult: allow}", "đồ ngu", "block", "allow"),
    ("terms: {insult: [đồ bánh bao]}", "đồ bánh bao", "allow", "review"),
    ("terms: {insult.stupid: [{term: đồ bánh bao, weight: 8}]}", "đồ bánh bao", "allow", "block"),
    ("allow: [dốt lòi đuôi]", "dốt lòi đuôi", "block", "allow"),
    ("severity: {insult.stupid: 3}", "đồ ngu", "block", "block"),
]


@pytest.mark.parametrize(("keys", "text", "before", "after"), CASES)
def test_overlays(tmp_path: Path, shipped: ContentFilter, keys: str, text: str, before: str, after: str) -> None:
    changed = shipped.with_overlays([overlay(tmp_path, keys)])
    assert actions(changed, text, "trời đẹp") == [after, "allow"]
    assert actions(shipped, text) == [before]
    assert ContentFilter(overlays=[overlay(tmp_path, keys)]).classify(text) == changed.classify(text)
    assert pickle.loads(pickle.dumps(changed)).classify(text) == changed.classify(text)


def test_severity(tmp_path: Path, shipped: ContentFilter) -> None:
    changed = shipped.with_overlays([overlay(tmp_path, "severity: {insult.stupid: 3}")])
    assert changed.classify("đồ ngu").severity["insult"] == 3


def test_what_is_on_trial_is_told(tmp_path: Path, shipped: ContentFilter) -> None:
    changed = shipped.with_overlays([overlay(tmp_path, "status: {insult.stupid: trial}")])
    assert [match.rule for match in changed.classify("đồ ngu").trials] == ["insult.stupid"]


def test_one_overlay_upon_another(tmp_path: Path, shipped: ContentFilter) -> None:
    (tmp_path / "b").mkdir()
    one = overlay(tmp_path, "terms: {insult: [đồ bánh bao]}")
    two = overlay(tmp_path / "b", "status: {own.insult.site: trial}\nactions: {insult: review}")
    changed = shipped.with_overlays([one, two])
    assert actions(changed, "đồ bánh bao", "đồ ngu") == ["allow", "review"]


def test_a_change_of_actions_alone_keeps_the_places_that_the_model_marks(tmp_path: Path, shipped: ContentFilter) -> None:
    changed = shipped.with_overlays([overlay(tmp_path, "actions: {insult: review}")])
    result = changed.classify("Cái loại chúng mày đúng là rác rưởi")
    assert "model" in {match.source for match in result.matches}
    assert result.matches == shipped.classify(result.text).matches


def test_tenants_share_what_is_compiled(tmp_path: Path, shipped: ContentFilter) -> None:
    changed = shipped.with_overlays([overlay(tmp_path, "thresholds: {pii: {block: 0.5}}")])
    assert changed._rules is shipped._rules
    assert changed._reader.table is shipped._reader.table
    assert isinstance(changed._rules.matchers.conditions, Conditions)
    assert actions(changed, "gọi 0912 345 678") == ["block"]
    assert actions(shipped, "gọi 0912 345 678") == ["mask"]


FAULTS = [
    ("status: {insult.stupit: off}", r"site\.yaml:3:10: status: no rule 'insult\.stupit', did you mean 'insult\.stupid'\?"),
    (
        "status: {insult.stupid: of}",
        r"site\.yaml:3:25: insult\.stupid: found 'of', expected one of: active, trial, part, off, did you mean 'off'\?",
    ),
    ("weights: {x.y: 3}", r"3:11: weights: no rule 'x\.y'"),
    ("thresholds: {insults: {block: 1}}", r"3:14: thresholds: found 'insults', expected one of: .*, did you mean 'insult'\?"),
    ("thresholds: {insult: {block: 2}}", r"3:30: block: found '2', expected a number from 0 to 1"),
    ("actions: {pii: hide}", r"3:16: pii: found 'hide', expected one of: allow, review, mask, block"),
    ("terms: {rude: [x]}", r"3:9: terms: no rule 'rude'"),
    ("of: [x]", r"3:1: unknown key 'of', expected one of"),
]


@pytest.mark.parametrize(("keys", "message"), FAULTS)
def test_faults_have_their_place(tmp_path: Path, shipped: ContentFilter, keys: str, message: str) -> None:
    with pytest.raises(PackError, match=message):
        shipped.with_overlays([overlay(tmp_path, keys)])


@pytest.mark.parametrize("argument", ["packs", "overlays"])
def test_one_path_is_no_list_of_paths(argument: str) -> None:
    with pytest.raises(TypeError, match=rf"{argument}: found one path, expected a list of paths: \['x\.yaml'\]"):
        ContentFilter(**{argument: "x.yaml"})  # type: ignore[arg-type]


def test_allowed_phrases_keep_what_announces_terms(shipped: ContentFilter) -> None:
    allowed = shipped.with_allowed(["dốt lòi đuôi"])
    assert allowed._rules.vocabulary is shipped._rules.vocabulary
    assert allowed.classify("dốt lòi đuôi").action is Action.ALLOW


def test_a_site_s_own_words_win_over_shipped_compounds(tmp_path: Path, shipped: ContentFilter) -> None:
    assert shipped.classify("đồ hồ lô").action is Action.ALLOW
    own = shipped.with_overlays([overlay(tmp_path, "terms: {insult: [hồ lô]}")])
    assert own.classify("đồ hồ lô").flagged


def test_a_tenant_s_thresholds_keep_the_places_that_the_model_marks(tmp_path: Path, shipped: ContentFilter) -> None:
    text = "bọn mày chỉ giỏi ăn hại thôi, vô dụng"
    tenant = shipped.with_overlays([overlay(tmp_path, "thresholds: {insult: {block: 0.99}}")])
    assert "model" in {match.source for match in tenant.classify(text).matches}
    assert tenant.classify(text).matches == shipped.classify(text).matches
