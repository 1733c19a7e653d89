"""Labelled paragraphs and clauses of notices whose values are known: what the trained model learns from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.document import Document
from pipeline.extract.assessment import clauses_of
from pipeline.extract.items import Item, find_items
from pipeline.extract.outline import Outline, find_outline
from pipeline.extract.view import View
from pipeline.language import alternatives, load
from pipeline.learn.cases import held_out_of, issuer_of, read_gold
from pipeline.learn.fields import ANY, Node
from pipeline.process import read_document

Unit = Literal["paragraph", "clause"]
LONGEST_HEADING = 220
_NEAR = 4
_MANY = 2


@dataclass(frozen=True, slots=True)
class Example:
    """A paragraph or a clause with its role; `kind` is that of its label, `group` who issued the notice."""

    text: str
    role: str
    kind: str
    unit: Unit
    group: str


Stretch = tuple[int, int, str]
"""Where a value of gold stands in the text, and the role that it has."""


def read_examples(gold: Path, cases: Sequence[Path]) -> list[list[Example]]:
    """Return the examples of the cases under `gold`, case by case; held-out ones are left out."""
    held_out = held_out_of(gold)
    found = []
    for case in cases:
        if case.name not in held_out and (case / "notice.txt").is_file():
            known = read_gold(case)
            document = read_document(case / "notice.txt")
            found.append(list(label_document(document, known, issuer_of(case, known))))
    return found


def label_document(document: Document, gold: Node, group: str) -> Iterator[Example]:
    """Yield the paragraphs and clauses of a notice, each with the role that gold gives it."""
    view = View(document)
    outline = find_outline(view)
    labeller = _Labeller(view, gold, group)
    yield from labeller.opening(outline)
    for item in find_items(view, outline.body):
        yield from labeller.item(item)
    for paragraph in outline.closing:
        yield from labeller.whole(paragraph.start, paragraph.end, "closing", "plain")


class _Labeller:
    """Gives roles to stretches of one notice's text."""

    def __init__(self, view: View, gold: Node, group: str) -> None:
        self.view = view
        self.group = group
        self.directives = [start for start, _, _ in _places(view, gold, ("directives",), "directive")]
        self.points = [
            *_places(view, gold, ("assessment", "achievements"), "achievement"),
            *_places(view, gold, ("assessment", "weaknesses"), "weakness"),
        ]
        self.unsure = any(_listed(gold, path) is None for path in (("directives",), *_ASSESSED))
        self.attended = [start for start, _, _ in _places(view, gold, ("meeting", "participants"), "", "name")]

    def opening(self, outline: Outline) -> Iterator[Example]:
        for paragraph in outline.opening:
            for first, last in clauses_of(self.view, paragraph.start, paragraph.end):
                role = self._point_at(first, last)
                if role is None:
                    many = sum(first <= start < last for start in self.attended) >= _MANY
                    role = "participants" if many else "opening"
                yield self._example(first, last, role, "plain", "clause")

    def item(self, item: Item) -> Iterator[Example]:
        kind = item.kind or "plain"
        if any(abs(start - item.start) < _NEAR for start in self.directives):
            yield from self.whole(item.start, item.end, "directive", kind)
            return
        clauses = [
            (first, last, self._point_at(first, last)) for first, last in clauses_of(self.view, item.start, item.end)
        ]
        roles = [role for _, _, role in clauses if role]
        rest = self._rest(item)
        if roles:
            most = max(sorted(set(roles)), key=roles.count)
            yield self._example(item.start, item.end, most, kind, "paragraph")
        elif not (self.unsure and rest == "none"):
            yield self._example(item.start, item.end, rest, kind, "paragraph")
        for place, (first, last, role) in enumerate(clauses):
            named = role or (self._cause(first, last) or "none" if roles else rest)
            if not (self.unsure and named == "none"):
                yield self._example(first, last, named, "plain" if place else kind, "clause")

    def whole(self, start: int, end: int, role: str, kind: str) -> Iterator[Example]:
        yield self._example(start, end, role, kind, "paragraph")
        for place, (first, last) in enumerate(clauses_of(self.view, start, end)):
            yield self._example(first, last, role, "plain" if place else kind, "clause")

    def _rest(self, item: Item) -> str:
        """Return the role of a paragraph that gold says nothing of."""
        text = self.view.text[item.start : item.end].strip()
        if len(text) < LONGEST_HEADING and text[-1:] not in ".;/":
            if item.kind is not None or text.isupper():
                return "heading"
            if text.endswith(":"):
                return "lead-in"
        return self._cause(item.start, item.end) or "none"

    def _cause(self, start: int, end: int) -> str | None:
        causes = re.compile(alternatives(load("cues")["causes"]))
        return "cause" if self.view.match(causes, start, end) else None

    def _point_at(self, start: int, end: int) -> str | None:
        """Return the role of the point that most of a stretch belongs to."""
        for first, last, role in self.points:
            shared = min(last, end) - max(first, start)
            if shared > 0 and shared * 2 > min(end - start, last - first):
                return role
        return None

    def _example(self, start: int, end: int, role: str, kind: str, unit: Unit) -> Example:
        return Example(self.view.text[start:end].strip(), role, kind, unit, self.group)


_ASSESSED = (("assessment", "achievements"), ("assessment", "weaknesses"))


def _listed(gold: Node, path: Sequence[str]) -> list[Node] | None:
    """Return the entries at `path`; None where gold leaves them open."""
    node: object = gold
    for key in path:
        node = node.get(key) if isinstance(node, dict) else None
        if node == ANY:
            return None
    return [entry for entry in node if isinstance(entry, dict)] if isinstance(node, list) else []


def _places(view: View, gold: Node, path: Sequence[str], role: str, key: str = "text") -> list[Stretch]:
    """Return where the values at `path` stand, as far as their words are found, each behind the one before it."""
    found: list[Stretch] = []
    at = 0
    for entry in _listed(gold, path) or []:
        words = str(entry.get(key) or "").split()
        pattern = re.compile(r"\s+".join(map(re.escape, words)))
        place = (pattern.search(view.text, at) or pattern.search(view.text)) if words else None
        if place is not None:
            found.append((place.start(), place.end(), role))
            at = place.end()
    return found
