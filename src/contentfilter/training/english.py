"""Derive `wordlists/english.txt`: the English words that undoing a disguise would read as something else.

`python -m contentfilter.training.english WORDS` reads a list of English words, one a line (the shipped file was made from SCOWL, as
Debian's package wamerican installs it), and keeps those that the normaliser would take for raw Telex or VNI, for spelling by ear, or
for merged syllables.
"""

import sys
from dataclasses import replace
from pathlib import Path

from contentfilter.data import data_folder
from contentfilter.normalize.words import meanings
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.load import load_word_lists


def derive(words: Path) -> list[str]:
    """The words to keep, sorted."""
    vocabulary = replace(compile_rules(load_word_lists(data_folder("wordlists"))).vocabulary, english=frozenset(), aliases={})
    every = {word.strip().lower() for word in words.read_text(encoding="utf-8").splitlines()}
    return sorted(word for word in every if word.isascii() and word.isalpha() and meanings(word, vocabulary))


if __name__ == "__main__":
    found = derive(Path(sys.argv[1]))
    head = "# English words (SCOWL) that undoing a disguise would read as something else; made by contentfilter.training.english\n"
    (data_folder("wordlists") / "english.txt").write_text(head + "".join(f"{word}\n" for word in found), encoding="ascii")
    print(f"english.txt: {len(found)} words")
