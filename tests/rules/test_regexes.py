"""Regular expressions: what is refused, what is looked up, and that none runs for ever."""

from __future__ import annotations

from pathlib import Path

import pytest
import texts
from hypothesis import given
from written import found, pack_filter, rule

from contentfilter import Action
from contentfilter.match import patterns
from contentfilter.rules.regexes import fault_of, folded, required_literal

LITERALS = [
    (r"vcb[a-z]*\.(?:top|xyz)", "vcb"),
    ("(ngân|nhân) hàng", "hang"),
    ("Hòa KỲ", "hoa"),
    (r"mã\s+otp", "otp"),
    ("(abc)?de", "de"),
    ("(abc)+de", "abc"),
    ("a{3}bcd", "bcd"),
    (r"\d{4}", ""),
    ("abc|abd", "ab"),
    ("[ab]", ""),
    (r"(?=abc)\d+", ""),
]


@pytest.mark.parametrize(("pattern", "literal"), LITERALS)
def test_the_literal_that_a_pattern_needs(pattern: str, literal: str) -> None:
    assert required_literal(pattern) == literal


REFUSED = [
    ("(", "", "no regular expression"),
    ("(abc)*", "", "can match nothing"),
    ("abc|", "", "can match nothing"),
    ("abc(x+)+", "", "repetition without bound stands inside another"),
    ("abc(x*y*)*z", "", "it repeats what can be nothing"),
    ("abc(a?){30}a{30}", "", "it repeats what can be nothing"),
    ("abc(x|xy)+", "", "alternatives that can begin alike"),
    (r"abc(\w|x\d)+", "", "alternatives that can begin alike"),
    (r"(abc)\1", "", "refers back to a group"),
    (r"\d+", "", "no letters or digits in a row"),
    (r"[ab]c|d", "abc", "it can match without the literal"),
    ("x" * 3000, "", "3000 characters, expected at most 2000"),
    ("(" * 500 + "a" + ")" * 500, "", "no regular expression"),
]


@pytest.mark.parametrize(("pattern", "literal", "message"), REFUSED)
def test_what_is_refused(pattern: str, literal: str, message: str) -> None:
    assert message in (fault_of(pattern, literal) or "")


@pytest.mark.parametrize(
    ("pattern", "literal"), [("abc+", ""), ("abc(x|y)+", ""), ("(vcb|tcb)[0-9]+", "cb"), ("abc.*def", ""), ("abc(xy)*", "")]
)
def test_what_is_allowed(pattern: str, literal: str) -> None:
    assert fault_of(pattern, literal) is None


@pytest.mark.parametrize(
    ("pattern", "seen"),
    [("Hòa", "hoà"), (r"\bKỲ\b", r"\bkì\b"), ("[Òò]a", "[Òò]a"), ("(?P<Tên>Hòa)", "(?P<Tên>hoà)"), (r"\w+\sHÒA", r"\w+\shoà")],
)
def test_words_are_spelled_as_in_the_view(pattern: str, seen: str) -> None:
    assert folded(pattern) == seen


MATCHES = [
    # pattern, text, found
    (r"mã\s+otp\s+[0-9]{6}", "MÃ  OTP\n123456", ["MÃ  OTP\n123456"]),
    (r"hòa", "HOÀ, hòa và ho\N{COMBINING GRAVE ACCENT}a, hoà", ["HOÀ", "hòa", "ho\N{COMBINING GRAVE ACCENT}a", "hoà"]),
    (r"vcb[a-z0-9-]*\.(?:top|xyz)", "vào vcb-xac-thuc.top/abc nhé", ["vcb-xac-thuc.top"]),
    (r"nổ hũ", "ｎổ\N{ZERO WIDTH SPACE} hũ", ["ｎổ\N{ZERO WIDTH SPACE} hũ"]),
    (r"abc$", "abc abc", ["abc"]),
    (r"^abc", "  abc", []),
    (r"\sabc\s", "x abc y", [" abc "]),
    (r"(?<=x )abc", "x abc", ["abc"]),
    (r"abc(?=d)|abce", "abcd abce", ["abc", "abce"]),
]


@pytest.mark.parametrize(("pattern", "text", "marked"), MATCHES)
def test_patterns_mark_the_callers_text(tmp_path: Path, pattern: str, text: str, marked: list[str]) -> None:
    assert found(pack_filter(tmp_path, rule(f"regex: ['{pattern}']")), text) == marked


def test_an_allowed_phrase_holds_a_pattern_too(tmp_path: Path) -> None:
    contentfilter = pack_filter(tmp_path, rule("regex: ['hồ\\s+lô']"))
    assert found(contentfilter.with_allowed(["cây hồ lô"]), "cây hồ lô, hồ lô") == ["hồ lô"]


def test_a_pattern_that_would_run_for_ever_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.05)
    slow = rule("regex: ['xy.*x.*x.*x.*x.*x.*z']", "scam.slow")
    contentfilter = pack_filter(tmp_path, slow, rule("regex: [hồlô]"), rule("terms: [bầu bí]", "scam.term"))
    text = "xy" + "x" * 5000
    for result in (contentfilter.classify(text), contentfilter.classify_batch(["xin chào", text])[1]):
        assert result.action is Action.REVIEW
        assert result.errors == ("regex: 'xy.*x.*x.*x.*x.*x.*z' was cut off after 0.05 s",)
        assert result.explain("en").splitlines()[1].startswith("A regular expression took too long and was cut off (regex: ")
        assert result.to_dict()["errors"] == list(result.errors)
    both = contentfilter.classify(text + " bầu bí")
    assert [match.rule for match in both.matches] == ["scam.term"]
    assert both.errors
    assert contentfilter.classify("xin chào").errors == ()


@given(texts.mixtures)
def test_places_are_in_the_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    contentfilter = _everywhere(tmp_path_factory)
    for match in contentfilter.classify(f"{text} zz {text}").matches:
        assert match.start < match.end
        assert match.text == f"{text} zz {text}"[match.start : match.end]


_built = []


def _everywhere(factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    if not _built:
        _built.append(pack_filter(factory.mktemp("packs"), rule("regex: ['.{0,9}zz.{0,9}', 'ng[aăâeêiouôơư]+', 'ch.']")))
    return _built[0]
