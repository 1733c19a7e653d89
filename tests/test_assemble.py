"""Spans become a notice: values, evidence and warnings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from support import document_of, source_of

from pipeline.assemble import assemble
from pipeline.document import Document, Paragraph, PlacedWord, Span, Word
from pipeline.extract.directives import Due, Place, Task
from pipeline.extract.grammar import Member
from pipeline.extract.references import Reference
from pipeline.notice import Assignee, Deadline, Participant, Person

TEXT = "Giao Sở Y tế làm trước ngày 05/6/2024. Giao Sở Nội vụ giúp."


def span_of(text, words, label, value=None, parts=()):
    start = text.index(words)
    return Span(label, start, start + len(words), value, tuple(parts))


def join(document, *spans):
    return assemble(source_of(document), document, spans)


def scanned(text, confidences):
    """Return a document of one scanned line, one confidence a word."""
    words, at = [], 0
    for index, (word, confidence) in enumerate(zip(text.split(), confidences, strict=True)):
        box = (100.0 + 40 * index, 50.0, 135.0 + 40 * index, 62.004)
        words.append(PlacedWord(at, at + len(word), Word(word, box, confidence), 3))
        at += len(word) + 1
    return Document(text, (Paragraph(0, len(text), 0),), tuple(words), 4, "ocr", ("page 2 is empty",))


def test_a_directive_with_its_parts():
    document = document_of(TEXT)
    first = span_of(
        TEXT,
        "Giao Sở Y tế làm trước ngày 05/6/2024.",
        "directive",
        Place("1", None),
        [
            span_of(TEXT, "Sở Y tế", "assignee", Task("Sở Y tế", "lead", False)),
            span_of(TEXT, "trước ngày 05/6/2024", "deadline", Due(dt.date(2024, 6, 5), None)),
        ],
    )
    second = span_of(TEXT, "Giao Sở Nội vụ giúp.", "directive", Place("1.a", 0))
    notice = join(document, first, second)
    one, two = notice.directives
    assert (one.number, one.parent, one.text) == ("1", None, "Giao Sở Y tế làm trước ngày 05/6/2024.")
    assert one.assignees == [Assignee(name="Sở Y tế", role="lead", inherited=False)]
    assert one.deadline == Deadline(text="trước ngày 05/6/2024", due=dt.date(2024, 6, 5))
    assert (two.number, two.parent, two.deadline) == ("1.a", 0, None)
    quotes = {pointer: entry.quote for pointer, entry in notice.evidence.items()}
    assert quotes == {
        "/directives/0": one.text,
        "/directives/0/assignees/0": "Sở Y tế",
        "/directives/0/deadline": "trước ngày 05/6/2024",
        "/directives/1": two.text,
    }


def test_of_two_spans_for_one_field_the_first_counts():
    document = document_of("Lần đầu\nLần sau")
    notice = join(document, Span("subject", 0, 7), Span("subject", 8, 15))
    assert notice.header.subject == "Lần đầu"
    assert notice.evidence["/header/subject"].start == 0


def test_white_space_is_folded_in_values_and_kept_in_quotes():
    document = document_of("Kết luận\ncuộc họp")
    notice = join(document, Span("subject", 0, len(document.text)))
    assert notice.header.subject == "Kết luận cuộc họp"
    assert notice.evidence["/header/subject"].quote == "Kết luận\ncuộc họp"


def test_a_chair_keeps_the_whole_title_and_a_participant_its_halves():
    text = "ông Trần Văn An - Giám đốc Sở Y tế"
    member = Member(0, len(text), "Trần Văn An", "person", "Giám đốc", "Sở Y tế")
    notice = join(document_of(text), Span("chair", 0, len(text), member), Span("participant", 0, len(text), member))
    assert notice.meeting.chairs == [Person(name="Trần Văn An", title="Giám đốc Sở Y tế")]
    assert notice.meeting.participants == [
        Participant(name="Trần Văn An", kind="person", title="Giám đốc", organization="Sở Y tế")
    ]


def test_an_absentee_with_its_note():
    text = "Vắng: Sở Y tế (có lý do)"
    member = Member(6, 13, "Sở Y tế", "organization")
    note = span_of(text, "có lý do", "note", "có lý do")
    notice = join(document_of(text), Span("absentee", 6, 13, member, (note,)))
    assert [(one.name, one.note) for one in notice.meeting.absentees] == [("Sở Y tế", "có lý do")]
    assert notice.evidence["/meeting/absentees/0/note"].quote == "có lý do"


def test_a_document_cited_twice_is_listed_once_where_it_is_first():
    text = "Luật số 1/2020/QH14; Luật số 2/2020/QH14; Luật số 1/2020/QH14"
    first = Span("reference", 0, 19, Reference("Luật", "1/2020/QH14", None, None))
    second = Span("reference", 21, 40, Reference("Luật", "2/2020/QH14", None, None))
    again = replace(first, start=42, end=61)
    notice = join(document_of(text), first, second, again)
    assert [reference.number for reference in notice.legal_references] == ["1/2020/QH14", "2/2020/QH14"]
    assert notice.evidence["/legal_references/0"].start == 0


def test_evidence_of_a_scan_names_page_boxes_and_confidence():
    document = scanned("Giao Sở Y tế", [0.9, 0.5, 0.7, 0.9])
    notice = join(document, Span("issuing_body", 5, 12, confidence=0.8))
    evidence = notice.evidence["/header/issuing_body"]
    assert evidence.quote == "Sở Y tế"
    assert evidence.page == 3
    assert evidence.boxes == [(3, 140.0, 50.0, 255.0, 62.0)]
    assert evidence.confidence == round(0.8 * 0.7, 3)
    assert notice.source.ocr_confidence == 0.75
    assert (notice.source.page_count, notice.source.text_origin) == (4, "ocr")
    assert notice.source.warnings[0] == "page 2 is empty"


def test_evidence_keeps_both_readings_of_a_corrected_word():
    document = scanned("Sở Y tế tổ chức", [0.8] * 5)
    words = [
        replace(placed, word=replace(placed.word, read_as={"tổ": "tô"}.get(placed.word.text)))
        for placed in document.words
    ]
    document = replace(document, words=tuple(words))
    notice = join(
        document, span_of(document.text, "Sở Y tế", "issuing_body"), span_of(document.text, "tổ chức", "subject")
    )
    assert notice.evidence["/header/issuing_body"].method == "rule"
    assert notice.evidence["/header/subject"].method == 'rule; ocr "tô" -> "tổ"'


def test_what_is_missing_is_told_and_what_is_there_is_not():
    text = "Thông báo"
    notice = join(document_of(text), Span("document_type", 0, 9))
    assert "not found: document_type" not in notice.source.warnings
    assert "not found: subject" in notice.source.warnings
    assert notice.header.issue_date is None
    assert notice.meeting.participants == notice.directives == []
