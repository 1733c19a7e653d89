"""``chidao query``: the search of the web application, as a table on a terminal or as lines for a next program."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.cli.conditions import question_of, with_conditions
from pipeline.cli.console import examples, put
from pipeline.cli.results import RESULTS, opened
from pipeline.errors import EXIT_OK, OutputError
from pipeline.export import FOUND_KINDS, found_rows
from pipeline.store import Question, Row, Sort, Store
from pipeline.write import printable, write_stream

_ON_TERMINAL = 20
_EXAMPLES = examples(
    "chidao query báo cáo --who 'Sở Y tế' --state overdue --state soon",
    "chidao query 'quá hạn' --year 2024 --format csv > found.csv",
    "chidao query --what notices --province 'Hải Phòng' --to notices.xlsx",
    "chidao query cấp nước --facets",
)


@click.command(epilog=_EXAMPLES)
@RESULTS
@with_conditions
@click.option(
    "--what",
    type=click.Choice(["directives", "notices"]),
    default="directives",
    show_default=True,
    help="What is looked for.",
)
@click.option(
    "--sort", type=click.Choice(get_args(Sort)), default="best", show_default=True, help="In which order it is given."
)
@click.option("--limit", type=click.IntRange(1), help="At most so many; 20 as a table, else all.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many of the first.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *FOUND_KINDS]),
    help="Of what kind it is; a table on a terminal, else csv, unless --to ends otherwise.",
)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file, not to stdout.")
@click.option("--facets", is_flag=True, help="Say how many there are by body, year, province and so on instead.")
@click.pass_context
def query(context: click.Context, /, out: Path, form: str | None, to: Path | None, **given: Any) -> int:
    """Search the directives, or the notices, by WORDS and conditions: who must do what by when.

    Words are found with or without their marks, those with the very marks first; a phrase stands in quotation marks.
    All conditions must hold; of one that is given several times, one must.
    """
    kind = form or _kind_of(to)
    with opened(context, out) as store:
        question = replace(question_of(store, given), what=given["what"], sort=given["sort"], offset=given["offset"])
        if given["facets"]:
            _print_facets(store, question)
        elif kind == "table":
            _print(store, question, given["limit"] or _ON_TERMINAL)
        else:
            _write(store, question, kind, given["limit"], to)
    return EXIT_OK


def _kind_of(to: Path | None) -> str:
    if to is None:
        return "table" if sys.stdout.isatty() else "csv"
    ending = to.suffix.lower().lstrip(".")
    if ending not in FOUND_KINDS:
        raise click.BadParameter(
            f"{to} ends in none of {', '.join(FOUND_KINDS)}; say which with --format", param_hint="--to"
        )
    return ending


def _write(store: Store, question: Question, kind: str, limit: int | None, to: Path | None) -> None:
    blocks = FOUND_KINDS[kind][1](found_rows(store, question, limit), question)
    if to is None:
        if kind == "xlsx" and sys.stdout.isatty():
            raise OutputError("a workbook is nothing for a terminal", "name a file with --to")
        for block in blocks:
            put(block)
    else:
        write_stream(to, blocks)
        click.echo(f"{printable(to)} written", err=True)


def _print(store: Store, question: Question, limit: int) -> None:
    answer = store.ask(replace(question, limit=limit))
    if answer.rows:
        table = _directives(answer.rows) if question.what == "directives" else _notices(answer.rows)
        Console().print(table)
    shown = question.offset + len(answer.rows)
    total = f"more than {answer.total}" if answer.is_more else str(answer.total)
    more = "; --limit and --offset show others, --to FILE takes all" if shown < answer.total or answer.is_more else ""
    click.echo(f"{len(answer.rows)} of {total} {question.what}{more}", err=True)


def _directives(rows: Iterable[Row]) -> Table:
    table = Table(show_lines=True, expand=True)
    for head, ratio in (("who", 2), ("must do", 5), ("by", 2), ("in", 2)):
        table.add_column(head, ratio=ratio)
    for row in rows:
        by = [row.deadline_text, _day(row.due), row.state if row.state != "none" else None]
        place = [row.document_number or row.name, row.issuing_body, _day(row.issue_date)]
        table.add_row(_lines(_acting(row)), _marked(row), _lines(by), _lines(place))
    return table


def _notices(rows: Iterable[Row]) -> Table:
    table = Table("number", "issued", "by", "subject", "directives", "weaknesses", show_lines=True)
    for row in rows:
        cells = (row.document_number or row.name, _day(row.issue_date) or "", row.issuing_body or "")
        counts = (Text(str(row.directives), justify="right"), Text(str(row.weaknesses), justify="right"))
        table.add_row(*(Text(printable(cell)) for cell in cells), _marked(row), *counts)
    return table


def _acting(row: Row) -> Iterator[str]:
    for actor in row.actors:
        yield actor.name if actor.role == "lead" else f"+ {actor.name}"


def _marked(row: Row) -> Text:
    """Return the text around the hits with these marked, which is all of a short text."""
    text = Text(f"{printable(row.number)}. " if row.number else "")
    for piece, is_hit in row.snippet or ((row.text, False),):
        text.append(printable(piece), "bold reverse" if is_hit else "")
    return text


def _lines(values: Iterable[str | None]) -> Text:
    return Text("\n".join(printable(value) for value in values if value))


def _day(day: dt.date | None) -> str | None:
    return None if day is None else f"{day:%d/%m/%Y}"


def _print_facets(store: Store, question: Question) -> None:
    """Print by facet the commonest values, a line each, with tabs between."""
    for facet, values in store.facets(question).items():
        for value in islice(values, _ON_TERMINAL):
            click.echo(f"{facet}\t{printable(value.label)}\t{value.count}")
