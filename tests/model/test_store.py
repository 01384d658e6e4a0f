"""A model file says what it is; one that is damaged, altered or made for something else is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import model
from safetensors import safe_open
from safetensors.numpy import save_file

from contentfilter import ContentFilter, ModelError
from contentfilter.data import data_folder
from contentfilter.model.store import load, save

Metadata = dict[str, str]
Tensors = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "small.safetensors"
    save(model(seed=3), path, "nothing")
    return path


def change(path: Path, edit: Callable[[Metadata, Tensors], object]) -> None:
    """Write the file anew with other metadata or tensors."""
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no mapping
    edit(metadata, tensors)
    save_file(tensors, path, metadata=metadata)


def test_save_and_load_again(path: Path) -> None:
    before, after = model(seed=3), load(path)
    assert (after.name, after.version, after.specification, after.heads) == (
        before.name,
        before.version,
        before.specification,
        before.heads,
    )
    for tensor in ("ngram_weights", "pair_weights", "unit", "bias"):
        assert np.array_equal(getattr(before, tensor), getattr(after, tensor))
        assert getattr(before, tensor).dtype == getattr(after, tensor).dtype


def test_the_same_model_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.safetensors"
    assert save(load(path), again, "nothing") == save(model(seed=3), tmp_path / "third.safetensors", "nothing")
    assert again.read_bytes() == path.read_bytes()


def flip(tensors: Tensors) -> None:
    tensors["ngram_weights"] = tensors["ngram_weights"].copy()
    tensors["ngram_weights"][0, 0] += 1


REFUSED: list[tuple[str, Callable[[Metadata, Tensors], object], str]] = [
    ("altered weight", lambda _, tensors: flip(tensors), "do not fit their digest"),
    ("altered bias", lambda _, tensors: tensors.update(bias=tensors["bias"] + 1), "do not fit their digest"),
    ("altered digest", lambda metadata, _: metadata.update(digest="0" * 64), "do not fit their digest"),
    ("other format", lambda metadata, _: metadata.update(format="other-1"), "format 'other-1', expected 'contentfilter-linear-2'"),
    ("other features", lambda metadata, _: metadata.update(specification="chunk-0"), "made for features 'chunk-0', this version computes"),
    ("no format", lambda metadata, _: metadata.pop("format"), "metadata lacks format"),
    ("no heads", lambda metadata, _: (metadata.pop("heads"), metadata.pop("digest")), "metadata lacks heads, digest"),
    ("one head more", lambda metadata, _: metadata.update(heads="toxic,hate,spam"), "tensor ngram_weights: found int16.*3 heads"),
    ("missing tensor", lambda _, tensors: tensors.pop("bias"), "tensor bias: found none"),
    ("other type", lambda _, tensors: tensors.update(unit=tensors["unit"].astype(np.float32)), "tensor unit: found float32"),
    (
        "other shape",
        lambda _, tensors: tensors.update(pair_weights=tensors["pair_weights"][:1000].copy()),
        "1000 rows, expected a power of two",
    ),
    ("no rows", lambda _, tensors: tensors.update(pair_weights=tensors["pair_weights"][:0].copy()), "0 rows, expected a power of two"),
]


@pytest.mark.parametrize(("edit", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_refused(path: Path, edit: Callable[[Metadata, Tensors], object], message: str) -> None:
    change(path, edit)
    with pytest.raises(ModelError, match=rf"small\.safetensors: .*{message}"):
        load(path)


@pytest.mark.parametrize("kept", [0, 4, 100, -1], ids=["empty", "length only", "header cut", "last byte gone"])
def test_a_truncated_file_is_refused(path: Path, kept: int) -> None:
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"small\.safetensors: no readable model"):
        load(path)


@pytest.mark.parametrize("place", [-1, -1000, -4000])
def test_a_flipped_bit_is_noticed(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match="do not fit their digest"):
        load(path)


def test_a_large_file_is_refused_before_it_is_read(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(1 << 34)  # sparse: it takes no room on the disk
    with pytest.raises(ModelError, match=r"small\.safetensors: 17179869184 bytes, expected at most 268435456"):
        load(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda header: header.replace(b'"shape":[1024,2]', b'"shape":[9999,2]'),
        lambda header: header.replace(b'"shape":[1024,2]', b'"shape":[-124,2]'),
        lambda header: header.replace(b'"dtype":"I16"', b'"dtype":"U64"'),
        lambda header: header.replace(b'"data_offsets":[0,', b'"data_offsets":[9,'),
        lambda header: header.replace(b'"__metadata__":{', b'"__metadata__":[' ),
    ],
    ids=["larger", "negative", "other type", "a gap", "no mapping"],
)  # fmt: skip
def test_a_header_that_lies_is_refused(path: Path, change: Callable[[bytes], bytes]) -> None:
    content = path.read_bytes()
    assert change(content) != content
    path.write_bytes(change(content))
    with pytest.raises(ModelError, match="no readable model"):
        load(path)


def test_a_header_of_gigabytes_is_refused(path: Path) -> None:
    path.write_bytes((1 << 40).to_bytes(8, "little") + path.read_bytes()[8:])
    with pytest.raises(ModelError, match="no readable model"):
        load(path)


def test_a_pickle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00}\x94.")
    with pytest.raises(ModelError, match="no readable model"):
        load(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such model file"):
        load(tmp_path / "nowhere.safetensors")
    with pytest.raises(ModelError, match="no readable model"):
        load(tmp_path)


def test_a_filter_takes_no_model_that_it_can_not_use(path: Path) -> None:
    with pytest.raises(ModelError, match="no such model file"):
        ContentFilter(model=path.with_name("nowhere"))
    save(model(heads=("spam", "scam")), path, "nothing")
    with pytest.raises(ModelError, match="toxic"):
        ContentFilter(model=path)


def test_the_shipped_model() -> None:
    shipped = load(data_folder("models") / "contentfilter-vi.safetensors")
    assert {"toxic", "hate"} <= set(shipped.heads)
    assert (shipped.unit > 0).all()
