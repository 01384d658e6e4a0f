"""Candidates → settled matches: allowed phrases, word borders, company, leftmost-longest."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from contentfilter.categories import Category
from contentfilter.normalize.alphabet import bare

from .keywords import SIGN, Candidate, Company, Term
from .lines import Line
from .segment import word_starts

_WINDOW = 4
"""Syllables on either side of a match that word segmentation is shown; its features look two to each side."""
_LONGEST_TERM = 100
"""Characters, more than terms have, disguised ones included."""
_LONGEST_WORD = 40
"""Characters, more than any word of the dictionary has."""
_NEAR = 5
"""Syllables within which company may settle a match whose tones are missing."""


class Hit(NamedTuple):
    """A settled match: a half-open span of the caller's text, the term, what was undone, and syllables without tones."""

    start: int
    end: int
    term: Term
    steps: tuple[str, ...]
    missing: int
    categories: tuple[Category, ...]
    """Those of the term in which no other match stood in its way."""
    line: Line | None = None
    """The line of which `start` and `end` are still a span, where nobody has asked for the caller's text yet."""

    def placed(self) -> Hit:
        """The same with its span in the caller's text, and all that was undone."""
        if self.line is None:
            return self
        start, end, steps = self.line.place(self.start, self.end)
        return self._replace(start=start, end=end, steps=(*steps, *self.steps), line=None)


def settle(
    lines: Mapping[int, Line], candidates: Sequence[Candidate], toxic: bool, address: Company, lone_signs: bool = False
) -> list[Hit]:
    """The matches that stand, in order of their start.

    `lines` holds, by number, those that have candidates. `toxic` is the model's verdict on the text, which can be company for
    an ambiguous term; `address` is what a term whose tones are missing needs near it where its pack asks for company.
    `lone_signs` keeps signs that stand beside nothing.
    """
    denied = [candidate for candidate in candidates if candidate.term.rule is not None]
    if len(denied) < len(candidates):
        allowed = _Spans([candidate for candidate in candidates if candidate.term.rule is None])
        denied = [
            candidate
            for candidate in denied
            if not allowed.swallow(candidate)
            and (not candidate.term.segment or _on_word_borders(lines[candidate.line], candidate, allowed))
        ]
    standing = [c for c in denied if c.term.company is None and (not c.missing or c.term.toneless == "free")]
    if len(standing) < len(denied):
        abuse = _Spans([c for c in standing if c.term.abusive])
        kept = set(map(id, standing))
        standing = [c for c in denied if id(c) in kept or _has_company(lines[c.line], c, abuse, toxic, address)]
    if not lone_signs:
        found = {category for c in standing if c.term.weight >= SIGN for category in c.term.categories}
        standing = [c for c in standing if c.term.weight >= SIGN or not found.isdisjoint(c.term.categories)]
    hits = [
        Hit(start, end, term, () if exact else ("toneless",), missing, term.categories, lines[number])
        for term, number, start, end, missing, exact in standing
    ]
    settled = _leftmost_longest(hits if len(lines) == 1 else _least_undone(hits))
    return settled if lone_signs else _without_lone_signs(settled)


class _Spans:
    """The spans of candidates by line, for questions about what lies where; each question costs a bisection."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}
        self._farthest: dict[int, list[int]] = {}
        for number, start, end in sorted([(candidate.line, candidate.start, candidate.end) for candidate in candidates]):
            if number not in self._starts:
                self._starts[number], self._ends[number], self._farthest[number] = [start], [end], [end]
                continue
            self._starts[number].append(start)
            self._ends[number].append(end)
            self._farthest[number].append(max(end, self._farthest[number][-1]))

    def swallow(self, candidate: Candidate) -> bool:
        """Contains one of the spans this candidate whole?"""
        if not self._starts:
            return False
        before = bisect_right(self._starts.get(candidate.line, ()), candidate.start)
        return before > 0 and self._farthest[candidate.line][before - 1] >= candidate.end

    def between(self, line: int, low: int, high: int) -> Iterator[tuple[int, int]]:
        """The spans that start in [low, high)."""
        starts = self._starts.get(line, [])
        for i in range(bisect_left(starts, low), bisect_left(starts, high)):
            yield starts[i], self._ends[line][i]


def _on_word_borders(line: Line, candidate: Candidate, words: _Spans) -> bool:
    """Does the candidate begin and end where words do? Asked only where a dictionary word crosses its border."""
    if not any(
        start < candidate.start < end < candidate.end or candidate.start < start < candidate.end < end
        for start, end in words.between(candidate.line, candidate.start - _LONGEST_WORD, candidate.end)
    ):
        return True
    if candidate.missing:  # without tones a segmentation knows nothing: the dictionary decides
        return False
    before, after = (part.split() for part in _around(line.text, candidate.start, candidate.end, _WINDOW))
    inside = line.text[candidate.start : candidate.end].split()
    starts = (*word_starts((*before, *inside, *after)), True)
    return starts[len(before)] and starts[len(before) + len(inside)]


def _has_company(line: Line, candidate: Candidate, abuse: _Spans, toxic: bool, address: Company) -> bool:
    term = candidate.term
    needed = [term.company] if term.company is not None else []
    if candidate.missing and term.toneless == "company":
        needed.append(address)
    within = term.within if term.company is not None else _NEAR
    return all(_meets(line, candidate, company, within, abuse, toxic) for company in needed)


def _meets(line: Line, candidate: Candidate, company: Company, within: int, abuse: _Spans, toxic: bool) -> bool:
    if company.model and toxic:
        return True
    before, after = _around(line.text, candidate.start, candidate.end, within)
    if any(phrase in before or phrase in after for phrase in company.phrases):
        return True
    if before.isascii() and after.isascii() and any(phrase in before or phrase in after for phrase in company.bare_phrases):
        return True
    if not company.abuse:
        return False
    low, high = candidate.start - len(before), candidate.end + len(after)
    return any(end <= candidate.start or candidate.end <= start <= end <= high for start, end in abuse.between(candidate.line, low, high))


def _around(text: str, start: int, end: int, within: int) -> tuple[str, str]:
    """Up to `within` syllables before and behind a span of a line, each with its spaces on both sides; marks do not count."""
    low, left = start - 1, within
    while left and low > 0:
        left -= text[low - 1].isalnum() or text[low - 1] == ">"
        low = text.rfind(" ", 0, low)
    high, left = end, within
    while left and high < len(text) - 1:
        high = text.find(" ", high + 1)
        left -= text[high - 1].isalnum() or text[high - 1] == ">"
    return text[low:start], text[end : high + 1]


def _least_undone(hits: list[Hit]) -> list[Hit]:
    """Hits from several lines, placed; of those that are the same term at the same place the one with the fewest steps."""
    best: dict[tuple[int, int, int], Hit] = {}
    for hit in map(Hit.placed, hits):
        key = (hit.start, hit.end, id(hit.term))
        if key not in best or len(hit.steps) < len(best[key].steps):
            best[key] = hit
    return list(best.values())


def _without_hindrance(hits: list[Hit]) -> list[Hit]:
    """Without the signs that lie across the border of more than a sign: they would take its place and count for nothing."""
    strong = sorted([(hit.start, hit.end) for hit in hits if hit.term.weight >= SIGN])
    if not strong or len(strong) == len(hits):
        return hits
    return [
        hit
        for hit in hits
        if hit.term.weight >= SIGN
        or not any(
            hit.start < end and not (hit.start <= start and end <= hit.end)
            for start, end in strong[bisect_left(strong, (hit.start - _LONGEST_TERM,)) : bisect_left(strong, (hit.end,))]
        )
    ]


def _leftmost_longest(hits: list[Hit]) -> list[Hit]:
    """Of overlapping hits in a category, the one that starts first, of those the longest, of those the least undone."""
    if len(hits) < 2:
        return hits
    hits = _without_hindrance(hits)
    hits.sort(key=lambda hit: (hit.start, -hit.end, len(hit.steps), -hit.term.weight, hit.term.text))
    taken: dict[Category, int] = {}
    kept: list[Hit] = []
    for hit in hits:
        free = tuple([category for category in hit.categories if taken.get(category, -1) <= hit.start])
        if free:
            kept.append(hit if len(free) == len(hit.categories) else hit._replace(categories=free))
            for category in free:
                taken[category] = hit.end
    return kept


def _without_lone_signs(hits: list[Hit]) -> list[Hit]:
    if all([hit.term.weight >= SIGN for hit in hits]):
        return hits
    found = {category for hit in hits if hit.term.weight >= SIGN for category in hit.categories}
    return [hit for hit in hits if hit.term.weight >= SIGN or not found.isdisjoint(hit.categories)]


def company_of(phrases: Sequence[str], *, abuse: bool = False, model: bool = False) -> Company:
    """Company from folded phrases."""
    padded = tuple(f" {phrase} " for phrase in phrases)
    return Company(padded, tuple(map(bare, padded)), abuse, model)
