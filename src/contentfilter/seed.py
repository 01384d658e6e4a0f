"""The commonest chunks, analysed beforehand: `models/common_chunks.safetensors`, so that a new filter knows most of a text.

`python -m contentfilter.training.seed` writes it anew after the word lists or the model have changed. The file names the digests of
what it was made from; where they do not fit a filter's own, the filter starts with an empty table and gives the same answers. What
it holds depends on the code too: a test compares it with what the analysis says today.

Tensors: `chunks` uint8, the chunks in UTF-8 with line feeds between; `flags` uint8, `asks`, `offers`, `left`, `right` int64, each
(n,), and `shares` int64 (n, heads): the columns of the rows of `chunks`. Metadata: `format` (`FORMAT`), `packs`, `model` (digests).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from contentfilter.chunks import SHARES, Integers

FORMAT: Final = "contentfilter-chunks-1"
NAME: Final = "common_chunks.safetensors"
_SINGLE: Final = ("flags", "asks", "offers", "left", "right")

Seed = tuple[list[str], Integers]


def save(path: Path, seed: Seed, packs: str, model: str) -> None:
    """Write chunks and their rows, made with the packs and the model of these digests."""
    chunks, rows = seed
    tensors = {name: np.ascontiguousarray(column) for name, column in zip(_SINGLE, rows[:, :SHARES].T, strict=True)}
    tensors["flags"] = tensors["flags"].astype(np.uint8)
    tensors["shares"] = np.ascontiguousarray(rows[:, SHARES:])
    tensors["chunks"] = np.frombuffer("\n".join(chunks).encode(), dtype=np.uint8)
    save_file(tensors, path, metadata={"format": FORMAT, "packs": packs, "model": model})


def load(path: Path, packs: str, model: str) -> Seed | None:
    """Read chunks and rows; None where there are none for packs and model of these digests."""
    try:
        with safe_open(path, framework="numpy") as file:
            if (file.metadata() or {}) != {"format": FORMAT, "packs": packs, "model": model}:
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # a file of tensors is no mapping: only keys() tells its names
    except (SafetensorError, OSError):
        return None
    chunks = tensors["chunks"].tobytes().decode().split("\n")
    return chunks, np.column_stack([tensors[name].astype(np.int64) for name in (*_SINGLE, "shares")])
