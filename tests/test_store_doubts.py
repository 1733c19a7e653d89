"""What people said reaches the rows that are searched, and what they spoke of is not doubted any more."""

import datetime as dt
import hashlib

import pytest
from made_notices import make_notice

from pipeline.store import Correction, DocumentRecord, Ending, Question, result_hash

pytest_plugins = ["postgres"]

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
SHA = hashlib.sha256(b"a").hexdigest()
TEXT = "Sở Y lê báo cáo trước ngày 30/6/2024"
LEAD = {"name": "Sở Y lê", "role": "lead", "inherited": False}


def seen(quote, confidence):
    start = TEXT.index(quote)
    place = {"start": start, "end": start + len(quote), "page": 1, "boxes": []}
    return {"quote": quote, **place, "confidence": confidence, "method": "rule"}


def notice_read(**changes):
    directive = {"text": TEXT, "assignees": [LEAD], "deadline": {"text": "trước ngày 30/6/2024", "due": "2024-06-30"}}
    evidence = {
        "/directives/0/text": seen(TEXT, 0.9),
        "/directives/0/assignees/0/name": seen("Sở Y lê", 0.4),
        "/directives/0/deadline": seen("trước ngày 30/6/2024", 0.7),
    }
    header = {"issuing_body": "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN", "issue_date": "2024-05-02", **changes}
    return make_notice(header=header, directives=[directive], evidence=evidence)


def read(store, notice):
    store.add_documents([DocumentRecord(SHA, 1, "a")])
    attempt = store.begin_attempt(SHA, "r1", NOON, alone=False)
    store.end_attempt(attempt, SHA, Ending("ok", "ok", notice=notice, text=TEXT), NOON, "1", "c")


def say(store, action, pointer, before=None, after=None):
    result = result_hash(store.notice(SHA))
    store.add_correction(Correction(SHA, pointer, action, before, after, "lan", NOON, result))


@pytest.fixture
def filled(store):
    read(store, notice_read())
    return store


def places(store, **asked):
    return [(doubt.pointer, doubt.confidence) for doubt in store.doubts(**asked)]


def test_the_least_certain_values_come_first_with_what_they_are(filled):
    assert places(filled) == [
        ("/directives/0/assignees/0/name", 0.4),
        ("/directives/0/deadline", 0.7),
        ("/directives/0/text", 0.9),
    ]
    first = filled.doubts(limit=1)[0]
    assert (first.value, first.quote, first.name, first.sha256) == ("Sở Y lê", "Sở Y lê", "a", SHA)
    assert places(filled, below=0.5) == places(filled, limit=1) == places(filled, below=0.5, sha256=SHA)
    assert places(filled, offset=2) == [("/directives/0/text", 0.9)]
    assert filled.count_doubts() == 3
    assert filled.count_doubts(below=0.8) == 2
    assert filled.count_doubts(sha256="0" * 64) == 0


def test_what_a_person_spoke_of_is_not_doubted_until_it_is_taken_back(filled):
    say(filled, "correct", "/directives/0/assignees/0/name", "Sở Y lê", "Sở Y tế")
    say(filled, "confirm", "/directives/0/text", TEXT, TEXT)
    say(filled, "reject", "/directives/0/deadline", filled.notice(SHA).directives[0].deadline.model_dump(mode="json"))
    assert places(filled) == []
    say(filled, "withdraw", "/directives/0/assignees/0/name", "Sở Y tế")
    assert places(filled) == [("/directives/0/assignees/0/name", 0.4)]


def test_a_search_finds_what_was_corrected_and_no_longer_what_was_read(filled):
    assert filled.ask(Question(who=("so-y-te@hung-yen",))).total == 0
    say(filled, "correct", "/directives/0/assignees/0/name", "Sở Y lê", "Sở Y tế")
    say(filled, "correct", "/directives/0/text", TEXT, "Sở Y tế khẩn trương báo cáo")
    assert [row.text for row in filled.ask(Question(words="khẩn trương")).rows] == ["Sở Y tế khẩn trương báo cáo"]
    assert filled.ask(Question(words="trước ngày")).total == 0
    row = filled.ask(Question(who=("so-y-te@hung-yen",))).rows[0]
    assert row.actors[0].name == "Sở Y tế"
    assert filled.check() == []


def test_an_entry_that_was_rejected_or_added_is_gone_or_there(filled):
    entry = filled.corrected(SHA).directives[0].model_dump(mode="json")
    say(filled, "correct", "/directives/-", None, {"text": "Việc thứ hai"})
    assert filled.ask(Question()).total == 2
    say(filled, "reject", "/directives/0", entry)
    assert [row.text for row in filled.ask(Question()).rows] == ["Việc thứ hai"]
    assert filled.check() == []


def test_corrections_reach_the_rows_of_a_new_reading(filled):
    say(filled, "correct", "/directives/0/assignees/0/name", "Sở Y lê", "Sở Y tế")
    read(filled, notice_read(place="Huế"))
    assert filled.notice(SHA).directives[0].assignees[0].name == "Sở Y lê"
    assert filled.ask(Question(who=("so-y-te@hung-yen",))).total == 1
    assert [notice.directives[0].assignees[0].name for _, notice in filled.notices()] == ["Sở Y tế"]
    assert [notice.directives[0].assignees[0].name for _, notice in filled.notices(corrected=False)] == ["Sở Y lê"]
    assert filled.check() == []
