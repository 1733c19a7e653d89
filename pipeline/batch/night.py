"""The nightly job: the whole way of an inbox into the store, its files and its reports."""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pipeline
from pipeline.batch.account import Account, Entry
from pipeline.batch.books import are_there, write_books
from pipeline.batch.closing import Closing, close_run, fail_run
from pipeline.batch.cluster import ClusterExecutor
from pipeline.batch.guard import Guard
from pipeline.batch.inbox import Inbox
from pipeline.batch.keeping import remove_parts
from pipeline.batch.kin import link_kin
from pipeline.batch.lock import locked
from pipeline.batch.logs import configure
from pipeline.batch.metrics import ping
from pipeline.batch.plan import Choice, Ledger, Plan, make_plan
from pipeline.batch.reader import Reader
from pipeline.batch.remote import open_inbox
from pipeline.batch.rest import Patience, await_rest
from pipeline.batch.settle import Clerk, Stamp
from pipeline.batch.shift import Shift, Terms
from pipeline.batch.stop import Stop, asked_by_signals
from pipeline.batch.verdict import Limits
from pipeline.config import Config, config_hash
from pipeline.errors import EXIT_INTERRUPTED, PipelineError
from pipeline.store import RunRecord, State, Store, open_store
from pipeline.write import make_folder

_SCRATCH = ".work"
_PENDING: tuple[State, ...] = ("pending",)
_READ: tuple[State, ...] = ("ok", "other")


@dataclass(frozen=True, slots=True)
class Night:
    """One run: which folder, where to, under which settings, and how much of it."""

    inbox: Path | str
    """A folder, or the URL of a place that is none."""
    out: Path
    config: Config = field(default_factory=Config)
    choice: Choice = field(default_factory=Choice)
    recursive: bool = True
    again: Literal["older", "all"] | None = None
    """What is read although it was read before: what another version or setting read, or everything."""

    @property
    def source(self) -> Inbox:
        """The inbox, to be looked through and read from."""
        return open_inbox(self.inbox, self.config.cluster)

    @property
    def notices(self) -> Path:
        """The folder of the notices in the contract's form."""
        return self.out / "notices"

    @property
    def database(self) -> str | Path:
        """Where the store is."""
        return self.config.store.url or self.out / "chidao.db"

    @property
    def outputs(self) -> tuple[Path, ...]:
        """Everything that a run writes, where it is a file or a folder of this machine."""
        url = self.config.store.url or ""
        named = [Path(url.partition("://")[2][1:].partition("?")[0])] if url.startswith("sqlite") else []
        figures = self.config.notify.metrics_file
        return (self.out, self.notices, *named, *([figures] if figures else []))

    @property
    def workers(self) -> int:
        """How many documents are read at one time."""
        return self.config.batch.workers or len(os.sched_getaffinity(0))

    @property
    def limits(self) -> Limits:
        """What one document may take."""
        return Limits(self.config.batch.seconds, self.config.batch.megabytes)

    @property
    def stamp(self) -> Stamp:
        """By what results are made."""
        return Stamp(pipeline.__version__, config_hash(self.config.settings))


@dataclass(frozen=True, slots=True)
class Watch:
    """What is called while a run goes on: once when it is planned, then for every file."""

    planned: Callable[[int], None] = lambda _: None
    entered: Callable[[Entry], None] = lambda _: None


def run_night(night: Night, watch: Watch, reader: Reader) -> Account:
    """Read what is new in an inbox and return the account of it.

    Everything is written as it comes: a run that is killed loses no more than what it was just reading, and the next
    one goes on from there. Raises a :class:`~pipeline.errors.PipelineError` when the run itself cannot go on.
    """
    night.source.check_apart(*night.outputs)
    stop = Stop(night.config.batch.max_hours)
    with _opened(night) as store, _begun(night, store) as run, asked_by_signals(stop):
        # On a cluster this process reads nothing itself: its end says nothing of what was in hand.
        store.close_interrupted(_now(), counts=night.config.cluster.address is None)
        _reopen(night, store)
        plan = plan_night(night, store, stop)
        watch.planned(len(plan.works))
        clerk = _clerk(night, store)
        shift = Shift(run.id, night.source, store, clerk, _terms(night, stop))
        entries = list(plan.entries)

        def enter(entry: Entry) -> None:
            entries.append(entry)
            watch.entered(entry)

        _read(night, shift, plan, reader, enter)
        stop.close()
        links = link_kin(store)
        if plan.works or _are_due(night, store):
            write_books(store, run.inbox, night.out, entries)
        closing = Closing(tuple(entries), plan.unchanged, shift.stopped, links, clerk.found, stop.asked)
        return close_run(store, run, closing, night.out, night.config)


def plan_night(night: Night, store: Store, stop: Stop) -> Plan:
    """Look through the inbox, wait for what is still being written, and say what is to be read."""
    inbox = night.source
    found = inbox.scan(recursive=night.recursive)
    pending = store.documents(states=_PENDING)
    ledger = Ledger(inbox.root, store.sightings(inbox.name), pending.keys())
    fresh = [file for file in found.files if not ledger.has_seen(file)]
    patience = Patience(night.config.batch.rest_seconds, night.config.batch.patience_seconds)
    resting, moving = await_rest(fresh, patience, again=inbox.look, stopped=lambda: stop.asked)
    gone = {file.path for file in fresh} - {file.path for file in (*resting, *moving)}
    now = found.without(gone).renewed(resting)
    return make_plan(inbox.root, now, {file.path for file in moving}, ledger, night.choice)


def _reopen(night: Night, store: Store) -> None:
    """Let documents be read again; their results stand until there are new ones."""
    if night.again == "older":
        store.reopen(store.stale(night.stamp.version, night.stamp.config))
    elif night.again == "all":
        store.reopen(store.documents(states=_READ))


def _read(night: Night, shift: Shift, plan: Plan, reader: Reader, enter: Callable[[Entry], None]) -> None:
    """Read the planned documents in guarded children; what is in hand when the run is cut short is left."""
    if not plan.works:
        return
    try:
        with _executor(night, night.source.reader(reader)) as executor:
            for entry in shift.read(plan.works, executor):
                enter(entry)
    except KeyboardInterrupt:
        for entry in shift.leave():
            enter(entry)


def _are_due(night: Night, store: Store) -> bool:
    """Tell whether the tables are to be written though nothing was read: the run before may have died before it did."""
    before = store.runs(limit=2)[1:]
    return not are_there(night.out) or any(run.status not in {"finished", "stopped"} for run in before)


def _executor(night: Night, reader: Reader) -> Guard | ClusterExecutor:
    """Return who reads: children of this process, or those of a cluster's workers."""
    cluster, settings = night.config.cluster, night.config.settings
    if cluster.address:
        return ClusterExecutor(reader, settings, limits=night.limits, cluster=cluster, folder=night.source.folder)
    return Guard(
        reader.read, settings,
        workers=night.workers, limits=night.limits, scratch=night.out / _SCRATCH, warm_up=reader.warm_up,
    )  # fmt: skip


@contextmanager
def _opened(night: Night) -> Iterator[Store]:
    """Make the folders, hold them for this run alone, and open the store; no passing file outlives it."""
    make_folder(night.notices)
    scratch = night.out / _SCRATCH
    with locked(night.out):
        shutil.rmtree(scratch, ignore_errors=True)
        remove_parts(night.out)
        make_folder(scratch)
        try:
            with open_store(night.database) as store:
                yield store
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _begun(night: Night, store: Store) -> Iterator[RunRecord]:
    """Write that a run has begun, and that it failed where it does."""
    now, stamp = _now(), night.stamp
    run_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    run = RunRecord(run_id, night.source.name, now, stamp.version, stamp.config)
    store.begin_run(run)
    _log(night, run_id)
    ping(night.config.notify.ping_url, "start")
    try:
        yield run
    except PipelineError as error:
        fail_run(store, run, error, night.out, night.config)
        raise
    except KeyboardInterrupt:  # asked twice while the reports were written: the next run writes them
        with suppress(PipelineError):
            store.end_run(run.id, "failed", EXIT_INTERRUPTED, {}, _now())
        raise


def _log(night: Night, run_id: str) -> None:
    """Log each document where a log is asked for, else only what people must know; never less than asked before."""
    asked = night.config.notify.log_json
    level = min(
        logging.getLogger("pipeline").level or logging.WARNING, logging.WARNING if asked is None else logging.INFO
    )
    configure(json=asked, run_id=run_id, level=level)


def _clerk(night: Night, store: Store) -> Clerk:
    batch = night.config.batch
    return Clerk(store, night.source.root, night.notices, night.stamp, batch.damaged_age_seconds)


def _terms(night: Night, stop: Stop) -> Terms:
    return Terms(stop, night.limits.doubled(), night.config.batch.seconds_per_megabyte)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
