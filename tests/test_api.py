"""What is public is written down: whoever changes it says so, in `cases/public_api.txt` and in the changelog.

`python tests/test_api.py` writes the list anew.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import contentfilter

GOLDEN = Path(__file__).parent / "cases" / "public_api.txt"
INTERNAL = {
    "ContentFilter.matching_rules",
    "Result.__init__",
    "Result.contributions",
    "Result.evidence",
    "Result.hold",
    "Result.keep_first",
    "Result.log_odds",
    "Result.matched",
    "Result.rule",
    "Result.take",
}
"""Between the modules of the package: nothing is promised of them."""
CHANGELOG = Path(__file__).parent.parent / "CHANGELOG.md"


def public() -> Iterator[str]:
    """A line for each public name and each public member of a class, with parameters, types and values."""
    for name in contentfilter.__all__:
        found = getattr(contentfilter, name)
        if not isinstance(found, type):
            yield f"{name}{inspect.signature(found)}"
            continue
        bases = ", ".join(base.__name__ for base in found.__bases__)
        yield f"class {name}({bases})" + (
            f" {inspect.signature(found)}" if "__init__" in vars(found) and f"{name}.__init__" not in INTERNAL else ""
        )
        yield from (f"  {name}.{line}" for line in sorted(_members(found)) if f"{name}.{re.split(r'[^a-zA-Z_]', line)[0]}" not in INTERNAL)


def _members(found: type) -> Iterator[str]:
    fields = {field.name: field.type for field in dataclasses.fields(found)} if dataclasses.is_dataclass(found) else {}
    yield from (f"{field}: {kind}" for field, kind in fields.items())
    declared = vars(found).get("__annotations__", {})
    declared = {attribute: getattr(kind, "__forward_arg__", kind) for attribute, kind in declared.items()}  # as a named tuple keeps them
    yield from (f"{attribute}: {kind}" for attribute, kind in declared.items() if not attribute.startswith("_") and attribute not in fields)
    for name, member in vars(found).items():
        if name.startswith("_") or name in fields or name in declared:
            continue
        if isinstance(member, property):
            yield f"{name} -> {inspect.signature(member.fget).return_annotation}" if member.fget else name
        elif inspect.isfunction(member):
            yield f"{name}{inspect.signature(member)}"
        elif isinstance(member, found):
            yield f"{name} = {member!s}"


def test_what_is_public_is_written_down() -> None:
    found = list(public())
    assert found == GOLDEN.read_text(encoding="utf-8").splitlines(), (
        "the public interface changed: if that is meant, say so in CHANGELOG.md and run `python tests/test_api.py`"
    )


def test_the_changelog_names_what_is_public() -> None:
    told = set(re.findall(r"[A-Za-z_]+", " ".join(re.findall(r"`([^`]+)`", CHANGELOG.read_text(encoding="utf-8")))))
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    names = {re.findall(r"[A-Za-z_]+", line.removeprefix("class "))[0 if line[0] != " " else 1] for line in lines if " = " not in line[:30]}
    assert names - told == set()


if __name__ == "__main__":
    GOLDEN.write_text("".join(f"{line}\n" for line in public()), encoding="utf-8")
