"""The end of an attempt: one document, one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from pipeline.errors import StoreError
from pipeline.notice import Notice
from pipeline.store.columns import to_json
from pipeline.store.corrections import notice_now
from pipeline.store.database import Database
from pipeline.store.records import Ending
from pipeline.store.rows import replace_rows, text_hash, write_text
from pipeline.store.tables import attempts, documents, results, texts
from pipeline.store.work import upsert

_COUNTED = ("crash", "timeout", "memory", "internal")
"""Endings that may be the document's doing, and are tried again a limited number of times."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt found: a notice, or the head of another document; `json` is what is hashed."""

    form: str
    json: str

    @property
    def hash(self) -> str:
        """Return the SHA-256 by which results are told apart."""
        return json_hash(self.json)


def json_hash(json: str) -> str:
    """Return the hash of a result's JSON."""
    return hashlib.sha256(json.encode()).hexdigest()


def result_of(ending: Ending) -> Result | None:
    """Return the result of an attempt, None for one that failed."""
    if ending.notice is not None:
        return Result("notice", to_json(ending.notice.model_dump(mode="json")))
    if ending.status == "other":
        return Result("other", to_json(dict(ending.head or {})))
    return None


def result_hash(notice: Notice) -> str:
    """Return the hash under which a notice is stored."""
    return json_hash(to_json(notice.model_dump(mode="json")))


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, by which version and under which settings something was read."""

    at: dt.datetime
    version: str
    config: str


class _Writer:
    """Writes one document's ending in one transaction."""

    def __init__(self, connection: Connection, sha256: str, ending: Ending, stamp: Stamp) -> None:
        self.connection = connection
        self.sha256 = sha256
        self.ending = ending
        self.stamp = stamp
        self.result = result_of(ending)

    def write(self, attempt_id: int) -> bool:
        """Write all of it; return whether derived rows were written."""
        before = self._before()
        written = False
        if self.result is not None:
            self._keep_result(self.result)
        self._end_document(before)
        if self.result is not None:
            written = self._write_rows(same=before.result == self.result.hash)
        self._end_attempt(attempt_id)
        return written

    def _before(self) -> Any:
        columns = (documents.c.result, documents.c.tries, documents.c.media_type)
        query = select(*columns).where(documents.c.sha256 == self.sha256).with_for_update()
        found = self.connection.execute(query).one_or_none()
        if found is None:
            raise StoreError(f"there is no document {self.sha256[:16]}", "add it before its attempts")
        return found

    def _keep_result(self, result: Result) -> None:
        row = {"sha256": self.sha256, "hash": result.hash, "form": result.form, "json": result.json}
        self.connection.execute(upsert(self.connection, results).on_conflict_do_nothing(), [row | asdict(self.stamp)])

    def _write_rows(self, same: bool) -> bool:
        """Write the derived rows, as people corrected them; where the result is the same, only a text that is not."""
        text = self.ending.text
        if not same:
            write_text(self.connection, self.sha256, text)
            replace_rows(self.connection, self.sha256, notice_now(self.connection, self.sha256, self.ending.notice))
            return True
        query = select(texts.c.hash).where(texts.c.sha256 == self.sha256)
        if text is None or text_hash(text) == self.connection.execute(query).scalar():
            return False
        write_text(self.connection, self.sha256, text)
        return True

    def _end_document(self, before: Any) -> None:
        ending, failed = self.ending, self.result is None
        values: dict[str, Any] = {
            "state": ending.state,
            "kind": ending.kind or (ending.status if failed else None),
            "reason": ending.reason,
            "advice": ending.advice,
            "media_type": ending.media_type or before.media_type,
            "tries": before.tries + (ending.status in _COUNTED) if failed else 0,
        }
        if ending.status not in ("deferred", "interrupted"):
            values |= {"version": self.stamp.version, "config": self.stamp.config}
        if self.result is not None:
            values["result"] = self.result.hash
        self.connection.execute(update(documents).where(documents.c.sha256 == self.sha256).values(values))

    def _end_attempt(self, attempt_id: int) -> None:
        values = {
            **{name: getattr(self.ending, name) for name in ("status", "kind", "reason", "advice", "seconds")},
            "ended_at": self.stamp.at,
            "version": self.stamp.version,
            "config": self.stamp.config,
            "result": None if self.result is None else self.result.hash,
        }
        is_it = (attempts.c.id == attempt_id, attempts.c.sha256 == self.sha256)
        done = self.connection.execute(update(attempts).where(*is_it).values(values))
        if done.rowcount != 1:
            raise StoreError(f"there is no attempt {attempt_id} at {self.sha256[:16]}", "begin it before it ends")


def end_attempt(database: Database, attempt_id: int, sha256: str, ending: Ending, stamp: Stamp) -> bool:
    """Write how an attempt ended, whole or not at all; return whether derived rows were written.

    An ending without a result leaves the earlier result and its rows alone.
    """
    with database.write() as connection:
        return _Writer(connection, sha256, ending, stamp).write(attempt_id)
