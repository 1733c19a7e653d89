"""The store as one object; what each method does is in the module that it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.notice import Notice
from pipeline.store import reading, work, writing
from pipeline.store.database import Database, connect
from pipeline.store.migrations import migrate
from pipeline.store.records import DocumentRecord, Ending, RunRecord, Sighting, State


def open_store(url_or_path: str | Path) -> Store:
    """Return the store at a path (SQLite) or URL (``postgresql://…``), made or migrated where needed.

    Raises StoreError (not reached, or damaged), OutputError (no room or no right to write), SchemaError (newer, or
    not a store), MissingDependencyError (no FTS5, no driver) or ConfigError (not an address).
    """
    database = connect(url_or_path)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return Store(database)


class Store:
    """What was read, from which files, when and how. Every method is one transaction, and raises as `open_store`."""

    def __init__(self, database: Database) -> None:
        """Take a database whose schema is up to date."""
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    # --- runs and files

    def begin_run(self, run: RunRecord) -> None:
        """Write that a run has begun."""
        work.begin_run(self._database, run)

    def end_run(
        self, run_id: str, status: str, exit_code: int, counts: Mapping[str, int], ended_at: dt.datetime
    ) -> None:
        """Write how a run ended."""
        ended = {"status": status, "exit_code": exit_code, "counts": dict(counts), "ended_at": ended_at}
        work.end_run(self._database, run_id, ended)

    def runs(self, limit: int = 20) -> list[RunRecord]:
        """Return the latest runs, the last one first."""
        return work.list_runs(self._database, limit)

    def sightings(self, inbox: str) -> dict[str, Sighting]:
        """Return what was seen in an inbox, by path; both are written by `encode_path`."""
        return work.read_sightings(self._database, inbox)

    def note_sightings(self, seen: Iterable[Sighting]) -> None:
        """Write what was seen where, in the place of what was seen there before."""
        work.note_sightings(self._database, seen)

    # --- documents and attempts

    def documents(
        self, shas: Iterable[str] | None = None, states: Collection[State] | None = None
    ) -> dict[str, DocumentRecord]:
        """Return documents by hash, in the order of their names; None means all."""
        return work.read_documents(self._database, shas, states)

    def add_documents(self, records: Iterable[DocumentRecord]) -> None:
        """Write the documents that are not there yet; the others stay as they are."""
        work.add_documents(self._database, records)

    def names(self) -> set[str]:
        """Return the names that result files have already."""
        return work.read_names(self._database)

    def begin_attempt(self, sha256: str, run_id: str, at: dt.datetime, alone: bool) -> int:
        """Write that a document is about to be read; return the attempt's number."""
        return work.begin_attempt(self._database, sha256, run_id, at, alone)

    def end_attempt(  # noqa: PLR0913, PLR0917 - one call a document, with all there is to say
        self, attempt_id: int, sha256: str, ending: Ending, at: dt.datetime, version: str, config: str
    ) -> bool:
        """Write how an attempt ended and what it found; return whether what is stored of the document changed."""
        return writing.end_attempt(self._database, attempt_id, sha256, ending, writing.Stamp(at, version, config))

    def close_interrupted(self, at: dt.datetime) -> list[str]:
        """End the attempts that a dead run left open; return their documents. Call it under the run's lock."""
        return work.close_interrupted(self._database, at)

    def interruptions(self, shas: Iterable[str]) -> dict[str, int]:
        """Return how often in a row, up to now, a run died over each document; those of which none did are left out."""
        return work.interruptions(self._database, shas)

    def requeue(self, shas: Sequence[str] | None = None, kinds: Collection[str] | None = None) -> int:
        """Put quarantined documents back to be read, with tries at 0; return how many."""
        return work.requeue(self._database, shas, kinds)

    def stale(self, version: str, config: str) -> list[str]:
        """Return the documents read by another version or under other settings."""
        return work.stale(self._database, version, config)

    # --- what was found

    def notices(self) -> Iterator[tuple[DocumentRecord, Notice]]:
        """Return all notices with their documents, in the order of names, without holding all in memory."""
        return reading.read_notices(self._database)

    def notice(self, sha256: str) -> Notice | None:
        """Return the notice found in a document, as it was read."""
        return reading.read_notice(self._database, sha256)

    def text(self, sha256: str) -> str | None:
        """Return the text into which a notice's evidence points."""
        return reading.read_text(self._database, sha256)

    def others(self) -> Iterator[tuple[DocumentRecord, dict[str, str | None]]]:
        """Return the documents that are no notices with what their heads say, in the order of names."""
        return reading.read_others(self._database)
