"""Files of documents → a file of scores, and a summary.

The main thread cuts files into blocks and writes those that are judged; meanwhile others read, judge and encode them: one thread, or
processes. No more blocks are begun than there are of these, and a new one only when the eldest is in the output, so memory stays flat
and a run that is stopped has no more than a block a process to judge again. Blocks are written in the order of the input, and their
limits depend on the input alone, so the output is the same whoever judged.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from time import perf_counter
from typing import Final

from contentfilter.batches import collector_paused
from contentfilter.categories import Action
from contentfilter.errors import ContentFilterError, DataError
from contentfilter.filter import ContentFilter
from contentfilter.result import Result

from .journal import JournaledOutput, Judged, StreamOutput
from .readers import Block, Documents, documents
from .readers import blocks as cut
from .scored import Layout, rows_of
from .sources import STANDARD_INPUT, BadRow, Source
from .summary import Summary

_LONG: Final = 10_000
"""Characters from which a document is judged and timed alone: what is slow is long."""

Output = StreamOutput | JournaledOutput


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
        file = str(block.source.path)
        rows: list[bytes] = []
        bad: list[BadRow] = []
        summary = Summary()
        for some in documents(block):
            bad += some.bad
            results = self._results(some, file, summary)
            if self.only_flagged:
                flagged = [i for i, result in enumerate(results) if result.flagged]
                allowed = len(results) - len(flagged)
                summary.merge(Summary(allowed, actions=Counter({Action.ALLOW.value: allowed})))
                some, results = some.only(flagged), [results[i] for i in flagged]
            found = rows_of(some, results, file if self.layout.file else None, self.layout.mask_to is not None)
            summary.add(found)
            rows.append(self.layout.rows(found))
        summary.bad_rows = len(bad)
        return Judged(b"".join(rows), bad, summary, block.position)

    def _results(self, documents: Documents, file: str, summary: Summary) -> list[Result]:
        texts = documents.texts
        long = [i for i, text in enumerate(texts) if len(text) >= _LONG]
        results = self.contentfilter.classify_batch([text if len(text) < _LONG else "" for text in texts] if long else texts)
        for i in long:
            start = perf_counter()
            results[i] = self.contentfilter.classify(texts[i])
            slow = (round(perf_counter() - start, 4), file, str(documents.ids[i]), len(texts[i]))
            summary.merge(Summary(slowest=[slow]))
        return results


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
    waiting: deque[Future[Judged]] = deque()

    def write() -> None:
        judged = waiting.popleft().result()
        if output.summary.bad_rows + len(judged.bad_rows) > most_bad_rows:
            raise _too_many(judged.bad_rows[most_bad_rows - output.summary.bad_rows], most_bad_rows)
        output.write(judged)
        progress(judged.position, output.summary.documents)

    blocks = islice(_blocks(sources), output.finished, None)
    fault: DataError | None = None
    try:
        with _executor(judge, jobs) as submit:
            while True:
                try:
                    block = next(blocks, None)  # read while others judge
                except DataError as error:
                    fault = error
                    break
                if block is None:
                    break
                if len(waiting) == jobs:
                    write()
                waiting.append(submit(block))
                output.sync()
            while waiting:  # what was read before a fault is still judged
                write()
            if fault is not None:
                raise fault
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
        with cut(source) as found:
            for block in found:
                yield block._replace(position=before + block.position)
        before += source.path.stat().st_size if source.path != STANDARD_INPUT else 0


@contextmanager
def _executor(judge: Judge, jobs: int) -> Iterator[Callable[[Block], Future[Judged]]]:
    """What gives a block to one of so many who judge."""
    if jobs == 1:
        with ThreadPoolExecutor(1) as thread:
            yield lambda block: thread.submit(judge, block)
        return
    # Spawned: a process with threads must not be forked. joblib's pools begin tasks as they like, and what they are for, weights mapped
    # into the memory of all, was measured: a worker took 204 MB instead of 197 (joblib itself is larger than the weights) and started
    # a tenth of a second later.
    executor = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (judge,))

    def submit(block: Block) -> Future[Judged]:
        """Starts a process where one is wanted; while it starts, Ctrl-C is held back from it, see `_begin`."""
        if not hasattr(signal, "pthread_sigmask"):
            return executor.submit(_judge, block)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return executor.submit(_judge, block)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        yield submit
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
