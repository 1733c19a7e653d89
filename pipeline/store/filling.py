"""Rows of notices that were stored before there were such, or when they were made otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, delete, select

from pipeline.notice import Notice
from pipeline.store.corrections import notice_now
from pipeline.store.facts import actors, bodies, count_write, directive_facts, named, notice_facts, write_facts
from pipeline.store.rows import replace_rows
from pipeline.store.tables import corrections, documents, notices, results


def fill_facts(connection: Connection) -> int:
    """Make the facts of all notices anew from their results; return of how many."""
    for table in (actors, directive_facts, notice_facts, named, bodies):
        connection.execute(delete(table))
    count = 0
    for sha256, read in _stored(connection):
        notice = notice_now(connection, sha256, read) or read
        write_facts(connection, sha256, notice)
        count += 1
    if count:
        count_write(connection)
    return count


def follow_corrections(connection: Connection) -> None:
    """Make the rows of the notices that people corrected those of the corrected notice."""
    told = select(corrections.c.sha256).distinct()
    for sha256, read in _stored(connection, notices.c.sha256.in_(told)):
        replace_rows(connection, sha256, notice_now(connection, sha256, read))


def _stored(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[tuple[str, Notice]]:
    """Return the notices that have rows; a result that is no notice any more is for `chidao check` to name."""
    query = select(notices.c.sha256).where(*conditions).order_by(notices.c.id)
    for sha256 in connection.execute(query).scalars().all():
        query = (
            select(results.c.json)
            .join(documents, (documents.c.sha256 == results.c.sha256) & (documents.c.result == results.c.hash))
            .where(results.c.sha256 == sha256)
        )
        form = connection.execute(query).scalar_one_or_none()
        try:
            yield sha256, Notice.model_validate(json.loads(form or "null"))
        except ValidationError:
            continue
