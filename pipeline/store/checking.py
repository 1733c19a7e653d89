"""Whether the store is whole: the file, the indexes, and that its tables say the same as its results."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, func, select, text
from sqlalchemy.exc import DatabaseError

from pipeline.errors import StoreError
from pipeline.notice import Notice
from pipeline.store.corrections import notice_now
from pipeline.store.database import Database
from pipeline.store.records import Finding
from pipeline.store.rows import notice_rows
from pipeline.store.tables import DERIVED, directives, documents, evidence, results, sightings, texts
from pipeline.store.work import batches, pairs
from pipeline.store.writing import json_hash

_RESTORE = "put the last backup in its place, and read again what came since"
_REREAD = "read the document again with --reprocess"
_SHOWN = 20
"""Documents named for one kind of fault."""


def check(database: Database) -> list[Finding]:
    """Return what is wrong, worst first; an empty list where nothing is. Reads all results: minutes for 10⁵."""
    found = _check_file(database) if database.is_sqlite else []
    if found:
        # What is in a damaged file cannot be judged.
        return found
    if database.is_sqlite:
        found += _check_search(database)
    with database.read() as connection:
        found += _check_orphans(connection)
        shas = connection.execute(select(documents.c.sha256).order_by(documents.c.name)).scalars().all()
    faults: dict[str, list[str]] = defaultdict(list)
    for batch in batches(shas, 100):
        with database.read() as connection:
            for sha256, kind in _check_documents(connection, batch):
                faults[kind].append(sha256)
    return found + [_finding(kind, wrong) for kind, wrong in faults.items()]


def _finding(kind: str, shas: list[str]) -> Finding:
    said = {
        "result-missing": "a result that the document names is not there",
        "result-hash": "a result is not what its hash says",
        "result-form": "a result is no notice of the contract",
        "rows": "the rows are not those of the result as people corrected it",
        "evidence": "evidence does not quote the text at its place",
    }[kind]
    named = ", ".join(sha[:16] for sha in shas[:_SHOWN]) + (" …" if len(shas) > _SHOWN else "")
    return Finding(kind, f"{said}, in {len(shas)}: {named}", _REREAD)


def _check_file(database: Database) -> list[Finding]:
    try:
        return list(_read_file(database))
    except StoreError as error:
        return [Finding("file", error.reason, _RESTORE)]


def _read_file(database: Database) -> Iterator[Finding]:
    with database.read() as connection:
        for line in connection.execute(text("PRAGMA integrity_check(20)")).scalars():
            if line != "ok":
                yield Finding("file", str(line), _RESTORE)
        for row in connection.execute(text("PRAGMA foreign_key_check")).fetchmany(_SHOWN):
            yield Finding("reference", f"a row of {row[0]} belongs to no row of {row[2]}", _RESTORE)


def _check_search(database: Database) -> Iterator[Finding]:
    for table in ("directives", "notices"):
        index = f"{table}_fts"
        try:
            with database.write() as connection:
                connection.execute(text(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)"))  # noqa: S608
        except StoreError as error:
            if type(error.__cause__) is not DatabaseError:  # being busy is a class beneath it
                raise
            advice = f"rebuild it: INSERT INTO {index}({index}) VALUES ('rebuild')"  # noqa: S608 - for a person
            yield Finding("search", f"the index of words of {table} is not that of its rows", advice)


def _check_orphans(connection: Connection) -> Iterator[Finding]:
    """Yield what belongs to nothing."""
    known = exists().where(documents.c.sha256 == sightings.c.sha256)
    lost = connection.execute(select(func.count()).select_from(sightings).where(~known)).scalar_one()
    if lost:
        yield Finding("sightings", f"{lost} paths are of documents that are not there", "run again over the inbox")
    for table in DERIVED:
        count = connection.execute(_orphans(table)).scalar_one()
        if count:
            yield Finding("orphans", f"{count} rows of {table.name} belong to nothing", _REREAD)


def _orphans(table: Table) -> Select[int]:
    """Return the count of rows whose document has no result, or whose directive is not there."""
    owned: ColumnElement[bool] = exists().where(documents.c.sha256 == table.c.sha256, documents.c.result.is_not(None))
    if "directive" in table.c:
        same = and_(directives.c.sha256 == table.c.sha256, directives.c.ordinal == table.c.directive)
        owned &= exists().where(same) | table.c.directive.is_(None)
    return select(func.count()).select_from(table).where(~owned)


def _check_documents(connection: Connection, shas: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the documents of which something is wrong, with the kind of fault."""
    query = select(documents.c.sha256, documents.c.result).where(documents.c.sha256.in_(shas))
    current = pairs(connection.execute(query))
    stored = connection.execute(select(results).where(results.c.sha256.in_(shas))).all()
    kept = {(row.sha256, row.hash) for row in stored}
    counts = _counts(connection, shas)
    yield from ((sha, "result-missing") for sha, found in current.items() if found and (sha, found) not in kept)
    for row in stored:
        if json_hash(row.json) != row.hash:
            yield row.sha256, "result-hash"
        elif row.form == "notice" and row.hash == current[row.sha256]:
            yield from _check_notice(connection, row.sha256, row.json, counts)
    yield from _check_evidence(connection, shas)


def _check_notice(
    connection: Connection, sha256: str, form: str, counts: dict[tuple[str, str], int]
) -> Iterator[tuple[str, str]]:
    try:
        read = Notice.model_validate(json.loads(form))
    except ValidationError:
        yield sha256, "result-form"
        return
    notice = notice_now(connection, sha256, read) or read
    if any(counts.get((table.name, sha256), 0) != len(rows) for table, rows in notice_rows(sha256, notice).items()):
        yield sha256, "rows"


def _counts(connection: Connection, shas: list[str]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for table in DERIVED:
        query = select(table.c.sha256, func.count()).where(table.c.sha256.in_(shas)).group_by(table.c.sha256)
        counts |= {(table.name, sha256): count for sha256, count in connection.execute(query)}
    return counts


def _check_evidence(connection: Connection, shas: list[str]) -> Iterator[tuple[str, str]]:
    read = pairs(connection.execute(select(texts.c.sha256, texts.c.text).where(texts.c.sha256.in_(shas))))
    columns = (evidence.c.sha256, evidence.c.start_offset, evidence.c.end_offset, evidence.c.quote)
    wrong = {
        sha256
        for sha256, start, end, quote in connection.execute(select(*columns).where(evidence.c.sha256.in_(shas)))
        if read.get(sha256, "")[start:end] != quote
    }
    yield from ((sha256, "evidence") for sha256 in sorted(wrong))
