"""A notice as rows: what is stored beside its JSON so that it can be asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Table, delete, insert

from pipeline.notice import Notice
from pipeline.store.facts import count_write, write_facts
from pipeline.store.returning import follow_said, said_again
from pipeline.store.tables import (
    DERIVED,
    amounts,
    assignees,
    deadlines,
    directives,
    evidence,
    legal_references,
    notices,
    participants,
    texts,
    weaknesses,
)
from pipeline.store.topics import write_topics
from pipeline.store.wording import folded, folded_name, marked

Row = dict[str, Any]
_LARGEST = 2**63 - 1


def replace_rows(connection: Connection, sha256: str, notice: Notice | None) -> None:
    """Delete all derived rows of a document but its text, and write those of `notice`, where there is one."""
    said = said_again(connection, sha256)
    for table in reversed(DERIVED):
        if table is not texts:
            connection.execute(delete(table).where(table.c.sha256 == sha256))
    if notice is not None:
        for table, rows in notice_rows(sha256, notice).items():
            if rows:
                connection.execute(insert(table), rows)
        write_facts(connection, sha256, notice)
        write_topics(connection, sha256, notice)
    follow_said(connection, sha256, said)
    count_write(connection)


def write_text(connection: Connection, sha256: str, text: str | None) -> None:
    """Put `text` in the place of a document's text."""
    connection.execute(delete(texts).where(texts.c.sha256 == sha256))
    if text is not None:
        connection.execute(insert(texts), [{"sha256": sha256, "hash": text_hash(text), "text": text}])


def text_hash(text: str | None) -> str | None:
    """Return the SHA-256 of a text, or None."""
    return None if text is None else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def notice_rows(sha256: str, notice: Notice) -> dict[Table, list[Row]]:
    """Return the rows of each derived table but the text's, in the order of writing."""
    made = {
        notices: [_notice(notice)],
        participants: list(_numbered(_people(notice))),
        weaknesses: list(_numbered(passage.model_dump() for passage in notice.assessment.weaknesses)),
        directives: list(_directives(notice)),
        assignees: list(_assignees(notice)),
        deadlines: list(_deadlines(notice)),
        amounts: list(_amounts(notice)),
        legal_references: list(_numbered(_references(notice))),
        evidence: list(_evidence(notice)),
    }
    return {table: [{"sha256": sha256, **row} for row in rows] for table, rows in made.items()}


def _notice(notice: Notice) -> Row:
    header, meeting, source = notice.header, notice.meeting, notice.source
    dated = header.issue_date or meeting.start_date
    searched = "\n".join(_searched(notice))
    return {
        **header.model_dump(),
        "meeting_name": meeting.name,
        **{name: getattr(meeting, name) for name in ("start_date", "end_date", "location")},
        **{name: getattr(notice.signature, name) for name in ("signer_title", "signer_name")},
        **{name: getattr(source, name) for name in ("media_type", "text_origin", "page_count", "ocr_confidence")},
        "year": None if dated is None else dated.year,
        "number_folded": folded_name(header.document_number),
        "body_folded": folded_name(header.issuing_body),
        "folded": folded(searched),
        "marked": marked(searched),
    }


def _searched(notice: Notice) -> Iterator[str]:
    """Return what a notice is found by, beside its directives."""
    header, meeting, assessment = notice.header, notice.meeting, notice.assessment
    fields = (header.document_type, header.document_number, header.parent_body, header.issuing_body, header.place)
    yield from (field for field in (*fields, header.subject, meeting.name, meeting.location) if field)
    for person in meeting.chairs:
        yield from (field for field in (person.name, person.title) if field)
    if notice.signature.signer_name:
        yield notice.signature.signer_name
    yield from (passage.text for passage in (*assessment.achievements, *assessment.weaknesses))
    yield from (member.name for member in (*meeting.participants, *meeting.absentees))


def _numbered(rows: Iterable[Row]) -> Iterator[Row]:
    return ({"ordinal": ordinal, **row} for ordinal, row in enumerate(rows))


def _people(notice: Notice) -> Iterator[Row]:
    meeting = notice.meeting
    for person in meeting.chairs:
        nothing = {"organization": None, "note": None}
        yield {"role": "chair", "name": person.name, "kind": "person", "title": person.title, **nothing}
    for role, members in (("participant", meeting.participants), ("absentee", meeting.absentees)):
        for member in members:
            yield {"role": role, **member.model_dump()}


def _directives(notice: Notice) -> Iterator[Row]:
    for ordinal, directive in enumerate(notice.directives):
        yield {
            "ordinal": ordinal,
            **{name: getattr(directive, name) for name in ("number", "parent", "text")},
            "folded": folded(directive.text),
            "marked": marked(directive.text),
        }


def _assignees(notice: Notice) -> Iterator[Row]:
    for directive, found in enumerate(notice.directives):
        for ordinal, assignee in enumerate(found.assignees):
            name = folded_name(assignee.name) or ""
            yield {"directive": directive, "ordinal": ordinal, **assignee.model_dump(), "folded": name}


def _deadlines(notice: Notice) -> Iterator[Row]:
    for directive, found in enumerate(notice.directives):
        if found.deadline is not None:
            yield {"directive": directive, **found.deadline.model_dump()}


def _amounts(notice: Notice) -> Iterator[Row]:
    for directive, found in enumerate(notice.directives):
        for ordinal, amount in enumerate(found.amounts):
            # Beyond what a database counts; the JSON still has it.
            vnd = None if amount.vnd is None or abs(amount.vnd) > _LARGEST else amount.vnd
            yield {"directive": directive, "ordinal": ordinal, "text": amount.text, "vnd": vnd}


def _references(notice: Notice) -> Iterator[Row]:
    """Return the notice's own references, then those of each directive, which are citations alone."""
    for reference in notice.legal_references:
        yield {"directive": None, **reference.model_dump()}
    nothing = dict.fromkeys(("document_type", "number", "issue_date", "issuer"))
    for directive, found in enumerate(notice.directives):
        for citation in found.legal_references:
            yield {"directive": directive, "citation": citation, **nothing}


def _evidence(notice: Notice) -> Iterator[Row]:
    for pointer, found in notice.evidence.items():
        row = found.model_dump(exclude={"start", "end"})
        yield {"pointer": pointer, **row, "start_offset": found.start, "end_offset": found.end}
