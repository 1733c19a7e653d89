"""Zones: where a page is set in two columns, each is read alone.

An engine that takes the head or the foot for one column reads letters of two sizes on one line, and loses words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from pipeline.document import Box, Line, Word
from pipeline.ocr.modes import Mode, Read

_GAP = 2.5
"""Words on one line further apart than this many line heights stand in two columns."""
_STRIP = 0.8
"""Between columns a strip of paper at least this many line heights wide is free of ink."""
_SPECKS = 0.004
"""The share of a strip's height that may be speckle."""
_APART = 8.0
"""Lines in two columns further apart than this many line heights belong to two zones."""
_INNER = (0.2, 0.8)
_INK = 128
_FRAME = 20


@dataclass(frozen=True, slots=True)
class _Gap:
    """A wide gap within a line, and the line's place."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """The line's height."""
        return self.bottom - self.top


def read_columns(image: Image.Image, read: Read) -> tuple[Line, ...]:
    """Return the lines on `image`, read once whole and then again, each alone, where columns were taken for one."""
    lines = read(image, Mode.PAGE)
    ink = np.asarray(image.convert("L")) < _INK
    for zone in list(_zones(lines, ink)):
        parts = [_fit(part, ink) for part in zone]
        lines = _without(lines, parts)
        for part in parts:
            lines += read_part(image, part, read, Mode.COLUMN)
    return lines


def _zones(lines: tuple[Line, ...], ink: NDArray[np.bool_]) -> Iterator[tuple[Box, Box]]:
    """Yield the left and the right part of each zone in two columns."""
    height, width = ink.shape
    for group in _groups(lines, width):
        margin = max(gap.height for gap in group) / 2
        top, bottom = group[0].top - margin, max(gap.bottom for gap in group) + margin
        middle = (max(gap.left for gap in group) + min(gap.right for gap in group)) / 2
        below = (line.box[1] for line in lines if line.box and line.box[1] > bottom and _spans(line, middle))
        for end in (min(below, default=float(height)), bottom):
            cut = _find_cut(group, ink, top, end)
            if cut is not None:
                yield (0.0, top, cut, end), (cut, top, float(width), end)
                break


def _groups(lines: tuple[Line, ...], width: int) -> list[list[_Gap]]:
    """Return the lines with gaps, those near one another together."""
    gaps = sorted((gap for line in lines if (gap := _find_gap(line, width))), key=lambda gap: gap.top)
    groups: list[list[_Gap]] = []
    for gap in gaps:
        if groups and gap.top - groups[-1][-1].bottom < _APART * gap.height:
            groups[-1].append(gap)
        else:
            groups.append([gap])
    return groups


def _spans(line: Line, middle: float) -> bool:
    """Tell whether a line goes on over `middle` without a column's gap."""
    boxes = [word.box for word in line.words if word.box is not None]
    if not boxes or not boxes[0][0] < middle < boxes[-1][2]:
        return False
    before = max((box[2] for box in boxes if box[0] < middle), default=middle)
    after = min((box[0] for box in boxes if box[0] >= middle), default=middle)
    return after - before < _GAP * (boxes[0][3] - boxes[0][1])


def _find_gap(line: Line, width: int) -> _Gap | None:
    """Return the line's widest gap if it is a column's and not at the page's edge."""
    boxes = [word.box for word in line.words if word.box is not None]
    if len(boxes) < 2 or line.box is None:
        return None
    height = sorted(box[3] - box[1] for box in boxes)[len(boxes) // 2]
    left, right = max(((a[2], b[0]) for a, b in pairwise(boxes)), key=lambda gap: gap[1] - gap[0])
    inner = _INNER[0] * width < (left + right) / 2 < _INNER[1] * width
    return _Gap(left, right, line.box[1], line.box[3]) if inner and right - left > _GAP * height else None


def _find_cut(group: list[_Gap], ink: NDArray[np.bool_], top: float, bottom: float) -> float | None:
    """Return the middle of the widest strip without ink that runs down the zone through the group's gaps."""
    left = int(max(min(gap.left for gap in group), 0))
    right = int(min(max(gap.right for gap in group), ink.shape[1]))
    zone = ink[max(int(top), 0) : int(bottom), left:right]
    if not zone.size:
        return None
    free = zone.mean(axis=0) <= _SPECKS
    edges = np.flatnonzero(np.diff(np.concatenate(([0], free.astype(np.int8), [0]))))
    strips = [(int(b - a), int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    width, first, last = max(strips, default=(0, 0, 0))
    return left + (first + last) / 2 if width > _STRIP * max(gap.height for gap in group) else None


def _fit(part: Box, ink: NDArray[np.bool_]) -> Box:
    """Move a part's upper and lower edge outwards to where no letter is cut."""
    left, right = int(part[0]), int(part[2])
    printed = ink[:, left:right].mean(axis=1) > _SPECKS
    top, bottom = max(int(part[1]), 0), min(int(part[3]), len(printed))
    while top > 0 and printed[top]:
        top -= 1
    while bottom < len(printed) and printed[bottom - 1]:
        bottom += 1
    return (left, top, right, bottom)


def _without(lines: tuple[Line, ...], parts: list[Box]) -> tuple[Line, ...]:
    """Return the lines without the words that stand in one of the parts."""
    kept = (tuple(word for word in line.words if not any(_is_in(word, part) for part in parts)) for line in lines)
    return tuple(Line(words) for words in kept if words)


def _is_in(word: Word, part: Box) -> bool:
    if word.box is None:
        return False
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return part[0] <= x <= part[2] and part[1] <= y <= part[3]


def read_part(image: Image.Image, part: Box, read: Read, mode: Mode) -> tuple[Line, ...]:
    """Read one part of the page, framed with white, and put its words back in their places."""
    left, top, right, bottom = (int(edge) for edge in part)
    piece = ImageOps.expand(image.crop((left, top, right, bottom)), _FRAME, 255)
    piece.info["dpi"] = image.info.get("dpi", (300, 300))
    across, down = left - _FRAME, top - _FRAME
    return tuple(Line(tuple(_shift(word, across, down) for word in line.words)) for line in read(piece, mode))


def _shift(word: Word, across: float, down: float) -> Word:
    if word.box is None:
        return word
    left, top, right, bottom = word.box
    return Word(word.text, (left + across, top + down, right + across, bottom + down), word.confidence)
