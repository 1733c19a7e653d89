"""OCR: pages without usable text get words with boxes and confidence from one of the engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PIL.Image import Image

from pipeline.config import OcrSettings
from pipeline.document import Box, Line, Page, Word
from pipeline.ocr.prepare import is_blank, prepare
from pipeline.ocr.tesseract import recognise_tesseract
from pipeline.ocr.zones import read_columns

Engine = Callable[[OcrSettings, Image, bool], tuple[Line, ...]]
"""Reads a prepared picture, whole or of one column only; boxes are in its pixels."""

ENGINES: dict[str, Engine] = {"tesseract": recognise_tesseract}
"""Name -> engine."""

_ENGINE = "tesseract"

__all__ = ["ENGINES", "Engine", "recognise"]


def recognise(pages: tuple[Page, ...], settings: OcrSettings) -> tuple[Page, ...]:
    """Return `pages` with text on those that wait for OCR; the others are left as they are."""
    return tuple(_recognise_page(page, settings) if page.picture and not page.lines else page for page in pages)


def _recognise_page(page: Page, settings: OcrSettings) -> Page:
    if page.picture is None or page.width is None or page.height is None:
        return page
    picture = page.picture(settings.dpi)
    if is_blank(picture):
        return replace(page, origin="ocr", warnings=(*page.warnings, f"page {page.number}: blank"))
    prepared = prepare(picture, page.width, settings.dpi)
    lines = read_columns(prepared.image, partial(ENGINES[_ENGINE], settings))
    placed = tuple(_place_line(line, prepared.to_points) for line in lines)
    warnings = page.warnings if placed else (*page.warnings, f"page {page.number}: OCR found no text")
    return replace(page, lines=placed, origin="ocr", warnings=warnings)


def _place_line(line: Line, to_points: Callable[[Box], Box]) -> Line:
    """Return the line with its boxes on the page as it was, in points."""
    words = (Word(w.text, to_points(w.box) if w.box else None, w.confidence) for w in line.words)
    return Line(tuple(words))
