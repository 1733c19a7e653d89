"""Paper: PDF pages as pdfium sees them, their sizes and their pictures."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from pipeline.config import ReadSettings
from pipeline.document import Box
from pipeline.errors import DamagedFileError, EncryptedFileError
from pipeline.read.limits import cap_scale, check_page_count

_PASSWORD_ERROR = 4
"""pdfium's code for a document that does not open without a password."""
_COVERED = 0.7
"""A picture that covers this share of a page is a scan of it."""
_LEAST_DPI = 72


@contextmanager
def _open(data: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
            advice = "save it without a password and try again"
            raise EncryptedFileError("the PDF is locked with a password", advice) from error
        raise _damaged() from error
    try:
        yield document
    finally:
        document.close()


def _damaged() -> DamagedFileError:
    return DamagedFileError("the PDF is truncated or damaged", "copy or export it again")


def page_sizes(data: bytes, settings: ReadSettings) -> list[tuple[float, float]]:
    """Return each page's width and height in points, as it is turned for reading."""
    with _open(data) as document:
        check_page_count(len(document), settings)
        try:
            return [document.get_page_size(index) for index in range(len(document))]
        except pdfium.PdfiumError as error:
            raise _damaged() from error


def draw_page(data: bytes, index: int, dpi: int, max_pixels: int, stamps: tuple[Box, ...] = ()) -> Image.Image:
    """Draw one page at `dpi`, or coarser where it would exceed `max_pixels` or is a scan of less resolution.

    Forms are initialised so that what was filled into fields is drawn; the fields at `stamps` are not, since they
    hide what is printed beneath them.
    """
    with _open(data) as document:
        try:
            _remove_fields(document, index, stamps)
            document.init_forms()
            page = document[index]
            width, height = page.get_size()
            scale = cap_scale(width, height, min(dpi, _scanned_dpi(page) or dpi), max_pixels)
            bitmap = page.render(scale=scale, may_draw_forms=True)
            picture: Image.Image = bitmap.to_pil()
            return picture.convert("RGB")
        except (pdfium.PdfiumError, MemoryError) as error:
            raise _damaged() from error


def _scanned_dpi(page: pdfium.PdfPage) -> int | None:
    """Return the resolution of the finest picture that covers the page; None where there is none."""
    width, height = page.get_size()
    found = []
    for picture in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        area = (right - left) * (top - bottom)
        if area >= _COVERED * width * height:
            across, down = picture.get_px_size()
            found.append(72 * math.sqrt(across * down / area))
    return max(round(max(found)), _LEAST_DPI) if found else None


def _remove_fields(document: pdfium.PdfDocument, index: int, rects: tuple[Box, ...]) -> None:
    """Take the fields at `rects` off a page, in memory only, and before the forms are initialised."""
    if not rects:
        return
    page = document[index]
    for place in reversed(range(pdfium_c.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, place)
        found = pdfium_c.FS_RECTF()
        pdfium_c.FPDFAnnot_GetRect(annotation, ctypes.byref(found))
        pdfium_c.FPDFPage_CloseAnnot(annotation)
        box = (found.left, found.bottom, found.right, found.top)
        if any(_same_place(box, rect) for rect in rects):
            pdfium_c.FPDFPage_RemoveAnnot(page, place)
    page.close()


def _same_place(one: Box, other: Box) -> bool:
    return all(abs(a - b) < 1 for a, b in zip(one, other, strict=True))
