"""Derive `wordlists/allow_compounds.txt`: dictionary words that contain a term, or that overlap one across a word border.

`python -m contentfilter.training.compounds` takes the words of underthesea's dictionary. A word that contains a term whole, "vú sữa",
is innocent as a whole and swallows it, unless `wordlists/compounds_kept.yaml` keeps it as the abuse itself. A word that shares
only a part with a term of which the pack says `segment`, "đề xuất" in "một số đề xuất", makes the filter ask where words begin there.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from contentfilter.data import data_folder
from contentfilter.match.keywords import SIGN
from contentfilter.match.segment import model_folder
from contentfilter.rules.compile import canonical
from contentfilter.rules.load import load_word_lists
from contentfilter.rules.schema import TermSpec

_HEAD = "# Words of underthesea's dictionary that contain or cross a term; made by contentfilter.training.compounds\n"


def dictionary() -> Iterator[str]:
    """The words of two to five syllables in underthesea's dictionary, in canonical form."""
    for word in pickle.loads((model_folder() / "dictionary.bin").read_bytes()):
        if 2 <= len(word.split()) <= 5 and all(map(str.isalpha, word.split())):
            yield canonical(word)


def containing(words: Iterable[str], terms: set[str]) -> dict[str, str]:
    """Word → a term that stands in it, whole syllables, and is not all of it."""
    found: dict[str, str] = {}
    for word in words:
        syllables = word.split(" ")
        count = len(syllables)
        for start in range(count):
            for end in range(start + 1, count + 1):
                part = " ".join(syllables[start:end])
                if end - start < count and part in terms:
                    found[word] = part
    return found


def crossing(words: Iterable[str], terms: set[str]) -> dict[str, str]:
    """Word → a term whose last syllables it begins with, or whose first it ends with."""
    tails: dict[str, str] = {}
    heads: dict[str, str] = {}
    for term in terms:
        syllables = term.split(" ")
        for cut in range(1, len(syllables)):
            tails.setdefault(" ".join(syllables[cut:]), term)
            heads.setdefault(" ".join(syllables[:cut]), term)
    found: dict[str, str] = {}
    for word in words:
        syllables = word.split(" ")
        for cut in range(1, len(syllables)):
            begins, ends = " ".join(syllables[:cut]), " ".join(syllables[cut:])
            if begins in tails:
                found[word] = tails[begins]
            elif ends in heads:
                found[word] = heads[ends]
    return found


def derive() -> list[str]:
    """The words to allow, sorted."""
    folder = data_folder("wordlists")
    lists = load_word_lists(folder)
    specs: list[TermSpec] = [spec for rule in lists.rules for spec in rule.terms if spec.weight >= SIGN]
    terms = {canonical(spec.text) for spec in specs}
    segmented = {canonical(spec.text) for spec in specs if spec.segment}
    kept = set(map(canonical, yaml.safe_load((folder / "compounds_kept.yaml").read_text(encoding="utf-8"))["kept"]))
    words = set(dictionary()) - terms - kept
    return sorted({*containing(words, terms), *crossing(words, segmented)})


if __name__ == "__main__":
    target = Path(data_folder("wordlists")) / "allow_compounds.txt"
    words = derive()
    target.write_text(_HEAD + "".join(f"{word}\n" for word in words), encoding="utf-8")
    print(f"{target.name}: {len(words)} words")
