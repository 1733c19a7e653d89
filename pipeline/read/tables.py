"""Tables: a letterhead or a foot set in a table is read column by column, a table of facts row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.language import fold
from pipeline.language.page import page_pattern
from pipeline.read.ooxml import Element, number_of, switch_of, w

_MOST_COLUMNS = 3
"""Two columns, with or without an empty one between them."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell, the number of its first column, and how many columns it spans."""

    element: Element
    column: int
    span: int


def order_cells(table: Element, text_of: Callable[[Element], str]) -> list[Element]:
    """Return the table's cells in reading order; the continued part of a merged cell is left out.

    `text_of` tells what a cell prints.
    """
    rows = [list(_cells(row)) for row in _children(table, "tr")]
    if max(map(len, rows), default=0) <= _MOST_COLUMNS and any(
        _is_letter_form(cell, fold(text_of(cell.element))) for row in rows for cell in row
    ):
        return [cell.element for band in _bands(rows) for cell in sorted(band, key=lambda cell: cell.column)]
    return [cell.element for row in rows for cell in row]


def _is_letter_form(cell: _Cell, text: str) -> bool:
    """Tell whether a cell is of the head of a letter, or of its foot, where the recipients stand on the left."""
    for line in text.split("\n"):
        found = page_pattern("letter_form").search(" ".join(line.split()))
        if found is not None:
            is_recipients = page_pattern("recipients").fullmatch("".join(found.group().split())) is not None
            if not is_recipients or (cell.column == 0 and found.start() == 0):
                return True
    return False


def _bands(rows: list[list[_Cell]]) -> Iterator[list[_Cell]]:
    """Yield the cells between rows of a single wide cell, which all columns above it come before."""
    width = max((cell.column + cell.span for row in rows for cell in row), default=0)
    band: list[_Cell] = []
    for row in rows:
        if width > 1 and len(row) == 1 and row[0].span == width:
            yield band
            yield row
            band = []
        else:
            band += row
    yield band


def _cells(row: Element) -> Iterator[_Cell]:
    properties = row.find(w("trPr"))
    column = number_of(properties, "gridBefore") or 0
    for element in _children(row, "tc"):
        properties = element.find(w("tcPr"))
        span = max(number_of(properties, "gridSpan") or 1, 1)
        if not _is_continued(properties):
            yield _Cell(element, column, span)
        column += span


def _is_continued(properties: Element | None) -> bool:
    """Tell whether a cell only continues the one above it, or before it, with which it is merged."""
    merges = [properties.find(w(name)) for name in ("vMerge", "hMerge")] if properties is not None else []
    return any(merge is not None and merge.get(w("val")) != "restart" for merge in merges)


def _children(parent: Element, name: str) -> Iterator[Element]:
    """Yield the rows or cells of a table, through content controls and insertions; deleted and hidden ones are not."""
    for child in parent:
        if child.tag == w(name):
            if not _is_gone(child):
                yield child
        elif child.tag in {w("sdt"), w("sdtContent"), w("ins"), w("moveTo"), w("customXml")}:
            yield from _children(child, name)


def _is_gone(child: Element) -> bool:
    row, cell = child.find(w("trPr")), child.find(w("tcPr"))
    if row is not None and (row.find(w("del")) is not None or switch_of(row, "hidden") is True):
        return True
    return cell is not None and cell.find(w("cellDel")) is not None
