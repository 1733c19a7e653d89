"""The end of a run: its account, its reports, its row in the store, and who is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Literal

from pipeline.batch.account import FAILED, Account, Entry
from pipeline.batch.metrics import ping, write_digest, write_metrics
from pipeline.batch.remote import is_url
from pipeline.batch.report import write_reports
from pipeline.config import BatchSettings, Config
from pipeline.errors import EXIT_FAIL_OVER, EXIT_INTERRUPTED, EXIT_OK, EXIT_SOME_FAILED, PipelineError
from pipeline.store import RunRecord, State, Store, decode_path
from pipeline.write import printable

_QUARANTINED: tuple[State, ...] = ("quarantined",)
_PACKAGES = ("pdfplumber", "pypdfium2", "spacy", "underthesea", "pytesseract", "SQLAlchemy")


@dataclass(frozen=True, slots=True)
class Closing:
    """What a run has come to; `asked` when somebody stopped it."""

    entries: tuple[Entry, ...]
    unchanged: int
    stopped: str | None
    links: tuple[tuple[str, str, str], ...]
    found: Mapping[str, int]
    asked: bool


def close_run(store: Store, run: RunRecord, closing: Closing, out: Path, config: Config) -> Account:
    """Write the reports of a run and its end into the store, and return its account."""
    status: Literal["finished", "stopped"] = "stopped" if closing.asked else "finished"
    account = Account(
        run.id, _place(run.inbox), printable(out), run.started_at, dt.datetime.now(dt.UTC), status,
        _exit_code(closing, config.batch), run.version, run.config, _versions(), closing.entries, closing.unchanged,
        closing.stopped, closing.found, store.counts(), closing.links, _held(store, run, closing.entries),
    )  # fmt: skip
    write_reports(account, out)
    write_digest(account, out)
    store.end_run(run.id, status, account.exit_code, account.counts, account.ended_at)
    _tell(account, config)
    return account


def fail_run(store: Store, run: RunRecord, error: PipelineError, out: Path, config: Config) -> None:
    """Write down, as far as that can be done, that a run could not go on, and tell who is to be told."""
    now = dt.datetime.now(dt.UTC)
    account = Account(
        run.id, _place(run.inbox), printable(out), run.started_at, now, "failed",
        error.exit_code, run.version, run.config, _versions(), stopped_early=str(error),
    )  # fmt: skip
    with suppress(PipelineError):
        store.end_run(run.id, "failed", error.exit_code, {}, now)
    with suppress(PipelineError):
        write_reports(account, out)
    with suppress(PipelineError):
        _tell(account, config)


def _place(inbox: str) -> str:
    """Return an inbox as people are shown it; a URL is no path."""
    return printable(inbox if is_url(inbox) else decode_path(inbox))


def _tell(account: Account, config: Config) -> None:
    if config.notify.metrics_file is not None:
        write_metrics(account, config.notify.metrics_file)
    ping(config.notify.ping_url, "success" if account.succeeded else "fail")


def _held(store: Store, run: RunRecord, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return what earlier runs put into quarantine, and is there still."""
    now = {entry.sha256 for entry in entries}
    files = {sighting.sha256: sighting.path for sighting in store.sightings(run.inbox).values()}
    return tuple(
        Entry(
            printable(decode_path(files[r.sha256])), "refused", r.sha256, r.kind, r.reason, r.advice, quarantined=True
        )
        for r in store.documents(states=_QUARANTINED).values()
        if r.sha256 not in now and r.sha256 in files
    )


def _shown(path: str) -> str:
    return printable(decode_path(path))


def _exit_code(closing: Closing, batch: BatchSettings) -> int:
    if closing.asked:
        return EXIT_INTERRUPTED
    failed = sum(entry.fate in FAILED for entry in closing.entries)
    seen = len(closing.entries) + closing.unchanged
    if batch.fail_over is not None and failed > batch.fail_over * seen:
        return EXIT_FAIL_OVER
    return EXIT_SOME_FAILED if failed else EXIT_OK


def _versions() -> dict[str, str]:
    """Return the versions of what a result may depend on."""
    found = {"python": python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
