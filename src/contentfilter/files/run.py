"""Files of documents → a file of scores, and a summary.

The main thread reads blocks of documents and writes those that are judged; meanwhile others judge: one thread, or processes. A
bounded number of blocks is under way, so memory stays flat; they are written in the order of the input, and a block's limits depend
on the input alone, so the output is the same whoever judged.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from time import perf_counter
from typing import Final, NamedTuple

from contentfilter.errors import ContentFilterError, DataError
from contentfilter.filter import ContentFilter, collector_paused
from contentfilter.result import Result

from .journal import JournaledOutput, Judged, StreamOutput
from .readers import Document, read
from .scored import Layout, row_of
from .sources import STANDARD_INPUT, BadRow, Source
from .summary import Summary

_BLOCK: Final = 8192
"""Rows of a block: what a stopped run judges again, and how often the disk is waited for."""
_BLOCK_CHARACTERS: Final = 1 << 22
_LONG: Final = 10_000
"""Characters from which a document is judged and timed alone: what is slow is long."""

Output = StreamOutput | JournaledOutput


class Block(NamedTuple):
    """Rows that are judged together, all of one file."""

    file: str
    documents: list[Document]
    bad_rows: list[BadRow]
    position: int
    """Bytes of all input read up to its end."""


@dataclass(frozen=True)
class Judge:
    """Judges blocks; picklable, so that each process builds its filter once."""

    contentfilter: ContentFilter
    layout: Layout
    only_flagged: bool = False

    def __call__(self, block: Block) -> Judged:
        """The block's rows as bytes of the output."""
        with collector_paused():
            return self._judged(block)

    def _judged(self, block: Block) -> Judged:
        summary = Summary(bad_rows=len(block.bad_rows))
        file = block.file if self.layout.file else None
        rows = []
        for document, result in self._results(block, summary):
            row = row_of(document, result, file, self.layout.mask_to is not None)
            summary.add(row)
            if result.flagged or not self.only_flagged:
                rows.append(row)
        return Judged(self.layout.rows(rows), block.bad_rows, summary, block.position)

    def _results(self, block: Block, summary: Summary) -> Iterator[tuple[Document, Result]]:
        together = iter(self.contentfilter.classify_batch([document.text for document in block.documents if len(document.text) < _LONG]))
        for document in block.documents:
            if len(document.text) < _LONG:
                yield document, next(together)
                continue
            start = perf_counter()
            result = self.contentfilter.classify(document.text)
            slow = (round(perf_counter() - start, 4), block.file, str(document.id), len(document.text))
            summary.merge(Summary(slowest=[slow]))
            yield document, result


def score(
    judge: Judge,
    sources: Sequence[Source],
    output: Output,
    jobs: int = 1,
    most_bad_rows: int = 0,
    progress: Callable[[int, int], None] = lambda _bytes, _documents: None,
) -> Summary:
    """Judge every document of the sources in order, by so many processes (1: a thread of this one), and write a row for each.

    `progress` is told the bytes read of all sources and the documents judged so far. Raises `DataError` at the first fault of a
    source, or when there are more than `most_bad_rows` bad rows. Whatever happens, the finished blocks can be gone on with.
    """
    try:
        with _executor(judge, jobs) as (executor, call, waiting):
            blocks = islice(_blocks(sources), output.finished, None)
            for judged in _in_order(executor, call, blocks, waiting):
                if output.summary.bad_rows + len(judged.bad_rows) > most_bad_rows:
                    raise _too_many(judged.bad_rows[most_bad_rows - output.summary.bad_rows], most_bad_rows)
                output.write(judged)
                progress(judged.position, output.summary.documents)
        output.complete()
    except BrokenProcessPool as error:
        raise ContentFilterError("a process that judged has died, perhaps for want of memory; try fewer --jobs") from error
    finally:
        output.close()
    return output.summary


def _too_many(bad: BadRow, most: int) -> DataError:
    if most:
        return DataError(f"{bad}; more than {most:,} bad rows, allow more with --max-errors")
    return bad


def _blocks(sources: Sequence[Source]) -> Iterator[Block]:
    before = 0
    for source in sources:
        with read(source) as (documents, position):
            while rows := list(_some(documents)):
                good = [row for row in rows if not isinstance(row, BadRow)]
                bad = [row for row in rows if isinstance(row, BadRow)]
                yield Block(str(source.path), good, bad, before + position())
        before += source.path.stat().st_size if source.path != STANDARD_INPUT else 0


def _some(documents: Iterator[Document | BadRow]) -> Iterator[Document | BadRow]:
    characters = 0
    for row in islice(documents, _BLOCK):
        yield row
        characters += 0 if isinstance(row, BadRow) else len(row.text)
        if characters >= _BLOCK_CHARACTERS:
            return


def _in_order(executor: Executor, call: Callable[[Block], Judged], blocks: Iterator[Block], most: int) -> Iterator[Judged]:
    """Each block judged, in order; at most so many wait or are worked on while one is written."""
    waiting: deque[Future[Judged]] = deque()
    fault: DataError | None = None
    try:
        for block in blocks:
            waiting.append(executor.submit(call, block))
            if len(waiting) > most:
                yield waiting.popleft().result()
    except DataError as error:  # what was read before it is still judged
        fault = error
    while waiting:
        yield waiting.popleft().result()
    if fault is not None:
        raise fault


@contextmanager
def _executor(judge: Judge, jobs: int) -> Iterator[tuple[Executor, Callable[[Block], Judged], int]]:
    """Who judges, what to ask them, and how many blocks may be under way."""
    if jobs == 1:
        executor: Executor = ThreadPoolExecutor(1)
        call: Callable[[Block], Judged] = judge
    else:  # spawned: a process with threads must not be forked
        executor = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (judge,))
        call = _judge
    try:
        yield executor, call, 2 * jobs
    finally:
        executor.shutdown(cancel_futures=True)


_judges: list[Judge] = []
"""A process's own."""


def _begin(judge: Judge) -> None:
    """Make this process ready: Ctrl-C is the parent's to handle, and without a parent there is nothing left to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _judges.append(judge)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _judge(block: Block) -> Judged:
    return _judges[0](block)
