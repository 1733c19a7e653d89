"""The story: the whole way of one file, from its bytes to its Notice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.assemble import assemble
from pipeline.confidence import load_weights, rate
from pipeline.config import Settings
from pipeline.document import Document, Line, Page, Source, Word
from pipeline.extract import find_spans
from pipeline.layout import build_document
from pipeline.notice import Notice
from pipeline.ocr import recognise
from pipeline.read import check_text, open_source, open_sources, read_pages

DEFAULTS = Settings()
_ANY_WORDS = "1. a b c"


def extract(path: str | Path, settings: Settings = DEFAULTS) -> Notice:
    """Read one notice's file and return what it says, with evidence for every value.

    Raises a :class:`~pipeline.errors.PipelineError` that says what to do when the file cannot be used.
    """
    return find_rated(open_document([path], settings), settings)[1]


def extract_pages(paths: Sequence[str | Path], settings: Settings = DEFAULTS) -> Notice:
    """Read one notice that is kept as several pictures, in the order of its pages; otherwise as :func:`extract`."""
    return find_rated(open_document(paths, settings), settings)[1]


def read_document(path: str | Path, settings: Settings = DEFAULTS) -> Document:
    """Read one file and return its plain text in reading order, the text that evidence offsets point into."""
    return _document(open_source(Path(path), settings.read), settings)


def read_scan(path: str | Path, settings: Settings = DEFAULTS) -> tuple[Source, tuple[Page, ...], Document]:
    """Read one file and return its bytes, its pages with the words on them, and its text."""
    source = open_source(Path(path), settings.read)
    pages = recognise(read_pages(source, settings.read), settings.ocr)
    return source, pages, build_document(pages)


def find_notice(path: str | Path, settings: Settings = DEFAULTS) -> tuple[Document, Notice]:
    """Read one file and return its text, and its notice with each value's confidence as its finder gave it."""
    return _find(open_source(Path(path), settings.read), settings)


def open_document(paths: Sequence[str | Path], settings: Settings = DEFAULTS) -> Source:
    """Take the bytes of one file, or of the pictures of one notice in the order of its pages."""
    return open_sources([Path(path) for path in paths], settings.read)


def find_rated(source: Source, settings: Settings = DEFAULTS) -> tuple[Document, Notice]:
    """Return the text of an opened document, and its notice with the probability that each value is right."""
    document, notice = _find(source, settings)
    return document, rate(document, notice, load_weights())


def warm_up(settings: Settings = DEFAULTS) -> None:
    """Load the models, so that the first document takes no longer than the others."""
    words = tuple(Word(word) for word in _ANY_WORDS.split())
    document = build_document((Page(None, (Line(words),)),))
    find_spans(document, settings.extract.model_copy(update={"any_document": True}))
    load_weights()


def _find(source: Source, settings: Settings) -> tuple[Document, Notice]:
    document = _document(source, settings)
    spans = find_spans(document, settings.extract)
    return document, assemble(source, document, spans)


def _document(source: Source, settings: Settings) -> Document:
    pages = read_pages(source, settings.read)
    pages = recognise(pages, settings.ocr)
    check_text(pages, settings.read)
    return build_document(pages)
