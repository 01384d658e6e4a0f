"""Fuzz led by coverage: atheris changes inputs towards lines not yet reached. It needs `pip install atheris`.

python tests/fuzz/guided.py -max_total_time=600 [CORPUS]

What libFuzzer's other options are, `-help=1` tells. An input that breaks something is written to a file named crash-….
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

with atheris.instrument_imports(include=["contentfilter"]):
    from targets import check

    from contentfilter.default import default_filter


def one_input(data: bytes) -> None:
    """A text or two, alone and in a batch."""
    provider = atheris.FuzzedDataProvider(data)
    texts = [provider.ConsumeUnicode(200), provider.ConsumeUnicode(1000)]
    together = default_filter().classify_batch(texts)
    for text, result in zip(texts, together, strict=True):
        alone = default_filter().classify(text)
        assert (alone.action, alone.matches, alone.evidence) == (result.action, result.matches, result.evidence)
        check(alone)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
