"""Who must do what by when, as of any day: by body and state, what is due next, a month, and charts over the years."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from pipeline.store import DeadlineState, Question, Row, Tracked
from pipeline.web import permalink
from pipeline.web.charts import Chart, columns
from pipeline.web.downloads import attachment
from pipeline.web.i18n import mark
from pipeline.web.ics import calendar as to_ics
from pipeline.web.render import render
from pipeline.web.site import site_of

STATES: tuple[DeadlineState, ...] = get_args(DeadlineState)
_NEXT = 5
"""Directives that are due next."""
_IN_MONTH = 400
_IN_CALENDAR = 5_000
_MONTHS = 30
"""Months above which a chart has years instead."""
_LAST_YEAR = 9998
"""The calendar ends within the weeks of the next one."""
_HEAT = 5
_YEARS = 15
"""Years of weaknesses that are shown, the last ones that have some."""

Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with the figures that it shows: `labels` of the columns, and of each series its name and counts."""

    chart: Chart
    labels: list[str]
    series: list[tuple[str, list[int]]]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month's page; `address` is the search for what is due on it."""

    day: dt.date
    rows: tuple[Row, ...]
    address: str


def tracking(request: Request) -> Response:
    """Show what is tracked under the conditions of the address."""
    site = site_of(request)
    today = dt.datetime.now().astimezone().date()
    question = _question(request, today)
    tracked = site.store.track(question)
    everything = site.store.facets(Question(as_of=question.as_of))
    month = _month(request.query_params.get("month", ""), question.as_of)
    to_search = _Search(question, today)
    following = site.store.ask(replace(question, due_from=question.as_of, sort="due", limit=_NEXT))
    return render(
        request,
        "tracking.html",
        active="tracking",
        question=question,
        today=today,
        states=STATES,
        tracked=tracked,
        to_search=to_search,
        choices={name: everything[name] for name in ("year", "province")},
        names={burden.value: burden.label for burden in tracked.burdens},
        chips=permalink.chips(replace(question, as_of=today), today),
        following=following.rows,
        month=dt.date(*month, 1),
        weeks=_weeks(site.store.ask(_in_month(question, month)).rows, month, to_search),
        before=_address(question, today, month, -1),
        after=_address(question, today, month, 1),
        query=permalink.write_question(question, today),
        bodies=_by_body(tracked),
        due=_drawn({"": tracked.due}, question.as_of),
        topics=_topics(tracked.topics),
    )


def tracking_ics(request: Request) -> Response:
    """Give the days under the conditions of the address as a calendar; of more than it takes, those that lie ahead."""
    site = site_of(request)
    today = dt.datetime.now().astimezone().date()
    question = _question(request, today)
    asked = replace(question, due_from=question.due_from or dt.date.min, sort="due", limit=_IN_CALENDAR)
    answer = site.store.ask(asked)
    if answer.total > _IN_CALENDAR and question.due_from is None:
        answer = site.store.ask(replace(asked, due_from=question.as_of))
    now = dt.datetime.now(dt.UTC)

    def address(row: Row) -> str:
        return f"{request.url_for('notice', sha256=row.sha256)}#f-directives-{row.ordinal}"

    headers = attachment(f"chidao-{today.isoformat()}.ics")
    return Response(
        to_ics(answer.rows, "chidao", now, address), media_type="text/calendar; charset=utf-8", headers=headers
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """Addresses of searches under the same conditions and some more."""

    question: Question
    today: dt.date

    def __call__(self, **more: Any) -> str:
        """Return the address; `who`, `states` and days as the question has them."""
        return f"/?{permalink.write_question(replace(self.question, **more), self.today)}"


def _question(request: Request, today: dt.date) -> Question:
    """Return what the address asks; pages, order and states are not for this page."""
    question = permalink.read_question(request.query_params, today)
    return replace(question, what="directives", states=(), recurrences=(), offset=0, sort="best")


def _month(asked: str, as_of: dt.date) -> Month:
    """Return the month that is asked for, else that of the day."""
    year, _, month = asked.partition("-")
    if (
        year.isdecimal()
        and month.isdecimal()
        and len(asked) == 7
        and 1 <= int(month) <= 12
        and 1 < int(year) <= _LAST_YEAR
    ):
        return int(year), int(month)
    return min(as_of.year, _LAST_YEAR), as_of.month


def _address(question: Question, today: dt.date, month: Month, step: int) -> str:
    """Return the query of the page for a month before or after."""
    number = month[0] * 12 + month[1] - 1 + step
    pairs = parse_qsl(permalink.write_question(question, today))
    return urlencode([*pairs, ("month", f"{number // 12:04d}-{number % 12 + 1:02d}")])


def _in_month(question: Question, month: Month) -> Question:
    """Return what is due in a month and meets the question's own days."""
    first = dt.date(*month, 1)
    last = dt.date(*month, calendar.monthrange(*month)[1])
    return replace(
        question,
        due_from=max(first, question.due_from or first),
        due_to=min(last, question.due_to or last),
        sort="due",
        limit=_IN_MONTH,
    )


def _weeks(rows: Sequence[Row], month: Month, to_search: _Search) -> list[list[Day | None]]:
    """Return the weeks of a month, Mondays first; None for days of other months."""
    by_day = {day: tuple(found) for day, found in groupby(rows, lambda row: row.due)}
    weeks = calendar.Calendar().monthdatescalendar(*month)
    return [
        [
            Day(day, by_day.get(day, ()), to_search(due_from=day, due_to=day)) if day.month == month[1] else None
            for day in week
        ]
        for week in weeks
    ]


def _by_body(tracked: Tracked) -> Drawn | None:
    """Return the directives by month of issue, of the busiest bodies apart; one for several counts for each."""
    labels = {burden.value: burden.label for burden in tracked.burdens}
    series = {labels.get(who, who): months for who, months in tracked.by_body.items()}
    return _drawn(series, None) if series else None


def _drawn(series: Mapping[str, Mapping[Month, int]], as_of: dt.date | None) -> Drawn | None:
    """Return a chart of counts by month, or by year where there are too many months.

    As of a day, the only series is divided into what is past by then and what is not.
    """
    months = sorted({month for counts in series.values() for month in counts})
    if not months:
        return None
    by_year = (months[-1][0] - months[0][0]) * 12 + months[-1][1] - months[0][1] >= _MONTHS
    spans = _spans(months[0], months[-1], by_year=by_year)
    named = [(name, [_sum(counts, span) for span in spans]) for name, counts in series.items()]
    if as_of is not None:
        (_, counts), now = named[0], (as_of.year, 0 if by_year else as_of.month)
        past = [count if span < now else 0 for span, count in zip(spans, counts, strict=True)]
        named = [(mark("Before this day"), past), (mark("From this day on"), _minus(counts, past))]
    labels = [f"{year}" if by_year else f"{month:02d}/{year}" for year, month in spans]
    return Drawn(columns(labels, [counts for _, counts in named]), labels, named)


def _minus(counts: Sequence[int], others: Sequence[int]) -> list[int]:
    return [count - other for count, other in zip(counts, others, strict=True)]


def _spans(first: Month, last: Month, *, by_year: bool) -> list[Month]:
    """Return all months from the first to the last, or all years, whose month is 0."""
    if by_year:
        return [(year, 0) for year in range(first[0], last[0] + 1)]
    numbers = range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])
    return [(number // 12, number % 12 + 1) for number in numbers]


def _sum(counts: Mapping[Month, int], span: Month) -> int:
    year, month = span
    return counts.get(span, 0) if month else sum(count for (when, _), count in counts.items() if when == year)


def _topics(topics: Mapping[str, Mapping[int, int]]) -> dict[str, Any] | None:
    """Return how often weaknesses of a topic were named in a year, each figure with how much it stands out."""
    years = sorted({year for counts in topics.values() for year in counts})
    if not years:
        return None
    shown = years[-_YEARS:]
    most = max(count for counts in topics.values() for count in counts.values())
    rows = [
        (topic, [(year, counts.get(year, 0), -(-counts.get(year, 0) * _HEAT // most)) for year in shown])
        for topic, counts in topics.items()
        if any(year in counts for year in shown)
    ]
    return {"years": shown, "rows": rows}
