"""Memory over a million calls: flat, for a filter remembers a bounded number of chunks.

python benchmarks/memory.py [--calls 1000000] [--output benchmarks/results/memory-DATE.json]

Half of the calls are single, half in batches; every text is new and made of known and of ever new words, so that the table fills
and forgets again and again. The resident memory is read after each tenth of the calls.
"""

from __future__ import annotations

import gc
import json
from pathlib import Path
from random import Random

import click

from contentfilter.default import default_filter

_BATCH = 1000


def resident() -> int:
    """Bytes of this process in memory (Linux: pages of `/proc/self/statm`)."""
    import resource

    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def text(random: Random) -> str:
    """A comment of eight words, one in four of them never seen before."""
    known = "hôm nay trời đẹp quá shop giao hàng nhanh đồ ngu gọi 0912 345 678 nhé".split()
    return " ".join(random.choice(known) if random.random() < 0.75 else f"w{random.getrandbits(48):x}" for _ in range(8))


@click.command()
@click.option("--calls", default=1_000_000, show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Where the figures go, as JSON.")
def main(calls: int, output: Path | None) -> None:
    """Run, and print the megabytes after each tenth."""
    contentfilter, random = default_filter(), Random(1)
    found = []
    for tenth in range(10):
        for _ in range(calls // 10 // _BATCH // 2):
            contentfilter.classify_batch([text(random) for _ in range(_BATCH)])
            for _ in range(_BATCH):
                contentfilter.classify(text(random))
        gc.collect()
        found.append(round(resident() / 2**20, 1))
        print(f"{(tenth + 1) * 10:3} % of {calls} calls: {found[-1]} MB", flush=True)
    if output is not None:
        output.write_text(json.dumps({"calls": calls, "megabytes": found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
