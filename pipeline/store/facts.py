"""What is asked of notices and directives, in narrow tables beside the texts, and which bodies the names stand for.

All of it is made from a result, as `rows.py` makes the tables of texts. A row goes when the row that it is of goes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    func,
    insert,
    select,
)

from pipeline.normalise.organisations import Body, resolve_notice
from pipeline.notice import Notice
from pipeline.store.columns import Words
from pipeline.store.tables import directives, metadata, notices
from pipeline.store.wording import folded_name
from pipeline.store.work import pairs, upsert

Row = dict[str, Any]
_KEY = BigInteger().with_variant(Integer, "sqlite")


def owner(column: str, *, primary: bool = True) -> Column[int]:
    """Return the column that says of which notice or directive a row is; it goes with that."""
    key = ForeignKey(column, ondelete="CASCADE")
    return Column(column.split(".", maxsplit=1)[0].rstrip("s"), _KEY, key, primary_key=primary, autoincrement=False)


def _id(column: str) -> Column[int]:
    return Column("id", _KEY, ForeignKey(column, ondelete="CASCADE"), primary_key=True, autoincrement=False)


def _heads() -> list[Column[Any]]:
    """Return what a directive is asked for by of its notice; a notice has the same columns."""
    return [
        Column("issued", Date),
        Column("year", Integer),
        *(Column(name, Words) for name in ("province", "issuer", "document_type", "origin")),
        Column("weaknesses", Integer, nullable=False),
        Column("doubt", Float),
    ]


bodies = Table(
    "bodies",
    metadata,
    Column("key", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("level", Words, nullable=False),
    Column("unit", Words),
    Column("unit_now", Words),
    Column("kind", Words, nullable=False),
)

named = Table(
    "named",
    metadata,
    owner("notices.id"),
    Column("pointer", Words, primary_key=True),
    Column("body", Words, ForeignKey("bodies.key"), nullable=False),
    Index("named_body", "body"),
)

notice_facts = Table(
    "notice_facts",
    metadata,
    _id("notices.id"),
    *_heads(),
    Column("directives", Integer, nullable=False),
)

directive_facts = Table(
    "directive_facts",
    metadata,
    _id("directives.id"),
    owner("notices.id", primary=False),
    *_heads(),
    Column("due", Date),
    Column("recurrence", Words),
    Column("page", Integer),
    Index("directive_facts_by_notice", "notice", "due", "recurrence"),
    Index("directive_facts_due", "due", "recurrence"),
    Index("directive_facts_recurrence", "recurrence", "due"),
)

actors = Table(
    "actors",
    metadata,
    owner("directives.id"),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("who", Words, nullable=False),
    Column("folded", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("again", Integer, nullable=False, server_default="0"),
    Index("actors_of", "who", "role", "again", "directive"),
    Index("actors_folded", "folded", "role", "directive"),
)


class Same(NamedTuple):
    """Bits of `actors.again`: an earlier one is the same body, is that in the same role, has the role."""

    who: int
    both: int
    role: int


SAME: Mapping[str, Same] = {"directives": Same(1, 2, 4), "notices": Same(8, 16, 32)}
"""The bits by where the earlier one stands: in the same directive, or in the same notice.

So rows are counted where else directives or notices would have to be told apart.
"""

writes = Table(
    "writes", metadata, Column("id", Integer, primary_key=True), Column("number", BigInteger, nullable=False)
)
"""How often derived rows were written, so that what was counted is not counted again while nothing changed."""

NEWEST: tuple[str, ...] = ("year", "province", "issuer", "document_type", "origin")
"""Columns of both tables of facts by each of which the newest rows are found at once."""

FACTS: tuple[Table, ...] = (bodies, named, notice_facts, directive_facts, actors, writes)
"""What version 4 of the schema added."""


def write_facts(connection: Connection, sha256: str, notice: Notice) -> None:
    """Write the facts of a notice whose rows were just written."""
    notice_id = connection.execute(select(notices.c.id).where(notices.c.sha256 == sha256)).scalar_one()
    query = select(directives.c.ordinal, directives.c.id).where(directives.c.sha256 == sha256)
    ids = pairs(connection.execute(query))
    found = resolve_notice(notice)
    _write_bodies(connection, found.values())
    made = {
        named: [{"notice": notice_id, "pointer": pointer, "body": body.key} for pointer, body in found.items()],
        notice_facts: [{"id": notice_id, **_notice_facts(notice, found)}],
        directive_facts: list(_directive_facts(notice_id, ids, notice, found)),
        actors: list(_actors(ids, notice, found)),
    }
    for table, rows in made.items():
        if rows:
            connection.execute(insert(table), rows)


def _write_bodies(connection: Connection, found: Iterable[Body]) -> None:
    """Write the bodies; in one order always, so that two writers never wait for each other."""
    rows = {body.key: {column.name: getattr(body, column.name) for column in bodies.c} for body in found}
    if rows:
        statement = upsert(connection, bodies)
        moved = {column.name: statement.excluded[column.name] for column in bodies.c if column.name != "key"}
        statement = statement.on_conflict_do_update(index_elements=[bodies.c.key], set_=moved)
        connection.execute(statement, [rows[key] for key in sorted(rows)])


def count_write(connection: Connection) -> None:
    """Note that derived rows were written."""
    statement = upsert(connection, writes)
    again = statement.on_conflict_do_update(index_elements=[writes.c.id], set_={"number": writes.c.number + 1})
    connection.execute(again, [{"id": 1, "number": 1}])


def writes_so_far(connection: Connection) -> int:
    """Return how often derived rows were written."""
    return int(connection.execute(select(func.coalesce(func.max(writes.c.number), 0))).scalar_one())


def _notice_facts(notice: Notice, found: dict[str, Body]) -> Row:
    doubts = [1 - evidence.confidence for evidence in notice.evidence.values()]
    return {
        **_head(notice, found),
        "doubt": max(doubts, default=None),
        "directives": len(notice.directives),
    }


def _head(notice: Notice, found: dict[str, Body]) -> Row:
    header = notice.header
    issuer, parent = found.get("/header/issuing_body"), found.get("/header/parent_body")
    issued = issued_on(notice)
    return {
        "issued": issued,
        "year": None if issued is None else issued.year,
        "province": (issuer and issuer.unit) or (parent and parent.unit),
        "issuer": issuer.key if issuer else folded_name(header.issuing_body or header.parent_body),
        "document_type": header.document_type,
        "origin": notice.source.text_origin,
        "weaknesses": len(notice.assessment.weaknesses),
    }


def issued_on(notice: Notice) -> dt.date | None:
    """Return a notice's day: of issue, else of the meeting."""
    return notice.header.issue_date or notice.meeting.start_date


def _directive_facts(notice_id: int, ids: dict[int, int], notice: Notice, found: dict[str, Body]) -> Iterator[Row]:
    head = _head(notice, found)
    doubts = _doubts(notice)
    for ordinal, directive in enumerate(notice.directives):
        pointer = f"/directives/{ordinal}"
        evidence = notice.evidence.get(pointer) or notice.evidence.get(f"{pointer}/text")
        deadline = directive.deadline
        yield {
            "id": ids[ordinal],
            "notice": notice_id,
            **head,
            "doubt": doubts.get(ordinal),
            "due": deadline and deadline.due,
            "recurrence": deadline and deadline.recurrence,
            "page": evidence and evidence.page,
        }


def _doubts(notice: Notice) -> dict[int, float]:
    """Return the largest doubt among the values of each directive."""
    doubts: dict[int, float] = defaultdict(float)
    for pointer, evidence in notice.evidence.items():
        first, second, *_ = [*pointer.split("/")[1:3], "", ""]
        if first == "directives" and second.isdigit():
            doubts[int(second)] = max(doubts[int(second)], 1 - evidence.confidence)
    return doubts


def _actors(ids: dict[int, int], notice: Notice, found: dict[str, Body]) -> Iterator[Row]:
    in_notice: set[tuple[str, str]] = set()
    for number, directive in enumerate(notice.directives):
        earlier: set[tuple[str, str]] = set()
        for ordinal, assignee in enumerate(directive.assignees):
            body = found.get(f"/directives/{number}/assignees/{ordinal}/name")
            name = folded_name(assignee.name) or ""
            who, role = body.key if body else name, assignee.role
            yield {
                "directive": ids[number],
                "ordinal": ordinal,
                "who": who,
                "folded": name,
                "role": role,
                "again": _again(SAME["directives"], earlier, who, role) | _again(SAME["notices"], in_notice, who, role),
            }
            earlier.add((who, role))
            in_notice.add((who, role))


def _again(same: Same, earlier: Collection[tuple[str, str]], who: str, role: str) -> int:
    """Return the bits of what was there already."""
    same_who = same.who * any(who == other for other, _ in earlier)
    same_role = same.role * any(role == other for _, other in earlier)
    return same_who | same_role | same.both * ((who, role) in earlier)
