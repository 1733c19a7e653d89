"""What belongs to a document: where it was seen, how its readings went, and which documents it cites or is cited by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields

from sqlalchemy import select

from pipeline.store.database import Database
from pipeline.store.records import Sighting, Status
from pipeline.store.tables import attempts, documents, legal_references, notices, sightings
from pipeline.store.wording import folded_name
from pipeline.store.work import batches

_MOST = 50
"""Documents that are named at most."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a document is known by."""

    sha256: str
    name: str
    document_number: str | None
    subject: str | None
    issuing_body: str | None
    issue_date: dt.date | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One reading of a document, in one run."""

    run_id: str
    started_at: dt.datetime
    status: Status
    seconds: float | None
    reason: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, and the documents of the store that have its number."""

    citation: str
    number: str
    heads: tuple[Head, ...]


_SIGHTING = tuple(sightings.c[field.name] for field in fields(Sighting))
_ATTEMPT = tuple(attempts.c[field.name] for field in fields(Attempt))
_HEAD = (
    *(documents.c.sha256, documents.c.name),
    *(notices.c[name] for name in ("document_number", "subject", "issuing_body", "issue_date")),
)
_HEADS = select(*_HEAD).join_from(documents, notices, notices.c.sha256 == documents.c.sha256, isouter=True)


def sightings_of(database: Database, sha256: str) -> list[Sighting]:
    """Return where a document was seen, the pages of one notice in their order."""
    query = select(*_SIGHTING).where(sightings.c.sha256 == sha256)
    with database.read() as connection:
        rows = connection.execute(query.order_by(sightings.c.inbox, sightings.c.page, sightings.c.path))
        return [Sighting(*row) for row in rows]


def attempts_of(database: Database, sha256: str) -> list[Attempt]:
    """Return how the readings of a document went, the last one first."""
    query = select(*_ATTEMPT).where(attempts.c.sha256 == sha256).order_by(attempts.c.id.desc()).limit(_MOST)
    with database.read() as connection:
        return [Attempt(*row) for row in connection.execute(query)]


def heads_of(database: Database, shas: Iterable[str]) -> dict[str, Head]:
    """Return what documents are known by, by hash."""
    found: dict[str, Head] = {}
    with database.read() as connection:
        for batch in batches(dict.fromkeys(shas)):
            rows = connection.execute(_HEADS.where(documents.c.sha256.in_(batch)))
            found |= {row.sha256: Head(*row) for row in rows}
    return found


def cited_by(database: Database, sha256: str) -> list[Cited]:
    """Return the citations of a notice whose documents are in the store."""
    query = select(legal_references.c.citation, legal_references.c.number)
    query = query.where(legal_references.c.sha256 == sha256, legal_references.c.number.is_not(None))
    found: dict[str, Cited] = {}
    with database.read() as connection:
        for citation, number in connection.execute(query.order_by(legal_references.c.ordinal)).all():
            same = (notices.c.number_folded == folded_name(number)) & (notices.c.sha256 != sha256)
            heads = tuple(Head(*row) for row in connection.execute(_HEADS.where(same).limit(_MOST)))
            if heads:
                found.setdefault(number, Cited(citation, number, heads))
    return list(found.values())


def citing(database: Database, sha256: str) -> list[Head]:
    """Return the notices that cite a document by its number, the newest first."""
    number = select(notices.c.document_number).where(notices.c.sha256 == sha256).scalar_subquery()
    wanted = select(legal_references.c.sha256).where(legal_references.c.number == number)
    query = _HEADS.where(documents.c.sha256.in_(wanted), documents.c.sha256 != sha256)
    with database.read() as connection:
        rows = connection.execute(query.order_by(notices.c.issue_date.desc().nulls_last()).limit(_MOST))
        return [Head(*row) for row in rows]
