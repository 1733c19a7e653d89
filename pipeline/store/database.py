"""The connection: SQLite in a file, or PostgreSQL by URL, behind one pair of transactions."""

from __future__ import annotations

import importlib.util
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from pipeline.errors import ConfigError, MissingDependencyError, OutputError
from pipeline.store.faults import translated

_BUSY_SECONDS = 30
_CONNECT_SECONDS = 10
_PRAGMAS = (
    f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    # In WAL mode this survives a killed program whole; a power cut may cost the last commits, never the file.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)


class Database:
    """An engine with its two kinds of transactions; `place` names it in messages, without a password."""

    def __init__(self, engine: Engine, place: str) -> None:
        """Keep the engine; nothing is connected yet."""
        self.engine = engine
        self.place = place
        # A PostgreSQL writer that waited for a lock must see what the other one wrote; SQLite's does anyway.
        own = {} if self.is_sqlite else {"isolation_level": "READ COMMITTED"}
        self._writer = engine.execution_options(immediate=True, **own)

    @property
    def is_sqlite(self) -> bool:
        """Tell which of the two databases this is."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that sees one moment of the database."""
        with translated(self.place), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that is kept as a whole, or not at all when an error leaves the block."""
        with translated(self.place), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def unbound(self) -> Iterator[sqlite3.Connection]:
        """Give SQLite's own connection, outside of any transaction, for what is refused inside one."""
        connection = self.engine.raw_connection()
        try:
            yield connection.driver_connection  # type: ignore[misc]
        except sqlite3.Error as error:
            with translated(self.place):
                raise DBAPIError(None, None, error) from error
        finally:
            connection.close()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def connect(url_or_path: str | Path) -> Database:
    """Return the database that a URL or the path of an SQLite file names; the file's folder is made."""
    url = _url(url_or_path)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    return _postgresql(url)


def _url(url_or_path: str | Path) -> URL:
    if isinstance(url_or_path, Path) or "://" not in url_or_path:
        return URL.create("sqlite", database=str(url_or_path))
    try:
        url = make_url(url_or_path)
    except (ArgumentError, ValueError) as error:
        raise ConfigError("the store's address is no URL", "write postgresql://user@host/database or a path") from error
    scheme = url.drivername.partition("+")[0]
    if scheme == "postgres":
        url = url.set(drivername="postgresql")
    elif scheme not in ("postgresql", "sqlite"):
        raise ConfigError(f"a store cannot be kept in {scheme}", "use a path (SQLite) or postgresql://…")
    return url


def _sqlite(url: URL) -> Database:
    if not url.database or url.database == ":memory:" or "mode=memory" in url.database:
        raise ConfigError("a store in memory would be lost", "name a file")
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make {path.parent}: {error.strerror}", "choose another place") from error
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return Database(engine, str(path))


def _prepare(connection: Any, _record: object) -> None:
    """Set up one connection; transactions are begun by `_begin` and not by the driver, which begins them late."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first and then writes fails where another one writes."""
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _postgresql(url: URL) -> Database:
    if importlib.util.find_spec("psycopg") is None:
        raise MissingDependencyError("the driver of PostgreSQL is missing", 'pip install "chidao[postgres]"')
    url = url.set(drivername="postgresql+psycopg")
    # One moment for all statements of a transaction, as SQLite gives it.
    engine = create_engine(
        url,
        isolation_level="REPEATABLE READ",
        connect_args={"connect_timeout": _CONNECT_SECONDS, "options": "-c TimeZone=UTC"},
        pool_pre_ping=True,
    )
    return Database(engine, url.render_as_string(hide_password=True).replace("+psycopg", ""))


def require_search() -> None:
    """Refuse an SQLite that was built without full-text search."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
    except sqlite3.OperationalError as error:
        raise MissingDependencyError(
            f"this SQLite {sqlite3.sqlite_version} has no full-text search (FTS5)",
            "use a Python whose SQLite has it, as Debian's has, or PostgreSQL",
        ) from error
    finally:
        connection.close()
