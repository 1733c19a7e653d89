"""A question as conditions on the tables of facts; both databases get the same ones."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    column,
    false,
    func,
    literal_column,
    or_,
    select,
    table,
)

from pipeline.store.facts import actors, directive_facts, notice_facts
from pipeline.store.question import DeadlineState, Question
from pipeline.store.search import Phrase, parse
from pipeline.store.tables import directives, notices
from pipeline.store.wording import folded_name

_KEY = re.compile("[a-z0-9]+(?:[-.@][a-z0-9]+)+")
"""What keys of bodies look like; a key is not also a name, for it would then find bodies of other places."""
_ALL = 2**62
_COMMON = 20_000
"""Hits of words above which the rows are walked in their order and looked up among the hits, not the reverse."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was read: its phrases, and whether the words are common."""

    question: Question
    phrases: tuple[Phrase, ...]
    sqlite: bool
    common: bool = False

    @property
    def facts(self) -> Any:
        """The table whose rows are found."""
        return directive_facts if self.question.what == "directives" else notice_facts

    @property
    def has_marks(self) -> bool:
        """Tell whether some hits may have the very marks and others not."""
        return any(phrase.has_marks for phrase in self.phrases)


def read_question(connection: Connection, question: Question) -> Asked:
    """Parse the words of a question and find out whether they are common."""
    sqlite = connection.dialect.name == "sqlite"
    asked = Asked(question, parse(question.words), sqlite)
    if not asked.phrases or not sqlite:
        return asked
    few = _hits(asked, exact=False).limit(_COMMON + 1).subquery()
    count = connection.execute(select(func.count()).select_from(few)).scalar_one()
    return Asked(question, asked.phrases, sqlite, count > _COMMON)


def where(asked: Asked, *, exact: bool | None = None) -> list[ColumnElement[bool]]:
    """Return the conditions that a row must meet; `exact` takes only those with the very marks, or only the others."""
    question = asked.question
    found = [*_on_words(asked, exact), *_on_head(question, asked.facts)]
    inner = [*_on_deadline(question), *_on_actors(question)]
    if question.what == "directives":
        return found + inner
    if inner:
        found.append(notice_facts.c.id.in_(select(directive_facts.c.notice).where(*inner)))
    return found


def in_order(conditions: Sequence[ColumnElement[bool]], *columns: ColumnElement[Any]) -> Subquery:
    """Return the numbers of the directives that meet conditions, and some columns, in the order of their rows.

    The rows of actors lie in that order too. Without the limit SQLite would leave out the order, and jump between the
    rows of hundreds of thousands.
    """
    query = select(directive_facts.c.id, *columns).where(*conditions)
    return query.order_by(directive_facts.c.id).limit(_ALL).subquery()


def _on_words(asked: Asked, exact: bool | None) -> Iterator[ColumnElement[bool]]:
    if not asked.question.words.strip():
        return
    if not asked.phrases:
        yield false()
        return
    # The sign keeps SQLite from going through the hits of a common word one by one.
    sign = "+" if asked.common and exact is not True else ""
    number: ColumnElement[int] = literal_column(f"{sign}{asked.facts.name}.id")
    if exact is not True:
        yield number.in_(_hits(asked, exact=False))
    if exact is not None and asked.has_marks:
        among = number.in_(_hits(asked, exact=True))
        yield among if exact else ~among
    if exact is True and not asked.has_marks:
        yield number.in_(_hits(asked, exact=False))


def _hits(asked: Asked, *, exact: bool) -> Select[Any]:
    """Return the query for the numbers of the rows that have all phrases."""
    found = directives if asked.question.what == "directives" else notices
    phrases = [(phrase, exact and phrase.has_marks) for phrase in asked.phrases]
    if asked.sqlite:
        index = {with_marks: f"{found.name}_{'marks' if with_marks else 'fts'}" for _, with_marks in phrases}
        chosen = [_match(name, [p for p, its in phrases if its is marks], marks) for marks, name in index.items()]
        query, *others = chosen
        return query.where(*(column("rowid").in_(other) for other in others))
    return select(found.c.id).where(*(_vector_has(found.name, phrase, marks) for phrase, marks in phrases))


def _match(index: str, phrases: list[Phrase], marks: bool) -> Select[Any]:
    wanted = " AND ".join(f'"{phrase.marked if marks else phrase.folded}"' for phrase in phrases)
    matching = literal_column(index).op("MATCH")(bindparam(None, wanted, unique=True))
    return select(literal_column(f"{index}.rowid")).select_from(table(index)).where(matching)


def _vector_has(name: str, phrase: Phrase, marks: bool) -> ColumnElement[bool]:
    vector: ColumnElement[Any] = literal_column(f"{name}.{'marks' if marks else 'words'}")
    simple: ColumnElement[str] = literal_column("'simple'")
    return vector.op("@@")(func.phraseto_tsquery(simple, phrase.marked if marks else phrase.folded))


def _on_head(question: Question, facts: Any) -> Iterator[ColumnElement[bool]]:
    given = {
        "year": question.years,
        "province": question.provinces,
        "issuer": question.issuers,
        "document_type": question.document_types,
        "origin": question.origins,
    }
    yield from (facts.c[name].in_(values) for name, values in given.items() if values)
    if question.weakness is not None:
        yield facts.c.weaknesses > 0 if question.weakness else facts.c.weaknesses == 0
    if question.issued_from:
        yield facts.c.issued >= question.issued_from
    if question.issued_to:
        yield facts.c.issued <= question.issued_to


def _on_deadline(question: Question) -> Iterator[ColumnElement[bool]]:
    due, recurrence = directive_facts.c.due, directive_facts.c.recurrence
    if question.recurrences:
        yield recurrence.in_(question.recurrences)
    if question.due_from:
        yield due >= question.due_from
    if question.due_to:
        yield due <= question.due_to
    if question.states:
        yield or_(*(_in_state(state, question) for state in dict.fromkeys(question.states)))


def _in_state(state: DeadlineState, question: Question) -> ColumnElement[bool]:
    due, recurrence = directive_facts.c.due, directive_facts.c.recurrence
    last = last_soon(question)
    return {
        "overdue": due < question.as_of,
        "soon": and_(due >= question.as_of, due <= last),
        "open": due > last,
        "recurring": and_(due.is_(None), recurrence.is_not(None)),
        "none": and_(due.is_(None), recurrence.is_(None)),
    }[state]


def last_soon(question: Question) -> dt.date:
    """Return the last day on which a deadline is soon; the last one of the calendar where there is no later."""
    room = (dt.date.max - question.as_of).days
    return question.as_of + dt.timedelta(days=max(0, min(question.soon_days, room)))


def state_of(due: dt.date | None, recurrence: str | None, question: Question) -> DeadlineState:
    """Return where a deadline stands as of the question's day."""
    if due is None:
        return "none" if recurrence is None else "recurring"
    if due < question.as_of:
        return "overdue"
    return "soon" if due <= last_soon(question) else "open"


def state_column(question: Question) -> ColumnElement[str]:
    """Return the same as a column of the database."""
    states: tuple[DeadlineState, ...] = ("overdue", "soon", "open", "recurring")
    return case(*((_in_state(state, question), state) for state in states), else_="none")


def is_key(who: str) -> bool:
    """Tell whether a body is asked for by its key, not by a name."""
    return _KEY.fullmatch(who) is not None


def on_actor(question: Question) -> list[ColumnElement[bool]]:
    """Return the conditions that the question has for one who must act."""
    found: list[ColumnElement[bool]] = []
    if question.who:
        names = [folded_name(who) for who in question.who if not is_key(who)]
        found.append(or_(actors.c.who.in_(question.who), actors.c.folded.in_([name for name in names if name])))
    if question.role:
        found.append(actors.c.role == question.role)
    return found


def _on_actors(question: Question) -> Iterator[ColumnElement[bool]]:
    conditions = on_actor(question)
    if conditions:
        yield directive_facts.c.id.in_(select(actors.c.directive).where(*conditions))
