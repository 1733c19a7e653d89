"""The page of tracking: figures that lead to their searches, a month, charts with figures, and a calendar."""

import datetime as dt
import re
from html import unescape

import pytest
from icalendar import Calendar
from made_notices import make_notice
from web_sites import PAYLOADS, hostile_notice, make_site

from pipeline.normalise.topics import topics
from pipeline.web.charts import columns
from pipeline.web.labels import LABELS

HEADER = {"document_number": "12/TB-UBND", "issuing_body": "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN", "issue_date": "2024-05-02"}


def task(text, name="Sở Y tế", due=None):
    deadline = {"text": "hạn", "due": due, "recurrence": None} if due else None
    return {
        "text": text,
        "assignees": [{"name": name, "role": "lead", "inherited": False}],
        "deadline": deadline,
    }


@pytest.fixture
def site(tmp_path):
    made = make_site(tmp_path)
    tasks = [
        task("Việc một", due="2024-06-19"),
        task("Việc hai, gồm nhiều phần; " * 20, due="2024-06-30"),
        task("Việc ba"),
        task("Việc bốn", "Sở Tài chính", due="2024-06-30"),
    ]
    made.sha = made.add("a.pdf", b"a", make_notice("a.pdf", b"a", header=HEADER, directives=tasks))
    yield made
    made.store.close()


@pytest.fixture
def client(site):
    return site.client()


def page(client, query="as_of=2024-06-20"):
    answer = client.get(f"/tracking?{query}&lang=en")
    assert answer.status_code == 200
    return answer.text


def test_every_figure_leads_to_a_search_that_finds_as_many(client):
    text = page(client)
    figures = re.findall(r'href="(/\?[^"]+)">(?:<b>|<span class="tile-count">)?(\d+)<', text)
    assert len(figures) >= 10
    for address, count in figures:
        found = client.get(unescape(address) + "&lang=en").text
        total = re.search(r'class="total" role="status">([\d,]+)', found)[1]
        assert total == count, address


def test_it_is_as_of_the_day_that_is_asked_for(client):
    tile = re.compile(r'state-overdue" href="[^"]+"><span class="tile-count">(\d+)')
    assert tile.search(page(client))[1] == "1"
    assert tile.search(page(client, "as_of=2024-07-01"))[1] == "3"
    assert tile.search(page(client, "as_of=2024-07-01&who=so-tai-chinh%40hung-yen"))[1] == "1"


def test_the_next_days_and_the_month_are_shown(client):
    text = page(client)
    assert text.index("Việc hai") > text.index("Due next")
    assert "Việc một" not in text
    assert 'href="/?due_from=2024-06-30&amp;due_to=2024-06-30&amp;as_of=2024-06-20">2<' in text
    assert "Days in 07/2024" in page(client, "as_of=2024-06-20&month=2024-07")
    assert "month=2024-05#month" in text
    assert "month=2024-07#month" in text


def test_a_day_of_the_month_counts_all_that_is_due_on_it(tmp_path):
    made = make_site(tmp_path / "busy")
    tasks = [task(f"Việc {number}", due="2024-06-25") for number in range(450)]
    made.add("a.pdf", b"a", make_notice("a.pdf", b"a", header=HEADER, directives=tasks))
    assert 'due_to=2024-06-25&amp;as_of=2024-06-20">450<' in page(made.client())
    made.store.close()


def test_what_is_due_is_parted_at_the_day_and_not_at_its_month(client):
    figures = page(client).rpartition('id="c-due"')[2]
    assert re.findall(
        r'<th scope="row">([^<]+)</th><td class="figure">(\d+)</td><td class="figure">(\d+)<', figures
    ) == [("06/2024", "1", "2")]


@pytest.mark.parametrize(
    "query",
    ["month=2024-13", "month=x", "month=0000-00", "month=9999-12", "month=0001-01", "as_of=never", "as_of=9999-12-31",
     "as_of=0001-01-01", "who=%00", "year=99999", "province=nowhere", "soon=0", "q=%22", "month=²024-01"],
)  # fmt: skip
def test_odd_addresses_are_no_errors(client, query):
    assert client.get(f"/tracking?{query}").status_code == 200
    assert client.get(f"/tracking.ics?{query}").status_code == 200


def test_nothing_to_track_is_said(tmp_path):
    made = make_site(tmp_path / "empty")
    assert "Nothing is directed" in page(made.client())
    assert Calendar.from_ical(made.client().get("/tracking.ics").content).events == []
    made.store.close()


def test_the_calendar_can_be_read_back(client, site):
    answer = client.get("/tracking.ics?as_of=2024-06-20")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    events = {str(event["uid"]): event for event in Calendar.from_ical(answer.content).events}
    assert sorted(events) == [f"{site.sha[:32]}-{ordinal}@chidao" for ordinal in (0, 1, 3)]
    long = events[f"{site.sha[:32]}-1@chidao"]
    assert (long["dtstart"].dt, long["dtend"].dt) == (dt.date(2024, 6, 30), dt.date(2024, 7, 1))
    assert str(long["summary"]).startswith("Sở Y tế: Việc hai, gồm nhiều phần;")
    assert "Việc hai, gồm nhiều phần; " * 20 in str(long["description"]) + " "
    assert str(long["url"]).endswith(f"/notice/{site.sha}#f-directives-1")
    assert len(Calendar.from_ical(client.get("/tracking.ics?who=Sở Tài chính").content).events) == 1


def test_texts_that_attack_stay_texts(tmp_path):
    made = make_site(tmp_path / "hostile")
    for number, payload in enumerate(PAYLOADS):
        data = payload.encode()
        made.add(f"a{number}.pdf", data, hostile_notice(data, payload), text=payload)
    text = page(made.client(), "as_of=2000-01-01")
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", text)
    content = made.client().get("/tracking.ics").content
    assert len(Calendar.from_ical(content).events) == content.count(b"BEGIN:VEVENT")
    made.store.close()


def test_columns_stand_on_one_another_and_below_the_top():
    chart = columns(["a", "b"], [[3, 0], [4, 9]])
    first, second, third = sorted(chart.bars, key=lambda bar: (bar.column, bar.series))
    assert (first.count, second.count, third.count) == (3, 4, 9)
    assert first.y + first.height == pytest.approx(chart.base)
    assert second.y + second.height == pytest.approx(first.y)
    assert min(bar.y for bar in chart.bars) >= chart.up[-1].at
    assert [tick.label for tick in chart.up] == [0, 2, 4, 6, 8, 10]
    assert len(columns([str(number) for number in range(200)], [[1] * 200]).across) <= 13
    assert columns(["a"], [[0]]).bars == ()


def test_every_topic_has_a_name():
    assert set(LABELS["topic"]) == set(topics())
