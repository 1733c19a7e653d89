"""OCR: pages without usable text get words with boxes and confidence from one of the engines."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import cv2

from pipeline.config import OcrSettings
from pipeline.document import Page
from pipeline.errors import ConfigError
from pipeline.ocr.calibrate import calibrate
from pipeline.ocr.capitals import mend_case
from pipeline.ocr.correct import correct
from pipeline.ocr.digits import mend_digits
from pipeline.ocr.inprocess import can_read, recognise_in_process
from pipeline.ocr.labels import mend_labels
from pipeline.ocr.modes import Engine, Mode
from pipeline.ocr.page import recognise_page
from pipeline.ocr.signs import mend_signs
from pipeline.ocr.tesseract import recognise_tesseract
from pipeline.ocr.voices import VOICES, Voice, choose_voice

ENGINES: dict[str, Engine] = {"tesserocr": recognise_in_process, "tesseract": recognise_tesseract}
"""Name -> engine; a new one is one function and one line here."""

PROGRESS = logging.getLogger("pipeline.ocr.progress")
"""Logs each page that has been read, for those who wait."""

# Tesseract's own threads make single pages slower and share the cores badly with other pages.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")
cv2.setNumThreads(1)

__all__ = [
    "ENGINES",
    "PROGRESS",
    "VOICES",
    "Engine",
    "Mode",
    "Voice",
    "choose_engine",
    "choose_voice",
    "mend_pages",
    "recognise",
]


def recognise(pages: tuple[Page, ...], settings: OcrSettings) -> tuple[Page, ...]:
    """Return `pages` with text on those that wait for OCR; the others are left as they are.

    Pages are spread over the cores, and each worker has one page in hand at a time.
    """
    waiting = [page for page in pages if page.picture and not page.lines]
    if not waiting:
        return pages
    read, voice = partial(choose_engine(settings), settings), choose_voice(settings)
    workers = min(settings.workers or os.cpu_count() or 1, len(waiting))
    with ThreadPoolExecutor(workers) as pool:
        found = list(_told(pool.map(lambda page: recognise_page(page, read, settings, voice), waiting), len(waiting)))
    mended = dict(zip(map(id, waiting), map(_calibrate_page, mend_pages(found)), strict=True))
    return tuple(mended.get(id(page), page) for page in pages)


def _told(pages: Iterable[Page], count: int) -> Iterator[Page]:
    """Pass pages on, and log each as it is done; whoever shows progress listens to `PROGRESS`."""
    for done, page in enumerate(pages, 1):
        PROGRESS.info("page %d of %d", done, count)
        yield page


def mend_pages(pages: Sequence[Page]) -> list[Page]:
    """Return one document's recognised pages with misread labels, digits, case and marks set right where proved."""
    lines = mend_labels([mend_signs(line) for page in pages for line in page.lines])
    rest = iter(mend_case(replace(line, words=tuple(map(mend_digits, line.words)))) for line in lines)
    corrected = correct([tuple(next(rest) for _ in page.lines) for page in pages])
    return [replace(page, lines=lines) for page, lines in zip(pages, corrected, strict=True)]


def _calibrate_page(page: Page) -> Page:
    return replace(page, lines=tuple(replace(line, words=tuple(map(calibrate, line.words))) for line in page.lines))


def choose_engine(settings: OcrSettings) -> Engine:
    """Return the engine that `settings` name, or the fastest that is installed."""
    name = settings.engine
    if name == "auto":
        name = "tesserocr" if can_read(settings.language) else "tesseract"
    if name not in ENGINES:
        raise ConfigError(f"there is no OCR engine {name}", f"choose one of auto, {', '.join(ENGINES)}")
    return ENGINES[name]
