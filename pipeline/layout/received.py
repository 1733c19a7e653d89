"""Received: the stamp of the office that a letter came to, with a number and a day that are not the letter's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.document import Line
from pipeline.language import fold
from pipeline.language.page import page_pattern
from pipeline.layout.marks import resembles
from pipeline.layout.rows import Row, join_rows

_TOP = 0.45
"""The stamp is put on this upper share of the first page, or into its margins."""
_LEFT_MARGIN, _RIGHT_MARGIN = 0.14, 0.93
_LINES = 2.2
"""Lines of one stamp lie at most this many line heights apart."""
_BESIDE = 4.0
"""What is written after an entry begins at most this many line heights from its end."""
_OUTDENT, _INDENT = 45.0, 60.0
"""How far, in points, entries may begin left of the heading, and right of its end."""
_SMALLER = 0.85
"""The name of the receiving office over a stamp is smaller than this share of the page's letters."""
_MOST_WORDS = 8
_MOST_WRITTEN = 4
_VALUE = re.compile(r"[\d\s./\-–…:]+[^\W\d_]?")
_GAP = 0.7
"""Pieces of a line this many line heights apart are looked at for themselves; a stamp may all but touch the print."""
_ANOTHER = 1.25
_FILLING = " .:…-_"


def without_received(units: Sequence[Row], size: tuple[float, float], *, alone: bool) -> list[Row]:
    """Return the pieces of lines on a page of that size but for those of the stamp.

    `alone` says that nothing but what was put over the page is among them: then all that stands close to the stamp's
    heading is the stamp.
    """
    pieces = [piece for row in join_rows(units) if row.cell is None for piece in _pieces(row)]
    stamp = [piece for piece in pieces if _is_heading(piece.text) and (alone or _may_be_stamped(piece, size))]
    if not stamp:
        return list(units)
    grown = -1
    while grown != len(stamp):
        grown = len(stamp)
        stamp += [piece for piece in pieces if piece not in stamp and _belongs(piece, stamp, alone=alone)]
    if not alone:
        stamp += [piece for piece in pieces if piece not in stamp and _is_office(piece, stamp[0], pieces)]
    dropped = {id(item) for piece in stamp for item in piece.items}
    kept = (Row(tuple(item for item in unit.items if id(item) not in dropped), cell=unit.cell) for unit in units)
    return [unit for unit in kept if unit.items]


def _pieces(row: Row) -> Iterator[Row]:
    """Yield the pieces of a line that stand apart or are printed in another size."""
    for segment in row.segments(_GAP):
        held = [segment.items[0]]
        for item in segment.items[1:]:
            if max(item.height, held[-1].height) > _ANOTHER * min(item.height, held[-1].height):
                yield Row(tuple(held))
                held = []
            held.append(item)
        yield Row(tuple(held))


def without_received_lines(lines: Iterable[Line]) -> list[Line]:
    """Return the lines of a format without fixed pages but for the stamp's: its heading and the entries after it."""
    kept: list[Line] = []
    seen: set[str] | None = None
    for line in lines:
        entry = _entry(line.text)
        if seen is None and _is_heading(line.text):
            seen = {_entry(_rest(line.text) or "") or ""}
        elif seen and entry is not None and entry not in seen:
            seen.add(entry)
        else:
            seen = seen and set()  # the stamp has ended, and there is one only
            kept.append(line)
    return kept


def _rest(text: str) -> str | None:
    """Return what follows the stamp's heading on its line, None where there is no such heading."""
    words = text.split()
    for length in (3, 2, 1):
        heading = " ".join(words[:length])
        if len(words) >= length and heading.isupper() and resembles(heading, "received", 90):
            return " ".join(words[length:]).strip(_FILLING)
    return None


def _is_heading(text: str) -> bool:
    rest = _rest(text)
    return rest is not None and (not rest or _entry(rest) is not None)


def _entry(text: str) -> str | None:
    """Return which entry of a stamp a line is; None for other lines, and for the letter's own number."""
    folded = fold(text)
    found = page_pattern("received_lines").match(folded)
    if found is None or len(text.split()) > _MOST_WORDS or page_pattern("own_symbol").search(folded):
        return None
    return found.group()


def _may_be_stamped(piece: Row, size: tuple[float, float]) -> bool:
    width, height = size
    in_margin = piece.right < _LEFT_MARGIN * width or piece.left > _RIGHT_MARGIN * width
    return in_margin or piece.box[3] < _TOP * height


def _belongs(piece: Row, stamp: Sequence[Row], *, alone: bool) -> bool:
    """Tell whether a piece is an entry close to what was found of the stamp, or what is written after one."""
    for line in stamp:
        height = max(piece.height, line.height)
        apart = abs(piece.centre - line.centre)
        if apart > _LINES * height or not line.left - _OUTDENT < piece.left < line.right + _INDENT:
            continue
        follows = apart < height / 2 and 0 <= piece.left - line.right < _BESIDE * height
        if alone or _entry(piece.text) is not None or (follows and _is_value(piece, line)):
            return True
    return False


def _is_value(piece: Row, entry: Row) -> bool:
    """Tell whether a piece is what was written after an entry: figures, or a few words behind its colon."""
    if page_pattern("own_symbol").search(fold(piece.text)):
        return False
    behind = entry.text.endswith(":") and len(piece.items) <= _MOST_WRITTEN
    return behind or _VALUE.fullmatch(piece.text) is not None


def _is_office(piece: Row, heading: Row, pieces: Sequence[Row]) -> bool:
    """Tell whether a piece is the receiving office's name: small, in capitals, right above the heading."""
    usual = sorted(other.height for other in pieces)[len(pieces) // 2]
    above = 0 < heading.centre - piece.centre < _LINES * heading.height
    over = min(piece.right, heading.right) - max(piece.left, heading.left) > 0
    return above and over and piece.text.isupper() and piece.height < _SMALLER * usual
