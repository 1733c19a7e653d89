"""Tesseract: the engine that every Linux distribution carries, with its Vietnamese model."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytesseract
from PIL.Image import Image

from pipeline.config import OcrSettings
from pipeline.document import Line, Word
from pipeline.errors import MissingDependencyError, OcrError
from pipeline.language import clean

_ADVICE = "install it with `apt-get install tesseract-ocr tesseract-ocr-vie`, or run chidao doctor"
_WHOLE_PAGE, _ONE_COLUMN = 3, 4
"""Tesseract's modes of page segmentation."""
_DOUBTFUL = 0.3
"""Words of signs only are speckle when Tesseract itself is less sure of them than this."""

_EM_DASH, _EN_DASH = "\u2014", "\u2013"
"""Vietnamese offices print the shorter dash; Tesseract reads either as the longer."""

# Tesseract's own threads make single pages slower and share the cores badly with other processes.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")


def recognise_tesseract(settings: OcrSettings, image: Image, one_column: bool) -> tuple[Line, ...]:
    """Return the lines that Tesseract reads on a prepared picture, with boxes in its pixels."""
    _check_language(settings.language)
    dpi = round(image.info.get("dpi", (settings.dpi,))[0])
    try:
        table: dict[str, list[Any]] = pytesseract.image_to_data(
            image,
            lang=settings.language,
            config=f"--psm {_ONE_COLUMN if one_column else _WHOLE_PAGE} --dpi {min(max(dpi, 70), 2400)}",
            timeout=settings.timeout,
            output_type=pytesseract.Output.DICT,
        )
    except pytesseract.TesseractNotFoundError as error:
        raise MissingDependencyError("Tesseract is not installed", _ADVICE) from error
    except pytesseract.TesseractError as error:
        raise OcrError(f"Tesseract failed: {error.message}", "run chidao doctor") from error
    except RuntimeError as error:  # pytesseract's word for a timeout
        raise OcrError(
            f"Tesseract took longer than {settings.timeout:g} seconds on a page", "raise the limit ocr.timeout"
        ) from error
    return tuple(_lines(table))


@functools.cache
def _check_language(language: str) -> None:
    """Make sure that Tesseract and the model are there."""
    try:
        known = pytesseract.get_languages()
    except pytesseract.TesseractNotFoundError as error:
        raise MissingDependencyError("Tesseract is not installed", _ADVICE) from error
    if missing := set(language.split("+")) - set(known):
        raise MissingDependencyError(f"Tesseract lacks its model {', '.join(sorted(missing))}", _ADVICE)


def _lines(table: dict[str, list[Any]]) -> Iterator[Line]:
    """Group the rows of Tesseract's table into lines."""
    places = zip(table["block_num"], table["par_num"], table["line_num"], strict=True)
    rows = enumerate(places)
    for _, group in groupby(rows, key=lambda row: row[1]):
        words = tuple(word for index, _ in group for word in _words(table, index))
        if words:
            yield Line(words)


def _words(table: dict[str, list[Any]], index: int) -> Iterator[Word]:
    """Return the words of one row: none for layout rows and speckle."""
    confidence = float(table["conf"][index]) / 100
    texts = clean(str(table["text"][index])).replace(_EM_DASH, _EN_DASH).split()
    if confidence < 0 or (confidence < _DOUBTFUL and not any(c.isalnum() for text in texts for c in text)):
        return
    left, top = float(table["left"][index]), float(table["top"][index])
    box = (left, top, left + float(table["width"][index]), top + float(table["height"][index]))
    for text in texts:
        yield Word(text, box, round(confidence, 4))
