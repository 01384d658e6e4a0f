"""What terms hold → settled matches: allowed phrases, word borders, company, leftmost-longest, signs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final, final

from contentfilter.categories import Category
from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.syllables import is_syllable

from .automaton import Spot
from .keywords import SIGN, Company, Keywords, Surroundings, Term
from .lines import Line
from .segment import word_starts

_WINDOW: Final = 4
"""Syllables on either side of a match that word segmentation is shown; its features look two to each side."""
_LONGEST_TERM: Final = 100
"""Characters, more than terms have, disguised ones included."""
_LONGEST_WORD: Final = 40
"""Characters, more than any word of the dictionary has."""
_NEAR: Final = 5
"""Syllables within which company may settle a match whose tones are missing."""
_MARKS: Final = 64
"""Marks and emoji on either side that are looked past for syllables, far more than people write: a text of nothing else has no end."""
_SURROUNDINGS: Final = 8
"""Syllables on either side that tell whether a writer uses diacritics: of those of a text that has them three in four are marked."""

Span = tuple[int, int]


@final
class Hit:
    """A match of a rule's term: a half-open span of the caller's text, the term, what was undone, and syllables without tones."""

    __slots__ = ("categories", "end", "line", "missing", "start", "steps", "term")

    def __init__(
        self,
        start: int,
        end: int,
        term: Term,
        steps: tuple[str, ...],
        missing: int,
        categories: tuple[Category, ...],
        line: Line | None = None,
    ) -> None:
        self.start = start
        self.end = end
        self.term = term
        self.steps = steps
        self.missing = missing
        self.categories = categories
        """Those of the term in which no other match stood in its way."""
        self.line = line
        """The line of which `start` and `end` are still a span, where nobody has asked for the caller's text yet."""

    @property
    def guessed(self) -> bool:
        """May something have been undone by guess? Told without placing it."""
        return bool(self.steps) if self.line is None else self.line.number > 0

    @property
    def ambiguous(self) -> bool:
        """Does it count only in company?"""
        return self.term.company is not None or (self.missing > 0 and self.term.toneless == "company")

    def placed(self) -> Hit:
        """The same with its span in the caller's text, and all that was undone."""
        if self.line is None:
            return self
        start, end, steps = self.line.place(self.start, self.end)
        return Hit(start, end, self.term, (*steps, *self.steps), self.missing, self.categories)


def tells(line: Line, found: Sequence[Spot], keywords: Keywords) -> bool:
    """May any of the findings in a line come to be more than a sign? Most of a text's are signs, or have other tones."""
    text = line.text
    for start, end, number in found:
        if keywords.telling[number]:
            for held in keywords.held(number, text[start:end])[0]:
                if held.term.telling:
                    return True
    return False


def verify(line: Line, found: Sequence[Spot], keywords: Keywords) -> tuple[list[Hit], list[Span]]:
    """What of the findings in a line holds against it with its diacritics: the terms of rules, and the spans of allowed phrases."""
    hits: list[Hit] = []
    allowed: list[Span] = []
    text = line.text
    for start, end, number in found:
        held, innocent = keywords.held(number, text[start:end])
        for term, missing, steps, dropped in held:
            if term.special and not _admits(line, start, term):
                continue
            if dropped and among_tones(text, start, end) and not _is_loose(line, start, end):
                missing = 0  # left out on purpose, as surely the term as if it had them
            if missing and term.toneless == "among":
                continue
            hits.append(Hit(start, end, term, steps, missing, term.categories, line))
        if innocent:
            allowed.append((start, end))
    return hits, allowed


def among_tones(text: str, start: int, end: int) -> bool:
    """Does its writer use diacritics? At least half of the syllables near a span of a line have them, its own marked ones counted in."""
    if text.isascii():
        return False
    return are_among_tones(*_window(text, start, end, _SURROUNDINGS))


def are_among_tones(words: Sequence[str], before: int, inside: int) -> bool:
    """The same of the words around: `before` of them stand before the span, `inside` of them in it."""
    own = sum([not word.isascii() for word in words[before : before + inside]])
    near = [word for word in (*words[:before], *words[before + inside :]) if is_syllable(word)]
    marked = sum([not word.isascii() for word in near])
    return marked + own > 0 and 2 * (marked + own) >= len(near) + own


def _window(text: str, start: int, end: int, within: int) -> tuple[list[str], int, int]:
    """The words of a span and of up to `within` syllables on either side, and how many of them stand before it and in it."""
    before, after = (part.split() for part in _around(text, start, end, within))
    inside = text[start:end].split()
    return [*before, *inside, *after], len(before), len(inside)


def _is_loose(line: Line, start: int, end: int) -> bool:
    """Is what stands there a guess by which a foreign name, a code or a part of an address may become anything?"""
    return line.number > 0 and not _LOOSE.isdisjoint(line.place(start, end)[2])


_LOOSE: Final = frozenset(("leet", "merged", "phonetic", "separators"))


def _admits(line: Line, start: int, term: Term) -> bool:
    """May a term that is choosy stand in this line, from `start`?"""
    in_entity = term.place != "whole" and line.text[line.text.rfind(" ", 0, start) + 1] == "<"
    return not in_entity and (term.disguised or line.number == 0)


def standing(
    line: Line, hits: list[Hit], allowed: Sequence[Span], toxic: bool, address: Company, besides: Sequence[Hit] = ()
) -> list[Hit]:
    """The hits of a line that no allowed phrase swallows, that lie on word borders, and that have the company they need.

    `toxic` is the model's verdict on the text, which can be company for an ambiguous term; `address` is what a term whose tones
    are missing needs near it where its pack asks for company; `besides` stands in the line too.
    """
    if allowed:
        innocent = Spans(allowed)
        hits = [
            hit
            for hit in hits
            if (hit.term.weight < 0 or not innocent.swallow(hit))  # what is innocent takes no sign of innocence: "nước lũ"
            and (not hit.term.segment or _on_word_borders(line.text, hit, innocent))
        ]
    if not any([hit.ambiguous for hit in hits]):
        return hits
    vicinity = _Vicinity(line.text, besides, hits)
    return [hit for hit in hits if not hit.ambiguous or _has_company(hit, vicinity, toxic, address)]


def settle(hits: list[Hit], lone_signs: bool = False) -> list[Hit]:
    """Of the hits that stand in a text's lines those that count, in order of their start.

    `lone_signs` keeps signs that stand beside nothing.
    """
    if not lone_signs:
        hits = _without_lone_signs(hits)  # few are left to order
    if len(hits) < 2:
        return hits
    if any([hit.line is not hits[0].line for hit in hits]):
        hits = _least_undone(hits)
    settled = _leftmost_longest(hits)
    return settled if lone_signs else _without_lone_signs(settled)


def settle_special(hits: list[Hit], lone_signs: bool = False) -> list[Hit]:
    """The same where some rules are on trial, which stand in nobody's way and come last, or only feed others (no category)."""
    hits = _least_undone(hits)
    acting = _leftmost_longest([hit for hit in hits if hit.categories and not hit.term.trial])
    watched = _leftmost_longest([hit for hit in hits if hit.categories and hit.term.trial])
    if lone_signs:
        return [*acting, *watched, *(hit for hit in hits if not hit.categories)]
    beside_all = _without_lone_signs([*acting, *watched])
    return [*_without_lone_signs(acting), *(hit for hit in beside_all if hit.term.trial)]


class Spans:
    """Spans of a line, for questions about what lies where; each question costs a bisection."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans)
        self._farthest = list(accumulate([end for _, end in self._spans], max))

    def swallow(self, hit: Hit) -> bool:
        """Contains one of the spans this hit whole?"""
        before = bisect_right(self._spans, (hit.start, _LATER))
        return before > 0 and self._farthest[before - 1] >= hit.end

    def between(self, low: int, high: int) -> Iterator[Span]:
        """The spans that start in [low, high)."""
        yield from self._spans[bisect_left(self._spans, (low,)) : bisect_left(self._spans, (high,))]


_LATER: Final = 1 << 62
"""More than any position."""


def _on_word_borders(text: str, hit: Hit, words: Spans) -> bool:
    """Does the hit begin and end where words do? Asked only where a dictionary word crosses its border."""
    if not any(
        start < hit.start < end < hit.end or hit.start < start < hit.end < end
        for start, end in words.between(hit.start - _LONGEST_WORD, hit.end)
    ):
        return True
    if hit.missing:  # without tones a segmentation knows nothing: the dictionary decides
        return False
    return on_word_borders(*_window(text, hit.start, hit.end, _WINDOW))


def on_word_borders(words: Sequence[str], before: int, inside: int) -> bool:
    """Do words begin and end where a span does, `before` words from the first and `inside` long?"""
    starts = (*word_starts(tuple(words)), True)
    return starts[before] and starts[before + inside]


@final
class _Vicinity:
    """What stands near the hits of a line; each part is worked out when first asked for."""

    __slots__ = ("_abuse", "_around", "_besides", "_hits", "_last", "_text")

    def __init__(self, text: str, besides: Sequence[Hit], hits: Sequence[Hit]) -> None:
        self._text = text
        self._besides = besides
        self._hits = hits
        self._abuse: Spans | None = None
        self._last = (0, 0, 0)
        self._around: Surroundings | None = None

    def around(self, start: int, end: int, within: int) -> Surroundings:
        """Up to `within` syllables on either side of a span; that of the last is remembered, as several terms may have been found there."""
        asked = (start, end, within)
        if self._around is None or self._last != asked:
            self._around, self._last = Surroundings(*_around(self._text, start, end, within)), asked
        return self._around

    def has_abuse(self, hit: Hit, around: Surroundings) -> bool:
        """Lies abuse that needs no company itself in what stands before or after a hit?"""
        if self._abuse is None:
            every = (*self._besides, *self._hits)
            self._abuse = Spans([(other.start, other.end) for other in every if other.term.abusive and not other.ambiguous])
        low, high = hit.start - len(around.before), hit.end + len(around.after)
        return any([end <= hit.start or hit.end <= start <= end <= high for start, end in self._abuse.between(low, high)])


def _has_company(hit: Hit, vicinity: _Vicinity, toxic: bool, address: Company) -> bool:
    term = hit.term
    own = term.company
    companies = [own] if own is not None else []
    if hit.missing and term.toneless == "company":
        companies.append(address)
    unmet = [company for company in companies if not (company.model and toxic)]
    if not unmet:
        return True
    near = vicinity.around(hit.start, hit.end, _NEAR if own is None else term.within)
    return all([company.stands(near) or (company.abuse and vicinity.has_abuse(hit, near)) for company in unmet])


def _around(text: str, start: int, end: int, within: int) -> tuple[str, str]:
    """Up to `within` syllables before and behind a span of a line, each with its spaces on both sides, and the marks among them."""
    low, left, marks = start - 1, within, _MARKS
    while left and marks and low > 0:
        counts = text[low - 1].isalnum() or text[low - 1] == ">"
        left, marks = left - counts, marks - (not counts)
        low = text.rfind(" ", 0, low)
    high, left, marks = end, within, _MARKS
    while left and marks and high < len(text) - 1:
        high = text.find(" ", high + 1)
        counts = text[high - 1].isalnum() or text[high - 1] == ">"
        left, marks = left - counts, marks - (not counts)
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


def _guesses_in(hit: Hit) -> int:
    """How much was undone, apart from missing diacritics: "dit" as it is in the packs is no surer than "địt" without its tone."""
    return sum([step != "toneless" for step in hit.steps])


def _leftmost_longest(hits: list[Hit]) -> list[Hit]:
    """Of overlapping hits in a category, the one that starts first, of those the longest, the least guessed, the weightiest."""
    if all([one.end <= other.start for one, other in pairwise(hits)]):
        return hits
    hits = _without_hindrance(hits)
    hits.sort(key=lambda hit: (hit.start, -hit.end, _guesses_in(hit), -abs(hit.term.weight), hit.term.text))
    taken: dict[Category, int] = {}
    kept: list[Hit] = []
    for hit in hits:
        free = tuple([category for category in hit.categories if taken.get(category, -1) <= hit.start])
        if free:
            whole = len(free) == len(hit.categories)
            kept.append(hit if whole else Hit(hit.start, hit.end, hit.term, hit.steps, hit.missing, free, hit.line))
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
    words = frozenset([phrase for phrase in phrases if " " not in phrase])
    longer = [phrase for phrase in phrases if " " in phrase]
    firsts, bare_firsts = _by_first_word(longer), _by_first_word(map(bare, longer))
    bare_words = frozenset(map(bare, words))
    return Company(words, firsts, bare_words, bare_firsts, words.union(firsts, bare_words, bare_firsts), abuse, model)


def _by_first_word(phrases: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for phrase in phrases:
        found.setdefault(phrase.split(" ", 1)[0], []).append(f" {phrase} ")
    return found
