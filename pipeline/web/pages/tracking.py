"""Who must do what by when, as of any day: by body and state, what is due next, a month, and charts over the years."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from pipeline.store import DeadlineState, Question, Row, state_of
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
    """A day of the month's page, with how much is due on it and the search that finds it."""

    day: dt.date
    count: int
    state: DeadlineState
    address: str


def tracking(request: Request) -> Response:
    """Show what is tracked under the conditions of the address."""
    site = site_of(request)
    today = dt.datetime.now().astimezone().date()
    question = _question(request, today)
    tracked = site.store.track(question)
    everything = site.store.facets(Question())
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
        weeks=_weeks(tracked.days, month, to_search),
        before=_address(question, today, month, -1),
        after=_address(question, today, month, 1),
        query=permalink.write_question(question, today),
        bodies=_drawn([(burden.label, burden.issued) for burden in tracked.burdens if burden.issued]),
        due=_drawn(_by_due(tracked.days, question.as_of)),
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


def _weeks(days: Mapping[dt.date, int], month: Month, to_search: _Search) -> list[list[Day | None]]:
    """Return the weeks of a month, Mondays first; None for days of other months."""
    return [
        [
            Day(
                day,
                days.get(day, 0),
                state_of(day, None, to_search.question),
                to_search(due_from=day, due_to=day),
            )
            if day.month == month[1]
            else None
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(*month)
    ]


def _by_due(days: Mapping[dt.date, int], as_of: dt.date) -> list[tuple[str, Mapping[Month, int]]]:
    """Return what is due by month, what is past as of a day apart from what is not."""
    past, ahead = Counter[Month](), Counter[Month]()
    for day, count in days.items():
        (past if day < as_of else ahead)[day.year, day.month] += count
    return [(mark("Before this day"), past), (mark("From this day on"), ahead)]


def _drawn(series: Sequence[tuple[str, Mapping[Month, int]]]) -> Drawn | None:
    """Return a chart of counts by month, or by year where there are too many months; None where nothing is counted."""
    months = sorted({month for _, counts in series for month in counts})
    if not months:
        return None
    by_year = (months[-1][0] - months[0][0]) * 12 + months[-1][1] - months[0][1] >= _MONTHS
    spans = _spans(months[0], months[-1], by_year=by_year)
    named = [(name, [_sum(counts, span) for span in spans]) for name, counts in series]
    labels = [f"{year}" if by_year else f"{month:02d}/{year}" for year, month in spans]
    return Drawn(columns(labels, [counts for _, counts in named]), labels, named)


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
