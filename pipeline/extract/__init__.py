"""Finds what a notice says: spans of the document text, by rules and by the trained model of roles and spans.

Each extractor reads the `View` and the `Outline` and returns spans; `EXTRACTORS` is the table of them. A span's
label says which field it fills, its value what the words mean.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.config import ExtractSettings
from pipeline.document import Document, Paragraph, Span
from pipeline.errors import OtherDocumentError
from pipeline.extract.closing import find_closing
from pipeline.extract.directives import attendance_of, find_conclusions
from pipeline.extract.heed import heed
from pipeline.extract.items import Item, find_items
from pipeline.extract.letterhead import find_letterhead
from pipeline.extract.marker import load_marker
from pipeline.extract.opening import find_meeting
from pipeline.extract.outline import Outline, find_outline
from pipeline.extract.references import find_references
from pipeline.extract.roles import Judged, judge_items
from pipeline.extract.tagger import FOLDER, load_tagger
from pipeline.extract.tasks import TaskRow, find_tasks, merge_tasks, task_spans
from pipeline.extract.triage import Triage, judge_document
from pipeline.extract.view import View
from pipeline.extract.voice import Model, hear


@dataclass(frozen=True, slots=True)
class Reading:
    """What the extractors read: the text in its views, its parts, and what each paragraph of the body is."""

    view: View
    outline: Outline
    judged: Sequence[Judged]
    tasks: Sequence[TaskRow] = ()


Extractor = Callable[[Reading, Sequence[Span]], list[Span]]
"""Reads a notice; the spans of the extractors before it are given as well."""


def _head(reading: Reading, _: Sequence[Span]) -> list[Span]:
    return find_letterhead(reading.view, reading.outline)


def _meeting(reading: Reading, _: Sequence[Span]) -> list[Span]:
    return find_meeting(reading.view, reading.outline, attendance_of(reading.judged))


def _conclusions(reading: Reading, before: Sequence[Span]) -> list[Span]:
    day = _reference_day(before)
    spans = find_conclusions(reading.view, reading.outline, reading.judged, day)
    said = iter([judged.method for judged in reading.judged if judged.role == "directive"])
    directives = [dataclasses.replace(span, method=next(said)) for span in spans if span.label == "directive"]
    points = [span for span in spans if span.label != "directive"]
    return [*merge_tasks(reading.view, directives, task_spans(reading.view, reading.tasks, day)), *points]


def _references(reading: Reading, _: Sequence[Span]) -> list[Span]:
    outline = reading.outline
    parts: list[tuple[Paragraph, ...]] = [outline.opening, outline.body, outline.closing]
    return [span for part in parts for p in part for span in find_references(reading.view, p.start, p.end)]


def _foot(reading: Reading, _: Sequence[Span]) -> list[Span]:
    return find_closing(reading.view, reading.outline)


DEFAULTS = ExtractSettings(any_document=True)
HEAD_FIELDS = ("document_type", "document_number", "issuing_body", "parent_body", "place", "issue_date", "subject")
"""What is told of a document that is no notice."""

EXTRACTORS: tuple[Extractor, ...] = (_head, _meeting, _conclusions, _references, _foot)


def find_spans(document: Document, settings: ExtractSettings = DEFAULTS) -> tuple[Span, ...]:
    """Return everything found in the document, extractor by extractor, each in reading order.

    Raises :class:`~pipeline.errors.OtherDocumentError` for what is no notice of a meeting's conclusions, unless
    `settings` asks for any document.
    """
    view = View(document)
    outline = find_outline(view)
    triage = judge_document(view, outline)
    if not (triage.is_notice or settings.any_document):
        raise _other_document(triage, find_letterhead(view, find_outline(view, triage.title_start)))
    tasks, body = find_tasks(view, outline.body)
    items = find_items(view, body)
    _ask_model(view, outline, items, settings)
    reading = Reading(view, outline, judge_items(view, items), tasks)
    spans: list[Span] = []
    for extractor in EXTRACTORS:
        spans += extractor(reading, spans)
    return tuple(heed(view, spans))


def _ask_model(view: View, outline: Outline, items: Sequence[Item], settings: ExtractSettings) -> None:
    """Let the trained model read the notice, unless `settings` leave it out or there is none."""
    folder = settings.model_folder or FOLDER
    tagger = load_tagger(folder) if settings.model else None
    if tagger is not None:
        view.voice = hear(view, outline, items, Model(tagger, load_marker(folder)), alone=not settings.rules)


def _other_document(triage: Triage, head: Sequence[Span]) -> OtherDocumentError:
    fields = {span.label: str(span.value) for span in head if span.value is not None}
    fields["document_type"] = triage.document_type or ""
    named = f"a document of type {triage.document_type}" if triage.document_type else "a document without a known title"
    return OtherDocumentError(
        f"this is {named}, not a notice of a meeting's conclusions ({triage.reason})",
        "run `chidao extract --any` if it is to be read as one all the same",
        {name: fields.get(name) or None for name in HEAD_FIELDS},
    )


def _reference_day(spans: Sequence[Span]) -> dt.date | None:
    """Return the day of issue, else of the meeting: deadlines without a year are counted from it."""
    for label in ("issue_date", "start_date"):
        day = next((span.value for span in spans if span.label == label), None)
        if isinstance(day, dt.date):
            return day
    return None
