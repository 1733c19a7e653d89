"""What a search finds, as rows of one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from pipeline.store import Question, Row, Store

AT_ONCE = 500
_HEAD = ("document_number", "document_type", "subject", "issuing_body", "province", "issue_date")
COLUMNS: dict[str, tuple[str, ...]] = {
    "directives": (
        *("number", "text", "leads", "supports", "deadline_text", "due", "recurrence", "state"),
        *(*_HEAD, "page", "name", "sha256", "ordinal"),
    ),
    "notices": (*_HEAD, "directives", "weaknesses", "name", "sha256"),
}
"""The columns of a table by what was looked for."""


def found_rows(store: Store, question: Question, most: int | None = None) -> Iterator[Row]:
    """Yield what a question finds from its offset on, in its order, at most so many; a batch is read at a time."""
    offset, left = question.offset, most
    while left is None or left > 0:
        limit = AT_ONCE if left is None else min(AT_ONCE, left)
        rows = store.ask(replace(question, limit=limit, offset=offset)).rows
        yield from rows
        if len(rows) < limit:
            return
        offset += limit
        left = None if left is None else left - limit


def tabled(row: Row, columns: Iterable[str]) -> dict[str, Any]:
    """Return the cells of a row."""
    acting = {
        "leads": "; ".join(actor.name for actor in row.actors if actor.role == "lead"),
        "supports": "; ".join(actor.name for actor in row.actors if actor.role == "support"),
    }
    return {column: acting[column] if column in acting else getattr(row, column) for column in columns}
