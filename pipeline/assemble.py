"""Joins the spans found in a document into its Notice, with evidence for every value."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from pipeline.document import Document, Source, Span
from pipeline.extract.directives import Due, Place, Task
from pipeline.extract.grammar import Member
from pipeline.extract.references import Reference
from pipeline.notice import (
    Amount,
    Assessment,
    Assignee,
    Deadline,
    Directive,
    Evidence,
    Header,
    LegalReference,
    Meeting,
    Notice,
    Participant,
    Passage,
    Person,
    Signature,
)
from pipeline.notice import Source as NoticeSource

_HEADER = (
    "document_type",
    "document_number",
    "parent_body",
    "issuing_body",
    "place",
    "issue_date",
    "subject",
    "urgency",
    "secrecy",
)


def assemble(source: Source, document: Document, spans: Sequence[Span]) -> Notice:
    """Return the Notice that the spans of `document` state."""
    joined = _Joined(document, spans)
    header = Header(**{name: joined.first(name, f"/header/{name}") for name in _HEADER})
    meeting = _meeting(joined)
    assessment = Assessment(achievements=_passages(joined, "achievement"), weaknesses=_passages(joined, "weakness"))
    return Notice(
        source=_source(source, document, joined.warnings(header, meeting)),
        header=header,
        meeting=meeting,
        assessment=assessment,
        directives=[_directive(joined, i, span) for i, span in enumerate(joined.all("directive"))],
        recipients=[str(joined.see(f"/recipients/{i}", span)) for i, span in enumerate(joined.all("recipient"))],
        signature=_signature(joined),
        legal_references=_references(joined),
        evidence=joined.evidence,
    )


class _Joined:
    """Looks up spans by label, and keeps the evidence of each one that is used."""

    def __init__(self, document: Document, spans: Sequence[Span]) -> None:
        self.document = document
        self.spans = spans
        self.evidence: dict[str, Evidence] = {}

    def all(self, label: str) -> list[Span]:
        return [span for span in self.spans if span.label == label]

    def first(self, label: str, pointer: str) -> Any:
        span = next(iter(self.all(label)), None)
        return None if span is None else self.see(pointer, span)

    def see(self, pointer: str, span: Span) -> Any:
        """Note where the value at `pointer` was read, and return it: the span's meaning, else its words."""
        document = self.document
        quote = document.text[span.start : span.end]
        self.evidence[pointer] = Evidence(
            quote=quote,
            start=span.start,
            end=span.end,
            page=document.page_at(span.start, span.end),
            boxes=[_rounded(box) for box in document.boxes(span.start, span.end)],
            confidence=round(span.confidence * document.confidence(span.start, span.end), 3),
            method="; ".join([span.method, *_corrections(document, span)]),
        )
        return " ".join(quote.split()) if span.value is None else span.value

    def warnings(self, header: Header, meeting: Meeting) -> list[str]:
        """Say which of a notice's usual parts were not found."""
        expected = {
            "document_type": header.document_type,
            "document_number": header.document_number,
            "issue_date": header.issue_date,
            "subject": header.subject,
            "start_date": meeting.start_date,
            "directives": self.all("directive") or None,
        }
        return [f"not found: {name}" for name, value in expected.items() if value is None]


def _corrections(document: Document, span: Span) -> list[str]:
    """Say which words of a span are not what the OCR engine read first, with both readings."""
    words = [placed.word for placed in document.words_in(span.start, span.end)]
    return [f'ocr "{word.read_as}" -> "{word.text}"' for word in words if word.read_as is not None]


def _rounded(box: tuple[int, float, float, float, float]) -> tuple[int, float, float, float, float]:
    page, left, top, right, bottom = box
    return page, round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)


def _source(source: Source, document: Document, warnings: Sequence[str]) -> NoticeSource:
    confidence = document.ocr_confidence
    return NoticeSource(
        file_name=source.file_name,
        sha256=source.sha256,
        media_type=source.media_type,
        page_count=document.page_count,
        text_origin=document.text_origin,
        ocr_confidence=None if confidence is None else round(confidence, 3),
        warnings=[*document.warnings, *warnings],
    )


def _meeting(joined: _Joined) -> Meeting:
    return Meeting(
        name=joined.first("meeting", "/meeting/name"),
        start_date=joined.first("start_date", "/meeting/start_date"),
        end_date=joined.first("end_date", "/meeting/end_date"),
        location=joined.first("location", "/meeting/location"),
        chairs=[_chair(joined.see(f"/meeting/chairs/{i}", span)) for i, span in enumerate(joined.all("chair"))],
        participants=_participants(joined, "participant", "participants"),
        absentees=_participants(joined, "absentee", "absentees"),
    )


def _chair(member: Member) -> Person:
    title = " ".join(part for part in (member.title, member.organization) if part)
    return Person(name=member.name, title=title or None)


def _participants(joined: _Joined, label: str, field: str) -> list[Participant]:
    found = []
    for index, span in enumerate(joined.all(label)):
        member: Member = joined.see(f"/meeting/{field}/{index}", span)
        note = span.part("note")
        values = {key: value for key, value in dataclasses.asdict(member).items() if key not in {"start", "end"}}
        found.append(Participant(**values, note=joined.see(f"/meeting/{field}/{index}/note", note) if note else None))
    return found


def _passages(joined: _Joined, label: str) -> list[Passage]:
    field = "achievements" if label == "achievement" else "weaknesses"
    return [Passage(text=joined.see(f"/assessment/{field}/{i}", span)) for i, span in enumerate(joined.all(label))]


def _directive(joined: _Joined, index: int, span: Span) -> Directive:
    pointer = f"/directives/{index}"
    place = joined.see(pointer, span)
    if not isinstance(place, Place):
        raise TypeError(place)
    assignees = []
    for i, part in enumerate(span.parts_of("assignee")):
        task: Task = joined.see(f"{pointer}/assignees/{i}", part)
        assignees.append(Assignee(name=task.name, role=task.role, inherited=task.inherited))
    return Directive(
        number=place.number,
        parent=place.parent,
        text=" ".join(joined.document.text[span.start : span.end].split()),
        assignees=assignees,
        deadline=_deadline(joined, pointer, span),
        amounts=[
            Amount(
                text=joined.document.text[part.start : part.end], vnd=_sum(joined.see(f"{pointer}/amounts/{i}", part))
            )
            for i, part in enumerate(span.parts_of("amount"))
        ],
        legal_references=[
            _cited(joined, f"{pointer}/legal_references/{i}", part) for i, part in enumerate(span.parts_of("reference"))
        ],
    )


def _sum(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _cited(joined: _Joined, pointer: str, part: Span) -> str:
    joined.see(pointer, part)
    return joined.evidence[pointer].quote


def _deadline(joined: _Joined, pointer: str, span: Span) -> Deadline | None:
    part = span.part("deadline")
    if part is None:
        return None
    due: Due = joined.see(f"{pointer}/deadline", part)
    return Deadline(text=joined.document.text[part.start : part.end], due=due.due, recurrence=due.recurrence)


def _signature(joined: _Joined) -> Signature:
    authority = [joined.see(f"/signature/authority/{i}", span) for i, span in enumerate(joined.all("authority"))]
    return Signature(
        authority=authority,
        signer_title=joined.first("signer_title", "/signature/signer_title"),
        signer_name=joined.first("signer_name", "/signature/signer_name"),
    )


def _references(joined: _Joined) -> list[LegalReference]:
    """Each cited document once, in order of first mention."""
    found: dict[str, Span] = {}
    for span in joined.all("reference"):
        if isinstance(span.value, Reference):
            found.setdefault(span.value.number, span)
    references = []
    for index, span in enumerate(sorted(found.values(), key=lambda span: span.start)):
        value: Reference = joined.see(f"/legal_references/{index}", span)
        quote = joined.evidence[f"/legal_references/{index}"].quote
        references.append(LegalReference(citation=quote, **dataclasses.asdict(value)))
    return references


def _is_date(value: object) -> bool:
    return isinstance(value, dt.date)
