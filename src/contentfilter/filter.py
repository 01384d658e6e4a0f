"""`ContentFilter`: builds the stages once, then leads texts through them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import ge
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from contentfilter.arguments import paths_of, phrases_of
from contentfilter.batches import collector_paused, slices
from contentfilter.categories import Action, Category
from contentfilter.chunks import (
    ASKING,
    DROPPED,
    FRAGMENT,
    GUESSED,
    INNOCENT,
    INTERESTING,
    Analyser,
    ChunkTable,
    Generation,
)
from contentfilter.data import data_folder, shipped_model
from contentfilter.decide.evidence import PRIOR
from contentfilter.decide.policy import Policy, adjusted, policy_named
from contentfilter.errors import ModelError, fault_of
from contentfilter.explain import STEP_NAMES, Language, printable
from contentfilter.match.join import CURIOUS, Looked, is_curious
from contentfilter.match.restored import Logits, Restored, both, verdict
from contentfilter.match.segment import model_folder
from contentfilter.match.settle import Hit
from contentfilter.match.stage import Matched, match
from contentfilter.model.linear import LinearModel
from contentfilter.model.store import load
from contentfilter.model.sums import Adder
from contentfilter.normalize.readings import analyse
from contentfilter.reader import Reader
from contentfilter.result import Result, Scales
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.compounds import without_compounds
from contentfilter.rules.freeze import shipped
from contentfilter.rules.schema import OWN_WEIGHT, Alike, Rule, TermSpec, WordLists, own_rule
from contentfilter.seed import NAME as SEED
from contentfilter.seed import load as load_seed

_CHUNKS_REMEMBERED: Final = 1 << 16


class Budget(NamedTuple):
    """What one text may cost. What goes beyond it is told in `Result.errors`, and a person has to look."""

    characters: int = 100_000
    """A text is judged up to here. Some 20,000 words; made of nothing but chunks never seen before they take seconds."""
    matches: int = 10_000
    """A result shows so many matches; its scores count all."""


_USUAL: Final = Budget()


class ContentFilter:
    """A filter over Vietnamese text. Immutable, shared by threads, picklable.

    `policy` names a shipped policy: "default", "strict", "lenient". `packs` are paths of rule packs of your own, besides the
    shipped ones, `overlays` of files that change them (see docs/rules.md), each upon what those before it left. `model` is the path of
    a model file; None takes the shipped one. `cache` is a folder in which what `packs` compile to is kept between runs. A text longer
    than `max_characters` is judged up to there, a result with more than `max_matches` shows the first of them: both are then held for
    review, with an error.

    Raises `PackError`, `ModelError`, `PolicyError`, and `ValueError` for a budget under 1: what can be checked is checked here, and a
    filter is never weaker than asked for.
    """

    def __init__(
        self,
        policy: str = "default",
        packs: Iterable[str | Path] = (),
        model: str | Path | None = None,
        overlays: Iterable[str | Path] = (),
        cache: str | Path | None = None,
        max_characters: int = _USUAL.characters,
        max_matches: int = _USUAL.matches,
    ) -> None:
        if min(max_characters, max_matches) < 1:
            raise ValueError(f"max_characters={max_characters}, max_matches={max_matches}: expected at least 1 each")
        with collector_paused():
            lists = shipped(data_folder("wordlists"))
        judge = load(Path(model) if model is not None else shipped_model())
        if own := paths_of("packs", packs):
            from contentfilter.rules.cache import with_packs_cached

            with collector_paused():
                lists = with_packs_cached(lists, own, Path(cache) if cache is not None else None, judge.heads)
        lists, chosen = overlaid(lists, policy_named(policy), paths_of("overlays", overlays))
        self._build(chosen, lists, judge, Budget(max_characters, max_matches))

    def _build(self, policy: str | Policy, lists: WordLists, model: LinearModel, budget: Budget = _USUAL) -> None:
        policy = policy_named(policy) if isinstance(policy, str) else policy
        with collector_paused():
            self._compile(policy, lists, model)
        self._state = (policy, lists, model, budget)
        self._budget = budget

    def _compile(self, policy: Policy, lists: WordLists, model: LinearModel) -> None:
        model_folder()  # word segmentation is loaded when first needed; that it is missing is told now
        rules = compile_rules(lists, model.heads)
        self._rules = rules
        self._model = model
        vocabulary = rules.vocabulary
        analyser = Analyser(lambda chunk: analyse(chunk, vocabulary), model.score, len(model.heads))
        seed = load_seed(data_folder("models") / SEED, lists.digest, model.digest) if lists.digest and model.digest else None
        table = ChunkTable(analyser, _CHUNKS_REMEMBERED, seed)
        self._scales = Scales(rules.rules, model.heads, policy, model.spans, table)
        if "toxic" not in model.heads:
            raise ModelError(f"model {model.name}: heads {', '.join(model.heads)}, expected one called 'toxic'")
        self._toxic = model.heads.index("toxic")
        self._reader = Reader(table, Adder(model, vocabulary), model, self._toxic)

    # A pickled filter is what it was built from; the other side builds it anew, with an empty table.
    def __getstate__(self) -> tuple[Policy, WordLists, LinearModel, Budget]:
        return self._state

    def __setstate__(self, state: tuple[str | Policy, WordLists, LinearModel, Budget]) -> None:
        self._build(*state)

    def _with(self, lists: WordLists) -> ContentFilter:
        policy, _, model, budget = self._state
        other = object.__new__(ContentFilter)
        other._build(policy, lists, model, budget)
        return other

    def with_terms(self, category: str, terms: Iterable[str]) -> ContentFilter:
        """A new filter that knows `terms` (words or phrases, as one writes them with tones) as signs of `category`.

        Each flags alone (weight 5, severity 2), in a compound of the shipped dictionary too where it is that compound or has more than
        one syllable; what `with_allowed` allows stays allowed. Raises `ValueError` for a category that there is not, or an empty term.
        """
        _, lists, *_ = self._state
        harm = Category(category)
        number = sum(rule.id.startswith(f"own.{harm}") for rule in lists.rules)
        identity = f"own.{harm}" + (f".{number + 1}" if number else "")
        own = own_rule(identity, harm, "Từ do bạn thêm", "A term of your own", Alike(TermSpec("", OWN_WEIGHT), phrases_of(terms)))
        allowed = without_compounds(lists.allowed, [term.text for term in own.terms])
        return self._with(WordLists((*lists.rules, own), allowed, lists.lists, lists.versions))

    def with_allowed(self, phrases: Iterable[str]) -> ContentFilter:
        """A new filter for which nothing inside any of these phrases is a match."""
        _, lists, *_ = self._state
        return self._with(replace(lists, allowed=(*lists.allowed, *phrases_of(phrases))))  # what announces terms stays as it is

    def with_overlays(self, overlays: Iterable[str | Path]) -> ContentFilter:
        """A new filter as these files change it. Where they change thresholds and actions alone, the two share all that is compiled.

        Raises `PackError` with every fault of a file.
        """
        policy, lists, model, budget = self._state
        changed, chosen = overlaid(lists, policy, paths_of("overlays", overlays))
        other = object.__new__(ContentFilter)
        if changed is not lists:
            other._build(chosen, changed, model, budget)
            return other
        other.__dict__.update(self.__dict__)
        other._state = (chosen, lists, model, budget)
        other._scales = replace(self._scales, policy=chosen)
        return other

    @property
    def policy(self) -> Policy:
        """What is done at which scores."""
        return self._scales.policy

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force."""
        return self._rules.rules

    def classify(self, text: str) -> Result:
        """Judge one text. Raises `TypeError` where it is no `str`; a fault on the way gives `review` and stands in the result's errors."""
        if not isinstance(text, str):
            raise TypeError(f"text: found {type(text).__name__}, expected str")
        if len(text) > self._budget.characters:
            return self._classify_beginning(text)
        try:
            return self._classify(text)
        except Exception as error:
            result = Result(text, Action.ALLOW, self._scales, ((PRIOR,) * len(self._scales.heads),), 0)  # nothing is known of it
            result.hold(fault_of(error))
            return result

    def _classify(self, text: str) -> Result:
        looked, generation, logits = self._reader.look_up(text)
        dropped = looked.flags & DROPPED
        likely = dropped and (logits[self._toxic] >= _HARMLESS or looked.suspected)
        restored = self._reader.restored_alone(looked, generation, logits) if likely else None
        if restored and restored.looked.toxic:
            looked.toxic = True
        found = self._match([looked], generation)[0] if is_curious(looked) else _NOTHING
        if dropped and not likely and found.hits:
            restored = self._reader.restored_alone(looked, generation, logits)
        if restored:
            found, logits = self._both(text, found, restored, *self._match_restored([restored]))
        result = Result(text, Action.ALLOW, self._scales, (logits,), 0)
        if restored:
            result.restored = restored.looked.text
        if found.hits or found.errors or any(map(ge, logits, self._scales.judge.suspected_from)):
            self._decide(result, list(logits), *found)
        return result

    def matching_rules(self, text: str, lang: Language = "en") -> dict[str, list[str]]:
        """The ids of all rules with a match in the text, signs included that alone count for nothing: what examples speak of.

        Each with the places that it found, as they stand there, and what was undone to find them.
        """
        looked, generation, _ = self._reader.look_up(text)
        looked.flags = _EVERY
        hits, _ = self._match([looked], generation, lone_signs=True)[0]
        found: dict[str, list[str]] = {}
        for hit in map(Hit.placed, hits):
            steps = ", ".join([STEP_NAMES[lang].get(step, step) for step in hit.steps])
            undone = f" → {hit.term.means or hit.term.text} ({steps})" if steps else ""
            found.setdefault(self.rules[hit.term.rule or 0].id, []).append(f"“{printable(text[hit.start : hit.end])}”{undone}")
        return found

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
        most = self._budget.characters
        long = {i: text for i, text in enumerate(every) if len(text) > most}
        for i in long:
            every[i] = ""
        results: list[Result] = []
        for part in slices(every):
            try:
                with collector_paused():
                    results += self._classify_slice(part)
            except Exception:  # one of them, and which is found by judging each alone
                results += map(self.classify, part)
        for i, text in long.items():
            results[i] = self._classify_beginning(text)
        return results

    def _classify_beginning(self, text: str) -> Result:
        """Judge as much of a text as the budget allows."""
        most = self._budget.characters
        result = self.classify(text[:most])
        result.text, result.restored = text, result.restored + text[most:]
        result.hold(f"max_characters: {len(text)} characters, only the first {most} were judged")
        return result

    def _classify_slice(self, texts: list[str]) -> list[Result]:
        # split, look up, classify
        read = self._reader.read(texts)
        logits, flags = read.logits, read.flags
        results = [Result(text, Action.ALLOW, self._scales, logits, i) for i, text in enumerate(texts)]
        # restore
        reached = self._reader.reached(logits)
        dropped, likely = flags & DROPPED > 0, (logits[:, self._toxic] >= _HARMLESS) | reached
        toxic = logits[:, self._toxic] >= 0
        restored = self._reader.restored(read, np.flatnonzero(dropped & likely).tolist())
        for i, again in restored.items():
            toxic[i] |= again.looked.toxic
        # match, settle
        asked = np.where(toxic, CURIOUS | ASKING, CURIOUS) | np.where(reached, INNOCENT, 0)
        curious = np.flatnonzero(flags & asked).tolist()
        looked = self._reader.looked(read, curious, toxic[curious].tolist())
        found = dict(zip(curious, self._match(looked, read.generation), strict=True))
        late = self._reader.restored(read, [i for i in np.flatnonzero(dropped & ~likely).tolist() if i in found and found[i].hits])
        for wave in (restored, late):
            for i, again, anew in zip(wave, wave.values(), self._match_restored(list(wave.values())), strict=True):
                found[i], logits[i] = self._both(texts[i], found.get(i, _NOTHING), again, anew)
                results[i].restored = again.looked.text
        # weigh, decide
        suspicious = np.flatnonzero((logits >= np.array(self._scales.judge.suspected_from)).any(axis=1)).tolist()
        weighed = list({*suspicious, *[i for i, (hits, errors) in found.items() if hits or errors]})
        for i, own in zip(weighed, logits[weighed].tolist(), strict=True):
            self._decide(results[i], own, *found.get(i, _NOTHING))
        return results

    def _match_restored(self, every: Sequence[Restored]) -> list[Matched]:
        """The matches of texts that were restored and looked up together."""
        curious = [i for i, again in enumerate(every) if is_curious(again.looked)]
        found = self._match([every[i].looked for i in curious], every[0].generation) if curious else []
        matched = dict(zip(curious, found, strict=True))
        return [matched.get(i, _NOTHING) for i in range(len(every))]

    def _both(self, text: str, found: Matched, again: Restored, anew: Matched) -> tuple[Matched, Logits]:
        """The matches of a text as it is written and as it most likely was, and what the model says of it."""
        every, disputed = both(text, again.looked.text, found, anew, again.plain)
        return every, verdict(again, self._toxic, disputed)

    def _match(self, texts: Sequence[Looked], generation: Generation, lone_signs: bool = False) -> list[Matched]:
        return match(texts, self._reader.table, generation, self._rules.matchers, self._reader.adder.announcer.beside, lone_signs)

    def _decide(self, result: Result, logits: list[float], hits: Sequence[Hit], errors: Sequence[str]) -> None:
        if hits:
            result.take(hits)
        result.action = self._scales.judge.action(result.hits, logits)
        for error in errors:
            result.hold(error)
        if len(result.hits) > self._budget.matches:
            result.keep_first(self._budget.matches)


_HARMLESS: Final = -3.0
"""Toxic at odds of one to twenty. What the model finds less likely is restored only where a term was found: of 327 toxic comments without
their diacritics that loses one (ViHOS dev), and most innocent ones need not be read twice."""
_NOTHING: Final = Matched([])
_EVERY: Final = INTERESTING | FRAGMENT | GUESSED
"""What a text has that is matched whatever it holds."""


def overlaid(lists: WordLists, policy: Policy, overlays: Sequence[Path]) -> tuple[WordLists, Policy]:
    """Word lists and a policy as overlays change them, each upon what those before it left. Raises `PackError`."""
    for path in overlays:
        from contentfilter.rules.overlay import with_overlay  # and with it PyYAML

        lists, overlay = with_overlay(lists, path)
        policy = adjusted(policy, overlay.thresholds, overlay.actions)
    return lists, policy
