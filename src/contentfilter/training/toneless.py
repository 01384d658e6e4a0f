"""Count what a term is without its tones, and put the tier that the counts bear out into the packs.

`python -m contentfilter.training.toneless DATA` goes over the sets that the shipped files may learn from and prints each term of abuse
whose tier is lower than its counts allow, or allows what they forbid; with `--write` it changes the packs.

Three counts decide: the toxic comments that hold the term as it should be written (ViHOS and SafeSense train); the clean texts (their clean
rows, news, reviews) in which it would match among syllables that have their tones; and the clean texts in which it would match were all
their tones dropped. A ratio of the shares says how much likelier a toxic text is to hold it. Of terms of
one syllable nothing is said: "nung" (to fire pots) stands in none of these texts, but is a word, so people decide about them.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import yaml

from contentfilter.categories import ABUSE
from contentfilter.data import data_folder
from contentfilter.match.keywords import Keywords, Term
from contentfilter.match.settle import among_tones
from contentfilter.normalize.alphabet import bare
from contentfilter.rules.compile import canonical, compile_rules, everyday_words
from contentfilter.rules.load import PACKS, load_word_lists
from contentfilter.rules.schema import WordLists

_SOURCES: Final = (
    ("vihos/train.csv", "text", "spans"), ("safesense/train.csv", "text", "label"), ("news/clean.csv", "title", ""),
    ("news/clean.csv", "lead", ""), ("reviews/unlabelled.csv", "text", ""),
)  # fmt: skip
TIERS: Final = ("never", "among", "company", "free")
_SURE: Final = 50
"""So many times likelier in a toxic text than in a clean one: free of company."""
_LIKELY: Final = 5
_BATCH: Final = 2000


class Counts(NamedTuple):
    """In how many texts each term stands, by its canonical text, and how many texts there are."""

    toxic: Counter[str]
    among: Counter[str]
    """Of the clean texts, those with the term's tones missing among others that have them."""
    stripped: Counter[str]
    """Of the clean texts with all tones dropped, those with what looks like the term but is not."""
    toxic_texts: int
    clean_texts: int


def tier(term: str, counts: Counts) -> str:
    """The highest tier that the counts of a term of several syllables bear out."""
    toxic = counts.toxic[term]

    def likelier(clean: int) -> float:
        return (toxic + 0.5) / counts.toxic_texts / ((clean + 0.5) / counts.clean_texts)

    if counts.among[term] and likelier(counts.among[term]) < _SURE:
        return "never"
    if toxic >= 3 and likelier(counts.stripped[term]) >= _SURE:
        return "free"
    return "company" if toxic and likelier(counts.stripped[term]) >= _LIKELY else "among"


def count(data: Path, lists: WordLists) -> Counts:
    """The counts of all terms that have diacritics."""
    compiled = compile_rules(lists)
    every = [replace(term, toneless="free") for group in compiled.matchers.keywords.groups for term in group]
    keywords = Keywords(every, everyday_words())
    toxic, among, stripped = Counter[str](), Counter[str](), Counter[str]()
    sizes = Counter[bool]()
    for is_toxic, lines in batches(data):
        sizes[is_toxic] += len(lines)
        bared = list(map(bare, lines))
        for line, toneless, found in zip(lines, bared, keywords.find(bared, lone_signs=True), strict=True):
            if is_toxic:
                toxic.update({term.text for _, _, term, missing, _ in standing(keywords, line, found) if not missing})
                continue
            among.update({
                term.text
                for start, end, term, missing, dropped in standing(keywords, line, found)
                if missing and dropped and among_tones(line, start, end)
            })  # fmt: skip
            stripped.update({
                term.text
                for start, end, term, missing, _ in standing(keywords, toneless, found)
                if missing and line[start:end] != term.text
            })  # fmt: skip
    return Counts(toxic, among, stripped, sizes[True], sizes[False])


def standing(keywords: Keywords, line: str, found: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, Term, int, bool]]:
    """The terms that hold in a line and that no innocent phrase swallows."""
    held = [(start, end, *keywords.held(number, line[start:end])) for start, end, number in found]
    innocent = [(start, end) for start, end, _, allowed in held if allowed]
    for start, end, terms, _ in held:
        if terms and not any(low <= start and end <= high for low, high in innocent):
            for term, missing, _, dropped in terms:
                yield start, end, term, missing, dropped


def batches(data: Path) -> Iterator[tuple[bool, list[str]]]:
    """Is it toxic, and texts as lines."""
    for name, column, label in _SOURCES:
        texts: dict[bool, list[str]] = {False: [], True: []}
        with (data / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                texts[bool(label) and row[label] not in ("0", "[]")].append(f" {canonical(row[column])} ")
        for is_toxic, lines in texts.items():
            for low in range(0, len(lines), _BATCH):
                yield is_toxic, lines[low : low + _BATCH]


class Change(NamedTuple):
    """A term of a pack whose tier should be another: what stands at [start, end) of the file's text, and what should."""

    term: str
    before: str
    after: str
    start: int
    end: int
    text: str


def changes(text: str, counts: Counts) -> Iterator[Change]:
    """What the counts would change in a pack."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pack = _keys(root)
    for rule in pack["rules"].value:
        keys = _keys(rule)
        categories = keys.get("category", pack["category"])
        named = {node.value for node in (categories.value if isinstance(categories.value, list) else [categories])}
        usual = keys["toneless"].value if "toneless" in keys else ""
        if named.isdisjoint(ABUSE) or "views" in keys or "terms" not in keys:
            continue
        for node in keys["terms"].value:
            own = _keys(node) if isinstance(node, yaml.MappingNode) else {"term": node}
            term = canonical(own["term"].value)
            if term.isascii() or " " not in term or not term.replace(" ", "").isalpha() or "views" in own:
                continue
            before = own["toneless"].value if "toneless" in own else usual or "free"
            after = tier(term, counts)
            if "reason" in own and "toneless" in own:
                continue  # a person decided
            if before == "free" or before == after or (before != "never" and TIERS.index(after) == 1):
                continue  # "free" is a pack's own word where counts are few; "company" also needs counts to go
            yield _change(text, node, own, term, before, after, in_brackets=keys["terms"].flow_style)


def _change(text: str, node: Any, own: dict[str, Any], term: str, before: str, after: str, in_brackets: bool) -> Change:
    start, end = own["term"].start_mark.index, own["term"].end_mark.index
    if "toneless" in own:
        return Change(term, before, after, own["toneless"].start_mark.index, own["toneless"].end_mark.index, after)
    written = text[start:end]
    if node is own["term"]:
        column = " " * node.start_mark.column
        made = f"{{term: {written}, toneless: {after}}}" if in_brackets else f"term: {written}\n{column}toneless: {after}"
    else:
        made = f"{written}, toneless: {after}" if node.flow_style else f"{written}\n{' ' * node.start_mark.column}toneless: {after}"
    return Change(term, before, after, start, end, made)


def _keys(node: Any) -> dict[str, Any]:
    return {key.value: value for key, value in node.value}


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Change the packs.")
def main(data: Path, write: bool) -> None:
    """Tiers of terms without tones, against their counts."""
    folder = Path(data_folder("wordlists"))
    counts = count(data, load_word_lists(folder))
    for name in PACKS:
        path = folder / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        found = list(changes(text, counts))
        for change in found:
            told = (counts.toxic, counts.among, counts.stripped)
            print(name, change.term, change.before, "→", change.after, *(table[change.term] for table in told), sep="\t")
        if write:
            for change in reversed(found):
                text = text[: change.start] + change.text + text[change.end :]
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
