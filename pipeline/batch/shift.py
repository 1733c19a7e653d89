"""A run at work: hands out documents, takes verdicts, and keeps account of every file."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pipeline.batch.account import Entry
from pipeline.batch.guard import Limits, Task, Verdict
from pipeline.batch.inbox import Found, Inbox
from pipeline.batch.plan import Work, shown
from pipeline.batch.settle import Clerk, Given
from pipeline.batch.stop import undisturbed
from pipeline.errors import PipelineError
from pipeline.store import DocumentRecord, Sighting, Store, encode_path

_ENDED = frozenset({"crash", "timeout", "memory", "internal"})
"""What may be the machine's fault and not the document's: it is read once more, alone."""


class Executor(Protocol):
    """Where documents are read: children of this process, or those of a cluster's workers."""

    def verdicts(self, tasks: Iterable[Task], *, started: Callable[[Task], None]) -> Iterator[Verdict]:
        """Read the tasks' documents and yield one verdict for each."""

    def alone(self, task: Task, limits: Limits) -> Verdict:
        """Read one document with nothing else running, under other limits."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a run goes on, and what a second try is allowed."""

    stopped: Callable[[], str | None]
    """Why no more documents are taken; None while they are."""
    second: Limits
    seconds_per_megabyte: float


class Shift:
    """Reads the planned documents, and says of each file what became of it."""

    def __init__(self, run_id: str, inbox: Inbox, store: Store, clerk: Clerk, terms: Terms) -> None:
        """Work for the run `run_id` over `inbox`."""
        self.stopped: str | None = None
        self._outbox: deque[Entry] = deque()
        self._run = run_id
        self._inbox = inbox
        self._store = store
        self._clerk = clerk
        self._terms = terms
        self._given: dict[str, Given] = {}
        self._taken: dict[str, Path] = {}
        self._apart: list[Given] = []
        self._names: set[str] = set()
        self._open: dict[Path, Work] = {}
        """What is not yet accounted for."""

    def read(self, works: Iterable[Work], executor: Executor) -> Iterator[Entry]:
        """Read all works and yield an entry a file as they come; what ended badly in an earlier run is read alone."""
        self._names = self._store.names()
        self._open = {work.path: work for work in works}
        for verdict in executor.verdicts(self._tasks(tuple(self._open.values())), started=self._begin):
            with undisturbed():
                self._settle(verdict)
            yield from self._drain()
        while self._apart:
            self._read_apart(executor)
            yield from self._drain()
        yield from self._drain()

    def _settle(self, verdict: Verdict) -> None:
        given = self._identified(self._given[verdict.key], verdict)
        del self._given[verdict.key]
        if given is None:
            return
        entry = self._clerk.settle(given, verdict, last=False)
        if entry.fate in _ENDED and not entry.quarantined:
            self._apart.append(replace(given, attempt=0))
        else:
            self._note(given.work, entry)

    def leave(self) -> Iterator[Entry]:
        """Give up what is in hand and what was to come, and say so of all the files; the next run reads them."""
        self.stopped = self.stopped or "the run was stopped"
        begun = [given for given in (*self._given.values(), *self._apart) if given.attempt]
        with undisturbed():
            for given in begun:  # that it was in hand just now is nothing against the document
                self._clerk.put_off(given)
                self._note(given.work, Entry("", "left", given.sha256, reason="the run was stopped while it was read"))
            for work in tuple(self._open.values()):
                self._note(work, Entry("", "left", reason=self.stopped))
        yield from self._drain()

    def _read_apart(self, executor: Executor) -> None:
        """Read once more, alone and with more room, what ended its child; what does so again needs a person."""
        given = self._apart[0]
        if self._is_stopped():
            self._note(given.work, Entry("", "left", given.sha256, reason="to be read alone in the next run"))
            self._apart.pop(0)
            return
        with undisturbed():
            given = self._apart[0] = self._attempt(given, alone=True)
        verdict = executor.alone(self._task(given), self._terms.second)
        with undisturbed():
            self._note(given.work, self._clerk.settle(given, verdict, last=True))
            self._apart.pop(0)

    def _tasks(self, works: Iterable[Work]) -> Iterator[Task]:
        for work in works:
            if self._is_stopped():
                self._note(work, Entry("", "left", reason=self.stopped))
                continue
            given = self._take(work)
            if given is None:
                continue
            if given.has_failed:
                self._apart.append(given)
            else:
                task = self._task(given)
                self._given[task.key] = given
                yield task

    def _take(self, work: Work) -> Given | None:
        """Tell which document a work is; None where it needs no reading, or cannot be read."""
        try:
            sha256 = self._inbox.digest([page.path for page in work.pages])
        except PipelineError as error:
            self._note(work, _unread(error.kind, error.reason, error.advice))
            return None
        return Given(work, "", "", attempt=0) if sha256 is None else self._enrol(work, sha256)

    def _identified(self, given: Given, verdict: Verdict) -> Given | None:
        """Tell which document was read, where only its reader could; None where it is none that is to be kept."""
        if given.sha256:
            return given
        work, reading = given.work, verdict.reading
        if reading is not None and reading.sha256 is None:  # it could not be fetched
            self._note(work, _unread(verdict.kind, verdict.reason, verdict.advice))
            return None
        try:
            sha256 = reading.sha256 if reading else None
            known = self._enrol(work, sha256 or self._inbox.identify([page.path for page in work.pages]))
        except PipelineError as error:
            self._note(work, _unread(error.kind, error.reason, error.advice))
            return None
        return self._attempt(known, alone=False) if known else None

    def _enrol(self, work: Work, sha256: str) -> Given | None:
        """Enter a document and where it was seen into the store; None where it needs no reading."""
        record = self._store.documents([sha256]).get(sha256)
        first = self._taken.get(sha256)
        if first is None and (record is None or record.state == "pending"):
            self._taken[sha256] = work.path
            name = record.name if record else self._free(work.name)
            if record is None:
                self._store.add_documents([DocumentRecord(sha256, work.size, name)])
            self._see(work, sha256)
            return Given(work, sha256, name, attempt=0, has_failed=record is not None and record.tries > 0)
        self._see(work, sha256)
        reason = (
            f"the same bytes as {shown(self._inbox.root, first)}" if first else "the same bytes as a file read before"
        )
        self._note(work, Entry("", "same", sha256, reason=reason))
        return None

    def _see(self, work: Work, sha256: str) -> None:
        self._store.note_sightings(
            _sighting(self._inbox, page, sha256, number if len(work.pages) > 1 else 0)
            for number, page in enumerate(work.pages, start=1)
        )

    def _free(self, name: str) -> str:
        """Return a result's name that no other document has."""
        free, number = name, 2
        while free in self._names:
            free, number = f"{name}-{number}", number + 1
        self._names.add(free)
        return free

    def _begin(self, task: Task) -> None:
        given = self._given[task.key]
        if given.sha256:
            with undisturbed():
                self._given[task.key] = self._attempt(given, alone=False)

    def _attempt(self, given: Given, *, alone: bool) -> Given:
        """Write down that a document is being read, before it is."""
        attempt = self._store.begin_attempt(given.sha256, self._run, dt.datetime.now(dt.UTC), alone)
        return replace(given, attempt=attempt)

    def _task(self, given: Given) -> Task:
        more = self._terms.seconds_per_megabyte * given.work.size / 1e6
        paths = tuple(page.path for page in given.work.pages)
        return Task(given.sha256 or encode_path(given.work.path), paths, given.sha256 or None, more)

    def _note(self, work: Work, entry: Entry) -> None:
        """Account for each file of a document; what it held is told once, with the first."""
        self._open.pop(work.path, None)
        first, *more = (shown(self._inbox.root, page.path) for page in work.pages)
        self._outbox.append(replace(entry, file=first))
        self._outbox += [Entry(file, entry.fate, entry.sha256, page_of=first) for file in more]

    def _drain(self) -> Iterator[Entry]:
        while self._outbox:
            yield self._outbox.popleft()

    def _is_stopped(self) -> bool:
        self.stopped = self.stopped or self._terms.stopped()
        return self.stopped is not None


def _unread(kind: str | None, reason: str | None, advice: str | None) -> Entry:
    """Return what is said of a file that nobody could open, and of which no document is known."""
    return Entry("", "refused", None, kind, reason, advice)


def _sighting(inbox: Inbox, page: Found, sha256: str, number: int) -> Sighting:
    path = encode_path(page.path.relative_to(inbox.root))
    return Sighting(inbox.name, path, sha256, page.size, page.mtime_ns, page.inode, number)
