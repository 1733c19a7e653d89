"""Answering a question: which rows, in which order, and what is shown of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from pipeline.store.conditions import Asked, read_question, state_of, where
from pipeline.store.database import Database
from pipeline.store.facts import actors, directive_facts, notice_facts
from pipeline.store.question import Actor, Answer, Question, Row
from pipeline.store.search import Phrase
from pipeline.store.snippets import snippet
from pipeline.store.tables import assignees, deadlines, directives, documents, notices

COUNTED = 10_000
"""Hits that are counted; above, it is said that there are more."""


def ask(database: Database, question: Question) -> Answer:
    """Return a page of what was found, and how much there is."""
    with database.read() as connection:
        asked = read_question(connection, question)
        total = _count(connection, asked, None)
        ids = _page(connection, asked) if total else []
        rows = tuple(show(connection, asked, ids))
    return Answer(rows, min(total, COUNTED), total > COUNTED)


def _count(connection: Connection, asked: Asked, exact: bool | None) -> int:
    some = select(asked.facts.c.id).where(*where(asked, exact=exact)).limit(COUNTED + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _page(connection: Connection, asked: Asked) -> list[int]:
    """Return the numbers of the rows of the page; with the very marks first where the best are asked for."""
    limit, offset = max(0, asked.question.limit), max(0, asked.question.offset)
    if asked.question.sort != "best" or not asked.has_marks:
        return _ids(connection, asked, None, limit, offset)
    exact = _count(connection, asked, exact=True)
    ids = _ids(connection, asked, True, limit, offset) if offset < exact or exact > COUNTED else []
    if len(ids) < limit and exact <= COUNTED:
        ids += _ids(connection, asked, False, limit - len(ids), max(0, offset - exact))
    return ids


def _ids(connection: Connection, asked: Asked, exact: bool | None, limit: int, offset: int) -> list[int]:
    query = ordered(asked, exact).limit(limit).offset(offset)
    return list(connection.execute(query).scalars())


def ordered(asked: Asked, exact: bool | None = None) -> Select[Any]:
    """Return the query for the numbers of all rows that are found, in the order that is asked for."""
    return select(asked.facts.c.id).where(*where(asked, exact=exact)).order_by(*_order(asked))


def _order(asked: Asked) -> tuple[ColumnElement[Any], ...]:
    facts, sort = asked.facts, asked.question.sort
    if sort == "oldest":
        return facts.c.issued.asc().nulls_last(), facts.c.id.asc()
    if sort == "due" and asked.question.what == "directives":
        return directive_facts.c.due.asc().nulls_last(), facts.c.id.asc()
    if sort == "doubt":
        return facts.c.doubt.desc().nulls_last(), facts.c.id.asc()
    return facts.c.issued.desc().nulls_last(), facts.c.id.asc()


def show(connection: Connection, asked: Asked, ids: Sequence[int]) -> list[Row]:
    """Return what is shown of the rows of these numbers, in their order."""
    query = _directives() if asked.question.what == "directives" else _notices()
    found = {row.id: row for row in connection.execute(query.where(asked.facts.c.id.in_(ids)))} if ids else {}
    acting = _actors(connection, ids) if asked.question.what == "directives" else {}
    return [_row(found[number], asked, acting.get(number, ())) for number in ids if number in found]


_HEAD = tuple(notices.c[name] for name in ("document_number", "document_type", "subject", "issuing_body", "issue_date"))


def _directives() -> Select[Any]:
    facts = directive_facts
    same = (deadlines.c.sha256 == directives.c.sha256) & (deadlines.c.directive == directives.c.ordinal)
    columns = (directives.c.sha256, directives.c.ordinal, directives.c.number, directives.c.text, directives.c.marked)
    more = (facts.c.id, facts.c.due, facts.c.recurrence, facts.c.province, facts.c.page, facts.c.doubt)
    counts = (notice_facts.c.weaknesses, notice_facts.c.directives)
    return (
        select(*columns, *more, *counts, *_HEAD, documents.c.name, deadlines.c.text.label("deadline_text"))
        .join_from(facts, directives, directives.c.id == facts.c.id)
        .join(notice_facts, notice_facts.c.id == facts.c.notice)
        .join(notices, notices.c.id == facts.c.notice)
        .join(documents, documents.c.sha256 == directives.c.sha256)
        .outerjoin(deadlines, same)
    )


def _notices() -> Select[Any]:
    facts = notice_facts
    more = (facts.c.id, facts.c.province, facts.c.doubt, facts.c.weaknesses, facts.c.directives)
    return (
        select(notices.c.sha256, notices.c.meeting_name, notices.c.marked, *more, *_HEAD, documents.c.name)
        .join_from(facts, notices, notices.c.id == facts.c.id)
        .join(documents, documents.c.sha256 == notices.c.sha256)
    )


def _actors(connection: Connection, ids: Sequence[int]) -> Mapping[int, Sequence[Actor]]:
    """Return who must act on each of these directives, with the names as they are printed."""
    same = (assignees.c.sha256 == directives.c.sha256) & (assignees.c.directive == directives.c.ordinal)
    query = (
        select(directives.c.id, assignees.c.name, actors.c.role, actors.c.who, actors.c.folded)
        .join_from(directives, assignees, same)
        .join(actors, (actors.c.directive == directives.c.id) & (actors.c.ordinal == assignees.c.ordinal))
        .where(directives.c.id.in_(ids))
        .order_by(directives.c.id, assignees.c.ordinal)
    )
    acting: dict[int, list[Actor]] = defaultdict(list)
    for number, name, role, who, printed in connection.execute(query) if ids else ():
        acting[number].append(Actor(name, role, None if who == printed else who))
    return acting


def _row(found: Any, asked: Asked, acting: Sequence[Actor]) -> Row:
    values = found._mapping  # noqa: SLF001 - the name is SQLAlchemy's own for this
    text = values["text"] if "text" in values else values["subject"] or values["meeting_name"] or ""
    due, recurrence = values.get("due"), values.get("recurrence")
    return Row(
        **{name: values[name] for name in _SHOWN},
        **{name: values.get(name) for name in ("ordinal", "number", "deadline_text", "page")},
        text=text,
        snippet=snippet(text, asked.phrases),
        actors=tuple(acting),
        due=due,
        recurrence=recurrence,
        state=state_of(due, recurrence, asked.question),
        exact=is_exact(values["marked"], asked.phrases),
    )


_SHOWN = (
    *("sha256", "name", "document_number", "document_type", "subject", "issuing_body", "province", "issue_date"),
    *("doubt", "weaknesses", "directives"),
)


def is_exact(marked: str, phrases: Sequence[Phrase]) -> bool:
    """Tell whether words with their marks have all phrases with the marks that were typed."""
    spaced = f" {marked} "
    return all(f" {phrase.marked} " in spaced for phrase in phrases if phrase.has_marks)
