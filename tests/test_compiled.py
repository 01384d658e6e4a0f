"""The compiled hot path is that of the sources beside it: an editable install does not follow a change by itself."""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Generic, TypeVar

import pytest

import contentfilter

HOOK = Path(contentfilter.__file__).parents[2] / "hatch_build.py"


def test_no_source_has_changed_since_it_was_compiled() -> None:
    folder = Path(contentfilter.__file__).parent
    if not HOOK.is_file():
        pytest.skip("a wheel: its sources are not edited")
    compiled_files = [path for path in map(_without_tag, folder.rglob("*")) if path.suffix in (".so", ".pyd")]
    sources = {path.with_suffix(ending): path for path in compiled_files for ending in (".py", ".c")}
    stale = [source.name for source, compiled in sources.items() if source.exists() and _written(compiled) < source.stat().st_mtime]
    assert not stale, "run: pip install -e . (with CONTENTFILTER_PURE=1 for plain Python)"


def _without_tag(path: Path) -> Path:
    return path.with_name(path.name.split(".")[0] + path.suffix)


def _written(compiled: Path) -> float:
    return max(path.stat().st_mtime for path in compiled.parent.glob(f"{compiled.stem}.*{compiled.suffix}"))


class _Interface(Generic[TypeVar("T")]):
    """Hatchling's, of which the hook asks nothing but its attributes; it is there only while a package is built."""


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Any:
    if not HOOK.is_file():
        pytest.skip("a wheel: it is not built again")
    name = "hatchling.builders.hooks.plugin.interface"
    monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules[name], "BuildHookInterface", _Interface, raising=False)
    for parent in ("hatchling", "hatchling.builders", "hatchling.builders.hooks", "hatchling.builders.hooks.plugin"):
        monkeypatch.setitem(sys.modules, parent, ModuleType(parent))
    specification = importlib.util.spec_from_file_location("hook", HOOK)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    monkeypatch.delenv("CONTENTFILTER_PURE", raising=False)
    return module


@pytest.mark.parametrize(
    ("age", "ending", "pure", "left", "compiled"),
    [
        (10, EXTENSION_SUFFIXES[0], False, 0, True),  # older than its source; and compiling fails
        (-10, EXTENSION_SUFFIXES[0], False, 1, False),
        (-10, ".cpython-39.so", False, 0, True),  # another Python's
        (-10, EXTENSION_SUFFIXES[0], True, 0, False),
    ],
    ids=["outdated", "current", "another Python", "plain Python asked for"],
)
def test_where_compiling_fails_nothing_outdated_is_left(
    hook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age: float, ending: str, pure: bool, left: int, compiled: bool
) -> None:
    package = tmp_path / "src" / "contentfilter"
    package.mkdir(parents=True)
    source, extension = package / "lanes.py", package / f"lanes{ending}"
    source.touch()
    extension.touch()
    os.utime(extension, (source.stat().st_mtime - age,) * 2)
    tried = []

    def build(_: Path, target: Path) -> list[Path]:
        tried.append(target)
        raise SystemExit("no compiler")

    monkeypatch.setattr(hook, "FILES", ("lanes",))
    monkeypatch.setattr(hook, "KERNEL", "lanes.py")
    monkeypatch.setattr(hook, "build", build)
    if pure:
        monkeypatch.setenv("CONTENTFILTER_PURE", "1")
    told: list[str] = []
    made = hook.CompiledHotPath()
    made.root, made.target_name, made.app = str(tmp_path), "wheel", SimpleNamespace(display_warning=told.append)
    made.initialize("editable", {})
    assert len(list(package.glob("lanes.*"))) == 1 + left
    assert (len(tried), len(told)) == (compiled, compiled)
