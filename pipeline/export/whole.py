"""All notices of a store, or those that a search finds, as files of other programs: whole, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.export.sinks import SINKS, Entry, Sink
from pipeline.store import DocumentRecord, Store, decode_path
from pipeline.write import Result, part_of, printable, put_in_place, remove, write_error
from pipeline.write.tables import Row, rows_of

KINDS = tuple(SINKS)


@dataclass(frozen=True, slots=True)
class Exported:
    """How many rows of each table were written, and what a person should know of them."""

    counts: dict[str, int]
    remarks: list[str]


def export_to(
    store: Store, path: Path, kind: str, *, shas: Collection[str] | None = None, force: bool = False
) -> Exported:
    """Write all notices, or those of some documents, as people corrected them, to `path`.

    Raises OutputError where something is there already, unless `force` puts the new in its place, or where it cannot be
    written; MissingDependencyError where the kind needs a library that is not installed.
    """
    if path.exists() and not force:
        raise OutputError(f"{path} is there already", "name another place, or put the new in its place with --force")
    part = part_of(path.parent)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            sink = SINKS[kind](part, stack)
            found = _take(store, sink, shas)
            remarks = sink.finish()
        put_in_place(part, path)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        remove(part)
    return Exported(found, remarks)


def _take(store: Store, sink: Sink, shas: Collection[str] | None) -> dict[str, int]:
    counts: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for record, notice in store.notices():
        if shas is not None and record.sha256 not in shas:
            continue
        result = Result(_file(store, record), record.name, notice)
        rows = {table: _dated(result, its) for table, its in rows_of(result, seen).items()}
        sink.take(Entry(notice, rows))
        counts.update({table: len(its) for table, its in rows.items()})
    return dict(counts)


def _file(store: Store, record: DocumentRecord) -> str:
    """Return the first file that a document was seen as, as it is shown."""
    seen = store.sightings_of(record.sha256)
    return printable(decode_path(seen[0].path)) if seen else record.name


def _dated(result: Result, rows: Iterable[Row]) -> list[Row]:
    """Give rows what one asks for of their notice."""
    header = result.notice.header
    head: Row = {
        "document_number": header.document_number,
        "issuing_body": header.issuing_body,
        "issue_date": None if header.issue_date is None else header.issue_date.isoformat(),
        "year": None if header.issue_date is None else header.issue_date.year,
    }
    return [{**row, **head} for row in rows]
