"""Runs, sightings and documents: what there is to do, and what was done."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.errors import StoreError
from pipeline.store.database import Database
from pipeline.store.paths import decode_path
from pipeline.store.records import DocumentRecord, RunRecord, Sighting, State
from pipeline.store.tables import attempts, documents, runs, sightings
from pipeline.store.wording import folded_name

T = TypeVar("T")
_AT_ONCE = 500
"""Values in one statement; both databases have a limit."""
DOCUMENT = tuple(documents.c[field.name] for field in fields(DocumentRecord))
"""The columns of a DocumentRecord, in its order."""
_MOST_INTERRUPTIONS = 2
_FATAL = {
    "kind": "interrupted",
    "reason": "the run itself died twice while this was read",
    "advice": "look at the system's log of that time, then open the file in another program and save it anew",
}
"""What is said of a document that takes a whole run down with it."""
_SIGHTING = tuple(sightings.c[field.name] for field in fields(Sighting))


def upsert(connection: Connection, table: Any) -> Any:
    """Return an INSERT of this database's own kind, which can say what to do where the row is there already."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def batches(items: Iterable[T], size: int = _AT_ONCE) -> Iterator[list[T]]:
    """Return the items in lists of at most `size`."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def pairs(rows: Iterable[Any]) -> dict[Any, Any]:
    """Return rows of two columns as a dictionary."""
    return {row[0]: row[1] for row in rows}


def begin_run(database: Database, run: RunRecord) -> None:
    """Write that a run has begun."""
    row = asdict(run) | {"counts": dict(run.counts or {})}
    with database.write() as connection:
        connection.execute(insert(runs), [row])


def end_run(database: Database, run_id: str, ended: Mapping[str, object]) -> None:
    """Write how a run ended; StoreError where it never began."""
    with database.write() as connection:
        done = connection.execute(update(runs).where(runs.c.id == run_id).values(ended))
        if done.rowcount != 1:
            raise StoreError(f"there is no run {run_id}", "begin it first")


def list_runs(database: Database, limit: int) -> list[RunRecord]:
    """Return the latest runs, the last one first."""
    columns = [runs.c[field.name] for field in fields(RunRecord)]
    with database.read() as connection:
        found = connection.execute(select(*columns).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit))
        return [RunRecord(*row) for row in found]


def read_sightings(database: Database, inbox: str) -> dict[str, Sighting]:
    """Return what was seen in an inbox, by path."""
    with database.read() as connection:
        found = connection.execute(select(*_SIGHTING).where(sightings.c.inbox_key == _key(inbox)))
        return {row.path: Sighting(*row) for row in found}


def note_sightings(database: Database, seen: Iterable[Sighting]) -> None:
    """Write what was seen where, in the place of what was seen there before."""
    with database.write() as connection:
        statement = upsert(connection, sightings)
        moved = ("stem", "sha256", "size", "mtime_ns", "inode", "page")
        statement = statement.on_conflict_do_update(
            index_elements=[sightings.c.inbox_key, sightings.c.path_key],
            set_={name: statement.excluded[name] for name in moved},
        )
        for batch in batches(seen, 5000):
            connection.execute(statement, [_sighting_row(sighting) for sighting in batch])


def _sighting_row(seen: Sighting) -> dict[str, Any]:
    stem = folded_name(decode_path(seen.path).stem) or ""
    return asdict(seen) | {"inbox_key": _key(seen.inbox), "path_key": _key(seen.path), "stem": stem}


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_documents(
    database: Database, shas: Iterable[str] | None, states: Collection[State] | None
) -> dict[str, DocumentRecord]:
    """Return the documents of these hashes and states (None: all), by hash and in the order of their names."""
    conditions = [] if states is None else [documents.c.state.in_(states)]
    found: list[DocumentRecord] = []
    with database.read() as connection:
        for part in _parts(documents.c.sha256, shas):
            rows = connection.execute(select(*DOCUMENT).where(*conditions, *part))
            found.extend(DocumentRecord(*row) for row in rows)
    return {record.sha256: record for record in sorted(found, key=lambda record: record.name)}


def _parts(column: ColumnElement[str], values: Iterable[str] | None) -> Iterator[list[ColumnElement[bool]]]:
    """Return conditions that together say `column` in `values`; one empty one for all."""
    if values is None:
        yield []
        return
    for batch in batches(dict.fromkeys(values)):
        yield [column.in_(batch)]


def add_documents(database: Database, records: Iterable[DocumentRecord]) -> None:
    """Write the documents that are not there yet; the others stay as they are."""
    with database.write() as connection:
        statement = upsert(connection, documents).on_conflict_do_nothing(index_elements=[documents.c.sha256])
        for batch in batches(records):
            connection.execute(statement, [asdict(record) for record in batch])


def read_names(database: Database) -> set[str]:
    """Return the names that result files have already."""
    with database.read() as connection:
        return set(connection.execute(select(documents.c.name)).scalars())


def begin_attempt(database: Database, sha256: str, run_id: str, at: dt.datetime, alone: bool) -> int:
    """Write that a document is about to be read, so that a crash of everything leaves its trace; return a number."""
    row = {"sha256": sha256, "run_id": run_id, "started_at": at, "alone": alone, "status": "started"}
    with database.write() as connection:
        return int(connection.execute(insert(attempts).values(row).returning(attempts.c.id)).scalar_one())


def close_interrupted(database: Database, at: dt.datetime, *, counts: bool = True) -> list[str]:
    """End the attempts that a dead run left open and return their documents; only for who holds the run's lock.

    Where it `counts`, each is a try of the document, so that it is read alone from now on; one over which run after
    run died, at last while it was read alone, is put into quarantine.
    """
    is_open = attempts.c.status == "started"
    with database.write() as connection:
        query = select(attempts.c.sha256, attempts.c.alone).where(is_open).order_by(attempts.c.id)
        left = pairs(connection.execute(query))
        if left:
            connection.execute(update(attempts).where(is_open).values(status="interrupted", ended_at=at))
        if counts:
            for sha256, alone in left.items():
                _count_interruption(connection, sha256, alone=alone)
    return list(left)


def _count_interruption(connection: Connection, sha256: str, *, alone: bool) -> None:
    values: dict[str, Any] = {"tries": documents.c.tries + 1}
    if alone and _interruptions(connection, [sha256]).get(sha256, 0) >= _MOST_INTERRUPTIONS:
        values |= {"state": "quarantined", **_FATAL}
    pending = (documents.c.sha256 == sha256, documents.c.state == "pending")
    connection.execute(update(documents).where(*pending).values(values))


def interruptions(database: Database, shas: Iterable[str]) -> dict[str, int]:
    """Return how often in a row, up to now, a run died while each document was being read; none are left out."""
    with database.read() as connection:
        return _interruptions(connection, shas)


def _interruptions(connection: Connection, shas: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    ended: set[str] = set()
    for part in _parts(attempts.c.sha256, shas):
        query = select(attempts.c.sha256, attempts.c.status).where(*part, attempts.c.status != "started")
        for sha256, status in connection.execute(query.order_by(attempts.c.id.desc())):
            if status != "interrupted":
                ended.add(sha256)
            elif sha256 not in ended:
                counted[sha256] = counted.get(sha256, 0) + 1
    return counted


def requeue(database: Database, shas: Sequence[str] | None, kinds: Collection[str] | None) -> int:
    """Put quarantined documents (of these hashes and kinds; None: all) back to be read; return how many."""
    conditions = [documents.c.state == "quarantined"]
    if kinds is not None:
        conditions.append(documents.c.kind.in_(kinds))
    fresh = {"state": "pending", "tries": 0, "kind": None, "reason": None, "advice": None}
    count = 0
    with database.write() as connection:
        for part in _parts(documents.c.sha256, shas):
            count += connection.execute(update(documents).where(*conditions, *part).values(fresh)).rowcount
    return count


def reopen(database: Database, shas: Iterable[str]) -> int:
    """Let documents that were read be read again; what was found in them stands until then. Return how many."""
    count = 0
    with database.write() as connection:
        for part in _parts(documents.c.sha256, list(shas)):
            states = documents.c.state.in_(("ok", "other"))
            count += connection.execute(update(documents).where(states, *part).values(state="pending")).rowcount
    return count


def stale(database: Database, version: str, config: str) -> list[str]:
    """Return the documents that were read, but by another version or under other settings, in order of names."""
    columns = documents.c
    other = or_(columns.version.is_distinct_from(version), columns.config.is_distinct_from(config))
    query = select(columns.sha256).where(columns.state.in_(("ok", "other")), other).order_by(columns.name)
    with database.read() as connection:
        return list(connection.execute(query).scalars())
