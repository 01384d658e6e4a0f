"""The package as a whole: its public names, what importing it costs, which way its imports run, what it ships."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

import contentfilter
from contentfilter.data import data_folder
from contentfilter.errors import ContentFilterError

PACKAGE = Path(contentfilter.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

STAGES = (
    "categories", "errors", "arguments", "data", "kernel", "normalize", "index", "forms", "chunks", "seed", "match", "rules", "model",
    "decide", "masking", "result", "columns", "explain", "batches", "reader", "filter", "default", "reload", "options", "files",
    "evaluation", "integrations", "playground", "training", "bench", "terminal", "rules_cli", "cli", "__main__",
)  # fmt: skip
"""The pipeline: a module imports from its own stage and those before it."""

ALLOWED_UPWARD = {("result", "explain")}
"""Rendering, imported where a result is asked for its explanation; `explain` itself needs only the types."""

SLOW = {"sklearn", "scipy", "underthesea", "pandas", "pyarrow", "torch", "rich"}
NETWORK = {"requests", "urllib3", "httpx", "huggingface_hub", "filelock", "tqdm", "joblib", "http", "ssl"}
"""What underthesea brings along, and what it would connect with."""


def test_public_names_are_sorted_and_documented() -> None:
    names = contentfilter.__all__
    assert names == sorted(names)
    assert len(set(names)) == len(names)
    undocumented = [name for name in names if not getattr(contentfilter, name).__doc__]
    assert undocumented == []


def test_nothing_public_is_missing_from_the_list() -> None:
    shown = {name for name, value in vars(contentfilter).items() if not name.startswith("_") and not isinstance(value, type(sys))}
    assert shown == set(contentfilter.__all__)


def imported_by(program: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after `program`."""
    program += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "program",
    [
        "import contentfilter",
        "import contentfilter; contentfilter.classify('M\\u1ed9t s\\u1ed1 \\u0111\\u1ec1 xu\\u1ea5t').to_dict()",
        "import contentfilter; contentfilter.classify_batch(['\\u0110\\u1ed3 n.g.u', 'Zalo 0912 345 678'])[0].explain('vi')",
        "import contentfilter; contentfilter.classify('X\\u00e1c th\\u1ef1c t\\u1ea1i vietc0mbank.top').matches[0]",
    ],
    ids=["import", "one text", "batch and explanation", "link"],
)
def test_classifying_imports_nothing_slow(program: str) -> None:
    assert imported_by(program) & (SLOW | NETWORK) == set()


def test_words_are_segmented_only_when_asked() -> None:
    assert "underthesea" in imported_by("import contentfilter; contentfilter.classify('Xin ch\\u00e0o').tokens")


def stage(module: str) -> str:
    """`contentfilter.match.settle` → `match`; the root itself is "contentfilter"."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every module of this package that a file imports, wherever in the file it does so."""
    here = ["contentfilter", *path.relative_to(PACKAGE).with_suffix("").parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            # `from . import x` names a module in its list, not in its origin
            names = [f"{origin}.{alias.name}" for alias in node.names] if origin == "contentfilter" else [origin]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name.partition(".")[0] == "contentfilter")


def test_every_module_has_its_place_in_the_pipeline() -> None:
    found = {path.relative_to(PACKAGE).with_suffix("").parts[0] for path in MODULES} - {"__init__"}
    assert found <= set(STAGES)


def test_imports_run_down_the_pipeline() -> None:
    wrong = []
    for path in MODULES:
        own = path.relative_to(PACKAGE).with_suffix("").parts[0]
        if own == "__init__":
            continue  # the public names stand above all stages
        before = STAGES[: STAGES.index(own) + 1]
        wrong += [
            f"{path.relative_to(PACKAGE)}:{line}: {own} imports {name}"
            for line, name in imports_of(path)
            if stage(name) not in before and (own, stage(name)) not in ALLOWED_UPWARD
        ]
    assert wrong == []


def test_no_file_is_long() -> None:
    lengths = {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_types_are_shipped() -> None:
    assert (files("contentfilter") / "py.typed").is_file()


@pytest.mark.parametrize(("folder", "pattern"), [("models", "*.safetensors"), ("wordlists", "*.yaml")])
def test_data_is_found(folder: str, pattern: str) -> None:
    assert list(data_folder(folder).glob(pattern))


def test_a_missing_folder_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(ContentFilterError, match=r"no_such_folder.*install contentfilter again"):
        data_folder("no_such_folder")
