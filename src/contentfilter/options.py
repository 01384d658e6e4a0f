"""Options that several commands have: which filter judges, and where the text stands."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

PATH: Final = click.Path(path_type=Path, dir_okay=False)
POLICIES: Final = click.Choice(["default", "strict", "lenient"])

policy: Final = click.option("--policy", type=POLICIES, default="default", show_default=True, help="How soon to act.")
packs: Final = click.option("--packs", multiple=True, type=PATH, help="A rule pack of your own; may be given several times.")
overlays: Final = click.option(
    "--overlay", "overlays", multiple=True, type=PATH, help="A file that changes the packs; may be given several times."
)
column: Final = click.option("--column", default="text", show_default=True, help="The column or key that holds the text.")


def _spoken(ctx: click.Context, _: click.Parameter, value: str) -> str:
    """Remember the language for what goes wrong later."""
    ctx.meta[LANG] = value
    return value


LANG: Final = "contentfilter.lang"
"""Under this key of a context's `meta`: the language of what is told, where the command has a choice."""
lang: Final = click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    default="vi",
    show_default=True,
    callback=_spoken,
    is_eager=True,
    help="Language of what is told.",
)
