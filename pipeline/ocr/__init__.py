"""OCR: pages without usable text get words with boxes and confidence from one of the engines."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from pipeline.config import OcrSettings
from pipeline.document import Box, Line, Page, Word
from pipeline.errors import ConfigError
from pipeline.ocr.inprocess import can_read, recognise_in_process
from pipeline.ocr.modes import Engine, Mode
from pipeline.ocr.prepare import is_blank, prepare
from pipeline.ocr.tesseract import recognise_tesseract
from pipeline.ocr.zones import read_columns

ENGINES: dict[str, Engine] = {"tesserocr": recognise_in_process, "tesseract": recognise_tesseract}
"""Name -> engine; a new one is one function and one line here."""

# Tesseract's own threads make single pages slower and share the cores badly with other pages.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

_drawing = threading.Lock()
"""pdfium draws one page at a time."""

__all__ = ["ENGINES", "Engine", "Mode", "choose_engine", "recognise"]


def recognise(pages: tuple[Page, ...], settings: OcrSettings) -> tuple[Page, ...]:
    """Return `pages` with text on those that wait for OCR; the others are left as they are.

    Pages are spread over the cores, and each worker has one page in hand at a time.
    """
    waiting = [page for page in pages if page.picture and not page.lines]
    if not waiting:
        return pages
    engine = choose_engine(settings)
    workers = min(settings.workers or os.cpu_count() or 1, len(waiting))
    with ThreadPoolExecutor(workers) as pool:
        read = dict(
            zip(map(id, waiting), pool.map(lambda page: _recognise_page(page, engine, settings), waiting), strict=True)
        )
    return tuple(read.get(id(page), page) for page in pages)


def choose_engine(settings: OcrSettings) -> Engine:
    """Return the engine that `settings` name, or the fastest that is installed."""
    name = settings.engine
    if name == "auto":
        name = "tesserocr" if can_read(settings.language) else "tesseract"
    if name not in ENGINES:
        raise ConfigError(f"there is no OCR engine {name}", f"choose one of auto, {', '.join(ENGINES)}")
    return ENGINES[name]


def _recognise_page(page: Page, engine: Engine, settings: OcrSettings) -> Page:
    if page.picture is None or page.width is None or page.height is None:
        return page
    with _drawing:
        picture = page.picture(settings.dpi)
    if is_blank(picture):
        return replace(page, origin="ocr", warnings=(*page.warnings, f"page {page.number}: blank"))
    prepared = prepare(picture, page.width, settings.dpi)
    lines = read_columns(prepared.image, partial(engine, settings))
    placed = tuple(_place_line(line, prepared.to_points) for line in lines)
    warnings = page.warnings if placed else (*page.warnings, f"page {page.number}: OCR found no text")
    return replace(page, lines=placed, origin="ocr", warnings=warnings)


def _place_line(line: Line, to_points: Callable[[Box], Box]) -> Line:
    """Return the line with its boxes on the page as it was, in points."""
    words = (Word(w.text, to_points(w.box) if w.box else None, w.confidence) for w in line.words)
    return Line(tuple(words))
