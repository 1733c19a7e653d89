"""What notices say again and again: sets of weaknesses, or of directives, of different notices that are alike.

A passage joins the set of the earliest one that it is like; being like another member is not enough, so that no chain
of small steps joins what is unlike. Copies of a notice, which the links tell, count as one notice.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    delete,
    func,
    insert,
    select,
)

from pipeline.normalise.passages import LIKE, Shingles, bands, likeness, shingles
from pipeline.store.columns import Instant, Words
from pipeline.store.database import Database
from pipeline.store.facts import notice_facts
from pipeline.store.tables import directives, documents, links, metadata, notices, weaknesses
from pipeline.store.topics import weakness_facts
from pipeline.store.work import batches

What = Literal["weaknesses", "directives"]
_CANDIDATES = 12
"""First passages of sets that are compared with one passage at most; those with the most keys in common."""
_KEY = BigInteger().with_variant(Integer, "sqlite")

returns = Table(
    "returns",
    metadata,
    Column("id", _KEY, primary_key=True, autoincrement=False),
    Column("what", Words, nullable=False),
    Column("notices", Integer, nullable=False),
    Column("first", Date),
    Column("last", Date),
    Column("at", Instant, nullable=False),
    Index("returns_what", "what", "notices"),
)
returned = Table(
    "returned",
    metadata,
    Column("set", _KEY, ForeignKey("returns.id"), primary_key=True),
    Column("sha256", Words, ForeignKey("documents.sha256"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("likeness", Float, nullable=False),
    Index("returned_sha256", "sha256"),
)
RETURNING = (returns, returned)
"""The tables that version 7 of the schema added."""
_TEXTS: Mapping[What, Table] = {"weaknesses": weaknesses, "directives": directives}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a set's passage stands; `likeness` is that to the first one."""

    sha256: str
    ordinal: int
    text: str
    likeness: float
    document_number: str | None
    issuing_body: str | None
    issue_date: dt.date | None
    name: str


@dataclass(frozen=True, slots=True)
class Returning:
    """What was said in several notices, from the first time to the last."""

    id: int
    what: What
    notices: int
    occurrences: tuple[Occurrence, ...]

    @property
    def years(self) -> list[int]:
        """The years in which it was said."""
        return sorted({one.issue_date.year for one in self.occurrences if one.issue_date})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sets are asked for: those of which some notice meets the conditions."""

    what: What = "weaknesses"
    least_notices: int = 2
    year: int | None = None
    province: str | None = None
    issuer: str | None = None
    topic: str | None = None
    sha256: str | None = None


def list_returning(database: Database, wanted: Wanted, limit: int, offset: int) -> tuple[list[Returning], int]:
    """Return a page of the sets, those of the most notices first, and how many there are in all.

    What is not in a notice any more, for it was corrected or read otherwise since, is left out.
    """
    with database.read() as connection:
        query = _wanted(select(returns.c.id), wanted)
        count = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        longest = func.coalesce(returns.c.notices, 0).desc()
        ids = list(connection.execute(query.order_by(longest, returns.c.id).limit(limit).offset(offset)).scalars())
        rows = connection.execute(_occurrences(wanted.what, ids)).all() if ids else []
    found = {number: [Occurrence(*row[2:]) for row in its] for number, its in groupby(rows, lambda row: row[0])}
    sizes = {row[0]: row[1] for row in rows}
    sets = [Returning(number, wanted.what, sizes[number], tuple(found[number])) for number in ids if number in found]
    return sets, int(count)


def found_at(database: Database) -> dt.datetime | None:
    """Return when sets were found last, None if they never were or there are none."""
    with database.read() as connection:
        found: dt.datetime | None = connection.execute(select(func.max(returns.c.at))).scalar_one()
    return found


def _wanted(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(returns.c.what == wanted.what, returns.c.notices >= wanted.least_notices)
    if wanted.sha256 is not None:
        query = query.where(returns.c.id.in_(select(returned.c.set).where(returned.c.sha256 == wanted.sha256)))
    heads = {"year": wanted.year, "province": wanted.province, "issuer": wanted.issuer}
    conditions = [notice_facts.c[name] == value for name, value in heads.items() if value is not None]
    if conditions:
        of_notice = select(returned.c.set).join(notices, notices.c.sha256 == returned.c.sha256)
        of_notice = of_notice.join(notice_facts, notice_facts.c.id == notices.c.id).where(*conditions)
        query = query.where(returns.c.id.in_(of_notice))
    if wanted.topic is not None and wanted.what == "weaknesses":
        same = (weakness_facts.c.notice == notices.c.id) & (weakness_facts.c.ordinal == returned.c.ordinal)
        of_topic = select(returned.c.set).join(notices, notices.c.sha256 == returned.c.sha256)
        of_topic = of_topic.join(weakness_facts, same).where(weakness_facts.c.topic == wanted.topic)
        query = query.where(returns.c.id.in_(of_topic))
    return query


def _occurrences(what: What, ids: Iterable[int]) -> Select[Any]:
    table = _TEXTS[what]
    same = (table.c.sha256 == returned.c.sha256) & (table.c.ordinal == returned.c.ordinal)
    query = select(
        returned.c.set,
        returns.c.notices,
        *(returned.c.sha256, returned.c.ordinal, table.c.text, returned.c.likeness),
        *(notices.c.document_number, notices.c.issuing_body, notices.c.issue_date, documents.c.name),
    )
    query = query.select_from(returned).join(returns, returns.c.id == returned.c.set).join(table, same)
    query = query.join(notices, notices.c.sha256 == returned.c.sha256)
    query = query.join(documents, documents.c.sha256 == returned.c.sha256).where(returned.c.set.in_(list(ids)))
    return query.order_by(
        returned.c.set, notices.c.issue_date.is_(None), notices.c.issue_date, returned.c.sha256, returned.c.ordinal
    )
