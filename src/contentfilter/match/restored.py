"""A text whose diacritics were restored: its matches in the caller's text, beside those of the text as written."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from operator import itemgetter
from typing import Final, NamedTuple

from contentfilter.categories import Category
from contentfilter.chunks import Generation
from contentfilter.normalize.alphabet import bare

from .join import Looked
from .settle import Hit
from .stage import Matched

_STEP: Final = "toneless"
_LEET: Final = "leet"
_LONG: Final = 3
_SURE: Final = 4.6
"""Of so many syllables without their own, a term that flags alone has hardly another reading ("gai goi cao cap"). Judgements."""
Logits = tuple[float, ...]


class Restored(NamedTuple):
    """A text with the diacritics that it lost, looked up, its logits, those of the text as written, and whether that had hardly any."""

    looked: Looked
    generation: Generation
    logits: Logits
    written: Logits
    plain: bool


def verdict(again: Restored, toxic: int, disputed: bool) -> Logits:
    """What the model says of a text and the same restored; `toxic` is the number of the head that compares them.

    Of a text that has hardly any diacritics the two readings speak alike, unless the second is disputed; of others the one that is
    likelier toxic: among words that have theirs somebody left them out.
    """
    by_toxic = itemgetter(toxic)
    if not again.plain:
        return max(again.written, again.logits, key=by_toxic)
    means = tuple([(one + other) / 2 for one, other in zip(again.written, again.logits, strict=True)])
    return min(again.written, means, key=by_toxic) if disputed else means


def both(text: str, restored: str, written: Matched, again: Matched, plain: bool) -> tuple[Matched, bool]:
    """The matches in `restored`, a text as long as `text`, and those in `text` itself over which none of the former stands, or only a
    shorter one within.

    In a text that has hardly any diacritics (`plain`) what lacks its own is no match, nor what most likely is another word: the likeliest
    reading tells, unless the term is a site's own, or long and sure, or speaks of self-harm ("tu tu" may be từ từ, but a person had
    better look). Nor is what it tells alone: the terms know best where they may be meant ("vai lon" is more than one thing), and then
    the reading is in dispute, which is told besides. Among others that have theirs somebody left them out. What was missing is among
    the steps of a match.
    """
    hits = [_as_written(hit.placed(), text, restored) for hit in again.hits]
    before = list(map(Hit.placed, written.hits))
    as_written = _Places(before)
    borne_out = [hit for hit in hits if not plain or as_written.over(hit)]
    anew = _Places(borne_out)
    taken: list[Hit] = []
    given_up: set[int] = set()
    for hit in before:
        over = [other for other in anew.over(hit) if id(other) not in given_up]
        if all([hit.start <= other.start and other.end <= hit.end and other.end - other.start < hit.end - hit.start for other in over]):
            span = slice(hit.start, hit.end)
            if over or not plain or _stays(hit) or not (hit.missing or text[span] != restored[span]):
                given_up.update(map(id, over))
                taken.append(hit)
    every = sorted([*[hit for hit in borne_out if id(hit) not in given_up], *taken], key=lambda hit: hit.start)
    errors = (*again.errors, *[error for error in written.errors if error not in again.errors])
    return Matched(every, errors), len(borne_out) < len(hits)


def _stays(hit: Hit) -> bool:
    return hit.term.own or Category.SELF_HARM in hit.categories or (hit.missing >= _LONG and hit.term.weight >= _SURE)


def _as_written(hit: Hit, text: str, restored: str) -> Hit:
    """A placed match, with the step that it took where diacritics were restored in it, and in how many words."""
    own, meant = text[hit.start : hit.end].split(), restored[hit.start : hit.end].split()
    changed = [(word, other) for word, other in zip(own, meant, strict=True) if word != other]
    if not changed:
        return hit
    missing = sum([not other.isascii() for _, other in changed])
    undone = [_LEET] if any([bare(word) != bare(other) for word, other in changed]) else []
    if missing:
        undone.append(_STEP)
    steps = tuple(dict.fromkeys([*undone, *hit.steps]))
    return Hit(hit.start, hit.end, hit.term, steps, hit.missing + missing, hit.categories)


class _Places:
    """Placed matches, for the question which of them stand over another; each costs a bisection."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._hits = sorted(hits, key=lambda hit: hit.start)
        self._starts = [hit.start for hit in self._hits]
        self._farthest = list(accumulate([hit.end for hit in self._hits], max))

    def over(self, hit: Hit) -> list[Hit]:
        """Those that share a character and a category with the match."""
        last = bisect_left(self._starts, hit.end)
        first = last
        while first and self._farthest[first - 1] > hit.start:
            first -= 1
        near = self._hits[first:last]
        return [other for other in near if other.end > hit.start and not set(other.categories).isdisjoint(hit.categories)]
