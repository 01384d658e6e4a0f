"""Who judges disguised comments: the filter, exact tokens, and peers where they are installed, all with the same terms."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from contentfilter import ContentFilter
from contentfilter.categories import ABUSE

_PEERS = Path(__file__).with_name("peers")
Spans = list[tuple[int, int]]


class Judgement(NamedTuple):
    """Is a text flagged, and which spans were matched?"""

    flagged: bool
    matched: Spans


Judge = Callable[[Sequence[str]], list[Judgement]]


def judge_of(made: ContentFilter) -> Judge:
    """The filter as a judge."""

    def judge(texts: Sequence[str]) -> list[Judgement]:
        return [Judgement(result.flagged, [(match.start, match.end) for match in result.matches]) for result in made.classify_batch(texts)]

    return judge


def exact_judge(made: ContentFilter) -> Judge:
    """The way of the published word lists: the same terms, as exact tokens of the lower-case text."""
    terms = _terms(made)
    longest = max(term.count(" ") + 1 for term in terms)

    def judge(texts: Sequence[str]) -> list[Judgement]:
        judged = []
        for text in texts:
            words = [(word.strip(".,!?:;\"'()…"), start) for word, start in _words(text.lower())]
            spans = [
                (words[i][1], words[i + n - 1][1] + len(words[i + n - 1][0]))
                for n in range(1, longest + 1)
                for i in range(len(words) - n + 1)
                if " ".join(word for word, _ in words[i : i + n]) in terms
            ]
            judged.append(Judgement(bool(spans), spans))
        return judged

    return judge


def better_profanity_judge(made: ContentFilter) -> Judge:
    """better-profanity with the same terms; it gives no spans, and builds every leet variant of every term, so only those of one word."""
    from better_profanity import Profanity

    terms = _terms(made)
    profanity = Profanity([term for term in terms if " " not in term and len(term) <= 8])
    return lambda texts: [Judgement(profanity.contains_profanity(text), []) for text in texts]


def _words(text: str) -> Iterable[tuple[str, int]]:
    position = 0
    for word in text.split():
        position = text.index(word, position)
        yield word, position
        position += len(word)


def obscenity_judge(made: ContentFilter) -> Judge | None:
    """obscenity with the same terms and its own transformers for English; no spans. None where Node or the package is missing."""
    node = shutil.which("node")
    if node is None:
        return None
    running: Any = subprocess.Popen(
        [node, str(_PEERS / "peer.mjs"), "obscenity", "terms"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )

    def ask(what: object) -> dict[str, Any]:
        running.stdin.write(json.dumps(what) + "\n")
        running.stdin.flush()
        answer: dict[str, Any] = json.loads(running.stdout.readline())
        return answer

    if "absent" in ask(sorted(_terms(made))):
        running.stdin.close()
        running.wait()
        return None
    return lambda texts: [Judgement(flagged, []) for flagged in ask(list(texts))["each"]]


def judges_of(made: ContentFilter, peers: bool) -> dict[str, Judge]:
    """Name → judge, the filter first."""
    judges = {"contentfilter": judge_of(made)}
    if not peers:
        return judges
    judges["exact tokens"] = exact_judge(made)
    if find_spec("better_profanity"):
        judges["better-profanity"] = better_profanity_judge(made)
    if obscenity := obscenity_judge(made):
        judges["obscenity"] = obscenity
    return judges


def _terms(made: ContentFilter) -> set[str]:
    return {spec.text for rule in made.rules if not ABUSE.isdisjoint(rule.categories) for spec in rule.terms if spec.weight >= 4}
