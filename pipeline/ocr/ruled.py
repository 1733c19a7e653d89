"""Ruled tables of a scanned page: where their cells are, told by the strokes between them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.document import Box, Line, Word
from pipeline.ocr.prepare import Pixels

_SHRINK = 2
"""Strokes are looked for on a page that is so many times smaller."""
_INK = 190
_LONG_ACROSS, _LONG_DOWN = 0.06, 0.03
"""Strokes are at least this share of the page's width across, and down; no letter is so long."""
_LEAST_WIDTH, _LEAST_HEIGHT = 0.02, 0.008
"""A cell takes at least this share of the page's width and of its height."""
_LEAST_TABLE = 0.3
"""A table is at least this share of the page wide; frames around marks are not."""
_LEAST_CELLS, _LEAST_ACROSS = 4, 2
_LEAST_LINES = 3
"""So many rows of pixels hold long strokes where there is a table."""
_STROKES = frozenset("|¦_—–-[](){}!Il")
"""What strokes are read as where a whole word is nothing else."""


def find_cells(grey: Pixels) -> tuple[Box, ...]:
    """Return the boxes of table cells on a prepared page, in its pixels, row by row."""
    small = cv2.resize(grey, None, fx=1 / _SHRINK, fy=1 / _SHRINK, interpolation=cv2.INTER_AREA)
    strokes = _strokes(np.asarray(small, dtype=np.uint8))
    if strokes is None:
        return ()
    _, _, tables, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    cells: list[Box] = []
    for left, top, width, height, _ in sorted(tables[1:].tolist(), key=lambda table: table[1]):
        if width >= _LEAST_TABLE * small.shape[1]:
            found = _cells(strokes[top : top + height, left : left + width], small.shape)
            cells += [(x0 + left, y0 + top, x1 + left, y1 + top) for x0, y0, x1, y1 in found]
    return tuple((x0 * _SHRINK, y0 * _SHRINK, x1 * _SHRINK, y1 * _SHRINK) for x0, y0, x1, y1 in cells)


def without_strokes(lines: tuple[Line, ...], cells: tuple[Box, ...]) -> tuple[Line, ...]:
    """Return the lines without words that are nothing but the strokes of a table, as "|"; `cells` are its cells."""
    if not cells:
        return lines
    kept = (tuple(word for word in line.words if not _is_stroke(word, cells)) for line in lines)
    return tuple(Line(words) for words in kept if words)


def _is_stroke(word: Word, cells: tuple[Box, ...]) -> bool:
    """Tell whether a word is the stroke at the left or right edge of a cell."""
    if word.box is None or not _STROKES.issuperset(word.text):
        return False
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    near = word.box[3] - word.box[1]
    edges = [edge for cell in cells if cell[1] - near <= y <= cell[3] + near for edge in (cell[0], cell[2])]
    return any(abs(x - edge) < near for edge in edges)


def _strokes(grey: Pixels) -> Pixels | None:
    """Return where long straight strokes run, thick enough to meet at their corners; None where too few do."""
    ink = (grey < _INK).astype(np.uint8)
    across = max(round(_LONG_ACROSS * grey.shape[1]), 1)
    down = max(round(_LONG_DOWN * grey.shape[0]), 1)
    thick = cv2.dilate(ink, np.ones((2, 1), np.uint8))
    lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, across), np.uint8))
    if np.count_nonzero(lines.sum(axis=1) >= _LEAST_TABLE / 2 * grey.shape[1]) < _LEAST_LINES:
        return None
    thick = cv2.dilate(ink, np.ones((1, 2), np.uint8))
    posts = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((down, 1), np.uint8))
    return np.asarray(cv2.dilate(cv2.bitwise_or(lines, posts), np.ones((3, 3), np.uint8)), dtype=np.uint8)


def _cells(strokes: NDArray[np.uint8], page: tuple[int, ...]) -> list[Box]:
    """Return the rooms between the strokes of one table, none where they make no table."""
    _, _, rooms, _ = cv2.connectedComponentsWithStats(1 - strokes, connectivity=4)
    least_width, least_height = _LEAST_WIDTH * page[1], _LEAST_HEIGHT * page[0]
    edge = strokes.shape
    found = [
        (float(x), float(y), float(x + width), float(y + height))
        for x, y, width, height, area in rooms[1:].tolist()
        if width >= least_width
        and height >= least_height
        and area > 0.7 * width * height
        and x > 0
        and y > 0
        and x + width < edge[1]
        and y + height < edge[0]
    ]
    ordered = _by_rows(found)
    if len(ordered) < _LEAST_CELLS or max(sum(_level(a, b) for b in found) for a in found) < _LEAST_ACROSS:
        return []
    return ordered


def _by_rows(cells: list[Box]) -> list[Box]:
    """Order cells by their upper edges, those of one row from left to right."""
    rows: list[list[Box]] = []
    for cell in sorted(cells, key=lambda cell: cell[1]):
        if rows and _level(rows[-1][0], cell):
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return [cell for row in rows for cell in sorted(row)]


def _level(one: Box, other: Box) -> bool:
    """Tell whether two cells begin at one height."""
    return abs(one[1] - other[1]) < 0.5 * min(one[3] - one[1], other[3] - other[1], 30)
