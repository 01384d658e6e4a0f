"""Texts with what people said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from contentfilter.categories import CATEGORIES, Category
from contentfilter.errors import DataError
from contentfilter.files.readers import read
from contentfilter.files.sources import BadRow, Source

_CLEAN: Final = frozenset(("", "0", "clean", "none"))
_ANY: Final = frozenset(("1", "2", "3", "any", "harm"))


class Labelled(NamedTuple):
    """A text, and the harms that people saw in it: None where nobody was asked, all of them where only some harm was seen."""

    id: str | int | float
    text: str
    harms: frozenset[Category] | None


def read_labelled(source: Source, label: str | None) -> Iterator[Labelled]:
    """The texts of a file; `label` names the column or key that holds the label.

    A label is empty, 0 or "clean"; a category, or several with commas between; or 1, 2, 3 or "harm" for a harm of any kind. Where a row
    has none nobody was asked. Raises `DataError` that names the file and the row or document.
    """
    with read(replace(source, keep=(label,), keeper="--label") if label is not None else source) as documents:
        for document in documents:
            if isinstance(document, BadRow):
                raise document
            told = document.kept[0] if document.kept else None
            yield Labelled(document.id, document.text, _harms(source.path, document.id, str(told)) if told is not None else None)


def _harms(path: Path, identity: object, told: str) -> frozenset[Category]:
    found: set[Category] = set()
    for name in told.casefold().split(","):
        name = name.strip()
        if name in _ANY:
            found |= set(CATEGORIES)
        elif name not in _CLEAN:
            try:
                found.add(Category(name))
            except ValueError as error:
                raise DataError(
                    f"{path}: document {identity}: label {name!r}, expected a category ({', '.join(CATEGORIES)}), clean, 0 or 1"
                ) from error
    return frozenset(found)
