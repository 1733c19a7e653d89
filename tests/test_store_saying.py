"""What people said is taken back, and found again where the corrected notice has them; in both databases."""

import datetime as dt
import hashlib

import pytest
from made_notices import make_notice

from pipeline.store import Correction, DocumentRecord, Ending, Question, Spot, result_hash

pytest_plugins = ["postgres"]

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
SHA = hashlib.sha256(b"a").hexdigest()
WORK = [{"text": f"Việc {name}"} for name in ("một", "hai", "ba")]
READ = make_notice(directives=WORK, recipients=["Như trên", "Lưu: VT"])


def read(store, notice):
    store.add_documents([DocumentRecord(SHA, 1, "a")])
    attempt = store.begin_attempt(SHA, "r1", NOON, alone=False)
    store.end_attempt(attempt, SHA, Ending("ok", "ok", notice=notice, text=""), NOON, "1", "c")


def said(pointer, before, after=None, action="correct", *, minute=0, who="mai", seen=READ):
    at = NOON + dt.timedelta(minutes=minute)
    return Correction(SHA, pointer, action, before, after, who, at, result_hash(seen))


def late(minute):
    return NOON + dt.timedelta(minutes=minute)


@pytest.fixture
def filled(store):
    read(store, READ)
    return store


def test_what_was_said_is_taken_back_the_last_thing_first(filled):
    place = filled.notice(SHA).header.place
    filled.add_correction(said("/recipients/1", "Lưu: VT", "Lưu: VT, TH"))
    filled.add_correction(said("/header/place", place, "Huế", minute=1))
    assert filled.undo(SHA, "mai", late(2))
    assert filled.corrected(SHA).header.place == place
    assert filled.corrected(SHA).recipients == ["Như trên", "Lưu: VT, TH"]
    assert filled.undo(SHA, "mai", late(3))
    assert filled.corrected(SHA).recipients == READ.recipients
    assert not filled.undo(SHA, "mai", late(4))
    assert [one.action for one in filled.corrections()] == ["correct"] * 2 + ["withdraw"] * 2


def test_a_rejected_entry_comes_back_where_it_was_and_is_found_again(filled):
    filled.add_correction(said("/directives/1", filled.spot(SHA, "/directives/1").value, action="reject"))
    assert [one.text for one in filled.corrected(SHA).directives] == ["Việc một", "Việc ba"]
    assert filled.ask(Question(words="hai")).rows == ()
    assert filled.undo(SHA, "mai", late(1))
    assert [one.text for one in filled.corrected(SHA).directives] == ["Việc một", "Việc hai", "Việc ba"]
    assert len(filled.ask(Question(words="hai")).rows) == 1


def test_an_added_entry_is_taken_back(filled):
    filled.add_correction(said("/recipients/-", None, "Sở Y lê"))
    assert filled.corrected(SHA).recipients == ["Như trên", "Lưu: VT", "Sở Y lê"]
    assert filled.undo(SHA, "mai", late(1))
    assert filled.corrected(SHA).recipients == READ.recipients


def test_nobody_takes_back_what_another_said(filled):
    filled.add_correction(said("/recipients/0", "Như trên", "Như 1", who="lan"))
    assert not filled.undo(SHA, "mai", late(1))
    assert filled.corrected(SHA).recipients[0] == "Như 1"


def test_who_spoke_last_of_what(filled):
    assert filled.spoke_last_of("mai") is None
    filled.add_correction(said("/recipients/0", "Như trên", "Như 1"))
    assert (filled.spoke_last_of("mai"), filled.spoke_last_of("lan")) == (SHA, None)
    filled.undo(SHA, "mai", late(1))
    assert filled.spoke_last_of("mai") is None
    assert filled.count_corrections() == {"correct": 1, "withdraw": 1}


def test_a_place_of_the_corrected_notice_is_told_as_it_was_read(filled):
    filled.add_correction(said("/directives/0", filled.spot(SHA, "/directives/0").value, action="reject"))
    assert filled.spot(SHA, "/directives/0/text").pointer == "/directives/1/text"
    assert filled.spot(SHA, "/directives/2/text") is None
    assert filled.spot(SHA, "/header/nothing") is None
    spot = filled.spot(SHA, "/directives/1/text")
    assert spot == Spot("/directives/2/text", "/directives/1/text", "Việc ba", result_hash(READ))
    assert filled.spot(SHA, "/directives/9") is None
    assert filled.spot("0" * 64, "/directives/0") is None


def test_what_somebody_saw_before_is_found_in_what_is_read_now(filled):
    now = make_notice(directives=[WORK[2], WORK[0]], recipients=READ.recipients)
    read(filled, now)
    spot = filled.spot(SHA, "/directives/2", seen=result_hash(READ))
    assert spot is not None
    assert (spot.pointer, spot.now, spot.value["text"]) == ("/directives/0", "/directives/0", "Việc ba")
    assert filled.spot(SHA, "/directives/1", seen=result_hash(READ)) is None


def test_the_history_says_where_each_thing_is_now(filled):
    filled.add_correction(said("/directives/2/text", "Việc ba", "Việc 3"))
    filled.add_correction(said("/directives/0", filled.spot(SHA, "/directives/0").value, action="reject"))
    places = [(one.pointer, now) for one, now in filled.history(SHA)]
    assert places == [("/directives/2/text", "/directives/1/text"), ("/directives/0", None)]
