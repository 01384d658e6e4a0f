"""What was gathered from a scored file, as one HTML page that needs nothing else.

Text from documents is only ever text: the template escapes every value, and the page's content security policy, which names the
digest of its one script, lets no other run.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from contentfilter.categories import CATEGORIES, Action, Category
from contentfilter.errors import ContentFilterError
from contentfilter.explain import ACTION_NAMES, CATEGORY_NAMES, STEP_NAMES, Language, printable
from contentfilter.rules.schema import Rule

from . import charts
from .gather import BINS, MODEL, Example, Gathered
from .words import WORDS

_HERE: Final = Path(__file__).resolve().parent
_RULES: Final = 25
_GROUPS: Final = 20
_NEAR: Final = 1.0
"""Log-odds: what is farther from a threshold needs no second look."""


class Piece(NamedTuple):
    """A part of a text, hidden at first where it is a match."""

    text: str
    hidden: bool


def page(
    found: Gathered,
    rules: Mapping[str, Rule],
    made: Mapping[str, Any] | None,
    name: str,
    lang: Language,
    day: str | None = None,
    group: str | None = None,
) -> str:
    """The page. `made` is what `.about.json` says; `name` the scored file's; `day` and `group` the columns of timeline and breakdown.

    Raises `ContentFilterError` where Jinja2 is not installed.
    """
    words = WORDS[lang]
    script, style = ((_HERE / file).read_text(encoding="utf-8") for file in ("page.js", "page.css"))

    def described(identity: str) -> str:
        rule = rules.get(identity)
        if rule is None:
            return words["model_rule"] if identity == MODEL else ""
        return rule.describe_vi if lang == "vi" else rule.describe_en

    runs = charts.periods(found.days)
    rendered: str = _environment(lang).from_string((_HERE / "page.html").read_text(encoding="utf-8")).render(
        words=words,
        lang=lang,
        name=name,
        found=found,
        flagged=found.documents - found.actions["allow"],
        actions=[(action.value, ACTION_NAMES[lang][action], found.actions[action.value]) for action in Action],
        action_names={action.value: ACTION_NAMES[lang][action] for action in Action},
        category_names={category.value: CATEGORY_NAMES[lang][category] for category in CATEGORIES},
        step_names=STEP_NAMES[lang],
        stack=charts.stack,
        histogram=charts.histogram,
        bins=list(pairwise(_decimal(f"{i / BINS:.2f}", lang) for i in range(BINS + 1))),
        runs=runs,
        most=max((run.actions.total() for run in runs), default=0),
        length=(runs[0].last - runs[0].first).days + 1 if runs else 0,
        timeline=charts.timeline(runs, 600, 120),
        day=day,
        group=group,
        groups=_groups(found.groups, words["others"]),
        rules=sorted(found.rules.items(), key=lambda item: (-item[1].documents, item[0]))[:_RULES],
        trials=sorted(found.trials.items(), key=lambda item: (-item[1].changes.total(), item[0]))[:_RULES],
        described=described,
        steps=found.steps.most_common(),
        examples=[(category.value, _distinct(found.examples[category.value])) for category in _gravest(found.categories)],
        nearest=[near for near in found.nearest if -near.distance <= _NEAR],
        without_text=any(example.text is None for by_rule in found.examples.values() for example in by_rule.values()),
        made=made,
        as_json=lambda value: json.dumps(value, ensure_ascii=False),
        script=_safe(script),
        style=_safe(style),
        script_digest=_digest(script),
        style_digest=_digest(style),
    )
    return rendered


def _environment(lang: Language) -> Any:
    """What the template is filled in by: it escapes every value, and has filters for numbers and texts."""
    try:
        import jinja2
    except ModuleNotFoundError as error:
        raise ContentFilterError("Jinja2 is not installed; a report needs: pip install 'contentfilter[report]'") from error
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "number": lambda value: f"{value:,}".replace(",", "." if lang == "vi" else ","),
        "share": lambda part, whole: _decimal(f"{part / whole:.1%}" if whole else "–", lang),
        "date": lambda value: f"{value:%d/%m/%Y}" if lang == "vi" else value.isoformat(),
        "score": lambda value: _decimal(f"{value:.3f}", lang),
        "log_odds": lambda value: _decimal(f"{value:+.1f}", lang),
        "printable": lambda value: printable(str(value)),
        "pieces": pieces,
        "dots": dots,
    }
    return environment


def _gravest(counts: Counter[str]) -> list[Category]:
    return sorted(CATEGORIES, key=lambda category: -counts[category.value])


def _distinct(examples: Mapping[str, Example]) -> list[Example]:
    return list({example.id: example for example in examples.values()}.values())


def _groups(groups: Mapping[str, Counter[str]], others: str) -> list[tuple[str, Counter[str]]]:
    """The largest groups, and all others together."""
    ordered = sorted(groups.items(), key=lambda item: (-item[1].total(), item[0]))
    rest: Counter[str] = Counter()
    for _, counts in ordered[_GROUPS:]:
        rest.update(counts)
    return ordered[:_GROUPS] + ([(others, rest)] if rest else [])


def pieces(example: Example) -> list[Piece]:
    """A document's text, cut where matches begin and end; where there are none, or no text, all that is there is hidden."""
    if example.text is None:
        return [Piece(printable(match["text"]), True) for match in example.matches]
    if not example.matches:
        return [Piece(printable(example.text), True)] if example.action != "allow" else [Piece(printable(example.text), False)]
    covered = bytearray(len(example.text))
    for match in example.matches:
        begin, end = (min(max(match[key] - example.start, 0), len(covered)) for key in ("start", "end"))
        covered[begin:end] = b"\x01" * (end - begin)
    borders = [0, *(i for i in range(1, len(covered)) if covered[i] != covered[i - 1]), len(covered)]
    return [Piece(printable(example.text[begin:end]), bool(covered[begin])) for begin, end in pairwise(borders) if begin < end]


def dots(text: str) -> str:
    """What stands for a hidden text: its words' places are told, their letters and, beyond eight, their lengths are not."""
    return " ".join("•" * min(max(len(word), 2), 8) for word in text.split()[:40]) or "••"


def _decimal(number: str, lang: Language) -> str:
    return number.replace(".", ",") if lang == "vi" else number


def _digest(content: str) -> str:
    return b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _safe(content: str) -> Any:
    from markupsafe import Markup

    return Markup(content)  # our own file, not a document's text
