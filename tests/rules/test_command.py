"""`contentfilter rules`: packs checked, tested, measured, fitted, and told in the moderators' language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import texts
from click.testing import CliRunner, Result
from written import rule, write

from contentfilter import ContentFilter
from contentfilter.cli import main


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


PACK = """\
name: test
version: "1"
language: vi
category: insult
rules:
  - id: test.weak
    describe: {{vi: Chê, en: Mocks}}
    severity: 1
    weight: 5
    origin: judgement
    terms: [gà mờ]
    examples: {{match: [{match}], pass: [con gà]}}
"""


def test_packs_of_your_own_are_tested(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(PACK.format(match="đúng là gà mờ"), encoding="utf-8")
    done = run("rules", "test", path)
    assert "test.weak" not in done.output
    path.write_text(PACK.format(match="gà chọi"), encoding="utf-8")
    done = run("rules", "test", path)
    assert done.exit_code == 1
    assert "test.weak: không khớp 'gà chọi', lẽ ra phải khớp" in done.stderr


def test_a_broken_pack_is_bad_data(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("name: x\n", encoding="utf-8")
    done = run("rules", "test", path)
    assert done.exit_code == 1
    assert f"{path}:1:1: thiếu khóa 'rules'" in done.stderr



def test_rules_check_tells_every_fault_of_every_file(tmp_path: Path) -> None:
    cases = texts.CASES / "packs"
    overlay = tmp_path / "site.yaml"
    overlay.write_text("overlay: site\nversion: '1'\nstatus: {insult.stupit: off}\n", encoding="utf-8")
    done = run("rules", "check", cases / "unknown_keys.yaml", cases / "language.yaml", overlay, "--lang", "en")
    assert done.exit_code == 1
    expected = [line for name in ("unknown_keys", "language") for line in (cases / f"{name}.txt").read_text(encoding="utf-8").splitlines()]
    told = [line.removeprefix(f"{cases}/") for line in done.stdout.splitlines()]
    assert told == [*expected, f"{overlay}:3:10: status: no rule 'insult.stupit', did you mean 'insult.stupid'?"]
    assert f"3 files, {len(told)} faults" in done.stderr


def test_rules_check_speaks_vietnamese() -> None:
    cases = texts.CASES / "packs"
    done = run("rules", "check", cases / "unknown_keys.yaml")
    told = [line.removeprefix(f"{cases}/") for line in done.stdout.splitlines()]
    assert told == (cases / "unknown_keys.vi.txt").read_text(encoding="utf-8").splitlines()
    assert f"1 tệp, {len(told)} lỗi" in done.stderr


def test_rules_check_of_what_is_right(tmp_path: Path) -> None:
    path = write(tmp_path, rule("terms: [hồ lô biến]"))
    done = run("rules", "check", path)
    assert (done.exit_code, done.stdout) == (0, "1 tệp, 0 lỗi\n")


def test_rules_test_shows_what_matched_instead(tmp_path: Path) -> None:
    path = write(tmp_path, rule("terms: [hồ lô biến]").replace("match: []", "match: [đồ n.g.u]").replace("pass: []", "pass: [hồ l.ô biến]"))
    done = run("rules", "test", path)
    assert done.exit_code == 1
    assert "scam.test: không khớp 'đồ n.g.u', lẽ ra phải khớp\n" in done.stderr
    assert "    insult.stupid thấy “đồ n.g.u” → đồ ngu (dấu chen giữa)\n" in done.stderr
    done = run("rules", "test", path, "--lang", "en")
    assert done.exit_code == 1
    assert "scam.test: does not match 'đồ n.g.u', expected a match\n" in done.stderr
    assert "    insult.stupid found “đồ n.g.u” → đồ ngu (separators)\n" in done.stderr
    assert "scam.test: matches 'hồ l.ô biến', expected none\n    scam.test found “hồ l.ô biến” → hồ lô biến (separators)\n" in done.stderr


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.csv"
    path.write_text("text,label\nhồ lô biến,scam\nhồ lô biến,clean\ntrời đẹp,clean\nđồ ngu,insult\n", encoding="utf-8")
    return path


def test_rules_eval(tmp_path: Path, labelled: Path) -> None:
    path = write(tmp_path, rule("terms: [hồ lô biến]"), rule("status: trial\nterms: [hồ lô biến]", "scam.trial", weight=8))
    done = run("rules", "eval", path, "--data", labelled, "--label", "label", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["documents"], found["labelled"]) == (4, 4)
    told = found["rules"]["scam.test"]
    assert (told["hits"], told["precision"], told["recall"], told["false_alarms"], told["decisive"]) == (2, 0.5, 1.0, 1, 2)
    assert (found["rules"]["scam.trial"]["trial"], found["rules"]["scam.trial"]["decisive"]) == (True, 2)
    shown = run("rules", "eval", path, "--data", labelled, "--lang", "en").stdout
    assert "scam.trial (trial)" in shown
    assert "4 documents" in shown
    shown = run("rules", "eval", path, "--data", labelled, "--label", "label").stdout
    assert "scam.trial (thử nghiệm)" in shown
    assert "4 có nhãn: bắt được 2 trong 2 văn bản có hại, bắt nhầm 1 trong 2 văn bản lành" in shown
    misspelled = run("rules", "eval", path, "--data", labelled, "--label", "lable")
    assert "không có cột 'lable', chỉ có: text, label; hãy chọn bằng --label" in misspelled.stderr


def test_rules_eval_against_another_version(tmp_path: Path, labelled: Path) -> None:
    (tmp_path / "old").mkdir()
    old = write(tmp_path / "old", rule("terms: [hồ lô biến]", weight=1))
    new = write(tmp_path, rule("terms: [hồ lô biến]"))
    done = run("rules", "eval", new, "--against", old, "--data", labelled, "--lang", "en")
    assert done.exit_code == 0
    assert done.stdout == "1: allow → review  hồ lô biến\n2: allow → review  hồ lô biến\n"
    assert "2 documents change" in done.stderr
    silent = run("rules", "eval", new, "--against", old, "--data", labelled, "--no-excerpts", "--lang", "en")
    assert silent.stdout == "1: allow → review  \n2: allow → review  \n"


def test_rules_eval_against_another_overlay(tmp_path: Path, labelled: Path) -> None:
    pack = write(tmp_path, rule("terms: [hồ lô biến]"))
    old, new = tmp_path / "old_site.yaml", tmp_path / "site.yaml"
    old.write_text("overlay: site\nversion: '1'\nstatus: {scam.test: off}\n", encoding="utf-8")
    new.write_text("overlay: site\nversion: '2'\nstatus: {scam.test: active}\n", encoding="utf-8")
    done = run("rules", "eval", pack, "--overlay", new, "--against", old, "--data", labelled)
    assert done.stdout.startswith("1: cho qua → ")
    assert "2 văn bản thay đổi" in done.stderr
    both = run("rules", "eval", pack, "--overlay", new, "--against", pack, "--data", labelled)  # the same overlay on both sides
    assert (both.exit_code, both.stdout) == (0, "")


def test_rules_fit_writes_an_overlay(tmp_path: Path) -> None:
    path = write(tmp_path, rule("terms: [hồ lô biến]"))
    data = tmp_path / "labelled.csv"
    data.write_text("text,label\n" + "hồ lô biến,clean\n" * 60, encoding="utf-8")
    out = tmp_path / "fitted.yaml"
    done = run("rules", "fit", path, "--data", data, "--label", "label", "-o", out, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "scam.test: 5 → " in done.stdout
    fitted = ContentFilter(packs=[path], overlays=[out])
    (weight,) = [one.weight for one in fitted.rules if one.id == "scam.test"]
    assert 2 <= weight < 5
    assert f"scam.test: 5 → {weight:g}  (60 documents)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "vietnamese", "english"),
    [
        (("check", "xin chào", "--packs", "{pack}"), "khóa lạ 'wieght', có phải ý bạn là 'weight'?", "unknown key 'wieght'"),
        (("rules", "test", "{pack}"), "khóa lạ 'maybe', cần một trong", "unknown key 'maybe', expected one of"),
        (("rules", "eval", "{pack}", "--data", "{data}"), "khóa lạ 'wieght'", "unknown key 'wieght'"),
        (("rules", "eval", "--data", "{data}", "--label", "label"), "văn bản 1: nhãn 'sach'", "document 1: label 'sach'"),
        (("rules", "fit", "--data", "{data}", "--label", "tag", "-o", "{out}"), "không có cột 'tag'", "no column 'tag'"),
        (("rules", "test", "nowhere.yaml"), "nowhere.yaml: không có tệp này", "nowhere.yaml: no such file"),
    ],
)
def test_faults_are_told_in_the_language_of_the_command(
    tmp_path: Path, arguments: tuple[str, ...], vietnamese: str, english: str
) -> None:
    pack = Path(__file__).parent.parent / "cases" / "packs" / "unknown_keys.yaml"
    places = {"pack": pack, "data": tmp_path / "data.csv", "out": tmp_path / "out"}
    places["data"].write_text("text,label\nxin chào,sach\n", encoding="utf-8")
    command = [argument.format(**places) for argument in arguments]
    for done, expected in ((run(*command), vietnamese), (run(*command, "--lang", "en"), english)):
        assert done.exit_code == 1
        assert expected in done.stderr


def test_rules_fit_overwrites_nothing_that_it_reads(tmp_path: Path) -> None:
    path = write(tmp_path, rule("terms: [hồ lô biến]"))
    data = tmp_path / "labelled.csv"
    data.write_text("text,label\nhồ lô biến,clean\n", encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    for output in (path, data):
        done = run("rules", "fit", path, "--data", data, "--label", "label", "-o", output)
        assert done.exit_code == 2
        assert "which is read here; name another file" in done.stderr
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(("strength", "least", "most"), [("0.01", 2, 2), ("20", 2.05, 4.9), ("100000", 5, 5)])
def test_strength_holds_weights_near_the_written_ones(tmp_path: Path, strength: str, least: float, most: float) -> None:
    path, data, out = write(tmp_path, rule("terms: [hồ lô biến]")), tmp_path / "labelled.csv", tmp_path / "fitted.yaml"
    data.write_text("text,label\n" + "hồ lô biến,clean\n" * 60, encoding="utf-8")
    assert run("rules", "fit", path, "--data", data, "--label", "label", "--strength", strength, "-o", out).exit_code == 0
    (weight,) = [one.weight for one in ContentFilter(packs=[path], overlays=[out]).rules if one.id == "scam.test"]
    assert least <= weight <= most


def test_rules_eval_fits_a_narrow_terminal(tmp_path: Path, labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    path = write(tmp_path, rule("terms: [hồ lô biến]"), rule("terms: [biến ngay]", "scam.other"))
    labelled.write_text("text,label\nhồ lô biến ngay,clean\nhồ lô biến ngay nha,scam\n", encoding="utf-8")
    shown = re.sub(r"\x1b\[[0-9;]*m", "", run("rules", "eval", path, "--data", labelled, "--label", "label").stdout)
    assert "…" not in shown
    assert re.search(r"scam\.test +2 +0\.500 +1\.000 +1 +\d+ +\d+\.\d", shown)
