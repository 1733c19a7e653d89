"""Rows: the words of a fixed page, levelled and put together line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from pipeline.document import Box, Word, enclose
from pipeline.layout.compose import Printed

NEXT_CELL = 0.001
"""Cells of one table row are read one after the other, at nearly the same height."""
_COLUMN_GAP = 1.3
"""Words further apart than this many line heights may stand in two columns."""
_SAME_ROW = 0.55
"""Rows of text lie further apart than this share of their height."""
_TOUCHING = 0.07
"""Words closer than this share of their height are parts of one, printed in two sizes."""


@dataclass(frozen=True, slots=True)
class Item:
    """A word and its box on the levelled page."""

    word: Word
    box: Box
    page: int

    @property
    def height(self) -> float:
        """The box's height."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True)
class Row:
    """Words of one printed line, left to right; there is at least one. `notes` are the footnotes marked on it.

    What stands in the cell of a ruled table is a row of its own, however many lines it has; `cell` is then the height
    at which it is read among the page's rows.
    """

    items: tuple[Item, ...]
    notes: tuple[Row, ...] = ()
    cell: float | None = None

    @cached_property
    def box(self) -> Box:
        """The smallest box around the words."""
        return enclose([item.box for item in self.items])

    @cached_property
    def height(self) -> float:
        """The usual height of the words."""
        return median(item.height for item in self.items)

    @cached_property
    def centre(self) -> float:
        """Where the line stands on the page, whatever sticks out of it."""
        if self.cell is not None:
            return self.cell
        return median((item.box[1] + item.box[3]) / 2 for item in self.items)

    @property
    def left(self) -> float:
        """The left edge."""
        return self.box[0]

    @property
    def right(self) -> float:
        """The right edge."""
        return self.box[2]

    @property
    def page(self) -> int:
        """The number of the page."""
        return self.items[0].page

    @property
    def words(self) -> list[str]:
        """The words' texts."""
        return [item.word.text for item in self.items]

    @cached_property
    def text(self) -> str:
        """The words, joined by single blanks."""
        return " ".join(self.words)

    def printed(self) -> tuple[Printed, ...]:
        """Return the words as they go into the text; those that touch are glued."""
        edges = (item.box[2] for item in self.items)
        gaps = (item.box[0] - edge for edge, item in zip(edges, self.items[1:], strict=False))
        glued = (False, *(abs(gap) < _TOUCHING * self.height for gap in gaps))
        return tuple(Printed(i.word, i.page, glue) for i, glue in zip(self.items, glued, strict=True))

    def segments(self, gap: float = _COLUMN_GAP) -> list[Row]:
        """Cut the row where words stand more than `gap` line heights apart; a table's cell stays whole."""
        if self.cell is not None:
            return [self]
        groups: list[list[Item]] = []
        for item in self.items:
            if groups and item.box[0] - groups[-1][-1].box[2] <= gap * self.height:
                groups[-1].append(item)
            else:
                groups.append([item])
        return [Row(tuple(group)) for group in groups]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A fixed page: its number, its size, and its rows from top to bottom."""

    number: int
    width: float
    height: float
    rows: tuple[Row, ...]


def join_rows(units: Iterable[Row]) -> list[Row]:
    """Join pieces of lines that stand at one height to whole rows, top to bottom; cells of tables stay apart."""
    rows: list[list[Row]] = []
    given = list(units)
    for unit in sorted((unit for unit in given if unit.cell is None), key=lambda unit: unit.centre):
        fitting = [row for row in rows[-3:] if _stand_level(row, unit)]
        if fitting:
            min(fitting, key=lambda row: abs(_centre(row) - unit.centre)).append(unit)
        else:
            rows.append([unit])
    joined = [Row(tuple(sorted((i for unit in row for i in unit.items), key=lambda i: i.box[0]))) for row in rows]
    return sorted([*joined, *(unit for unit in given if unit.cell is not None)], key=lambda row: row.centre)


def _centre(row: list[Row]) -> float:
    return sum(unit.centre * len(unit.items) for unit in row) / sum(len(unit.items) for unit in row)


def _stand_level(row: list[Row], unit: Row) -> bool:
    height = max(median(other.height for other in row), unit.height)
    return abs(_centre(row) - unit.centre) < _SAME_ROW * height
