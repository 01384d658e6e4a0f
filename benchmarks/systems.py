"""The systems that the library is compared with: the glue, each of its parts alone, and peers where they are installed.

Each judges all texts that it is given and says how many it flags or how many hits it has; what it gives besides is thrown away.
Peers do what they do out of the box for Vietnamese text, which is little (most have English lists): it is their speed that counts here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from corpora import examples
from glue import Glue, fold
from underthesea import word_tokenize

from contentfilter import ContentFilter
from contentfilter.bench import scanner, time_scan, version

_PEERS: Final = Path(__file__).with_name("peers")
GLUE: Final = "the glue, single calls"
SCAN: Final = "pyahocorasick, raw scan of the joined text"


class System(NamedTuple):
    """Something that judges texts."""

    name: str
    version: str
    run: Callable[[Sequence[str]], tuple[int, float]]
    """Texts → how many are flagged, or hits are found, and the seconds of the processor that it took."""
    most: int
    """Texts of a sample, at most: some systems are slow."""


class Absent(NamedTuple):
    """A peer that can't be measured here, and why."""

    name: str
    why: str


def clocked(count: Callable[[Sequence[str]], int]) -> Callable[[Sequence[str]], tuple[int, float]]:
    """`count`, timed."""

    def run(texts: Sequence[str]) -> tuple[int, float]:
        start = time.process_time()
        found = count(texts)
        return found, time.process_time() - start

    return run


def load_glue(made: ContentFilter) -> Glue:
    """The glue with the filter's terms, taught by the labelled examples."""
    labelled = examples()
    return Glue(made.rules, [text for text, _ in labelled], [harmful for _, harmful in labelled])


def parts(made: ContentFilter, glue: Glue) -> list[System]:
    """The yardstick, the glue and each of its parts."""
    automaton, _ = scanner(made.rules)

    def scan(texts: Sequence[str]) -> tuple[int, float]:
        seconds = time_scan(automaton, texts)
        return sum(1 for _ in automaton.iter("\n".join(texts).lower())), seconds

    aho, words, scikit, many = version("pyahocorasick"), version("underthesea"), version("scikit-learn"), 1 << 20
    counted: list[tuple[str, str, Callable[[Sequence[str]], int], int]] = [
        (GLUE, "", lambda texts: sum(glue.classify(text).flagged for text in texts), 200),
        ("the glue, one predict_proba", "", lambda texts: sum(verdict.flagged for verdict in glue.classify_batch(texts)), 200),
        ("unicodedata: NFC, lower", "", lambda texts: sum(fold(text) != text for text in texts), many),
        ("pyahocorasick, a call a text", aho, lambda texts: sum(len(glue.find(fold(text))) > 0 for text in texts), many),
        ("underthesea.word_tokenize", words, lambda texts: sum(len(word_tokenize(text)) for text in texts), 400),
        ("scikit-learn pipeline, one batch", scikit, lambda texts: sum(share >= 0.5 for share in glue.probabilities(texts)), 1000),
        ("scikit-learn pipeline, single calls", scikit, lambda texts: sum(glue.probabilities([text])[0] >= 0.5 for text in texts), 200),
    ]
    return [System(SCAN, aho, scan, many), *(System(name, made_as, clocked(count), most) for name, made_as, count, most in counted)]


@contextmanager
def peers(made: ContentFilter) -> Iterator[tuple[list[System], list[Absent]]]:
    """The peers that are installed, and the others; those in Node run while the block does."""
    terms = list(scanner(made.rules)[0])
    found: list[System] = []
    absent: list[Absent] = []
    for name, distribution, load, most in (
        ("flashtext, the same terms", "flashtext", lambda: _flashtext(terms), 2000),
        ("ahocorasick_rs, the same terms", "ahocorasick-rs", lambda: _ahocorasick_rs(terms), 1 << 20),
        ("better-profanity", "better-profanity", _better_profanity, 100),
        ("alt-profanity-check", "alt-profanity-check", _profanity_check, 2000),
    ):
        try:
            found.append(System(name, version(distribution), clocked(load()), most))
        except ImportError as error:
            absent.append(Absent(name, str(error)))
    running = []
    try:
        for name in ("obscenity", "glin-profanity"):
            node = _start(name)
            if isinstance(node, Absent):
                absent.append(node)
            else:
                running.append(node[0])
                found.append(node[1])
        yield found, absent
    finally:
        for process in running:
            process.stdin.close()
            process.wait()


def _flashtext(terms: Sequence[str]) -> Callable[[Sequence[str]], int]:
    processor = import_module("flashtext").KeywordProcessor()
    for term in terms:
        processor.add_keyword(term)
    return lambda texts: sum(len(processor.extract_keywords(text)) for text in texts)


def _ahocorasick_rs(terms: Sequence[str]) -> Callable[[Sequence[str]], int]:
    automaton = import_module("ahocorasick_rs").AhoCorasick(terms)
    return lambda texts: sum(len(automaton.find_matches_as_indexes(text.lower())) for text in texts)


def _better_profanity() -> Callable[[Sequence[str]], int]:
    profanity = import_module("better_profanity").profanity
    profanity.load_censor_words()
    return lambda texts: sum(profanity.contains_profanity(text) for text in texts)


def _profanity_check() -> Callable[[Sequence[str]], int]:
    check = import_module("profanity_check")
    return lambda texts: int(check.predict(list(texts)).sum())


def _start(name: str) -> tuple[subprocess.Popen[str], System] | Absent:
    """A peer in Node, in a process of its own that answers line by line; see peers/peer.mjs."""
    node = shutil.which("node")
    if node is None:
        return Absent(name, "Node is not installed")
    process: Any = subprocess.Popen(
        [node, str(_PEERS / "peer.mjs"), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    said = json.loads(process.stdout.readline())
    if "absent" in said:
        process.stdin.close()
        process.wait()
        return Absent(name, f"{said['absent']}; npm install in {_PEERS.name}/ adds it")

    def run(texts: Sequence[str]) -> tuple[int, float]:
        process.stdin.write(json.dumps(list(texts)) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        return answer["flagged"], answer["seconds"]

    return process, System(name, said["version"], run, 500)
