"""The compiled hot path is that of the sources beside it: an editable install does not follow a change by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

import contentfilter


def test_no_source_has_changed_since_it_was_compiled() -> None:
    folder = Path(contentfilter.__file__).parent
    if not (folder.parent.parent / "hatch_build.py").is_file():
        pytest.skip("a wheel: its sources are not edited")
    compiled_files = [path for path in map(_without_tag, folder.rglob("*")) if path.suffix in (".so", ".pyd")]
    sources = {path.with_suffix(ending): path for path in compiled_files for ending in (".py", ".c")}
    stale = [source.name for source, compiled in sources.items() if source.exists() and _written(compiled) < source.stat().st_mtime]
    assert not stale, "run: pip install -e . (with CONTENTFILTER_PURE=1 for plain Python)"


def _without_tag(path: Path) -> Path:
    return path.with_name(path.name.split(".")[0] + path.suffix)


def _written(compiled: Path) -> float:
    return max(path.stat().st_mtime for path in compiled.parent.glob(f"{compiled.stem}.*{compiled.suffix}"))
