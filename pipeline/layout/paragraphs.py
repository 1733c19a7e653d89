"""Paragraphs: printed lines mended by their indents, their length, their labels and their end marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from pipeline.layout.compose import Piece
from pipeline.layout.marks import begins_item, ends_sentence, runs_on
from pipeline.layout.rows import Row, Sheet

_INDENT = 8.0
_SAME = 5.0
_LONG = 0.5
"""Lines of at least this share of the page's width tell its margins."""
_ENOUGH = 5
_CENTRED = 12.0
_WELL_CENTRED = 60.0
_HAIR = 2.0
_MOST_FULL = 2
"""A title has at most this many full lines between its centred ones."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row of the body and how far it stands from the margins of its page."""

    row: Row
    from_left: float
    from_right: float


def row_pieces(rows: Iterable[Row]) -> list[Piece]:
    """Return each row of a head or signature as a paragraph of its own, in a new block."""
    return [Piece(row.printed(), starts_block=index == 0, centred=True) for index, row in enumerate(rows)]


def list_pieces(rows: tuple[Row, ...]) -> list[Piece]:
    """Return the recipients: an entry begins with its dash; OCR may miss that, then with the end mark before."""
    dashed = any(begins_item(row.words) for row in rows[1:])
    pieces: list[Piece] = []
    for index, row in enumerate(rows):
        missed = bool(pieces) and _is_recognised(row) and pieces[-1].text.endswith((";", "."))
        starts = index < 2 or begins_item(row.words) or not dashed or missed
        if starts:
            pieces.append(Piece(row.printed(), starts_block=index == 0))
        else:
            pieces[-1] = pieces[-1].extend(row.printed())
    return pieces


def _is_recognised(row: Row) -> bool:
    """Tell whether the row comes from OCR."""
    return any(item.word.confidence is not None for item in row.items)


def body_pieces(sheets: list[Sheet], *, titled: bool = False) -> list[Piece]:
    """Return the body's paragraphs; the centred lines of its title, if it has one, stay apart."""
    rows = _place(sheets)
    title = _title_length(rows) if titled else 0
    pieces: list[Piece] = []
    notes: list[Piece] = []
    first_row = True
    for index, placed in enumerate(rows):
        cell = placed.row.cell
        centred = index < title or (cell is None and _is_well_centred(placed))
        before = rows[index - 1] if index else None
        in_table = before is not None and (cell is not None or before.row.cell is not None)
        if before is None or centred or in_table or pieces[-1].centred or _starts(before, placed, first_row=first_row):
            pieces += notes
            notes = []
            next_cell = before is None or cell != before.row.cell
            pieces.append(Piece(placed.row.printed(), starts_block=next_cell, centred=centred))
            first_row = True
        else:
            pieces[-1] = pieces[-1].extend(placed.row.printed())
            first_row = False
        notes += _note_pieces(placed.row)
    return pieces + notes


def _note_pieces(row: Row) -> list[Piece]:
    """Return the footnotes marked on a row as one paragraph."""
    pieces: list[Piece] = []
    for note in row.notes:
        pieces[:] = [pieces[0].extend(note.printed())] if pieces else [Piece(note.printed())]
    return pieces


def _place(sheets: list[Sheet]) -> list[_Placed]:
    usual = _margins([row for sheet in sheets for row in sheet.rows], sheets)
    placed = []
    for sheet in sheets:
        left, right = _margins(list(sheet.rows), [sheet]) or usual or _outermost(sheet)
        placed += [_Placed(row, row.left - left, right - row.right) for row in sheet.rows]
    return placed


def _outermost(sheet: Sheet) -> tuple[float, float]:
    """Return the margins of a page with few lines: where the long ones begin and end."""
    long = [row for row in sheet.rows if row.right - row.left > _LONG * sheet.width]
    if not long:
        return 0.0, sheet.width
    return min(row.left for row in long), max(row.right for row in long)


def _margins(rows: list[Row], sheets: list[Sheet]) -> tuple[float, float] | None:
    """Return where long lines usually begin and end; None when there are too few of them."""
    long = [row for row in rows if row.right - row.left > _LONG * sheets[0].width]
    if len(long) < _ENOUGH:
        return None
    left = quantiles((row.left for row in long), n=10, method="inclusive")[1]
    right = quantiles((row.right for row in long), n=10, method="inclusive")[7]
    return left, right


def _title_length(rows: list[_Placed]) -> int:
    """Return how many rows from the first belong to the centred title."""
    length = 0
    for index, placed in enumerate(rows):
        if _is_centred(placed):
            length = index + 1
        elif not _is_full(placed) or index - length >= _MOST_FULL or begins_item(placed.row.words):
            break
    end = length
    while end < len(rows) and _is_symmetric(rows[end]):
        end += 1
    return end if _is_indented(rows[end : end + 1]) else length


def _is_full(placed: _Placed) -> bool:
    """Tell whether a line goes from margin to margin."""
    return max(placed.from_left, placed.from_right) <= _CENTRED


def _is_symmetric(placed: _Placed) -> bool:
    """Tell whether a full line keeps equal, if small, distances from both margins."""
    is_set_in = min(placed.from_left, placed.from_right) > _HAIR
    return is_set_in and abs(placed.from_left - placed.from_right) < _INDENT


def _is_indented(rows: list[_Placed]) -> bool:
    """Tell whether a paragraph plainly begins with the row."""
    return bool(rows) and rows[0].from_left > _CENTRED and rows[0].from_right < _INDENT


def _is_centred(placed: _Placed) -> bool:
    least, most = sorted((placed.from_left, placed.from_right))
    return least > _CENTRED and most - least < max(14.0, 0.25 * most)


def _is_well_centred(placed: _Placed) -> bool:
    """Tell whether a row far from the title is centred beyond chance."""
    return min(placed.from_left, placed.from_right) > _WELL_CENTRED and _is_centred(placed)


def _starts(before: _Placed, placed: _Placed, *, first_row: bool) -> bool:
    """Tell whether a paragraph begins with `placed`; `first_row` says that one began with `before`."""
    row = placed.row
    if begins_item(row.words) and placed.from_left <= _INDENT and not _leaves_room(before, row):
        return _closes(before.row.text) and not row.text.startswith("(")
    if begins_item(row.words):
        return True
    if _leaves_room(before, row):
        return not (placed.from_left < _INDENT and runs_on(before.row.text, row.text))
    if placed.from_left <= _INDENT or not ends_sentence(before.row.text):
        return False
    if first_row:
        hangs = begins_item(before.row.words) and placed.from_left > before.from_left + _SAME
        return not hangs and abs(placed.from_left - before.from_left) <= _SAME
    return placed.from_left > before.from_left + _SAME


def _closes(text: str) -> bool:
    """Tell whether a line's end could be a paragraph's, or the line is in brackets as a whole."""
    return ends_sentence(text) or (text.startswith("(") and text.endswith(")"))


def _leaves_room(before: _Placed, row: Row) -> bool:
    """Tell whether the first word of `row` would have fitted on the line before it."""
    first = row.items[0].box
    blank = 0.3 * row.height
    return before.from_right > first[2] - first[0] + blank + 0.25 * row.height
