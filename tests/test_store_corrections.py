"""What people said of values: checked against what they saw, kept for good, put on what is read; in both databases."""

import dataclasses
import datetime as dt
import hashlib
import threading
import time

import pytest
from made_notices import DIRECTIVES, make_notice
from sqlalchemy import event, text

from pipeline.errors import ConflictError, CorrectionError, StoreError
from pipeline.store import Correction, DocumentRecord, Ending, open_store, result_hash

pytest_plugins = ["postgres"]

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
SHA = hashlib.sha256(b"a").hexdigest()
FIRST = make_notice()
THREE = [{"text": f"Việc {name}", "parent": parent} for name, parent in (("a", None), ("b", 0), ("c", 1))]


def read(store, notice):
    store.add_documents([DocumentRecord(SHA, 1, "a")])
    attempt = store.begin_attempt(SHA, "r1", NOON, alone=False)
    store.end_attempt(attempt, SHA, Ending("ok", "ok", notice=notice, text=""), NOON, "1", "c")


def say(store, pointer, before, after=None, action="correct", *, seen=FIRST, **more):
    said = Correction(SHA, pointer, action, before, after, "mai", NOON, result_hash(seen), **more)
    return store.add_correction(said)


def pointers(store):
    return [(conflict.correction.pointer, conflict.now) for conflict in store.conflicts()]


@pytest.fixture
def filled(store):
    read(store, FIRST)
    return store


def test_a_value_is_corrected_and_the_result_stays(filled):
    number = say(filled, "/header/place", "Đồng Hới", "Đông  Ho\u0302\u0301i", boxes=((1, 0.5, 1.0, 2.0, 3.0),))
    assert filled.corrected(SHA).header.place == "Đông Hối"
    assert filled.notice(SHA) == FIRST
    (kept,) = filled.corrections(SHA)
    assert (kept.id, kept.after, kept.boxes) == (number, "Đông Hối", ((1, 0.5, 1.0, 2.0, 3.0),))
    assert filled.corrections() == [kept]
    assert filled.corrections("0" * 64) == []


def test_a_value_that_is_another_now_is_a_conflict(filled):
    with pytest.raises(ConflictError):
        say(filled, "/header/place", "Huế", "Hà Nội")
    say(filled, "/header/place", "Đồng Hới", "Huế")
    with pytest.raises(ConflictError):
        say(filled, "/header/place", "Đồng Hới", "Hà Nội")
    say(filled, "/header/place", "Huế", "Hà Nội")
    assert filled.corrected(SHA).header.place == "Hà Nội"
    assert len(filled.corrections()) == 2


def test_of_two_at_once_one_is_refused(filled, store_url):
    barrier, outcomes = threading.Barrier(2), []

    def linger(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO corrections"):
            time.sleep(0.3)

    def work(after):
        with open_store(store_url) as own:
            # Long enough for the other one to have read, if nothing makes it wait.
            event.listen(own._database.engine, "before_cursor_execute", linger)
            barrier.wait()
            try:
                outcomes.append(say(own, "/header/place", "Đồng Hới", after))
            except ConflictError:
                outcomes.append(None)

    threads = [threading.Thread(target=work, args=(after,)) for after in ("Huế", "Vinh")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert outcomes.count(None) == 1
    assert len(filled.corrections()) == 1


def test_what_was_said_is_never_changed(filled):
    say(filled, "/header/place", "Đồng Hới", "Huế")
    statements = ["UPDATE corrections SET who = 'x'", "DELETE FROM corrections"]
    if not filled._database.is_sqlite:
        statements.append("TRUNCATE corrections")
    for statement in statements:
        with pytest.raises(StoreError, match="only ever added"), filled._database.write() as connection:
            connection.execute(text(statement))
    assert filled.corrections()[0].who == "mai"


@pytest.mark.parametrize(
    ("pointer", "before", "after", "action"),
    [
        ("/header/issue_date", "2024-05-02", "2024-13-45", "correct"),
        ("/header/nothing", None, "x", "correct"),
        ("/evidence/~1header~1place", None, "x", "correct"),
        ("/source/sha256", SHA, "x", "correct"),
        ("header", None, "x", "correct"),
        ("", None, {}, "correct"),
        ("/directives", [], None, "withdraw"),
        ("/directives/0/text", DIRECTIVES[0]["text"], None, "reject"),
        ("/directives/9/text", None, "x", "correct"),
        ("/directives/x", None, {"text": "x"}, "correct"),
        ("/directives/-", None, "x", "correct"),
        ("/directives/-", None, {"text": "x", "parent": "y"}, "correct"),
        ("/header/place/-", None, "x", "correct"),
        ("/header/place", "Đồng Hới", None, "withdraw"),
        ("/directives/0/deadline/" + "x" * 400, None, "x", "correct"),
    ],
)
def test_what_cannot_stand_in_a_notice_is_refused(filled, pointer, before, after, action):
    if pointer == "/directives":
        before = FIRST.model_dump(mode="json")["directives"]
    with pytest.raises(CorrectionError) as caught:
        say(filled, pointer, before, after, action)
    assert not isinstance(caught.value, ConflictError)
    assert filled.corrections() == []


def test_a_document_without_notice_cannot_be_corrected(store):
    store.add_documents([DocumentRecord(SHA, 1, "a")])
    with pytest.raises(CorrectionError):
        say(store, "/header/place", None, "x")
    assert store.corrected(SHA) is None


def test_a_rejected_value_is_null_and_a_rejected_list_empty(filled):
    say(filled, "/header/place", "Đồng Hới", action="reject")
    say(filled, "/directives/0/deadline", FIRST.directives[0].deadline.model_dump(mode="json"), action="reject")
    say(filled, "/recipients", ["Như trên", "Lưu: VT"], action="reject", boxes=((1, 0, 0, 1, 1),))
    notice = filled.corrected(SHA)
    assert (notice.header.place, notice.directives[0].deadline, notice.recipients) == (None, None, [])


def test_a_rejected_entry_moves_nothing_that_is_said_later(store):
    one = FIRST.evidence["/directives/0"]
    notice = make_notice(directives=THREE, evidence={"/directives/1": one, "/directives/2": one})
    read(store, notice)
    full = notice.model_dump(mode="json")["directives"]
    say(store, "/directives/1", full[1], action="reject", seen=notice)
    say(store, "/directives/2/text", "Việc c", "Việc d", seen=notice)
    say(store, "/directives/-", None, {"text": "Việc e", "parent": 2}, seen=notice)
    result = store.corrected(SHA)
    assert [(d.text, d.parent) for d in result.directives] == [("Việc a", None), ("Việc d", 0), ("Việc e", 1)]
    assert list(result.evidence) == ["/directives/1"]
    assert store.corrections()[-1].pointer == "/directives/3"


def test_evidence_says_who_spoke(filled):
    whole = FIRST.model_dump(mode="json")["directives"][0]
    say(filled, "/directives/0", whole, action="confirm")
    say(filled, "/header/place", "Đồng Hới", "Huế", boxes=((1, 1.0, 2.0, 3.0, 4.0),))
    say(filled, "/header/subject", None, "về thuốc")
    say(filled, "/header/parent_body", None, action="confirm")
    evidence = filled.corrected(SHA).evidence
    assert evidence.keys() == {"/directives/0", "/header/place"}
    assert (evidence["/directives/0"].confidence, evidence["/directives/0"].quote) == (1.0, "Giao Sở Y tế")
    assert evidence["/header/place"].boxes == [(1, 1.0, 2.0, 3.0, 4.0)]


def test_what_was_said_can_be_taken_back(filled):
    say(filled, "/header/place", "Đồng Hới", "Huế")
    say(filled, "/header/place", "Huế", "Vinh")
    say(filled, "/header/place", "Vinh", action="withdraw")
    assert filled.corrected(SHA).header.place == "Huế"
    say(filled, "/header/place", "Huế", action="withdraw")
    assert filled.corrected(SHA).header.place == "Đồng Hới"
    with pytest.raises(CorrectionError):
        say(filled, "/header/place", "Đồng Hới", action="withdraw")
    assert len(filled.corrections()) == 4


def test_corrections_outlive_reprocessing(filled):
    say(filled, "/header/place", "Đồng Hới", "Huế")
    say(filled, "/meeting/location", None, "hội trường")
    again = make_notice(header={"document_number": "99/TB", "place": "Đồng Hới"})
    read(filled, again)
    notice = filled.corrected(SHA)
    assert (notice.header.place, notice.header.document_number) == ("Huế", "99/TB")
    assert notice.meeting.location == "hội trường"
    assert pointers(filled) == []


def test_a_correction_that_fits_no_longer_is_reported_and_not_applied(filled):
    say(filled, "/header/place", "Đồng Hới", "Huế")
    read(filled, make_notice(header={"place": "Vinh"}))
    assert filled.corrected(SHA).header.place == "Vinh"
    assert pointers(filled) == [("/header/place", "Vinh")]
    read(filled, make_notice(header={"place": "Huế"}))
    assert pointers(filled) == []


def test_an_entry_is_known_again_where_it_stands_now(store):
    notice = make_notice(directives=THREE)
    read(store, notice)
    deadline = {"text": "tháng 6", "due": "2024-06-30", "recurrence": None}
    say(store, "/directives/2/deadline", None, deadline, seen=notice)
    say(store, "/directives/-", None, {"text": "Việc mới"}, seen=notice)
    say(store, "/directives/3/number", None, "9", seen=notice)
    more = [{"text": "Việc trước"}, *({"text": d["text"]} for d in THREE)]
    read(store, make_notice(directives=more))
    found = [(d.text, d.number, d.deadline and str(d.deadline.due)) for d in store.corrected(SHA).directives]
    assert found[1:] == [
        ("Việc a", None, None),
        ("Việc b", None, None),
        ("Việc c", None, "2024-06-30"),
        ("Việc mới", "9", None),
    ]
    assert pointers(store) == []


def test_an_entry_that_is_gone_takes_its_corrections_along_as_conflicts(store):
    notice = make_notice(directives=THREE)
    read(store, notice)
    deadline = {"text": "tháng 6", "due": None, "recurrence": None}
    say(store, "/directives/1/deadline", None, deadline, seen=notice)
    read(store, make_notice(directives=[THREE[0], {"text": "Việc khác"}]))
    assert pointers(store) == [("/directives/1/deadline", None)]
    assert store.corrected(SHA).directives[1].deadline is None


def test_what_is_taken_back_is_no_conflict(store):
    notice = make_notice(directives=THREE)
    read(store, notice)
    say(store, "/directives/1/number", None, "2", seen=notice)
    say(store, "/directives/1/number", "2", action="withdraw", seen=notice)
    read(store, make_notice(directives=[]))
    assert pointers(store) == []


def test_who_saw_an_earlier_result_is_checked_against_the_present_one(filled):
    read(filled, make_notice(directives=[{"text": "Trước"}, *DIRECTIVES]))
    say(filled, "/directives/1/number", "1.a", "1.b")
    assert [d.number for d in filled.corrected(SHA).directives] == [None, "1", "1.b"]
    with pytest.raises(ConflictError):
        say(filled, "/header/place", "Đồng Hới", "x", seen=make_notice(recipients=[]))
    read(filled, make_notice(directives=[]))
    with pytest.raises(ConflictError):
        say(filled, "/directives/0/number", "1", "2")


def test_together_they_never_make_a_notice_invalid(store):
    notice = make_notice(directives=[{"text": "Một", "deadline": {"text": "tháng 6"}}])
    read(store, notice)
    say(
        store,
        "/directives/0/deadline",
        {"text": "tháng 6", "due": None, "recurrence": None},
        action="reject",
        seen=notice,
    )
    say(store, "/directives/0/deadline", None, {"text": "tháng 7"}, seen=notice)
    say(store, "/directives/0/deadline/due", None, "2024-07-31", seen=notice)
    full = store.corrected(SHA).directives[0].deadline
    assert (full.text, str(full.due)) == ("tháng 7", "2024-07-31")


def test_the_record_comes_back_as_it_was_given(filled):
    said = Correction(SHA, "/recipients/0", "correct", "Như trên", "Như dưới", "mai", NOON, result_hash(FIRST))
    number = filled.add_correction(said)
    assert filled.corrections() == [dataclasses.replace(said, id=number)]
