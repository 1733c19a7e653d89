"""From any earlier schema to this one, step by step; a new database takes the same steps.

Each step looks before it acts, since the first one makes tables as they are now. A step is never changed once it was
released; what comes later is a new one at the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from sqlalchemy import Connection, func, insert, inspect, select, text

from pipeline.errors import SchemaError
from pipeline.store.database import Database, require_search
from pipeline.store.facts import FACTS, NEWEST
from pipeline.store.filling import fill_facts, follow_corrections
from pipeline.store.returning import RETURNING
from pipeline.store.tables import FIRST, links, metadata, schema_version
from pipeline.store.topics import fill_topics, weakness_facts
from pipeline.store.views import make_views

_LOCK = 0x63686964616F
"""Any number that others will not choose: the lock under which PostgreSQL lets one program migrate."""


def migrate(database: Database) -> None:
    """Bring the schema up to date, each step with its number in one transaction.

    Raises SchemaError for a newer store, and for a database of something else.
    """
    if database.is_sqlite:
        require_search()
    with database.read() as connection:
        version = _version(connection, database.place)
    if version == len(STEPS):
        return
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        # Another program may have migrated while this one waited for the lock.
        for number in range(_version(connection, database.place) + 1, len(STEPS) + 1):
            STEPS[number - 1](connection)
            connection.execute(insert(schema_version).values(version=number, applied_at=dt.datetime.now(dt.UTC)))


def _version(connection: Connection, place: str) -> int:
    tables = set(inspect(connection).get_table_names())
    if schema_version.name not in tables:
        if tables & {table.name for table in FIRST}:
            raise SchemaError(f"{place} holds tables of something else", "give chidao a database of its own")
        return 0
    version = connection.execute(select(func.coalesce(func.max(schema_version.c.version), 0))).scalar_one()
    if version > len(STEPS):
        raise SchemaError(
            f"{place} was written by a newer chidao (schema {version}, this one knows {len(STEPS)})",
            "install the newer chidao again, or go back to a backup of before",
        )
    return int(version)


def _run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(text(statement))


# Step 1: what was read, and that corrections are only ever added.

_SQLITE_GUARD = tuple(
    f"""CREATE TRIGGER IF NOT EXISTS corrections_no_{action.lower()} BEFORE {action} ON corrections
    BEGIN SELECT RAISE(ABORT, 'corrections are only ever added'); END"""
    for action in ("UPDATE", "DELETE")
)
_POSTGRESQL_GUARD = (
    """CREATE OR REPLACE FUNCTION corrections_are_added() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'corrections are only ever added'; END $$""",
    """CREATE OR REPLACE TRIGGER corrections_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON corrections
    FOR EACH STATEMENT EXECUTE FUNCTION corrections_are_added()""",
)


def _first(connection: Connection) -> None:
    metadata.create_all(connection, tables=FIRST)
    _run(connection, _SQLITE_GUARD if connection.dialect.name == "sqlite" else _POSTGRESQL_GUARD)


# Step 2: finding words. SQLite's index does not hold the text again, so triggers keep it in step.


def _sqlite_search(table: str) -> tuple[str, ...]:
    index = f"{table}_fts"
    forget = f"INSERT INTO {index}({index}, rowid, folded) VALUES ('delete', old.id, old.folded)"  # noqa: S608
    learn = f"INSERT INTO {index}(rowid, folded) VALUES (new.id, new.folded)"  # noqa: S608
    return (
        f"""CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5(
        folded, content='{table}', content_rowid='id', tokenize='unicode61 remove_diacritics 0')""",
        f"CREATE TRIGGER IF NOT EXISTS {index}_insert AFTER INSERT ON {table} BEGIN {learn}; END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_delete AFTER DELETE ON {table} BEGIN {forget}; END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_update AFTER UPDATE ON {table} BEGIN {forget}; {learn}; END",
        f"INSERT INTO {index}({index}) VALUES ('rebuild')",  # noqa: S608
    )


def _postgresql_search(table: str) -> tuple[str, ...]:
    return (
        f"""ALTER TABLE {table} ADD COLUMN IF NOT EXISTS words tsvector
        GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED""",
        f"CREATE INDEX IF NOT EXISTS {table}_words ON {table} USING gin (words)",
    )


def _search(connection: Connection) -> None:
    make = _sqlite_search if connection.dialect.name == "sqlite" else _postgresql_search
    for table in ("directives", "notices"):
        _run(connection, make(table))


# Step 3: documents that are nearly the same.


def _links(connection: Connection) -> None:
    metadata.create_all(connection, tables=[links])


# Step 4: what is asked for, in narrow tables, and words with the very marks.


def _sqlite_marks(table: str) -> tuple[str, ...]:
    index = f"{table}_marks"
    forget = f"INSERT INTO {index}({index}, rowid, marked) VALUES ('delete', old.id, old.marked)"  # noqa: S608
    learn = f"INSERT INTO {index}(rowid, marked) VALUES (new.id, new.marked)"  # noqa: S608
    return (
        f"""CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5(
        marked, content='{table}', content_rowid='id', tokenize='unicode61 remove_diacritics 0')""",
        f"CREATE TRIGGER IF NOT EXISTS {index}_insert AFTER INSERT ON {table} BEGIN {learn}; END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_delete AFTER DELETE ON {table} BEGIN {forget}; END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_update AFTER UPDATE ON {table} BEGIN {forget}; {learn}; END",
        f"INSERT INTO {index}({index}) VALUES ('rebuild')",  # noqa: S608
    )


def _postgresql_marks(table: str) -> tuple[str, ...]:
    return (
        f"""ALTER TABLE {table} ADD COLUMN IF NOT EXISTS marks tsvector
        GENERATED ALWAYS AS (to_tsvector('simple', marked)) STORED""",
        f"CREATE INDEX IF NOT EXISTS {table}_marks ON {table} USING gin (marks)",
    )


def _facts(connection: Connection) -> None:
    metadata.create_all(connection, tables=FACTS)
    make = _sqlite_marks if connection.dialect.name == "sqlite" else _postgresql_marks
    for table in ("directives", "notices"):
        _run(connection, make(table))
    _run(connection, tuple(_newest_first(connection.dialect.name)))


def _newest_first(dialect: str) -> Iterator[str]:
    """Yield indexes that give rows in the order of the answers; where none is dated, SQLite has it last anyway."""
    last = "DESC" if dialect == "sqlite" else "DESC NULLS LAST"
    for table in ("notice_facts", "directive_facts"):
        for column in ("issued", "doubt"):
            yield f"CREATE INDEX IF NOT EXISTS {table}_{column} ON {table} ({column} {last}, id)"
        for column in NEWEST:
            yield f"CREATE INDEX IF NOT EXISTS {table}_{column} ON {table} ({column}, issued {last}, id)"


# Step 5: doubts are found, and facets counted, at once.


_COUNTED = (
    "CREATE INDEX IF NOT EXISTS evidence_doubt ON evidence (confidence, sha256, pointer)",
    "DROP INDEX IF EXISTS directive_facts_notice",
    "CREATE INDEX IF NOT EXISTS directive_facts_by_notice ON directive_facts (notice, due, recurrence)",
)
_AGAIN = (
    "ALTER TABLE actors ADD COLUMN again INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX IF EXISTS actors_who",
    "CREATE INDEX IF NOT EXISTS actors_of ON actors (who, role, again, directive)",
)


def _counted(connection: Connection) -> None:
    _run(connection, _COUNTED)
    if "again" not in {column["name"] for column in inspect(connection).get_columns("actors")}:
        _run(connection, _AGAIN)


# Step 6: weaknesses have topics, what returns over notices has its sets, and who asks in SQL has views. All rows that
# are made from notices are made anew, as people corrected them; the steps before make their tables only.


def _derived(connection: Connection) -> None:
    metadata.create_all(connection, tables=[weakness_facts, *RETURNING])
    fill_facts(connection)
    fill_topics(connection)
    follow_corrections(connection)
    _run(connection, tuple(make_views(connection.dialect.name)))


STEPS: tuple[Callable[[Connection], None], ...] = (_first, _search, _links, _facts, _counted, _derived)
"""Step n brings a store from version n - 1 to n."""
