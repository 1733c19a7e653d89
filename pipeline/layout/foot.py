"""Foot: the recipients on the left, the signature on the right, at one height or over a page break."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.language import fold
from pipeline.language.page import page_pattern
from pipeline.layout.columns import Columns, crosses, divide, join_columns
from pipeline.layout.marks import resembles
from pipeline.layout.rows import Row, Sheet

_LEFT_SHARE = 0.45
"""The list of recipients begins in this left share of the page."""
_RIGHT_SHARE = 0.35
"""The signature begins right of this."""
_LIST_SHARE = 0.6
"""Recipients that go on alone on the next page keep to this left share of it."""
_ALIKE = 80
_MOST_WORDS = 3
_NEAR = 3.5
"""Lines of the signature lie at most this many line heights above the recipients."""
_MOST_CROSSING = 0.15


def find_foot(sheets: list[Sheet]) -> tuple[list[Sheet], Columns, list[Sheet]]:
    """Return the pages before the foot, the foot's columns, and what comes after them."""
    place = _find_place(sheets, _is_recipients) or _find_place(sheets, _is_signature)
    if place is None:
        return sheets, Columns(), []
    page, start = place
    sheet = sheets[page]
    cut = _find_cut(sheet.rows[start:], sheet.width)
    start = _climb(sheet, start, cut)
    parts = [divide(sheet.rows[start:], cut)]
    after: list[Sheet] = []
    for following in sheets[page + 1 :]:
        own_cut = _find_cut(following.rows, following.width)
        if own_cut == following.width:
            own_cut = min(cut, _LIST_SHARE * following.width)
        end = 0 if after else _foot_end(following, own_cut)
        parts.append(divide(following.rows[:end], own_cut))
        if end < len(following.rows):
            after.append(replace(following, rows=following.rows[end:]))
    before = [*sheets[:page], replace(sheet, rows=sheet.rows[:start])]
    return before, join_columns(parts), after


def _find_place(sheets: list[Sheet], is_start: Callable[[Row, float], bool]) -> tuple[int, int] | None:
    """Return the last page and row that the foot can begin with."""
    for page in range(len(sheets) - 1, -1, -1):
        rows = sheets[page].rows
        for index in range(len(rows) - 1, -1, -1):
            if any(is_start(piece, sheets[page].width) for piece in rows[index].segments()):
                return page, index
    return None


def _is_recipients(piece: Row, width: float) -> bool:
    alone = len(piece.words) <= _MOST_WORDS
    return alone and piece.left < _LEFT_SHARE * width and resembles("".join(piece.words), "recipients", _ALIKE)


def _is_signature(piece: Row, width: float) -> bool:
    is_right = piece.left > _RIGHT_SHARE * width
    return is_right and page_pattern("signature").match(fold(piece.text)) is not None


def _find_cut(rows: tuple[Row, ...], width: float) -> float:
    """Return where the recipients and the signature part; the page's right edge when there is one column only."""
    pieces = [piece for row in rows for piece in row.segments()]
    best, widest = width, 0.0
    for edge in sorted({piece.left for piece in pieces if piece.left > _RIGHT_SHARE * width}):
        cut = edge - 1
        if sum(piece.left < cut < piece.right for piece in pieces) > _MOST_CROSSING * len(pieces):
            continue
        gap = edge - max((piece.right for piece in pieces if piece.right <= cut), default=0.0)
        if gap > widest:
            best, widest = edge - gap / 2, gap
    return best


def _climb(sheet: Sheet, start: int, cut: float) -> int:
    """Return the first row of the foot when the signature begins above the recipients."""
    while start and _is_above(sheet.rows[start - 1], sheet.rows[start], cut):
        start -= 1
    return start


def _is_above(row: Row, below: Row, cut: float) -> bool:
    near = below.centre - row.centre < _NEAR * max(row.height, below.height)
    return near and row.left > cut and row.text[:1].isupper()


def _foot_end(sheet: Sheet, cut: float) -> int:
    """Return the first row on a following page that is no longer in two columns, or begins an annex."""
    for index, row in enumerate(sheet.rows):
        if page_pattern("annex").match(fold(row.text)) or any(crosses(piece, cut) for piece in row.segments()):
            return index
    return len(sheet.rows)
