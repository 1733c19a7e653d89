"""What a search found as a file: `FORMATS` is the table of kinds, a new one is one function and one line."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pipeline.store import Store
from pipeline.store.question import Question, Row
from pipeline.web import permalink
from pipeline.web.downloads import attachment
from pipeline.web.i18n import mark
from pipeline.web.refusal import missing
from pipeline.web.site import site_of
from pipeline.write.tables import write_lines

MOST = 100_000
"""Rows of one file at most."""
_AT_ONCE = 500
_HEAD = ("document_number", "document_type", "subject", "issuing_body", "province", "issue_date")
COLUMNS: dict[str, tuple[str, ...]] = {
    "directives": (
        *("number", "text", "leads", "supports", "deadline_text", "due", "recurrence", "state"),
        *(*_HEAD, "page", "name", "sha256", "ordinal"),
    ),
    "notices": (*_HEAD, "directives", "weaknesses", "name", "sha256"),
}
"""The columns of a file by what was looked for."""


def found_rows(store: Store, question: Question) -> Iterator[Row]:
    """Yield all that a question finds, in its order, a batch at a time."""
    for offset in range(0, MOST, _AT_ONCE):
        answer = store.ask(replace(question, limit=_AT_ONCE, offset=offset))
        yield from answer.rows
        if len(answer.rows) < _AT_ONCE:
            return


def tabled(row: Row, columns: Iterable[str]) -> dict[str, Any]:
    """Return the cells of a row."""
    acting = {
        "leads": "; ".join(actor.name for actor in row.actors if actor.role == "lead"),
        "supports": "; ".join(actor.name for actor in row.actors if actor.role == "support"),
    }
    return {column: acting[column] if column in acting else getattr(row, column) for column in columns}


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
        form = tabled(row, (column for column in COLUMNS[question.what] if column not in {"leads", "supports"}))
        if question.what == "directives":
            form["actors"] = [{"name": actor.name, "role": actor.role, "body": actor.body} for actor in row.actors]
        yield (before + json.dumps(form, ensure_ascii=False, default=str)).encode("utf-8", "backslashreplace")
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


Write = Callable[[Iterator[Row], Question], Iterator[bytes]]
FORMATS: dict[str, tuple[str, Write]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "json": ("application/json", _json),
}
"""Ending -> media type, and what writes such a file as a stream."""


def export(request: Request) -> Response:
    """Give what a search found as a file."""
    known = FORMATS.get(request.path_params["ending"])
    if known is None:
        raise missing(mark("There is no such kind of file."))
    media_type, write = known
    today = dt.datetime.now().astimezone().date()
    question = permalink.read_question(request.query_params, today)
    name = f"chidao-{question.what}-{today.isoformat()}.{request.path_params['ending']}"
    stream = write(found_rows(site_of(request).store, question), question)
    return StreamingResponse(stream, media_type=media_type, headers=attachment(name))
