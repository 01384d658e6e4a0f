"""The command line. Exit codes: 0 done, 1 bad data, 2 bad usage; `score` adds 128 and the signal that stopped it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from contentfilter import options
from contentfilter.errors import ContentFilterError
from contentfilter.explain import Language, printable
from contentfilter.files.commands import score
from contentfilter.files.report.command import report
from contentfilter.playground.command import playground
from contentfilter.rules_cli import rules


class _Group(click.Group):
    """Turns the errors of this package and of the file system into one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ContentFilterError, OSError) as error:
            lines = (f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error)).split("\n")
            if ctx.meta.get(options.LANG) == "vi":
                from contentfilter.rules.vietnamese import in_vietnamese

                lines = list(map(in_vietnamese, lines))
            shown = "\n".join(map(printable, lines))  # a stranger's file may name its columns as it likes
            click.echo(f"contentfilter: {shown}", err=True)
            ctx.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="contentfilter")
def main() -> None:
    """Moderation of Vietnamese text: which harms it carries, where, how sure, why, and what to do about it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # Vietnamese, whatever the locale says


@main.command()
@click.argument("words", metavar="TEXT", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@options.policy
@options.packs
@options.overlays
@options.lang
def check(
    words: tuple[str, ...], as_json: bool, policy: str, packs: tuple[Path, ...], overlays: tuple[Path, ...], lang: Language
) -> None:
    """Judge TEXT and explain the answer; "-" reads it from standard input."""
    from contentfilter.filter import ContentFilter

    text = " ".join(words)  # whoever forgets the quotes means one text
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    result = ContentFilter(policy=policy, packs=packs, overlays=overlays).classify(text)
    if as_json:
        click.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
    else:
        from contentfilter.terminal import show_result

        show_result(result, lang)


main.add_command(score)
main.add_command(report)


main.add_command(rules)


@main.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True, help="The folder of the data sets.")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder for the model.")
@click.option("--recipe", default="contentfilter-vi", show_default=True, help="Which model to make.")
def train(data: Path, output: Path, recipe: str) -> None:
    """Train a model anew from the data sets."""
    from contentfilter.model.store import save

    try:
        from contentfilter.training.recipe import RECIPES
        from contentfilter.training.recipe import train as learn
    except ModuleNotFoundError as error:
        raise ContentFilterError(f"{error.name} is not installed; training needs: pip install 'contentfilter[train]'") from error

    if recipe not in RECIPES:
        raise click.BadParameter(f"found {recipe!r}, expected one of: {', '.join(RECIPES)}", param_hint="--recipe")
    output.mkdir(parents=True, exist_ok=True)
    path = output / f"{recipe}.safetensors"
    part = path.with_suffix(".part")
    digest = save(learn(data, RECIPES[recipe]), part, RECIPES[recipe].sources)
    part.replace(path)
    click.echo(f"{path}: {path.stat().st_size} bytes, digest {digest}")


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@options.column
@click.option("--repeat", type=click.IntRange(min=1), default=5, show_default=True, help="Repetitions.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def bench(files: tuple[Path, ...], column: str, repeat: int, as_json: bool) -> None:
    """Measure how fast the default filter is here, on the texts of FILES or on the rules' own examples; takes some seconds."""
    from contentfilter.bench import bench as measure
    from contentfilter.bench import texts_of
    from contentfilter.terminal import show_record

    record = measure(list(texts_of(files, column)) if files else None, repeat)
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        show_record(record)


main.add_command(playground)


if __name__ == "__main__":
    main()
