"""Tracking: bodies and states as of a day, months, and weaknesses by topic; in both databases."""

import datetime as dt
import hashlib
from dataclasses import replace

import pytest
from made_notices import make_notice

from pipeline.normalise.topics import topic_of, topics
from pipeline.store import Correction, DocumentRecord, Ending, Question, result_hash

pytest_plugins = ["postgres"]

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
DAY = dt.date(2024, 6, 20)
HEALTH, MONEY = "so-y-te@hung-yen", "so-tai-chinh@hung-yen"


def task(text, *assignees, due=None, recurrence=None):
    deadline = {"text": "hạn", "due": due, "recurrence": recurrence} if due or recurrence else None
    acting = [{"name": name, "role": role, "inherited": False} for name, role in assignees]
    return {"text": text, "assignees": acting, "deadline": deadline}


def put(store, name, issued, directives, *weaknesses, body="ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN"):
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    notice = make_notice(
        f"{name}.pdf",
        name.encode(),
        header={"issuing_body": body, "issue_date": issued},
        directives=directives,
        assessment={"achievements": [], "weaknesses": [{"text": text} for text in weaknesses]},
    )
    store.add_documents([DocumentRecord(sha256, 1, name)])
    attempt = store.begin_attempt(sha256, "r1", NOON, alone=False)
    store.end_attempt(attempt, sha256, Ending("ok", "ok", notice=notice, text=""), NOON, "1", "c")
    return sha256


@pytest.fixture
def filled(store):
    lead, support = ("Sở Y tế", "lead"), ("Sở Tài chính", "support")
    put(
        store,
        "a",
        "2024-05-02",
        [
            task("Việc một", lead, support, due="2024-06-19"),
            task("Việc hai", lead, lead, due="2024-06-20"),
            task("Việc ba", lead, due="2024-07-05"),
            task("Việc bốn", support, recurrence="weekly"),
        ],
        "Giải ngân vốn đầu tư công chậm",
        "Rác thải còn nhiều",
    )
    put(store, "b", "2023-12-31", [task("Việc năm", lead)], "Rác chưa thu gom")
    put(store, "c", "2023-01-01", [task("Việc sáu", ("Sở Y tế", "lead"))], body="ỦY BAN NHÂN DÂN THÀNH PHỐ HUẾ")
    return store


def burdens(tracked):
    return {burden.value: burden.states for burden in tracked.burdens}


def test_bodies_have_their_directives_by_state_as_of_the_day(filled):
    tracked = filled.track(Question(as_of=DAY))
    assert tracked.states == {"overdue": 1, "soon": 1, "open": 1, "recurring": 1, "none": 2}
    assert burdens(tracked)[HEALTH] == {"overdue": 1, "soon": 1, "open": 1, "none": 1}
    assert burdens(tracked)[MONEY] == {"overdue": 1, "recurring": 1}
    assert [burden.label for burden in tracked.burdens][:2] == ["Sở Y tế tỉnh Hưng Yên", "Sở Tài chính tỉnh Hưng Yên"]
    assert (tracked.bodies, tracked.burdens[0].total) == (3, 4)


def test_another_day_gives_other_states(filled):
    assert filled.track(Question(as_of=dt.date(2024, 1, 1))).states == {"open": 3, "recurring": 1, "none": 2}
    assert filled.track(Question(as_of=dt.date(2025, 1, 1))).states == {"overdue": 3, "recurring": 1, "none": 2}


@pytest.mark.parametrize(
    "question",
    [
        Question(as_of=DAY),
        Question(as_of=DAY, years=(2024,)),
        Question(as_of=DAY, role="lead"),
        Question(as_of=DAY, role="support"),
        Question(as_of=DAY, who=(HEALTH,)),
        Question(as_of=DAY, who=("Sở Y tế",)),
        Question(as_of=DAY, provinces=("tỉnh Hưng Yên",)),
        Question(as_of=DAY, words="viec hai"),
        Question(as_of=DAY, soon_days=30),
    ],
)
def test_each_figure_is_what_a_search_for_it_finds(filled, question):
    tracked = filled.track(question)
    for state, count in tracked.states.items():
        assert filled.ask(replace(question, states=(state,))).total == count
    for burden in tracked.burdens:
        for state, count in burden.states.items():
            assert filled.ask(replace(question, who=(burden.value,), states=(state,))).total == count
    assert sum(tracked.states.values()) == filled.ask(question).total


def test_months_are_those_of_issue_and_of_days(filled):
    tracked = filled.track(Question(as_of=DAY))
    assert tracked.days == {dt.date(2024, 6, 19): 1, dt.date(2024, 6, 20): 1, dt.date(2024, 7, 5): 1}
    assert tracked.burdens[0].issued == {(2023, 12): 1, (2024, 5): 3}


def test_weaknesses_are_counted_by_topic_and_year(filled):
    assert filled.track(Question()).topics == {"environment": {2023: 1, 2024: 1}, "investment": {2024: 1}}
    assert filled.track(Question(years=(2023,))).topics == {"environment": {2023: 1}}


def test_what_people_say_is_counted_at_once(filled):
    before = filled.track(Question(as_of=DAY))
    sha256 = hashlib.sha256(b"b").hexdigest()
    said = ("/assessment/weaknesses/0/text", "correct", "Rác chưa thu gom", "Giáo viên còn thiếu", "mai", NOON)
    filled.add_correction(Correction(sha256, *said, result_hash(filled.notice(sha256))))
    assert before.topics["environment"] == {2023: 1, 2024: 1}
    assert filled.track(Question(as_of=DAY)).topics["education"] == {2023: 1}


def test_nothing_is_tracked_where_nothing_is(store):
    tracked = store.track(Question())
    assert (tracked.states, tracked.burdens, tracked.topics, tracked.days) == ({}, (), {}, {})


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("GIẢI NGÂN VỐN ĐẦU TƯ CÔNG CHẬM", "investment"),
        ("Xử lý đơn thư khiếu nại còn chậm", "complaints"),
        ("Hồ sơ trễ hạn ở bộ phận một cửa", "administration"),
        ("Kết quả chưa cao", "other"),
        ("", "other"),
    ],
)
def test_a_weakness_is_about_what_it_names_most(text, topic):
    assert topic_of(text) == topic
    assert topic in topics()
