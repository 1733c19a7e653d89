"""Copies of the store, and what may be thrown away of it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select

from pipeline.errors import MissingDependencyError, OutputError
from pipeline.store.database import Database
from pipeline.store.tables import attempts, corrections, documents, results, runs

_DUMP_SECONDS = 6 * 3600


def backup(database: Database, folder: Path) -> Path:
    """Write a copy of the whole store, as of one moment, into `folder` and return its path, which bears the date.

    The store may be written meanwhile. Of PostgreSQL it is what `pg_dump` writes, for `pg_restore`.
    """
    ending = "sqlite" if database.is_sqlite else "dump"
    path = folder / f"chidao-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%fZ}.{ending}"
    part = path.with_name(path.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if database.is_sqlite:
            _vacuum(database, part)
        else:
            _dump(database, part)
        _settle(part)
        part.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}", "choose a folder that has room") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return path


def _settle(part: Path) -> None:
    """Make sure that the copy is on the disk before it gets its name."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _vacuum(database: Database, path: Path) -> None:
    # Not in a transaction, which SQLite refuses here; so without the hook that begins one.
    with database.unbound() as connection:
        connection.execute("VACUUM INTO ?", (str(path),))


def _dump(database: Database, path: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise MissingDependencyError("pg_dump is not installed", "install postgresql-client, or back up on the server")
    url = database.engine.url
    # The password goes by the environment: command lines are seen by everybody on the machine.
    secret = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    address = url.set(drivername="postgresql", password=None).render_as_string()
    command = [program, "--format=custom", f"--file={path}", f"--dbname={address}"]
    done = subprocess.run(
        command, env=os.environ | secret, capture_output=True, text=True, check=False, timeout=_DUMP_SECONDS
    )
    if done.returncode:
        said = next(iter(done.stderr.strip().splitlines()), f"exit {done.returncode}")
        raise OutputError(f"pg_dump made no copy: {said}", "run pg_dump yourself to see why")


def prune(database: Database, runs_before: dt.datetime, keep_last: int, dry_run: bool) -> dict[str, int]:
    """Delete old runs with their attempts, and results that nothing needs; return how many of each.

    The last `keep_last` runs stay whatever their age, and so does what is needed to compare the runs that stay. Current
    results, what people corrected and documents are never deleted. With `dry_run` nothing is.
    """
    with database.write() as connection:
        counts = _prune(connection, runs_before, keep_last)
        if dry_run:
            connection.rollback()
    return counts


def _prune(connection: Connection, runs_before: dt.datetime, keep_last: int) -> dict[str, int]:
    newest = select(runs.c.id).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(keep_last).scalar_subquery()
    gone = connection.execute(delete(runs).where(runs.c.started_at < runs_before, runs.c.id.not_in(newest))).rowcount
    old = and_(attempts.c.run_id.not_in(select(runs.c.id)), attempts.c.status != "started")
    # The last result of before is the state from which the oldest run that stays set out.
    last = select(func.max(attempts.c.id)).where(old, attempts.c.result.is_not(None)).group_by(attempts.c.sha256)
    tried = connection.execute(delete(attempts).where(old, attempts.c.id.not_in(last))).rowcount
    superseded = connection.execute(delete(results).where(~or_(*_needed()))).rowcount
    return {"runs": gone, "attempts": tried, "results": superseded}


def _needed() -> tuple[ColumnElement[bool], ...]:
    """Return the reasons why a result stays: it is the current one, a run that stays made it, a person saw it."""
    return tuple(
        exists().where(table.c.sha256 == results.c.sha256, table.c.result == results.c.hash)
        for table in (documents, attempts, corrections)
    )
