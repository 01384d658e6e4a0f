"""One filter in many threads and processes, and nothing of a text ever leaves: no network, no log, no error that quotes it."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import pickle
import random
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import texts
from click.testing import CliRunner
from making import filter_of, rule

from contentfilter import ContentFilter, Result
from contentfilter import filter as filter_module
from contentfilter.cli import main
from contentfilter.default import default_filter

EVERY = [
    *texts.lines("clean.txt")[:200],
    *texts.PHRASES,
    *(disguise(phrase) for phrase in texts.PHRASES for disguise in texts.GUESSED.values()),
]


def told(results: list[Result]) -> list[dict[str, object]]:
    return [result.to_dict() for result in results]


def test_eight_threads_on_one_filter(shipped: ContentFilter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is so small that it forgets all the time, which is where threads could come to blows."""
    monkeypatch.setattr(filter_module, "_CHUNKS_REMEMBERED", 300)
    shared = shipped.with_allowed([])
    expected = told(shipped.classify_batch(EVERY))
    start = threading.Barrier(8)

    def work(number: int) -> list[int]:
        order = list(range(len(EVERY)))
        random.Random(number).shuffle(order)
        start.wait()
        wrong = []
        for begin in range(0, len(order), 20):
            part = order[begin : begin + 20]
            batch = [EVERY[i] for i in part]
            found = shared.classify_batch(batch) if number % 2 else [shared.classify(text) for text in batch]
            wrong += [i for i, result in zip(part, told(found), strict=True) if result != expected[i]]
        return wrong

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(work, range(8))) == [[]] * 8
    finally:
        sys.setswitchinterval(interval)


def _judge(contentfilter: ContentFilter, batch: list[str]) -> list[dict[str, object]]:
    return told(contentfilter.classify_batch(batch))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_give_the_same_answers(shipped: ContentFilter, method: str) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system has no {method}")
    batch = EVERY[::7]
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.apply(_judge, (shipped, batch)) == told(shipped.classify_batch(batch))


def _judge_with_the_default(batch: list[str]) -> list[dict[str, object]]:
    return _judge(default_filter(), batch)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system has no fork")
def test_a_fork_while_another_thread_learns(shipped: ContentFilter) -> None:
    """A process forked while a thread holds the table's lock must not wait for it for ever."""
    stop = threading.Event()

    def learn() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            shipped.classify_batch([f"x{number}y{i}z" for i in range(300)])

    learner = threading.Thread(target=learn)
    learner.start()
    try:
        for number in range(5):
            batch = [f"đồ ngu{number} quá{number}"]  # chunks that are new, so that the child learns too
            with multiprocessing.get_context("fork").Pool(1) as pool:
                found = pool.apply_async(_judge_with_the_default, (batch,)).get(timeout=30)
            assert found == told(shipped.classify_batch(batch))
    finally:
        stop.set()
        learner.join()


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_every_pickle_protocol(protocol: int) -> None:
    small = filter_of(rule("insult.test", "đồ ngu"))
    assert pickle.loads(pickle.dumps(small, protocol)).classify("đồ n.g.u") == small.classify("đồ n.g.u")


OTHERS = [path for path in os.environ.get("CONTENTFILTER_OTHER_PYTHONS", "").split(os.pathsep) if path]
"""Interpreters of other versions that have this package installed; `.ci/run` makes one where it finds a second Python."""
_ELSEWHERE = """
import json, pickle, sys
folder = sys.argv[1]
with open(f"{folder}/filter", "rb") as file:
    filter = pickle.load(file)
with open(f"{folder}/texts", encoding="utf-8") as file:
    found = [result.to_dict() for result in filter.classify_batch(json.load(file))]
with open(f"{folder}/filter", "wb") as file:
    pickle.dump(filter, file)
with open(f"{folder}/found", "w", encoding="utf-8") as file:
    json.dump([sys.version_info[:2], found], file)
"""


@pytest.mark.skipif(not OTHERS, reason="CONTENTFILTER_OTHER_PYTHONS names no other interpreter")
@pytest.mark.parametrize("python", OTHERS)
def test_a_worker_of_another_python_version_gives_the_same_answers(shipped: ContentFilter, tmp_path: Path, python: str) -> None:
    batch = EVERY[::7]
    (tmp_path / "filter").write_bytes(pickle.dumps(shipped.with_terms("insult", ["bánh bao cụ"])))
    (tmp_path / "texts").write_text(json.dumps([*batch, "đồ bánh bao cụ"]), encoding="utf-8")
    subprocess.run([python, "-c", _ELSEWHERE, str(tmp_path)], check=True, timeout=300)
    version, found = json.loads((tmp_path / "found").read_text(encoding="utf-8"))
    assert version != list(sys.version_info[:2])
    again: ContentFilter = pickle.loads((tmp_path / "filter").read_bytes())
    assert found == json.loads(json.dumps(told(again.classify_batch([*batch, "đồ bánh bao cụ"]))))
    assert found[:-1] == json.loads(json.dumps(told(shipped.classify_batch(batch))))
    assert found[-1]["flagged"]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    tried: list[object] = []

    def refuse(*arguments: object, **_: object) -> None:
        tried.append(arguments)
        raise OSError("the network is refused")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield tried
    assert tried == []


@pytest.mark.usefixtures("no_network")
def test_nothing_is_sent_anywhere(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    fresh = ContentFilter()
    for result in (*fresh.classify_batch(EVERY), *map(fresh.classify, EVERY[:50])):
        result.to_dict()
        result.explain("vi")
        assert result.masked is not None
    assert fresh.classify("Giao hàng nhanh, cảm ơn shop").tokens
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


SECRET = "bí mật 0912 345 678"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", f'{{"text": "{SECRET}"'),
        ("a.jsonl", f'{{"txt": "{SECRET}"}}'),
        ("a.jsonl", f'{{"text": ["{SECRET}"]}}'),
        ("a.jsonl", f'["{SECRET}"]'),
        ("a.jsonl", f'"{SECRET}"'),
        ("a.csv", f'id,text\n1,"{SECRET}\n'),
        ("a.csv", f"id,text\n1,{SECRET},{SECRET}\n"),
        ("a.csv", f"id,txt\n1,{SECRET}\n"),
        ("a.csv", f'id,text\n1,"{SECRET}"x\n'),
    ],
)
def test_no_error_quotes_a_document(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    done = CliRunner().invoke(main, ["score", str(path), "-o", str(tmp_path / "out.jsonl")])
    assert done.exit_code == 1
    assert name in done.stderr
    for word in SECRET.split():
        assert word not in done.output


def test_a_fresh_process_opens_no_connection() -> None:
    program = (
        "import sys, contentfilter\n"
        "def hook(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto', 'subprocess.Popen'): raise SystemExit(event)\n"
        "sys.addaudithook(hook)\n"
        "r = contentfilter.classify('\\u0110\\u1ed3 n.g.u, g\\u1ecdi 0912 345 678')\n"
        "r.to_dict(); r.explain(); r.masked; r.tokens; contentfilter.classify_batch(['xin ch\\u00e0o'])\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
