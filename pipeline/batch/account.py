"""What became of every file that a run saw: one entry a file, and counts that add up."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.errors import EXIT_OK, EXIT_SOME_FAILED

Fate = Literal[
    "ok", "other", "refused", "crash", "timeout", "memory", "internal",
    "unchanged", "same", "waiting", "left", "passed",
]  # fmt: skip
"""What became of a file in this run.

Read in this run: ``ok`` a notice; ``other`` another document; ``refused`` cannot be used (damaged, encrypted, over a
limit ...); ``crash``, ``timeout``, ``memory`` ended its child; ``internal`` an error of ours. Not read: ``unchanged``
since an earlier run; ``same`` bytes as another file; ``waiting`` not at rest, or too young to be called damaged;
``left`` for the next run, because this one was stopped or limited; ``passed`` over as no document (link, pipe,
partial file).
"""
FAILED: tuple[Fate, ...] = ("refused", "crash", "timeout", "memory", "internal")
READ: tuple[Fate, ...] = ("ok", "other", *FAILED)
FATES: tuple[Fate, ...] = (*READ, "unchanged", "same", "waiting", "left", "passed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the inbox: `file` as people are shown it; the rest is None where it does not apply.

    `kind`, `reason` and `advice` are an error's; `result` is the path of the notice's file within the results;
    `doubt` is the least confidence among the notice's values, from 0 to 1.
    """

    file: str
    fate: Fate
    sha256: str | None = None
    kind: str | None = None
    reason: str | None = None
    advice: str | None = None
    seconds: float | None = None
    result: str | None = None
    number: str | None = None
    subject: str | None = None
    directives: int | None = None
    doubt: float | None = None
    warnings: tuple[str, ...] = ()
    quarantined: bool = False
    page_of: str | None = None
    """The file of the first page, where this is a further picture of one notice."""


@dataclass(frozen=True, slots=True)
class Account:
    """A run as it is reported; times are UTC.

    Every file that was seen is one of `entries`, or counted in `unchanged`.
    """

    id: str
    inbox: str
    out: str
    started_at: dt.datetime
    ended_at: dt.datetime
    status: Literal["finished", "stopped", "failed"]
    exit_code: int
    version: str
    config: str
    versions: Mapping[str, str]
    entries: tuple[Entry, ...] = ()
    unchanged: int = 0
    stopped_early: str | None = None
    found: Mapping[str, int] = field(default_factory=dict)
    """Counts over the notices of this run, by the names of `~pipeline.batch.found.FOUND`."""
    stored: Mapping[str, int] = field(default_factory=dict)
    """Counts over the whole store after the run: documents, notices, directives, quarantined."""
    links: tuple[tuple[str, str, str], ...] = ()
    """Near-duplicates that were linked in this run: file, file, reason."""
    held: tuple[Entry, ...] = ()
    """Documents that earlier runs put into quarantine and that this run left there; `entries` has none of them."""

    @property
    def counts(self) -> dict[str, int]:
        """How many files there were of each fate, and ``seen``, their sum."""
        counted = Counter(entry.fate for entry in self.entries)
        counted["unchanged"] += self.unchanged
        return {"seen": counted.total(), **{fate: counted[fate] for fate in FATES}}

    @property
    def failed(self) -> tuple[Entry, ...]:
        """The files that were read without success."""
        return tuple(entry for entry in self.entries if entry.fate in FAILED)

    @property
    def quarantine(self) -> tuple[Entry, ...]:
        """All documents that are in quarantine after the run."""
        return (*(entry for entry in self.entries if entry.quarantined), *self.held)

    @property
    def for_people(self) -> tuple[Entry, ...]:
        """The files that a person has to look at: those that failed, and those in quarantine."""
        return (
            *self.failed,
            *(entry for entry in self.entries if entry.quarantined and entry.fate not in FAILED),
            *self.held,
        )

    @property
    def succeeded(self) -> bool:
        """Tell whether the job did its work, whatever some of the documents were like."""
        return self.status == "finished" and self.exit_code in {EXIT_OK, EXIT_SOME_FAILED}

    @property
    def seconds(self) -> float:
        """How long the run took."""
        return max(0.0, (self.ended_at - self.started_at).total_seconds())

    @property
    def read(self) -> int:
        """How many documents were read in this run, with success or without."""
        return sum(entry.fate in READ for entry in self.entries)

    @property
    def pages(self) -> dict[str, list[str]]:
        """Which files were taken together as one notice: the first, and the further ones."""
        together: dict[str, list[str]] = {}
        for entry in self.entries:
            if entry.page_of is not None:
                together.setdefault(entry.page_of, []).append(entry.file)
        return together
