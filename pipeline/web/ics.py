"""Deadlines as a calendar that other programs read (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from icalendar import Calendar, Event

from pipeline.store import Row
from pipeline.web.render import visible

_LONGEST = 120
"""Characters of a directive in a title; the whole stands in the description."""


def calendar(rows: Iterable[Row], name: str, now: dt.datetime, address: Callable[[Row], str]) -> bytes:
    """Return the directives that have a day, each as a day of the calendar under a name that stays the same.

    A rhythm ("monthly") is no day: a notice that states only this is not in the calendar.
    """
    made = Calendar()
    made.add("prodid", "-//chidao//deadlines//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for row in rows:
        if row.due is not None:
            made.add_component(_event(row, now, address(row)))
    return bytes(made.to_ical())


def _event(row: Row, now: dt.datetime, address: str) -> Event:
    event = Event()
    event.add("uid", f"{row.sha256[:32]}-{row.ordinal}@chidao")
    event.add("dtstamp", now)
    event.add("dtstart", row.due)
    if row.due is not None and row.due < dt.date.max:
        event.add("dtend", row.due + dt.timedelta(days=1))
    who = ", ".join(actor.name for actor in row.actors if actor.role == "lead")
    text = row.text if len(row.text) <= _LONGEST else row.text[: _LONGEST - 1] + "…"
    event.add("summary", visible(f"{who}: {text}" if who else text))
    source = " · ".join(part for part in (row.document_number or row.name, row.issuing_body) if part)
    event.add("description", visible(f"{row.text}\n\n{row.deadline_text or ''}\n{source}\n{address}"))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event
