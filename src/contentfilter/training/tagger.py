"""The research recipe for spans: is this token part of an attack?

Each token has features of its window: the words and character n-grams of itself and of its neighbours, the matches of the
shipped rules, and what a model of whole texts says. Linear models over them (hashed to 2²⁰) and networks (`network`) tell of each
token, and boosted trees read that, as in `stacked`: some decide whether a text is an attack at all, for the metric of ViHOS punishes
nothing as hard as a mark in a clean text; others, who learn from attacks alone, which of its tokens are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import FeatureHasher
from sklearn.model_selection import KFold

from contentfilter.normalize.alphabet import bare
from contentfilter.normalize.fold import fold

from .network import Network, Parameters, Shape, Vocabulary
from .stacked import FOLDS, Floats, Integers, Matrix, counts, fit_line, rules_alone

Span = tuple[int, int]

_MARKS: Final = "\N{COMBINING GRAVE ACCENT}-\u036f\N{ACUTE ACCENT}"
_TOKEN: Final = re.compile(rf"[\w{_MARKS}]+|[^\w\s{_MARKS}]+")
"""Words, with marks that stand apart from their letter, and runs of other signs."""
_BITS: Final = 20
_NOTHING: Final = -8.0
"""What lines are taken to say beyond the ends of a text: clean."""
_MOST_NGRAMS: Final = 80


class Read(NamedTuple):
    """A text, its tokens, the rules' matches as (start, end, rule, category, weight), and the logit of the whole."""

    text: str
    tokens: Sequence[Span]
    matches: Sequence[tuple[int, int, str, str, float]]
    logit: float


class _Word(NamedTuple):
    plain: str
    bare: str
    ngrams: Sequence[str]


_OUTSIDE: Final = _Word("<", "<", ())


def read(texts: Sequence[str], logits: Floats) -> list[Read]:
    """Tokens and matches of texts, with each text's logit (texts,)."""
    return [
        Read(
            text,
            [token.span() for token in _TOKEN.finditer(text)],
            [(match.start, match.end, match.rule, match.category.value, match.weight) for match in result.matches],
            float(logit),
        )
        for text, result, logit in zip(texts, rules_alone().classify_batch(texts), logits, strict=True)
    ]


@cache
def _word(token: str) -> _Word:
    plain = fold(token)[0].text
    ngrams = []
    for n in range(2, 6):
        for view, string in (("plain", f"^{plain}$"), ("bare", f"^{bare(plain)}$")):
            ngrams += [f"{view} {string[i : i + n]}" for i in range(len(string) - n + 1)]
    return _Word(plain, bare(plain), ngrams[:_MOST_NGRAMS])


def _features(known: Read) -> Iterator[dict[str, float]]:
    words = [_OUTSIDE, _OUTSIDE, *[_word(known.text[start:end]) for start, end in known.tokens], _OUTSIDE, _OUTSIDE]
    hits: list[list[tuple[str, float]]] = [[] for _ in known.tokens]
    for low, high, rule, category, weight in known.matches:
        inside = [i for i, (start, end) in enumerate(known.tokens) if start < high and end > low]
        for i in inside:
            hits[i] += [(rule, 1.0), (category, 1.0), ("weight", weight / 3), ("first" if i == inside[0] else "later", 1.0)]
    level = min(3, max(-3, int(known.logit)))
    for i in range(len(known.tokens)):
        before2, before, word, after, after2 = words[i : i + 5]
        features = {
            "logit": known.logit / 4,
            f"word {word.plain}": 1.0,
            f"word bare {word.bare}": 1.0,
            f"word {word.plain} at {level}": 0.7,
            f"before {before.plain}": 0.7,
            f"after {after.plain}": 0.7,
            f"before bare {before.bare}": 0.5,
            f"after bare {after.bare}": 0.5,
            f"second before {before2.plain}": 0.4,
            f"second after {after2.plain}": 0.4,
            f"pair before {before.plain} {word.plain}": 1.0,
            f"pair after {word.plain} {after.plain}": 1.0,
            f"pair before bare {before.bare} {word.bare}": 0.7,
            f"pair after bare {word.bare} {after.bare}": 0.7,
            f"three {before.plain} {word.plain} {after.plain}": 0.7,
            f"three before {before2.plain} {before.plain} {word.plain}": 0.7,
            f"three after {word.plain} {after.plain} {after2.plain}": 0.7,
            "matches" if known.matches else "no matches": 0.5,
        }
        for place, other, scale in (("", word, 1.0), ("before ", before, 0.4), ("after ", after, 0.4)):
            value = scale / np.sqrt(len(word.ngrams) + 1)
            features.update((place + ngram, value) for ngram in other.ngrams)
        features.update((f"rule {name}", value) for name, value in hits[i])
        if i and hits[i - 1]:
            features["behind a match"] = features[f"behind a match {word.plain}"] = 1.0
        if i + 1 < len(hits) and hits[i + 1]:
            features["before a match"] = features[f"before a match {word.plain}"] = 1.0
        yield features


def _hashed(known: Sequence[Read]) -> Matrix:
    hasher = FeatureHasher(1 << _BITS, dtype=np.float32, alternate_sign=False)
    return hasher.transform(features for text in known for features in _features(text)).tocsr()


def _surroundings(known: Sequence[Read], lines: Floats, logits: Floats) -> Floats:
    """What the trees see of each token, (tokens, columns), from what the lines say of it, (tokens, lines), and networks of the texts."""
    tables, position = [], 0
    for text, logit in zip(known, logits, strict=True):
        count = len(text.tokens)
        if not count:
            continue
        columns: list[Any] = []
        for line in lines[position : position + count].T:
            wide = np.concatenate(([_NOTHING] * 2, line, [_NOTHING] * 2))
            largest = np.sort(wide)[::-1]
            columns += [wide[i : i + count] for i in range(5)]
            columns += [np.full(count, largest[0]), np.full(count, largest[1]), line - largest[0], np.argsort(np.argsort(-line))]
        weights = np.zeros(count + 2)
        for low, high, *_, weight in text.matches:
            for i, (start, end) in enumerate(text.tokens):
                if start < high and end > low:
                    weights[i + 1] = max(weights[i + 1], weight)
        columns += [weights[:-2], weights[1:-1], weights[2:]]
        columns += [np.full(count, value) for value in (weights.max(), text.logit, logit)]
        columns += [[end - start for start, end in text.tokens], np.full(count, count), np.arange(count) / count]
        columns.append([text.text[start].isupper() for start, _ in text.tokens])
        tables.append(np.stack(columns, axis=1).astype(float))
        position += count
    return np.concatenate(tables)


class Judged(NamedTuple):
    """How likely each text is an attack, (texts,), and each token a part of it if it is, (tokens,) in a row over all texts."""

    texts: Floats
    tokens: Floats

    def marked(self, known: Sequence[Read], least: tuple[float, float]) -> list[list[Span]]:
        """The spans of tokens that reach a probability, and of the likeliest one, in texts that reach theirs: `least` has both."""
        spans: list[list[Span]] = []
        ends = np.cumsum([len(text.tokens) for text in known])
        for text, attack, part in zip(known, self.texts, np.split(self.tokens, ends[:-1]), strict=True):
            chosen = (part >= min(least[1], part.max(initial=0.0))) & (attack >= least[0])
            spans.append(spans_of(text.tokens, chosen.tolist()))
        return spans

    @staticmethod
    def mean(several: Sequence[Judged]) -> Judged:
        """What several say of the same texts."""
        return Judged(*(np.mean([judged[i] for judged in several], axis=0) for i in (0, 1)))


class Tagger:
    """Learns from texts whose tokens are labelled, (tokens,) in a row over all texts; the texts' logits must be held out."""

    def __init__(self, known: Sequence[Read], labels: Integers, seed: int, start: Parameters | None = None) -> None:
        values, texts = _hashed(known), _text_of(known)
        attacks = np.bincount(texts, labels, len(known)) > 0
        toxic = attacks[texts]
        self._lines = [self._line(values, labels, rows, seed) for rows in (np.ones_like(toxic), toxic)]
        self._vocabulary, self._networks = Vocabulary(), []
        words, told_counts = self._words(known), counts([text.text for text in known])
        wanted = [part if len(part) else np.zeros(1) for part in _by_text(known, labels)]
        shape = Shape(2, told_counts.shape[1], tokens=True, epochs=8, batch=32)
        told, logits = np.zeros((len(labels), 3)), np.zeros(len(known))
        for fold_, (learn, rest) in enumerate(KFold(FOLDS, shuffle=True, random_state=seed).split(known)):
            held = np.isin(texts, rest)
            for column, rows in enumerate((~held, ~held & toxic)):
                weights, bias = self._line(values, labels, rows, seed)
                told[held, column] = values[held] @ weights + bias
            network = Network(shape, FOLDS * seed + fold_, start)
            network.learn(
                self._vocabulary, [words[i] for i in learn], told_counts[learn], attacks[learn].astype(int), [wanted[i] for i in learn]
            )
            logits[rest], told[held, 2] = self._asked(network, [known[i] for i in rest])
            self._networks.append(network)
        wholes, inputs = _wholes(known, told, logits), _surroundings(known, told, logits)
        self.told = Judged(np.zeros(len(known)), np.zeros(len(labels)))
        """What trees say of texts that they have not seen."""
        self._trees = []
        for learn, rest in KFold(FOLDS, shuffle=True, random_state=seed + 100).split(known):
            rows, held = np.isin(texts, learn) & toxic, np.isin(texts, rest)
            whole = _trees(80, 8, 40, seed).fit(wholes[learn], attacks[learn])
            part = _trees(150, 15, 50, seed).fit(inputs[rows], labels[rows])
            self._trees.append((whole, part))
            self.told.texts[rest] = whole.predict_proba(wholes[rest])[:, 1]
            self.told.tokens[held] = part.predict_proba(inputs[held])[:, 1]

    @staticmethod
    def _line(values: Matrix, labels: Integers, rows: Any, seed: int) -> tuple[Floats, float]:
        return fit_line(values[rows], labels[rows] == 1, 1.0, False, seed)

    def _words(self, known: Sequence[Read]) -> list[Any]:
        return [self._vocabulary.numbers([_word(text.text[start:end]).plain for start, end in text.tokens]) for text in known]

    def _asked(self, network: Network, known: Sequence[Read]) -> tuple[Floats, Floats]:
        """A network's logits of texts (texts,) and of their tokens, in a row."""
        classes, words = network.tell(self._vocabulary, self._words(known), counts([text.text for text in known]))
        tokens = np.full(sum(len(text.tokens) for text in known), _NOTHING)
        for part, told in zip(_by_text(known, tokens), words, strict=True):
            part[: len(told)] = told[: len(part)]  # a view; what is beyond the longest is not read
        return classes[:, 1] - classes[:, 0], tokens

    def judge(self, known: Sequence[Read]) -> Judged:
        """What all trees together say of other texts."""
        values = _hashed(known)
        asked = [self._asked(network, known) for network in self._networks]
        logits, tokens = (np.mean([answer[i] for answer in asked], axis=0) for i in (0, 1))
        told = np.stack([*(values @ weights + bias for weights, bias in self._lines), tokens], axis=1)
        inputs = _wholes(known, told, logits), _surroundings(known, told, logits)
        return Judged.mean([Judged(*(pair[i].predict_proba(inputs[i])[:, 1] for i in (0, 1))) for pair in self._trees])


def _trees(rounds: int, leaves: int, fewest: int, seed: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=0.06, max_leaf_nodes=leaves, min_samples_leaf=fewest, l2_regularization=5, random_state=seed
    )


def _wholes(known: Sequence[Read], lines: Floats, logits: Floats) -> Floats:
    """What the trees see of each text, (texts, columns): the three likeliest tokens of each line, and what is known of the whole."""
    table = []
    for text, part, logit in zip(known, _by_text(known, lines), logits, strict=True):
        largest = -np.sort(-np.vstack([part, np.full((3, lines.shape[1]), _NOTHING)]), axis=0)[:3]
        weights = [match[-1] for match in text.matches]
        row = [*largest.ravel(), *np.logaddexp(0, part).sum(axis=0), len(part), max(weights, default=0), len(weights), text.logit, logit]
        table.append(row)
    return np.hstack([np.array(table), counts([text.text for text in known])])


def _by_text(known: Sequence[Read], of_tokens: Any) -> list[Any]:
    """What is in a row over all texts, (tokens, …), as a view for each text."""
    return np.split(of_tokens, np.cumsum([len(text.tokens) for text in known])[:-1])


def _text_of(known: Sequence[Read]) -> Integers:
    return np.repeat(np.arange(len(known)), [len(text.tokens) for text in known])


def token_labels(known: Sequence[Read], spans: Sequence[Sequence[Span]]) -> Integers:
    """1 for each token at least half of which lies in its text's spans."""
    return np.array(
        [
            int(2 * sum(max(0, min(end, high) - max(start, low)) for low, high in marked) >= end - start)
            for text, marked in zip(known, spans, strict=True)
            for start, end in text.tokens
        ]
    )


def spans_of(tokens: Sequence[Span], inside: Sequence[bool]) -> list[Span]:
    """The half-open spans of runs of chosen tokens, white space between them included."""
    spans: list[Span] = []
    previous = False
    for (start, end), chosen in zip(tokens, inside, strict=True):
        if chosen and previous:
            spans[-1] = (spans[-1][0], end)
        elif chosen:
            spans.append((start, end))
        previous = chosen
    return spans
