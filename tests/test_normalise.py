"""What the words of dates, time limits and sums mean."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language import lower
from pipeline.normalise.amounts import find_sums
from pipeline.normalise.dates import find_dates, last_day, make_date, range_start
from pipeline.normalise.deadlines import TimeLimit, find_time_limits

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2050, 12, 31))
ISSUED = dt.date(2024, 3, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ngày 25/9/2020", [(25, 9, 2020)]),
        ("ngày 25-9-2020", [(25, 9, 2020)]),
        ("ngày 25.9.2020", [(25, 9, 2020)]),
        ("ngày 05 tháng 12 năm 2016", [(5, 12, 2016)]),
        ("ngày 5 tháng 12", [(5, 12, None)]),
        ("ngày 15/4", [(15, 4, None)]),
        ("ngày 15/4 và ngày 16/4/2021", [(15, 4, None), (16, 4, 2021)]),
        ("25 / 9 / 2020", [(25, 9, 2020)]),
        ("ngày 29/02/2024", [(29, 2, 2024)]),
        ("ngày 29/02/2023", []),
        ("ngày 31/4/2023", []),
        ("ngày 12/13/2023", []),
        ("ngày 00/5/2023", []),
        ("mục 1.2", []),
        ("từ 2-3 người", []),
        ("12/2016/nq-hđnd", []),
        ("1.250.000 đồng", []),
        ("412/468 học sinh", []),
    ],
)
def test_dates(text, expected):
    assert [(date.day, date.month, date.year) for date in find_dates(text)] == expected


@given(DAYS)
def test_a_day_reads_the_same_however_it_is_printed(day):
    printed = [
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day:02}/{day.month:02}/{day.year}",
        f"{day.day:02}-{day.month}-{day.year}",
        f"{day.day} tháng {day.month} năm {day.year}",
    ]
    assert [[date.date for date in find_dates(f"ngày {text}, tại")] for text in printed] == [[day]] * 4


def test_dates_are_found_in_a_stretch_of_the_text_only():
    text = "01/01/2020 02/02/2020 03/03/2020"
    assert [date.day for date in find_dates(text, 11, 21)] == [2]


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (2024, 2, 29, dt.date(2024, 2, 29)),
        (2023, 2, 29, None),
        (2024, 0, 1, None),
        (2024, 13, 1, None),
        (None, 1, 1, None),
        (1900, 1, 1, None),
        (2024, 1, 0, None),
    ],
)
def test_make_date(year, month, day, expected):
    assert make_date(year, month, day) == expected


@given(DAYS)
def test_the_last_day_is_the_day_before_the_next_month(day):
    last = last_day(day.year, day.month)
    assert (last + dt.timedelta(1)).day == 1
    assert (last.year, last.month) == (day.year, day.month)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("từ ngày 03 đến 05/6/2021", dt.date(2021, 6, 3), dt.date(2021, 6, 5)),
        ("từ ngày 28/02 đến ngày 01/3/2020", dt.date(2020, 2, 28), dt.date(2020, 3, 1)),
        ("ngày 30/12/2020 đến ngày 02/01/2021", dt.date(2020, 12, 30), dt.date(2021, 1, 2)),
        ("ngày 02 và 03 tháng 4 năm 2019", dt.date(2019, 4, 2), dt.date(2019, 4, 3)),
        ("ngày 3-4/6/2021", dt.date(2021, 6, 3), dt.date(2021, 6, 4)),
        ("từ 27 tháng 5 đến 02 tháng 6 năm 2022", dt.date(2022, 5, 27), dt.date(2022, 6, 2)),
    ],
)
def test_ranges(text, first, last):
    found = find_dates(text)[-1]
    start = range_start(text, found)
    assert found.date == last
    assert start is not None
    assert start.date == first


@pytest.mark.parametrize("text", ["ngày 05/6/2021", "phòng 12, ngày 05/6/2021", "từ ngày 09 đến 05/6/2021"])
def test_what_is_no_range(text):
    assert range_start(text, find_dates(text)[-1]) is None


def limits_of(text):
    plain = lower(text)
    found = find_time_limits(plain, 0, len(plain), [])
    return [(text[one.start : one.end], one.due(ISSUED), one.recurrence) for one in found]


@pytest.mark.parametrize(
    ("text", "limit", "due"),
    [
        ("báo cáo trước ngày 30/6/2024.", "trước ngày 30/6/2024", "2024-06-30"),
        ("báo cáo Trước ngày 30/6/2024.", "Trước ngày 30/6/2024", "2024-06-30"),
        ("hoàn thành trong quý I/2025.", "trong quý I/2025", "2025-03-31"),
        ("hoàn thành trong quý 3 năm 2024", "trong quý 3 năm 2024", "2024-09-30"),
        ("hoàn thành trong tháng 02/2024", "trong tháng 02/2024", "2024-02-29"),
        ("hoàn thành trong tháng 3", "trong tháng 3", "2024-03-31"),
        ("hoàn thành trong tháng 01", "trong tháng 01", "2025-01-31"),
        ("hoàn thành trước ngày 09/3", "trước ngày 09/3", "2025-03-09"),
        ("hoàn thành trước ngày 10/3", "trước ngày 10/3", "2024-03-10"),
        ("hoàn thành trong năm 2026", "trong năm 2026", "2026-12-31"),
        ("chậm nhất đến ngày 05/4/2024 phải xong", "chậm nhất đến ngày 05/4/2024", "2024-04-05"),
    ],
)
def test_time_limits_with_a_day(text, limit, due):
    assert limits_of(text) == [(limit, dt.date.fromisoformat(due), None)]


@pytest.mark.parametrize(
    ("words", "recurrence"),
    [
        ("hằng ngày", "daily"),
        ("hàng tuần", "weekly"),
        ("01 tuần/lần", "weekly"),
        ("02 tuần/lần", "biweekly"),
        ("15 ngày/lần", "biweekly"),
        ("hằng tháng", "monthly"),
        ("01 lần/tháng", "monthly"),
        ("mỗi quý", "quarterly"),
        ("03 tháng/lần", "quarterly"),
        ("6 tháng một lần", "semiannual"),
        ("hằng năm", "yearly"),
        ("01 năm/lần", "yearly"),
    ],
)
def test_rhythms(words, recurrence):
    assert limits_of(f"báo cáo kết quả {words}.") == [(words, None, recurrence)]


@pytest.mark.parametrize(
    "text",
    [
        "sử dụng ngân sách hằng năm",
        "họp định kỳ hằng tháng",
        "kế hoạch năm 2025",
        "giai đoạn 2021 - 2025",
        "dự kiến khởi công trước ngày 19/5/2024",
        "văn bản ban hành ngày 02/3/2024",
        "thường xuyên kiểm tra",
    ],
)
def test_what_is_no_time_limit(text):
    assert limits_of(text) == []


def test_limits_inside_citations_are_left_out():
    text = "thực hiện trước ngày 30/6/2024"
    assert find_time_limits(text, 0, len(text), [(10, len(text))]) == []


@given(DAYS, st.dates(dt.date(1995, 1, 1), dt.date(2045, 12, 31)))
def test_a_missing_year_is_the_first_that_is_not_past(day, reference):
    due = TimeLimit(0, 1, day.day, day.month).due(reference)
    leap = (day.month, day.day) == (2, 29)
    assert due is None if leap and due is None else (due.month, due.day) == (day.month, day.day)
    if due is not None:
        assert due >= reference
        assert due.year - reference.year <= (4 if leap else 1)
        assert leap or due.year == reference.year or due.replace(year=due.year - 1) < reference


def test_without_a_reference_a_missing_year_stays_unknown():
    assert TimeLimit(0, 1, 5, 6).due(None) is None
    assert TimeLimit(0, 1, 5, 6, 2024).due(None) == dt.date(2024, 6, 5)
    assert TimeLimit(0, 1, recurrence="monthly").due(ISSUED) is None


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("15 triệu đồng", [15_000_000]),
        ("1.650 tỷ đồng", [1_650_000_000_000]),
        ("1 tỷ 200 triệu đồng", [1_200_000_000]),
        ("7,5 tỷ đồng", [7_500_000_000]),
        ("2.486,5 tỷ đồng", [2_486_500_000_000]),
        ("200.000 đồng", [200_000]),
        ("20.000.000.000 đồng", [20_000_000_000]),
        ("30 nghìn đồng", [30_000]),
        ("30 ngàn đồng", [30_000]),
        ("5 tỉ đồng", [5_000_000_000]),
        ("2 nghìn tỷ đồng", [2_000_000_000_000]),
        ("500.000 vnđ", [500_000]),
        ("7,5 tỷ usd", [None]),
        ("3 triệu euro", [None]),
        ("1 tỷ đồng và 2 triệu đồng", [1_000_000_000, 2_000_000]),
        ("12 hợp đồng", []),
        ("3 hội đồng", []),
        ("95% kế hoạch", []),
        ("3.200 tấn", []),
    ],
)
def test_sums(text, sums):
    assert [found.vnd for found in find_sums(text, 0, len(text))] == sums


@given(st.integers(1, 10**12))
def test_a_sum_with_points_is_read_back(value):
    text = f"chi {value:,} đồng".replace(",", ".")
    assert [found.vnd for found in find_sums(text, 0, len(text))] == [value]
