"""How many hits have which value, each facet counted under all conditions but its own.

What is of a notice's head is the same for all its directives, so that those facets need one count of hits a notice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, get_args

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from pipeline.store.conditions import Asked, in_order, is_key, on_actor, read_question, state_column, state_of, where
from pipeline.store.database import Database
from pipeline.store.facts import SAME, actors, bodies, directive_facts, notice_facts
from pipeline.store.question import FACETS, DeadlineState, FacetValue, Question
from pipeline.store.tables import assignees, notices
from pipeline.store.work import pairs

Counts = dict[str, Counter[str]]

MOST = 50
"""Values told of one facet, besides those that are asked for."""
_HEADS: Mapping[str, str] = {
    "year": "years",
    "province": "provinces",
    "issuer": "issuers",
    "document_type": "document_types",
    "origin": "origins",
}
"""Facets of a notice's head, and what of a question asks for them."""
_NO_HEAD: Mapping[str, Any] = {**dict.fromkeys(_HEADS.values(), ()), "weakness": None}
_NO_WORDS: Mapping[str, Any] = {"words": "", "issued_from": None, "issued_to": None, **_NO_HEAD}
_NO_DEADLINE: Mapping[str, Any] = {"states": (), "recurrences": ()}
_NO_ACTOR: Mapping[str, Any] = {"who": (), "role": None}
_NO_DIRECTIVE: Mapping[str, Any] = {**_NO_DEADLINE, **_NO_ACTOR, "due_from": None, "due_to": None}
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "state": get_args(DeadlineState),
    "role": ("lead", "support"),
    "weakness": ("yes", "no"),
}


Facets = dict[str, list[FacetValue]]


def facets(database: Database, question: Question) -> Facets:
    """Return the values of each facet of `FACETS`: the most frequent ones first, years the latest first."""
    counts: Counts = {}
    with ThreadPoolExecutor(len(_PASSES)) as threads:
        for counted in threads.map(lambda count: _count(database, count, question), _PASSES):
            counts |= counted
    values = {facet: _select(facet, counts[facet], _chosen(facet, question)) for facet in FACETS}
    with database.read() as connection:
        labels = labels_of(connection, values)
    return {
        facet: [FacetValue(value, labels.get((facet, value), value), counts[facet][value]) for value in values[facet]]
        for facet in FACETS
    }


def _count(database: Database, count: Callable[[Connection, Question], Counts], question: Question) -> Counts:
    with database.read() as connection:
        return count(connection, question)


def _count_heads(connection: Connection, question: Question) -> Counts:
    """Count by what a notice's head says, and by whether it states weaknesses."""
    counts: Counts = {facet: Counter() for facet in (*_HEADS, "weakness")}
    hits = _hits_by_notice(connection, replace(question, **_NO_HEAD))
    wanted = {facet: frozenset(_chosen(facet, question)) for facet in counts}
    columns = (notice_facts.c[name] for name in (*_HEADS, "weaknesses"))
    for number, directives, *head in connection.execute(select(notice_facts.c.id, notice_facts.c.directives, *columns)):
        found = (directives if question.what == "directives" else 1) if hits is None else hits.get(number, 0)
        if not found:
            continue
        values = {facet: _text(value) for facet, value in zip(_HEADS, head, strict=False)}
        values["weakness"] = "yes" if head[-1] else "no"
        missed = [facet for facet, some in wanted.items() if some and values[facet] not in some]
        for facet in missed or counts:
            value = values[facet]
            if len(missed) < 2 and value is not None:
                counts[facet][value] += found
    return counts


def _read(connection: Connection, question: Question) -> Asked:
    """Return a question read for counting, which goes through all hits of its words and not through the rows."""
    return replace(read_question(connection, question), common=False)


def _hits_by_notice(connection: Connection, question: Question) -> dict[int, int] | None:
    """Return how many hits each notice has; None if everything is found."""
    conditions = where(_read(connection, question))
    if not conditions:
        return None
    if question.what == "notices":
        return dict.fromkeys(connection.execute(select(notice_facts.c.id).where(*conditions)).scalars(), 1)
    notice = directive_facts.c.notice
    rows = connection.execute(select(notice, func.count()).where(*conditions).group_by(notice))
    return pairs(rows)


def _inside(connection: Connection, question: Question) -> list[ColumnElement[bool]]:
    """Return the conditions on directives: those that are found, or those for which their notices are."""
    if question.what == "directives":
        return where(_read(connection, question))
    inner = where(_read(connection, replace(question, what="directives", **_NO_WORDS)))
    outer = where(_read(connection, replace(question, **_NO_DIRECTIVE)))
    if outer:
        inner.append(directive_facts.c.notice.in_(select(notice_facts.c.id).where(*outer)))
    return inner


def _count_deadlines(connection: Connection, question: Question) -> Counts:
    """Count by state and by rhythm."""
    if question.what == "notices":
        return _count_notices_by_deadline(connection, question)
    due, rhythm = directive_facts.c.due, directive_facts.c.recurrence
    conditions = _inside(connection, replace(question, **_NO_DEADLINE))
    query = select(due, rhythm, func.count()).where(*conditions).group_by(due, rhythm)
    counts: Counts = {"state": Counter(), "recurrence": Counter()}
    for day, recurrence, count in connection.execute(query):
        state = state_of(day, recurrence, question)
        if not question.recurrences or recurrence in question.recurrences:
            counts["state"][state] += count
        if recurrence and (not question.states or state in question.states):
            counts["recurrence"][recurrence] += count
    return counts


def _count_notices_by_deadline(connection: Connection, question: Question) -> Counts:
    """Count notices; for each it is told first which states its directives have, which goes in one pass."""
    notice, rhythm = directive_facts.c.notice, directive_facts.c.recurrence
    states, state = get_args(DeadlineState), state_column(question)
    has = (func.max(case((state == name, 1), else_=0)).label(name) for name in states)
    each = select(notice, *has).where(*_inside(connection, replace(question, states=()))).group_by(notice).subquery()
    totals = connection.execute(select(*(func.sum(each.c[name]) for name in states))).one()
    rhythmic = [*_inside(connection, replace(question, recurrences=())), rhythm.is_not(None)]
    by_rhythm = select(rhythm, func.count(notice.distinct())).where(*rhythmic).group_by(rhythm)
    by_state = {name: int(total) for name, total in zip(states, totals, strict=True) if total}
    return {"state": Counter(by_state), "recurrence": _counter(connection, by_rhythm)}


def _count_actors(connection: Connection, question: Question) -> Counts:
    """Count by who must act, and by whether they lead; both are conditions on the same one."""
    conditions = _inside(connection, replace(question, **_NO_ACTOR))
    if _is_inside_notices(question):
        return {"who": _count_distinct(connection, "who", replace(question, who=()), conditions)}
    counts: Counts = {"who": Counter(), "role": Counter()}
    firsts = (func.sum(case((actors.c.again.op("&")(bit) == 0, 1), else_=0)) for bit in SAME[question.what])
    query = _acting(select(actors.c.who, actors.c.role, *firsts), conditions).group_by(actors.c.who, actors.c.role)
    for who, role, first_who, first_both, first_role in connection.execute(query):
        if who and question.role in (None, role):
            counts["who"][who] += int(first_both if question.role else first_who)
        if question.who in ((), (who,)):
            counts["role"][role] += int(first_both if question.who else first_role)
    counts["who"] = +counts["who"]  # without those of whom there is none
    return counts


def _count_roles(connection: Connection, question: Question) -> Counts:
    """Count by role where rows do not tell it: of names, of several bodies, and of some directives of notices."""
    if all(map(is_key, question.who)) and len(question.who) < 2 and not _is_inside_notices(question):
        return {}
    conditions = _inside(connection, replace(question, **_NO_ACTOR))
    return {"role": _count_distinct(connection, "role", replace(question, role=None), conditions)}


def _is_inside_notices(question: Question) -> bool:
    """Tell whether notices are asked for by something of their directives besides who must act."""
    asked = (getattr(question, name) for name in (*_NO_DEADLINE, "due_from", "due_to"))
    return question.what == "notices" and any(asked)


def _count_distinct(
    connection: Connection, facet: str, question: Question, conditions: list[ColumnElement[bool]]
) -> Counter[str]:
    """Count the same by telling hits apart, which takes longer."""
    found = in_order(conditions, directive_facts.c.notice)
    told_apart = found.c.notice if question.what == "notices" else found.c.id
    query = select(actors.c[facet], func.count(told_apart.distinct())).where(*on_actor(question))
    query = query.select_from(found.join(actors, actors.c.directive == found.c.id))
    return _counter(connection, query.group_by(actors.c[facet]))


def _acting(query: Select[Any], conditions: list[ColumnElement[bool]]) -> Select[Any]:
    if not conditions:
        return query
    found = in_order(conditions, directive_facts.c.notice)
    return query.select_from(found.join(actors, actors.c.directive == found.c.id))


def _counter(connection: Connection, query: Any) -> Counter[str]:
    return Counter({value: count for value, count in connection.execute(query) if value})


def _text(value: int | str | None) -> str | None:
    return None if value in (None, "") else str(value)


def _chosen(facet: str, question: Question) -> tuple[str, ...]:
    """Return the values of a facet that are asked for."""
    if facet in _HEADS:
        return tuple(map(str, getattr(question, _HEADS[facet])))
    return {
        "who": question.who,
        "role": (question.role,) if question.role else (),
        "state": question.states,
        "recurrence": question.recurrences,
        "weakness": () if question.weakness is None else ("yes" if question.weakness else "no",),
    }[facet]


def _select(facet: str, counts: Counter[str], chosen: Iterable[str]) -> list[str]:
    """Return the values that are told, in their order."""
    order = _ORDERS.get(facet)
    if order:
        return [value for value in order if counts[value] or value in chosen]
    values = sorted(counts, key=lambda value: (-counts[value], value))
    told = list(dict.fromkeys([*values[:MOST], *chosen]))
    if facet == "year":
        return sorted(told, key=int, reverse=True)
    return sorted(told, key=lambda value: (-counts[value], value))


_PASSES = (_count_actors, _count_heads, _count_deadlines, _count_roles)
"""What goes through the hits; at the same time, since each waits for the database only. What comes later, holds."""


def labels_of(connection: Connection, values: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], str]:
    """Return what people are shown for bodies: the canonical name, or one as it is printed."""
    labels: dict[tuple[str, str], str] = {}
    printed = {"who": (assignees.c.folded, assignees.c.name), "issuer": (notices.c.body_folded, notices.c.issuing_body)}
    for facet, (folded, name) in printed.items():
        query = select(bodies.c.key, bodies.c.name).where(bodies.c.key.in_(values[facet]))
        known = pairs(connection.execute(query))
        for value in values[facet]:
            label = known.get(value) or connection.execute(select(name).where(folded == value).limit(1)).scalar()
            labels[facet, value] = label or value
    return labels
