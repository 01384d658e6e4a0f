"""The model file: safetensors, which holds arrays and strings and can't run code.

Tensors: `ngram_weights` int16 (2^b, heads), `pair_weights` int16 (2^p, heads), `unit` and `bias` float64 (heads,), and since the
second format those of `SpanModel`: `span_ngram_weights` int16 (2^b,), `span_pair_weights` int16 (2^p,), `span_scale` float64 (2,),
its unit and bias.

Metadata, all strings: `format` ("contentfilter-linear-2"; "contentfilter-linear-1", without spans, is read too), `name`, `version`,
`specification` (see `features`), `heads` (comma separated), `sources` (what it learned from), `digest` (SHA-256 over the tensors'
bytes in the order above).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from contentfilter.errors import ModelError

from .features import NGRAMS_OF, SPECIFICATION
from .linear import LinearModel
from .spans import SpanModel

FORMAT = "contentfilter-linear-2"
_WITHOUT_SPANS = "contentfilter-linear-1"
_TENSORS = {"ngram_weights": (np.int16, 2), "pair_weights": (np.int16, 2), "unit": (np.float64, 1), "bias": (np.float64, 1)}
_SPAN_TENSORS = {"span_ngram_weights": np.int16, "span_pair_weights": np.int16, "span_scale": np.float64}
_LARGEST = 1 << 28
"""Bytes of a file at most, eighty times the shipped model. Its arrays are as large as the file says they are, for the library
asks that they fill the file without a gap; so this bounds the memory that a stranger's file can take."""
_METADATA = ("format", "name", "version", "specification", "heads", "sources", "digest")


def _digest(tensors: Mapping[str, Any]) -> str:
    digest = hashlib.sha256()
    for name in (*_TENSORS, *_SPAN_TENSORS):
        if name in tensors:
            digest.update(np.ascontiguousarray(tensors[name]).tobytes())
    return digest.hexdigest()


def save(model: LinearModel, path: Path, sources: str) -> str:
    """Write the model to `path`, and return its digest. The same model gives the same bytes."""
    tensors = {name: np.ascontiguousarray(getattr(model, name)) for name in _TENSORS}
    if spans := model.spans:
        tensors["span_ngram_weights"] = np.ascontiguousarray(spans.ngram_weights)
        tensors["span_pair_weights"] = np.ascontiguousarray(spans.pair_weights)
        tensors["span_scale"] = np.array([spans.unit, spans.bias])
    digest = _digest(tensors)
    metadata = {
        "format": FORMAT if model.spans else _WITHOUT_SPANS,
        "name": model.name,
        "version": model.version,
        "specification": model.specification,
        "heads": ",".join(model.heads),
        "sources": sources,
        "digest": digest,
    }
    save_file(tensors, path, metadata=metadata)
    _order_header(path)
    return digest


def _order_header(path: Path) -> None:
    """Sort the keys of the header, which the library writes in an order of its own at every call."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8 : 8 + length]), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    path.write_bytes(content[:8] + header.ljust(length) + content[8 + length :])


def load(path: Path) -> LinearModel:
    """Read and check a model file.

    Raises `ModelError` where the file is missing, too large, no safetensors, of another format or feature specification, has tensors of
    the wrong kind or shape, or does not fit its digest.
    """
    try:
        if (size := path.stat().st_size) > _LARGEST:
            raise ModelError(f"{path}: {size} bytes, expected at most {_LARGEST}")
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # a file of tensors is no mapping: only keys() tells its names
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no such model file") from error
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path}: no readable model, the file is damaged or of another kind ({error})") from error
    missing = [key for key in _METADATA if key not in metadata]
    if missing:
        raise ModelError(f"{path}: no contentfilter model, its metadata lacks {', '.join(missing)}")
    if metadata["format"] not in (FORMAT, _WITHOUT_SPANS):
        raise ModelError(f"{path}: format {metadata['format']!r}, expected {FORMAT!r}")
    if metadata["specification"] not in NGRAMS_OF:
        raise ModelError(
            f"{path}: made for features {metadata['specification']!r}, this version computes {SPECIFICATION!r}; "
            "install the contentfilter that the model came with, or train it again"
        )
    heads = tuple(metadata["heads"].split(","))
    for name, (kind, dimensions) in _TENSORS.items():
        tensor = tensors.get(name)
        if tensor is None or tensor.dtype != kind or tensor.ndim != dimensions or tensor.shape[-1] != len(heads):
            found = "none" if tensor is None else f"{tensor.dtype} of shape {tensor.shape}"
            raise ModelError(f"{path}: tensor {name}: found {found}, expected {kind.__name__}, {dimensions} dimensions, {len(heads)} heads")
        rows = tensor.shape[0]
        if dimensions == 2 and (rows < 2 or rows & (rows - 1)):
            raise ModelError(f"{path}: tensor {name}: {rows} rows, expected a power of two")
    spans = _spans(path, tensors) if metadata["format"] == FORMAT else None
    if _digest(tensors) != metadata["digest"]:
        raise ModelError(f"{path}: the weights do not fit their digest, the file was altered or damaged")
    return LinearModel(
        name=metadata["name"],
        version=metadata["version"],
        specification=metadata["specification"],
        heads=heads,
        spans=spans,
        digest=metadata["digest"],
        **{name: tensors[name] for name in _TENSORS},
    )


def _spans(path: Path, tensors: Mapping[str, Any]) -> SpanModel:
    for name, kind in _SPAN_TENSORS.items():
        tensor = tensors.get(name)
        if tensor is None or tensor.dtype != kind or tensor.ndim != 1:
            found = "none" if tensor is None else f"{tensor.dtype} of shape {tensor.shape}"
            raise ModelError(f"{path}: tensor {name}: found {found}, expected {kind.__name__}, 1 dimension")
        rows = len(tensor)
        if kind is np.int16 and (rows < 2 or rows & (rows - 1)):
            raise ModelError(f"{path}: tensor {name}: {rows} rows, expected a power of two")
    if (scale := tensors["span_scale"]).shape != (2,):
        raise ModelError(f"{path}: tensor span_scale: found {len(scale)} numbers, expected 2: unit and bias")
    return SpanModel(tensors["span_ngram_weights"], tensors["span_pair_weights"], float(scale[0]), float(scale[1]))
