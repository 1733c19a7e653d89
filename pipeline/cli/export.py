"""``chidao export``: the notices as files of other programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pipeline.cli.conditions import is_conditioned, question_of, with_conditions
from pipeline.cli.console import examples, say
from pipeline.cli.results import RESULTS, opened
from pipeline.errors import EXIT_OK
from pipeline.export import KINDS, export_to, found_rows
from pipeline.store import Store
from pipeline.write import printable

_EXAMPLES = examples(
    "chidao export notices.xlsx --out results",
    "chidao export lake --format parquet --out results --force",
    "chidao export 2024.jsonl --year 2024 --province 'Hải Phòng'",
)


@click.command(epilog=_EXAMPLES)
@click.argument("target", type=click.Path(path_type=Path))
@RESULTS
@with_conditions
@click.option(
    "--format", "form", type=click.Choice(KINDS), help="Of what kind it is; by the ending of TARGET unless given."
)
@click.option("--force", is_flag=True, help="Put the new in the place of what is there.")
@click.pass_context
def export(context: click.Context, /, target: Path, out: Path, form: str | None, force: bool, **given: Any) -> int:
    """Write all notices, or those that WORDS and conditions find, to TARGET, as people corrected them.

    xlsx is a workbook with a sheet a kind of thing, jsonl has a notice a line; csv and parquet make a folder, of
    parquet with a part a year.
    """
    kind = form or target.suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise click.BadParameter(f"{target} ends in none of {', '.join(KINDS)}; say which with --format")
    with opened(context, out) as store:
        shas = _found(store, given) if is_conditioned(given) else None
        done = export_to(store, target, kind, shas=shas, force=force)
    for remark in done.remarks:
        say(remark)
    click.echo(
        f"{printable(target)}: {', '.join(f'{count} {name}' for name, count in done.counts.items()) or 'nothing'}"
    )
    return EXIT_OK


def _found(store: Store, given: dict[str, Any]) -> set[str]:
    question = replace(question_of(store, given), what="notices")
    return {row.sha256 for row in found_rows(store, question)}
