"""Texts with the spans in them: what the trained model of spans learns from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import ExtractSettings
from pipeline.document import Document, Span
from pipeline.extract import find_spans
from pipeline.extract.directives import Task
from pipeline.extract.grammar import Member
from pipeline.extract.items import find_items
from pipeline.extract.marker import OUTSIDE, Mark
from pipeline.extract.outline import find_outline
from pipeline.extract.view import View
from pipeline.extract.voice import sections_of
from pipeline.language import lower
from pipeline.learn.cases import held_out_of, issuer_of, read_gold
from pipeline.learn.fields import Node
from pipeline.process import read_document

ATTENDANCE = ("participants", "absentees", "chairs")
_RULES = ExtractSettings(any_document=True, model=False)


@dataclass(frozen=True, slots=True)
class Marked:
    """A paragraph with its spans; `section` is where it stands, `group` who issued the notice."""

    text: str
    section: str
    marks: tuple[Mark, ...]
    group: str


def read_marked(gold: Path, cases: Sequence[Path]) -> list[list[Marked]]:
    """Return the paragraphs of the cases under `gold` with their spans, case by case; held-out ones are left out."""
    held_out = held_out_of(gold)
    found = []
    for case in cases:
        if case.name not in held_out and (case / "notice.txt").is_file():
            known = read_gold(case)
            found.append(list(mark_document(read_document(case / "notice.txt"), known, issuer_of(case, known))))
    return found


def mark_document(document: Document, gold: Node, group: str) -> Iterator[Marked]:
    """Yield the opening and the items of a notice with the spans that gold gives them."""
    view = View(document)
    outline = find_outline(view)
    sections = sections_of(outline, find_items(view, outline.body))
    begin = min((start for _, start, _ in sections), default=0)
    marks = _Aligner(view, begin, find_spans(document, _RULES)).marks(gold)
    for section, start, end in sections:
        inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
        moved = tuple(Mark(mark.start - start, mark.end - start, mark.label) for mark in inside)
        yield Marked(view.text[start:end], section, moved, group)


def tags_of(tokens: Sequence[tuple[int, int]], marks: Sequence[Mark]) -> list[str]:
    """Return for each syllable whether a span begins there (B-), goes on (I-), or none is there (O).

    >>> tags_of([(0, 4), (5, 7), (8, 9), (10, 12)], [Mark(5, 12, "lead")])
    ['O', 'B-lead', 'I-lead', 'I-lead']
    """
    tags = [OUTSIDE] * len(tokens)
    for mark in marks:
        inside = [at for at, (start, end) in enumerate(tokens) if start >= mark.start and end <= mark.end]
        for place, at in enumerate(inside):
            tags[at] = f"{'I' if place else 'B'}-{mark.label}"
    return tags


class _Aligner:
    """Finds where the values of gold stand: where a rule read the same value, else where its words occur.

    `begin` is where the opening begins: who is named above it, in the head, is no span.
    """

    def __init__(self, view: View, begin: int, spans: Sequence[Span]) -> None:
        self.view = view
        self.begin = begin
        self.read: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for span in spans:
            for part in (span, *span.parts):
                if isinstance(part.value, Task | Member):
                    self._note(part, part.value.role if isinstance(part.value, Task) else "attended")
        self.marks_found: list[Mark] = []

    def _note(self, span: Span, part: str) -> None:
        if isinstance(span.value, Task | Member):
            self.read.setdefault((span.value.name.casefold(), part), []).append((span.start, span.end))

    def marks(self, gold: Node) -> list[Mark]:
        """Return the spans of gold that stand in the text; of two that overlap, the first."""
        self.marks_found = []
        at = 0
        for directive in _listed(gold, "directives"):
            place = self._directive(directive, at)
            if place is not None:
                at = place[1]
                self._actors(directive, place)
                self._deadline(directive, place)
        self._attendance(gold)
        kept: list[Mark] = []
        for mark in sorted(self.marks_found, key=lambda mark: (mark.start, -mark.end)):
            if not kept or mark.start >= kept[-1].end:
                kept.append(mark)
        return kept

    def _directive(self, directive: Node, at: int) -> tuple[int, int] | None:
        """Return where a directive's text stands, behind the one before it if it can."""
        words = str(directive.get("text") or "").split()
        pattern = re.compile(r"\s+".join(map(re.escape, words)))
        found = (pattern.search(self.view.text, at) or pattern.search(self.view.text)) if words else None
        return found.span() if found else None

    def _actors(self, directive: Node, place: tuple[int, int]) -> None:
        for actor in _listed(directive, "assignees"):
            if not actor.get("inherited"):
                self._add(str(actor.get("name") or ""), str(actor.get("role")), place)

    def _deadline(self, directive: Node, place: tuple[int, int]) -> None:
        deadline = directive.get("deadline")
        if isinstance(deadline, Mapping):
            hits = self._occurrences(str(deadline.get("text") or ""), *place)
            self.marks_found += [Mark(*hits[-1], "deadline")] if hits else []

    def _attendance(self, gold: Node) -> None:
        """Mark who attended, before the first directive."""
        meeting = gold.get("meeting")
        until = min((mark.start for mark in self.marks_found), default=len(self.view.text))
        for key in ATTENDANCE if isinstance(meeting, Mapping) else ():
            for member in _listed(meeting, key):
                label = "person" if member.get("kind", "person") == "person" else "organization"
                self._add(str(member.get("name") or ""), label, (self.begin, until))

    def _add(self, name: str, label: str, place: tuple[int, int]) -> None:
        acts = label in {"lead", "support"}
        read = self.read.get((name.casefold(), label if acts else "attended"), [])
        read = [span for span in read if not acts or place[0] <= span[0] < place[1]]
        occurring = self._occurrences(name, *place)
        hits = occurring + read if label == "person" else read + occurring
        self.marks_found += [Mark(*hits[0], label)] if hits else []

    def _occurrences(self, words: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return where words stand in a stretch of the text, outside the spans found so far."""
        joined = r"\s+".join(map(re.escape, lower(words).split()))
        pattern = re.compile(rf"(?<!\w){joined}(?!\w)")
        found = [match.span() for match in pattern.finditer(self.view.plain, start, end)] if words else []
        return [(a, b) for a, b in found if not any(mark.start < b and a < mark.end for mark in self.marks_found)]


def _listed(node: object, key: str) -> list[Node]:
    """Return the entries under `key`; none where gold leaves them open."""
    value = node.get(key) if isinstance(node, Mapping) else None
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
