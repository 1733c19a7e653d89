"""``chidao gold``: what people reviewed, as gold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.cli.console import examples
from pipeline.cli.results import RESULTS, opened
from pipeline.errors import EXIT_OK
from pipeline.write import printable

_SHOWN = 5


@click.command(
    epilog=examples("chidao gold reviewed --out results", "chidao train reviewed data/gold --out models/roles")
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@RESULTS
@click.option(
    "--below",
    type=click.FloatRange(0, 1),
    default=0.9,
    show_default=True,
    help="Leave out a notice of which a value less certain than this is left that nobody spoke of.",
)
@click.option("--files", is_flag=True, help="Copy the original files too, so that they are read anew when measured.")
@click.option("--force", is_flag=True, help="Write cases anew that are there already.")
@click.pass_context
def gold(context: click.Context, /, folder: Path, out: Path, **asked: Any) -> int:
    """Write the notices that people reviewed into FOLDER as gold, for `chidao evaluate`, `calibrate` and `train`.

    A notice counts as reviewed when somebody confirmed, corrected, added or rejected something of it, and no doubtful
    value is left. What a person did not look at is taken as it was read: look at whole notices before you measure.
    """
    from pipeline.learn.reviewed import gather_gold  # noqa: PLC0415 - loads what learning needs

    with opened(context, out) as store:
        found = gather_gold(store, folder, **asked)
    click.echo(f"{printable(folder)}: {len(found.written)} cases written")
    if found.kept:
        click.echo(f"{len(found.kept)} were there already; --force writes them anew", err=True)
    for name, left in list(found.unfinished.items())[:_SHOWN]:
        click.echo(f"{printable(name)}: {left} values to look at yet", err=True)
    if len(found.unfinished) > _SHOWN:
        click.echo(f"{len(found.unfinished) - _SHOWN} more have values to look at yet", err=True)
    return EXIT_OK
