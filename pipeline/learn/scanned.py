"""Makes paper of a DOCX: PDF by LibreOffice, and from that pages as a scanner would give them.

A development tool. The wear of a page depends on its seed alone, so a scan made twice is the same.
"""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter
from pydantic import BaseModel, ConfigDict, Field

from pipeline.errors import MissingDependencyError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFICE_SECONDS = 120
JPEG_QUALITY = 16
_PDF_TIMES = re.compile(rb"(?<=\(D:)\d{14}[^)]*(?=\))")
_PDF_NAMES = re.compile(rb"(?<=<)[0-9A-F]{32}(?=>)|(?<=/DocChecksum /)[0-9A-F]{32}")


class Scan(BaseModel):
    """How a page is scanned: resolution, lean in degrees, wear from 0 to 1, and depth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dpi: int = Field(default=300, ge=100, le=600)
    skew: float = Field(default=0.0, ge=-5, le=5)
    wear: float = Field(default=0.3, ge=0, le=1)
    depth: Literal["grey", "1-bit"] = "grey"


def print_pdf(notice: bytes) -> bytes:
    """Return the DOCX `notice` as PDF, dates and identifiers of the moment blanked."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "notice.docx")
        source.write_bytes(notice)
        _convert(source)
        made = source.with_suffix(".pdf")
        if not made.is_file():
            raise OutputError("LibreOffice made no PDF", "open the DOCX by hand and see what is wrong with it")
        content = made.read_bytes()
    for pattern in (_PDF_TIMES, _PDF_NAMES):
        content = pattern.sub(lambda match: b"0" * len(match.group()), content)
    return content


def _convert(source: Path) -> None:
    profile = f"-env:UserInstallation=file://{source.parent}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(source.parent), str(source)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=OFFICE_SECONDS)
    except FileNotFoundError as error:
        raise MissingDependencyError("soffice is not installed", "install LibreOffice Writer") from error
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise OutputError(f"LibreOffice did not make a PDF ({error})", "run soffice by hand to see why") from error


def scan_pages(pdf: bytes, scan: Scan, seed: int) -> list[Image.Image]:
    """Return the pages of `pdf` as a scanner set to `scan` would give them."""
    chance = np.random.default_rng(seed)
    return [_wear(page, scan, chance) for page in _render(pdf, scan.dpi)]


def _render(pdf: bytes, dpi: int) -> Iterator[Image.Image]:
    document = pdfium.PdfDocument(pdf)
    try:
        for page in document:
            yield page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    finally:
        document.close()


def _wear(page: Image.Image, scan: Scan, chance: np.random.Generator) -> Image.Image:
    """Lean, blur, shade and speckle a page; noise is left to where there is ink, which keeps files small."""
    lean = scan.skew + float(chance.uniform(-0.1, 0.1)) * (scan.skew != 0)
    page = page.rotate(lean, Image.Resampling.BICUBIC, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(scan.wear * scan.dpi / 100))
    grey = np.asarray(page, dtype=np.float32)
    ink = 255 - grey
    fading = 1 - scan.wear * 0.35 * chance.random((1, page.width)).cumsum(axis=1) / page.width
    grain = chance.normal(0, 25 * scan.wear, grey.shape) * (ink > 20)
    worn = 255 - ink * fading + grain
    worn[_speckle(grey.shape, scan, chance)] = 60
    made = Image.fromarray(np.clip(worn, 0, 255).astype(np.uint8))
    return made.point(lambda level: 255 if level > 150 else 0, mode="1") if scan.depth == "1-bit" else made


def _speckle(
    shape: tuple[int, ...], scan: Scan, chance: np.random.Generator
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return where dust lies: about one square millimetre in five hundred at full wear, in specks of 2 x 2 points."""
    coarse = chance.random((shape[0] // 2 + 1, shape[1] // 2 + 1)) < scan.wear * 0.0004
    return np.kron(coarse, np.ones((2, 2), dtype=bool))[: shape[0], : shape[1]].astype(bool)


def bind_pdf(pages: list[Image.Image], scan: Scan) -> bytes:
    """Return `pages` as a PDF of images without text."""
    made = io.BytesIO()
    jpeg = {"quality": JPEG_QUALITY} if scan.depth == "grey" else {}
    moment = {"creationDate": None, "modDate": None}
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:], resolution=scan.dpi, **jpeg, **moment)
    return made.getvalue()


def bind_png(pages: list[Image.Image], scan: Scan) -> bytes:
    """Return the first page as a PNG of sixteen greys."""
    made = io.BytesIO()
    pages[0].point(lambda level: level // 17 * 17).save(made, "PNG", optimize=True, dpi=(scan.dpi, scan.dpi))
    return made.getvalue()


def bind_tiff(pages: list[Image.Image], scan: Scan) -> bytes:
    """Return `pages` as one TIFF: fax compression where they are 1-bit, else deflate."""
    made = io.BytesIO()
    compression = "group4" if scan.depth == "1-bit" else "tiff_adobe_deflate"
    pages[0].save(
        made, "TIFF", save_all=True, append_images=pages[1:], compression=compression, dpi=(scan.dpi, scan.dpi)
    )
    return made.getvalue()
