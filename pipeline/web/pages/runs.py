"""Runs: what each night did, and the documents that need a person."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline import batch
from pipeline.store import RunRecord, State
from pipeline.web.downloads import attachment
from pipeline.web.i18n import mark
from pipeline.web.refusal import Refusal, missing
from pipeline.web.render import render
from pipeline.web.site import Site, site_of

_LATEST = 60
_ALL = 100_000
_HELD: tuple[State, ...] = ("quarantined",)
_MOST_BYTES = 20_000_000
"""The largest report that is looked at."""
_LISTED = 100
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_NO_RUN = mark("There is no such run.")
_REPORT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, as the report has it."""

    file: str = ""
    fate: str = "refused"
    kind: str | None = None
    reason: str | None = None
    advice: str | None = None
    sha256: str | None = None


def runs(request: Request) -> Response:
    """List the latest runs, and what is in quarantine."""
    site = site_of(request)
    held = sorted(site.store.documents(states=_HELD).values(), key=lambda record: (record.kind or "", record.name))
    kinds = [(kind, list(records)) for kind, records in groupby(held, key=lambda record: record.kind or "error")]
    return render(
        request,
        "runs.html",
        active="runs",
        runs=site.store.runs(_LATEST),
        kinds=kinds,
        held=len(held),
        listed=_LISTED,
        stored=site.store.counts(),
        again=request.query_params.get("again", ""),
    )


def run(request: Request) -> Response:
    """Show one run: its counts, what failed, and its report."""
    site = site_of(request)
    record = _run(site, request.path_params["run"])
    report = _read_report(_folder(site, record) / "report.json")
    failures = _failures(report or {})
    return render(
        request,
        "run.html",
        active="runs",
        run=record,
        pruned=report is None,
        failures=failures,
        known=site.store.documents([failure.sha256 for failure in failures if failure.sha256]),
        listed=_LISTED,
        has_report=(_folder(site, record) / "report.html").is_file(),
    )


def run_report(request: Request) -> Response:
    """Give the report of a run as it was written: a page that runs nothing and loads nothing, held to that here."""
    site = site_of(request)
    record = _run(site, request.path_params["run"])
    name = "report.json" if request.url.path.endswith(".json") else "report.html"
    data = _read(_folder(site, record) / name)
    if data is None:
        raise missing(mark("The run left no report, or it was pruned."))
    if name == "report.json":
        return Response(data, media_type="application/json", headers=attachment(f"{record.id}.json"))
    return Response(data, media_type="text/html", headers={"Content-Security-Policy": _REPORT_POLICY})


def retry(request: Request, form: FormData) -> Response:
    """Let documents in quarantine be read again in the next run: the named ones, those of a kind, or all."""
    site = site_of(request)
    shas = [value for value in form.getlist("sha256") if isinstance(value, str)]
    kinds = [value for value in form.getlist("kind") if isinstance(value, str)]
    if not shas and not kinds and form.get("all") != "yes":
        raise Refusal(400, mark("Nothing was chosen."), mark("Choose the documents that shall be read again."))
    with batch.locked(site.out):
        count = site.store.requeue(shas=shas or None, kinds=kinds or None)
    return RedirectResponse(f"/runs?again={count}#held", 303)


def _run(site: Site, run_id: str) -> RunRecord:
    """Return a run of the store; a name that is none cannot lead to a folder."""
    found = next((record for record in site.store.runs(_ALL) if record.id == run_id), None)
    if found is None or not _ID.fullmatch(run_id):
        raise missing(_NO_RUN)
    return found


def _folder(site: Site, record: RunRecord) -> Path:
    return site.out / "runs" / record.id


def _read(path: Path) -> bytes | None:
    with suppress(OSError):
        if path.is_file() and path.stat().st_size <= _MOST_BYTES:
            return path.read_bytes()
    return None


def _failures(report: dict[str, Any]) -> list[Failure]:
    """Return the files that could not be read; an odd report has none."""
    entries = report.get("failures")
    names = [field.name for field in fields(Failure)]
    return [
        Failure(**{name: str(entry[name]) for name in names if entry.get(name) is not None})
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict)
    ]


def _read_report(path: Path) -> dict[str, Any] | None:
    with suppress(ValueError):
        report = json.loads(_read(path) or b"null")
        return report if isinstance(report, dict) else None
    return None
