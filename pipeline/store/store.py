"""The store as one object; what each method does is in the module that it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.normalise.passages import LIKE
from pipeline.notice import Notice
from pipeline.store import (
    asking,
    changes,
    checking,
    choices,
    corrections,
    doubts,
    duplicates,
    facets,
    gather,
    reading,
    related,
    returning,
    search,
    tally,
    tracking,
    upkeep,
    work,
    writing,
)
from pipeline.store.choices import Choosable
from pipeline.store.database import Database, connect
from pipeline.store.memory import Memory
from pipeline.store.migrations import migrate
from pipeline.store.question import Answer, FacetValue, Question
from pipeline.store.records import (
    Change,
    Conflict,
    Correction,
    DocumentRecord,
    Doubt,
    Ending,
    Finding,
    Hit,
    Link,
    RunRecord,
    Sighting,
    Spot,
    State,
)
from pipeline.store.related import Attempt, Cited, Head


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
        self._facets = Memory(database, facets.facets)
        self._tracked = Memory(database, tracking.track)

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

    def counts(self) -> dict[str, int]:
        """Return how many documents, notices and directives there are, and how many documents need a person."""
        return tally.count_all(self._database)

    def read_lately(self) -> list[str]:
        """Return the notices read since the last run that came to its end."""
        return tally.read_lately(self._database)

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

    def close_interrupted(self, at: dt.datetime, *, counts: bool = True) -> list[str]:
        """End the attempts that a dead run left open; return their documents. Call it under the run's lock.

        Where it `counts`, these were tries; who dies twice in a row with a run goes into quarantine.
        """
        return work.close_interrupted(self._database, at, counts=counts)

    def interruptions(self, shas: Iterable[str]) -> dict[str, int]:
        """Return how often in a row, up to now, a run died over each document; those of which none did are left out."""
        return work.interruptions(self._database, shas)

    def requeue(self, shas: Sequence[str] | None = None, kinds: Collection[str] | None = None) -> int:
        """Put quarantined documents back to be read, with tries at 0; return how many."""
        return work.requeue(self._database, shas, kinds)

    def reopen(self, shas: Iterable[str]) -> int:
        """Let documents that were read be read again; what was found in them stands until then."""
        return work.reopen(self._database, shas)

    def stale(self, version: str, config: str) -> list[str]:
        """Return the documents read by another version or under other settings."""
        return work.stale(self._database, version, config)

    # --- what was found

    def notices(self, *, corrected: bool = True) -> Iterator[tuple[DocumentRecord, Notice]]:
        """Return all notices with their documents, in the order of names, without holding all in memory.

        They are as people corrected them, or as they were read.
        """
        return reading.read_notices(self._database, corrected=corrected)

    def notice(self, sha256: str) -> Notice | None:
        """Return the notice found in a document, as it was read."""
        return reading.read_notice(self._database, sha256)

    def text(self, sha256: str) -> str | None:
        """Return the text into which a notice's evidence points."""
        return reading.read_text(self._database, sha256)

    def others(self) -> Iterator[tuple[DocumentRecord, dict[str, str | None]]]:
        """Return the documents that are no notices with what their heads say, in the order of names."""
        return reading.read_others(self._database)

    def diff(self, run_a: str, run_b: str) -> Iterator[Change]:
        """Return what was otherwise at the end of one run than at the end of another; evidence is left out."""
        return changes.diff(self._database, run_a, run_b)

    def search_directives(self, words: str, limit: int = 20, offset: int = 0) -> list[Hit]:
        """Return directives with all these words and "phrases", those with the same marks first, then the newest."""
        return search.search_directives(self._database, words, limit, offset)

    # --- questions

    def ask(self, question: Question) -> Answer:
        """Return a page of the directives or notices that a question finds."""
        return asking.ask(self._database, question)

    def facets(self, question: Question) -> dict[str, list[FacetValue]]:
        """Return by facet which values the hits of a question have, each counted without the facet's own condition."""
        return self._facets.answer(question)

    def track(self, question: Question) -> tracking.Tracked:
        """Return what is to be done by whom and by when as of the question's day, whatever states it asks for."""
        return self._tracked.answer(replace(question, what="directives", states=(), recurrences=()))

    def choices(self, facet: Choosable, typed: str) -> list[str]:
        """Return the values of a facet that somebody means who types a name, whole or some words of it."""
        return choices.choices(self._database, facet, typed)

    def nearest(self, facet: Choosable, typed: str) -> list[str]:
        """Return names of a facet's values that look like what somebody typed."""
        return choices.nearest(self._database, facet, typed)

    # --- what belongs together

    def sightings_of(self, sha256: str) -> list[Sighting]:
        """Return where a document was seen; the pictures of one notice in the order of their pages."""
        return related.sightings_of(self._database, sha256)

    def attempts_of(self, sha256: str) -> list[Attempt]:
        """Return how the readings of a document went, the last one first."""
        return related.attempts_of(self._database, sha256)

    def heads_of(self, shas: Iterable[str]) -> dict[str, Head]:
        """Return what documents are known by: their names, and their notices' heads."""
        return related.heads_of(self._database, shas)

    def cited_by(self, sha256: str) -> list[Cited]:
        """Return the citations of a notice whose documents are in the store, with these."""
        return related.cited_by(self._database, sha256)

    def citing(self, sha256: str) -> list[Head]:
        """Return the notices that cite a document by its number, the newest first."""
        return related.citing(self._database, sha256)

    # --- what returns over notices

    def find_returning(self, at: dt.datetime, least: float = LIKE) -> dict[returning.What, int]:
        """Find anew which weaknesses and directives are said again in other notices; return how many sets there are."""
        return gather.find_returning(self._database, at, least)

    def returning(
        self, wanted: returning.Wanted, limit: int = 20, offset: int = 0, most: int | None = None
    ) -> tuple[list[returning.Returning], int]:
        """Return a page of what was found so, said in the most notices first, and how much there is in all.

        Of each set the earliest `most` passages are given, and those of a document that is asked for.
        """
        return returning.list_returning(self._database, wanted, limit, offset, most)

    def returning_found_at(self) -> dt.datetime | None:
        """Return when it was last looked for what returns; None where nothing was found."""
        return returning.found_at(self._database)

    # --- near-duplicates

    def candidates(self, sha256: str, limit: int = 100) -> list[str]:
        """Return documents worth comparing with one, the likeliest first."""
        return duplicates.candidates(self._database, sha256, limit)

    def add_links(self, found: Iterable[Link]) -> None:
        """Write which documents are nearly the same, in the place of what was written of the same pair and kind."""
        duplicates.add_links(self._database, found)

    def links_of(self, sha256: str) -> list[Link]:
        """Return the links of a document, the surest first."""
        return duplicates.links_of(self._database, sha256)

    # --- what people said

    def add_correction(self, correction: Correction) -> int:
        """Add what a person said and return its number; ConflictError where the value is not `before` any more.

        A pointer that ends in ``/-`` adds an entry. CorrectionError says what cannot stand in a notice.
        """
        return corrections.add_correction(self._database, correction)

    def undo(self, sha256: str, who: str, at: dt.datetime) -> bool:
        """Take back what somebody said last of a document; return whether there was anything."""
        return corrections.undo(self._database, sha256, who, at)

    def spot(self, sha256: str, pointer: str, seen: str | None = None) -> Spot | None:
        """Return what a person would speak of at a pointer of the corrected notice, or of the result `seen` before."""
        return corrections.spot(self._database, sha256, pointer, seen)

    def history(self, sha256: str) -> list[tuple[Correction, str | None]]:
        """Return what people said of one document, each with where that is in the corrected notice now."""
        return corrections.history(self._database, sha256)

    def count_corrections(self) -> dict[str, int]:
        """Return how often people confirmed, corrected, rejected and took back."""
        return corrections.count_corrections(self._database)

    def spoke_last_of(self, who: str) -> str | None:
        """Return the document of which somebody said the last thing that was not taken back."""
        return corrections.spoke_last_of(self._database, who)

    def corrections(self, sha256: str | None = None) -> list[Correction]:
        """Return what people said of one document, or of all, in the order in which they did."""
        return corrections.read_corrections(self._database, sha256)

    def corrected(self, sha256: str) -> Notice | None:
        """Return the notice of a document as people corrected it."""
        return corrections.corrected(self._database, sha256)

    def conflicts(self) -> Iterator[Conflict]:
        """Return the corrections that do not fit what was read since; they are kept, and not applied."""
        return corrections.conflicts(self._database)

    def doubts(self, limit: int = 20, offset: int = 0, below: float = 1.0, sha256: str | None = None) -> list[Doubt]:
        """Return the values that are least likely right first, without what a person has spoken of."""
        return doubts.doubts(self._database, limit, offset, below, sha256)

    def count_doubts(self, below: float = 1.0, sha256: str | None = None) -> int:
        """Return how many values have a confidence below that; a count above 10,000 stops at 10,001."""
        return doubts.count_doubts(self._database, below, sha256)

    # --- upkeep

    def check(self) -> list[Finding]:
        """Return what is wrong with the store."""
        return checking.check(self._database)

    def backup(self, folder: Path) -> Path:
        """Write a dated copy of the whole store into `folder` and return its path."""
        return upkeep.backup(self._database, folder)

    def prune(self, runs_before: dt.datetime, keep_last: int, dry_run: bool = False) -> dict[str, int]:
        """Delete old runs, their attempts and superseded results; return how many of each."""
        return upkeep.prune(self._database, runs_before, keep_last, dry_run)
