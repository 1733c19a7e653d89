"""What a run that died leaves is taken up by the next one: counted, read alone, cleared away, written down.

Promise 3, 12 and 13 at the places where a run can die between two steps.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sqlite3

import pytest
from made_notices import READER
from nights import faults, fill, night, states, stored, table, written

from pipeline.batch import Account
from pipeline.batch import night as nightly
from pipeline.config import BatchSettings, Config
from pipeline.errors import OutputError
from pipeline.store import open_store

NOW = dt.datetime.now(dt.UTC)
BATCH = BatchSettings(workers=1, rest_seconds=0, damaged_age_seconds=0)


class Death(BaseException):
    """The end of a run at a place where nothing can be put in order any more."""


def die(*_args, **_more):
    raise Death


def interrupt(out, name, *, alone):
    """Leave a document's attempt open, as a run does that dies over it."""
    with open_store(out / "chidao.db") as store:
        (sha256,) = (record.sha256 for record in store.documents().values() if record.name == name)
        store.begin_attempt(sha256, "dead", NOW, alone=alone)
        return sha256


def rows(out, query, *values):
    with sqlite3.connect(out / "chidao.db") as connection:
        return connection.execute(query, values).fetchall()


@pytest.fixture
def begun(tmp_path):
    """An inbox of which one document was left when the run died over it."""
    inbox, out = fill(tmp_path / "inbox", ["a.pdf", "b.pdf"]), tmp_path / "out"
    night(inbox, out)
    with open_store(out / "chidao.db") as store:
        store.reopen(store.documents())
    interrupt(out, "b", alone=False)
    return inbox, out


def test_what_a_run_died_over_is_read_alone_next_time(begun):
    inbox, out = begun
    account = night(inbox, out)
    assert {entry.file: entry.fate for entry in account.entries} == {"a.pdf": "ok", "b.pdf": "ok"}
    how = dict(rows(out, "SELECT name, alone FROM attempts JOIN documents USING (sha256) WHERE run_id = ?", account.id))
    assert how == {"a": 0, "b": 1}
    assert rows(out, "SELECT DISTINCT tries FROM documents") == [(0,)]


def test_that_a_run_died_over_it_is_remembered_though_the_next_run_takes_other_files(begun):
    inbox, out = begun
    assert night(inbox, out, limit=1).counts["left"] == 1
    account = night(inbox, out)
    assert rows(out, "SELECT alone FROM attempts WHERE run_id = ?", account.id) == [(1,)]


def test_what_took_two_runs_with_it_is_left_to_a_person_and_costs_no_third(begun):
    inbox, out = begun
    sha256 = interrupt(out, "b", alone=True)
    account = night(inbox, out)
    assert {entry.file: entry.fate for entry in account.entries} == {"a.pdf": "ok"}
    assert [(entry.file, entry.kind) for entry in account.quarantine] == [("b.pdf", "interrupted")]
    assert states(out) == {"a.pdf": "ok", "b.pdf": "quarantined"}
    assert [(row["file"], row["kind"]) for row in table(out / "problems.csv")] == [("b.pdf", "interrupted")]
    with open_store(out / "chidao.db") as store:
        assert store.requeue([sha256]) == 1
    interrupt(out, "b", alone=False)
    assert night(inbox, out).counts["ok"] == 1


def test_failures_are_counted_across_runs(tmp_path, monkeypatch):
    inbox, out = fill(tmp_path / "inbox", ["segfault-1.pdf", "z.pdf"]), tmp_path / "out"
    monkeypatch.setattr("pipeline.batch.guard.Guard.alone", die)
    with pytest.raises(Death):
        night(inbox, out)
    monkeypatch.undo()
    account = night(inbox, out)
    assert [(entry.file, entry.fate, entry.quarantined) for entry in account.entries] == [
        ("segfault-1.pdf", "crash", True)
    ]
    assert rows(out, "SELECT alone FROM attempts WHERE run_id = ?", account.id) == [(1,)]


@pytest.mark.parametrize("step", ["link_kin", "write_books", "close_run"])
def test_a_run_that_dies_after_its_last_document_is_made_up_for(tmp_path, monkeypatch, step):
    inbox, out, whole = fill(tmp_path / "inbox", ["a.pdf"]), tmp_path / "out", tmp_path / "whole"
    night(inbox, out)
    fill(inbox, ["a-copy.pdf", "b.pdf"])
    monkeypatch.setattr(nightly, step, die)
    with pytest.raises(Death):
        night(inbox, out)
    monkeypatch.undo()
    night(inbox, out)
    night(inbox, whole)
    assert table(out / "notices.csv") == table(whole / "notices.csv")
    assert (stored(out), written(out)) == (stored(whole), written(whole))
    assert len(stored(out)["links"]) > 0


def test_files_that_a_killed_run_left_half_written_are_cleared_away(tmp_path):
    inbox, out = fill(tmp_path / "inbox", ["a.pdf"]), tmp_path / "out"
    first = night(inbox, out)
    parts = [out / folder / ".chidao-1-2.part" for folder in ("", "notices", f"runs/{first.id}")]
    for part in parts:
        part.touch()
    assert {finding.kind for finding in faults(out)} == {"stray-file"}
    night(inbox, out)
    assert [part for part in parts if part.exists()] == []
    assert faults(out) == []


@pytest.mark.parametrize("step", ["store", "tables", "report"])
def test_a_disk_that_is_full_at_any_step_costs_no_result(tmp_path, monkeypatch, step):
    inbox, out, whole = fill(tmp_path / "inbox", ["a.pdf", "b.pdf"]), tmp_path / "out", tmp_path / "whole"
    full = {
        "store": "pipeline.store.store.Store.end_attempt",
        "tables": "pipeline.batch.night.write_books",
        "report": "pipeline.batch.closing.write_reports",
    }

    def refuse(*_args, **_more):
        raise OutputError("there is no room", "make room")

    monkeypatch.setattr(full[step], refuse)
    with pytest.raises(OutputError):
        night(inbox, out)
    monkeypatch.undo()
    assert night(inbox, out).exit_code == 0
    night(inbox, whole)
    assert (stored(out), written(out)) == (stored(whole), written(whole))


@pytest.mark.parametrize("place", range(6))
def test_a_run_that_is_given_up_accounts_for_every_file_and_blames_none(tmp_path, place):
    names = [f"{number}.pdf" for number in range(6)]
    inbox, out = fill(tmp_path / "inbox", names), tmp_path / "out"
    account = night_stopped_at(inbox, out, place)
    assert sorted(entry.file for entry in account.entries) == names
    assert (account.status, account.exit_code) == ("stopped", 130)
    assert {entry.fate for entry in account.entries} <= {"ok", "left"}
    assert rows(out, "SELECT count(*) FROM attempts WHERE status = 'started'") == [(0,)]
    report = json.loads((out / "runs" / account.id / "report.json").read_bytes())
    assert report["counts"]["seen"] == len(names)
    again = night(inbox, out)
    assert again.counts["ok"] + again.unchanged == len(names)
    assert rows(out, "SELECT count(*) FROM attempts WHERE alone") == [(0,)]
    assert {row["file"] for row in table(out / "notices.csv")} == set(names)


def night_stopped_at(inbox, out, place) -> Account:
    """Make a run that is asked to end twice when so many files are done."""
    seen = []

    def entered(_entry):
        seen.append(1)
        if len(seen) == place + 1:
            for _ in range(2):
                os.kill(os.getpid(), signal.SIGTERM)

    return nightly.run_night(nightly.Night(inbox, out, Config(batch=BATCH)), nightly.Watch(entered=entered), READER)
