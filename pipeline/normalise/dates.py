"""Dates as Vietnamese notices print them: 25/9/2020, 25-9-2020, ngày 15 tháng 12 năm 2016, 03 đến 05/6/2021.

Patterns are for the lower-case view of a text. What a text leaves out stays unknown; nothing is guessed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

_DATE = re.compile(
    r"(?<![\d/.,])(?P<day>\d{1,2})"
    r"(?:\s?(?P<mark>[/.\-])\s?|\s+tháng\s+)(?P<month>\d{1,2})"
    r"(?:(?:\s?[/.\-]\s?|\s*,?\s*năm\s+)(?P<year>(?:19|20)\d{2}))?(?![\d/])"
)
EARLIEST, LATEST = 1945, 2100


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date in a text; `year` is None where it is not printed."""

    start: int
    end: int
    day: int
    month: int
    year: int | None

    @property
    def date(self) -> dt.date | None:
        """The day; None without a year, or where there is no such day."""
        return make_date(self.year, self.month, self.day)


def make_date(year: int | None, month: int, day: int) -> dt.date | None:
    """Return the day, or None where it is not fully known, does not exist or is out of all likelihood."""
    if year is None or not EARLIEST <= year <= LATEST or not 1 <= month <= 12:
        return None
    return dt.date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def last_day(year: int, month: int) -> dt.date:
    """Return the last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def find_dates(plain: str, start: int = 0, end: int | None = None) -> list[PrintedDate]:
    """Return the dates in ``plain[start:end]``, in order; those that cannot be days are left out."""
    found = []
    for match in _DATE.finditer(plain, start, len(plain) if end is None else end):
        year = int(match["year"]) if match["year"] else None
        if year is None and match["mark"] in {".", "-"}:
            continue  # "1.2" and "2-3" are more often labels and counts than days
        day, month = int(match["day"]), int(match["month"])
        if make_date(year or 2000, month, day) is not None:
            found.append(PrintedDate(match.start(), match.end(), day, month, year))
    return found


_RANGE = re.compile(
    r"(?<![\d/])(?P<day>\d{1,2})(?:\s?[/.\-]\s?(?P<month>\d{1,2}))?(?:\s?[/.\-]\s?(?P<year>(?:19|20)\d{2}))?"
    r"(?:\s+tháng\s+(?P<wmonth>\d{1,2}))?(?:\s+năm\s+(?P<wyear>(?:19|20)\d{2}))?"
    r"\s*(?:,\s*\d{1,2}\s*)*(?:đến hết|đến|tới|[-–]|và|,)\s*(?:hết\s+)?(?:ngày\s+)?$"
)


def range_start(plain: str, last: PrintedDate, since: int = 0) -> PrintedDate | None:
    """Return the first day of a range whose last day is `last`: "từ ngày 03 đến 05/6/2021", "3-4/6", "02 và 03 …".

    Month and year that the first day leaves out are those of the last.
    """
    found = _RANGE.search(plain, max(since, last.start - 60), last.start)
    if found is None:
        return None
    month = found.group("month") or found.group("wmonth")
    year = found.group("year") or found.group("wyear")
    first = PrintedDate(
        found.start(),
        last.end,
        int(found.group("day")),
        int(month) if month else last.month,
        int(year) if year else last.year,
    )
    a, b = first.date, last.date
    return first if a is not None and b is not None and a < b else None
