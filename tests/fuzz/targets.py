"""What is fuzzed, and what must hold whatever comes in: each target makes one case from a random generator and checks it.

A target returns the cost of its stage for the case: seconds of processor time, characters (bytes for files), and the input.
"""

from __future__ import annotations

import gzip
import io
import json
import lzma
import tempfile
import time
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

import making
from hostile import SPACES, chunk, damaged, document, piece

from contentfilter import Category, DataError, ModelError, PackError, Result
from contentfilter.cli import main
from contentfilter.decide.policy import policy_named
from contentfilter.default import default_filter
from contentfilter.files.readers import read
from contentfilter.files.report.gather import gather
from contentfilter.files.report.rows import scored_rows
from contentfilter.files.sources import BadRow, Source
from contentfilter.model.store import load, save
from contentfilter.normalize.fold import fold
from contentfilter.normalize.readings import analyse
from contentfilter.rules.compile import compile_rules
from contentfilter.rules.load import with_packs
from contentfilter.rules.overlay import with_overlay
from contentfilter.rules.schema import WordLists


class Cost(NamedTuple):
    """What one case cost."""

    documents: int
    seconds: float
    size: int
    shown: str


BATCH = 16
"""Documents judged together, then each alone."""
MESSAGES = 512
"""Short documents judged together."""
PIECES = 160
ALONE = 8
"""Of the short documents as many are judged alone too."""


def check(result: Result) -> None:
    """What holds of every result."""
    text = result.text
    assert all(error.startswith("max_") for error in result.errors), result.errors
    starts = [match.start for match in result.matches]
    assert starts == sorted(starts)
    for match in result.matches:
        assert 0 <= match.start < match.end <= len(text), match
        assert match.text == text[match.start : match.end], match
        assert match.text.strip() == match.text, match
        assert match.weight > 0, match
    assert set(result.scores) == set(Category)
    assert all(0 <= score <= 1 for score in result.scores.values())
    assert len(result.masked) <= len(text)
    assert len(result.restored) == len(text)


def classify(random: Random) -> Cost:
    """The whole filter: a batch equals its single calls, spans are the caller's, what is told can be written."""
    texts = [document(random) for _ in range(BATCH)]
    began = time.thread_time()
    together = default_filter().classify_batch(texts)
    seconds = time.thread_time() - began
    for text, result in zip(texts, together, strict=True):
        alone = default_filter().classify(text)
        assert (result.text, result.action, result.matches) == (text, alone.action, alone.matches)
        assert result.evidence == alone.evidence
        check(result)
    told = random.choice(together)
    json.dumps(told.to_dict())
    told.explain("vi").encode()
    told.explain("en").encode()
    return Cost(BATCH, seconds, sum(map(len, texts)), "\n".join(texts))


def messages(random: Random) -> Cost:
    """Short documents by the hundred, put together from pieces that are new in every case; some are judged alone too."""
    pieces = [piece(random) + random.choice(SPACES) if random.random() < 0.8 else chunk(random) for _ in range(PIECES)]
    texts = ["".join(random.choices(pieces, k=random.choice((1, 2, 2, 3, 5)))) for _ in range(MESSAGES)]
    began = time.thread_time()
    together = default_filter().classify_batch(texts)
    seconds = time.thread_time() - began
    for text, result in zip(texts, together, strict=True):
        assert result.text == text
        if result.errors or result.flagged or result.matches:
            check(result)
    for number in random.sample(range(MESSAGES), ALONE):
        alone = default_filter().classify(texts[number])
        assert together[number] == alone
        assert together[number].evidence == alone.evidence
    return Cost(MESSAGES, seconds, sum(map(len, texts)), "\n".join(texts))


@cache
def _vocabulary() -> object:
    rules = (making.rule("insult.test", "ngu", "đồ ngu", "chó", "đm", "địt", "xoong", "vcl", "lol", "bé", "0912", "<phone>"),)
    return compile_rules(WordLists(rules, (), making.LISTS, ())).vocabulary


def normalize(random: Random) -> Cost:
    """A new chunk: folding twice is folding once, origins are in range and in order, readings are few."""
    made = chunk(random)
    began = time.thread_time()
    analysis = analyse(made, _vocabulary())  # type: ignore[arg-type]  # cached as an object
    seconds = time.thread_time() - began
    view, _ = fold(made)
    assert fold(view.text)[0].text == view.text
    assert 1 <= len(analysis.readings) <= 4
    for reading in analysis.readings:
        line = reading.line
        assert len(reading.text) == len(reading.bare) == len(line.text)
        spans = [line.origin(i, i + 1) for i in range(len(line.text))]
        assert all(0 <= start <= end <= len(made) for start, end in spans)
        assert all(one <= other for (_, one), (_, other) in pairwise(spans))
    return Cost(1, seconds, len(made), made)


PACK = """name: game
version: 1.0.0
language: vi
category: insult
rules:
  - id: game.weak
    describe: {vi: Chê người chơi kém, en: Mocks a weak player}
    severity: 1
    weight: 5
    origin: judgement
    toneless: free
    terms:
      - gà mờ
      - {term: tạ, needs: [team, address, "<phone>"], within: 3, segment: true, weight: -2.5, reason: also a dumbbell}
    examples:
      match: ["Đúng là gà mờ"]
      pass: ["Mua đôi tạ tay về tập"]
  - id: game.boast
    describe: {vi: Khoe khoang, en: Boasts}
    severity: 0
    weight: 3
    when:
      all:
        - near: {of: [vua, gà], within: 3, ordered: true}
        - not: {regex: "gà r[aá]n"}
        - any: [{starts: [ta]}, {capitals: {least: 0.5}}]
    examples: {match: [Ta là vua gà], pass: [gà rán]}
"""
OVERLAY = """overlay: site
version: 1.0.0
status: {game.boast: trial}
weights: {game.*: 3.5}
severity: {game.weak: 2}
thresholds: {insult: {review: 0.4, block: 0.97}}
actions: {spam: review}
terms: {insult: [gà công nghiệp, {term: tạ tấn, weight: 3}]}
allow: [gà rán]
"""


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


def _file(name: str, content: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(content)
    return path


def _names(error: Exception, place: object) -> None:
    assert str(place) in str(error), f"an error that does not name its file: {error}"


@cache
def _lists() -> WordLists:
    return with_packs(WordLists((), (), making.LISTS, ()), [_file("good.yaml", PACK.encode())])


def packs(random: Random) -> Cost:
    """A damaged pack, or an overlay of a good one, is refused with its place, or compiles."""
    overlay = random.random() < 0.3
    content = damaged(random, (OVERLAY if overlay else PACK).encode())
    path = _file("game.yaml", content)
    began = time.thread_time()
    try:
        compile_rules(with_overlay(_lists(), path)[0] if overlay else with_packs(WordLists((), (), making.LISTS, ()), [path]))
    except PackError as error:
        _names(error, "rule" if "rule " in str(error) else path)  # faults of compiling name the rule
    return Cost(1, time.thread_time() - began, len(content), repr(content))


@cache
def _model() -> bytes:
    path = _folder() / "good.safetensors"
    save(making.model(seed=1), path, "nothing")
    return path.read_bytes()


def models(random: Random) -> Cost:
    """A damaged model is refused, unless the damage is where nothing is told."""
    good = _model()
    header = int.from_bytes(good[:8], "little") + 8
    content = damaged(random, good[:header]) + good[header:] if random.random() < 0.8 else damaged(random, good)
    path = _file("small.safetensors", content)
    began = time.thread_time()
    try:
        found = load(path)
    except ModelError as error:
        _names(error, path)
    else:
        assert found.specification
        assert (found.ngram_weights == making.model(seed=1).ngram_weights).all()
    return Cost(1, time.thread_time() - began, len(content), repr(content[:2000]))


ROWS = {
    ".txt": "đồ ngu\nxin chào\r\n\nhết",
    ".jsonl": '{"text": "đồ ngu", "id": 1}\n{"text": "xin \\ud800 chào", "id": "x", "more": [1, {"a": null}]}\n',
    ".csv": 'id,text\r\n1,"đồ ""ngu"", nhé"\r\n2,"xin\nchào"\r\n',
    ".tsv": 'id\ttext\n1\tđồ ngu\n2\t"xin\tchào"\n',
}
_PACKED: dict[str, Callable[[bytes], bytes]] = {".gz": lambda content: gzip.compress(content, mtime=0), ".xz": lzma.compress}


@cache
def _tables() -> dict[str, bytes]:
    """Good Parquet and Arrow files; none where there is no pyarrow."""
    try:
        import pyarrow as pa
        from pyarrow.parquet import write_table
    except ModuleNotFoundError:
        return {}
    table = pa.table({"id": [1, 2, 3], "text": ["đồ ngu", "xin chào", None]})
    parquet, file, stream = io.BytesIO(), io.BytesIO(), io.BytesIO()
    write_table(table, parquet)
    for sink, made in ((file, pa.ipc.new_file), (stream, pa.ipc.new_stream)):
        with made(sink, table.schema) as writer:
            writer.write_table(table)
    return {".parquet": parquet.getvalue(), ".feather": file.getvalue(), ".arrow": stream.getvalue()}


def _documents(random: Random) -> tuple[str, bytes]:
    """A damaged file of some kind: its suffix, and what is in it."""
    if _tables() and random.random() < 0.2:
        suffix = random.choice(tuple(_tables()))
        return suffix, damaged(random, _tables()[suffix])
    suffix = random.choice(tuple(ROWS))
    content = ROWS[suffix].encode(random.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16")), "surrogatepass")
    packed = random.choice(tuple(_PACKED)) if random.random() < 0.2 else ""
    if not packed:
        return suffix, damaged(random, content)
    pack = _PACKED[packed]
    return suffix + packed, damaged(random, pack(content)) if random.random() < 0.5 else pack(damaged(random, content))


def readers(random: Random) -> Cost:
    """A damaged file or row of documents is refused with its place, or read; no document is anything but text."""
    suffix, content = _documents(random)
    source = Source(_file("documents" + suffix, content), errors=random.choice(("strict", "replace")))
    began = time.thread_time()
    try:
        with read(source) as rows:
            every = list(rows)
    except DataError as error:
        _names(error, source.path)
    else:
        for row in every:
            if isinstance(row, BadRow):
                _names(row, source.path)
            else:
                assert isinstance(row.text, str)
    return Cost(1, time.thread_time() - began, len(content), repr(content))


@cache
def _scored() -> dict[str, bytes]:
    """Files as `score` writes them."""
    source = _file("documents.txt", "đồ n.g.u\ngọi 0912 345 678\nxin chào\n".encode())
    found: dict[str, bytes] = {}
    for suffix in (".jsonl", ".csv"):
        path = _folder() / f"good{suffix}"
        main(["score", str(source), "-o", str(path), "--keep", "text"], standalone_mode=False)
        found[suffix] = path.read_bytes()
    return found


def scored(random: Random) -> Cost:
    """A damaged file of scores is refused with its place, or shown."""
    suffix = random.choice(tuple(_scored()))
    content = damaged(random, _scored()[suffix])
    path = _file("scored" + suffix, content)
    began = time.thread_time()
    try:
        gather(scored_rows(path, ("text",)), policy_named("default"), "text", None, None)
    except DataError as error:
        _names(error, path)
    return Cost(1, time.thread_time() - began, len(content), repr(content[:2000]))


REMEMBERING = ("classify", "messages")
"""Targets that cost less a second time, because chunks are remembered."""

TARGETS: dict[str, Callable[[Random], Cost]] = {
    "classify": classify,
    "messages": messages,
    "normalize": normalize,
    "packs": packs,
    "models": models,
    "readers": readers,
    "scored": scored,
}
