"""The store over the years: kills, faults, checks, backups and pruning."""

import datetime as dt
import hashlib
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from made_notices import make_notice
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import ConfigError, MissingDependencyError, OutputError, StoreError
from pipeline.store import Correction, DocumentRecord, Ending, RunRecord, Sighting, database, open_store, upkeep
from pipeline.store.faults import translated
from pipeline.store.tables import DERIVED

pytest_plugins = ["postgres"]

HERE = Path(__file__).parent
NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
TEXT = "Giao Sở Y tế báo cáo."


def sha(name):
    return hashlib.sha256(str(name).encode()).hexdigest()


def at(minutes):
    return NOON + dt.timedelta(minutes=minutes)


def read(store, name, notice=None, minute=0, run="r1"):
    store.add_documents([DocumentRecord(sha(name), 1, f"n{name}")])
    attempt = store.begin_attempt(sha(name), run, at(minute), alone=False)
    ending = Ending("ok", "ok", notice=notice or make_notice(), text=TEXT)
    return store.end_attempt(attempt, sha(name), ending, at(minute), "1", "c")


def do(store, *statements):
    with store._database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def kinds(store):
    return {finding.kind for finding in store.check()}


def derived(store):
    with store._database.read() as connection:
        rows = {}
        for table in DERIVED:
            columns = [column for column in table.c if column.name != "id"]
            rows[table.name] = sorted(map(repr, connection.execute(table.select().with_only_columns(*columns))))
        return rows


# --- kills

WRITER = """
import datetime as dt, sys
from pipeline.notice import Header, Notice
from pipeline.store import Ending, open_store
url, edition, text, *shas = sys.argv[1:]
made, now = Notice.model_validate_json(sys.stdin.buffer.read()), dt.datetime.now(dt.UTC)
with open_store(url) as store:
    print("ready", flush=True)
    for n, sha in enumerate(shas):
        notice = made.model_copy(update={"header": Header(place=f"{edition} {n}"), "recipients": [edition] * n})
        attempt = store.begin_attempt(sha, "r", now, alone=False)
        store.end_attempt(attempt, sha, Ending("ok", "ok", notice=notice, text=text), now, edition, "c")
"""


def start_writer(url, edition):
    """Start a program that writes 60 documents, and return it once it has begun."""
    command = [sys.executable, "-c", WRITER, url, edition, TEXT, *map(sha, range(60))]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=HERE.parent)
    child.stdin.write(make_notice().model_dump_json().encode())
    child.stdin.close()
    assert child.stdout.readline() == b"ready\n"
    return child


def test_a_killed_writer_leaves_every_document_whole(store, store_url, tmp_path):
    store.add_documents(DocumentRecord(sha(n), 1, str(n)) for n in range(60))
    seeded = random.Random(7)
    killed = 0
    for edition in ("1", "2", "3", "4"):
        child = start_writer(store_url, edition)
        time.sleep(seeded.uniform(0.02, 0.4))
        child.kill()
        killed += child.wait() == -signal.SIGKILL
        child.stdout.close()
        assert store.check() == []
        for record, notice in store.notices():
            assert notice.header.place == f"{record.version} {record.name}"
            assert len(notice.recipients) == int(record.name)
    assert killed
    assert len(store.close_interrupted(NOON)) <= killed
    # The rest, and all that a clean run would have made.
    for n in range(60):
        notice = make_notice(header={"place": f"5 {n}"})
        read(store, n, notice)
    before = derived(store)
    with open_store(tmp_path / "clean") as clean:
        for n in range(60):
            clean.add_documents([DocumentRecord(sha(n), 1, str(n))])
            read(clean, n, make_notice(header={"place": f"5 {n}"}))
        assert derived(clean) == before


# --- faults


def test_what_is_no_database_is_refused(tmp_path):
    (tmp_path / "s").write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreError, match="damaged") as caught:
        open_store(tmp_path / "s")
    assert (caught.value.exit_code, caught.value.kind) == (69, "store")
    with pytest.raises(StoreError):
        open_store(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot make"):
        open_store(tmp_path / "file" / "s")


@pytest.mark.parametrize("address", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "://"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ConfigError):
        open_store(address)


def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path):
    with pytest.raises(StoreError) as caught:
        open_store(f"postgresql://me:geheim@/x?host={tmp_path}")
    assert caught.value.exit_code == 69
    assert "geheim" not in str(caught.value)


def test_a_full_disk_leaves_what_was_there(tmp_path):
    with open_store(tmp_path / "s") as store:
        read(store, 1)
        before = derived(store)
        with store._database.read() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        large = make_notice(recipients=["x" * 9999] * 200)
        with pytest.raises(OutputError, match="no room") as caught:
            read(store, 1, large)
        assert caught.value.exit_code == 74
        assert store.check() == []
        assert derived(store) == before


def test_a_store_that_may_not_be_written_says_so(tmp_path):
    with open_store(tmp_path / "s") as store:
        with store._database.read() as connection:
            connection.exec_driver_sql("PRAGMA query_only = 1")
        with pytest.raises(OutputError, match="may not be written"):
            store.add_documents([DocumentRecord(sha(1), 1, "a")])


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (psycopg.errors.DiskFull("could not extend file: No space left on device\nrow (x)"), OutputError),
        (psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only transaction"), OutputError),
        (psycopg.errors.DeadlockDetected("deadlock detected\nDETAIL: geheim"), StoreError),
        (sqlite3.OperationalError("disk I/O error"), OutputError),
    ],
)
def test_faults_are_told_apart(fault, expected):
    with pytest.raises(expected) as caught, translated("the store"):
        raise DBAPIError("INSERT", {}, fault)
    assert "geheim" not in str(caught.value)
    assert "row" not in str(caught.value)


def test_a_writer_takes_the_lock_before_it_reads(tmp_path):
    with open_store(tmp_path / "s") as one, open_store(tmp_path / "s") as other:
        with other._database.read() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        with one._database.write(), pytest.raises(StoreError, match="busy"):
            other.add_documents([DocumentRecord(sha(1), 1, "a")])
        other.add_documents([DocumentRecord(sha(1), 1, "a")])
        assert one.names() == {"a"}


def test_an_sqlite_without_search_and_a_missing_driver_are_named(tmp_path, monkeypatch):
    class Bare:
        sqlite_version, OperationalError = "3.0", sqlite3.OperationalError

        def connect(self, _path):
            return self

        def execute(self, _statement):
            raise sqlite3.OperationalError("no such module: fts5")

        def close(self):
            pass

    with monkeypatch.context() as patched:
        patched.setattr(database, "sqlite3", Bare())
        with pytest.raises(MissingDependencyError, match="FTS5"):
            open_store(tmp_path / "s")
    monkeypatch.setattr(database.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingDependencyError, match="driver"):
        open_store("postgresql://x/y")


def test_sqlite_is_set_up_for_a_killed_program(tmp_path):
    with open_store(tmp_path / "s") as store, store._database.read() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 30_000}


# --- checks


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("UPDATE results SET json = '{}'", "result-hash"),
        ("UPDATE documents SET result = 'x'", "result-missing"),
        ("DELETE FROM directives WHERE ordinal = 0", "orphans"),
        ("DELETE FROM amounts", "rows"),
        ("DELETE FROM notices", "rows"),
        ("UPDATE evidence SET quote = 'x'", "evidence"),
        ("DELETE FROM texts", "evidence"),
        ("UPDATE documents SET result = NULL", "orphans"),
    ],
)
def test_what_is_not_whole_is_found(store, damage, kind):
    read(store, 1)
    assert store.check() == []
    do(store, damage)
    assert kind in kinds(store)
    (finding, *_) = store.check()
    assert finding.advice


def test_paths_of_documents_that_are_not_there_are_found(store):
    store.note_sightings([Sighting("/in", "a", sha(1), 1, 1, 1)])
    assert kinds(store) == {"sightings"}
    store.add_documents([DocumentRecord(sha(1), 1, "a")])
    assert store.check() == []


def test_an_index_that_lost_its_words_is_found(tmp_path):
    with open_store(tmp_path / "s") as store:
        read(store, 1)
        do(store, "INSERT INTO directives_fts(directives_fts) VALUES ('delete-all')")
        assert kinds(store) == {"search"}
        do(store, "INSERT INTO directives_fts(directives_fts) VALUES ('rebuild')")
        assert store.check() == []


def test_a_damaged_file_is_found(tmp_path):
    path = tmp_path / "s"
    with open_store(path) as store:
        read(store, 1)
        with store._database.read() as connection:
            page = connection.execute(text("SELECT rootpage FROM sqlite_master WHERE name = 'evidence'")).scalar()
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096 : (page - 1) * 4096 + 64] = b"\x07" * 64
    path.write_bytes(data)
    with open_store(path) as store:
        assert kinds(store) == {"file"}


# --- backups


def test_a_backup_is_a_whole_store(tmp_path):
    with open_store(tmp_path / "s") as store:
        read(store, 1)
        copy = store.backup(tmp_path / "backups")
        with open_store(copy) as kept:
            assert (kept.check(), derived(kept)) == ([], derived(store))
            assert kept.search_directives("chủ trì")
        assert store.backup(tmp_path / "backups") != copy
    assert not list((tmp_path / "backups").glob("*.part*"))
    assert copy.name.startswith("chidao-2")


def test_a_backup_of_postgresql_is_a_dump(postgres_url, tmp_path, monkeypatch):
    with open_store(postgres_url) as store:
        read(store, 1)
        assert store.backup(tmp_path).read_bytes().startswith(b"PGDMP")
        monkeypatch.setattr(upkeep.shutil, "which", lambda _name: None)
        with pytest.raises(MissingDependencyError, match="pg_dump"):
            store.backup(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "file").touch()
    with open_store(tmp_path / "s") as store, pytest.raises(OutputError):
        store.backup(tmp_path / "file")


# --- pruning


def test_pruning_keeps_what_is_needed(store):
    editions = [make_notice(recipients=[str(n)]) for n in range(5)]
    for n, notice in enumerate(editions):
        store.begin_run(RunRecord(f"r{n}", "/in", at(10 * n), "1", "c"))
        read(store, "a", notice, minute=10 * n + 1, run=f"r{n}")
        if n == 0:
            read(store, "b", notice, minute=2, run="r0")
            seen = store.documents()[sha("a")].result
            said = Correction(sha("a"), "/header/place", "confirm", "Đồng Hới", None, "mai", at(3), seen)
            store.add_correction(said)
        store.end_run(f"r{n}", "finished", 0, {}, at(10 * n + 5))
    changes = list(store.diff("r3", "r4"))
    before = derived(store)
    dry = store.prune(at(1000), 2, dry_run=True)
    # Of "a" the attempts of r0 and r1 go, and the result of r1; r0's was corrected, r2's is where r3 set out.
    assert dry == {"runs": 3, "attempts": 2, "results": 1}
    assert len(store.runs()) == 5
    assert store.prune(at(1000), 2) == dry
    assert store.prune(at(1000), 2) == {"runs": 0, "attempts": 0, "results": 0}
    assert [run.id for run in store.runs()] == ["r4", "r3"]
    assert list(store.diff("r3", "r4")) == changes
    assert (derived(store), len(store.corrections()), store.check()) == (before, 1, [])
    assert store.prune(at(-5), 0) == {"runs": 0, "attempts": 0, "results": 0}
    assert store.prune(at(1000), 0)["runs"] == 2
    assert {record.name for record, _ in store.notices()} == {"na", "nb"}
