"""``chidao returning``: what is said again and again over notices."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.cli.console import examples, put
from pipeline.cli.results import RESULTS, opened
from pipeline.errors import EXIT_OK
from pipeline.export import to_csv, to_json, to_jsonl
from pipeline.normalise.passages import LIKE
from pipeline.store import POINTERS, Returning, Store, Wanted
from pipeline.write import printable

_AT_ONCE = 200
_SHOWN = 20
_COLUMNS = (
    *("set", "what", "notices", "years", "words", "text", "likeness"),
    *("document_number", "issuing_body", "issue_date", "name", "page", "quote", "pointer", "sha256"),
)


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
@click.option("--words", default="", help="With all these words, with or without their marks.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "jsonl"]),
    help="Of what kind it is: a passage a line as csv, a set an object as json; a table on a terminal, else csv.",
)
@click.pass_context
def returning(context: click.Context, /, **asked: Any) -> int:
    """Find weaknesses and directives that are said again in other notices, and keep them for the web application.

    Passages are compared by their words, whatever the figures and the form around them; copies of a notice count as
    one. Call it after `chidao run`: what was found before is replaced.
    """
    form = asked["form"] or ("table" if sys.stdout.isatty() else "csv")
    with opened(context, asked["out"]) as store:
        counts = store.find_returning(dt.datetime.now(dt.UTC), asked["least"])
        wanted = Wanted(what=asked["what"], least_notices=asked["notices"], words=asked["words"])
        if form == "table":
            _print(store, wanted, asked["limit"] or _SHOWN)
        else:
            for block in _blocks(form, _all(store, wanted, asked["limit"] or sys.maxsize)):
                put(block)
    click.echo(", ".join(f"{count} sets of {what}" for what, count in counts.items()), err=True)
    return EXIT_OK


def _all(store: Store, wanted: Wanted, limit: int) -> Iterator[Returning]:
    for offset in range(0, limit, _AT_ONCE):
        sets, _ = store.returning(wanted, min(_AT_ONCE, limit - offset), offset)
        yield from sets
        if len(sets) < _AT_ONCE:
            return


def _blocks(form: str, sets: Iterator[Returning]) -> Iterator[bytes]:
    if form == "csv":
        return to_csv((row for found in sets for row in _rows(found)), _COLUMNS)
    return (to_json if form == "json" else to_jsonl)(_object(found) for found in sets)


def _rows(found: Returning) -> Iterator[dict[str, object]]:
    """Yield a set's passages, a row each."""
    head = {
        "set": found.id,
        "what": found.what,
        "notices": found.notices,
        "years": "; ".join(map(str, found.years)),
        "words": "; ".join(found.words),
    }
    for one in found.occurrences:
        pointer = f"{POINTERS[found.what]}{one.ordinal}"
        yield {**head, **asdict(one), "pointer": pointer, "likeness": round(one.likeness, 3)}


def _object(found: Returning) -> dict[str, Any]:
    form = asdict(found) | {"words": found.words}
    for one in form["occurrences"]:
        one["pointer"] = f"{POINTERS[found.what]}{one['ordinal']}"
    return form


def _print(store: Store, wanted: Wanted, limit: int) -> None:
    sets, total = store.returning(wanted, limit)
    if sets:
        Console().print(_table(sets))
    click.echo(f"{len(sets)} of {total} {wanted.what} that return", err=True)


def _table(sets: list[Returning]) -> Table:
    table = Table("notices", "years", "said first, and last", show_lines=True)
    for found in sets:
        first, *others = found.occurrences
        said = Text(printable(first.text))
        if others:
            said.append(f"\n{printable(others[-1].text)}", "dim")
        table.add_row(str(found.notices), ", ".join(map(str, found.years)), said)
    return table
