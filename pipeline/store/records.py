"""What goes into the store and comes out of it: plain data, no rows and no connections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.notice import Notice

State = Literal["pending", "ok", "other", "quarantined"]
"""Where a document stands: to be read; read; read and found to be no notice; needs a person."""
Status = Literal[
    "started", "ok", "other", "refused", "crash", "timeout", "memory", "internal", "interrupted", "deferred"
]
"""How one attempt ended. ``refused`` is the document's own fault (damaged, encrypted, over a limit)."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A path at which a document was seen; `path` is relative to `inbox`, both as :func:`encode_path` writes them.

    `sha256` is the document's: pictures of one notice are several paths with the same one, told by `page`.
    """

    inbox: str
    path: str
    sha256: str
    size: int
    mtime_ns: int
    inode: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document, known by the SHA-256 of its bytes; `name` is that of its result files, without ending."""

    sha256: str
    size: int
    name: str
    state: State = "pending"
    media_type: str | None = None
    kind: str | None = None
    reason: str | None = None
    advice: str | None = None
    tries: int = 0
    version: str | None = None
    config: str | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of the nightly job; times are UTC, `counts` add up as the run's report says."""

    id: str
    inbox: str
    started_at: dt.datetime
    version: str
    config: str
    ended_at: dt.datetime | None = None
    status: str = "running"
    exit_code: int | None = None
    counts: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended, with what it found."""

    status: Status
    state: State
    kind: str | None = None
    reason: str | None = None
    advice: str | None = None
    seconds: float = 0.0
    media_type: str | None = None
    notice: Notice | None = None
    text: str | None = None
    head: Mapping[str, str | None] | None = None
    """The head of a document that is no notice."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value that differs between two runs; JSON values, None where there is none."""

    sha256: str
    pointer: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said of one value; rows are only ever added.

    `result` is the hash of the result that the person saw: where the present one differs, the correction is checked
    against the value it was made of (`before`).
    """

    sha256: str
    pointer: str
    action: Literal["confirm", "correct", "reject", "withdraw"]
    before: object
    after: object
    who: str
    at: dt.datetime
    result: str
    boxes: tuple[tuple[int, float, float, float, float], ...] = ()
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """What a person speaks of: `pointer` and `value` go into a correction, as does `result`.

    `now` is the pointer of the same place in the corrected notice, None where nothing is there any more.
    """

    pointer: str
    now: str | None
    value: object
    result: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value of a notice that may be wrong: with what it was read from, and how likely it is right."""

    sha256: str
    name: str
    pointer: str
    value: object
    quote: str
    page: int | None
    confidence: float
    method: str
    document_number: str | None
    issuing_body: str | None
    issue_date: dt.date | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of the store found wrong, and what to do."""

    kind: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A correction that no longer fits what was read; `now` is the value at its place, None where there is none."""

    correction: Correction
    now: object
    reason: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two documents that are nearly the same; `sha_a` comes before `sha_b`, `score` is from 0 to 1."""

    sha_a: str
    sha_b: str
    kind: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A directive that was found; `exact` says that it has the words with the very marks that were asked for."""

    sha256: str
    ordinal: int
    number: str | None
    text: str
    due: dt.date | None
    name: str
    document_number: str | None
    issuing_body: str | None
    issue_date: dt.date | None
    exact: bool
