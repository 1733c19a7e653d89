"""Time limits: the words that set one, and the day or rhythm that they mean."""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass

from pipeline.language import alternatives, load
from pipeline.normalise.dates import PrintedDate, find_dates, last_day, make_date
from pipeline.notice import Recurrence

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?:\s*/\s*|\s+năm\s+|\s+)(?P<year>(?:19|20)\d{2})"
_PERIOD = re.compile(
    rf"(?P<part>(?:cuối|đầu|giữa|hết|hết\s+cuối)\s+)?"
    rf"(?:tháng\s+(?P<month>\d{{1,2}})(?!\s*/\s*\d{{1,2}}\s*/)(?:{_YEAR})?(?!\d)"
    rf"|quý\s+(?P<quarter>iv|iii|ii|i|[1-4])(?!\w)(?:{_YEAR.replace('year', 'qyear')})?"
    rf"|năm\s+(?P<only>(?:19|20)\d{{2}})(?!\d|\s*[-–]\s*\d))"
)


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A time limit in a text, before its year is known: a day, the end of a period, or a rhythm."""

    start: int
    end: int
    day: int | None = None
    month: int | None = None
    year: int | None = None
    recurrence: Recurrence | None = None
    ahead: int | None = None
    """Months from the month of the notice to the one whose end is meant: 0 in "trong tháng này"."""

    def due(self, reference: dt.date | None) -> dt.date | None:
        """Return the last day allowed; a missing year is the first in which it is not before `reference`."""
        if self.ahead is not None and reference is not None:
            months = reference.year * 12 + reference.month - 1 + self.ahead
            return last_day(months // 12, months % 12 + 1)
        if self.recurrence is not None or self.month is None:
            return None
        if self.year is not None:
            return self._in_year(self.year)
        if reference is None:
            return None
        days = (self._in_year(year) for year in range(reference.year, reference.year + 5))
        return next((day for day in days if day is not None and day >= reference), None)

    def _in_year(self, year: int) -> dt.date | None:
        if self.month is None or not 1 <= self.month <= 12:
            return None
        return last_day(year, self.month) if self.day is None else make_date(year, self.month, self.day)


@functools.cache
def _before(*keys: str) -> re.Pattern[str]:
    entries = [entry for key in keys for entry in load("deadlines")[key]]
    linked = r"(?:(?:vào|là|đến|hết|các|lúc|dịp|lễ)\s+)*"
    hour = r"(?:\d{1,2}\s?(?:giờ|h)(?:\s?\d{2})?(?:\s?phút)?,?\s+)?"
    return re.compile(rf"(?<!\w){alternatives(entries)}\s+{linked}{hour}(?:ngày\s+|hết\s+)*$")


@functools.cache
def _ends() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternatives(load('deadlines')['ends'])}(?!\w)")


@functools.cache
def _descriptive() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w){alternatives(load('deadlines')['descriptive'])}\s*(?:trong|vào|của|từ|đến|cho|cuối|đầu)?\s*$"
    )


@functools.cache
def _recurrences() -> dict[Recurrence, re.Pattern[str]]:
    table = load("deadlines")["recurrence"]
    return {key: re.compile(rf"(?<!\w)(?:định kỳ\s+)?{alternatives(entries)}(?!\w)") for key, entries in table.items()}


@functools.cache
def _not_recurring() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternatives(load('deadlines')['not_recurring']['before'])}\s*$")


_CLAUSE = re.compile(r"[.;](?=\s|$)")


def find_time_limits(plain: str, start: int, end: int, excluded: list[tuple[int, int]]) -> list[TimeLimit]:
    """Return the time limits in ``plain[start:end]``, in order, outside the `excluded` spans (citations).

    `plain` is the lower-case view of the text.
    """
    found = [
        *_days(plain, start, end),
        *_periods(plain, start, end),
        *_spans_of_time(plain, start, end),
        *_rhythms(plain, start, end),
    ]
    kept = [limit for limit in found if not any(a < limit.end and limit.start < b for a, b in excluded)]
    kept.sort(key=lambda limit: (limit.start, -limit.end))
    return [limit for i, limit in enumerate(kept) if i == 0 or limit.start >= kept[i - 1].end]


def _clause_start(plain: str, start: int, at: int) -> int:
    return max((found.end() for found in _CLAUSE.finditer(plain, start, at)), default=start)


def _days(plain: str, start: int, end: int) -> list[TimeLimit]:
    """Days behind "trước ngày", "chậm nhất", or behind "đến", "vào" where the end of a task is spoken of."""
    limits = []
    for date in find_dates(plain, start, end):
        strong = _before("limits").search(plain, max(start, date.start - 40), date.start)
        weak = _before("weak_limits").search(plain, max(start, date.start - 40), date.start)
        opening = strong or (weak if _speaks_of_end(plain, start, date.start, date.end, end) else None)
        opening = opening or _closing_day(plain, start, date, end)
        if opening is not None and not _describes(plain, start, opening.start()):
            limits.append(_from_date(date, opening.start()))
    return limits


_CITING = re.compile(
    r"(?<!\w)(?:hội nghị|cuộc họp|phiên họp|buổi|kết luận|thông báo|văn bản|công văn|quyết định|báo cáo số|nghị quyết|"
    r"chỉ thị|kế hoạch|hợp đồng|biên bản|luật|nghị định|thông tư|đến nay|tính đến|từ|kể từ|đã|lễ|kỷ niệm|dự kiến)(?!\w)"
)


def _closing_day(plain: str, start: int, date: PrintedDate, end: int) -> re.Match[str] | None:
    """A bare day at the end of a clause that cites nothing: "niêm yết danh sách ngày 22/12/2014"."""
    closes = re.compile(r"\s*(?:[.;]|$)").match(plain, date.end, end)
    since = _clause_start(plain, start, date.start)
    if closes is None or _CITING.search(plain, since, date.start):
        return None
    return re.compile(r"(?:lúc \d{1,2} ?(?:giờ|h)(?: ?\d{2})? )?(?:vào )?ngày\s+$").search(
        plain, max(since, date.start - 30), date.start
    )


def _from_date(date: PrintedDate, start: int) -> TimeLimit:
    return TimeLimit(start, date.end, date.day, date.month, date.year)


_ENDS_BEHIND = re.compile(r"[^.;]{0,40}?(?:hoàn thành|phải xong|xong)|,?\s(?:phải\s)?(?:báo cáo|trình|gửi|nộp)(?!\w)")


def _speaks_of_end(plain: str, start: int, at: int, behind: int, end: int) -> bool:
    """Tell whether the clause speaks of the end of a task, before `at` or soon after `behind`."""
    before = _ends().search(plain, _clause_start(plain, start, at), at)
    return before is not None or _ENDS_BEHIND.match(plain, behind, end) is not None


_EVENT = re.compile(
    r"(?:hội nghị|cuộc họp|phiên họp|lễ|đại hội|kỳ họp|hội thảo)[^,;.]{0,80}(?:tổ chức|diễn ra|họp)\s*$"
)


def _describes(plain: str, start: int, at: int) -> bool:
    """Tell whether a period right behind only describes something: a plan, or when an event is."""
    since = max(start, at - 120)
    return (
        _descriptive().search(plain, max(start, at - 40), at) is not None or _EVENT.search(plain, since, at) is not None
    )


def _periods(plain: str, start: int, end: int) -> list[TimeLimit]:
    """Months, quarters and years behind "trong", "vào" …, or at the head of an item ("Cuối tháng 3 năm 2010:")."""
    limits = []
    for found in _PERIOD.finditer(plain, start, end):
        opening = _before("limits").search(plain, max(start, found.start() - 40), found.start())
        if found.group("only"):
            opening = _year_limit(plain, start, found)
        elif opening is None:
            opening = _weak_period(plain, start, end, found)
        strives = plain.startswith(" phấn đấu", found.end())
        if opening is not None and (strives or not _describes(plain, start, opening.start())):
            limits.append(_from_period(found, opening.start(), strictly_before=_is_before(opening.group())))
    return limits


def _is_before(words: str) -> bool:
    return words.split()[-1:] == ["trước"]


def _year_limit(plain: str, start: int, found: re.Match[str]) -> re.Match[str] | None:
    """A whole year limits a task only where its end is spoken of: "hoàn thành trong năm 2021"."""
    clause = _clause_start(plain, start, found.start())
    ends = re.compile(rf"(?<!\w){alternatives(load('deadlines')['year_ends'])}(?!\w)")
    closes = re.compile(r"\s*(?:[.;]|$)").match(plain, found.end()) is not None
    if not (closes or ends.search(plain, clause, found.start()) or plain.startswith(" phấn đấu", found.end())):
        return None
    until = found.group("part") and re.compile(r"(?<!\w)đến\s+$").search(plain, start, found.start())
    return until or _before("year_limits").search(plain, max(start, found.start() - 30), found.start())


def _weak_period(plain: str, start: int, end: int, found: re.Match[str]) -> re.Match[str] | None:
    heads = found.start() == start and found.group("part") and re.compile(r"\s*[:,]").match(plain, found.end(), end)
    if heads:
        return re.compile("").match(plain, found.start())
    if found.group("part") and _speaks_of_end(plain, start, found.start(), found.end(), end):
        return re.compile("").match(plain, found.start())
    return _before("period_limits").search(plain, max(start, found.start() - 30), found.start())


def _from_period(found: re.Match[str], start: int, *, strictly_before: bool) -> TimeLimit:
    year = found.group("year") or found.group("qyear") or found.group("only")
    if found.group("month"):
        month = int(found.group("month"))
    elif found.group("quarter"):
        month = 3 * _QUARTERS[found.group("quarter")]
    else:
        month = 12
    if strictly_before and found.group("month") and not found.group("part"):
        return TimeLimit(start, found.end())
    return TimeLimit(start, found.end(), None, month, int(year) if year else None)


_SPAN = re.compile(
    r"(?<!\w)(?:(?:chậm nhất (?:là )?)?(?:(?:trong|sau|không quá) (?:vòng|thời hạn|thời gian) (?:không quá )?"
    r"\d{1,3} (?:ngày|tuần|tháng|giờ)(?: làm việc)?(?:,? (?:kể )?từ [^,;.]{4,60})?"
    r"|(?:trong|không quá) \d{1,3} (?:ngày làm việc|(?:ngày|giờ|tuần|tháng)(?=,? (?:kể )?từ (?:khi|ngày|lúc)(?! \d)))"
    r"(?:,? (?:kể )?từ [^,;.]{4,60})?)"
    r"|(?:ngay )?(?:trong|trước|đầu|giữa|cuối|hết) (?:đầu |giữa |cuối )?tuần (?:này|sau|tới)"
    r"|(?:trước|trong) (?:mùa (?:mưa|bão|lũ|khô|vụ)|tết(?: nguyên đán| trung thu| âm lịch)?|kỳ nghỉ|năm học mới)"
    r"(?: (?:giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý) [^\W\d_]+| [^\W\d_]+)?(?: (?:năm )?(?:19|20)\d{2})?)(?!\w)"
)
_MONTHS = re.compile(
    r"(?<!\w)(?:trong|hết|đến hết) (?P<count>0?[3469]|sáu|ba|chín) tháng (?P<side>đầu|cuối) năm"
    r"(?: (?P<year>(?:19|20)\d{2}))?(?!\w)"
)
_COUNTS = {"ba": 3, "sáu": 6, "chín": 9}


def _months(plain: str, start: int, end: int) -> list[TimeLimit]:
    """The first or last months of a year: "hoàn thành trong 6 tháng đầu năm 2008"."""
    limits = []
    for found in _MONTHS.finditer(plain, start, end):
        if not _speaks_of_end(plain, start, found.start(), found.end(), end):
            continue
        count = _COUNTS.get(found["count"]) or int(found["count"])
        month = count if found["side"] == "đầu" else 12
        limits.append(TimeLimit(found.start(), found.end(), None, month, int(found["year"]) if found["year"] else None))
    return limits


_YEAR_END = re.compile(
    r"(?<!\w)(?:(?:đến|trước|hết|trong|từ nay đến|vào) )+cuối năm(?: nay)?(?: (?P<year>(?:19|20)\d{2}))?(?!\w)"
)


def _spans_of_time(plain: str, start: int, end: int) -> list[TimeLimit]:
    """Limits whose day the text does not tell ("trong vòng 10 ngày", "trước mùa mưa"), and the end of this year."""
    limits = [TimeLimit(found.start(), found.end()) for found in _SPAN.finditer(plain, start, end)]
    year_ends = [
        TimeLimit(found.start(), found.end(), None, 12, int(found["year"]) if found["year"] else None)
        for found in _YEAR_END.finditer(plain, start, end)
    ]
    return [*limits, *year_ends, *_months(plain, start, end), *_months_ahead(plain, start, end)]


_MONTH_AHEAD = re.compile(
    r"(?<!\w)(?:ngay )?(?:trong|trước|hết|đến hết) (?:đầu |giữa |cuối )?tháng (?P<which>này|sau|tới)(?!\w)"
)


def _months_ahead(plain: str, start: int, end: int) -> list[TimeLimit]:
    """This month and the next, counted from the notice's own: "trong tháng này"."""
    return [
        TimeLimit(found.start(), found.end(), ahead=0 if found["which"] == "này" else 1)
        for found in _MONTH_AHEAD.finditer(plain, start, end)
    ]


def _rhythms(plain: str, start: int, end: int) -> list[TimeLimit]:
    limits = []
    for recurrence, words in _recurrences().items():
        for found in words.finditer(plain, start, end):
            if _not_recurring().search(plain, max(start, found.start() - 40), found.start()):
                continue
            first = _day_of_rhythm().search(plain, max(start, found.start() - 50), found.start())
            limits.append(TimeLimit(first.start() if first else found.start(), found.end(), recurrence=recurrence))
    return limits


@functools.cache
def _day_of_rhythm() -> re.Pattern[str]:
    """Match the day or hour before a rhythm: "trước ngày 20" of "trước ngày 20 hằng tháng"."""
    limits = alternatives(load("deadlines")["limits"])
    hour = r"\d{1,2}\s?(?:giờ|h)(?:\s?\d{2})?(?:\s?phút)?"
    day = r"ngày \d{1,2}(?: tháng \d{1,2})?(?: của)?|(?:chiều |sáng )?thứ [^\W\d_]+|ngày làm việc cuối cùng(?: của)?"
    return re.compile(
        rf"(?<!\w)(?:{limits}\s+)?(?:vào\s+)?(?:(?:{hour})\s+)?(?:{day}|(?<=giờ )|(?<=phút ))\s*(?:của\s+)?$"
    )
