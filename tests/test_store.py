"""The store: runs, sightings, attempts, and one transaction a document; each test in both databases."""

import dataclasses
import datetime as dt
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_notices import make_notice
from sqlalchemy import event, text

from pipeline.errors import StoreError
from pipeline.store import (
    DocumentRecord,
    Ending,
    RunRecord,
    Sighting,
    decode_path,
    encode_path,
    open_store,
    result_hash,
)
from pipeline.store.tables import DERIVED, assignees, deadlines, directives, evidence, notices, participants

pytest_plugins = ["postgres"]

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
SHA = hashlib.sha256(b"a").hexdigest()
OTHER = hashlib.sha256(b"b").hexdigest()
TEXT = "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính báo cáo."


def at(minutes):
    return NOON + dt.timedelta(minutes=minutes)


def add(store, *shas):
    store.add_documents(DocumentRecord(sha, 1, f"n-{sha[:8]}") for sha in shas)


def read(store, ending, sha=SHA, minute=0, version="1"):
    """Do one attempt."""
    attempt = store.begin_attempt(sha, "r1", at(minute), alone=False)
    return store.end_attempt(attempt, sha, ending, at(minute + 1), version, "c")


def found(notice=None, **changes):
    notice = notice or make_notice()
    return Ending("ok", "ok", seconds=1.5, media_type="application/pdf", notice=notice, text=TEXT, **changes)


def rows(store, table):
    with store._database.read() as connection:
        columns = [column for column in table.c if column.name != "id"]
        return [tuple(row) for row in connection.execute(table.select().with_only_columns(*columns))]


def everything(store):
    return {table.name: sorted(map(repr, rows(store, table))) for table in DERIVED}


def statements(store):
    """Return the list into which every later change of rows is noted."""
    noted = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "DELETE", "UPDATE")):
            noted.append(statement.split()[2].strip('"') if statement[0] != "U" else statement.split()[1])

    event.listen(store._database.engine, "before_cursor_execute", note)
    return noted


# --- runs and sightings


def test_a_run_is_begun_and_ended(store):
    run = RunRecord("r1", "/inbox", at(0), "1", "c")
    store.begin_run(run)
    store.end_run("r1", "ok", 3, {"seen": 4, "ok": 3}, at(9))
    store.begin_run(RunRecord("r2", "/inbox", at(10), "1", "c"))
    last, first = store.runs(5)
    assert last == RunRecord("r2", "/inbox", at(10), "1", "c", counts={})
    ended = {"ended_at": at(9), "status": "ok", "exit_code": 3, "counts": {"seen": 4, "ok": 3}}
    assert first == dataclasses.replace(run, **ended)
    assert store.runs(1) == [last]
    with pytest.raises(StoreError, match="there is no run r3"):
        store.end_run("r3", "ok", 0, {}, at(9))


def test_sightings_are_kept_by_inbox_and_path(store):
    seen = Sighting("/in", "a.pdf", SHA, 5, 10**18, 2**64 - 1)
    long = Sighting("/in", "x" * 5000, SHA, 5, 10**18, 7)
    store.note_sightings([seen, long, Sighting("/elsewhere", "a.pdf", OTHER, 5, 10**18, 3)])
    assert store.sightings("/in") == {"a.pdf": seen, "x" * 5000: long}
    again = dataclasses.replace(seen, sha256=OTHER, size=6, mtime_ns=11, inode=0, page=2)
    store.note_sightings([again])
    assert store.sightings("/in")["a.pdf"] == again
    assert store.sightings("/nowhere") == {}


def test_a_hundred_thousand_sightings_pass(tmp_path):
    seen = [Sighting("/in", f"{n % 97}/{n}.pdf", SHA, n, n, n) for n in range(100_000)]
    with open_store(tmp_path / "s") as store:
        store.note_sightings(seen)
        assert len(store.sightings("/in")) == 100_000


@given(st.binary(min_size=1, max_size=60).map(lambda name: name.replace(b"\0", b"\\").strip(b"/") or b"\xff\n"))
def test_any_path_is_coded_and_decoded(name):
    path = Path(os.fsdecode(name))
    coded = encode_path(path)
    coded.encode()
    assert coded.isprintable() or not any(character < " " or character == "\u2028" for character in coded)
    assert len(coded.splitlines()) == 1
    assert decode_path(coded) == path
    assert os.fsencode(decode_path(coded)) == os.fsencode(path)


def test_composed_and_decomposed_names_stay_apart():
    assert encode_path("Đề.pdf") == "Đề.pdf"
    assert encode_path("De\u0302\u0300.pdf") != encode_path("Dề.pdf")


# --- documents and attempts


def test_documents_are_added_once(store):
    first = DocumentRecord(SHA, 5, "b", media_type="application/pdf")
    store.add_documents([first, DocumentRecord(OTHER, 6, "a", state="quarantined", kind="empty")])
    store.add_documents([dataclasses.replace(first, name="z", tries=4)])
    assert list(store.documents()) == [OTHER, SHA]
    assert store.documents([SHA, "0" * 64]) == {SHA: first}
    assert list(store.documents(states=["quarantined"])) == [OTHER]
    assert store.documents([SHA], ["ok"]) == {}
    assert store.documents([]) == {}
    assert store.names() == {"a", "b"}


def test_two_documents_cannot_have_one_name(store):
    store.add_documents([DocumentRecord(SHA, 5, "a")])
    with pytest.raises(StoreError):
        store.add_documents([DocumentRecord(OTHER, 5, "a")])
    assert list(store.documents()) == [SHA]


def test_a_notice_is_written_with_all_its_rows(store):
    add(store, SHA)
    assert read(store, found())
    record = store.documents()[SHA]
    assert (record.state, record.version, record.config, record.tries) == ("ok", "1", "c", 0)
    assert record.media_type == "application/pdf"
    assert record.result == result_hash(make_notice())
    assert store.notice(SHA) == make_notice()
    assert store.text(SHA) == TEXT
    assert [pair[0].name for pair in store.notices()] == [record.name]
    assert rows(store, deadlines) == [(SHA, 0, "trước ngày 30/6/2024", dt.date(2024, 6, 30), None)]
    assert [row[1:4] for row in sorted(rows(store, assignees))] == [
        (0, 0, "Sở Y tế"),
        (0, 1, "Sở Tài chính"),
        (1, 0, "Sở Y tế"),
    ]
    assert [row[2] for row in sorted(rows(store, participants))] == ["chair", "participant", "absentee"]
    assert rows(store, evidence)[0][1:5] == ("/directives/0", "Giao Sở Y tế", 0, 12)
    assert len(rows(store, directives)) == 2
    assert len(rows(store, notices)) == 1


def test_the_order_of_evidence_is_kept(store):
    one = make_notice().evidence["/directives/0"]
    notice = make_notice(evidence={"/meeting/name": one, "/directives/0": one})
    add(store, SHA)
    read(store, found(notice))
    assert store.notice(SHA).model_dump_json() == notice.model_dump_json()


def test_the_same_result_again_writes_no_rows(store):
    add(store, SHA)
    read(store, found())
    before = everything(store)
    noted = statements(store)
    assert not read(store, found(), minute=5, version="2")
    assert sorted(noted) == ["attempts", "attempts", "documents", "results"]
    assert everything(store) == before
    assert store.documents()[SHA].version == "2"


def test_a_changed_result_replaces_all_rows(store):
    add(store, SHA)
    read(store, found())
    changed = make_notice(directives=[{"text": "Một việc"}], evidence={})
    assert read(store, found(changed), minute=5)
    assert len(rows(store, directives)) == 1
    assert rows(store, assignees) == []
    assert store.notice(SHA) == changed


def test_a_changed_text_alone_is_written(store):
    add(store, SHA)
    read(store, found())
    assert read(store, dataclasses.replace(found(), text=TEXT + "!"), minute=5)
    assert store.text(SHA) == TEXT + "!"


@pytest.mark.parametrize("table", ["evidence", "documents", "attempts", "texts"])
def test_a_fault_in_the_middle_leaves_the_old_rows_whole(store, table):
    add(store, SHA)
    read(store, found())
    before, record = everything(store), store.documents()[SHA]
    attempt = store.begin_attempt(SHA, "r1", at(5), alone=False)

    def fail(_connection, _cursor, statement, *_rest):
        if statement.startswith((f"INSERT INTO {table} ", f"UPDATE {table} ")):
            raise RuntimeError(table)

    event.listen(store._database.engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError, match=table):
        store.end_attempt(attempt, SHA, found(make_notice(directives=[])), at(6), "2", "c")
    event.remove(store._database.engine, "before_cursor_execute", fail)
    assert (everything(store), store.documents()[SHA]) == (before, record)
    assert store.close_interrupted(at(7)) == [SHA]


@pytest.mark.parametrize("status", ["crash", "timeout", "memory", "internal", "refused"])
def test_a_failure_never_costs_an_earlier_result(store, status):
    add(store, SHA)
    read(store, found())
    before = everything(store)
    assert not read(store, Ending(status, "quarantined", None, "why", "do"), minute=5)
    record = store.documents()[SHA]
    assert (record.state, record.kind, record.reason, record.advice) == ("quarantined", status, "why", "do")
    assert record.result == result_hash(make_notice())
    assert everything(store) == before


def test_tries_count_what_may_be_the_documents_doing(store):
    add(store, SHA)
    for minute, status in enumerate(("crash", "refused", "deferred", "timeout", "memory", "internal")):
        read(store, Ending(status, "pending"), minute=minute)
    assert store.documents()[SHA].tries == 4
    read(store, found(), minute=9)
    assert store.documents()[SHA].tries == 0


def test_another_document_takes_the_place_of_a_notice(store):
    add(store, SHA, OTHER)
    read(store, found())
    read(store, found(make_notice("b.pdf", b"b")), sha=OTHER)
    head = {"document_type": "Quyết định", "document_number": None}
    assert read(store, Ending("other", "other", "other-document", "why", "do", head=head), minute=3)
    ((record, stored),) = store.others()
    assert (record.sha256, record.kind, record.state, stored) == (SHA, "other-document", "other", head)
    assert store.notice(SHA) is None
    assert [pair[0].sha256 for pair in store.notices()] == [OTHER]
    assert {row[0] for row in rows(store, directives)} == {OTHER}


def test_an_attempt_needs_its_document(store):
    add(store, SHA)
    with pytest.raises(StoreError):
        store.begin_attempt(OTHER, "r1", at(0), alone=False)
    with pytest.raises(StoreError, match="there is no attempt 99"):
        store.end_attempt(99, SHA, found(), at(1), "1", "c")
    assert store.notice(SHA) is None


def test_open_attempts_of_a_dead_run_are_closed(store):
    add(store, SHA, OTHER)
    store.begin_attempt(SHA, "r1", at(0), alone=False)
    assert store.close_interrupted(at(1)) == [SHA]
    assert store.close_interrupted(at(1)) == []
    store.begin_attempt(SHA, "r2", at(2), alone=True)
    store.close_interrupted(at(3))
    assert store.interruptions([SHA, OTHER]) == {SHA: 2}
    read(store, found(), minute=4)
    assert store.interruptions([SHA]) == {}


def test_quarantined_documents_are_put_back(store):
    add(store, SHA, OTHER)
    read(store, Ending("crash", "quarantined"))
    read(store, Ending("refused", "quarantined", "encrypted"), sha=OTHER)
    assert store.requeue(kinds=["nothing"]) == 0
    assert store.requeue([SHA], ["crash"]) == 1
    record = store.documents()[SHA]
    assert (record.state, record.tries, record.kind) == ("pending", 0, None)
    assert store.requeue() == 1
    assert store.requeue() == 0


def test_stale_is_what_was_read_otherwise(store):
    add(store, SHA, OTHER)
    read(store, found())
    read(store, Ending("crash", "quarantined"), sha=OTHER)
    assert store.stale("1", "c") == []
    assert store.stale("2", "c") == store.stale("1", "d") == [SHA]


def test_many_notices_come_in_the_order_of_names(store):
    shas = [hashlib.sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(450)]
    store.add_documents(DocumentRecord(sha, 1, f"{'aB'[n % 2]}{n * 7 % 450:03}-đ") for n, sha in enumerate(shas))
    with store._database.write() as connection:
        connection.execute(text("INSERT INTO results SELECT sha256, 'h', 'other', '{}', '', '', '' FROM documents"))
        connection.execute(text("UPDATE documents SET result = 'h'"))
    names = []
    for record, head in store.others():
        names.append(record.name)
        assert head == {}
        store.note_sightings([Sighting("/in", record.name, record.sha256, 1, 1, 1)])
    assert names == sorted(names)
    assert len(names) == 450


def test_what_no_database_stores_is_replaced(store):
    add(store, SHA)
    read(store, Ending("other", "other", head={"subject": "a\0b\udc80"}, text="x\0\ud800y"))
    assert store.text(SHA) == "x\ufffd\ufffdy"
    ((_, head),) = store.others()
    assert head == {"subject": "a\0b\udc80"}


def test_large_and_odd_values_are_stored(store):
    long = "Sở " * 3000
    notice = make_notice(
        header={"document_number": "9" * 5000, "issuing_body": long},
        directives=[
            {
                "text": " ".join(map(str, range(60_000))),
                "assignees": [{"name": long, "role": "lead", "inherited": False}],
                "amounts": [{"text": "nhiều", "vnd": 10**30}],
            }
        ],
    )
    add(store, SHA)
    assert read(store, found(notice))
    assert store.notice(SHA) == notice
