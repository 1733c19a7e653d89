"""Ruled tables of a PDF page: where their cells are."""

from __future__ import annotations

from typing import Any

from pipeline.document import Box

_MOST_STROKES = 2_000
"""Pages with more strokes are drawings; looking for tables in them would take very long."""
_LEAST_STROKES = 4
_LEAST_CELLS, _LEAST_ACROSS = 4, 2
"""A table has so many cells, and so many side by side; a frame around a mark has one."""
_THICKEST = 3.0
"""A filled box is a stroke when it is this thin; thicker ones are shadings, such as Word puts behind paragraphs."""


def find_cells(page: Any) -> tuple[Box, ...]:
    """Return the boxes of the cells of pdfplumber's `page`, counted from the visible page's corner."""
    if not _LEAST_STROKES <= len(page.lines) + len(page.rects) + len(page.curves) <= _MOST_STROKES:
        return ()
    left, top = page.cropbox[0], page.cropbox[1]
    cells: list[Box] = []
    for table in page.filter(_may_rule).find_tables():
        across = max(sum(cell is not None for cell in row.cells) for row in table.rows)
        if len(table.cells) >= _LEAST_CELLS and across >= _LEAST_ACROSS:
            cells += [(x0 - left, y0 - top, x1 - left, y1 - top) for x0, y0, x1, y1 in table.cells]
    return tuple(cells)


def _may_rule(thing: dict[str, Any]) -> bool:
    """Tell whether something printed may be a table's stroke."""
    is_shading = thing["object_type"] == "rect" and not thing.get("stroke")
    return not is_shading or min(thing["width"], thing["height"]) <= _THICKEST
