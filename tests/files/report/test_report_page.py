"""The page as a browser shows it: without an error, masked until one clicks, and text from documents never runs."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contentfilter.cli import main
from contentfilter.files.report.words import WORDS

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

MARKUP = [
    "<script>document.title='ran'</script> đồ ngu",
    "đồ ngu \"><img src=x onerror=\"document.title='ran'\">",
    "</title><svg onload=document.title='ran'> đồ <b>n.g.u</b>",
    "{{ 7 * 7 }} {% raw %} đồ ngu ' onmouseover='document.title=1'",
    "đồ ngu javascript:document.title='ran' <!-- --> ]]> &lt;b&gt;",
    "</blockquote></article></style><style>*{display:none}</style> đồ ngu",
]


def score(source: Path, *arguments: str) -> Path:
    out = source.with_name("scored.jsonl")
    done = CliRunner().invoke(main, ["score", str(source), "-o", str(out), *arguments])
    assert done.exit_code == 0, done.output
    return out


def report(scored: Path, *arguments: str) -> str:
    done = CliRunner().invoke(main, ["report", str(scored), "-o", str(scored.with_suffix(".html")), *arguments])
    assert done.exit_code == 0, done.output
    return scored.with_suffix(".html").read_text(encoding="utf-8")


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    path = tmp_path / "a<b>.jsonl"
    rows = [{"id": text, "text": text, "day": text if i % 2 else "2026-03-01", "shop": text} for i, text in enumerate(MARKUP)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return score(path, "--keep", "text,day,shop")


@pytest.fixture(scope="module")
def comments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "comments.jsonl"
    lines = (ROOT / "examples" / "comments.txt").read_text(encoding="utf-8").splitlines()
    rows = [{"text": line, "day": f"2026-{1 + i % 9:02}-{1 + i % 28:02}", "shop": f"Cửa hàng {i % 4 + 1}"} for i, line in enumerate(lines)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return score(path, "--keep", "text,day,shop")


class Tags(HTMLParser):
    """The elements of a page, their nesting checked."""

    VOID = ("meta", "br", "rect", "line", "path")

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_text_is_never_markup(hostile: Path, lang: str) -> None:
    tags = Tags()
    tags.feed(report(hostile, "--date", "day", "--by", "shop", "--lang", lang))
    assert tags.open == []
    names = [name for name, _ in tags.seen]
    assert names.count("script") == names.count("style") == names.count("title") == 1
    assert not {"img", "iframe", "object", "embed", "link", "base", "form", "a", "b"} & set(names)
    attributes = {name for _, found in tags.seen for name in found}
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "href", "style", "srcdoc")]


def test_matches_are_masked_in_the_page(comments: Path) -> None:
    content = report(comments)
    marks = re.findall(r"<mark [^>]*>([^<]*)</mark>", content)
    assert len(marks) > 50
    assert set("".join(marks)) == {"•", " "}
    quotes = re.findall(r"<blockquote.*?</blockquote>", content, re.DOTALL)
    for quote in quotes:
        shown = re.sub(r"<[^>]*>", "", quote)
        assert [word for word in re.findall('data-word="([^"]{9,})"', quote) if word in shown] == []


def test_both_languages_say_everything() -> None:
    assert WORDS["vi"].keys() == WORDS["en"].keys()
    assert [key for key, word in WORDS["vi"].items() if word == WORDS["en"][key]] == []


def test_without_texts_and_without_what_made_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("đồ ngu\nxin chào\n", encoding="utf-8")
    scored = score(tmp_path / "a.txt")
    assert WORDS["en"]["no_text"] in report(scored, "--lang", "en").replace("&#34;", '"')
    (tmp_path / "scored.jsonl.about.json").unlink()
    assert WORDS["en"]["unknown"] in report(scored, "--lang", "en")


@pytest.mark.parametrize("content", ["{", "[]", "5", "{}", '{"policy": "default"}', "[" * 100_000])
def test_another_file_where_the_one_that_made_it_should_be(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.txt").write_text("xin chào\n", encoding="utf-8")
    scored = score(tmp_path / "a.txt")
    (tmp_path / "scored.jsonl.about.json").write_text(content, encoding="utf-8")
    found = CliRunner().invoke(main, ["report", str(scored)])
    assert (found.exit_code, type(found.exception)) == (1, SystemExit)
    assert "scored.jsonl.about.json: " in found.output
    assert "remove it, or score again" in found.output


def test_rules_and_thresholds_of_an_overlay(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("overlay: site\nversion: 1.0.0\nterms: {insult: [gà mờ]}\nthresholds: {insult: {review: 0.72}}\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("đúng là gà mờ\nxin chào\n", encoding="utf-8")
    scored = score(tmp_path / "a.txt", "--overlay", str(site), "--keep", "text")
    told = report(scored, "--overlay", str(site), "--lang", "en")
    assert "A term added by site" in told
    assert str(site) in told
    near = re.compile(r'<section aria-labelledby="nearest">.*?</section>', re.DOTALL)
    assert near.findall(told) != near.findall(report(scored, "--lang", "en"))


def test_rules_on_trial(tmp_path: Path) -> None:
    pack = tmp_path / "own.yaml"
    pack.write_text(
        "name: own\nversion: '1'\nlanguage: vi\ncategory: insult\nrules:\n  - {id: own.dull, describe: {vi: Gọi là gà, en: Calls dull}, "
        "severity: 2, weight: 5, origin: judgement, status: trial, terms: [gà mờ], examples: {match: [gà mờ], pass: [gà rán]}}\n",
        encoding="utf-8",
    )
    (tmp_path / "a.txt").write_text("đúng là gà mờ\nxin chào\n", encoding="utf-8")
    scored = score(tmp_path / "a.txt", "--packs", str(pack), "--keep", "text")
    told = re.search(r'<section aria-labelledby="trials">.*?</section>', report(scored, "--packs", str(pack)), re.DOTALL)
    assert told is not None
    shown = " ".join(re.sub("<[^>]*>", " ", told[0]).split())
    assert "Gọi là gà own.dull 1 1 cho qua → cần người duyệt 1" in shown
    assert "đúng là •• ••" in shown
    assert "gà mờ" not in shown
    assert 'data-word="gà mờ"' in told[0]
    (tmp_path / "b.txt").write_text("xin chào\n", encoding="utf-8")
    assert WORDS["en"]["no_trials"] in report(score(tmp_path / "b.txt"), "--lang", "en")


def test_nothing_to_show(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    content = report(score(tmp_path / "a.txt"), "--lang", "en")
    assert WORDS["en"]["no_examples"] in content
    assert "nan" not in content


def test_how_it_was_made(comments: Path) -> None:
    made = json.loads(comments.with_name("scored.jsonl.about.json").read_text(encoding="utf-8"))
    content = report(comments)
    for value in (made["model"], made["wordlists"], *made["inputs"], *made["inputs"].values()):
        assert value in content


def test_a_hundred_thousand_rows_make_a_small_page(comments: Path, tmp_path: Path) -> None:
    rows = comments.read_text(encoding="utf-8").splitlines(keepends=True)
    many = tmp_path / "scored.jsonl"
    many.write_text("".join((rows * 210)[:100_000]), encoding="utf-8")
    assert len(report(many, "--date", "day", "--by", "shop").encode()) < 1_000_000


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["{scored}", "-o", "{scored}"], 2, "would overwrite"),
        (["{folder}/nowhere.jsonl"], 2, "does not exist"),
        (["{scored}", "-o", "{folder}/nowhere/a.html"], 1, "nowhere: no such folder to write into"),
        (["{scored}", "--date", "when"], 1, "no column 'when'"),
    ],
)
def test_what_is_wrong(comments: Path, arguments: list[str], code: int, message: str) -> None:
    done = CliRunner().invoke(main, ["report", *(part.format(scored=comments, folder=comments.parent) for part in arguments)])
    assert (done.exit_code, message in done.output) == (code, True), done.output


# --- in a browser ---


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("needs chromium and chromedriver")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    flags = "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update disable-sync"
    for flag in (*flags.split(), f"user-data-dir={tmp_path / 'browser'}", "hide-scrollbars", "window-size=1100,1300"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    assert driver.get_log("browser") == []
    driver.quit()


def test_in_a_browser(comments: Path, browser: Any, tmp_path: Path) -> None:
    report(comments, "--date", "day", "--by", "shop")
    browser.get(comments.with_suffix(".html").as_uri())
    marks = browser.find_elements("css selector", "mark")
    assert len(marks) > 50
    assert all(set(mark.text) <= {"•", " ", "\n"} for mark in marks[:20])
    buttons = browser.find_elements("css selector", "[data-reveal=one]")
    for button in buttons[:10]:
        card = button.find_element("xpath", "ancestor::article")
        mark = card.find_element("css selector", "mark")
        button.click()
        assert mark.get_property("textContent") == mark.get_attribute("data-word")
        assert button.get_attribute("aria-pressed") == "true"
        button.click()
        assert mark.get_property("textContent") == mark.get_attribute("data-dots")
    everything = browser.find_element("css selector", "[data-reveal=all]")
    everything.send_keys(" ")  # by keyboard
    assert not browser.execute_script("return [...document.querySelectorAll('mark')].some(m => m.textContent !== m.dataset.word)")
    everything.click()
    assert not browser.execute_script("return [...document.querySelectorAll('mark')].some(m => m.textContent !== m.dataset.dots)")
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    for number, scheme in enumerate(("light", "dark")):
        feature = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
        browser.execute_script("window.scrollTo(0, 0)")
        # CONTENTFILTER_SCREENSHOTS=docs writes the picture that the README shows
        folder = Path(os.environ.get("CONTENTFILTER_SCREENSHOTS", tmp_path))
        assert browser.save_screenshot(str(folder / ("report.png", "report-dark.png")[number]))
    browser.set_window_size(500, 900)
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_markup_in_a_browser(hostile: Path, browser: Any) -> None:
    report(hostile, "--date", "day", "--by", "shop")
    browser.get(hostile.with_suffix(".html").as_uri())
    browser.find_element("css selector", "[data-reveal=all]").click()
    assert browser.title.startswith(WORDS["vi"]["title"])
    assert browser.execute_script("return document.querySelectorAll('script').length") == 1
    marks = browser.find_elements("css selector", "mark")
    assert all(mark.get_property("textContent") == mark.get_attribute("data-word") for mark in marks)
    assert browser.execute_script("return document.querySelectorAll('mark *, bdi :not(mark)').length") == 0
    assert browser.execute_script("return getComputedStyle(document.body).display") == "block"
