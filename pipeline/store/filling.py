"""Facts of notices that were stored before there were any, or when names were understood otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import ValidationError
from sqlalchemy import Connection, delete, select

from pipeline.notice import Notice
from pipeline.store.facts import actors, bodies, count_write, directive_facts, named, notice_facts, write_facts
from pipeline.store.tables import documents, notices, results


def fill_facts(connection: Connection) -> int:
    """Make the facts of all notices anew from their results; return of how many."""
    for table in (actors, directive_facts, notice_facts, named, bodies):
        connection.execute(delete(table))
    count = 0
    for sha256, notice in _stored(connection):
        write_facts(connection, sha256, notice)
        count += 1
    if count:
        count_write(connection)
    return count


def _stored(connection: Connection) -> Iterator[tuple[str, Notice]]:
    """Return the notices that have rows; a result that is no notice any more is for `chidao check` to name."""
    for sha256 in connection.execute(select(notices.c.sha256).order_by(notices.c.id)).scalars().all():
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
