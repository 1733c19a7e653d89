"""Head: the office and the number on the left, the nation, the motto, the place and the date on the right."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz

from pipeline.language import fold
from pipeline.language.page import page_pattern, page_phrases
from pipeline.layout.columns import Columns, crosses, divide
from pipeline.layout.marks import begins_item, likeness, resembles
from pipeline.layout.rows import Row, Sheet

_TOP = 0.5
"""The head ends in this upper share of the first page."""
_ALIKE = 72
"""How like the nation's name a misread line must be, of 100."""
_WHOLE = 85
"""How like it the whole of it must be."""
_FAR = 5.0
"""A line this many line heights below the head does not belong to it."""


def find_head(sheets: list[Sheet]) -> tuple[Columns, list[Sheet]]:
    """Return the head's columns, empty when there is none, and the pages without it."""
    if not sheets:
        return Columns(), sheets
    first = sheets[0]
    anchors = _anchors(first)
    if not anchors:
        return Columns(), sheets
    cut = _cut(first, anchors)
    end = _end(first, max(anchors), cut)
    return divide(first.rows[:end], cut), [replace(first, rows=first.rows[end:]), *sheets[1:]]


def mend_wraps(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return the right column with the nation's name and the date whole where a narrow column broke them."""
    mended: list[Row] = []
    for row in rows:
        if mended and (_completes_nation(mended[-1], row) or _completes_date(mended[-1], row)):
            mended[-1] = Row(mended[-1].items + row.items)
        else:
            mended.append(row)
    return tuple(mended)


def _completes_nation(before: Row, row: Row) -> bool:
    whole = likeness(f"{before.text} {row.text}", "nation")
    return whole >= _WHOLE and whole > likeness(before.text, "nation")


def _completes_date(before: Row, row: Row) -> bool:
    """Tell whether `row` brings the month or year that is missing in the line before it."""
    pattern = page_pattern("date")
    begun = page_pattern("date_start").search(fold(before.text))
    ended = before.text[-1:].isdigit() and pattern.search(fold(before.text))
    return bool(begun) and not ended and pattern.search(fold(f"{before.text} {row.text}")) is not None


def _anchors(sheet: Sheet) -> dict[int, int]:
    """Return in which rows the nation's name and the motto stand, and at which word they begin."""
    found = {}
    for index, row in enumerate(sheet.rows):
        if row.box[1] > _TOP * sheet.height:
            break
        for phrase in (*page_phrases("nation"), *page_phrases("motto")):
            word = _find_phrase(row, phrase)
            if word is not None:
                found[index] = word
    return found


def _find_phrase(row: Row, phrase: str) -> int | None:
    """Return at which word of `row` a line begins that resembles `phrase`."""
    words = [fold(word) for word in row.words]
    scores = [(fuzz.ratio(" ".join(words[start:]), phrase), start) for start in range(len(words))]
    best, start = max(scores, key=lambda score: (score[0], -score[1]))
    return start if best >= _ALIKE else None


def _cut(sheet: Sheet, anchors: dict[int, int]) -> float:
    """Return where the columns part: between the nation's name and what stands left of it."""
    right = min(sheet.rows[index].items[word].box[0] for index, word in anchors.items())
    left = [sheet.rows[index].items[word - 1].box[2] for index, word in anchors.items() if word]
    if not left:
        rows = sheet.rows[: max(anchors) + 1]
        left = [piece.right for row in rows for piece in row.segments() if piece.right < right]
    return (max((edge for edge in left if edge < right), default=right - 20) + right) / 2


def _end(sheet: Sheet, motto: int, cut: float) -> int:
    """Return the first row below the head."""
    right_centre = (sheet.rows[motto].items[-1].box[2] + cut) / 2
    for index in range(motto + 1, len(sheet.rows)):
        row, before = sheet.rows[index], sheet.rows[index - 1]
        if row.centre - before.centre > _FAR * row.height or not _belongs(row, sheet, cut, right_centre):
            return index
    return len(sheet.rows)


def _belongs(row: Row, sheet: Sheet, cut: float, right_centre: float) -> bool:
    """Tell whether a row below the motto still is in two columns."""
    if page_pattern("date").search(fold(row.text)):
        return True
    if resembles(row.text, "title", 85) or (begins_item(row.words) and len(row.items) > 1):
        return False  # a star alone parts the office from the number
    pieces = row.segments()
    if any(crosses(piece, cut) for piece in pieces):
        return False
    if pieces[0].right < cut:
        return True
    middle = sum(_body_edges(sheet)) / 2
    centre = (row.left + row.right) / 2
    return abs(centre - right_centre) < abs(centre - middle)


def _body_edges(sheet: Sheet) -> tuple[float, float]:
    """Return the edges of the page's printed area."""
    return min(row.left for row in sheet.rows), max(row.right for row in sheet.rows)
