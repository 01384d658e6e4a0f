"""A picture of a benchmark's record, as SVG."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from contentfilter.bench import Row

mpl.rcParams["svg.hashsalt"] = "contentfilter"  # the same figures make the same file
mpl.rcParams["svg.fonttype"] = "none"


def draw(record: Row, path: Path) -> None:
    """Write the chart of a record."""
    figure = Figure(figsize=(9, 6), layout="constrained")
    axes = figure.subplots()
    _CHARTS[record["benchmark"]](axes, record)
    machine = record["machine"]
    axes.set_title(f"{record['benchmark']}, {record['date'][:10]}, {machine['processor']}, {machine['python']}", fontsize=9)
    axes.grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None})


def _throughput(axes: Axes, record: Row) -> None:
    rows = sorted((row for row in record["summary"] if row["corpus"] == "comments"), key=lambda row: row["texts/s"]["median"])
    for place, row in enumerate(rows):
        found = row["texts/s"]
        error = [[found["median"] - found["min"]], [found["max"] - found["median"]]]
        colour = "tab:blue" if row["system"].startswith("classify") else "tab:gray"
        axes.barh(place, found["median"], xerr=error, color=colour, ecolor="black")
    axes.set_yticks(range(len(rows)), [row["system"] for row in rows], fontsize=8)
    axes.set_xscale("log")
    axes.set_xlabel("comments a second, one core; median, least and greatest")


def _latency(axes: Axes, record: Row) -> None:
    for row in record["summary"]:
        found = {name.split()[0]: value["median"] for name, value in row.items() if name.endswith("µs")}
        axes.plot(list(found), list(found.values()), marker="o", label=row["system"])
    axes.set_yscale("log")
    axes.set_ylabel("µs a call")
    axes.legend(fontsize=8)


def _scale(axes: Axes, record: Row) -> None:
    found: dict[str, list[tuple[int, float]]] = {}
    for row in record["summary"]:
        found.setdefault(row["series"], []).append((row["size"], row["seconds"]))
    for name, points in found.items():
        slope = record["exponents"].get(name)
        label = name if slope is None else f"{name}: {slope:.2f}"
        axes.plot(*zip(*points, strict=True), marker="o", label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("size")
    axes.set_ylabel("seconds")
    axes.legend(fontsize=8, title="with the exponent")


def _endless(axes: Axes, record: Row) -> None:
    for name, found in record["memory_by_step"].items():
        axes.plot(range(1, len(found) + 1), found, marker="o", label=name)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(f"steps of {record['settings']['chunks_a_step']:,} chunks never seen")
    axes.set_ylabel("MB of the process")
    axes.legend(fontsize=8)


_CHARTS: Final[dict[str, Callable[[Axes, dict[str, Any]], None]]] = {
    "throughput": _throughput,
    "latency": _latency,
    "scale": _scale,
    "endless": _endless,
}
