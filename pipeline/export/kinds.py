"""What a search found as a file, block by block: a new kind is one function and one line of `FOUND_KINDS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pipeline.export.blocks import to_csv, to_json, to_jsonl
from pipeline.export.found import COLUMNS, tabled
from pipeline.export.sheets import stream_workbook
from pipeline.store import Question, Row


def _csv(rows: Iterator[Row], question: Question) -> Iterator[bytes]:
    columns = COLUMNS[question.what]
    return to_csv((tabled(row, columns) for row in rows), columns)


def _json(rows: Iterator[Row], question: Question) -> Iterator[bytes]:
    return to_json(_objects(rows, question))


def _jsonl(rows: Iterator[Row], question: Question) -> Iterator[bytes]:
    return to_jsonl(_objects(rows, question))


def _objects(rows: Iterator[Row], question: Question) -> Iterator[dict[str, Any]]:
    """Yield rows as objects, in which who must act stands apart."""
    columns = [name for name in COLUMNS[question.what] if name not in {"leads", "supports"}]
    for row in rows:
        form = tabled(row, columns)
        if question.what == "directives":
            form["actors"] = [{"name": actor.name, "role": actor.role, "body": actor.body} for actor in row.actors]
        yield form


def _xlsx(rows: Iterator[Row], question: Question) -> Iterator[bytes]:
    """Yield a workbook with one sheet."""
    columns = COLUMNS[question.what]
    return stream_workbook(question.what, columns, (tabled(row, columns) for row in rows))


Write = Callable[[Iterator[Row], Question], Iterator[bytes]]
FOUND_KINDS: dict[str, tuple[str, Write]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "json": ("application/json", _json),
    "jsonl": ("application/jsonl", _jsonl),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
}
"""Ending -> media type, and what writes such a file as a stream."""
