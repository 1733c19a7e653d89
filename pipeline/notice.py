"""The contract, version 1.0: what `extract` returns and every writer writes.

The models follow the published JSON Schema field by field. Values are verbatim Vietnamese in Unicode NFC with
white space folded; dates are ISO 8601; what the document does not state is None or an empty list.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION: Literal["1.0"] = "1.0"
EvidenceBox = tuple[int, float, float, float, float]
Share = Annotated[float, Field(ge=0, le=1)]


class Model(BaseModel):
    """Base: frozen, and closed to fields that the contract does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Model):
    """The file that was read."""

    file_name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    media_type: str
    page_count: Annotated[int, Field(ge=0)] | None
    text_origin: Literal["embedded", "ocr", "mixed"]
    ocr_confidence: Share | None = None
    warnings: list[str] = []


class Header(Model):
    """The notice's head: who issued it, under what number, where and when."""

    document_type: str | None = None
    document_number: str | None = None
    parent_body: str | None = None
    issuing_body: str | None = None
    place: str | None = None
    issue_date: dt.date | None = None
    subject: str | None = None
    urgency: Literal["khẩn", "thượng khẩn", "hỏa tốc"] | None = None
    secrecy: Literal["mật", "tối mật", "tuyệt mật"] | None = None


class Person(Model):
    """Somebody who chaired."""

    name: str | None = None
    title: str | None = None


class Participant(Model):
    """Somebody, some body or some group that attended or was absent."""

    name: str
    kind: Literal["person", "organization", "group"]
    title: str | None = None
    organization: str | None = None
    note: str | None = None


class Meeting(Model):
    """The meeting whose conclusions these are."""

    name: str | None = None
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    location: str | None = None
    chairs: list[Person] = []
    participants: list[Participant] = []
    absentees: list[Participant] = []


class Passage(Model):
    """One stated point of the assessment."""

    text: str


class Assessment(Model):
    """What went well and what did not."""

    achievements: list[Passage] = []
    weaknesses: list[Passage] = []


class Assignee(Model):
    """Who must act on a directive."""

    name: str
    role: Literal["lead", "support"]
    inherited: bool


Recurrence = Literal["daily", "weekly", "biweekly", "monthly", "quarterly", "semiannual", "yearly"]


class Deadline(Model):
    """By when a directive must be done: a day, or a rhythm."""

    text: str
    due: dt.date | None = None
    recurrence: Recurrence | None = None


class Amount(Model):
    """A sum of money; `vnd` is None where it is not in đồng."""

    text: str
    vnd: int | None = None


class Directive(Model):
    """One item of the conclusions that orders, asks, decides or agrees to something."""

    number: str | None = None
    parent: int | None = None
    text: str
    assignees: list[Assignee] = []
    deadline: Deadline | None = None
    amounts: list[Amount] = []
    legal_references: list[str] = []


class Signature(Model):
    """Who signed, and on whose authority."""

    authority: list[str] = []
    signer_title: str | None = None
    signer_name: str | None = None


class LegalReference(Model):
    """A cited document."""

    citation: str
    document_type: str | None = None
    number: str | None = None
    issue_date: dt.date | None = None
    issuer: str | None = None


class Evidence(Model):
    """Where a value was read: ``text[start:end] == quote``; boxes are ``[page, left, top, right, bottom]``."""

    quote: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    page: Annotated[int, Field(ge=1)] | None = None
    boxes: list[EvidenceBox] = []
    confidence: Share
    method: str


class Notice(Model):
    """One administrative meeting notice, extracted."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    source: Source
    header: Header
    meeting: Meeting
    assessment: Assessment
    directives: list[Directive] = []
    recipients: list[str] = []
    signature: Signature
    legal_references: list[LegalReference] = []
    evidence: dict[str, Evidence] = {}
