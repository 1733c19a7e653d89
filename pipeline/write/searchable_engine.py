"""The OCR engine that OCRmyPDF is given: it reads nothing, it hands over the words that chidao has read.

OCRmyPDF imports this module by name and asks `get_ocr_engine` for the engine.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from ocrmypdf import hookimpl
from ocrmypdf.hocrtransform import BoundingBox, OcrClass, OcrElement
from ocrmypdf.pluginspec import OcrEngine, OrientationConfidence
from PIL import Image

from pipeline.document import Box
from pipeline.write.sidecars import Sheet, line_box

_busy = threading.Lock()
_sheets: dict[int, Sheet] = {}
"""The pages of the one document that is being written, by number; threads of OCRmyPDF look them up."""

_SURE = 100.0
_VERSION = metadata.version("chidao")


@contextmanager
def handing_over(sheets: tuple[Sheet, ...]) -> Iterator[None]:
    """Let the engine hand over these pages, one document at a time."""
    with _busy:
        _sheets.update({sheet.number: sheet for sheet in sheets})
        try:
            yield
        finally:
            _sheets.clear()


class ReadyWords(OcrEngine):
    """Hands over words that are read already."""

    @staticmethod
    def version() -> str:
        """Return chidao's version."""
        return _VERSION

    @staticmethod
    def creator_tag(options: Any) -> str:  # noqa: ARG004 - the plugin's interface
        """Name the program that read the words."""
        return f"chidao {_VERSION}"

    def __str__(self) -> str:
        """Name the engine."""
        return f"chidao {_VERSION}"

    @staticmethod
    def languages(options: Any) -> set[str]:  # noqa: ARG004
        """Return the language of the words."""
        return {"vie"}

    @staticmethod
    def get_orientation(input_file: Path, options: Any) -> OrientationConfidence:  # noqa: ARG004
        """Say how the page lies; the page's number leads the name of every file that OCRmyPDF makes of it."""
        found = re.match(r"\d+", Path(input_file).name)
        sheet = _sheets.get(int(found.group())) if found else None
        turned = sheet.turned if sheet else 0
        counterclockwise = (360 - turned) % 360
        return OrientationConfidence(angle=counterclockwise, confidence=_SURE if turned else 0.0)

    @staticmethod
    def supports_generate_ocr() -> bool:
        """Say that words are handed over as they are, not by way of hOCR."""
        return True

    @staticmethod
    def generate_ocr(input_file: Path, options: Any, page_number: int = 0) -> tuple[OcrElement, str]:  # noqa: ARG004
        """Return the page's lines and words in reading order, and its text."""
        with Image.open(input_file) as image:
            width, height = image.size
            dpi = float(image.info.get("dpi", (300.0,))[0])
        sheet = _sheets.get(page_number + 1)
        page = OcrElement(
            ocr_class=OcrClass.PAGE, bbox=BoundingBox(0, 0, width, height), dpi=dpi, page_number=page_number
        )
        if sheet is None or not sheet.scanned or not sheet.lines:
            return page, ""
        page.children = [_paragraph(sheet, width / sheet.width, height / sheet.height)]
        return page, sheet.text

    @staticmethod
    def generate_hocr(input_file: Path, output_hocr: Path, output_text: Path, options: Any) -> None:
        """Never called: `generate_ocr` is."""
        raise NotImplementedError

    @staticmethod
    def generate_pdf(input_file: Path, output_pdf: Path, output_text: Path, options: Any) -> None:
        """Never called: `generate_ocr` is."""
        raise NotImplementedError


def _paragraph(sheet: Sheet, across: float, down: float) -> OcrElement:
    """Return all lines of a page, in pixels."""

    def place(box: Box) -> BoundingBox:
        return BoundingBox(box[0] * across, box[1] * down, box[2] * across, box[3] * down)

    lines = [
        OcrElement(
            ocr_class=OcrClass.LINE,
            bbox=place(line_box(line)),
            children=[
                OcrElement(ocr_class=OcrClass.WORD, bbox=place(word.box), text=word.text, confidence=word.confidence)
                for word in line
                if word.box is not None
            ],
        )
        for line in sheet.lines
    ]
    return OcrElement(
        ocr_class=OcrClass.PARAGRAPH,
        bbox=BoundingBox(0, 0, sheet.width * across, sheet.height * down),
        language="vie",
        children=lines,
    )


@hookimpl
def get_ocr_engine(options: Any) -> OcrEngine:  # noqa: ARG001
    """Give OCRmyPDF the engine."""
    return ReadyWords()
