"""Columns: rows cut at one place across the page, each side read for itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.layout.rows import Row, join_rows

_REACH = 15.0
"""A piece of a line that reaches further than this over the cut stands on both sides of it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The lines on both sides of a cut, each from top to bottom."""

    left: tuple[Row, ...] = ()
    right: tuple[Row, ...] = ()


def crosses(piece: Row, cut: float) -> bool:
    """Tell whether `piece` stands on both sides of the cut."""
    return piece.left < cut - _REACH and piece.right > cut + _REACH


def divide(rows: Iterable[Row], cut: float) -> Columns:
    """Divide `rows` at `cut`; pieces that cross it are cut at their widest gap thereabouts."""
    left: list[Row] = []
    right: list[Row] = []
    for row in rows:
        for segment in row.segments():
            for piece in _cut(segment, cut) if crosses(segment, cut) else [segment]:
                (left if (piece.left + piece.right) / 2 < cut else right).append(piece)
    return Columns(tuple(join_rows(left)), tuple(join_rows(right)))


def _cut(segment: Row, cut: float) -> list[Row]:
    """Cut one piece in two where its gap is wide and close to `cut`."""
    if len(segment.items) < 2:
        return [segment]

    def merit(index: int) -> float:
        before, after = segment.items[index - 1].box[2], segment.items[index].box[0]
        return (after - before) - 0.2 * abs((after + before) / 2 - cut)

    best = max(range(1, len(segment.items)), key=merit)
    return [Row(segment.items[:best]), Row(segment.items[best:])]


def join_columns(parts: Iterable[Columns]) -> Columns:
    """Return columns that go on over several pages as one."""
    kept = list(parts)
    return Columns(tuple(row for part in kept for row in part.left), tuple(row for part in kept for row in part.right))
