"""Directives: the items of the conclusions that order, ask, decide or agree, with who, by when and how much."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Paragraph, Span
from pipeline.extract.assessment import Mood, find_points
from pipeline.extract.assignees import Actor, find_actors
from pipeline.extract.grammar import pattern_of
from pipeline.extract.items import Item, number_of
from pipeline.extract.names import parse_list
from pipeline.extract.outline import Outline
from pipeline.extract.references import find_references
from pipeline.extract.roles import Judged
from pipeline.extract.view import View
from pipeline.language import regex
from pipeline.normalise.amounts import find_sums
from pipeline.normalise.deadlines import find_time_limits
from pipeline.notice import Recurrence


@dataclass(frozen=True, slots=True)
class Place:
    """Where a directive stands: its printed number, and its parent's place in the list of directives."""

    number: str | None
    parent: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """What a deadline means; a span's value."""

    due: dt.date | None
    recurrence: Recurrence | None


@dataclass(frozen=True, slots=True)
class Task:
    """An assignee's part; a span's value."""

    name: str
    role: str
    inherited: bool


def find_conclusions(view: View, outline: Outline, judged: Sequence[Judged], reference: dt.date | None) -> list[Span]:
    """Return the spans "directive", "achievement" and "weakness" of the body, whose items are `judged`.

    `reference` is the day from which a deadline without a year is counted.
    """
    return [*_directives(view, judged, reference), *_background(view, outline), *_points(view, judged)]


_MEETING = regex("directives", "meeting")
_FAULTS = re.compile(r"(?<!\w)(?:tồn tại|hạn chế|khó khăn|vướng mắc|bất cập|khuyết điểm)(?!\w)[^.]*:\s*$")


def _background(view: View, outline: Outline) -> list[Span]:
    """Points of an opening that tells of the situation before it comes to the meeting."""
    spans: list[Span] = []
    faults = False
    for paragraph in outline.opening if len(outline.opening) > 2 else ():
        text = view.plain[paragraph.start : paragraph.end]
        listed = text.startswith(("-", "+"))
        if _FAULTS.search(text):
            faults = True
        elif listed and faults:
            spans += find_points(view, paragraph.start, paragraph.end, "weakness")[0]
        elif not listed:
            faults = False
            spans += [] if _MEETING.search(text) else _plain_points(view, paragraph)
    return spans


def _plain_points(view: View, paragraph: Paragraph) -> list[Span]:
    """Of running text, what follows "Tuy nhiên" and what tells of a result: the rest is no assessment."""
    spans, mood = find_points(view, paragraph.start, paragraph.end, None)
    kept = [
        span
        for span in spans
        if span.label == "weakness"
        or re.search(r"(?:đã|được) [^.;]*(?:đạt|kết quả|hoàn thành)|giảm|tăng", view.plain[span.start : span.end])
    ]
    return kept if mood == "weakness" or (kept and kept[0].label == "achievement") else []


def _points(view: View, judged: Sequence[Judged]) -> list[Span]:
    spans: list[Span] = []
    mood: Mood | None = None
    before: tuple[int, ...] | None = None
    for one in judged:
        if one.role == "lead-in":
            spans += _before_lead_in(view, one.item)
        if one.role == "directive":
            spans += _before_order(view, one.item)
        if one.role != "assessment" or one.section == "cause":
            continue
        section: Mood | None = one.section if one.section in {"achievement", "weakness"} else None
        carried = mood if before == one.item.parents or one.item.kind is not None else None
        start = section if section == "weakness" else (carried or section)
        found, mood = find_points(view, one.item.start, one.item.end, start)
        before = one.item.parents
        spans += found
    return spans


def _before_lead_in(view: View, item: Item) -> list[Span]:
    """Points of a paragraph that assesses first and leads in the tasks with its last sentence."""
    last = max((found.end() for found in re.compile(r"\.\s+").finditer(view.text, item.start, item.end)), default=0)
    if not last or not re.search(r"(?<!\w)(?:đã|đạt|vẫn còn|còn)(?!\w)", view.plain[item.start : last]):
        return []
    return find_points(view, item.start, last, None)[0]


def _before_order(view: View, item: Item) -> list[Span]:
    """Faults that an item states in sentences of their own before it comes to its order."""
    ends = [found.end() for found in re.compile(r"\.\s+").finditer(view.text, item.start, item.end)]
    start = item.start
    spans: list[Span] = []
    for end in ends:
        if _TELLS_TASK.search(_NO_TASK.sub("", view.plain[start:end])) or find_actors(view, start, end):
            break
        spans += [s for s in find_points(view, start, end, None)[0] if s.label == "weakness"]
        start = end
    return spans


_TELLS_TASK = regex("roles", "tasking")
_NO_TASK = re.compile(r"(?:đạt|đáp ứng|theo|đúng|so với)(?: được)? yêu cầu")


def _directives(view: View, judged: Sequence[Judged], reference: dt.date | None) -> list[Span]:
    items = [one.item for one in judged]
    spans: list[Span] = []
    places: dict[int, int] = {}
    leads: dict[int, list[Actor]] = {}
    outer: list[Actor] = []
    outer_index: int | None = None
    for index, one in enumerate(judged):
        item = one.item
        actors = _actors(view, one)
        leads[index] = [actor for actor in actors if actor.role == "lead"]
        if one.role == "lead-in":
            outer, outer_index = leads[index] or outer, None
        if one.role != "directive":
            continue
        above = [i for i in reversed(item.parents) if i in leads]
        named = leads[index] and not _begins_alone(view, item, leads[index])
        inherited = [] if named else next((leads[i] for i in above if leads[i]), [] if leads[index] else outer)
        parent = next((places[i] for i in above if i in places), outer_index)
        places[index] = len(spans)
        who = [*_assignees(inherited, inherited=True), *_assignees(actors, inherited=False)]
        spans.append(_directive(view, item, Place(number_of(items, index), parent), who, reference))
        if item.kind is None and view.text[item.start : item.end].rstrip().endswith(":"):
            outer, outer_index = leads[index], len(spans) - 1
    return spans


_SENTENCE_END = re.compile(r"[.;]\s+")


def _begins_alone(view: View, item: Item, leads: Sequence[Actor]) -> bool:
    """Tell whether an item orders something of nobody in its first sentence, before another names its own actor."""
    first = _SENTENCE_END.search(view.text, item.start, item.end)
    begins = pattern_of("stop").match(view.plain, item.start) is not None
    return first is not None and begins and all(actor.member.start >= first.end() for actor in leads)


_SPOKEN_TO = re.compile(r"(?:đối với|(?:trách nhiệm|nhiệm vụ|phần việc) của)\s+")


def _actors(view: View, one: Judged) -> list[Actor]:
    """Return an item's own actors; a heading hands down the bodies that it speaks to ("Đối với các tỉnh X:")."""
    item = one.item
    if one.role == "heading":
        spoken_to = _SPOKEN_TO.match(view.plain, item.start, item.end)
        if spoken_to is not None:
            members, stop = parse_list(view, spoken_to.end(), item.end)
            if not view.text[stop : item.end].strip(" :"):
                return [Actor(member, "lead") for member in members]
        return []
    return find_actors(view, item.start, item.end) if one.role in {"directive", "lead-in"} else []


def _directive(view: View, item: Item, place: Place, who: Sequence[Span], reference: dt.date | None) -> Span:
    references = find_references(view, item.start, item.end)
    start, end = view.strip(item.start, item.end)
    parts = [
        *who,
        *_deadline(view, item, references, reference),
        *[Span("amount", found.start, found.end, found.vnd) for found in find_sums(view.plain, start, end)],
        *references,
    ]
    return Span("directive", start, end, place, tuple(parts))


def _assignees(actors: Sequence[Actor], *, inherited: bool) -> list[Span]:
    return [
        Span("assignee", actor.member.start, actor.member.end, Task(actor.member.name, actor.role, inherited))
        for actor in actors
    ]


def _deadline(view: View, item: Item, references: Sequence[Span], reference: dt.date | None) -> list[Span]:
    """Of several time limits the last is the item's own."""
    cited = [(span.start, span.end) for span in references]
    limits = find_time_limits(view.plain, item.start, item.end, cited)
    if not limits:
        return []
    last = limits[-1]
    return [Span("deadline", last.start, last.end, Due(last.due(reference), last.recurrence))]


def attendance_of(judged: Sequence[Judged]) -> list[tuple[int, int]]:
    """Return where the items of the body stand that are under a heading about attendance ("I. THÀNH PHẦN")."""
    return [(one.item.start, one.item.end) for one in judged if one.section == "attendance" and one.role != "heading"]
