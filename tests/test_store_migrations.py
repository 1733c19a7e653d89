"""From an earlier schema to this one: what is there stays, and the outcome is what a new store is."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from pipeline.errors import SchemaError
from pipeline.store import database, open_store
from pipeline.store.migrations import STEPS

pytest_plugins = ["postgres"]

HERE = Path(__file__).parent


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
