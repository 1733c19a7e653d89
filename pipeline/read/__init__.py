"""Reading: a file's bytes become pages of words, one reader a format, told by content and held to limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.config import ReadSettings
from pipeline.document import Page, Source
from pipeline.read.docx import read_docx
from pipeline.read.image import read_image
from pipeline.read.kinds import DOCX, IMAGES, MARKDOWN, OFFICE, PDF, TEXT
from pipeline.read.limits import check_page_count, check_text
from pipeline.read.office import convert_beforehand, read_office
from pipeline.read.pdf import read_pdf
from pipeline.read.plain import read_markdown, read_text
from pipeline.read.source import open_source, open_sources

Reader = Callable[[Source, ReadSettings], tuple[Page, ...]]

READERS: dict[str, Reader] = {
    DOCX: read_docx,
    PDF: read_pdf,
    TEXT: read_text,
    MARKDOWN: read_markdown,
    **dict.fromkeys(OFFICE, read_office),
    **dict.fromkeys(IMAGES, read_image),
}
"""Media type -> the reader for it; `open_source` lets no other type through."""

__all__ = ["READERS", "Reader", "check_text", "convert_beforehand", "open_source", "open_sources", "read_pages"]


def read_pages(source: Source, settings: ReadSettings) -> tuple[Page, ...]:
    """Return the pages of `source`; pages without usable text carry a `picture` and wait for OCR."""
    pages = READERS[source.media_type](source, settings)
    pages = _join(source, pages, settings) if source.more else pages
    check_text(pages, settings)
    return pages


def _join(source: Source, pages: tuple[Page, ...], settings: ReadSettings) -> tuple[Page, ...]:
    """Return the pages of all pictures of one notice, numbered on, with a word on whose they are."""
    files = (source, *source.more)
    for part in source.more:
        pages += READERS[part.media_type](part, settings)
        check_page_count(len(pages), settings)
    said = f"{len(files)} pictures taken together as one notice: {', '.join(file.file_name for file in files)}"
    numbered = [replace(page, number=number) for number, page in enumerate(pages, 1)]
    return (replace(numbered[0], warnings=(said, *numbered[0].warnings)), *numbered[1:])
