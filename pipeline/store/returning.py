"""What notices say again and again: sets of passages, as `gather.py` found them, asked for and kept true.

What a person corrects, or what is read otherwise, leaves its set at once; whatever is new is found by the next look.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from pipeline.normalise.passages import common
from pipeline.store.columns import Instant, Json, Words
from pipeline.store.database import Database
from pipeline.store.facts import notice_facts
from pipeline.store.tables import directives, documents, evidence, metadata, notices, weaknesses
from pipeline.store.topics import weakness_facts
from pipeline.store.wording import folded

What = Literal["weaknesses", "directives"]
_KEY = BigInteger().with_variant(Integer, "sqlite")

returns = Table(
    "returns",
    metadata,
    Column("id", _KEY, primary_key=True, autoincrement=False),
    Column("what", Words, nullable=False),
    Column("notices", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("years", Json, nullable=False),
    Column("words", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Index("returns_what", "what", "notices", "days"),
)
returned = Table(
    "returned",
    metadata,
    Column("set", _KEY, ForeignKey("returns.id"), primary_key=True),
    Column("sha256", Words, ForeignKey("documents.sha256"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("notice", Words, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("likeness", Float, nullable=False),
    Index("returned_sha256", "sha256"),
)
RETURNING = (returns, returned)
"""The tables that version 6 of the schema added: sets with the words said in them, and the passages of each.

`days` are those from the first to the last; `notice` is the document that stands for all copies of one, `rank` tells
the earlier ones of a set.
"""
TEXTS: Mapping[What, Table] = {"weaknesses": weaknesses, "directives": directives}
"""Where the texts are that may be said again."""
POINTERS: Mapping[What, str] = {"weaknesses": "/assessment/weaknesses/", "directives": "/directives/"}
"""What stands before their numbers in a notice's JSON."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a set's passage stands and from which words and page it was read; `likeness` is that to the first one."""

    sha256: str
    ordinal: int
    text: str
    likeness: float
    document_number: str | None
    issuing_body: str | None
    issue_date: dt.date | None
    name: str
    quote: str | None
    page: int | None


@dataclass(frozen=True, slots=True)
class Returning:
    """What was said in several notices and years, from the first time to the last.

    There are `passages` in all, of which `occurrences` may be the first ones only.
    """

    id: int
    what: What
    notices: int
    passages: int
    years: tuple[int, ...]
    occurrences: tuple[Occurrence, ...]

    @property
    def words(self) -> list[str]:
        """What most of them say, in the words of the first, without the form around it."""
        return common([one.text for one in self.occurrences])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sets are asked for: those of which some notice meets the conditions, and that have all `words`.

    Words are found without their marks, whichever passage of the set has them.
    """

    what: What = "weaknesses"
    least_notices: int = 2
    year: int | None = None
    province: str | None = None
    issuer: str | None = None
    topic: str | None = None
    words: str = ""
    sha256: str | None = None


def list_returning(
    database: Database, wanted: Wanted, limit: int, offset: int, most: int | None = None
) -> tuple[list[Returning], int]:
    """Return a page of the sets and how many there are in all: those of the most notices first, then of the most days.

    Of each set the earliest `most` passages are given, and those of a document that is asked for.
    """
    columns = (returns.c.id, returns.c.what, returns.c.notices, returns.c.passages, returns.c.years)
    order = (returns.c.notices.desc(), returns.c.days.desc(), returns.c.id)
    with database.read() as connection:
        count = connection.execute(_wanted(select(func.count()).select_from(returns), wanted)).scalar_one()
        query = _wanted(select(*columns), wanted).order_by(*order).limit(limit).offset(offset)
        sets = connection.execute(query).all()
        rows = connection.execute(_occurrences(wanted, [row.id for row in sets], most)).all() if sets else []
    its = {number: tuple(Occurrence(*row[1:]) for row in part) for number, part in groupby(rows, lambda row: row[0])}
    found = [
        Returning(number, what, many, passages, tuple(years), its.get(number, ()))
        for number, what, many, passages, years in sets
    ]
    return found, int(count)


def found_at(database: Database) -> dt.datetime | None:
    """Return when sets were found last, None if they never were or there are none."""
    with database.read() as connection:
        found: dt.datetime | None = connection.execute(select(func.max(returns.c.at))).scalar_one()
    return found


def _wanted(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(returns.c.what == wanted.what, returns.c.notices >= wanted.least_notices)
    for word in folded(wanted.words).split():
        query = query.where(returns.c.words.contains(f" {word} "))
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


def _occurrences(wanted: Wanted, ids: Iterable[int], most: int | None) -> Select[Any]:
    table = TEXTS[wanted.what]
    pointer = literal(POINTERS[wanted.what]).concat(cast(returned.c.ordinal, Text))
    read = (evidence.c.sha256 == returned.c.sha256) & (evidence.c.pointer == pointer)
    same = (table.c.sha256 == returned.c.sha256) & (table.c.ordinal == returned.c.ordinal)
    query = select(
        returned.c.set,
        *(returned.c.sha256, returned.c.ordinal, table.c.text, returned.c.likeness),
        *(notices.c.document_number, notices.c.issuing_body, notices.c.issue_date, documents.c.name),
        *(evidence.c.quote, evidence.c.page),
    )
    query = query.select_from(returned).join(table, same)
    query = query.join(notices, notices.c.sha256 == returned.c.sha256).outerjoin(evidence, read)
    query = query.join(documents, documents.c.sha256 == returned.c.sha256).where(returned.c.set.in_(list(ids)))
    if most is not None:
        query = query.where(or_(returned.c.rank < most, returned.c.sha256 == wanted.sha256))
    return query.order_by(
        returned.c.set, notices.c.issue_date.is_(None), notices.c.issue_date, returned.c.sha256, returned.c.ordinal
    )


@dataclass(frozen=True, slots=True)
class Said:
    """A passage of a document that is in a set, before its rows are written anew."""

    set: int
    what: What
    text: str
    notice: str
    rank: int
    likeness: float


def said_again(connection: Connection, sha256: str) -> list[Said]:
    """Return what of a document is in sets."""
    found = []
    for what, table in TEXTS.items():
        same = (table.c.sha256 == returned.c.sha256) & (table.c.ordinal == returned.c.ordinal)
        query = select(returned.c.set, table.c.text, returned.c.notice, returned.c.rank, returned.c.likeness)
        query = query.select_from(returned).join(returns, returns.c.id == returned.c.set).join(table, same)
        rows = connection.execute(query.where(returned.c.sha256 == sha256, returns.c.what == what))
        found += [Said(number, what, *row) for number, *row in rows]
    return found


def follow_said(connection: Connection, sha256: str, said: Collection[Said]) -> None:
    """Let sets follow a document whose rows were written anew: what it says no more leaves them."""
    if not said:
        return
    connection.execute(delete(returned).where(returned.c.sha256 == sha256))
    places = {what: _places(connection, what, sha256) for what in TEXTS}
    rows = []
    for one in said:
        if ordinals := places[one.what].get(one.text):
            row = {"set": one.set, "notice": one.notice, "rank": one.rank, "likeness": one.likeness}
            rows.append({"sha256": sha256, "ordinal": ordinals.pop(0), **row})
    if rows:
        connection.execute(insert(returned), rows)
    for number in sorted({one.set for one in said}):
        _count_anew(connection, number)


def _places(connection: Connection, what: What, sha256: str) -> dict[str, list[int]]:
    table = TEXTS[what]
    query = select(table.c.text, table.c.ordinal).where(table.c.sha256 == sha256).order_by(table.c.ordinal)
    found: dict[str, list[int]] = defaultdict(list)
    for text, ordinal in connection.execute(query):
        found[text].append(ordinal)
    return found


def _count_anew(connection: Connection, number: int) -> None:
    """Write how much a set has; one of a single notice goes."""
    query = select(func.count(returned.c.notice.distinct()), func.count()).where(returned.c.set == number)
    notice_count, passages = connection.execute(query).one()
    if notice_count > 1:
        dated = select(notices.c.issue_date).join_from(returned, notices, notices.c.sha256 == returned.c.sha256)
        days = connection.execute(dated.where(returned.c.set == number).distinct()).scalars()
        counted = {"notices": notice_count, "passages": passages, **span(days)}
        connection.execute(update(returns).where(returns.c.id == number).values(counted))
    else:
        connection.execute(delete(returned).where(returned.c.set == number))
        connection.execute(delete(returns).where(returns.c.id == number))


def span(days: Iterable[dt.date | None]) -> dict[str, Any]:
    """Return how many days are between the first and the last of some, and in which years they are.

    >>> span([dt.date(2020, 1, 2), None, dt.date(2019, 12, 31)])
    {'days': 2, 'years': [2019, 2020]}
    """
    known = sorted({day for day in days if day})
    return {"days": (known[-1] - known[0]).days if known else 0, "years": sorted({day.year for day in known})}
