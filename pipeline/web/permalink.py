"""A question as an address and back: whoever has the address has the search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from pipeline.store.question import SOON_DAYS, DeadlineState, Question, Sort
from pipeline.web.i18n import mark

PAGE = 20
"""Hits on one page."""
_LONGEST, _MOST = 400, 30
"""Characters of one value, and values of one condition, that are taken."""
_LAST_PAGE = 500

MANY: dict[str, str] = {
    "who": "who",
    "year": "years",
    "province": "provinces",
    "issuer": "issuers",
    "document_type": "document_types",
    "origin": "origins",
    "state": "states",
    "recurrence": "recurrences",
}
"""Conditions that take several values: name in the address -> name in the question."""
DAYS: dict[str, str] = {
    "issued_from": mark("Issued from"),
    "issued_to": mark("Issued until"),
    "due_from": mark("Due from"),
    "due_to": mark("Due until"),
}
"""Conditions that are days, and what they are called; their names are the same in both."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in effect: its facet, its value, and the address of the search without it."""

    facet: str
    value: str
    without: str


def read_question(params: QueryParams, today: dt.date) -> Question:
    """Return the question that an address asks; what cannot be understood is left out."""
    many: dict[str, Any] = {field: tuple(_values(params, name)) for name, field in MANY.items()}
    many["years"] = tuple(int(year) for year in many["years"] if year.isdecimal() and len(year) <= 4)
    many["states"] = tuple(state for state in many["states"] if state in get_args(DeadlineState))
    role, weakness = params.get("role", ""), params.get("weakness", "")
    page = params.get("page", "1")
    days: dict[str, Any] = {name: _day(params.get(name)) for name in DAYS}
    return Question(
        what="notices" if params.get("what") == "notices" else "directives",
        words=params.get("q", "")[:_LONGEST].strip(),
        role=role if role in {"lead", "support"} else None,  # type: ignore[arg-type]
        weakness=weakness == "yes" if weakness in {"yes", "no"} else None,
        as_of=_day(params.get("as_of")) or today,
        soon_days=_within(params.get("soon", ""), 1, 366) or SOON_DAYS,
        sort=_sort(params.get("sort", "best")),
        limit=PAGE,
        offset=((_within(page, 1, _LAST_PAGE) or 1) - 1) * PAGE,
        **many,
        **days,
    )


def write_question(question: Question, today: dt.date) -> str:
    """Return the question as the query of an address; the same question gives the same one."""
    pairs = [("what", question.what if question.what != "directives" else ""), ("q", question.words)]
    pairs += [(name, str(value)) for name, field in MANY.items() for value in getattr(question, field)]
    weakness = "" if question.weakness is None else "yes" if question.weakness else "no"
    pairs += [("role", question.role or ""), ("weakness", weakness)]
    pairs += [(name, getattr(question, name).isoformat()) for name in DAYS if getattr(question, name)]
    pairs += [("as_of", question.as_of.isoformat() if question.as_of != today else "")]
    pairs += [("soon", str(question.soon_days) if question.soon_days != SOON_DAYS else "")]
    pairs += [("sort", question.sort if question.sort != "best" else "")]
    pairs += [("page", str(page_of(question)) if question.offset else "")]
    return urlencode([(name, value) for name, value in pairs if value])


def page_of(question: Question) -> int:
    """Return which page a question asks for, from 1."""
    return question.offset // PAGE + 1


def on_page(question: Question, page: int) -> Question:
    """Return the question for another page."""
    return replace(question, offset=(page - 1) * PAGE)


def is_last_page(page: int) -> bool:
    """Tell whether no address leads further, however many hits there are."""
    return page >= _LAST_PAGE


def chips(question: Question, today: dt.date) -> list[Chip]:
    """Return the conditions in effect, each with the address of the search without it."""
    start = replace(question, offset=0)
    return [Chip(facet, value, write_question(replace(start, **change), today)) for facet, value, change in _set(start)]


def _set(question: Question) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield each condition in effect with what takes it away."""
    for name, field in MANY.items():
        values = getattr(question, field)
        for value in values:
            yield name, str(value), {field: tuple(other for other in values if other != value)}
    if question.role:
        yield "role", question.role, {"role": None}
    if question.weakness is not None:
        yield "weakness", "yes" if question.weakness else "no", {"weakness": None}
    for name in DAYS:
        if day := getattr(question, name):
            yield name, day.isoformat(), {name: None}


def _values(params: QueryParams, name: str) -> Iterable[str]:
    return dict.fromkeys(value[:_LONGEST] for value in params.getlist(name)[:_MOST] if value.strip())


def _sort(asked: str) -> Sort:
    return asked if asked in get_args(Sort) else "best"  # type: ignore[return-value]


def _day(asked: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(asked) if asked else None
    except ValueError:
        return None


def _within(asked: str, least: int, most: int) -> int | None:
    """Return a number from a form, where it is one and between the two."""
    return int(asked) if asked.isdecimal() and len(asked) < 6 and least <= int(asked) <= most else None
