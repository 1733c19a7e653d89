"""What the trained model says of a notice, heard once: all its paragraphs and clauses are read in one go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.assessment import clauses_of
from pipeline.extract.items import Item
from pipeline.extract.outline import Outline
from pipeline.extract.tagger import Piece, Tagger, Voice
from pipeline.extract.view import View


def hear(view: View, outline: Outline, items: Sequence[Item], tagger: Tagger, *, alone: bool = False) -> Voice:
    """Return what `tagger` says of the items of the body, and of the clauses from the opening to the close."""
    clauses = list(_clauses(view, outline, items))
    paragraphs = [Piece(view.text[item.start : item.end].strip(), item.kind or "plain") for item in items]
    of_items, of_clauses = tagger.judge(paragraphs, [Piece(view.text[a:b], kind) for a, b, kind in clauses])
    return Voice(
        {item.start: chances for item, chances in zip(items, of_items, strict=True)},
        [(start, end, chances) for (start, end, _), chances in zip(clauses, of_clauses, strict=True)],
        alone,
    )


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
