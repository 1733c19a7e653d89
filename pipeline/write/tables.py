"""The CSV form: one table a kind of thing, one row a thing, joined by ids.

A notice's id is the first 16 digits of its file's SHA-256; where the same bytes came under several names, the second
and later ones get ``-2``, ``-3`` …, in the order of the files. Ids of other rows are the notice's with a letter and a
number. The tables are UTF-8 with a byte order mark, which Excel needs, and hold no cell that it would run as a formula.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from pipeline.notice import Directive, Notice, Participant
from pipeline.write.result import Result

Row = dict[str, object]

TABLES: dict[str, tuple[str, ...]] = {
    "notices": (
        *("notice_id", "file", "result", "document_type", "document_number", "parent_body", "issuing_body", "place"),
        *("issue_date", "subject", "urgency", "secrecy", "meeting_name", "start_date", "end_date", "location"),
        *("chairs", "participants", "absentees", "achievements", "weaknesses", "directives", "deadlines", "recipients"),
        *("authority", "signer_title", "signer_name", "legal_references"),
        *("media_type", "page_count", "text_origin", "ocr_confidence", "warnings"),
    ),
    "directives": (
        *("directive_id", "notice_id", "number", "parent_id", "text", "leads", "supports", "inherited"),
        *("deadline_text", "due", "recurrence", "amounts", "amounts_vnd", "legal_references", "page", "confidence"),
    ),
    "participants": ("participant_id", "notice_id", "role", "name", "kind", "title", "organization", "note"),
    "weaknesses": ("weakness_id", "notice_id", "text", "page"),
}
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def tabulate(results: Iterable[Result]) -> dict[str, list[Row]]:
    """Return the rows of each table of `TABLES`."""
    rows: dict[str, list[Row]] = {table: [] for table in TABLES}
    seen: Counter[str] = Counter()
    for result in results:
        for table, more in rows_of(result, seen).items():
            rows[table].extend(more)
    return rows


def rows_of(result: Result, seen: Counter[str]) -> dict[str, Iterable[Row]]:
    """Return one notice's rows of each table; `seen` counts the notices that have had the same id."""
    notice = result.notice
    notice_id = _notice_id(notice, seen)
    return {
        "notices": [_notice_row(notice_id, result)],
        "directives": _directive_rows(notice_id, notice),
        "participants": _participant_rows(notice_id, notice),
        "weaknesses": _weakness_rows(notice_id, notice),
    }


def to_csv(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """Return the rows as CSV for Excel: byte order mark, header line, formulas defused; numbers stay numbers."""
    text = io.StringIO()
    write_lines(text, rows, columns)
    return text.getvalue().encode("utf-8-sig")


def write_lines(text: TextIO, rows: Iterable[Row], columns: Sequence[str], *, header: bool = True) -> None:
    """Write rows as lines of CSV, formulas defused, below the `header` line."""
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(columns)
    writer.writerows([defuse(row.get(column)) for column in columns] for row in rows)


def defuse(value: object) -> object:
    """Return a cell's value with an apostrophe before what a spreadsheet would take for a formula.

    >>> defuse("=1+1"), defuse(-5), defuse("Sở Y tế")
    ("'=1+1", -5, 'Sở Y tế')
    """
    if isinstance(value, str) and (value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)):
        return "'" + value
    return value


def _notice_id(notice: Notice, seen: Counter[str]) -> str:
    short = notice.source.sha256[:16]
    seen[short] += 1
    return short if seen[short] == 1 else f"{short}-{seen[short]}"


def _notice_row(notice_id: str, result: Result) -> Row:
    notice = result.notice
    source, meeting = notice.source, notice.meeting
    return {
        "notice_id": notice_id,
        "file": result.file,
        "result": f"{result.name}.json",
        **notice.header.model_dump(mode="json"),
        "meeting_name": meeting.name,
        "start_date": _iso(meeting.start_date),
        "end_date": _iso(meeting.end_date),
        "location": meeting.location,
        "chairs": _joined(chair.name or chair.title for chair in meeting.chairs),
        **_counts(notice),
        "recipients": _joined(notice.recipients),
        "authority": _joined(notice.signature.authority),
        "signer_title": notice.signature.signer_title,
        "signer_name": notice.signature.signer_name,
        "legal_references": _joined(reference.citation for reference in notice.legal_references),
        "media_type": source.media_type,
        "page_count": source.page_count,
        "text_origin": source.text_origin,
        "ocr_confidence": _rounded(source.ocr_confidence),
        "warnings": _joined(source.warnings),
    }


def _counts(notice: Notice) -> Row:
    return {
        "participants": len(notice.meeting.participants),
        "absentees": len(notice.meeting.absentees),
        "achievements": len(notice.assessment.achievements),
        "weaknesses": len(notice.assessment.weaknesses),
        "directives": len(notice.directives),
        "deadlines": sum(directive.deadline is not None for directive in notice.directives),
    }


def _directive_rows(notice_id: str, notice: Notice) -> Iterator[Row]:
    for index, directive in enumerate(notice.directives):
        yield {
            "directive_id": _item_id(notice_id, "d", index),
            "notice_id": notice_id,
            "number": directive.number,
            "parent_id": None if directive.parent is None else _item_id(notice_id, "d", directive.parent),
            "text": directive.text,
            **_assignee_cells(directive),
            **_deadline_cells(directive),
            "amounts": _joined(amount.text for amount in directive.amounts),
            "amounts_vnd": _sums(directive),
            "legal_references": _joined(directive.legal_references),
            **_place_cells(notice, f"/directives/{index}"),
        }


def _assignee_cells(directive: Directive) -> Row:
    assignees = directive.assignees
    return {
        "leads": _joined(a.name for a in assignees if a.role == "lead"),
        "supports": _joined(a.name for a in assignees if a.role == "support"),
        "inherited": _joined(a.name for a in assignees if a.inherited),
    }


def _deadline_cells(directive: Directive) -> Row:
    deadline = directive.deadline
    if deadline is None:
        return {}
    return {"deadline_text": deadline.text, "due": _iso(deadline.due), "recurrence": deadline.recurrence}


def _sums(directive: Directive) -> int | str | None:
    """Return the one sum in đồng as a number, several joined."""
    sums = [amount.vnd for amount in directive.amounts if amount.vnd is not None]
    return sums[0] if len(sums) == 1 else _joined(str(vnd) for vnd in sums)


def _place_cells(notice: Notice, pointer: str) -> Row:
    """Say on which page a thing is printed and how sure its reading is, from its evidence or its text's."""
    evidence = notice.evidence.get(pointer) or notice.evidence.get(f"{pointer}/text")
    return {} if evidence is None else {"page": evidence.page, "confidence": _rounded(evidence.confidence)}


def _participant_rows(notice_id: str, notice: Notice) -> Iterator[Row]:
    meeting = notice.meeting
    chairs: list[Row] = [{"role": "chair", "kind": "person", **chair.model_dump()} for chair in meeting.chairs]
    rows = chairs + _listed("participant", meeting.participants) + _listed("absentee", meeting.absentees)
    for index, row in enumerate(rows):
        yield {"participant_id": _item_id(notice_id, "p", index), "notice_id": notice_id, **row}


def _listed(role: str, participants: Sequence[Participant]) -> list[Row]:
    return [{"role": role, **participant.model_dump()} for participant in participants]


def _weakness_rows(notice_id: str, notice: Notice) -> Iterator[Row]:
    for index, passage in enumerate(notice.assessment.weaknesses):
        place = _place_cells(notice, f"/assessment/weaknesses/{index}")
        yield {
            "weakness_id": _item_id(notice_id, "w", index),
            "notice_id": notice_id,
            "text": passage.text,
            "page": place.get("page"),
        }


def _item_id(notice_id: str, letter: str, index: int) -> str:
    return f"{notice_id}-{letter}{index + 1:03d}"


def _joined(values: Iterable[str | None]) -> str | None:
    return "; ".join(value for value in values if value) or None


def _iso(date: object) -> str | None:
    return None if date is None else str(date)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)
