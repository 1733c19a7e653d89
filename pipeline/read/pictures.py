"""Pictures in a DOCX: those that are scanned pages become pages that wait for OCR."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from PIL import Image

from pipeline.config import ReadSettings
from pipeline.document import Page, Source
from pipeline.errors import PipelineError
from pipeline.read.image import read_image
from pipeline.read.limits import check_page_count
from pipeline.read.ooxml import Element, Package

_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_VML = "{urn:schemas-microsoft-com:vml}"
_EMU = 12_700
"""English metric units in a point."""
_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]+)\s*(pt|in|cm|mm)")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
_LEAST_AREA = 0.35 * 595 * 842
"""Square points of paper that a picture among text must cover to be a page; photographs and maps cover less."""
_LEAST_DPI = 90
"""No scan of a page that can be read is coarser."""
_LEAST_SIDE = 500
"""Pixels of the short side of a page."""
_FEW_LETTERS = 200
"""A document of fewer letters holds hardly anything but its pictures."""

_READ = "page {}: a picture in the document; read by OCR"
_UNREADABLE = "a picture in the document was not read: {}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it stands in a document: where in the archive it is, and the width and height of its print."""

    name: str
    size: tuple[float, float] | None


def find_picture(shape: Element, package: Package) -> Picture | None:
    """Return the picture that an ``a:blip`` or ``v:imagedata`` shows; None when it is not in the file."""
    name = package.targets.get(shape.get(_EMBED) or shape.get(_ID) or "")
    return Picture(name, _printed_size(shape)) if name is not None else None


def _printed_size(shape: Element) -> tuple[float, float] | None:
    for around in shape.iterancestors(f"{_DRAWING}inline", f"{_DRAWING}anchor", f"{_VML}shape", f"{_VML}rect"):
        extent = around.find(f"{_DRAWING}extent")
        if extent is not None:
            sides = [extent.get("cx", ""), extent.get("cy", "")]
            return (int(sides[0]) / _EMU, int(sides[1]) / _EMU) if all(side.isdecimal() for side in sides) else None
        found = {name: float(value) * _POINTS[unit] for name, value, unit in _LENGTH.findall(around.get("style", ""))}
        return (found["width"], found["height"]) if len(found) == len(("width", "height")) else None
    return None


def read_pictures(
    pictures: Iterable[Picture], letters: int, package: Package, settings: ReadSettings
) -> tuple[dict[str, Page], list[str]]:
    """Return the page of each picture that is one, by its name in the archive, and a warning of each that is broken.

    `letters` is how many letters the document itself holds.
    """
    pages: dict[str, Page] = {}
    warnings = []
    for picture in pictures:
        if picture.name in pages or not _may_be_page(picture, letters):
            continue
        try:
            source = Source(picture.name, "", "", package.unpack(picture.name))
            page = read_image(source, settings)[0]
        except PipelineError as error:
            warnings.append(_UNREADABLE.format(error.reason))
            continue
        if _is_fine_enough(source.data, picture.size):
            number = len(pages) + 1
            check_page_count(number, settings)
            pages[picture.name] = replace(page, number=number, warnings=(_READ.format(number),))
    return pages, list(dict.fromkeys(warnings))


def _may_be_page(picture: Picture, letters: int) -> bool:
    """Tell whether a picture is as large as a page, or has a document without text to itself."""
    return letters < _FEW_LETTERS or (picture.size is not None and picture.size[0] * picture.size[1] >= _LEAST_AREA)


def _is_fine_enough(data: bytes, printed: tuple[float, float] | None) -> bool:
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    if min(width, height) < _LEAST_SIDE:
        return False
    return printed is None or width >= printed[0] / 72 * _LEAST_DPI
