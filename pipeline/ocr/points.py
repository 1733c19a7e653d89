"""Points: a colon and a semicolon at a word's end are told apart by their ink, as engines take one for the other.

Of a colon both blobs are dots; of a semicolon the lower one is clearly higher. What is neither stays as it was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image

from pipeline.document import Box, Line, Word
from pipeline.ocr.prepare import Pixels

_POINTS = (":", ";")
_INK = 150
_USUAL_DPI = 220.0
_BELOW = 0.03
"""A comma may hang out of its word's box by so much of an inch."""
_BESIDE = 1
_REACH = 0.045
"""The last mark begins within this much of an inch from the word's end."""
_SPECK = 4
"""Fewer pixels are no blob."""
_COMMA = 1.7
"""A comma is this many times as high as the dot over it."""
_DOT = 1.34
"""A dot is less than this many times as high and as large as the dot over it."""
_LEAST_DOT = 4
"""Dots of fewer pixels in height may have lost a comma's tail."""
_WIDEST = 2.0
_APART = (0.8, 4.0)
"""Between the blobs is paper, so many times the height of the upper one."""


@dataclass(frozen=True, slots=True)
class _Blob:
    """Ink that hangs together."""

    left: int
    top: int
    width: int
    height: int
    size: int

    @property
    def right(self) -> int:
        """The first column behind the blob."""
        return self.left + self.width


def tell_points(lines: tuple[Line, ...], image: Image.Image) -> tuple[Line, ...]:
    """Return the lines, whose boxes are in pixels of `image`, with the colons and semicolons that its ink shows."""
    grey = np.asarray(image.convert("L"))
    dpi: float = image.info.get("dpi", (_USUAL_DPI,))[0]
    return tuple(replace(line, words=tuple(_tell(word, grey, dpi) for word in line.words)) for line in lines)


def _tell(word: Word, grey: Pixels, dpi: float) -> Word:
    if word.box is None or not word.text.endswith(_POINTS) or len(word.text) < 2:
        return word
    point = _judge(_last_blobs(grey, word.box, dpi))
    if point is None or word.text.endswith(point):
        return word
    return replace(word, text=word.text[:-1] + point, read_as=word.read_as or word.text)


def _last_blobs(grey: Pixels, box: Box, dpi: float) -> list[_Blob]:
    """Return the blobs at a word's end, from above to below."""
    left, top, right, bottom = (int(edge) for edge in box)
    piece = grey[max(top, 0) : bottom + round(_BELOW * dpi), max(left, 0) : right + _BESIDE]
    blobs = list(_blobs(piece))
    end = max((blob.right for blob in blobs), default=0)
    return sorted((blob for blob in blobs if blob.left >= end - _REACH * dpi), key=lambda blob: blob.top)


def _blobs(piece: Pixels) -> Iterator[_Blob]:
    if piece.size:
        _, _, found, _ = cv2.connectedComponentsWithStats((piece < _INK).astype(np.uint8), connectivity=8)
        yield from (_Blob(*map(int, row)) for row in found[1:] if row[4] >= _SPECK)


def _judge(blobs: list[_Blob]) -> str | None:
    """Return the point that two blobs make; None where it is not plain."""
    if len(blobs) != 2:
        return None
    upper, lower = blobs
    gap = lower.top - upper.top - upper.height
    if not _APART[0] * upper.height <= gap <= _APART[1] * upper.height:
        return None
    if min(upper.right, lower.right) <= max(upper.left, lower.left) or lower.width > _WIDEST * upper.width:
        return None
    higher, larger = lower.height / upper.height, lower.size / upper.size
    if higher >= _COMMA and larger > _DOT:
        return ";"
    if higher < _DOT and larger < _DOT and upper.height >= _LEAST_DOT:
        return ":"
    return None
