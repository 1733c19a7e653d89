"""Notes: footnotes leave the page's bottom and follow the line that carries their mark."""

from __future__ import annotations

import re
from dataclasses import replace
from statistics import median

from pipeline.layout.rows import Row, Sheet

_SMALL = 0.88
"""Footnotes are printed smaller than this share of the body's letters."""
_RAISED = 0.8
"""Marks are smaller than this share of their line's letters."""
_BOTTOM = 0.5
_MARK = re.compile(r"\A\[?(\d{1,2})\]?")
_GLUED = re.compile(r"(.*[^\W\d_][)\"”]?)\[?(\d{1,2})\]?([.,;:]*)")
_FEWEST = 5


def attach_notes(sheet: Sheet) -> Sheet:
    """Return the page with its footnotes on the rows that carry their marks; a note without one stays in place."""
    start = _notes_start(sheet)
    rows = list(sheet.rows[:start])
    for mark, note in _notes(sheet.rows[start:]):
        place = next(((index, at) for index, row in enumerate(rows) if (at := _find_mark(row, mark)) is not None), None)
        if place is None:
            return sheet
        index, at = place
        rows[index] = replace(_without_mark(rows[index], at), notes=(*rows[index].notes, *note))
    return replace(sheet, rows=tuple(rows))


def _notes_start(sheet: Sheet) -> int:
    """Return the first row of the small print at the page's bottom; their number when there is none."""
    rows = sheet.rows
    if len(rows) < _FEWEST:
        return len(rows)
    body = median(row.height for row in rows)
    start = len(rows)
    while start and rows[start - 1].height < _SMALL * body and rows[start - 1].box[1] > _BOTTOM * sheet.height:
        start -= 1
    while start < len(rows) and _own_mark(rows[start]) is None:
        start += 1
    return start


def _own_mark(row: Row) -> str | None:
    """Return the number that a note begins with, alone or as a raised figure at its first word."""
    first = _MARK.match(row.words[0])
    if first is None:
        return None
    alone = first.group() == row.words[0]
    return first.group(1) if alone or row.words[0][first.end()].isalpha() else None


def _notes(rows: tuple[Row, ...]) -> list[tuple[str, tuple[Row, ...]]]:
    """Return each note's number and its rows, the number taken off."""
    notes: list[tuple[str, tuple[Row, ...]]] = []
    for row in rows:
        mark = _own_mark(row)
        follows = mark is not None and (not notes or int(mark) == int(notes[-1][0]) + 1)
        if mark is not None and follows:
            rest = _without_mark(row, 0)
            notes.append((mark, (rest,) if rest.items else ()))
        elif notes:
            notes[-1] = (notes[-1][0], (*notes[-1][1], row))
    return notes


def _find_mark(row: Row, mark: str) -> int | None:
    """Return at which word of the row the raised mark stands, alone or at the word's end."""
    for index, item in enumerate(row.items):
        alone = _MARK.fullmatch(item.word.text)
        if alone and alone.group(1) == mark and index and item.height < _RAISED * row.height:
            return index
        glued = _GLUED.fullmatch(item.word.text)
        if glued and glued.group(2) == mark:
            return index
    return None


def _without_mark(row: Row, at: int) -> Row:
    """Return the row with the mark off its word, or without the word when it is the mark alone."""
    item = row.items[at]
    text = _GLUED.sub(r"\1\3", _MARK.sub("", item.word.text, count=1))
    changed = (replace(item, word=replace(item.word, text=text)),) if text else ()
    return replace(row, items=(*row.items[:at], *changed, *row.items[at + 1 :]))
