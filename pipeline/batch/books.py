"""The tables beside a store: what it holds, for a spreadsheet, made anew when a run has changed something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.batch.account import FAILED, Entry
from pipeline.store import Sighting, Store, decode_path
from pipeline.write import WRITERS, Result, printable, write_table

PROBLEM_COLUMNS = ("file", "kind", "reason", "advice")
OTHER_COLUMNS = (
    *("file", "document_type", "document_number", "issuing_body", "parent_body", "place", "issue_date", "subject"),
    "reason",
)
FILE_COLUMNS = ("file", "page", "notice_id", "sha256", "state", "result")
_TABLES = ("notices", "problems", "other_documents", "files")


def are_there(folder: Path) -> bool:
    """Tell whether `folder` has the tables."""
    return all((folder / f"{table}.csv").is_file() for table in _TABLES)


def write_books(store: Store, inbox: str, folder: Path, entries: Iterable[Entry] = ()) -> None:
    """Write the tables of all that the store holds of `inbox` into `folder`.

    `entries` are this run's, among which are failures that are no document's: files that cannot be opened.
    """
    sightings = store.sightings(inbox)
    files = _first_files(sightings.values())
    results = (
        Result(files[record.sha256], record.name, notice)
        for record, notice in store.notices()
        if record.sha256 in files
    )
    WRITERS["csv"](results, folder)
    write_table(_problems(store, files, entries), PROBLEM_COLUMNS, folder / "problems.csv")
    write_table(_others(store, files), OTHER_COLUMNS, folder / "other_documents.csv")
    write_table(_files(store, sightings), FILE_COLUMNS, folder / "files.csv")


def _first_files(sightings: Iterable[Sighting]) -> dict[str, str]:
    """Return each document's first file, as it is shown."""
    files: dict[str, str] = {}
    for sighting in sorted(sightings, key=lambda sighting: (sighting.page, sighting.path)):
        files.setdefault(sighting.sha256, printable(decode_path(sighting.path)))
    return files


def _problems(store: Store, files: dict[str, str], entries: Iterable[Entry]) -> Iterator[dict[str, object]]:
    rows = [(e.file, e.kind, e.reason, e.advice) for e in entries if e.fate in FAILED and e.sha256 is None]
    known = store.documents(states=("pending", "quarantined")).values()
    rows += [(files[r.sha256], r.kind, r.reason, r.advice) for r in known if r.sha256 in files and r.reason]
    for file, kind, reason, advice in sorted(rows):
        yield {"file": file, "kind": kind, "reason": printable(reason or ""), "advice": advice}


def _others(store: Store, files: dict[str, str]) -> Iterator[dict[str, object]]:
    rows = [(files[record.sha256], record, head) for record, head in store.others() if record.sha256 in files]
    for file, record, head in sorted(rows, key=lambda row: row[0]):
        told = {name: printable(value) if value else None for name, value in head.items()}
        yield {"file": file, **told, "reason": printable(record.reason or "")}


def _files(store: Store, sightings: dict[str, Sighting]) -> Iterator[dict[str, object]]:
    records = store.documents()
    for path in sorted(sightings):
        sighting = sightings[path]
        record = records[sighting.sha256]
        yield {
            "file": printable(decode_path(path)),
            "page": sighting.page or None,
            "notice_id": record.sha256[:16] if record.state == "ok" else None,
            "sha256": record.sha256,
            "state": record.state,
            "result": f"{record.name}.json" if record.state == "ok" else None,
        }
