"""Searchable PDF/A-2b: the scan untouched, our words invisibly beneath it in reading order, through OCRmyPDF.

OCRmyPDF puts the pages together, declares PDF/A and checks it; its OCR engine is replaced by one that hands it the
words as they were read. The packages for this are optional: ``pip install "chidao[pdfa]"``.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

from pipeline.document import Source
from pipeline.errors import InputError, MissingDependencyError, OutputError
from pipeline.write.files import write_bytes
from pipeline.write.sidecars import Sheet

_PDF = "application/pdf"
_PLUGIN = "pipeline.write.searchable_engine"
_ADVICE = "try the file with `ocrmypdf` itself to see why, or write --hocr or --alto instead"


def write_searchable(source: Source, sheets: tuple[Sheet, ...], path: Path) -> bool:
    """Write a PDF/A-2b of the scan `source` with the words of `sheets` beneath it.

    The source is never changed, and a signature in it is valid in it only: what is written is a copy for searching.
    Returns False where stamps and filled fields had to be left off the copy, because they print in fonts that the
    file does not hold and PDF/A forbids that.
    """
    with tempfile.TemporaryDirectory() as folder:
        scan, made = Path(folder, "scan.pdf"), Path(folder, "made.pdf")
        data = source.data if source.media_type == _PDF else _bind(source.data)
        for keep_fields in (True, False):
            scan.write_bytes(data)
            has_fields = _settle_fields(scan, keep_fields)
            problem = _run(scan, made, sheets)
            if problem is None:
                write_bytes(path, made.read_bytes())
                return keep_fields or not has_fields
            if not has_fields:
                break
    raise OutputError(f"OCRmyPDF made no PDF/A ({problem})", _ADVICE)


def _bind(pictures: bytes) -> bytes:
    """Return pictures as a PDF that holds them as they are."""
    try:
        import img2pdf  # noqa: PLC0415 - optional
    except ImportError as error:
        raise _missing() from error
    try:
        bound: bytes = img2pdf.convert(pictures, rotation=img2pdf.Rotation.ifvalid)
    except (img2pdf.ImageOpenError, img2pdf.AlphaChannelError, img2pdf.JpegColorspaceError, ValueError) as error:
        raise InputError(f"the picture cannot be put into a PDF ({error})", "save it as JPEG or plain PNG") from error
    return bound


def _settle_fields(scan: Path, keep: bool) -> bool:
    """Print what fields show onto the pages of the working copy, or take the fields off; return whether there are any.

    Extensions of the format are taken off too; they say how signatures were made. So is the invisible text of earlier
    OCR with its fonts, which such programs do not put into the file as PDF/A demands.
    """
    try:
        import pikepdf  # noqa: PLC0415 - optional
        from ocrmypdf._graft import strip_invisible_text  # noqa: PLC0415 - what it does itself, too late
    except ImportError as error:
        raise _missing() from error
    try:
        with pikepdf.open(scan, allow_overwriting_input=True) as document:
            has_fields = "/AcroForm" in document.Root
            if has_fields and keep:
                document.flatten_annotations()
            elif has_fields:
                _remove_widgets(document)
            for page in document.pages:
                strip_invisible_text(document, page)
            document.remove_unreferenced_resources()
            for key in ("/AcroForm", "/Extensions", "/Perms"):
                if key in document.Root:
                    del document.Root[key]
            document.save(scan)
    except pikepdf.PdfError as error:
        raise OutputError(f"the PDF cannot be rewritten ({error})", _ADVICE) from error
    return has_fields


def _remove_widgets(document: Any) -> None:
    for page in document.pages:
        marks = [mark for mark in page.get("/Annots", []) if mark.get("/Subtype") != "/Widget"]
        if "/Annots" in page:
            page["/Annots"] = document.make_indirect(marks)


def _run(scan: Path, made: Path, sheets: tuple[Sheet, ...]) -> str | None:
    """Let OCRmyPDF make the PDF/A; return what it says went wrong, None where nothing did."""
    try:
        import ocrmypdf  # noqa: PLC0415 - optional
        from ocrmypdf.exceptions import ExitCodeException  # noqa: PLC0415

        from pipeline.write.searchable_engine import handing_over  # noqa: PLC0415
    except ImportError as error:
        raise _missing() from error
    for chatty in ("ocrmypdf", "fontTools", "pikepdf"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    turned = any(sheet.turned for sheet in sheets)
    try:
        with handing_over(sheets):
            code = ocrmypdf.ocr(
                scan,
                made,
                plugins=[_PLUGIN],
                language=["vie"],
                mode="redo",
                rotate_pages=turned,
                use_threads=True,
                progress_bar=False,
                output_type="pdfa-2",
                pdfa_backend="internal",
                optimize=0,
                invalidate_digital_signatures=True,
            )
    except ExitCodeException as error:
        return " ".join(str(error).split())[:300]
    return None if code == 0 else f"code {int(code)}"


def _missing() -> MissingDependencyError:
    return MissingDependencyError("searchable PDF needs OCRmyPDF", 'install it with `pip install "chidao[pdfa]"`')
