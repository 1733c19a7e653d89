"""Tesseract as a program: the engine that every Linux distribution carries, with its Vietnamese model."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import pytesseract
from PIL.Image import Image

from pipeline.config import OcrSettings
from pipeline.document import Line
from pipeline.errors import MissingDependencyError, OcrError
from pipeline.ocr.modes import Mode, dots_per_inch
from pipeline.ocr.table import parse_table, table_lines

ADVICE = "install it with `apt-get install tesseract-ocr tesseract-ocr-vie`, or run chidao doctor"

SEGMENTATION: dict[Mode, int] = {Mode.PAGE: 3, Mode.COLUMN: 4, Mode.LINE: 7, Mode.DIGITS: 7}
"""Tesseract's modes of page segmentation."""
DIGITS = "0123456789"


def recognise_tesseract(settings: OcrSettings, image: Image, mode: Mode) -> tuple[Line, ...]:
    """Return the lines that Tesseract reads on a prepared picture, with boxes in its pixels."""
    _check_language(settings.language)
    options = f"--psm {SEGMENTATION[mode]} --dpi {dots_per_inch(image, settings)}"
    if mode is Mode.DIGITS:
        options += f" -c tessedit_char_whitelist={DIGITS}"
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "page.pgm")  # packing the picture would cost a fifth of the time of reading it
        image.save(bare)
        return tuple(table_lines(parse_table(_read(str(bare), options, settings))))


def _read(picture: str, options: str, settings: OcrSettings) -> str:
    try:
        table: str = pytesseract.image_to_data(
            picture, lang=settings.language, config=options, timeout=settings.timeout
        )
    except pytesseract.TesseractNotFoundError as error:
        raise MissingDependencyError("Tesseract is not installed", ADVICE) from error
    except pytesseract.TesseractError as error:
        raise OcrError(f"Tesseract failed: {error.message}", "run chidao doctor") from error
    except RuntimeError as error:  # pytesseract's word for a timeout
        raise OcrError(
            f"Tesseract took longer than {settings.timeout:g} seconds on a page",
            "raise the limit with --set ocr.timeout=N",
        ) from error
    return table


@functools.cache
def _check_language(language: str) -> None:
    """Make sure that Tesseract and the model are there."""
    try:
        known = pytesseract.get_languages()
    except pytesseract.TesseractNotFoundError as error:
        raise MissingDependencyError("Tesseract is not installed", ADVICE) from error
    if missing := set(language.split("+")) - set(known):
        raise MissingDependencyError(f"Tesseract lacks its model {', '.join(sorted(missing))}", ADVICE)
