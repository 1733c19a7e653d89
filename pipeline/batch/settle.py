"""A verdict's way onto the disk and into the store, and into the account of the run."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.batch.account import Entry, Fate
from pipeline.batch.found import FOUND, count_found
from pipeline.batch.guard import Verdict
from pipeline.batch.plan import Work, shown
from pipeline.notice import Notice
from pipeline.store import Ending, State, Status, Store
from pipeline.write import WRITERS, Result

logger = logging.getLogger(__name__)

_NOT_ITS_FAULT = frozenset({"missing-dependency", "output", "storage"})
"""What stands against this machine and not against the document: it is tried again in the next run."""
_UNFINISHED = frozenset({"damaged", "empty", "wrong-suffix", "unsupported"})
"""What a file that is not yet whole looks like."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a result was made: the pipeline's version and the hash of the settings."""

    version: str
    config: str


@dataclass(frozen=True, slots=True)
class Given:
    """A document that was handed to a child, and the row of that attempt; `has_failed` in an earlier run."""

    work: Work
    sha256: str
    name: str
    attempt: int
    has_failed: bool = False


class Clerk:
    """Writes what became of each document: first its file, then one transaction of the store; `found` counts."""

    def __init__(self, store: Store, inbox: Path, notices: Path, stamp: Stamp, damaged_age: float) -> None:
        """Write files into `notices`; a damaged file younger than `damaged_age` seconds is put off."""
        self._store = store
        self._inbox = inbox
        self._notices = notices
        self._stamp = stamp
        self._damaged_age = damaged_age
        self.found: Counter[str] = Counter(dict.fromkeys(FOUND, 0))

    def settle(self, given: Given, verdict: Verdict, *, last: bool) -> Entry:
        """Write a verdict down and say what became of the document.

        Unless it is the `last` one, the end of its child is not held against the document yet.
        """
        ending = self._judge(given, verdict, last=last)
        notice = ending.notice
        if notice is not None:
            result = Result(shown(self._inbox, given.work.path), given.name, notice)
            WRITERS["json"]([result], self._notices)
            self.found.update(count_found(notice))
        self._store.end_attempt(
            given.attempt, given.sha256, ending, dt.datetime.now(dt.UTC), self._stamp.version, self._stamp.config
        )
        entry = self._enter(given, verdict, ending)
        logger.info("%s: %s", entry.fate, entry.file, extra={"sha": given.sha256, "fate": entry.fate})
        return entry

    def put_off(self, given: Given) -> None:
        """Write down that a reading was broken off because the run was to end, which says nothing of the document."""
        ending = Ending("deferred", "pending")
        self._store.end_attempt(
            given.attempt, given.sha256, ending, dt.datetime.now(dt.UTC), self._stamp.version, self._stamp.config
        )

    def _judge(self, given: Given, verdict: Verdict, *, last: bool) -> Ending:
        reading = verdict.reading
        status, state = self._standing(given, verdict, last=last)
        return Ending(
            status, state, verdict.kind, verdict.reason, verdict.advice, verdict.seconds,
            media_type=reading.media_type if reading else None,
            notice=reading.notice if reading else None,
            text=reading.text if reading else None,
            head=reading.head if reading else None,
        )  # fmt: skip

    def _standing(self, given: Given, verdict: Verdict, *, last: bool) -> tuple[Status, State]:
        if verdict.status == "ok":
            return "ok", "ok"
        if verdict.status == "other":
            return "other", "other"
        if verdict.status == "changed" or (verdict.kind in _UNFINISHED and self._is_young(given.work)):
            return "deferred", "pending"
        if verdict.status == "refused":
            return "refused", "pending" if verdict.kind in _NOT_ITS_FAULT else "quarantined"
        return verdict.status, "quarantined" if last else "pending"

    def _is_young(self, work: Work) -> bool:
        return time.time() - max(page.mtime_ns for page in work.pages) / 1e9 < self._damaged_age

    def _enter(self, given: Given, verdict: Verdict, ending: Ending) -> Entry:
        fate: Fate = "waiting" if verdict.status == "changed" or ending.status == "deferred" else verdict.status
        entry = Entry(
            shown(self._inbox, given.work.pages[0].path), fate, given.sha256,
            verdict.kind, verdict.reason, verdict.advice,
            round(_seconds(verdict), 3), quarantined=ending.state == "quarantined",
        )  # fmt: skip
        return entry if ending.notice is None else _tell(entry, given.name, ending.notice)


def _seconds(verdict: Verdict) -> float:
    """Return how long a document was read: by the child's own clock, where it lived to tell."""
    reading = verdict.reading
    return reading.seconds if reading is not None and reading.seconds else verdict.seconds


def _tell(entry: Entry, name: str, notice: Notice) -> Entry:
    """Return the entry with what an account says of a notice."""
    return replace(
        entry,
        result=f"notices/{name}.json",
        number=notice.header.document_number,
        subject=notice.header.subject,
        directives=len(notice.directives),
        doubt=min((evidence.confidence for evidence in notice.evidence.values()), default=None),
        warnings=tuple(notice.source.warnings),
    )
