"""Composing: paragraphs become one text, each word at its offset."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.document import Document, Page, Paragraph, PlacedWord, Word

_BROKEN = re.compile(r"\w[-–/]$")
"""A line that ends so breaks a compound at its own hyphen: "6138/UBND-" and "KGVX" are one word."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A word, the number of its page, and whether it is printed without a blank before it."""

    word: Word
    page: int | None
    glued: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph to be: its words, and whether a new column or table cell begins with it."""

    words: tuple[Printed, ...]
    starts_block: bool = False
    centred: bool = False

    @property
    def text(self) -> str:
        """The words, with blanks between those that are not glued."""
        return "".join(("" if w.glued or not index else " ") + w.word.text for index, w in enumerate(self.words))

    def extend(self, words: tuple[Printed, ...]) -> Piece:
        """Return the paragraph going on with another line's `words`."""
        first = words[0]
        if _BROKEN.search(self.words[-1].word.text) and first.word.text[0].isalnum():
            first = replace(first, glued=True)
        return replace(self, words=(*self.words, first, *words[1:]))


def compose(pieces: list[Piece], pages: tuple[Page, ...]) -> Document:
    """Join `pieces`, of which there is at least one, to the document that `pages` print."""
    texts: list[str] = []
    words: list[PlacedWord] = []
    paragraphs: list[Paragraph] = []
    start = block = 0
    for piece in pieces:
        if texts:
            block += piece.starts_block
            texts.append("\n\n" if piece.starts_block else "\n")
            start += len(texts[-1])
        texts.append(piece.text)
        words += _place(piece.words, start)
        paragraphs.append(Paragraph(start, start + len(piece.text), block, piece.centred))
        start += len(piece.text)
    return Document(
        text="".join(texts),
        paragraphs=tuple(paragraphs),
        words=tuple(words),
        page_count=sum(page.number is not None for page in pages) or None,
        text_origin=_origin(pages),
        warnings=tuple(warning for page in pages for warning in page.warnings),
    )


def _place(words: tuple[Printed, ...], start: int) -> list[PlacedWord]:
    placed: list[PlacedWord] = []
    for printed in words:
        if placed and not printed.glued:
            start += 1
        placed.append(PlacedWord(start, start + len(printed.word.text), printed.word, printed.page))
        start += len(printed.word.text)
    return placed


def _origin(pages: tuple[Page, ...]) -> Literal["embedded", "ocr", "mixed"]:
    """Tell where the words come from; pages without any do not count."""
    origins = {page.origin for page in pages if page.lines}
    return "mixed" if len(origins) > 1 else origins.pop()
