"""Furniture: what stands on the page and is no part of the document, such as page numbers and stamps."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.language import fold
from pipeline.language.page import page_pattern, page_phrases
from pipeline.layout.marks import is_ornament
from pipeline.layout.rows import Row, Sheet, join_rows

_MARGIN = 0.12
"""Page numbers and running heads stand in this outer share of the page's height."""
_NUMBER = re.compile(
    rf"(?:(?:{'|'.join(page_phrases('page_number'))})[. ]+)?[-–—.~| ]*\d{{1,3}}(?: ?/ ?\d{{1,3}})?[-–—.~| ]*"
)
_DIGITS = re.compile(r"\d+")
_LEAST_REPEATS = 3
_FEW, _UNSURE = 3, 0.5
_CLUSTER = 2.2
"""Lines of one stamp lie at most this many line heights apart."""


def drop_furniture(sheets: list[Sheet]) -> list[Sheet]:
    """Return the pages without page numbers, running heads and stamps."""
    repeated = _running_heads(sheets)
    return [_strip(sheet, repeated) for sheet in sheets]


def _strip(sheet: Sheet, repeated: set[str]) -> Sheet:
    rows = [row for row in sheet.rows if not (_in_margin(row, sheet) and _shape(row) in repeated)]
    rows = [row for row in rows if row.cell is not None or not (is_ornament(row.text) or _is_speckle(row))]
    rows = _drop_page_number(rows, sheet)
    rows = _drop_stamps(rows)
    return Sheet(sheet.number, sheet.width, sheet.height, tuple(rows))


def _is_speckle(row: Row) -> bool:
    """Tell whether OCR made letters of a stroke or a stain: few of them, and hardly believed."""
    scores = [item.word.confidence for item in row.items if item.word.confidence is not None]
    letters = sum(letter.isalnum() for letter in row.text)
    return bool(scores) and letters <= _FEW and sum(scores) / len(scores) < _UNSURE


def _in_margin(row: Row, sheet: Sheet) -> bool:
    return row.box[3] < _MARGIN * sheet.height or row.box[1] > (1 - _MARGIN) * sheet.height


def _shape(row: Row) -> str:
    return _DIGITS.sub("0", fold(row.text))


def _running_heads(sheets: list[Sheet]) -> set[str]:
    """Return the shapes of lines that stand in the margin of most pages."""
    shapes = Counter(
        shape for sheet in sheets for shape in {_shape(row) for row in sheet.rows if _in_margin(row, sheet)}
    )
    least = max(_LEAST_REPEATS, 0.6 * len(sheets))
    return {shape for shape, count in shapes.items() if count >= least and any(map(str.isalpha, shape))}


def _drop_page_number(rows: list[Row], sheet: Sheet) -> list[Row]:
    """Leave out the first or the last row when it is the page's number."""
    kept = list(rows)
    for index in (0, -1):
        row = kept[index] if kept else None
        if row and row.cell is None and _in_margin(row, sheet) and _NUMBER.fullmatch(fold(row.text)):
            kept.pop(index)
    return kept


def _drop_stamps(rows: list[Row]) -> list[Row]:
    """Leave out the stamps of digital signatures."""
    units = [unit for row in rows for unit in row.segments()]
    dropped = {id(unit) for unit in _digital_stamp(units)}
    return join_rows(unit for unit in units if id(unit) not in dropped) if dropped else rows


def _digital_stamp(units: list[Row]) -> list[Row]:
    sign = page_pattern("digital")
    found = [unit for unit in units if sign.search(fold(unit.text)) and len(unit.items) < 12]
    return [unit for unit in units if unit in found or _is_small_print_of(unit, found)]


def _is_small_print_of(unit: Row, stamp: list[Row]) -> bool:
    """Tell whether `unit` is another line of a stamp: close to a line of it, at its left edge, and as small."""
    return any(
        abs(unit.centre - line.centre) < _CLUSTER * line.height
        and abs(unit.left - line.left) < line.height
        and unit.height < 1.15 * line.height
        for line in stamp
    )
