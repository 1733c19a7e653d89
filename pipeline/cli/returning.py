"""``chidao returning``: what is said again and again over notices."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.cli.console import examples
from pipeline.cli.results import RESULTS, opened
from pipeline.errors import EXIT_OK
from pipeline.normalise.passages import LIKE
from pipeline.store import Returning, Store, Wanted
from pipeline.write import printable

_AT_ONCE = 200
_SHOWN = 20


@click.command(
    epilog=examples("chidao returning --out results", "chidao returning --out results --what directives --format jsonl")
)
@RESULTS
@click.option(
    "--what",
    type=click.Choice(["weaknesses", "directives"]),
    default="weaknesses",
    show_default=True,
    help="What is printed; both are looked for.",
)
@click.option(
    "--least",
    type=click.FloatRange(0.05, 1),
    default=LIKE,
    show_default=True,
    help="Take passages for the same from this likeness on.",
)
@click.option(
    "--notices", type=click.IntRange(2), default=2, show_default=True, help="Said in so many notices at least."
)
@click.option("--limit", type=click.IntRange(1), help="Print at most so many; 20 as a table, else all.")
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), help="A table on a terminal, else JSON Lines.")
@click.pass_context
def returning(context: click.Context, /, **asked: Any) -> int:
    """Find weaknesses and directives that are said again in other notices, and keep them for the web application.

    Passages are compared by their words, whatever the figures and the form around them; copies of a notice count as
    one. Call it after `chidao run`: what was found before is replaced.
    """
    form = asked["form"] or ("table" if sys.stdout.isatty() else "jsonl")
    with opened(context, asked["out"]) as store:
        counts = store.find_returning(dt.datetime.now(dt.UTC), asked["least"])
        wanted = Wanted(what=asked["what"], least_notices=asked["notices"])
        limit = asked["limit"] or (_SHOWN if form == "table" else sys.maxsize)
        if form == "table":
            sets, total = store.returning(wanted, limit)
            if sets:
                Console().print(_table(sets))
            click.echo(f"{len(sets)} of {total} {asked['what']} that return", err=True)
        else:
            for found in _all(store, wanted, limit):
                click.echo(json.dumps({**asdict(found), "years": found.years}, ensure_ascii=False, default=str))
    click.echo(", ".join(f"{count} sets of {what}" for what, count in counts.items()), err=True)
    return EXIT_OK


def _all(store: Store, wanted: Wanted, limit: int) -> Iterator[Returning]:
    for offset in range(0, limit, _AT_ONCE):
        sets, _ = store.returning(wanted, min(_AT_ONCE, limit - offset), offset)
        yield from sets
        if len(sets) < _AT_ONCE:
            return


def _table(sets: list[Returning]) -> Table:
    table = Table("notices", "years", "said first, and last", show_lines=True)
    for found in sets:
        first, *others = found.occurrences
        said = Text(printable(first.text))
        if others:
            said.append(f"\n{printable(others[-1].text)}", "dim")
        table.add_row(str(found.notices), ", ".join(map(str, found.years)), said)
    return table
