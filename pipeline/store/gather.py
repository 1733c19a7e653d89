"""Finding what notices say again: sets of weaknesses, or of directives, of different notices that are alike.

A passage joins the set of the earliest one that it is like; being like another member is not enough, so that no chain
of small steps joins what is unlike. Copies of a notice, which the links tell, count as one notice.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, delete, insert, select

from pipeline.normalise.passages import BANDS, LIKE, Shingles, bands, likeness, shingles
from pipeline.store.database import Database
from pipeline.store.facts import writes_so_far
from pipeline.store.returning import TEXTS, What, returned, returns, span
from pipeline.store.tables import links, notices
from pipeline.store.wording import folded
from pipeline.store.work import batches

_CANDIDATES = 12
"""First passages of sets that are compared with one passage at most; those with the most keys in common."""
_UNDER = 200
"""First passages that are kept under one key; what so many have in common tells little, and each has other keys."""
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class _Passage:
    """Where a text stands; `kind` is the number of what it says, the same for texts of the same words."""

    sha256: str
    ordinal: int
    day: dt.date | None
    kind: int
    hash: int


@dataclass(slots=True)
class _Set:
    members: list[tuple[_Passage, float]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Read:
    """What is compared: all passages, the oldest first, and as bytes the shingles of each kind."""

    passages: list[_Passage]
    kinds: list[bytes]


def find_returning(database: Database, at: dt.datetime, least: float = LIKE) -> dict[What, int]:
    """Find all sets anew, in the place of those found before; return how many there are of each kind.

    Nobody waits for the comparing: the passages are read first, and the sets written at the end.
    """
    with database.read() as connection:
        written, same = writes_so_far(connection), _same_notices(connection)
        read = {what: _passages(connection, table) for what, table in TEXTS.items()}
    found = {what: _of_several(_group(passages, least), same) for what, passages in read.items()}
    with database.read() as connection:
        for what, sets in found.items():
            _add_words(connection, TEXTS[what], sets)
    with database.write() as connection:
        if writes_so_far(connection) != written:
            found = {what: _of_several(_as_now(connection, TEXTS[what], sets), same) for what, sets in found.items()}
        connection.execute(delete(returned))
        connection.execute(delete(returns))
        numbers = itertools.count(1)
        for what, sets in found.items():
            for batch in batches(zip(numbers, sets), _AT_ONCE):  # noqa: B905 - one of them has no end
                _write(connection, what, batch, same, at)
    return {what: len(sets) for what, sets in found.items()}


def _stream(connection: Connection, query: Any) -> Iterable[Any]:
    return connection.execute(query, execution_options={"yield_per": _AT_ONCE})


def _passages(connection: Connection, table: Table) -> _Read:
    """Read all passages of a kind, the oldest first, those of undated notices last."""
    query = select(table.c.sha256, table.c.ordinal, notices.c.issue_date, table.c.text)
    query = query.join_from(table, notices, notices.c.sha256 == table.c.sha256)
    query = query.order_by(notices.c.issue_date.is_(None), notices.c.issue_date, table.c.sha256, table.c.ordinal)
    numbers: dict[bytes, int] = {}
    passages = []
    last = ""
    for sha256, ordinal, day, text in _stream(connection, query):
        last = last if last == sha256 else sha256  # So that a notice's passages hold one string.
        kind = numbers.setdefault(_packed(shingles(text)), len(numbers))
        passages.append(_Passage(last, ordinal, day, kind, hash(text)))
    return _Read(passages, list(numbers))


def _packed(shingled: Shingles) -> bytes:
    return np.sort(np.fromiter(shingled, dtype=np.uint32, count=len(shingled))).tobytes()


def _unpacked(packed: bytes) -> Shingles:
    return frozenset(np.frombuffer(packed, dtype=np.uint32).tolist())


def _same_notices(connection: Connection) -> dict[str, str]:
    """Return for each linked document one that stands for all those that it is linked with."""
    stands: dict[str, str] = {}

    def root(sha256: str) -> str:
        while (other := stands.get(sha256, sha256)) != sha256:
            sha256 = other
        return sha256

    for one, other in connection.execute(select(links.c.sha_a, links.c.sha_b)):
        stands[root(other)] = root(one)
    return {sha256: root(sha256) for sha256 in stands}


def _group(read: _Read, least: float) -> Iterator[_Set]:
    """Yield sets; each passage is in one, and the same words are always in the same."""
    joins = _joined(read.kinds, least)
    sets: dict[int, _Set] = defaultdict(_Set)
    for passage in read.passages:
        first, alike = joins[passage.kind]
        sets[first].members.append((passage, alike))
    yield from sets.values()


def _joined(kinds: Sequence[bytes], least: float) -> list[tuple[int, float]]:
    """Return for each kind the one whose set it joins, its own number for a first one, and how alike they are."""
    joins: list[tuple[int, float]] = []
    under: dict[int, list[int]] = defaultdict(list)
    for number, keys in enumerate(_shared_keys(kinds)):
        common: dict[int, int] = defaultdict(int)
        for key in keys:
            for first in under[key]:
                common[first] += 1
        nearest = sorted(common, key=lambda first: (-common[first], first))[:_CANDIDATES]
        own = _unpacked(kinds[number])
        best, first = max(((likeness(own, _unpacked(kinds[one])), -one) for one in nearest), default=(0.0, 0))
        if best >= least:
            joins.append((-first, best))
            continue
        joins.append((number, 1.0))
        for key in keys:
            if len(under[key]) < _UNDER:
                under[key].append(number)
    return joins


def _shared_keys(kinds: Sequence[bytes]) -> Iterator[list[int]]:
    """Yield for each kind those of its keys that another has too; most have few, and all would fill the memory."""
    count = sum(bool(packed) for packed in kinds)
    keys = np.fromiter(
        itertools.chain.from_iterable(bands(_unpacked(packed) for packed in kinds)), np.uint64, count * BANDS
    ).reshape(count, BANDS)
    shared = np.empty(keys.shape, dtype=bool)
    for band in range(BANDS):
        shared[:, band] = _is_shared(keys[:, band])
    rows = zip(keys, shared, strict=True)
    for packed in kinds:
        if packed:
            own, is_shared = next(rows)
            yield own[is_shared].tolist()
        else:
            yield []


def _is_shared(keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    _, at, counts = np.unique(keys, return_inverse=True, return_counts=True)
    found: NDArray[np.bool_] = counts[at] > 1
    return found


def _of_several(sets: Iterable[_Set], same: Mapping[str, str]) -> list[_Set]:
    return [made for made in sets if len(made.members) > 1 and _count(made, same) > 1]


def _count(made: _Set, same: Mapping[str, str]) -> int:
    return len({same.get(passage.sha256, passage.sha256) for passage, _ in made.members})


def _add_words(connection: Connection, table: Table, sets: Sequence[_Set]) -> None:
    of = {(one.sha256, one.ordinal): made for made in sets for one, _ in made.members}
    for sha256, ordinal, text in _stream(connection, select(table.c.sha256, table.c.ordinal, table.c.text)):
        if made := of.get((sha256, ordinal)):
            made.words.update(folded(text).split())


def _as_now(connection: Connection, table: Table, sets: Sequence[_Set]) -> Iterator[_Set]:
    """Yield the sets without what was written otherwise while they were looked for."""
    rows = _stream(connection, select(table.c.sha256, table.c.ordinal, table.c.text))
    now = {(sha256, ordinal): hash(text) for sha256, ordinal, text in rows}
    for made in sets:
        its = [(one, alike) for one, alike in made.members if now.get((one.sha256, one.ordinal)) == one.hash]
        yield _Set(its, made.words)


def _write(
    connection: Connection, what: What, sets: Sequence[tuple[int, _Set]], same: Mapping[str, str], at: dt.datetime
) -> None:
    connection.execute(insert(returns), [_row(number, what, made, same) | {"at": at} for number, made in sets])
    rows = (
        {
            "set": number,
            "sha256": passage.sha256,
            "ordinal": passage.ordinal,
            "notice": same.get(passage.sha256, passage.sha256),
            "rank": rank,
            "likeness": alike,
        }
        for number, made in sets
        for rank, (passage, alike) in enumerate(made.members)
    )
    for batch in batches(rows, _AT_ONCE):
        connection.execute(insert(returned), batch)


def _row(number: int, what: What, made: _Set, same: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": number,
        "what": what,
        "notices": _count(made, same),
        "passages": len(made.members),
        **span(passage.day for passage, _ in made.members),
        "words": f" {' '.join(sorted(made.words))} ",
    }
