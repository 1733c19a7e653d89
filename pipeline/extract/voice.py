"""What the trained model says of a notice, heard once: roles of its paragraphs and clauses, and spans in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.extract.assessment import clauses_of
from pipeline.extract.items import Item
from pipeline.extract.marker import Mark, Marker
from pipeline.extract.outline import Outline
from pipeline.extract.tagger import Piece, Tagger, Voice
from pipeline.extract.view import View


@dataclass(frozen=True, slots=True)
class Model:
    """The trained model: one part for roles, one for spans; None where a part is missing."""

    tagger: Tagger
    marker: Marker | None = None


def hear(view: View, outline: Outline, items: Sequence[Item], model: Model, *, alone: bool = False) -> Voice:
    """Return what the model says of the items of the body, and of the clauses from the opening to the close."""
    clauses = list(_clauses(view, outline, items))
    paragraphs = [Piece(view.text[item.start : item.end].strip(), item.kind or "plain") for item in items]
    of_items, of_clauses = model.tagger.judge(paragraphs, [Piece(view.text[a:b], kind) for a, b, kind in clauses])
    return Voice(
        {item.start: chances for item, chances in zip(items, of_items, strict=True)},
        [(start, end, chances) for (start, end, _), chances in zip(clauses, of_clauses, strict=True)],
        alone,
        marks_of(view, outline, items, model.marker) if model.marker is not None else (),
    )


def sections_of(outline: Outline, items: Sequence[Item]) -> list[tuple[str, int, int]]:
    """Return the stretches of a notice in which spans are looked for, with the section in which each stands."""
    return [
        *(("opening", paragraph.start, paragraph.end) for paragraph in outline.opening),
        *(("body", item.start, item.end) for item in items),
    ]


def marks_of(view: View, outline: Outline, items: Sequence[Item], marker: Marker) -> list[Mark]:
    """Return the spans that `marker` names in the opening and the body, in reading order."""
    return [
        Mark(start + mark.start, start + mark.end, mark.label, mark.chance)
        for section, start, end in sections_of(outline, items)
        for mark in marker.mark(view.text[start:end], section)
    ]


def _clauses(view: View, outline: Outline, items: Sequence[Item]) -> Iterator[tuple[int, int, str]]:
    """Yield the clauses with the kind of label that stands before them."""
    stretches = [
        *((paragraph.start, paragraph.end, "plain") for paragraph in outline.opening),
        *((item.start, item.end, item.kind or "plain") for item in items),
        *((paragraph.start, paragraph.end, "plain") for paragraph in outline.closing),
    ]
    for start, end, kind in stretches:
        for place, (first, last) in enumerate(clauses_of(view, start, end)):
            yield first, last, "plain" if place else kind
