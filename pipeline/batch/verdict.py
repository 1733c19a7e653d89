"""What a guarded document is given, and what comes back of it: plain values that cross the border of a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.notice import Notice

Found = Literal["ok", "other", "refused", "changed"]
"""What a child can say of a document itself."""
Status = Literal[Found, "crash", "timeout", "memory", "internal"]
"""What can become of a document; the last four are no fault that the document's reader foresaw."""

_AGAIN = "it is worth a second try alone; if that fails too, open the file in another program and save it anew"
_CHANGED = "read it again when nothing writes to it any more"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: `seconds` of wall time, `megabytes` of data in its child."""

    seconds: float
    megabytes: int

    def doubled(self) -> Limits:
        """Return twice as much, for a second try.

        >>> Limits(60, 2000).doubled()
        Limits(seconds=120, megabytes=4000)
        """
        return Limits(self.seconds * 2, self.megabytes * 2)


@dataclass(frozen=True, slots=True)
class Task:
    """One document: a file, or the pictures of one notice.

    `key` comes back with the verdict; `sha256` is what the bytes must be, all files' in order, None for whatever.
    """

    key: str
    paths: tuple[Path, ...]
    sha256: str | None = None
    more_seconds: float = 0.0
    """What the document may take beyond its limits, because it is large."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a document; `text` is the text into which the notice's evidence points.

    `head` is what is told of a document that is no notice; `kind`, `reason` and `advice` are those of the error that
    refused it. `peak_megabytes` is the most memory that the child held meanwhile, its model and code included.
    """

    status: Found
    notice: Notice | None = None
    text: str | None = None
    head: Mapping[str, str | None] | None = None
    kind: str | None = None
    reason: str | None = None
    advice: str | None = None
    exit_code: int = 0
    media_type: str | None = None
    sha256: str | None = None
    seconds: float = 0.0
    peak_megabytes: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a task: `reason` says what happened and `advice` what to do, one line each."""

    key: str
    status: Status
    reading: Reading | None = None
    kind: str | None = None
    reason: str | None = None
    advice: str | None = None
    seconds: float = 0.0


def read_verdict(task: Task, reading: Reading, seconds: float) -> Verdict:
    """Return the verdict on a document that was read, or refused by its reader."""
    kind, reason, advice = reading.kind, reading.reason, reading.advice
    if reading.status == "changed":
        kind, reason, advice = "changed", "the file is not the one that was found", _CHANGED
    return Verdict(task.key, reading.status, reading, kind, reason, advice, seconds)


def crash_verdict(task: Task, ended: str, seconds: float) -> Verdict:
    """Return the verdict on a document whose child died over it."""
    return Verdict(task.key, "crash", None, "crash", f"the process that read it ended {ended}", _AGAIN, seconds)


def timeout_verdict(task: Task, limits: Limits, seconds: float) -> Verdict:
    """Return the verdict on a document that took too long."""
    reason = f"reading it took longer than {limits.seconds + task.more_seconds:g} seconds"
    return Verdict(task.key, "timeout", None, "timeout", reason, "raise the limit of seconds, or split it", seconds)


def memory_verdict(task: Task, limits: Limits, seconds: float) -> Verdict:
    """Return the verdict on a document that wanted too much memory."""
    reason = f"reading it takes more than {limits.megabytes} megabytes of memory"
    return Verdict(task.key, "memory", None, "memory", reason, "raise the limit of megabytes, or split it", seconds)


def internal_verdict(task: Task, said: str, seconds: float) -> Verdict:
    """Return the verdict on a document over which chidao itself made an error."""
    advice = "please report it with the file's kind; `chidao --debug` shows where it happened"
    return Verdict(task.key, "internal", None, "internal", f"internal error {said}", advice, seconds)
