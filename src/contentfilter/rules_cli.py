"""`contentfilter rules …`: for people who write packs."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import click

from contentfilter import options
from contentfilter.explain import Language

_data = click.option(
    "--data", required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Documents (.csv, .jsonl, .txt)."
)


@click.group()
def rules() -> None:
    """Rule packs: check, test, measure and fit them."""


@rules.command("check")
@click.argument("paths", nargs=-1, required=True, type=options.PATH)
@options.lang
def check(paths: tuple[Path, ...], lang: Language) -> None:
    """Tell every fault of packs and overlays, each with its path, line and column."""
    from contentfilter.data import data_folder, shipped_model
    from contentfilter.model.store import load
    from contentfilter.rules.check import faults
    from contentfilter.rules.freeze import shipped
    from contentfilter.rules.vietnamese import in_vietnamese

    found = faults(paths, shipped(data_folder("wordlists")), load(shipped_model()).heads)
    for fault in found:
        click.echo(in_vietnamese(fault) if lang == "vi" else fault)
    files = "1 file" if len(paths) == 1 else f"{len(paths)} files"
    english = f"{files}, {len(found)} {'fault' if len(found) == 1 else 'faults'}"
    click.echo(f"{len(paths)} tệp, {len(found)} lỗi" if lang == "vi" else english, err=bool(found))
    if found:
        sys.exit(1)


@rules.command("test")
@click.argument("packs", nargs=-1, type=options.PATH)
@options.overlays
@options.lang
def test(packs: tuple[Path, ...], overlays: tuple[Path, ...], lang: Language) -> None:
    """Run the examples of the shipped packs and of PACKS of your own: what must match, and what must pass."""
    from contentfilter.filter import ContentFilter
    from contentfilter.rules.selftest import failures

    contentfilter = ContentFilter(packs=packs, overlays=overlays)
    found, checked = failures(contentfilter.rules, partial(contentfilter.matching_rules, lang=lang), lang)
    for failure in found:
        click.echo(failure, err=True)
    click.echo(f"{checked} ví dụ, {len(found)} sai" if lang == "vi" else f"{checked} examples, {len(found)} wrong", err=bool(found))
    if found:
        sys.exit(1)


@rules.command("eval")
@click.argument("packs", nargs=-1, type=options.PATH)
@_data
@options.column
@click.option("--label", help="The column or key that holds the label: clean, categories with commas between, or 0 and 1.")
@click.option("--against", multiple=True, type=options.PATH, help="The old PACKS or overlays; lists the documents whose action changes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--excerpts/--no-excerpts", default=True, show_default=True, help="Show the beginning of documents that change.")
@options.overlays
@options.policy
@options.lang
def evaluate(
    packs: tuple[Path, ...], data: Path, column: str, label: str | None, against: tuple[Path, ...], as_json: bool, excerpts: bool,
    overlays: tuple[Path, ...], policy: str, lang: Language,
) -> None:  # fmt: skip
    """Tell what each rule of the shipped packs and of PACKS does to the documents of a file."""
    from contentfilter.evaluation.labelled import read_labelled
    from contentfilter.evaluation.measure import changes, measure
    from contentfilter.evaluation.show import show_change, show_measurement
    from contentfilter.files.sources import Source
    from contentfilter.filter import ContentFilter
    from contentfilter.rules.check import is_overlay

    contentfilter = ContentFilter(policy=policy, packs=packs, overlays=overlays)
    source = Source(data, column)
    if against:
        old_overlays = tuple(filter(is_overlay, against))
        old_packs = tuple(path for path in against if path not in old_overlays)
        old = ContentFilter(policy=policy, packs=old_packs or packs, overlays=old_overlays or overlays)
        found = list(changes(old, contentfilter, read_labelled(source, label)))
        for document, before, after in found:
            if as_json:
                click.echo(json.dumps({"id": document.id, "before": before.action.value, "after": after.action.value}, ensure_ascii=False))
            else:
                show_change(document.id, document.text if excerpts else "", before, after, lang)
        click.echo(f"{len(found)} văn bản thay đổi" if lang == "vi" else f"{len(found)} documents change", err=True)
        return
    measured = measure(contentfilter, read_labelled(source, label))
    rows = measured.rows(contentfilter)
    if as_json:
        counts = {"documents": measured.documents, "labelled": measured.labelled, "actions": dict(measured.actions), "rules": rows}
        click.echo(json.dumps(counts, ensure_ascii=False, indent=2))
    else:
        show_measurement(measured, rows, lang)


@rules.command("fit")
@click.argument("packs", nargs=-1, type=options.PATH)
@_data
@options.column
@click.option("--label", required=True, help="The column or key that holds the label: clean, categories with commas between, or 0 and 1.")
@click.option("--strength", type=click.FloatRange(min=1e-3), default=20.0, show_default=True, help="How firmly weights stay as written.")
@click.option("-o", "--output", required=True, type=options.PATH, help="The overlay to write.")
@options.overlays
@options.lang
def fit(
    packs: tuple[Path, ...], data: Path, column: str, label: str, strength: float, output: Path, overlays: tuple[Path, ...], lang: Language
) -> None:
    """Fit the weights of rules to labelled documents and write them as an overlay."""
    import yaml

    from contentfilter.evaluation.fit import fit as refit
    from contentfilter.evaluation.labelled import read_labelled
    from contentfilter.files.sources import Source
    from contentfilter.files.writers import complete_or_nothing
    from contentfilter.filter import ContentFilter

    if output.exists() and any(output.samefile(path) for path in (*packs, *overlays, data) if path.exists()):
        raise click.BadParameter(f"found {str(output)!r}, which is read here; name another file", param_hint="--output")
    contentfilter = ContentFilter(packs=packs, overlays=overlays)
    found = refit(contentfilter, read_labelled(Source(data, column), label), strength)
    for one in found:
        click.echo(f"{one.rule}: {one.before:g} → {one.after:g}  ({one.documents} {'văn bản' if lang == 'vi' else 'documents'})")
    overlay = {"overlay": output.stem, "version": "1.0.0", "weights": {one.rule: one.after for one in found}}
    with complete_or_nothing(output) as out:
        yaml.safe_dump(overlay, out, allow_unicode=True, sort_keys=False)
    click.echo(f"{output}: {len(found)} {'trọng số' if lang == 'vi' else 'weights'}", err=True)


@rules.command("schema")
def schema() -> None:
    """Print the JSON Schema of packs and overlays, for editors."""
    from contentfilter.rules.json_schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
