"""What people said of values: only ever added, checked against what they saw, and kept when documents are read anew."""

from __future__ import annotations

import copy
import datetime as dt
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, func, insert, select

from pipeline.errors import ConflictError, CorrectionError
from pipeline.notice import Notice
from pipeline.store.database import Database
from pipeline.store.pointers import join, moved, split
from pipeline.store.records import Conflict, Correction, Spot
from pipeline.store.rows import replace_rows
from pipeline.store.tables import corrections, documents, results
from pipeline.store.view import View

_CLOSED = ("", "schema_version", "source", "evidence")
_LONGEST = 300
_LOOKED_AT = 1000
"""Of the last things that somebody said, how many are looked at for one to take back."""
_COLUMNS = tuple(corrections.c[field.name] for field in fields(Correction))
_LOOK = "look at the document again and say it anew"


@dataclass(frozen=True, slots=True)
class _Said:
    """A correction that was not taken back, with its place in the current result; None where that is not known."""

    correction: Correction
    place: list[str] | None

    @property
    def key(self) -> tuple[str, str | None]:
        """Tell places apart, those too that are no longer there."""
        if self.place is None:
            return self.correction.pointer, self.correction.result
        return join(self.place), None


class _Replay:
    """A document's current result with its corrections put on; `conflicts` are those that do not fit."""

    def __init__(self, connection: Connection, sha256: str) -> None:
        query = select(documents.c.result).where(documents.c.sha256 == sha256)
        self._connection, self._sha256 = connection, sha256
        self.hash = connection.execute(query).scalar_one_or_none()
        self.form = self.result(self.hash)
        self.view = View(self.form or {})
        self.conflicts: list[Conflict] = []
        self.active: list[_Said] = []
        if self.form is not None:
            self._play(_read(connection, sha256))

    def result(self, found: str | None) -> dict[str, Any] | None:
        """Return the JSON of one of the document's notices."""
        wanted = (results.c.sha256 == self._sha256, results.c.hash == found, results.c.form == "notice")
        form = self._connection.execute(select(results.c.json).where(*wanted)).scalar_one_or_none()
        return None if form is None else json.loads(form)

    def place(self, correction: Correction) -> list[str] | None:
        """Return where a correction's place is in the current result, None where it cannot be told."""
        found, parts = self.place_of(correction.pointer, correction.result), split(correction.pointer)
        # The reading may have learned what the person said.
        learned = correction.action == "correct" and View(self.form or {}).value(parts) == correction.after
        return parts if found is None and learned else found

    def place_of(self, pointer: str, result: str) -> list[str] | None:
        """Return where a place of one of the document's results is in the current one."""
        parts = split(pointer)
        if result == self.hash:
            return parts
        old = self.result(result)
        return None if old is None else moved(parts, old, self.form)

    def _play(self, corrections_said: list[Correction]) -> None:
        for correction in corrections_said:
            said = _Said(correction, self.place(correction))
            if correction.action != "withdraw":
                self.active.append(said)
                continue
            # The last thing that was said of the place is taken back.
            last = next((at for at in reversed(range(len(self.active))) if self.active[at].key == said.key), None)
            if last is not None:
                del self.active[last]
        for said in self.active:
            self._put(said, careful=False)
        if not _is_valid(self.view):
            # Each one was valid when it was made, but together with what was read since they are not.
            self.view, self.conflicts = View(self.form or {}), []
            for said in self.active:
                self._put(said, careful=True)

    def _put(self, said: _Said, careful: bool) -> None:
        """Put one correction on, or note why it does not fit; where `careful`, only if the notice stays valid."""
        correction, place = said.correction, said.place
        if place is None:
            self._complain(correction, None, "what it was said of is not there any more")
            return
        now = self.view.value(place)
        wanted = {"confirm": correction.before, "correct": correction.after, "reject": None}[correction.action]
        if self.view.length(place[:-1]) is None and not self.view.is_place(place):
            self._complain(correction, now, "its place is not there any more")
        elif now not in (correction.before, wanted):
            self._complain(correction, now, "the value is another now")
        elif now is not None or correction.action == "correct":
            changed = copy.deepcopy(self.view) if careful else self.view
            changed.put(place, correction)
            if careful and not _is_valid(changed):
                self._complain(correction, now, "the notice would be invalid with it")
            else:
                self.view = changed

    def _complain(self, correction: Correction, now: object, reason: str) -> None:
        self.conflicts.append(Conflict(correction, now, reason))


def has_corrections(connection: Connection, sha256: str) -> bool:
    """Tell whether anybody said anything of a document."""
    query = select(corrections.c.id).where(corrections.c.sha256 == sha256).limit(1)
    return connection.execute(query).first() is not None


def notice_now(connection: Connection, sha256: str, read: Notice | None) -> Notice | None:
    """Return the notice that was `read` as people corrected it; its result must be the document's current one."""
    return read if read is None or not has_corrections(connection, sha256) else read_current(connection, sha256)


def read_current(connection: Connection, sha256: str) -> Notice | None:
    """Return a document's notice with all corrections that fit; None where it is no notice."""
    replay = _Replay(connection, sha256)
    return None if replay.form is None else _validated(replay.view)


def add_correction(database: Database, correction: Correction) -> int:
    """Add what a person said and return its number; a pointer that ends in ``/-`` adds an entry to a list.

    Raises ConflictError where the value is no longer `before`, and CorrectionError for what cannot stand in a notice.
    """
    with database.write() as connection:
        _lock(connection, correction.sha256)
        replay = _Replay(connection, correction.sha256)
        if replay.form is None:
            raise CorrectionError("there is no notice to correct", "read the document first")
        return _insert(connection, _checked(replay, replace(correction, after=_clean(correction.after))))


def undo(database: Database, sha256: str, who: str, at: dt.datetime) -> bool:
    """Take back what somebody said last of a document; return whether there was anything."""
    with database.write() as connection:
        _lock(connection, sha256)
        replay = _Replay(connection, sha256)
        own = [said.correction for said in replay.active if said.correction.who == who]
        if not own:
            return False
        place = replay.place(own[-1])
        value = None if place is None else replay.view.value(place)
        _insert(connection, replace(own[-1], action="withdraw", before=value, after=None, at=at, boxes=(), id=None))
        return True


def spot(database: Database, sha256: str, pointer: str, seen: str | None = None) -> Spot | None:
    """Return what a person would speak of at a pointer, None where there is no such place.

    The pointer is that of the corrected notice, or of the result `seen` by somebody before.
    """
    with database.read() as connection:
        replay = _Replay(connection, sha256)
        if replay.hash is None or replay.form is None:
            return None
        if seen is None:
            parts = split(pointer)
            added = parts[-1:] == ["-"]
            place = replay.view.place_before(parts[:-1] if added else parts)
            place = [*place, "-"] if added and place is not None else place
        else:
            place = replay.place_of(pointer, seen)
    if place is None:
        return None
    now = replay.view.place_now(place)
    return Spot(join(place), None if now is None else join(now), replay.view.value(place), replay.hash)


def history(database: Database, sha256: str) -> list[tuple[Correction, str | None]]:
    """Return what people said of a document, each with where that is in the corrected notice, None where it is not."""
    with database.read() as connection:
        replay = _Replay(connection, sha256)
        found = []
        for correction in _read(connection, sha256):
            place = replay.place(correction)
            now = None if place is None else replay.view.place_now(place)
            found.append((correction, None if now is None else join(now)))
    return found


def count_corrections(database: Database) -> dict[str, int]:
    """Return how often people confirmed, corrected, rejected and took back."""
    query = select(corrections.c.action, func.count()).group_by(corrections.c.action)
    with database.read() as connection:
        return {str(action): int(count) for action, count in connection.execute(query)}


def spoke_last_of(database: Database, who: str) -> str | None:
    """Return the document of which somebody said the last thing that was not taken back."""
    query = select(corrections.c.sha256, corrections.c.action).where(corrections.c.who == who)
    taken_back: dict[str, int] = {}
    with database.read() as connection:
        for sha256, action in connection.execute(query.order_by(corrections.c.id.desc()).limit(_LOOKED_AT)):
            left = taken_back.get(sha256, 0)
            if action != "withdraw" and not left:
                return str(sha256)
            taken_back[sha256] = left + (1 if action == "withdraw" else -1)
    return None


def _lock(connection: Connection, sha256: str) -> None:
    """Let two people at one document wait for each other; with SQLite, any two writers do."""
    connection.execute(select(documents.c.sha256).where(documents.c.sha256 == sha256).with_for_update())


def _insert(connection: Connection, correction: Correction) -> int:
    """Write what a person said, and let the rows of the document follow."""
    row = asdict(correction) | {"boxes": [list(box) for box in correction.boxes]}
    del row["id"]
    number = int(connection.execute(insert(corrections).values(row).returning(corrections.c.id)).scalar_one())
    replace_rows(connection, correction.sha256, read_current(connection, correction.sha256))
    return number


def _clean(value: Any) -> Any:
    """Return what a person typed in the contract's form: NFC, white space folded."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", " ".join(value.split()))
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return {key: _clean(inner) for key, inner in value.items()} if isinstance(value, dict) else value


def _checked(replay: _Replay, correction: Correction) -> Correction:
    """Return the correction with its pointer completed, once it is sure that it can be replayed."""
    correction = replace(correction, pointer=_completed(replay, correction))
    place = replay.place(correction)
    if place is None:
        raise ConflictError("the document was read again, and the value is not there any more", _LOOK)
    if not replay.view.is_place(place):
        raise CorrectionError(f"a notice has no {correction.pointer[:80]}", "name a value that it has")
    if replay.view.value(place) != correction.before:
        raise ConflictError(f"{correction.pointer} was changed in the meantime", _LOOK)
    if correction.action == "withdraw":
        if all(place != said.place for said in replay.active):
            raise CorrectionError(f"nothing was said of {correction.pointer}", "there is nothing to take back")
        return correction
    replay.view.put(place, correction)
    whole = _validated(replay.view).model_dump(mode="json")
    # What was left out is written down as the contract has it, so that it can be corrected in turn.
    return replace(
        correction, after=_filled(correction.after, View(whole).value(replay.view.place_now(place) or ["-"]))
    )


def _filled(value: Any, full: Any) -> Any:
    """Return `value` with the fields that only `full` has."""
    if isinstance(value, dict) and isinstance(full, dict):
        return {key: _filled(value[key], full[key]) if key in value else full[key] for key in full}
    if isinstance(value, list) and isinstance(full, list):
        return [_filled(*pair) for pair in zip(value, full, strict=True)]
    return value


def _completed(replay: _Replay, correction: Correction) -> str:
    """Return the pointer with an index in the place of a last ``-``; it counts from the result that was seen."""
    try:
        parts = split(correction.pointer)
    except ValueError:
        parts = [""]
    if not parts or parts[0] in _CLOSED or len(correction.pointer) > _LONGEST:
        raise CorrectionError(f"{correction.pointer[:80]!r} cannot be corrected", "name a value of the notice")
    if parts[-1] != "-":
        return correction.pointer
    seen = View(replay.result(correction.result) or {}).length(parts[:-1])
    place = replay.place(correction)
    if place is None:
        raise ConflictError("the document was read again, and the list is not there any more", _LOOK)
    if seen is None:
        raise CorrectionError(f"{correction.pointer} is no list", "name a list of the notice")
    added = (replay.view.length(place[:-1]) or 0) - (View(replay.form or {}).length(place[:-1]) or 0)
    return join([*parts[:-1], str(seen + added)])


def _validated(view: View) -> Notice:
    try:
        return Notice.model_validate(view.finished())
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(part) for part in first["loc"])
        advice = "write it as the contract does, or reject the whole entry"
        raise CorrectionError(f"the notice would be invalid at /{where}: {first['msg']}", advice) from error


def _is_valid(view: View) -> bool:
    try:
        _validated(view)
    except CorrectionError:
        return False
    return True


def _read(connection: Connection, sha256: str | None) -> list[Correction]:
    query = select(*_COLUMNS).order_by(corrections.c.id)
    if sha256 is not None:
        query = query.where(corrections.c.sha256 == sha256)
    return [_correction(row) for row in connection.execute(query)]


def _correction(row: Any) -> Correction:
    read = Correction(*row)
    return replace(read, boxes=tuple((int(page), *corners) for page, *corners in row.boxes))


def read_corrections(database: Database, sha256: str | None) -> list[Correction]:
    """Return what people said of one document, or of all, in the order in which they did."""
    with database.read() as connection:
        return _read(connection, sha256)


def corrected(database: Database, sha256: str) -> Notice | None:
    """Return a document's notice with all corrections that fit; None where it is no notice."""
    with database.read() as connection:
        return read_current(connection, sha256)


def conflicts(database: Database) -> Iterator[Conflict]:
    """Return the corrections that do not fit what was read since, by document; they are kept, and not applied."""
    with database.read() as connection:
        shas = (
            connection.execute(select(corrections.c.sha256).distinct().order_by(corrections.c.sha256)).scalars().all()
        )
    for sha256 in shas:
        with database.read() as connection:
            found = _Replay(connection, sha256).conflicts
        yield from found
