"""Reading: a file's bytes become pages of words, one reader a format, told by content and held to limits."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.config import ReadSettings
from pipeline.document import Page, Source
from pipeline.read.docx import read_docx
from pipeline.read.image import read_image
from pipeline.read.kinds import DOCX, IMAGES, MARKDOWN, PDF, TEXT
from pipeline.read.pdf import read_pdf
from pipeline.read.plain import read_markdown, read_text
from pipeline.read.source import open_source

Reader = Callable[[Source, ReadSettings], tuple[Page, ...]]

READERS: dict[str, Reader] = {
    DOCX: read_docx,
    PDF: read_pdf,
    TEXT: read_text,
    MARKDOWN: read_markdown,
    **dict.fromkeys(IMAGES, read_image),
}
"""Media type -> the reader for it; `open_source` lets no other type through."""

__all__ = ["READERS", "Reader", "open_source", "read_pages"]


def read_pages(source: Source, settings: ReadSettings) -> tuple[Page, ...]:
    """Return the pages of `source`; pages without usable text carry a `picture` and wait for OCR."""
    return READERS[source.media_type](source, settings)
