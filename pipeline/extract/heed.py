"""The vote of the trained model of spans: it seconds what rules found, and proposes where they found nobody.

It never changes or drops what a rule found. What it proposes are words of the page, exactly as they stand there.
"""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Mapping, Sequence

from pipeline.document import Span
from pipeline.extract.directives import Place, Task
from pipeline.extract.grammar import Member
from pipeline.extract.marker import Mark
from pipeline.extract.view import View

LEAD_CHANCE = 0.5
"""How likely the model must find it that somebody is told to act, where rules found nobody (docs/evaluation.md)."""
GUEST_CHANCE = 0.7
"""How likely it must find a person beside those of whom a rule found that they attended."""
_ATTENDED = ("participant", "absentee", "chair")


def heed(view: View, spans: Sequence[Span]) -> list[Span]:
    """Return the spans of the rules with what the model says of them, and what it proposes besides."""
    marks = view.voice.marks if view.voice is not None else ()
    if not marks:
        return list(spans)
    said = {(mark.start, mark.end, mark.label) for mark in marks}
    seconded = [_second(span, said) for span in spans]
    given = iter(_propose_leads(view, [span for span in seconded if span.label == "directive"], marks))
    heeded = [next(given) if span.label == "directive" else span for span in seconded]
    for guest in _propose_guests(view, heeded, marks):
        before = [at for at, span in enumerate(heeded) if span.label == "participant" and span.start < guest.start]
        first = next(at for at, span in enumerate(heeded) if span.label == "participant")
        heeded.insert(before[-1] + 1 if before else first, guest)
    return heeded


def _second(span: Span, said: set[tuple[int, int, str]]) -> Span:
    """Note where the model names exactly what a rule found."""
    parts = tuple(_second(part, said) for part in span.parts)
    named = any((span.start, span.end, label) in said for label in _labels(span))
    method = "rule+model" if named and span.method == "rule" else span.method
    return dataclasses.replace(span, parts=parts, method=method)


def _labels(span: Span) -> tuple[str, ...]:
    """Return the labels by which the model would name a span."""
    if span.label in _ATTENDED and isinstance(span.value, Member):
        return ("person",) if span.value.kind == "person" else ("organization",)
    if span.label == "assignee" and isinstance(span.value, Task):
        return (span.value.role,)
    return ("deadline",) if span.label == "deadline" else ()


def _propose_leads(view: View, directives: Sequence[Span], marks: Sequence[Mark]) -> list[Span]:
    """Give directives of nobody those whom the model finds told to act; points below inherit them as from rules."""
    leads = [mark for mark in marks if mark.label == "lead" and mark.chance >= LEAD_CHANCE]
    proposed: dict[int, list[Span]] = {}
    found: list[Span] = []
    for index, directive in enumerate(directives):
        who: list[Span] = []
        if not directive.parts_of("assignee"):
            who = _leads_in(view, directive, leads) or _inherited(directive, proposed)
        if who:
            proposed[index] = who
        found.append(dataclasses.replace(directive, parts=(*who, *directive.parts)))
    return found


def _leads_in(view: View, directive: Span, leads: Sequence[Mark]) -> list[Span]:
    """Return the leads within a directive as its assignees, each name once."""
    found: dict[str, Span] = {}
    for mark in leads[bisect.bisect_left(leads, directive.start, key=lambda mark: mark.start) :]:
        if mark.end > directive.end:
            break
        name = " ".join(view.text[mark.start : mark.end].split())
        found.setdefault(name.casefold(), _modelled("assignee", mark, Task(name, "lead", inherited=False)))
    return list(found.values())


def _inherited(directive: Span, proposed: Mapping[int, Sequence[Span]]) -> list[Span]:
    """Return those proposed for the directive above."""
    above = directive.value.parent if isinstance(directive.value, Place) else None
    return [
        dataclasses.replace(span, value=dataclasses.replace(span.value, inherited=True))
        for span in (proposed.get(above, ()) if above is not None else ())
        if isinstance(span.value, Task)
    ]


_SENTENCE_END = re.compile(r"\n|[.;]\s+")


def _propose_guests(view: View, spans: Sequence[Span], marks: Sequence[Mark]) -> list[Span]:
    """Return persons whom the model names in a sentence in which a rule found participants, but not them."""
    attended = [span for span in spans if span.label == "participant"]
    taken = [span for span in spans if span.label in _ATTENDED]
    names = {span.value.name.casefold() for span in taken if isinstance(span.value, Member)}
    found: list[Span] = []
    for mark in marks:
        name = " ".join(view.text[mark.start : mark.end].split())
        likely = mark.label == "person" and mark.chance >= GUEST_CHANCE and " " in name
        free = not any(span.start < mark.end and mark.start < span.end for span in taken)
        beside = any(not _parted(view, mark, span) for span in attended)
        if likely and free and beside and name.casefold() not in names:
            names.add(name.casefold())
            member = Member(mark.start, mark.end, name, "person")
            found.append(_modelled("participant", mark, member))
    return found


def _parted(view: View, mark: Mark, span: Span) -> bool:
    """Tell whether a sentence or a line ends between a mark and a span."""
    first, last = sorted(((mark.start, mark.end), (span.start, span.end)))
    return _SENTENCE_END.search(view.text, first[1], last[0]) is not None


def _modelled(label: str, mark: Mark, value: object) -> Span:
    return Span(label, mark.start, mark.end, value, method="model", confidence=round(mark.chance, 3))
