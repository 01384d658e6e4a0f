"""`ContentFilter`: builds the stages once, then leads texts through them."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, reduce
from itertools import islice, pairwise
from operator import ge, or_
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from contentfilter.categories import Action, Category
from contentfilter.chunks import FRAGMENT, GUESSED, INTERESTING, Analyser, ChunkTable, Generation, fragment_runs
from contentfilter.data import data_folder
from contentfilter.decide.evidence import HEADS, sum_up
from contentfilter.decide.policy import policy_named
from contentfilter.match.keywords import SIGN, Found, verify
from contentfilter.match.lines import Document
from contentfilter.match.settle import Hit, settle
from contentfilter.model.features import Integers, pair_buckets, pair_hashes, pair_keys
from contentfilter.model.linear import SHARE_UNITS, LinearModel
from contentfilter.model.store import load
from contentfilter.normalize.readings import Analysis, Vocabulary, analyse
from contentfilter.result import Result, Scales
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.load import load_word_lists
from contentfilter.rules.schema import Rule, TermSpec, WordLists

_SLICE: Final = 1024
"""Texts that go through the stages together: enough for columns to pay, few enough to stay in the processor's cache."""
_SLICE_CHARACTERS: Final = 1 << 20
_CHUNKS_REMEMBERED: Final = 1 << 16
_WORD: Final = (1 << 64) - 1
_ANNOUNCED_SHIFT: Final = 42
"""A map of 2²² pairs: 4 MB, and ten thousand terms fill a hundredth of it at most."""

_OWN_WEIGHT: Final = 5.0
_OWN_SEVERITY: Final = 2


class ContentFilter:
    """A filter over Vietnamese text. Immutable, shared by threads, picklable.

    `policy` names a shipped policy: "default", "strict", "lenient". `packs` are paths of rule packs of your own, besides the
    shipped ones. `model` is the path of a model file; None takes the shipped one.

    Raises `PackError`, `ModelError`, `PolicyError`: what can be checked is checked here, and a filter is never weaker than asked for.
    """

    def __init__(
        self,
        policy: str = "default",
        packs: Iterable[str | Path] = (),
        model: str | Path | None = None,
    ) -> None:
        path = Path(model) if model is not None else data_folder("models") / "contentfilter-vi.safetensors"
        self._build(policy, load_word_lists(data_folder("wordlists"), map(Path, packs)), load(path))

    def _build(self, policy: str, lists: WordLists, model: LinearModel) -> None:
        rules = compile_rules(lists)
        self._state = (policy, lists, model)
        self._rules = rules
        self._model = model
        self._scales = Scales(rules.rules, model, policy_named(policy))
        vocabulary = rules.vocabulary
        self._table = ChunkTable(Analyser(lambda chunk: analyse(chunk, vocabulary), model.score, len(model.heads)), _CHUNKS_REMEMBERED)
        self._toxic = model.heads.index("toxic")
        self._bounds = _model_bounds(self._scales)
        self._pair_shift = model.pair_shift
        self._pair_bits = 64 - model.pair_shift
        # memoryview: an element of a numpy array takes a single text's loop three times as long
        self._announced = _announced(vocabulary)
        self._announced_view = memoryview(self._announced.data)
        self._pair_weights = [memoryview(np.ascontiguousarray(column).data) for column in model.pair_weights.T]

    # A pickled filter is what it was built from; the other side builds it anew, with an empty table.
    def __getstate__(self) -> tuple[str, WordLists, LinearModel]:
        return self._state

    def __setstate__(self, state: tuple[str, WordLists, LinearModel]) -> None:
        self._build(*state)

    def _with(self, lists: WordLists) -> ContentFilter:
        policy, _, model = self._state
        other = object.__new__(ContentFilter)
        other._build(policy, lists, model)
        return other

    def with_terms(self, category: str, terms: Iterable[str]) -> ContentFilter:
        """A new filter that knows `terms` (words or phrases, as one writes them with tones) as signs of `category`.

        Each flags alone (weight 5, severity 2). Raises `ValueError` for a category that there is not, or an empty term.
        """
        _, lists, _ = self._state
        harm = Category(category)
        number = sum(rule.id.startswith(f"own.{harm}") for rule in lists.rules)
        own = Rule(
            id=f"own.{harm}" + (f".{number + 1}" if number else ""),
            categories=(harm,),
            describe_vi="Từ do bạn thêm",
            describe_en="A term of your own",
            severity=_OWN_SEVERITY,
            weight=_OWN_WEIGHT,
            origin="judgement",
            terms=tuple(TermSpec(term, _OWN_WEIGHT) for term in _phrases(terms)),
        )
        return self._with(WordLists((*lists.rules, own), lists.allowed, lists.lists, lists.versions))

    def with_allowed(self, phrases: Iterable[str]) -> ContentFilter:
        """A new filter for which nothing inside any of these phrases is a match."""
        _, lists, _ = self._state
        return self._with(WordLists(lists.rules, (*lists.allowed, *_phrases(phrases)), lists.lists, lists.versions))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force."""
        return self._rules.rules

    def classify(self, text: str) -> Result:
        """Judge one text. Raises `TypeError` where it is no `str`."""
        if not isinstance(text, str):
            raise TypeError(f"text: found {type(text).__name__}, expected str")
        chunks = text.split()
        generation, ids = self._table.look_up(chunks)
        sums, flags = self._add_up(generation, ids)
        logits = self._model.logit(sums, len(chunks))
        if not flags & (INTERESTING | FRAGMENT) and not any(map(ge, logits, self._bounds)):
            return Result(text, Action.ALLOW, self._scales, sums, len(chunks))
        return self._examine(generation, [(text, chunks, ids, sums, flags)])[0]

    def matching_rules(self, text: str) -> frozenset[str]:
        """The ids of all rules with a match in the text, signs included that alone count for nothing: what examples speak of."""
        chunks = text.split()
        generation, ids = self._table.look_up(chunks)
        sums, _ = self._add_up(generation, ids)
        document = self._join(generation, [(text, chunks, ids, sums, FRAGMENT)])[0]
        found = dict(enumerate(self._rules.keywords.find(document.bare_lines(True), lone_signs=True)))
        lines = {number: document.line(number) for number in found}
        candidates = [candidate for number, spans in found.items() for candidate in verify(number, lines[number].text, spans)]
        toxic = self._model.logit(sums, len(chunks))[self._toxic] >= 0
        hits = settle(lines, candidates, toxic, self._rules.address, lone_signs=True)
        return frozenset(self.rules[hit.term.rule].id for hit in hits if hit.term.rule is not None)

    def classify_batch(self, texts: Iterable[str]) -> list[Result]:
        """Judge texts, in order; the results are those of single calls, to the bit.

        Raises `TypeError` with the position of the first that is no `str`, before any is judged.
        """
        if isinstance(texts, str):
            raise TypeError("texts: found one str, expected an iterable of str; classify() takes a single text")
        every = list(texts)
        for position, text in enumerate(every):
            if not isinstance(text, str):
                raise TypeError(f"texts[{position}]: found {type(text).__name__}, expected str")
        results: list[Result] = []
        for part in _slices(every):
            results.extend(self._classify_slice(part))
        return results

    def _classify_slice(self, texts: list[str]) -> list[Result]:
        # split
        chunks: list[str] = []
        counts: list[int] = []
        for text in texts:
            before = len(chunks)
            chunks += text.split()
            counts.append(len(chunks) - before)
        # look up
        generation, id_list = self._table.look_up(chunks)
        ids = np.array(id_list, dtype=np.int64)
        generation.mark(ids)
        lengths = np.array(counts, dtype=np.int64)
        # classify
        sums, flags = self._columns(generation, ids, lengths)
        suspected = (self._model.logits(sums, lengths) >= np.array(self._bounds)).any(axis=1)
        # match, settle, weigh, decide
        sum_rows, flag_list, ends = sums.tolist(), flags.tolist(), np.cumsum(lengths).tolist()
        results = [Result(text, Action.ALLOW, self._scales, row, count) for text, row, count in zip(texts, sum_rows, counts, strict=True)]
        chosen = np.flatnonzero(suspected | (flags & (INTERESTING | FRAGMENT) > 0)).tolist()
        examined = self._examine(
            generation,
            [
                (texts[i], chunks[low:high], id_list[low:high], sum_rows[i], flag_list[i])
                for i, low, high in ((i, ends[i] - counts[i], ends[i]) for i in chosen)
            ],
        )
        for i, result in zip(chosen, examined, strict=True):
            results[i] = result
        return results

    def _columns(self, generation: Generation, ids: Integers, lengths: Integers) -> tuple[Integers, Integers]:
        """For each text its summed shares, shape (texts, heads), and its flags: `FRAGMENT` where two stand in a row."""
        sums = np.zeros((len(lengths), len(self._model.heads)), dtype=np.int64)
        flags = np.zeros(len(lengths), dtype=np.int64)
        filled = lengths > 0
        if not len(ids):
            return sums, flags
        ends = np.cumsum(lengths)
        starts = (ends - lengths)[filled]
        inside = np.ones(len(ids), dtype=np.int64)  # has this chunk a right neighbour in its text?
        inside[ends[filled] - 1] = 0
        shares = generation.shares[ids]
        pairs = pair_hashes(generation.left[ids[:-1]], generation.right[ids[1:]])
        buckets = pair_buckets(pairs, self._pair_bits)
        shares[:-1] += self._model.pair_weights[buckets] * (SHARE_UNITS * inside[:-1, None])
        sums[filled] = np.add.reduceat(shares, starts, axis=0)
        own = generation.flags[ids]
        seen = own & (INTERESTING | GUESSED)
        fragments = own[:-1] & own[1:] & FRAGMENT
        seen[:-1] |= (fragments | self._announced[pairs >> _ANNOUNCED_SHIFT]) * inside[:-1].astype(np.uint8)
        flags[filled] = np.bitwise_or.reduceat(seen, starts)
        return sums, flags

    def _add_up(self, generation: Generation, ids: Sequence[int]) -> tuple[list[int], int]:
        """What `_columns` does, for one text in a plain loop: numpy's calls would cost more than the work."""
        if not ids:
            return [0] * len(self._pair_weights), 0
        rows, used, announced = generation.rows, generation.used, self._announced_view
        flags, left, right, *shares = zip(*[rows[i] for i in ids], strict=True)
        for i in ids:
            used[i] = 1
        pairs = [(one + other) & _WORD for one, other in zip(left, right[1:], strict=False)]
        buckets = [pair >> self._pair_shift for pair in pairs]
        sums = [
            sum(share) + sum([weights[bucket] for bucket in buckets]) * SHARE_UNITS
            for share, weights in zip(shares, self._pair_weights, strict=True)
        ]
        seen = reduce(or_, flags) & (INTERESTING | GUESSED)
        seen |= reduce(or_, [one & other for one, other in pairwise(flags)], 0) & FRAGMENT
        return sums, reduce(or_, [announced[pair >> _ANNOUNCED_SHIFT] for pair in pairs], seen)

    def _examine(self, generation: Generation, texts: Sequence[_Looked]) -> list[Result]:
        """Match, settle, weigh and decide, for texts that a term or the model is interested in."""
        documents = self._join(generation, texts)
        # match
        lines: list[str] = []
        owners: list[tuple[int, int]] = []
        for number, (document, (*_, flags)) in enumerate(zip(documents, texts, strict=True)):
            own = document.bare_lines(bool(flags & (GUESSED | FRAGMENT)))
            lines += own
            owners += [(number, i) for i in range(len(own))]
        findings: list[list[tuple[int, list[Found]]]] = [[] for _ in texts]
        for (number, i), spans in zip(owners, self._rules.keywords.find(lines), strict=True):
            if spans:
                findings[number].append((i, spans))
        # settle, weigh, decide
        return [
            self._decide(text, sums, len(chunks), document, finding)
            for (text, chunks, _, sums, _), document, finding in zip(texts, documents, findings, strict=True)
        ]

    def _join(self, generation: Generation, texts: Sequence[_Looked]) -> list[Document]:
        """The texts with their runs of fragments joined and looked up."""
        runs = [fragment_runs([generation.rows[i][0] for i in ids]) if flags & FRAGMENT else [] for _, _, ids, _, flags in texts]
        keys = [" ".join(chunks[low:high]) for (_, chunks, *_), row in zip(texts, runs, strict=True) for low, high in row]
        younger, found = self._table.look_up(keys)
        joined = iter([younger.analyses[i] for i in found])
        return [
            _document(text, chunks, [generation.analyses[i] for i in ids], row, joined)
            for (text, chunks, ids, _, _), row in zip(texts, runs, strict=True)
        ]

    def _decide(
        self, text: str, sums: Sequence[int], count: int, document: Document, findings: Sequence[tuple[int, list[Found]]]
    ) -> Result:
        logits = self._model.logit(sums, count)
        hits: list[Hit] = []
        if findings:
            lines = {number: document.line(number) for number, _ in findings}
            candidates = [candidate for number, found in findings for candidate in verify(number, lines[number].text, found)]
            if any([candidate.term.weight >= SIGN for candidate in candidates]):
                hits = settle(lines, candidates, logits[self._toxic] >= 0, self._rules.address)
        if not hits and not any(map(ge, logits, self._bounds)):
            return Result(text, Action.ALLOW, self._scales, sums, count)
        action = self._scales.policy.action(sum_up(self._scales.contributions(logits, hits)))
        return Result(text, action, self._scales, sums, count, hits)


_Looked = tuple[str, list[str], Sequence[int], Sequence[int], int]
"""A text looked up: itself, its chunks, their ids, its summed shares, its flags."""


def _document(
    text: str, chunks: list[str], analyses: list[Analysis], runs: Sequence[tuple[int, int]], joined: Iterator[Analysis]
) -> Document:
    """The text's entries: its chunks, each run of fragments replaced by the analysis of the run as a whole."""
    if not runs:
        return Document(text, chunks, analyses)
    entries: list[Analysis] = []
    firsts: list[int] = []
    position = 0
    for low, high in (*runs, (len(chunks), len(chunks))):
        entries.extend(analyses[position:low])
        firsts.extend(range(position, low))
        if low < high:
            entries.append(next(joined))
            firsts.append(low)
        position = high
    return Document(text, chunks, entries, firsts)


def _announced(vocabulary: Vocabulary) -> npt.NDArray[np.uint8]:
    """A bit map, a byte a bit, over the top bits of pair hashes: `INTERESTING` where a term's two tokens fall.

    Another pair falls there with a probability of a few thousandths, and is then found to be nothing.
    """
    marks = np.zeros(1 << (64 - _ANNOUNCED_SHIFT), dtype=np.uint8)
    pairs = sorted(vocabulary.pairs)
    left, _ = pair_keys([first for first, _ in pairs])
    _, right = pair_keys([second for _, second in pairs])
    marks[pair_hashes(left, right) >> _ANNOUNCED_SHIFT] = INTERESTING
    return marks


def _model_bounds(scales: Scales) -> tuple[float, ...]:
    """For each head the logit under which the model alone can't flag a text, with a margin for rounding."""
    thresholds = scales.policy.thresholds
    return tuple(thresholds[HEADS[head]].least - 1e-6 if head in HEADS else math.inf for head in scales.model.heads)


def _phrases(phrases: Iterable[str]) -> tuple[str, ...]:
    if isinstance(phrases, str):
        raise TypeError("found one str, expected a list of words or phrases")
    return tuple(phrases)


def _slices(texts: list[str]) -> Iterable[list[str]]:
    """Runs of texts of at most `_SLICE` texts and, unless a single one is longer, `_SLICE_CHARACTERS` characters."""
    rest = iter(texts)
    while part := list(islice(rest, _SLICE)):
        if sum(map(len, part)) <= _SLICE_CHARACTERS:
            yield part
            continue
        small: list[str] = []
        size = 0
        for text in part:
            if small and size + len(text) > _SLICE_CHARACTERS:
                yield small
                small, size = [], 0
            small.append(text)
            size += len(text)
        yield small


_build_lock = threading.Lock()


@cache
def _default() -> ContentFilter:
    return ContentFilter()


def default_filter() -> ContentFilter:
    """The filter behind `contentfilter.classify`: shipped packs, model and policy; built at the first call."""
    with _build_lock:
        return _default()


def classify(text: str) -> Result:
    """Judge one text with the default filter. Raises `TypeError` where it is no `str`."""
    return default_filter().classify(text)


def classify_batch(texts: Iterable[str]) -> list[Result]:
    """Judge texts with the default filter; results in the same order, equal to single calls'."""
    return default_filter().classify_batch(texts)
