"""Compiles the hot path when the package is built and there is a C compiler: its modules with mypyc, and the kernel, whose twins in
Python run where nothing was compiled; the same sources run uncompiled too.

The extension modules go into the wheel or, for an editable install, beside their sources, where `tests/test_compiled.py` tells when a
source has changed since. CONTENTFILTER_PURE=1 asks for plain Python: for coverage, for mutation tests, for a wheel of any machine.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path("src")
FOLDERS = ("normalize", "match")
FILES = ("chunks", "model/announce", "model/sums", "decide/evidence", "decide/judge")
KERNEL = "_kernel.c"
UNCOMPILED = ("__init__", "patterns", "segment")
"""They call others' compiled code and do little else."""
_MYPY = ("--config-file=", "--ignore-missing-imports", "--follow-imports=silent")
"""The types of most others are not at hand when a package is built; what is wrong in the rest the project's own checks tell."""


class CompiledHotPath(BuildHookInterface[Any]):
    """The build hook that hatchling calls."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What a build needs besides hatchling."""
        return [] if self._is_pure() else ["mypy>=1.18", "setuptools>=77", "numpy>=1.26"]  # numpy for its types

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and tell hatchling of the files; where that fails the package is built in plain Python, with a warning."""
        root = Path(self.root)
        editable = version == "editable" and self.target_name == "wheel"
        if editable and (self._is_pure() or not is_current(root)):
            for path in extensions(root):  # before compiling: should that fail, nothing outdated stands before the sources
                path.unlink()
        if self._is_pure():
            return
        if not (editable and is_current(root)):
            target = root / SOURCES if editable else Path(tempfile.mkdtemp())
            try:
                built = build(root, target)
            except (Exception, SystemExit) as error:  # distutils ends the process where it finds no compiler
                self.app.display_warning(f"contentfilter is not compiled, and slower for it: {error}")
                return
            if not editable:
                build_data["force_include"].update({str(path): str(path.relative_to(target)) for path in built})
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def _is_pure(self) -> bool:
        return self.target_name != "wheel" or os.environ.get("CONTENTFILTER_PURE", "0") not in ("", "0")


def modules(root: Path) -> list[Path]:
    """The sources that are compiled."""
    package = root / SOURCES / "contentfilter"
    found = [path for folder in FOLDERS for path in (package / folder).glob("*.py") if path.stem not in UNCOMPILED]
    return sorted([*found, *(package / f"{name}.py" for name in FILES)])


def extensions(root: Path) -> list[Path]:
    """What an editable install has compiled."""
    return [path for ending in ("so", "pyd") for path in (root / SOURCES).rglob(f"*.{ending}")]


def is_current(root: Path) -> bool:
    """Was everything compiled, for the Python that runs this, since it was changed?"""
    own = [path for path in extensions(root) if path.name.endswith(EXTENSION_SUFFIXES[0])]
    compiled = {path.with_name(path.name.split(".")[0]): path.stat().st_mtime for path in own}
    kernel = root / SOURCES / "contentfilter" / KERNEL
    sources = {path: path.with_suffix("") for path in (*modules(root), kernel)} | dict.fromkeys(
        kernel.parent.glob("c/*.h"), kernel.with_suffix("")
    )
    return all(compiled.get(made, 0) >= path.stat().st_mtime for path, made in sources.items())


def build(root: Path, target: Path) -> list[Path]:
    """Compile into `target`, all or nothing, and return the extension modules there."""
    from mypyc.build import mypycify
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(root)
        try:
            sources = [str(path.relative_to(root)) for path in modules(root)]
            made = mypycify([*_MYPY, *sources], opt_level="3", group_name="contentfilter", target_dir=f"{folder}/c")
            kernel = Extension("contentfilter._kernel", [f"{SOURCES}/contentfilter/{KERNEL}"])
            command = build_ext(Distribution({"name": "contentfilter", "ext_modules": [*made, kernel]}))
            command.build_lib, command.build_temp = f"{folder}/lib", f"{folder}/objects"
            command.ensure_finalized()
            command.run()
        finally:
            os.chdir(before)
        lib = Path(folder, "lib")
        built = [path.relative_to(lib) for path in lib.rglob("*") if path.is_file()]
        for path in built:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(lib / path, target / path)
    return [target / path for path in built]
