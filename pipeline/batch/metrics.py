"""A run for those who watch machines: figures for Prometheus, a ping, a page of text. None is on by default."""

from __future__ import annotations

import logging
import threading
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile
from prometheus_client.parser import text_string_to_metric_families

from pipeline.batch.account import FATES, Account
from pipeline.batch.report import report_text, run_folder
from pipeline.errors import OutputError
from pipeline.write import make_folder, printable, write_bytes

logger = logging.getLogger(__name__)

Phase = Literal["start", "success", "fail"]
_LAST_SUCCESS = "chidao_last_success_timestamp_seconds"
_ENDINGS: dict[Phase, str] = {"start": "/start", "success": "", "fail": "/fail"}
_SECONDS = 5.0


def write_metrics(account: Account, path: Path) -> None:
    """Write a run's figures for the textfile collector of Prometheus' node exporter.

    The time of the last success is taken over from the old file where this run was none; 0 says that there never was
    one, so that an alert on its age fires then too.
    """
    registry = CollectorRegistry()
    succeeded = account.ended_at.timestamp() if account.succeeded else _last_success(path)
    _gauge(registry, _LAST_SUCCESS, "When a run last did its work; 0 for never.", succeeded)
    _gauge(registry, "chidao_last_run_timestamp_seconds", "When a run last ended.", account.ended_at.timestamp())
    _gauge(registry, "chidao_last_run_exit_code", "The exit code of the last run.", account.exit_code)
    _gauge(registry, "chidao_run_duration_seconds", "How long the last run took.", account.seconds)
    rate = account.read / account.seconds if account.seconds else 0.0
    _gauge(registry, "chidao_documents_per_second", "Documents that the last run read in a second.", rate)
    held = account.stored.get("quarantined", len(account.quarantine))
    _gauge(registry, "chidao_quarantine_size", "Documents in quarantine after the last run.", held)
    fates = Gauge("chidao_documents_total", "Files that the last run saw, by fate.", ["fate"], registry=registry)
    for fate in FATES:
        fates.labels(fate).set(account.counts[fate])
    try:
        write_to_textfile(str(path), registry)
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror or error}", "set notify.metrics_file to a file that can be written"
        ) from error


def ping(url: str | None, phase: Phase) -> None:
    """Tell `url` that a run has started, succeeded or failed; without a `url` nobody is told.

    It takes 5 seconds at most, follows no redirect, and never raises: what a run has done does not depend on it. The
    url is a secret and stands in no log.
    """
    if not url:
        return
    said: list[str] = []
    asking = threading.Thread(target=_ask, args=(url, phase, said), daemon=True)
    asking.start()
    asking.join(_SECONDS)  # the connection's own limit is for each step, and asking for the address has none
    if asking.is_alive():
        said = [f"no answer in {_SECONDS:g} s"]
    if said != [""]:
        logger.warning("the ping of the run's %s failed: %s", phase, printable(" ".join(said) or "no answer"))


def write_digest(account: Account, folder: Path) -> Path:
    """Write ``runs/<id>/digest.txt``, a page of plain text to be mailed, and return its path."""
    runs = run_folder(account, folder)
    make_folder(runs)
    write_bytes(runs / "digest.txt", f"{report_text(account)}\n".encode())
    return runs / "digest.txt"


def _gauge(registry: CollectorRegistry, name: str, meaning: str, value: float) -> None:
    Gauge(name, meaning, registry=registry).set(value)


def _last_success(path: Path) -> float:
    """Return the time of the last success as an earlier run wrote it; 0 where none can be read."""
    try:
        for family in text_string_to_metric_families(path.read_text(encoding="utf-8")):
            for sample in family.samples:
                if sample.name == _LAST_SUCCESS:
                    return float(sample.value)
    except (OSError, ValueError):
        return 0.0
    return 0.0


def _ask(url: str, phase: Phase, said: list[str]) -> None:
    """Send the ping; append what went wrong, or an empty text."""
    try:
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            said.append("the address must begin with https://")
            return
        address = parts.path.rstrip("/") + _ENDINGS[phase] + (f"?{parts.query}" if parts.query else "")
        connection = HTTPSConnection(parts.hostname, parts.port, timeout=_SECONDS)
        try:
            connection.request("GET", address or "/", headers={"User-Agent": "chidao"})
            status = connection.getresponse().status
        finally:
            connection.close()
        said.append("" if 200 <= status < 300 else f"status {status}")
    except (OSError, ValueError, HTTPException) as error:
        said.append(type(error).__name__)  # its text may hold the address
