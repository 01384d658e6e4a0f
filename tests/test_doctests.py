"""The examples in docstrings hold, also where only the wheel is installed."""

import doctest
import importlib
import pkgutil

import pytest

import contentfilter

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(contentfilter.__path__, "contentfilter.")
    if not module.name.startswith("contentfilter.training")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) >= 5
