"""One page: drawn, set upright, prepared, read, judged, and read again only where it was read poorly."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image

from pipeline.config import OcrSettings
from pipeline.document import Box, Line, Page
from pipeline.ocr.digits import read_blanks
from pipeline.ocr.judge import POOR, quality, worth
from pipeline.ocr.modes import Read
from pipeline.ocr.points import tell_points
from pipeline.ocr.prepare import Pixels, is_blank, is_sideways, prepare
from pipeline.ocr.ruled import find_cells, without_strokes
from pipeline.ocr.torn import join_torn
from pipeline.ocr.voices import Voice, hear
from pipeline.ocr.zones import read_columns

_drawing = threading.Lock()
"""pdfium draws one page at a time."""

_UPSIDE_DOWN = 0.5
"""Below this quality a page may stand on its head."""
_SHORT = 40
"""Letters that a page must have to be judged at all."""
_BETTER = 1.02


def _without_noise(grey: Pixels) -> Pixels:
    return np.asarray(cv2.medianBlur(grey, 3), dtype=np.uint8)


def _black_and_white(grey: Pixels) -> Pixels:
    return np.asarray(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], dtype=np.uint8)


def _sharpened(grey: Pixels) -> Pixels:
    soft = cv2.GaussianBlur(grey, (0, 0), 3)
    return np.asarray(cv2.addWeighted(grey, 2.0, soft, -1.0, 0), dtype=np.uint8)


OTHER_PREPARATIONS: tuple[Callable[[Pixels], Pixels], ...] = (_without_noise, _black_and_white, _sharpened)
"""What is tried on pages that were read poorly: each cures one ill and harms pages that do not have it."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A page as read in one way: its quarter turns, its lines, the picture they are of, and the way back."""

    turns: int
    lines: tuple[Line, ...]
    image: Image.Image
    to_points: Callable[[Box], Box]


def recognise_page(page: Page, read: Read, settings: OcrSettings, voice: Voice | None = None) -> Page:
    """Return the page with the lines that OCR finds on it; boxes are on the page as it is turned for reading.

    `voice` is a second recogniser that is asked for the doubtful words.
    """
    if page.picture is None or page.width is None or page.height is None:
        return page
    with _drawing:
        picture = page.picture(settings.dpi)
    if is_blank(picture):
        return replace(page, origin="ocr", warnings=(*page.warnings, f"page {page.number}: blank"))
    reading = _read(picture, page, read, settings)
    lines, warnings = join_torn(reading.lines, reading.image, read), page.warnings
    lines = tell_points(lines, reading.image)
    cells = find_cells(np.asarray(reading.image.convert("L")))
    lines = without_strokes(lines, cells)
    if page.number == 1:
        lines, unreadable = read_blanks(lines, reading.image, read)
        warnings += unreadable
    if voice is not None:
        lines = hear(lines, reading.image, voice)
    if reading.turns:
        warnings += (f"page {page.number}: turned by {90 * reading.turns} degrees for reading",)
    if not lines:
        warnings += (f"page {page.number}: OCR found no text",)
    size = (page.height, page.width) if reading.turns % 2 else (page.width, page.height)
    placed = tuple(_place(line, reading.to_points) for line in lines)
    return replace(
        page,
        lines=placed,
        origin="ocr",
        warnings=warnings,
        width=size[0],
        height=size[1],
        turned=90 * reading.turns,
        cells=tuple(map(reading.to_points, cells)),
    )


def _read(picture: Image.Image, page: Page, read: Read, settings: OcrSettings) -> _Reading:
    """Read the page upright, and in other ways too where that gives a poor text."""
    ways = (1, 3, 0) if is_sideways(picture) else (0, 2)
    best = _read_turned(picture, ways[0], page, read, settings)
    if _is_poor(best, _UPSIDE_DOWN) or (best.turns and _is_short(best)) or not best.lines:
        others = [_read_turned(picture, turns, page, read, settings) for turns in ways[1:]]
        for other in others:  # Tesseract reads lines that run up the page too, nearly as well
            best = other if _worth(other) > _BETTER * _worth(best) else best
    if not best.lines:
        return replace(best, turns=0)  # nothing says how it stands
    if _is_poor(best, POOR):
        best = _read_otherwise(best, read)
    return best


def _worth(reading: _Reading) -> float:
    return worth(reading.lines)


def _is_poor(reading: _Reading, limit: float) -> bool:
    return not _is_short(reading) and quality(reading.lines) < limit


def _is_short(reading: _Reading) -> bool:
    return sum(c.isalpha() for line in reading.lines for word in line.words for c in word.text) < _SHORT


def _read_turned(picture: Image.Image, turns: int, page: Page, read: Read, settings: OcrSettings) -> _Reading:
    turned = picture.rotate(-90 * turns, expand=True) if turns else picture
    width = page.height if turns % 2 else page.width
    prepared = prepare(turned, width or 595.0, settings.dpi)
    return _Reading(turns, read_columns(prepared.image, read), prepared.image, prepared.to_points)


def _read_otherwise(reading: _Reading, read: Read) -> _Reading:
    """Return the best of several readings; another one must be clearly better than the first."""
    best, most = reading, _BETTER * _worth(reading)
    for change in OTHER_PREPARATIONS:
        image = Image.fromarray(change(np.asarray(reading.image)))
        image.info["dpi"] = reading.image.info["dpi"]
        other = replace(reading, lines=read_columns(image, read), image=image)
        if _worth(other) > most:
            best, most = other, _worth(other)
    return best


def _place(line: Line, to_points: Callable[[Box], Box]) -> Line:
    """Return the line with its boxes in points."""
    return replace(line, words=tuple(replace(w, box=to_points(w.box)) if w.box else w for w in line.words))
