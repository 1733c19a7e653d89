"""The story: the whole way of one file, from its bytes to its Notice."""

from __future__ import annotations

from pathlib import Path

from pipeline.assemble import assemble
from pipeline.config import Settings
from pipeline.document import Document, Source
from pipeline.extract import find_spans
from pipeline.layout import build_document
from pipeline.notice import Notice
from pipeline.ocr import recognise
from pipeline.read import open_source, read_pages

DEFAULTS = Settings()


def extract(path: str | Path, settings: Settings = DEFAULTS) -> Notice:
    """Read one notice's file and return what it says, with evidence for every value.

    Raises a :class:`~pipeline.errors.PipelineError` that says what to do when the file cannot be used.
    """
    source = open_source(Path(path), settings.read)
    document = _document(source, settings)
    spans = find_spans(document)
    return assemble(source, document, spans)


def read_document(path: str | Path, settings: Settings = DEFAULTS) -> Document:
    """Read one file and return its plain text in reading order, the text that evidence offsets point into."""
    return _document(open_source(Path(path), settings.read), settings)


def _document(source: Source, settings: Settings) -> Document:
    pages = read_pages(source, settings.read)
    pages = recognise(pages, settings.ocr)
    return build_document(pages)
