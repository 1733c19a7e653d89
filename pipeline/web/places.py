"""Where fields stand: boxes on the pictures of pages, and stretches of the text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.notice import Notice
from pipeline.web.fields import Field
from pipeline.web.painter import Sizes

_TURNED = re.compile(r"^page (\d+): (?:the print is )?turned by (90|180|270) degrees")
_AROUND = 1.5
"""Points that a box is drawn wider on every side than the words."""
_MOST_PAGES = 60
"""Pages that one page of the site shows at most."""


@dataclass(frozen=True, slots=True)
class Box:
    """A frame on a page, in percent of it; `id` names it in the page, where it is the first one of its field."""

    field: Field
    left: float
    top: float
    width: float
    height: float
    id: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's picture: how large, and what is framed on it."""

    number: int
    width: float
    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text; `fields` were read from it, the innermost last, and `begins` begin with it."""

    text: str
    fields: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


def turn_of(notice: Notice, page: int) -> int:
    """Return by how many degrees clockwise a page was turned to be read; boxes are on the turned page."""
    for warning in notice.source.warnings:
        if (found := _TURNED.match(warning)) and int(found[1]) == page:
            return int(found[2])
    return 0


def place_id(pointer: str, sort: str) -> str:
    """Return the name of where a field stands: the first box (``b``), or the beginning in the text (``t``)."""
    return sort + pointer.replace("/", "-")


def sheets_of(notice: Notice, sizes: Sizes, fields: Iterable[Field]) -> list[Sheet]:
    """Return the pages with the boxes of the fields on them."""
    known = [field for field in fields if field.evidence is not None and field.evidence.boxes]
    sheets = []
    for number, size in enumerate(sizes[:_MOST_PAGES], 1):
        width, height = size if turn_of(notice, number) in {0, 180} else (size[1], size[0])
        if width > 0 and height > 0:
            sheets.append(Sheet(number, width, height, tuple(_boxes(known, number, width, height))))
    return sheets


def _boxes(fields: Sequence[Field], page: int, width: float, height: float) -> list[Box]:
    """Return the boxes on one page, the largest first, so that those inside others are on top."""
    boxes = []
    for field in fields:
        for index, (number, left, top, right, bottom) in enumerate(field.evidence.boxes if field.evidence else ()):
            if number != page:
                continue
            across, down = right - left + 2 * _AROUND, bottom - top + 2 * _AROUND
            frame = (_share(left - _AROUND, width), _share(top - _AROUND, height))
            name = place_id(field.pointer, "b") if index == 0 else None
            boxes.append(Box(field, *frame, _share(across, width), _share(down, height), name))
    return sorted(boxes, key=lambda box: -box.width * box.height)


def _share(length: float, whole: float) -> float:
    return round(100 * length / whole, 3)


def pieces_of(text: str, fields: Iterable[Field]) -> list[Piece]:
    """Return the text cut wherever a field begins or ends."""
    spans = [
        (field.evidence.start, field.evidence.end, field)
        for field in fields
        if field.evidence is not None and field.evidence.start < field.evidence.end <= len(text)
    ]
    cuts = sorted({0, len(text), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    pieces = []
    for start, end in itertools.pairwise(cuts):
        inside = sorted((span for span in spans if span[0] <= start and end <= span[1]), key=lambda s: s[0] - s[1])
        begins = tuple(place_id(field.pointer, "t") for first, _, field in inside if first == start)
        pieces.append(Piece(text[start:end], tuple(field.id for _, _, field in inside), begins))
    return pieces
