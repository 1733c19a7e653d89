"""Layout: pages of words become one document, in reading order and in paragraphs."""

from __future__ import annotations

import itertools
from dataclasses import replace

from pipeline.document import Document, Page
from pipeline.errors import EmptyFileError
from pipeline.layout.compose import Piece, compose
from pipeline.layout.flow import flow_pieces
from pipeline.layout.form import form_pieces
from pipeline.layout.furniture import drop_furniture
from pipeline.layout.notes import attach_notes
from pipeline.layout.received import without_received_lines
from pipeline.layout.rows import Sheet
from pipeline.layout.sheets import page_rows

__all__ = ["build_document"]


def build_document(pages: tuple[Page, ...]) -> Document:
    """Return the text of `pages`: columns one after the other, furniture dropped, paragraphs mended over breaks.

    Raises :class:`~pipeline.errors.EmptyFileError` when there is no text on any page.
    """
    pieces = _pieces(pages)
    if not pieces:
        raise EmptyFileError("no text found on any page", "check that the file is the right one, or scan it again")
    return compose(pieces, pages)


def _pieces(pages: tuple[Page, ...]) -> list[Piece]:
    """Return the paragraphs of pages in their order; a Word file may hold scanned pages between its text."""
    pieces: list[Piece] = []
    for is_fixed, run in itertools.groupby(pages, key=lambda page: page.number is not None):
        if is_fixed:
            made = form_pieces(_sheets(list(run)))
        else:
            made = flow_pieces(without_received_lines(line for page in run for line in page.lines))
        pieces += [replace(made[0], starts_block=True), *made[1:]] if made else []
    return pieces


def _sheets(pages: list[Page]) -> list[Sheet]:
    """Return fixed pages as rows, without furniture, footnotes at the rows that they belong to."""
    return [attach_notes(sheet) for sheet in drop_furniture([page_rows(page) for page in pages])]
