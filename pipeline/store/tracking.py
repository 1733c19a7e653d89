"""What is to be done by whom and by when, counted as of a day: by body and state, by month, and weaknesses by topic."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.store.conditions import in_order, on_actor, read_question, state_column, state_of, where
from pipeline.store.database import Database
from pipeline.store.facets import labels_of
from pipeline.store.facts import SAME, actors, directive_facts, notice_facts
from pipeline.store.question import DeadlineState, Question
from pipeline.store.topics import weakness_facts

_MOST = 25
"""Bodies that are told, those with the most to do."""
_DRAWN = 5
"""Bodies of which each month is told."""
Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Burden:
    """How many directives a body has in each state; `value` is what it is asked for by, `label` what it is called.

    `issued` counts those of the busiest bodies by the month in which they were issued; of others it is empty.
    """

    value: str
    label: str
    states: dict[DeadlineState, int]
    issued: dict[Month, int]

    @property
    def total(self) -> int:
        """How many there are in all states."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Tracked:
    """What is tracked under the conditions of a question: the `burdens` of the busiest of so many `bodies`.

    `days` counts directives by the day on which they are due, `topics` weaknesses by topic and year of issue.
    """

    states: dict[DeadlineState, int]
    burdens: tuple[Burden, ...]
    bodies: int
    days: dict[dt.date, int]
    topics: dict[str, dict[int, int]]


def track(database: Database, question: Question) -> Tracked:
    """Count what a question finds; what goes through actors and what through directives at the same time."""
    with ThreadPoolExecutor(1) as other:
        acting = other.submit(_in_transaction, database, _count_actors, question)
        states, days, topics = _in_transaction(database, _count_directives, question)
        burdens, bodies = acting.result()
    return Tracked(states, burdens, bodies, days, topics)


def _in_transaction(database: Database, count: Callable[[Connection, Question], Any], question: Question) -> Any:
    with database.read() as connection:
        return count(connection, question)


def _count_directives(connection: Connection, question: Question) -> tuple[Any, ...]:
    due, rhythm = directive_facts.c.due, directive_facts.c.recurrence
    conditions = where(read_question(connection, question))
    query = select(due, rhythm, func.count()).where(*conditions).group_by(due, rhythm).order_by(due)
    states: Counter[DeadlineState] = Counter()
    days: Counter[dt.date] = Counter()
    for day, recurrence, count in connection.execute(query):
        states[state_of(day, recurrence, question)] += count
        if day is not None:
            days[day] += count
    return dict(states), dict(days), _topics(connection, question)


def _count_actors(connection: Connection, question: Question) -> tuple[tuple[Burden, ...], int]:
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
    query = select(actors.c.who, facts.c.issued, func.count()).select_from(joined).where(*conditions)
    query = query.where(actors.c.who.in_(busiest[:_DRAWN])).group_by(actors.c.who, facts.c.issued)
    months: dict[str, Counter[Month]] = defaultdict(Counter)
    for who, day, count in connection.execute(query):
        if day is not None:
            months[who][day.year, day.month] += count
    burdens = (Burden(who, labels["who", who], dict(found[who]), dict(months[who])) for who in busiest[:_MOST])
    return tuple(burdens), len(found)


def _topics(connection: Connection, question: Question) -> dict[str, dict[int, int]]:
    """Return how many weaknesses of each topic the notices name, by year; conditions on directives are left out."""
    heads = replace(question, what="notices", words="", who=(), role=None, due_from=None, due_to=None)
    conditions = where(read_question(connection, heads))
    year, topic = notice_facts.c.year, weakness_facts.c.topic
    query = select(topic, year, func.count()).join_from(
        weakness_facts, notice_facts, notice_facts.c.id == weakness_facts.c.notice
    )
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for name, when, count in connection.execute(query.where(*conditions, year.is_not(None)).group_by(topic, year)):
        found[name][int(when)] = int(count)
    return dict(sorted(found.items(), key=lambda item: -sum(item[1].values())))
