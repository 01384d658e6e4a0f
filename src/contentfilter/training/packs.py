"""Write `wordlists/packs.json` anew: `python -m contentfilter.training.packs`, after the word lists have changed."""

from contentfilter.data import data_folder
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.freeze import NAME, digest, freeze
from contentfilter.rules.load import load_word_lists

if __name__ == "__main__":
    folder = data_folder("wordlists")
    lists = load_word_lists(folder)
    (folder / NAME).write_text(freeze(lists, digest(folder), compile_rules(lists).vocabulary), encoding="utf-8")
    print(f"{NAME}: {len(lists.rules)} rules, {sum(len(rule.terms) for rule in lists.rules)} terms")
