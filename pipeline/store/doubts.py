"""The values that are least likely right, for a person to look at.

What a person confirmed or corrected has the confidence 1 in the rows, and what was rejected is not there, so that
nobody is asked twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from pipeline.store.corrections import read_current
from pipeline.store.database import Database
from pipeline.store.pointers import split
from pipeline.store.records import Doubt
from pipeline.store.tables import documents, evidence, notices
from pipeline.store.view import View

COUNTED = 10_000
"""Doubts that are counted; above, it is said that there are more."""
_EVIDENCE = tuple(evidence.c[name] for name in ("sha256", "pointer", "quote", "page", "confidence", "method"))
_HEAD = tuple(notices.c[name] for name in ("document_number", "issuing_body", "issue_date"))


def doubts(database: Database, limit: int, offset: int, below: float, sha256: str | None) -> list[Doubt]:
    """Return the values with a confidence `below` that, the least certain first; of one document, by their order."""
    query = _doubted(select(*_EVIDENCE, *_HEAD, documents.c.name), below, sha256)
    query = query.join(documents, documents.c.sha256 == evidence.c.sha256)
    query = query.join(notices, notices.c.sha256 == evidence.c.sha256)
    order = (evidence.c.confidence, evidence.c.sha256, evidence.c.pointer)
    with database.read() as connection:
        rows = connection.execute(query.order_by(*order).limit(limit).offset(offset)).all()
        values = _values(connection, {row.sha256 for row in rows})
    return [_doubt(row, values) for row in rows]


def count_doubts(database: Database, below: float, sha256: str | None) -> int:
    """Return how many there are, up to `COUNTED` and one more."""
    some = _doubted(select(evidence.c.pointer), below, sha256).limit(COUNTED + 1).subquery()
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _doubted(query: Select[Any], below: float, sha256: str | None) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [evidence.c.confidence < below]
    if sha256 is not None:
        conditions.append(evidence.c.sha256 == sha256)
    return query.select_from(evidence).where(*conditions)


def _values(connection: Connection, shas: Iterable[str]) -> Mapping[str, View]:
    current = ((sha256, read_current(connection, sha256)) for sha256 in shas)
    return {sha256: View(notice.model_dump(mode="json")) for sha256, notice in current if notice}


def _doubt(row: Any, values: Mapping[str, View]) -> Doubt:
    found = row._asdict()
    value = values[row.sha256].value(split(row.pointer)) if row.sha256 in values else None
    return Doubt(value=value, **found)
