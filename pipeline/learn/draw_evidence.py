"""Shows where values were read: ``python -m pipeline.learn.draw_evidence FILE OUT_DIR``.

A development tool, for checking boxes by eye: one PNG a page, a frame around each piece of evidence, and the JSON
Pointer of the value beside it.
"""

from __future__ import annotations

import argparse
import io
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw

from pipeline import process
from pipeline.config import Settings
from pipeline.document import Page, Source
from pipeline.errors import EXIT_OK, PipelineError, UnsupportedFileError
from pipeline.notice import EvidenceBox, Notice
from pipeline.read import open_source, read_pages
from pipeline.read.kinds import PDF
from pipeline.read.paper import draw_page
from pipeline.write import make_folder, write_bytes

log = logging.getLogger(__name__)

DPI = 150
_COLOURS = {
    "header": "#1f77b4",
    "meeting": "#2ca02c",
    "assessment": "#9467bd",
    "directives": "#d62728",
    "recipients": "#8c564b",
    "signature": "#e377c2",
    "legal_references": "#ff7f0e",
}


def draw_evidence(path: Path, settings: Settings) -> list[Image.Image]:
    """Return the pages of a file as pictures, with a notice's evidence drawn on them."""
    source = open_source(path, settings.read)
    notice = process.extract(path, settings)
    return [
        draw_boxes(_picture(source, page, settings), page, _boxes_on(notice, page.number or 1))
        for page in read_pages(source, settings.read)
    ]


def draw_boxes(picture: Image.Image, page: Page, boxes: Sequence[tuple[str, EvidenceBox]]) -> Image.Image:
    """Return a page's picture with a frame and a label for each box, which is in points."""
    drawn = picture.convert("RGB")
    draw = ImageDraw.Draw(drawn)
    scale = drawn.width / (page.width or drawn.width)
    for pointer, (_, left, top, right, bottom) in boxes:
        colour = ImageColor.getrgb(_COLOURS.get(pointer.split("/")[1], "#7f7f7f"))
        draw.rectangle((left * scale, top * scale, right * scale, bottom * scale), outline=colour, width=2)
        draw.text((left * scale, top * scale), pointer, fill=colour, anchor="ld")
    return drawn


def main(argv: Sequence[str] | None = None) -> int:
    """Write ``<name>-<page>.png`` for each page."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.learn.draw_evidence", description="Draw evidence boxes.")
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        make_folder(options.out)
        for number, picture in enumerate(draw_evidence(options.file, Settings()), 1):
            target = options.out / f"{options.file.stem}-{number}.png"
            write_bytes(target, _png(picture))
            log.info("%s", target)
    except PipelineError as error:
        log.error("%s", error)  # noqa: TRY400 - it says what to do; a traceback would not
        return error.exit_code
    return EXIT_OK


def _boxes_on(notice: Notice, number: int) -> list[tuple[str, EvidenceBox]]:
    return [
        (pointer, box) for pointer, evidence in notice.evidence.items() for box in evidence.boxes if box[0] == number
    ]


def _picture(source: Source, page: Page, settings: Settings) -> Image.Image:
    """Draw a page: those that wait for OCR know how, and a PDF's others are drawn here."""
    if page.picture is not None:
        return page.picture(DPI)
    if source.media_type != PDF or page.number is None:
        raise UnsupportedFileError(f"{source.file_name} has no fixed pages to draw on", "give a PDF or an image")
    return draw_page(source.data, page.number - 1, DPI, settings.read.max_pixels)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(main())
