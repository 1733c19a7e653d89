"""Documents that are nearly the same: which are worth comparing, and which were found to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, fields, replace

from sqlalchemy import Select, and_, or_, select

from pipeline.store.database import Database
from pipeline.store.records import Link
from pipeline.store.tables import links, notices, sightings
from pipeline.store.work import batches, upsert

_LINK = tuple(links.c[field.name] for field in fields(Link))


def add_links(database: Database, found: Iterable[Link]) -> None:
    """Write links, in the place of those of the same pair and kind; a document is never linked to itself."""
    with database.write() as connection:
        statement = upsert(connection, links)
        statement = statement.on_conflict_do_update(
            index_elements=[links.c.sha_a, links.c.sha_b, links.c.kind],
            set_={name: statement.excluded[name] for name in ("score", "reason")},
        )
        names = [column.name for column in _LINK]
        for batch in batches(_ordered(link) for link in found if link.sha_a != link.sha_b):
            connection.execute(statement, [dict(zip(names, astuple(link), strict=True)) for link in batch])


def _ordered(link: Link) -> Link:
    first, second = sorted((link.sha_a, link.sha_b))
    return replace(link, sha_a=first, sha_b=second)


def links_of(database: Database, sha256: str) -> list[Link]:
    """Return a document's links, the surest first."""
    query = select(*_LINK).where(or_(links.c.sha_a == sha256, links.c.sha_b == sha256))
    with database.read() as connection:
        rows = connection.execute(query.order_by(links.c.score.desc(), links.c.sha_a, links.c.sha_b, links.c.kind))
        return [Link(*row) for row in rows]


def candidates(database: Database, sha256: str, limit: int) -> list[str]:
    """Return at most `limit` documents worth comparing with one, the likeliest first.

    They have its number and date, or its date and issuing body, or were seen under its file name, of any ending.
    """
    found: dict[str, None] = {}
    with database.read() as connection:
        for query in (_same_number(sha256), _same_body(sha256), _same_stem(sha256)):
            found |= dict.fromkeys(connection.execute(query.limit(limit)).scalars())
    return list(found)[:limit]


def _same_number(sha256: str) -> Select[str]:
    one, other = notices.alias(), notices.alias()
    same = and_(one.c.number_folded == other.c.number_folded, one.c.issue_date == other.c.issue_date)
    query = select(other.c.sha256).join_from(one, other, same)
    return query.where(one.c.sha256 == sha256, other.c.sha256 != sha256).order_by(other.c.sha256)


def _same_body(sha256: str) -> Select[str]:
    one, other = notices.alias(), notices.alias()
    same = and_(one.c.body_folded == other.c.body_folded, one.c.issue_date == other.c.issue_date)
    query = select(other.c.sha256).join_from(one, other, same)
    return query.where(one.c.sha256 == sha256, other.c.sha256 != sha256).order_by(other.c.sha256)


def _same_stem(sha256: str) -> Select[str]:
    one, other = sightings.alias(), sightings.alias()
    query = select(other.c.sha256).distinct().join_from(one, other, one.c.stem == other.c.stem)
    named = (one.c.sha256 == sha256, other.c.sha256 != sha256, one.c.stem != "")
    return query.where(*named).order_by(other.c.sha256)
