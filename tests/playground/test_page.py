"""The page in a real browser, by its keyboard; anything on the console is a failure."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator

import pytest
from making import filter_of, rule

from contentfilter import ContentFilter
from contentfilter.playground.server import serving
from contentfilter.playground.trial import trial

pytest.importorskip("selenium")
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
if CHROMIUM is None or DRIVER is None:
    pytest.skip("needs chromium and chromedriver", allow_module_level=True)

from selenium import webdriver  # noqa: E402
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.remote.webelement import WebElement  # noqa: E402
from selenium.webdriver.support.ui import Select, WebDriverWait  # noqa: E402

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,1400",
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


class Page:
    """What a person does on the page, and sees of it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [element.text for element in self.driver.find_elements(By.CSS_SELECTOR, selector)]

    def type(self, *keys: str) -> None:
        """To whatever has the focus; characters beyond the keyboard's are put in as an input method does."""
        for key in keys:
            if "\ue000" <= key[0] <= "\uf8ff":
                self.driver.switch_to.active_element.send_keys(key)
            else:
                self.driver.execute_cdp_cmd("Input.insertText", {"text": key})

    def focused(self) -> str:
        return str(self.driver.switch_to.active_element.get_attribute("id"))

    def wait_for(self, selector: str, *wanted: str) -> None:
        """Until the texts of what is selected are these."""
        try:
            WebDriverWait(self.driver, 20, 0.05, [StaleElementReferenceException]).until(lambda _: self.texts(selector) == list(wanted))
        except TimeoutException:
            assert self.texts(selector) == list(wanted), self.texts("#fault")

    def marked(self) -> list[str]:
        return self.driver.execute_script("return [...document.querySelectorAll('#marks mark')].map((mark) => mark.textContent)")


@pytest.fixture
def page(chromium: webdriver.Chrome) -> Iterator[Page]:
    with serving(trial(filter_of(rule("insult.stupid", "đồ ngu", weight=8.0)))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        chromium.get(f"http://{server.hosts[0]}/")
        Select(chromium.find_element(By.ID, "lang")).select_by_value("en")
        chromium.find_element(By.ID, "text").click()
        made = Page(chromium)
        made.wait_for("#status", "No text yet.")
        yield made
        assert chromium.get_log("browser") == []
        server.shutdown()
        thread.join()


def test_what_is_typed_is_judged_and_marked_in_place(page: Page) -> None:
    page.type("😀 Đồ n.g.u, về nhà đi")
    page.wait_for("#status", "block · 1 match")
    assert page.marked() == ["Đồ n.g.u"]
    assert page.one("#marks").get_attribute("textContent") == "😀 Đồ n.g.u, về nhà đi\u200b"
    assert page.texts("#masked") == ["😀 ** *****, về nhà đi"]
    assert page.texts("#matches td")[:3] == ["Đồ n.g.u", "đồ ngu", "separators"]
    assert page.texts("#policies tr") == ["default block", "strict block", "lenient review"]
    assert page.texts("#scores .likely summary span:nth-child(1)") == ["insult"]


def test_marks_move_with_what_is_typed_before_them(page: Page) -> None:
    page.type("Đồ n.g.u, về nhà đi")
    page.wait_for("#status", "block · 1 match")
    page.driver.execute_script("ask = () => {}")  # no further answer comes
    page.type(Keys.HOME, "Này ")
    assert page.marked() == ["Đồ n.g.u"]
    page.type(*[Keys.DELETE] * 2)  # and go where it is changed itself
    assert page.marked() == []


def test_lines_of_marks_lie_under_those_of_the_text(page: Page) -> None:
    page.type("dòng một " * 60 + "\n" * 30 + "Đồ n.g.u")
    page.wait_for("#status", "block · 1 match")
    measure = "const e = document.getElementById(arguments[0]); return [e.clientWidth, e.scrollTop, getComputedStyle(e).font]"
    assert page.driver.execute_script(measure, "marks") == page.driver.execute_script(measure, "text")
    assert page.one("#text").get_property("scrollTop") > 0


def test_words_are_tried_by_keyboard_alone(page: Page) -> None:
    page.type("Đúng là gà mờ")
    page.wait_for("#status", "allow · 0 matches")
    page.type(Keys.TAB)
    assert page.focused() == "kind"
    page.type(Keys.TAB, "gà mờ", Keys.ENTER)
    page.wait_for("#status", "review · 1 match")
    assert page.focused() == "word"
    assert page.texts("#policies tr") == ["default review allow", "strict review allow", "lenient allow allow"]
    assert page.texts("#matches .tag") == ["new"]
    page.type(Keys.TAB, Keys.TAB)  # over the button that adds, to the one that removes
    page.type(Keys.ENTER)
    page.wait_for("#status", "allow · 0 matches")
    assert page.texts("#words li") == []
    assert page.focused() == "word"


def test_an_overlay_is_edited_by_keyboard_alone(page: Page) -> None:
    page.type("Đồ n.g.u")
    page.wait_for("#status", "block · 1 match")
    page.type(*[Keys.TAB] * 4)  # over the form of words
    assert page.focused() == "overlay"
    page.type("overlay: site\nversion: 1.0.0\nstatus: {insult.stupid: of}\n")
    expected = "expected one of: active, trial, part, off, did you mean 'off'?"
    page.wait_for("#faults li", f"Line 3, column 25: insult.stupid: found 'of', {expected}")
    assert page.one("#overlay").get_attribute("aria-invalid") == "true"
    assert page.texts("#status") == ["block · 1 match"]
    page.type(Keys.TAB, Keys.ENTER)  # to the fault, which leads to its place
    assert page.focused() == "overlay"
    selected = "const {selectionStart: a, selectionEnd: b, value} = document.activeElement; return value.slice(a, b)"
    assert page.driver.execute_script(selected) == "of}"
    page.type("off}")
    page.wait_for("#status", "allow · 0 matches")
    assert page.texts("#faults li") == []
    assert page.texts("#changes li") == [
        "default: block → allow", "strict: block → allow", "lenient: review → allow", "insult: 0.99 → 0.00", "1 match gone",
    ]  # fmt: skip
    assert page.texts("#policies tr") == ["default allow block", "strict allow block", "lenient allow review"]
    assert page.texts("#matches .tag") == ["gone"]
    assert 'with_overlays(["overlay.yaml"])' in page.one("#code pre").get_property("textContent")


def test_an_overlay_of_thresholds_changes_every_policy(page: Page) -> None:
    page.type("Đồ n.g.u")
    page.wait_for("#status", "block · 1 match")
    page.one("#overlay").click()
    page.type("overlay: site\nversion: 1.0.0\nactions: {insult: review}\n")
    page.wait_for("#changes li", "default: block → review", "strict: block → review")
    page.one("#overlay").clear()
    page.type(" ")
    page.wait_for("#policies tr", "default block", "strict block", "lenient review")
    assert page.texts("#changes li") == []


def test_a_rule_on_trial_is_told_and_does_not_act(page: Page) -> None:
    page.type("😀 Đồ n.g.u, về nhà đi")
    page.wait_for("#status", "block · 1 match")
    assert not page.one("#on-trial").is_displayed()
    page.one("#overlay").click()
    page.type("overlay: site\nversion: 1.0.0\nstatus: {insult.stupid: trial}\n")
    page.wait_for("#status", "allow · 0 matches · 1 on trial")
    assert page.marked() == ["Đồ n.g.u"]
    assert page.one("#marks mark").get_attribute("class") == "trial"
    assert page.texts("#trials td") == ["Đồ n.g.u", "separators", "insult: en: insult.stupid insult.stupid", "+8.8", "block"]
    assert page.texts("#masked") == ["😀 Đồ n.g.u, về nhà đi"]
    Select(page.one("#lang")).select_by_value("vi")
    page.wait_for("#trials-title", "Quy tắc chạy thử")


def test_the_template_is_an_overlay(page: Page) -> None:
    page.one("#template").send_keys(Keys.ENTER)
    assert page.focused() == "overlay"
    page.wait_for("#changes li", "Nothing changes for this text.")
    assert page.texts("#faults li") == []
    page.one("#text").click()
    page.type("đồ bánh bao")
    page.wait_for("#status", "review · 1 match")


def test_a_match_is_allowed_from_its_button(page: Page) -> None:
    page.type("Đồ n.g.u si")
    page.wait_for("#status", "block · 1 match")
    page.one("#matches button").send_keys(Keys.SPACE)
    assert page.focused() == "word"
    page.type(Keys.END, " si", Keys.ENTER)
    page.wait_for("#words li", "allowed: đồ ngu si\n×")
    page.wait_for("#matches .tag", "gone")
    page.wait_for("#status", "allow · 0 matches")
    assert page.marked() == []


def test_evidence_is_opened_by_keyboard_and_stays_open(page: Page) -> None:
    page.type("Đồ n.g.u")
    page.wait_for("#status", "block · 1 match")
    page.one("#scores .likely summary").send_keys(Keys.ENTER)
    assert page.texts("#scores .likely dt")[0] == "−4.0"
    assert "en: insult.stupid (insult.stupid)" in page.texts("#scores .likely dd")
    page.one("#text").click()
    page.type(" nhé")
    page.wait_for("#masked", "** ***** nhé")
    assert page.one("#scores .likely").get_attribute("open") is not None


def test_the_words_as_code_do_what_the_page_did(page: Page) -> None:
    page.one("#word").click()
    page.type('gà "mờ"', Keys.ENTER)
    page.wait_for("#words li", 'insult: gà "mờ"\n×')
    page.one("#code summary").click()
    namespace: dict[str, ContentFilter] = {}
    exec(page.one("#code pre").text, namespace)
    assert namespace["own"].rules[-1].id == "own.insult"
    assert [term.text for term in namespace["own"].rules[-1].terms] == ['gà "mờ"']


def test_both_languages_have_all_words(page: Page) -> None:
    for language in ("vi", "en"):
        Select(page.one("#lang")).select_by_value(language)
        page.wait_for("#text-title", {"vi": "Văn bản", "en": "Text"}[language])
        assert page.one("html").get_attribute("lang") == language
        shown = [element.get_property("textContent") for element in page.driver.find_elements(By.CSS_SELECTOR, "[data-says]")]
        assert not {"", "undefined"} & set(shown)
    keys = "return [SAYS.vi, SAYS.en].map((words) => Object.keys(words).sort().join())"
    assert len(set(page.driver.execute_script(keys))) == 1


def test_text_is_never_markup(page: Page) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script> Đồ n.g.u </textarea><b>"
    page.type(evil)
    page.wait_for("#masked", evil.replace("Đồ n.g.u", "** *****"))
    page.one("#word").click()
    page.type("<b>gà</b>", Keys.ENTER)
    page.wait_for("#words li", "insult: <b>gà</b>\n×")
    assert page.driver.find_elements(By.CSS_SELECTOR, "main img, main script, #words b, #matches b") == []


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.driver.set_window_size(width, 1400)
    page.type("Đồ n.g.u " + "a" * 300)
    page.wait_for("#masked", "** ***** " + "a" * 300)
    assert page.driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
