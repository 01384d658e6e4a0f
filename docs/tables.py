"""What pages show and nobody types: `{{ name }}` on a line of its own becomes a table made when the site is built.

A hook of mkdocs. Figures are read from the newest run of each benchmark in `benchmarks/results`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def _newest(name: str) -> Any:
    found = sorted((ROOT / "benchmarks" / "results").glob(f"{name}-[0-9]*.json"))
    if not found:
        raise FileNotFoundError(f"benchmarks/results/{name}-DATE.json: none, run the benchmark first")
    return json.loads(found[-1].read_text(encoding="utf-8"))


def _table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(map(str, row)) for row in rows]
    head = list(header)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *lines))


def measured() -> str:
    """Speed and quality: what the benchmarks wrote into the README."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return readme.split("<!-- figures: written by the benchmarks, not by hand -->")[1].split("<!-- end of figures -->")[0].strip()


def worst() -> str:
    """The costliest inputs of each stage."""
    rows = [
        (stage if number == 0 else "", row["input"], f"{row['microseconds']:.2f}", f"{row['times']:.1f}")
        for stage, found in _newest("worst").items()
        for number, row in enumerate(found)
    ]
    return _table(("stage", "input", "µs a character", "times"), rows)


def fuzz() -> str:
    """What was fuzzed, and what came of it."""
    rows = [
        (name, f"{run['documents']:,}", run["crashes"], f"{run['seconds'] / 60:.0f} min", f"{run['microseconds_per_character']:.2f}",
         f"{run['slowest_microseconds_per_character']:.1f}")
        for name, run in _newest("fuzz").items()
    ]  # fmt: skip
    table = _table(("target", "executions", "crashes and wrong answers", "time", "µs a character (byte)", "slowest input"), rows)
    judged = sum(run["documents"] for name, run in _newest("fuzz").items() if name.startswith(("classify", "messages")))
    return f"{table}\n\nDocuments judged by the whole filter: {judged:,}."


def mutation() -> str:
    """How many small faults the tests noticed, and those that they did not."""
    run = _newest("mutation")
    rows = [
        (stage, f"{found['mutants']:,}", found["tried"], found["noticed"], f"{found['score']:.1%}", found["seed"])
        for stage, found in run.items()
    ]
    left = "\n".join(f"    {survivor}" for found in run.values() for survivor in found["survivors"])
    table = _table(("stage", "mutants there are", "tried, drawn at random", "noticed", "score", "seed"), rows)
    return f"{table}\n\nNot noticed, some of them because they mean the same:\n\n{left}"


def coverage() -> str:
    """How much of the code the tests run."""

    def told(counts: list[int]) -> str:
        return f"{counts[0]:,} of {counts[1]:,}, {counts[0] / max(counts[1], 1):.1%}"

    rows = [
        (f"`{folder}`" if folder else "the package itself", told(found["lines"]), told(found["branches"]))
        for folder, found in sorted(_newest("coverage").items(), key=lambda item: (item[0] == "all", item[0]))
    ]
    return _table(("folder", "lines run", "branches run"), rows)


def memory() -> str:
    """Resident memory over many calls."""
    run = _newest("memory")
    told = ", ".join(map(str, run["megabytes"]))
    return f"Resident memory after each tenth of {run['calls']:,} calls on ever new texts (`python benchmarks/memory.py`), in MB: {told}."


def files() -> str:
    """A million documents through the command and through Spark, against the rate in memory."""
    run = _newest("files")
    systems = [
        (row["system"], f"{row['documents/s']['median']:,.0f}", f"{row['MB at most']:,}" if "MB at most" in row else "")
        for row in run["summary"]
    ]
    ratios = [(row["ratio"], f"{row['at least']:g}", f"{row['median']:.2f}") for row in run["ratios"]]
    tables = _table(("system", "documents a second", "MB at most"), systems), _table(("ratio", "asked for", "measured"), ratios)
    return f"{tables[0]}\n\n{tables[1]}\n\n{run['date'][:10]}, {run['machine']['processor']}, {run['machine']['cores']} cores."


def policies() -> str:
    """The thresholds of the shipped policies."""
    from contentfilter import Category
    from contentfilter.decide.policy import policy_named

    def told(policy: str, category: Category) -> str:
        thresholds = policy_named(policy).thresholds[category]
        steps = [f"{name} {getattr(thresholds, name):g}" for name in ("review", "mask", "block") if getattr(thresholds, name) <= 1]
        return ", ".join(steps) or "–"

    names = ("lenient", "default", "strict")
    return _table(("category", *names), [(f"`{category}`", *(told(name, category) for name in names)) for category in Category])


def licences() -> str:
    """What comes with the package, and its licence."""
    seen: dict[str, tuple[str, str]] = {}

    def visit(name: str) -> None:
        key = re.sub(r"[-_.]+", "-", name).lower()
        try:
            found = distribution(name)
        except PackageNotFoundError:  # not needed on this system
            return
        if key in seen:
            return
        classifiers = [
            line.rpartition(" :: ")[2] for line in found.metadata.get_all("Classifier") or [] if line.startswith("License :: OSI")
        ]
        said = (
            found.metadata.get("License-Expression")
            or ", ".join(classifiers)
            or (found.metadata.get("License") or "not stated").split("\n")[0]
        )
        seen[key] = (found.version, said)
        for need in found.requires or []:
            if "extra ==" not in need:
                visit(re.split(r"[^\w.-]", need, maxsplit=1)[0])

    visit("contentfilter")
    return _table(("package", "version", "licence"), [(name, *seen[name]) for name in sorted(seen) if name != "contentfilter"])


TABLES: dict[str, Callable[[], str]] = {
    "measured": measured,
    "worst": worst,
    "fuzz": fuzz,
    "mutation": mutation,
    "coverage": coverage,
    "memory": memory,
    "files": files,
    "policies": policies,
    "licences": licences,
}


def filled(markdown: str) -> str:
    """A page with its tables, and with the files that it takes in whole (`{{ file PATH }}`)."""

    def fill(match: re.Match[str]) -> str:
        name, _, path = match[1].partition(" ")
        if name == "file":
            return (ROOT / path).read_text(encoding="utf-8").replace("](../docs/", "](")  # its pictures stand beside the page
        return TABLES[name]()

    return re.sub(r"^\{\{ ([^}]+) \}\}$", fill, markdown, flags=re.MULTILINE)


def on_page_markdown(markdown: str, **_: object) -> str:
    """Called by mkdocs for each page."""
    return filled(markdown)
