"""From an earlier schema to this one: what is there stays, and the outcome is what a new store is."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from made_notices import make_notice
from sqlalchemy import inspect, text

from pipeline.errors import SchemaError
from pipeline.store import Correction, DocumentRecord, Ending, database, open_store, result_hash
from pipeline.store.migrations import STEPS
from pipeline.store.views import VIEWS

pytest_plugins = ["postgres"]

HERE = Path(__file__).parent
NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
SHA = hashlib.sha256(b"a").hexdigest()
LEAD = {"name": "Sở Y tế", "role": "lead", "inherited": False}


def do(store, *statements):
    with store._database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def shape(store):
    """Return what a database consists of, as it says itself."""
    with store._database.read() as connection:
        if store._database.is_sqlite:
            found = connection.execute(text("SELECT type, name, sql FROM sqlite_master")).all()
            return {(kind, name, " ".join((sql or "").split())) for kind, name, sql in found}
        columns = "table_name, column_name, data_type, is_nullable, collation_name, generation_expression"
        queries = (
            f"SELECT {columns} FROM information_schema.columns WHERE table_schema = 'public'",  # noqa: S608
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT event_object_table, trigger_name, event_manipulation FROM information_schema.triggers",
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint",
        )
        return {tuple(row) for query in queries for row in connection.execute(text(query))}


def make_version_1(url):
    kind = "postgresql" if "://" in url else "sqlite"
    statements = (HERE / f"stores/version_1_{kind}.sql").read_text().split("\n---\n")
    opened = database.connect(url)
    with opened.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    opened.close()


def test_a_store_of_version_1_becomes_what_a_new_one_is(store_url, tmp_path, request):
    make_version_1(store_url)
    new = tmp_path / "new.sqlite"
    with open_store(store_url) as old:
        (hit,) = old.search_directives("đê điều")
        assert (hit.name, hit.text) == ("cu", "Việc đê điều")
        assert old.links_of("a" * 64) == []
        migrated = shape(old)
        if not old._database.is_sqlite:
            return_url = request.getfixturevalue("postgres_url")
            do(old, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
            new = return_url
    with open_store(new) as fresh:
        assert migrated == shape(fresh)


VIEWS_AND_TABLES = (
    *(f"DROP VIEW {view}" for view in VIEWS),
    *(f"DROP TABLE {table}" for table in ("weakness_facts", "returned", "returns")),
)


MADE = (
    "ordinal, text FROM weaknesses",
    "ordinal, topic FROM weakness_facts",
    "ordinal, who, folded, role, again FROM actors",
    "pointer, body FROM named",
    "directives, weaknesses, doubt FROM notice_facts",
)
"""What is made from notices, but for the numbers of its rows."""


def made_rows(store):
    with store._database.read() as connection:
        return [sorted(map(repr, connection.execute(text(f"SELECT {columns}")))) for columns in MADE]


def test_a_store_of_version_5_gets_the_rows_that_a_new_one_has(store, store_url):
    twice = [{"text": f"Việc {name}", "assignees": [LEAD]} for name in ("một", "hai")]
    store.add_documents([DocumentRecord(SHA, 1, "a")])
    attempt = store.begin_attempt(SHA, "r1", NOON, alone=False)
    notice = make_notice(directives=twice)
    store.end_attempt(attempt, SHA, Ending("ok", "ok", notice=notice, text=""), NOON, "1", "c")
    said = ("/assessment/weaknesses/0/text", "correct", "Thiếu thuốc", "Rác còn nhiều", "mai", NOON)
    store.add_correction(Correction(SHA, *said, result_hash(notice)))
    before, new = made_rows(store), shape(store)
    assert "environment" in before[1][0]
    # Version 5 had no bits of notices, and neither topics nor sets nor views.
    do(store, *VIEWS_AND_TABLES, "UPDATE actors SET again = again & 7", "DELETE FROM schema_version WHERE version > 5")
    with open_store(store_url) as migrated:
        assert shape(migrated) == new
        assert made_rows(migrated) == before


def test_opening_again_changes_nothing(store, store_url):
    before = shape(store)
    with open_store(store_url) as again:
        assert shape(again) == before
        versions = again._database
        with versions.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM schema_version")).scalar() == len(STEPS)


def test_a_migration_that_fails_leaves_the_old_version(store_url, monkeypatch):
    make_version_1(store_url)

    def fail(_connection):
        raise RuntimeError("step")

    monkeypatch.setattr("pipeline.store.migrations.STEPS", (*STEPS[:2], fail))
    with pytest.raises(RuntimeError, match="step"):
        open_store(store_url)
    opened = database.connect(store_url)
    assert "directives_fts" not in inspect(opened.engine).get_table_names()
    with opened.read() as connection:
        assert connection.execute(text("SELECT max(version) FROM schema_version")).scalar() == 1
    opened.close()


def test_a_newer_store_and_a_foreign_database_are_refused(store, store_url):
    do(store, "INSERT INTO schema_version VALUES (99, '2030-01-01')")
    with pytest.raises(SchemaError, match="newer chidao") as caught:
        open_store(store_url)
    assert caught.value.exit_code == 78
    do(store, "DROP TABLE schema_version")
    with pytest.raises(SchemaError, match="something else"):
        open_store(store_url)
