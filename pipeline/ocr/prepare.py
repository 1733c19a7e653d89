"""Preparing a page for OCR: seal out, background even, lines level, letters large enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.document import Box

Pixels = NDArray[np.uint8]

_COLOURED = 40
"""Pixels whose channels differ by more than this have a colour."""
_STAMP_WIDTH, _STAMP_GAP = 70.0, 6.0
"""A blue stamp or signature is wider than this, in points, and its strokes lie no further apart."""
_COARSE = 0.63
"""Pages below this share of the wanted resolution are enlarged."""
_FINE = 1.2
"""Pages above this many times the wanted resolution are reduced: Tesseract reads them no better, and takes longer."""
_MOST_ENLARGED = 4.0
_MOST_SKEW = 5.0
_LEAST_SKEW = 0.05
_BLANK_INK = 0.0002
_FAINTEST = 25
"""Ink is darker than the paper by more than this, however faded."""
_FADED = 90
"""Pages whose darkest ink is lighter than this are stretched to black."""
_INK = 150
_GREY_INK = 200
"""The same on a much reduced page, where letters are grey."""
_SIDEWAYS = 1.6
"""Rows of ink must be sharper down the page than across it by this, before the page is turned."""
_SPECK = 4.0
"""Specks are smaller than this square, in pixels at 300 dots per inch; the dot of an i is half as wide again."""
_SPECK_REACH = 6
_DIRTY = 60
"""A page with fewer specks is clean."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture ready for OCR, and the way back from its pixels to the page's points."""

    image: Image.Image
    back: NDArray[np.float64]
    scale: float

    def to_points(self, box: Box) -> Box:
        """Return the smallest upright box around `box` on the original page, in points."""
        left, top, right, bottom = box
        corners = np.array([[left, top, 1], [right, top, 1], [left, bottom, 1], [right, bottom, 1]])
        placed = corners @ self.back.T * self.scale
        (x0, y0), (x1, y1) = placed.min(axis=0), placed.max(axis=0)
        return (round(float(x0), 2), round(float(y0), 2), round(float(x1), 2), round(float(y1), 2))


def is_blank(picture: Image.Image) -> bool:
    """Tell whether hardly anything is printed on the page."""
    small = np.asarray(picture.reduce(4).convert("L"))
    return float((small < np.median(small) - _FAINTEST).mean()) < _BLANK_INK


def prepare(picture: Image.Image, page_width: float, dpi: int) -> Prepared:
    """Return `picture` as even grey text on white, level, at about `dpi`.

    `page_width` is the page's width in points; it tells the picture's resolution.
    """
    pixels = _reduce(np.asarray(picture.convert("RGB")), page_width, dpi)
    own_dpi = pixels.shape[1] / page_width * 72
    grey = darken(even_background(take_ink(pixels, own_dpi)))
    height, width = grey.shape
    factor = min(dpi / own_dpi, _MOST_ENLARGED) if own_dpi < _COARSE * dpi else 1.0
    angle = measure_skew(grey)
    turn = _turning(width, height, angle, factor)
    size = (math.ceil(width * factor), math.ceil(height * factor))
    if angle or factor != 1.0:
        grey = np.asarray(cv2.warpAffine(grey, turn[:2], size, flags=cv2.INTER_CUBIC, borderValue=255), dtype=np.uint8)
    image = Image.fromarray(remove_specks(grey, own_dpi * factor))
    image.info["dpi"] = (own_dpi * factor, own_dpi * factor)
    back: NDArray[np.float64] = np.linalg.inv(turn)[:2].astype(np.float64)
    return Prepared(image, back, page_width / width)


def _reduce(pixels: Pixels, page_width: float, dpi: int) -> Pixels:
    """Return the picture at `dpi` where it is much finer."""
    factor = dpi * page_width / 72 / pixels.shape[1]
    if factor >= 1 / _FINE:
        return pixels
    return np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def take_ink(pixels: Pixels, dpi: float) -> Pixels:
    """Return grey in which red seals and blue stamps are pale; pages without colour as they are.

    Red ink is pale in the red channel. Blue ink is taken out only where it makes a stamp or a signature: numbers and
    dates are often written in blue.
    """
    red, green, blue = cv2.split(pixels)
    brightest = cv2.max(cv2.max(red, green), blue)
    spread = cv2.subtract(brightest, cv2.min(cv2.min(red, green), blue))
    if np.count_nonzero(spread > _COLOURED) < 1e-4 * spread.size:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    is_blue = cv2.subtract(blue, cv2.max(red, green)) > _COLOURED
    return np.where(_stamps(is_blue, dpi), brightest, red).astype(np.uint8)


def _stamps(is_blue: NDArray[np.bool_], dpi: float) -> NDArray[np.bool_]:
    """Return where the page is covered by blue stamps."""
    reach = max(round(_STAMP_GAP * dpi / 72), 1)
    joined = cv2.dilate(is_blue.astype(np.uint8), np.ones((reach, reach), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    wide = stats[:, cv2.CC_STAT_WIDTH] > _STAMP_WIDTH * dpi / 72
    wide[0] = False
    return np.asarray(wide[labels], dtype=np.bool_)


def even_background(grey: Pixels) -> Pixels:
    """Divide by the paper's own brightness, so that shadows and tints become white."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(paper, 1), scale=255), dtype=np.uint8)


def darken(grey: Pixels) -> Pixels:
    """Stretch the contrast of a faded page, its paper's grain to white; others are left as they are."""
    counts = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel()
    paper = _percentile(counts, 0.5)
    grain = paper - _percentile(counts[: paper + 1], 0.5)
    ink = counts[: max(paper - max(2 * _FAINTEST, 8 * grain), 0)]
    black = _percentile(ink, 0.1) if ink.sum() >= _BLANK_INK * grey.size else 0
    if black <= _FADED:
        return grey
    white = max(paper - 2 * grain, black + 1)
    levels = np.clip((np.arange(256) - black) * (255 / (white - black)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(grey, levels), dtype=np.uint8)


def _percentile(counts: NDArray[Any], share: float) -> int:
    """Return the level below which `share` of what is counted lies."""
    return int(np.searchsorted(np.cumsum(counts), share * float(counts.sum())))


def remove_specks(grey: Pixels, dpi: float) -> Pixels:
    """Paint over the specks of a dirty page: what is smaller than any dot of a letter and stands near none."""
    ink = (grey < _INK).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    speck = stats[:, cv2.CC_STAT_AREA] <= (_SPECK * dpi / 300) ** 2
    if int(speck.sum()) < _DIRTY:
        return grey
    reach = round(_SPECK_REACH * dpi / 300) * 2 + 1
    near = cv2.dilate((ink & ~speck[labels]).astype(np.uint8), np.ones((reach, reach), np.uint8))
    alone = speck.copy()
    alone[labels[near > 0]] = False
    gone = cv2.dilate(alone[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    cleaned = grey.copy()
    cleaned[gone] = 255
    return cleaned


def is_sideways(picture: Image.Image) -> bool:
    """Tell whether lines of text run up or down the page."""
    shrink = max(max(picture.size) // 600, 1)
    small = np.asarray(picture.reduce(shrink).convert("L"))
    ink = (even_background(small) < _GREY_INK).astype(np.float32)
    across, down = (_sharpest(lines) for lines in (ink, np.ascontiguousarray(ink.T)))
    return down > _SIDEWAYS * across


def _sharpest(ink: NDArray[np.float32]) -> float:
    """Return how sharp rows of ink are, at whatever angle they are sharpest."""
    return max(_sharpness(ink, angle) for angle in np.arange(-_MOST_SKEW, _MOST_SKEW + 0.5, 1.0))


def measure_skew(grey: Pixels) -> float:
    """Return the angle in degrees by which the text leans; rows of ink are sharpest when it is undone."""
    step = max(round(grey.shape[1] / 800), 1)
    ink = (cv2.resize(grey, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA) < 160).astype(np.float32)
    best = 0.0
    for reach, stride, shrink in ((_MOST_SKEW, 0.5, 2), (0.5, 0.1, 1), (0.08, 0.02, 1)):
        angles = best + np.arange(-reach, reach + stride / 2, stride)
        seen = cv2.resize(ink, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        best = float(max(angles, key=lambda angle: _sharpness(seen, float(angle))))
    return best if abs(best) >= _LEAST_SKEW else 0.0


def _sharpness(ink: NDArray[Any], angle: float) -> float:
    """Return how strongly neighbouring rows differ once the page is turned by `angle`; a shear is enough."""
    height, width = ink.shape
    shear = np.array([[1, 0, 0], [-math.tan(math.radians(angle)), 1, math.tan(math.radians(angle)) * width / 2]])
    rows = cv2.warpAffine(ink, shear, (width, height)).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def _turning(width: int, height: int, angle: float, factor: float) -> NDArray[np.float64]:
    """Return the 3x3 matrix that levels the page about its centre and enlarges it."""
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), [0, 0, 1]])
    grow = np.diag([factor, factor, 1.0])
    return np.asarray(grow @ turn, dtype=np.float64)
