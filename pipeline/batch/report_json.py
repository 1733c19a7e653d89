"""A run's report for machines: the fields of ``report.json``, whose schema is ``report.schema.json``.

A new field raises the second number of the version, a field that is taken away or means something else the first.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, Literal, overload

from pydantic import BaseModel, ConfigDict, Field

from pipeline.batch.account import Account, Entry, Fate
from pipeline.write import printable

VERSION: Literal["1.0"] = "1.0"
SLOWEST = 10
"""How many of the slowest documents are named."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RunPart(_Part):
    """The run itself."""

    id: str
    inbox: str = Field(description="the folder that was read")
    out: str = Field(description="the folder of the results")
    started_at: dt.datetime = Field(description="UTC")
    ended_at: dt.datetime = Field(description="UTC")
    seconds: float = Field(ge=0, description="how long the run took")
    status: Literal["finished", "stopped", "failed"]
    exit_code: int = Field(ge=0, le=255, description="as the README's table has it")
    stopped_early: str | None = Field(description="why files were left for the next run; null where none were")


class Counts(_Part):
    """How many files had each fate; `seen` is the sum of all others."""

    seen: int = Field(ge=0, description="files in the inbox; the sum of the fields below")
    ok: int = Field(ge=0, description="read: a notice")
    other: int = Field(ge=0, description="read: another document")
    refused: int = Field(ge=0, description="read, and cannot be used: damaged, encrypted, over a limit ...")
    crash: int = Field(ge=0, description="ended the process that read it")
    timeout: int = Field(ge=0, description="took longer than allowed")
    memory: int = Field(ge=0, description="took more memory than allowed")
    internal: int = Field(ge=0, description="met an error of chidao's own")
    unchanged: int = Field(ge=0, description="not read: known from an earlier run")
    same: int = Field(ge=0, description="not read: the same bytes as another file")
    waiting: int = Field(ge=0, description="not read yet: still being written, or too young to be called damaged")
    left: int = Field(ge=0, description="left for the next run: this one was stopped or limited")
    passed: int = Field(ge=0, description="passed over: no document (link, pipe, partial file)")


class FilePart(_Part):
    """One file of the inbox; null is what does not apply."""

    file: str = Field(description="path within the inbox; what cannot be printed is written as an escape")
    fate: Fate = Field(description="one of the names of `counts`")
    sha256: str | None
    kind: str | None = Field(description="the error's short name, such as encrypted")
    reason: str | None = Field(description="what happened")
    advice: str | None = Field(description="what to do")
    seconds: float | None = Field(ge=0, description="how long it was read")
    result: str | None = Field(description="path of the notice's file within the results")
    number: str | None = Field(description="the notice's number")
    subject: str | None = Field(description="the notice's subject")
    directives: int | None = Field(ge=0, description="how many directives were found")
    doubt: float | None = Field(ge=0, le=1, description="the least confidence among the notice's values")
    warnings: tuple[str, ...]
    quarantined: bool = Field(description="not tried again before a person asks for it")
    page_of: str | None = Field(description="the file of the first page, for a further picture of one notice")


class LinkPart(_Part):
    """Two files that are nearly the same."""

    file: str
    like: str
    reason: str


class Report(_Part):
    """A run: what became of every file, what needs a person, and with which versions that was."""

    version: Literal["1.0"] = Field(description="of this form")
    run: RunPart
    counts: Counts
    for_people: int = Field(ge=0, description="files that a person has to look at: failed or in quarantine")
    found: dict[str, int] = Field(description="what the notices of this run hold, by the summary's names")
    stored: dict[str, int] = Field(description="what the whole store holds after the run")
    failures: tuple[FilePart, ...] = Field(description="the files that were read without success")
    quarantine: tuple[FilePart, ...] = Field(description="all documents in quarantine, those of earlier runs too")
    slowest: tuple[FilePart, ...] = Field(max_length=SLOWEST, description="the documents that took longest")
    links: tuple[LinkPart, ...] = Field(description="near-duplicates that were linked in this run")
    versions: dict[str, str] = Field(description="of chidao, of what it calls, and of its models")
    config: str = Field(description="hash of the settings that change results")
    files: tuple[FilePart, ...] = Field(description="every file that was seen, but for the unchanged")


def build_report(account: Account) -> Report:
    """Return the report of a run."""
    return Report(
        version=VERSION,
        run=_run(account),
        counts=Counts(**account.counts),
        for_people=len(account.for_people),
        found=dict(account.found),
        stored=dict(account.stored),
        failures=_files(account.failed),
        quarantine=_files(account.quarantine),
        slowest=_files(slowest(account)),
        links=tuple(LinkPart(file=one_line(a), like=one_line(b), reason=one_line(why)) for a, b, why in account.links),
        versions=_versions(account),
        config=account.config,
        files=_files(account.entries),
    )


def report_json(account: Account) -> bytes:
    """Return the report as the bytes of ``report.json``."""
    return to_bytes(build_report(account).model_dump(mode="json"))


def schema_json() -> bytes:
    """Return the JSON Schema of ``report.json``, as ``report.schema.json`` holds it."""
    schema = Report.model_json_schema(mode="serialization")
    return to_bytes({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def slowest(account: Account) -> list[Entry]:
    """Return the documents that took longest, the slowest first."""
    timed = [entry for entry in account.entries if entry.seconds is not None]
    return sorted(timed, key=lambda entry: (-(entry.seconds or 0.0), entry.file))[:SLOWEST]


def to_bytes(value: Any) -> bytes:
    """Return JSON as it is written everywhere here: UTF-8, two spaces, a line's end."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _run(account: Account) -> RunPart:
    return RunPart(
        id=account.id,
        inbox=printable(account.inbox),
        out=printable(account.out),
        started_at=account.started_at,
        ended_at=account.ended_at,
        seconds=round(account.seconds, 3),
        status=account.status,
        exit_code=account.exit_code,
        stopped_early=one_line(account.stopped_early),
    )


def _versions(account: Account) -> dict[str, str]:
    versions = {**account.versions, "chidao": account.version}
    return {one_line(name): one_line(version) for name, version in sorted(versions.items())}


def _files(entries: Iterable[Entry]) -> tuple[FilePart, ...]:
    return tuple(_file(entry) for entry in entries)


def _file(entry: Entry) -> FilePart:
    return FilePart(
        file=printable(entry.file),
        fate=entry.fate,
        sha256=entry.sha256,
        kind=one_line(entry.kind),
        reason=one_line(entry.reason),
        advice=one_line(entry.advice),
        seconds=None if entry.seconds is None else round(entry.seconds, 3),
        result=None if entry.result is None else printable(entry.result),
        number=one_line(entry.number),
        subject=one_line(entry.subject),
        directives=entry.directives,
        doubt=None if entry.doubt is None else round(entry.doubt, 3),
        warnings=tuple(one_line(warning) for warning in entry.warnings),
        quarantined=entry.quarantined,
        page_of=None if entry.page_of is None else printable(entry.page_of),
    )


@overload
def one_line(text: str) -> str: ...
@overload
def one_line(text: None) -> None: ...
def one_line(text: str | None) -> str | None:
    r"""Return `text` on one line, whatever it holds.

    >>> one_line("a\n  b\u202e")
    'a b\\u202e'
    """
    return None if text is None else printable(" ".join(text.split()))
