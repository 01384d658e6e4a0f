"""The command line. Exit codes: 0 done, 1 bad data, 2 bad usage."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import click

from contentfilter.errors import ContentFilterError
from contentfilter.explain import Language, printable
from contentfilter.playground.command import playground


class _Group(click.Group):
    """Turns the errors of this package and of the file system into one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ContentFilterError, OSError) as error:
            message = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error)
            shown = "\n".join(map(printable, message.split("\n")))  # a stranger's file may name its columns as it likes
            click.echo(f"contentfilter: {shown}", err=True)
            ctx.exit(1)


Command = TypeVar("Command", bound=Callable[..., object])


def _policy(command: Command) -> Command:
    choice = click.Choice(["default", "strict", "lenient"])
    return click.option("--policy", type=choice, default="default", show_default=True, help="How soon to act.")(command)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="contentfilter")
def main() -> None:
    """Moderation of Vietnamese text: which harms it carries, where, how sure, why, and what to do about it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # Vietnamese, whatever the locale says


@main.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@_policy
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of the explanation.")
def check(text: str, as_json: bool, policy: str, lang: Language) -> None:
    """Judge TEXT and explain the answer; "-" reads it from standard input."""
    from contentfilter.filter import ContentFilter

    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    result = ContentFilter(policy=policy).classify(text)
    if as_json:
        click.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
    else:
        from contentfilter.terminal import show_result

        show_result(result, lang)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write; without it, standard output.")
@click.option("--column", default="text", show_default=True, help="The column or key that holds the text.")
@click.option("--encoding", default="utf-8", show_default=True, help="How the files are encoded.")
@click.option(
    "--errors",
    type=click.Choice(["strict", "replace"]),
    default="strict",
    show_default=True,
    help="What to do with bytes that are no text.",
)
@_policy
def score(files: tuple[Path, ...], output: Path | None, column: str, encoding: str, errors: str, policy: str) -> None:
    """Judge every document of FILES (.txt: one a line; .jsonl; .csv) and write a JSON line for each."""
    from contentfilter.files.readers import Source
    from contentfilter.files.run import score as run
    from contentfilter.files.writers import complete_or_nothing
    from contentfilter.filter import ContentFilter
    from contentfilter.terminal import progress_bar, show_summary

    try:
        "".encode(encoding)  # codecs that are no text encodings, such as rot13, fail here too
    except LookupError as error:
        raise click.BadParameter(f"unknown text encoding {encoding!r}", param_hint="--encoding") from error
    sources = [Source(path, column, encoding, errors) for path in files]
    if output is not None and any(output.exists() and output.samefile(path) for path in files if path.exists()):
        raise click.BadParameter("the output would overwrite an input", param_hint="--output")
    total = sum(path.stat().st_size for path in files)
    contentfilter = ContentFilter(policy=policy)
    target = complete_or_nothing(output) if output is not None else nullcontext(sys.stdout)
    with progress_bar(total) as progress, target as out:
        summary = run(contentfilter, sources, out, progress)
    show_summary(summary)


@main.group()
def rules() -> None:
    """Rule packs: test what they say of themselves."""


@rules.command("test")
@click.argument("packs", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
def test(packs: tuple[Path, ...]) -> None:
    """Run the examples of the shipped packs and of PACKS of your own: what must match, and what must pass."""
    from contentfilter.filter import ContentFilter
    from contentfilter.rules.selftest import failures

    contentfilter = ContentFilter(packs=packs)
    found, checked = failures(contentfilter.rules, contentfilter.matching_rules)
    for failure in found:
        click.echo(failure, err=True)
    click.echo(f"{checked} examples, {len(found)} wrong", err=bool(found))
    if found:
        sys.exit(1)


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


main.add_command(playground)


if __name__ == "__main__":
    main()
