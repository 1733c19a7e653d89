"""Tables: a letterhead or a foot set in a table is read column by column, a table of facts row by row."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.language import fold
from pipeline.language.page import page_pattern
from pipeline.read.ooxml import Element, number_of, w

_MOST_COLUMNS = 3
"""Two columns, with or without an empty one between them."""


def order_cells(table: Element) -> list[Element]:
    """Return the table's cells in reading order; the continued part of a merged cell is left out."""
    rows = [list(_cells(row)) for row in _children(table, "tr")]
    cells = [cell for row in rows for cell in row]
    if _is_letter_form(table) and max((column for column, _ in cells), default=0) < _MOST_COLUMNS:
        cells = sorted(cells, key=lambda cell: cell[0])
    return [cell for _, cell in cells]


def _is_letter_form(table: Element) -> bool:
    """Tell whether the table sets the head or the foot of a letter."""
    text = fold(" ".join(node.text or "" for node in table.iter(w("t"))))
    return page_pattern("letter_form").search(" ".join(text.split())) is not None


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    """Yield each cell with the number of its column."""
    column = 0
    for cell in _children(row, "tc"):
        properties = cell.find(w("tcPr"))
        merged = properties.find(w("vMerge")) if properties is not None else None
        if merged is None or merged.get(w("val")) == "restart":
            yield column, cell
        column += number_of(properties, "gridSpan") or 1


def _children(parent: Element, name: str) -> Iterator[Element]:
    """Yield the rows or cells of a table, through content controls and insertions; deleted rows are left out."""
    for child in parent:
        if child.tag == w(name):
            properties = child.find(w("trPr"))
            if properties is None or properties.find(w("del")) is None:
                yield child
        elif child.tag in {w("sdt"), w("sdtContent"), w("ins"), w("customXml")}:
            yield from _children(child, name)
