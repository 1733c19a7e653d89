"""What a search found as a file, piece by piece: a new kind is one function and one line of `FOUND_KINDS`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.export.found import COLUMNS, tabled
from pipeline.export.sheets import stream_workbook
from pipeline.store import Question, Row
from pipeline.write.tables import write_lines


def _csv(rows: Iterator[Row], question: Question) -> Iterator[bytes]:
    """Yield the lines as Excel reads them: a byte order mark first, formulas defused."""
    columns = COLUMNS[question.what]
    yield _lines([], columns, header=True).encode("utf-8-sig")
    for row in rows:
        yield _lines([tabled(row, columns)], columns, header=False).encode("utf-8", "backslashreplace")


def _lines(rows: list[dict[str, object]], columns: tuple[str, ...], *, header: bool) -> str:
    text = io.StringIO()
    write_lines(text, rows, columns, header=header)
    return text.getvalue()


def _json(rows: Iterator[Row], question: Question) -> Iterator[bytes]:
    """Yield a list with one object a line."""
    before = "[\n"
    for row in rows:
        yield (before + _object(row, question)).encode("utf-8", "backslashreplace")
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _jsonl(rows: Iterator[Row], question: Question) -> Iterator[bytes]:
    """Yield one object a line."""
    for row in rows:
        yield (_object(row, question) + "\n").encode("utf-8", "backslashreplace")


def _object(row: Row, question: Question) -> str:
    form: dict[str, Any] = tabled(row, (name for name in COLUMNS[question.what] if name not in {"leads", "supports"}))
    if question.what == "directives":
        form["actors"] = [{"name": actor.name, "role": actor.role, "body": actor.body} for actor in row.actors]
    return json.dumps(form, ensure_ascii=False, default=str)


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
