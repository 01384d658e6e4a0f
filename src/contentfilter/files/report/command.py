"""The command `contentfilter report`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click

from contentfilter import options
from contentfilter.data import data_folder
from contentfilter.errors import DataError
from contentfilter.explain import Language
from contentfilter.files.writers import beside, complete_or_nothing


@click.command()
@click.argument("scored", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write.  [default: SCORED.html]")
@click.option("--text", metavar="COLUMN", help="The column with the texts, for examples.  [default: text, where there is one]")
@click.option("--date", "day", metavar="COLUMN", help="A column with dates, for a timeline.")
@click.option("--by", "group", metavar="COLUMN", help="A column to break down by, such as shop or channel.")
@options.packs
@options.overlays
@click.option("--policy", type=options.POLICIES, help="Whose thresholds.  [default: as scored]")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of the page.")
def report(
    scored: Path,
    output: Path | None,
    text: str | None,
    day: str | None,
    group: str | None,
    packs: tuple[Path, ...],
    overlays: tuple[Path, ...],
    policy: str | None,
    lang: Language,
) -> None:
    """Show a file that `score` wrote as one HTML page that needs nothing else.

    Matches are masked until one clicks. Score with --keep for the texts, dates and columns that the page should show.
    """
    from contentfilter.decide.policy import policy_named
    from contentfilter.filter import overlaid
    from contentfilter.rules.freeze import shipped
    from contentfilter.rules.load import with_packs

    from .gather import gather
    from .page import page
    from .rows import columns_of, scored_rows

    output = output or beside(scored, ".html")
    if output.exists() and output.samefile(scored):
        raise click.BadParameter("the page would overwrite the scores", param_hint="--output")
    if not output.parent.is_dir():
        raise FileNotFoundError(2, "no such folder to write into", str(output.parent))
    made = _made(beside(scored, ".about.json"))
    if text is None and "text" in columns_of(scored):
        text = "text"
    lists = shipped(data_folder("wordlists"))
    thresholds = policy_named(policy or (made["policy"] if made else "default"))
    lists, thresholds = overlaid(with_packs(lists, packs) if packs else lists, thresholds, overlays)
    rules = {rule.id: rule for rule in lists.rules}
    wanted = tuple(name for name in (text, day, group) if name is not None)
    found = gather(scored_rows(scored, wanted), thresholds, text, day, group)
    with complete_or_nothing(output) as file:
        file.write(page(found, rules, made, scored.name, lang, day, group))
    click.echo(f"{output}: {found.documents:,} documents", err=True)


_MADE: Final = dict.fromkeys(("contentfilter", "model", "wordlists", "policy"), str) | dict.fromkeys(
    ("packs", "overlays", "inputs", "options", "summary"), dict
)


def _made(path: Path) -> dict[str, Any] | None:
    """What the file beside the scores says, None where there is none. Raises `DataError` for another file of that name."""
    try:
        made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: no JSON: {error}; remove it, or score again") from error
    known = isinstance(made, dict) and all(isinstance(made.get(key), kind) for key, kind in _MADE.items())
    if not known or not isinstance(made["summary"].get("bad_rows"), int):
        raise DataError(f"{path}: it does not tell how the scores were made; remove it, or score again")
    return made
