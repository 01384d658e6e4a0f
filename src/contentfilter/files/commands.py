"""The command `contentfilter score`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from contentfilter import options
from contentfilter.errors import DataError

from .sources import ARROW_KINDS, STANDARD_INPUT, TEXT_KINDS, Source, pyarrow

_OUTPUTS: Final = (".jsonl", ".csv", ".parquet")
_OWN_NAMES: Final = ("file", "id", "action", "scores", "matches", "trials", "errors")


class _Stopped(BaseException):
    """SIGINT or SIGTERM came."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write: .jsonl, .csv or .parquet; without it, JSON lines to standard output.",
)
@click.option("--format", type=click.Choice([kind[1:] for kind in TEXT_KINDS]), help="What the files are, where their names don't tell.")
@options.column
@click.option("--id", "identity", help="The column or key that names a document.  [default: id, else the number of the row]")
@click.option("--keep", multiple=True, metavar="COLUMNS", help="Columns or keys to carry over, separated by commas.")
@click.option("--only", type=click.Choice(["flagged"]), help="Write only the documents that are not allowed.")
@click.option("--mask-to", metavar="COLUMN", help="Write the masked text too, under this name.")
@options.policy
@options.packs
@options.overlays
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that judge.")
@click.option("--encoding", help="How the files are encoded.  [default: by the byte order mark, else UTF-8]")
@click.option(
    "--errors",
    type=click.Choice(["strict", "replace"]),
    default="strict",
    show_default=True,
    help="What to do with bytes that are no text.",
)
@click.option(
    "--max-errors",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="Bad rows to set aside in OUTPUT.errors before giving up.",
)
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped.")
def score(
    files: tuple[Path, ...],
    output: Path | None,
    format: str | None,
    column: str,
    identity: str | None,
    keep: tuple[str, ...],
    only: str | None,
    mask_to: str | None,
    policy: str,
    packs: tuple[Path, ...],
    overlays: tuple[Path, ...],
    jobs: int,
    encoding: str | None,
    errors: str,
    max_errors: int,
    resume: bool,
) -> None:
    """Judge every document of FILES and write a row for each.

    FILES are .txt (a document a line), .jsonl, .csv, .tsv, plain or .gz, .xz, .zst; .parquet, .arrow, .feather; patterns such as
    "logs/*.jsonl"; or - for standard input. The output appears under its name only when it is complete; a run that was stopped goes
    on with --resume.
    """
    from contentfilter.filter import ContentFilter

    from .identity import identity as identity_of
    from .progress import progress, show_summary
    from .run import Judge
    from .run import score as run

    _check_encoding(encoding)
    names = tuple(name for names in keep for name in names.split(",") if name)
    sources = [Source(path, column, identity, names, encoding, errors, format) for path in _expanded(files)]
    layout = _layout(sources, output, names, mask_to)
    if output is not None and any(source.path.exists() and output.exists() and output.samefile(source.path) for source in sources):
        raise click.BadParameter("the output would overwrite an input", param_hint="--output")
    if resume and (output is None or any(source.path == STANDARD_INPUT for source in sources)):
        raise click.UsageError("--resume needs files to read and --output: standard input can't be read twice")
    total = sum(source.path.stat().st_size for source in sources if source.path != STANDARD_INPUT)
    asked = {
        "column": column, "id": identity, "keep": list(names), "format": format, "encoding": encoding, "errors": errors,
        "only": only, "mask_to": mask_to, "output": layout.kind,
    }  # fmt: skip
    judge = Judge(ContentFilter(policy=policy, packs=packs, overlays=overlays), layout, only == "flagged")
    with _stoppable(output):
        target = _target(output, layout, lambda: identity_of(sources, policy, packs, overlays, asked), resume)
        if target is None:
            click.echo(f"contentfilter: {output} is complete already", err=True)
            return
        with progress(total, target.summary.documents) as told:
            summary = run(judge, sources, target, jobs, max_errors, told)
    show_summary(summary, f"{output}.errors" if output is not None else None)


def _check_encoding(encoding: str | None) -> None:
    try:
        "".encode(encoding or "utf-8")  # codecs that are no text encodings, such as rot13, fail here too
    except LookupError as error:
        raise click.BadParameter(f"unknown text encoding {encoding!r}", param_hint="--encoding") from error


def _expanded(files: Sequence[Path]) -> Iterator[Path]:
    """The files, patterns replaced by what they match, in order of the names."""
    for path in files:
        if path == STANDARD_INPUT or path.exists() or not any(mark in str(path) for mark in "*?["):
            yield path
        elif found := sorted(glob(str(path), recursive=True)):
            yield from map(Path, found)
        else:
            raise DataError(f"{path}: no file matches")


def _layout(sources: Sequence[Source], output: Path | None, keep: tuple[str, ...], mask_to: str | None) -> Any:
    from .arrow import arrow_types
    from .scored import Layout

    for name in (*keep, *([mask_to] if mask_to else [])):
        if name in _OWN_NAMES or [*keep, mask_to].count(name) > 1:
            raise click.BadParameter(f"the output has a column {name!r} already", param_hint="--keep / --mask-to")
    stream = output is None or (output.exists() and not output.is_file())
    kind = ".jsonl" if output is None or (stream and not output.suffix) else output.suffix.lower()
    if kind not in _OUTPUTS or (stream and kind == ".parquet"):
        raise click.BadParameter(f"{output}: unknown kind of output, expected one of: {', '.join(_OUTPUTS)}", param_hint="--output")
    kinds = [source.kind for source in sources]
    types: dict[str, Any] = {}
    if kind == ".parquet":
        pyarrow()
        if all(found in ARROW_KINDS for found in kinds):
            every = [arrow_types(source) for source in sources]
            types = {name: found for name, found in every[0].items() if all(other.get(name) == found for other in every)}
    return Layout(kind, len(sources) > 1, keep, mask_to, types, sources[0].identity or "id")


def _target(output: Path | None, layout: Any, made_of: Callable[[], dict[str, Any]], resume: bool) -> Any:
    """None where nothing is left to do."""
    from .journal import JournaledOutput, StreamOutput, is_complete

    if output is None:
        return StreamOutput(sys.stdout.buffer, sys.stderr.buffer, layout)
    if output.exists() and not output.is_file():
        return StreamOutput(output.open("wb"), sys.stderr.buffer, layout)
    identity = made_of()
    return None if resume and is_complete(output, identity) else JournaledOutput(output, layout, identity, resume)


@contextmanager
def _stoppable(output: Path | None) -> Iterator[None]:
    """However a run ends before its time, say how to go on with it; one that was refused says so itself."""
    from .journal import NotResumed

    def stop(number: int, _frame: object) -> NoReturn:
        raise _Stopped(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except BrokenPipeError:  # as `head` does: it has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except BaseException as error:
        refused = isinstance(error, NotResumed)
        if output is not None and not refused and (journal := output.resolve().with_name(f"{output.resolve().name}.journal")).exists():
            click.echo(f"contentfilter: stopped; {journal} tells what is finished, go on with the same command and --resume", err=True)
        elif isinstance(error, _Stopped):
            click.echo("contentfilter: stopped", err=True)
        if isinstance(error, _Stopped):
            sys.exit(128 + error.args[0])
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
