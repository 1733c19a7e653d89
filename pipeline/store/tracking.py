"""What is to be done by whom and by when, counted as of a day: by body and state, by month, and weaknesses by topic."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.store.conditions import in_order, on_actor, read_question, state_column, state_of, where
from pipeline.store.database import Database
from pipeline.store.facets import count_writes, labels_of
from pipeline.store.facts import SAME, actors, directive_facts, notice_facts
from pipeline.store.question import DeadlineState, Question
from pipeline.store.topics import weakness_facts

_MOST = 25
"""Bodies that are told, those with the most to do."""
_DRAWN = 5
"""Bodies of which each month is told."""
_REMEMBERED = 100
Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Burden:
    """How many directives a body has in each state; `value` is what it is asked for by, `label` what it is called."""

    value: str
    label: str
    states: dict[DeadlineState, int]

    @property
    def total(self) -> int:
        """How many there are in all states."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Tracked:
    """What is tracked under the conditions of a question.

    `issued` counts directives by the month in which they were issued, `by_body` the same for the busiest bodies, `due`
    by the month of their day. `topics` counts weaknesses by topic and year of issue.
    """

    states: dict[DeadlineState, int]
    burdens: tuple[Burden, ...]
    bodies: int
    issued: dict[Month, int]
    by_body: dict[str, dict[Month, int]]
    due: dict[Month, int]
    topics: dict[str, dict[int, int]]


class TrackMemory:
    """What was counted before, for as long as nothing is written."""

    def __init__(self, database: Database) -> None:
        """Remember nothing yet."""
        self._database = database
        self._known: dict[tuple[int, Question], Tracked] = {}

    def track(self, question: Question) -> Tracked:
        """Return what is tracked under a question's conditions; its own states, order and page are left out."""
        asked = replace(question, what="directives", states=(), recurrences=(), limit=0, offset=0, sort="best")
        key = (count_writes(self._database), asked)
        found = self._known.get(key)
        if found is None:
            found = _track(self._database, asked)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = found
        return found


def _track(database: Database, question: Question) -> Tracked:
    """Count, with what goes through actors and what through directives at the same time."""
    with ThreadPoolExecutor(1) as other:
        acting = other.submit(_in_transaction, database, _count_actors, question)
        states, issued, due, topics = _in_transaction(database, _count_directives, question)
        burdens, count, by_body = acting.result()
    return Tracked(states, burdens, count, issued, by_body, due, topics)


def _in_transaction(database: Database, count: Callable[[Connection, Question], Any], question: Question) -> Any:
    with database.read() as connection:
        return count(connection, question)


def _count_directives(connection: Connection, question: Question) -> tuple[Any, ...]:
    conditions = where(read_question(connection, question))
    issued, due, rhythm = (directive_facts.c[name] for name in ("issued", "due", "recurrence"))
    query = select(due, rhythm, func.count()).where(*conditions).group_by(due, rhythm)
    states: Counter[DeadlineState] = Counter()
    days: Counter[dt.date | None] = Counter()
    for day, recurrence, count in connection.execute(query):
        states[state_of(day, recurrence, question)] += count
        days[day] += count
    by_issue = connection.execute(select(issued, func.count()).where(*conditions).group_by(issued))
    return dict(states), _by_month(by_issue), _by_month(days.items()), _topics(connection, question)


def _count_actors(connection: Connection, question: Question) -> tuple[tuple[Burden, ...], int, Any]:
    """Count by who must act, a directive once for each."""
    alone = replace(question, who=(), role=None)
    conditions = [*on_actor(question), actors.c.who != ""]
    same = SAME["directives"]
    conditions.append(actors.c.again.op("&")(same.both if question.role else same.who) == 0)
    state = state_column(question).label("state")
    facts = in_order(where(read_question(connection, alone)), state, directive_facts.c.issued)
    joined = facts.join(actors, actors.c.directive == facts.c.id)
    query = select(actors.c.who, facts.c.state, func.count()).select_from(joined).where(*conditions)
    found: dict[str, Counter[DeadlineState]] = defaultdict(Counter)
    for who, name, count in connection.execute(query.group_by(actors.c.who, facts.c.state)):
        found[who][name] += count
    busiest = sorted(found, key=lambda who: (-found[who].total(), who))
    labels = labels_of(connection, {"who": busiest[:_MOST], "issuer": ()})
    burdens = tuple(Burden(who, labels["who", who], dict(found[who])) for who in busiest[:_MOST])
    query = select(actors.c.who, facts.c.issued, func.count()).select_from(joined).where(*conditions)
    query = query.where(actors.c.who.in_(busiest[:_DRAWN])).group_by(actors.c.who, facts.c.issued)
    months: dict[str, list[tuple[dt.date | None, int]]] = {who: [] for who in busiest[:_DRAWN]}
    for who, day, count in connection.execute(query):
        months[who].append((day, count))
    return burdens, len(found), {who: _by_month(days) for who, days in months.items()}


def _by_month(rows: Iterable[Any]) -> dict[Month, int]:
    months: Counter[Month] = Counter()
    for day, count in rows:
        if isinstance(day, dt.date):
            months[day.year, day.month] += count
    return dict(sorted(months.items()))


def _topics(connection: Connection, question: Question) -> dict[str, dict[int, int]]:
    """Return how many weaknesses of each topic the notices name, by year; conditions on directives are left out."""
    heads = Question(
        what="notices",
        years=question.years,
        provinces=question.provinces,
        issuers=question.issuers,
        document_types=question.document_types,
        issued_from=question.issued_from,
        issued_to=question.issued_to,
        as_of=question.as_of,
    )
    conditions = where(read_question(connection, heads))
    year, topic = notice_facts.c.year, weakness_facts.c.topic
    query = select(topic, year, func.count()).join_from(
        weakness_facts, notice_facts, notice_facts.c.id == weakness_facts.c.notice
    )
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for name, when, count in connection.execute(query.where(*conditions, year.is_not(None)).group_by(topic, year)):
        found[name][int(when)] = int(count)
    return dict(sorted(found.items(), key=lambda item: -sum(item[1].values())))
