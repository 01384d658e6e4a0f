"""Packs of one's own, read and compiled once: a file in a folder of the caller's, so that a filter with many rules starts soon.

The file's name is a digest of the format, the shipped word lists and the paths of the packs. Its first line is the SHA-256 of the rest, the
rest the JSON of `freeze`, whose `digest` is that of the bytes of every file that was read. A file that is damaged or no longer fits is
made anew; what it holds is values alone, nothing that runs. Who may write to the folder may change the rules: it is as much to be trusted
as the packs themselves.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .compile import compile_rules
from .compounds import own_words, without_compounds
from .freeze import FORMAT, freeze, thaw
from .schema import WordLists

if TYPE_CHECKING:
    from .load import Pack


def with_packs_cached(lists: WordLists, paths: Sequence[Path], folder: Path | None, heads: Sequence[str]) -> WordLists:
    """`load.with_packs` for packs of a site's own, whose words no shipped compound swallows; from the cache in `folder`, if any, where
    that fits; written there where it does not.

    Raises `PackError` as that does, and `OSError` where the folder can't be written.
    """
    if folder is None:
        return _merged(lists, _packs(lists, paths))
    shipped = _hash([repr(rule).encode() for rule in lists.rules]) if not lists.digest else lists.digest
    name = _hash([FORMAT.encode(), shipped.encode(), *(str(path.resolve()).encode() for path in paths)])
    file = folder / f"{name}.json"
    if (known := _read(file)) is not None:
        return known
    packs = _packs(lists, paths)
    merged = _merged(lists, packs)
    merged = replace(merged, vocabulary=compile_rules(merged, heads).vocabulary)
    files = sorted({str(path.resolve()) for pack in packs for path in pack.files})
    assert merged.vocabulary is not None
    body = json.dumps(files, ensure_ascii=False) + "\n" + freeze(merged, _digest(files), merged.vocabulary)
    folder.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_text(f"{_hash([body.encode()])}\n{body}", encoding="utf-8")
    part.replace(file)
    return merged


def _packs(lists: WordLists, paths: Sequence[Path]) -> list[Pack]:
    from .load import read_packs  # and with it PyYAML, which the shipped packs do not need

    return read_packs(lists, paths)


def _merged(lists: WordLists, packs: Sequence[Pack]) -> WordLists:
    from .load import with_read

    merged = with_read(lists, packs)
    words = own_words(rule for pack in packs for rule in pack.rules)
    return replace(merged, allowed=without_compounds(merged.allowed, words))


def _read(file: Path) -> WordLists | None:
    try:
        told, body = file.read_bytes().split(b"\n", 1)
        if told.decode() != _hash([body]):
            return None
        first, rest = body.split(b"\n", 1)
        lists = thaw(rest.decode())
        fits = lists is not None and lists.digest == _digest(json.loads(first))
    except (FileNotFoundError, ValueError):
        return None
    return replace(lists, digest="") if fits and lists else None  # the digest is of these files, not of the shipped ones


def _digest(files: Iterable[str]) -> str:
    """What these files hold. Raises `FileNotFoundError` where one is gone."""
    return _hash([part for file in files for part in (file.encode(), Path(file).read_bytes())])


def _hash(parts: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()
