"""The command line: exit codes 0 done, 1 bad data, 2 bad usage; nothing half-written, nothing raw on a terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from written import rule, write

from contentfilter import ContentFilter
from contentfilter.cli import main

COMMENTS = "xin chào\nĐồ n.g.u\ngọi 0912 345 678\n"


def run(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), input=stdin)


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    path = tmp_path / "comments.txt"
    path.write_text(COMMENTS, encoding="utf-8")
    return path


# --- check ---


def test_check_explains() -> None:
    done = run("check", "Đồ n.g.u", "--lang", "en")
    assert done.exit_code == 0
    first, underlined, action, *rest = done.stdout.splitlines()
    assert (first, underlined) == ("Đồ n.g.u", "^^^^^^^^")
    assert action == "Action: block"
    assert any("“Đồ n.g.u” → đồ ngu (separators)" in line for line in rest)


def test_check_as_json(shipped: ContentFilter) -> None:
    done = run("check", "Đồ n.g.u", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == shipped.classify("Đồ n.g.u").to_dict()


def test_check_reads_standard_input(shipped: ContentFilter) -> None:
    done = run("check", "-", "--json", stdin="Đồ ngu\n")
    assert json.loads(done.stdout)["matches"] == shipped.classify("Đồ ngu\n").to_dict()["matches"]
    assert run("check", "-", "--json", stdin=b"\xff\xfe ngu").exit_code == 0


def test_check_takes_a_policy() -> None:
    text = "Gọi tôi số 0912 345 678"
    actions = [json.loads(run("check", text, "--json", "--policy", policy).stdout)["action"] for policy in ("lenient", "default", "strict")]
    assert actions == ["allow", "mask", "mask"]


def test_check_takes_packs_and_overlays(tmp_path: Path) -> None:
    pack, site = tmp_path / "own.yaml", tmp_path / "site.yaml"
    pack.write_text(
        "name: own\nversion: '1'\nlanguage: vi\ncategory: insult\nrules:\n  - {id: own.dull, describe: {vi: Gọi là gà, en: Calls dull}, "
        "severity: 2, weight: 5, origin: judgement, terms: [gà mờ], examples: {match: [gà mờ], pass: [gà rán]}}\n",
        encoding="utf-8",
    )
    site.write_text("overlay: site\nversion: 1.0.0\nactions: {insult: block}\n", encoding="utf-8")
    checks = [("--packs", str(pack)), ("--packs", str(pack), "--overlay", str(site)), ("--overlay", str(site))]
    assert [json.loads(run("check", "đúng là gà mờ", "--json", *arguments).stdout)["action"] for arguments in checks] == [
        "review", "block", "allow",
    ]  # fmt: skip


HOSTILE = "\x1b[31mđồ ngu\x1b]0;title\x07 \x9b2J \u202e \u200b đồ n\u200bgu \r [bold]x[/bold] \b"


@pytest.mark.parametrize("arguments", [(), ("--lang", "en"), ("--json",)])
@pytest.mark.parametrize("text", [HOSTILE, "\0 đồ n\0gu", "đồ ngu\nđồ ngu", "[/] đồ ngu [red]", "\ud800 đồ ngu"])
def test_control_characters_never_reach_the_terminal(text: str, arguments: tuple[str, ...]) -> None:
    done = run("check", text, *arguments)
    assert done.exit_code == 0, done.exception
    if arguments == ("--json",):  # data for programs: JSON escapes what is below U+0020
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", done.stdout)
    else:
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028]", done.stdout)


def test_markup_in_a_text_is_text() -> None:
    assert "[bold]đồ ngu[/bold]" in run("check", "[bold]đồ ngu[/bold]").stdout


# --- score ---


def test_score_to_standard_output(comments: Path, shipped: ContentFilter) -> None:
    done = run("score", comments)
    assert done.exit_code == 0
    found = records(done.stdout)
    assert [record["id"] for record in found] == [1, 2, 3]
    for record, text in zip(found, COMMENTS.splitlines(), strict=True):
        expected = shipped.classify(text).to_dict()
        assert list(record) == ["id", "action", "scores", "matches"]
        assert (record["action"], record["matches"]) == (expected["action"], expected["matches"])
        assert record["scores"] == pytest.approx(expected["scores"], abs=1e-6)
    assert "3 documents" in done.stderr
    assert "documents" not in done.stdout


def test_score_to_a_file(comments: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = run("score", comments, "-o", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert out.read_text(encoding="utf-8") == run("score", comments).stdout
    assert sorted(os.listdir(tmp_path)) == ["comments.txt", "out.jsonl", "out.jsonl.about.json"]


def test_several_files_name_theirs(comments: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("id,text\na,xin chào\n", encoding="utf-8")
    found = records(run("score", comments, rows).stdout)
    names = [str(comments), str(rows)]  # as given: two files may have one name in two folders
    assert [(record["file"], record["id"]) for record in found] == [(names[0], 1), (names[0], 2), (names[0], 3), (names[1], "a")]


def test_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("body\nđồ ngu\n", encoding="utf-8")
    assert [record["action"] for record in records(run("score", path, "--column", "body").stdout)] == ["block"]


def test_more_documents_than_a_block(tmp_path: Path) -> None:
    path = tmp_path / "many.txt"
    path.write_text("xin chào\nđồ ngu\n" * 1500, encoding="utf-8")
    found = records(run("score", path).stdout)
    assert [record["id"] for record in found] == list(range(1, 3001))
    assert [record["action"] for record in found] == ["allow", "block"] * 1500


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_an_empty_file_gives_an_empty_output(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    done = run("score", tmp_path / name, "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b""
    assert "0 documents" in done.stderr


def test_a_surrogate_in_json_is_scored(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "đồ ngu \\ud800", "id": "\\ud800"}\n{"text": "\\ud800 n.g.\\ud800u đ\\ud800m"}\n', encoding="utf-8")
    out = tmp_path / "out.jsonl"
    done = run("score", path, "-o", out)
    assert done.exit_code == 0, done.stderr
    assert [record["id"] for record in records(out.read_text(encoding="utf-8"))] == ["\ud800", 2]


def test_every_line_of_output_is_one_record(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "đồ\\u2028ngu đồ\\u0085ngu đồ\\nngu"}\n', encoding="utf-8")
    lines = run("score", path).stdout.split("\n")
    assert len(lines) == 2
    assert len(json.loads(lines[0])["matches"]) == 3


BAD_DATA = [
    # file, content, what the error says
    ("a.txt", b"a\n\xff\n", r"a\.txt:2: byte 2 \(0xff\) is not utf-8"),
    ("a.jsonl", b'{"text": 1}\n', r"a\.jsonl:1: 'text' is int"),
    ("a.jsonl", b"{\n", r"a\.jsonl:1:2: no JSON"),
    ("a.csv", b"x,y\n1,2\n", r"a\.csv: no column 'text', found: x, y"),
    ("a.csv", b"", r"a\.csv: the file is empty"),
    ("a.doc", b"x", r"a\.doc: unknown kind of file"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD_DATA, ids=[row[2] for row in BAD_DATA])
def test_bad_data_ends_with_one_and_leaves_nothing(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("score", tmp_path / name, "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 1
    assert re.search(message, done.stderr)
    assert len(done.stderr.splitlines()) == 1
    assert os.listdir(tmp_path) == [name]


def test_an_error_keeps_the_output_of_before(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff")
    (tmp_path / "out.jsonl").write_text("before", encoding="utf-8")
    assert run("score", tmp_path / "a.txt", "-o", tmp_path / "out.jsonl").exit_code == 1
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "before"
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "out.jsonl"]


def test_errors_replace_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("đồ ngu\n".encode() + b"\xff\n")
    done = run("score", tmp_path / "a.txt", "--errors", "replace")
    assert done.exit_code == 0
    assert [record["action"] for record in records(done.stdout)] == ["block", "allow"]


def test_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("đồ ngu\n".encode("utf-16"))
    assert [record["action"] for record in records(run("score", tmp_path / "a.txt").stdout)] == ["block"]
    (tmp_path / "b.txt").write_bytes("ngu\n".encode("latin-1"))
    assert run("score", tmp_path / "b.txt", "--encoding", "latin-1").exit_code == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id,\x1b]0;owned\x07\n1,x\n"),
        ("a.jsonl", '{"\\u001b[2J": "x"}\n'),
        ("a\x1b[2J.doc", "x"),
    ],
    ids=["column", "key", "file name"],
)
def test_errors_send_no_control_characters(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    done = run("score", path)
    assert done.exit_code == 1
    assert "\\u001b" in done.stderr
    assert not any(character < " " for character in done.stderr.replace("\n", ""))


def test_missing_files_and_folders(tmp_path: Path, comments: Path) -> None:
    done = run("score", tmp_path / "nowhere.txt")
    assert (done.exit_code, "nowhere.txt: No such file" in done.stderr) == (1, True)
    done = run("score", comments, "-o", tmp_path / "nowhere" / "out.jsonl")
    assert done.exit_code == 1
    assert "nowhere" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("score",), ("check",), ("shout", "x"), ("check", "a", "--lang", "fr"), ("check", "a", "--policy", "none"),
        ("score", "{file}", "--errors", "ignore"), ("score", "{file}", "--encoding", "klingon"), ("score", "{file}", "-o", "{file}"),
        ("score", "{folder}"), ("rules",), ("check", "a", "--no-such-option"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_bad_usage_ends_with_two(comments: Path, arguments: tuple[str, ...]) -> None:
    done = run(*(argument.format(file=comments, folder=comments.parent) for argument in arguments))
    assert done.exit_code == 2
    assert "Usage" in done.output
    assert comments.read_text(encoding="utf-8") == COMMENTS


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("check", "--help"), ("score", "-h"), ("rules", "test", "-h"), ("--version",)])
def test_help(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 0
    assert done.stdout


# --- rules ---

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


# --- as a program ---


def test_vietnamese_is_read_and_written_whatever_the_locale_says() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "contentfilter.cli", "check", "-", "--json"],
        input="Đồ ngu".encode(),
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("utf-8"))["matches"][0]["text"] == "Đồ ngu"


def test_a_closed_pipe_is_no_crash(comments: Path) -> None:
    comments.write_text(COMMENTS * 5000, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "contentfilter.cli", "score", str(comments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


# --- rules ---


def test_rules_check_tells_every_fault_of_every_file(tmp_path: Path) -> None:
    cases = Path(__file__).parent / "cases" / "packs"
    overlay = tmp_path / "site.yaml"
    overlay.write_text("overlay: site\nversion: '1'\nstatus: {insult.stupit: off}\n", encoding="utf-8")
    done = run("rules", "check", cases / "unknown_keys.yaml", cases / "language.yaml", overlay, "--lang", "en")
    assert done.exit_code == 1
    expected = [line for name in ("unknown_keys", "language") for line in (cases / f"{name}.txt").read_text(encoding="utf-8").splitlines()]
    told = [line.removeprefix(f"{cases}/") for line in done.stdout.splitlines()]
    assert told == [*expected, f"{overlay}:3:10: status: no rule 'insult.stupit', did you mean 'insult.stupid'?"]
    assert f"3 files, {len(told)} faults" in done.stderr


def test_rules_check_speaks_vietnamese() -> None:
    cases = Path(__file__).parent / "cases" / "packs"
    done = run("rules", "check", cases / "unknown_keys.yaml")
    told = [line.removeprefix(f"{cases}/") for line in done.stdout.splitlines()]
    assert told == (cases / "unknown_keys.vi.txt").read_text(encoding="utf-8").splitlines()
    assert f"1 tệp, {len(told)} lỗi" in done.stderr


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
    pack = Path(__file__).parent / "cases" / "packs" / "unknown_keys.yaml"
    places = {"pack": pack, "data": tmp_path / "data.csv", "out": tmp_path / "out"}
    places["data"].write_text("text,label\nxin chào,sach\n", encoding="utf-8")
    command = [argument.format(**places) for argument in arguments]
    for done, expected in ((run(*command), vietnamese), (run(*command, "--lang", "en"), english)):
        assert done.exit_code == 1
        assert expected in done.stderr


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


def test_rules_eval_fits_a_narrow_terminal(tmp_path: Path, labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    path = write(tmp_path, rule("terms: [hồ lô biến]"), rule("terms: [biến ngay]", "scam.other"))
    labelled.write_text("text,label\nhồ lô biến ngay,clean\nhồ lô biến ngay nha,scam\n", encoding="utf-8")
    shown = re.sub(r"\x1b\[[0-9;]*m", "", run("rules", "eval", path, "--data", labelled, "--label", "label").stdout)
    assert "…" not in shown
    assert re.search(r"scam\.test +2 +0\.500 +1\.000 +1 +\d+ +\d+\.\d", shown)


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
