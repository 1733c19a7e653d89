"""What is otherwise at the end of one run than at the end of another."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.errors import StoreError
from pipeline.store.database import Database
from pipeline.store.pointers import leaves
from pipeline.store.records import Change
from pipeline.store.tables import attempts, documents, results, runs
from pipeline.store.work import pairs


def diff(database: Database, run_a: str, run_b: str) -> Iterator[Change]:
    """Return what changed in the results of all documents, by the documents' names.

    Evidence is left out. A document that is only in one of them, or that became a notice or ceased to be one, is a
    single change at the pointer ``""``.
    """
    with database.read() as connection:
        before, after = (_state(connection, _end(connection, run)) for run in (run_a, run_b))
        names = pairs(connection.execute(select(documents.c.sha256, documents.c.name)))
    differing = [sha for sha in {**before, **after} if before.get(sha) != after.get(sha)]
    for sha256 in sorted(differing, key=lambda sha: names[sha]):
        with database.read() as connection:
            old, new = (_result(connection, sha256, state.get(sha256)) for state in (before, after))
        yield from _compare(sha256, old, new)


def _end(connection: Connection, run_id: str) -> dt.datetime:
    """Return when a run ended; for one that was killed, when its last attempt did."""
    run = connection.execute(select(runs.c.ended_at, runs.c.started_at).where(runs.c.id == run_id)).one_or_none()
    if run is None:
        raise StoreError(f"there is no run {run_id}", "name one that the list of runs shows")
    if run.ended_at is not None:
        return run.ended_at  # type: ignore[no-any-return]
    last = connection.execute(select(func.max(attempts.c.ended_at)).where(attempts.c.run_id == run_id)).scalar()
    return last or run.started_at  # type: ignore[no-any-return]


def _state(connection: Connection, end: dt.datetime) -> dict[str, str]:
    """Return the hash of each document's result at a time."""
    columns = attempts.c
    newest = func.row_number().over(partition_by=columns.sha256, order_by=(columns.ended_at.desc(), columns.id.desc()))
    found = select(columns.sha256, columns.result, newest.label("age"))
    inner = found.where(columns.result.is_not(None), columns.ended_at <= end).subquery()
    return pairs(connection.execute(select(inner.c.sha256, inner.c.result).where(inner.c.age == 1)))


def _result(connection: Connection, sha256: str, found: str | None) -> tuple[str, dict[str, Any]] | None:
    if found is None:
        return None
    query = select(results.c.form, results.c.json).where(results.c.sha256 == sha256, results.c.hash == found)
    row = connection.execute(query).one()
    value = json.loads(row.json)
    value.pop("evidence", None)
    return row.form, value


def _compare(
    sha256: str, old: tuple[str, dict[str, Any]] | None, new: tuple[str, dict[str, Any]] | None
) -> Iterator[Change]:
    if old is None or new is None or old[0] != new[0]:
        yield Change(sha256, "", old and old[1], new and new[1])
        return
    before, after = dict(leaves(old[1])), dict(leaves(new[1]))
    for pointer in {**before, **after}:
        if before.get(pointer) != after.get(pointer):
            yield Change(sha256, pointer, before.get(pointer), after.get(pointer))
