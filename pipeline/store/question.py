"""What can be asked of the store, and what it answers: plain data for the command line and the web alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

DeadlineState = Literal["overdue", "soon", "open", "recurring", "none"]
"""Where a deadline stands as of a day: past; within the next days; later; returning by a rhythm; or not stated.

That a task was done is written in no notice, so ``overdue`` says no more than that its day is past.
"""
FACETS: tuple[str, ...] = (
    *("who", "role", "year", "province", "issuer", "state", "recurrence", "weakness", "document_type", "origin"),
)
Sort = Literal["best", "newest", "oldest", "due", "doubt"]
SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class Question:
    """A search: every condition that is given must hold; of several values of one condition, one must.

    `words` are matched whatever the marks ("so y te" finds "Sở Y tế"); hits with the very marks come first; words in
    quotation marks must follow each other. `who` are keys of bodies, or names as they are printed; `state` is as of the
    day `as_of`.
    """

    what: Literal["directives", "notices"] = "directives"
    words: str = ""
    who: tuple[str, ...] = ()
    role: Literal["lead", "support"] | None = None
    years: tuple[int, ...] = ()
    provinces: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    states: tuple[DeadlineState, ...] = ()
    recurrences: tuple[str, ...] = ()
    weakness: bool | None = None
    issued_from: dt.date | None = None
    issued_to: dt.date | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    as_of: dt.date = field(default_factory=dt.date.today)
    soon_days: int = SOON_DAYS
    sort: Sort = "best"
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """Who must act: the name as it is printed, and the key of the body that it stands for, where that is told."""

    name: str
    role: Literal["lead", "support"]
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One directive or notice that was found; fields of the other kind are None or empty.

    `snippet` is the text around the hits as pieces, each with whether it is a hit; together they are plain text.
    """

    sha256: str
    name: str
    ordinal: int | None
    number: str | None
    text: str
    snippet: tuple[tuple[str, bool], ...]
    actors: tuple[Actor, ...]
    deadline_text: str | None
    due: dt.date | None
    recurrence: str | None
    state: DeadlineState
    document_number: str | None
    document_type: str | None
    subject: str | None
    issuing_body: str | None
    province: str | None
    issue_date: dt.date | None
    page: int | None
    doubt: float | None
    weaknesses: int
    directives: int
    exact: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet: what it is asked for by, what people are shown, and how many hits have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits; `total` counts all, up to a limit above which `is_more` says that there are more."""

    rows: tuple[Row, ...]
    total: int
    is_more: bool = False
