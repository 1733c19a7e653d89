"""Documents and their notices out of the store, in batches, so that a caller may write in between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from pipeline.notice import Notice
from pipeline.store.corrections import notice_now
from pipeline.store.database import Database
from pipeline.store.records import DocumentRecord
from pipeline.store.tables import documents, results, texts
from pipeline.store.work import DOCUMENT

_BATCH = 200
_CURRENT = (results.c.sha256 == documents.c.sha256) & (results.c.hash == documents.c.result)


def read_notices(database: Database, *, corrected: bool) -> Iterator[tuple[DocumentRecord, Notice]]:
    """Return all notices with their documents, in the order of names: as they were read, or as people corrected them.

    Among them are documents whose last attempt failed after an earlier one had found a notice.
    """
    for record, form in _stream(database, "notice"):
        notice = Notice.model_validate_json(form)
        yield record, _now(database, record.sha256, notice) if corrected else notice


def _now(database: Database, sha256: str, read: Notice) -> Notice:
    with database.read() as connection:
        return notice_now(connection, sha256, read) or read


def read_others(database: Database) -> Iterator[tuple[DocumentRecord, dict[str, str | None]]]:
    """Return the documents that are no notices with what their heads say, in the order of names."""
    for record, form in _stream(database, "other"):
        yield record, json.loads(form)


def _stream(database: Database, form: str) -> Iterator[tuple[DocumentRecord, str]]:
    """Return documents with the JSON of their current result; each batch is its own short transaction."""
    query = select(*DOCUMENT, results.c.json).join(results, _CURRENT).where(results.c.form == form)
    query = query.order_by(documents.c.name).limit(_BATCH)
    last: Any = None
    while True:
        with database.read() as connection:
            rows = connection.execute(query if last is None else query.where(documents.c.name > last)).all()
        for row in rows:
            yield DocumentRecord(*row[:-1]), row[-1]
        if len(rows) < _BATCH:
            return
        last = rows[-1].name


def read_notice(database: Database, sha256: str) -> Notice | None:
    """Return the notice found in a document, None where there is none."""
    query = select(results.c.json).join(documents, _CURRENT)
    with database.read() as connection:
        found = connection.execute(
            query.where(documents.c.sha256 == sha256, results.c.form == "notice")
        ).scalar_one_or_none()
    return None if found is None else Notice.model_validate_json(found)


def read_text(database: Database, sha256: str) -> str | None:
    """Return the text of a document, into which evidence points; None where it was never read."""
    with database.read() as connection:
        return connection.execute(select(texts.c.text).where(texts.c.sha256 == sha256)).scalar_one_or_none()
