"""What flows inside: words on lines on pages, one document text, and spans of it.

Offsets are half-open code points into ``Document.text``; pages count from 1; boxes are
``(left, top, right, bottom)`` in PDF points (1/72 inch) from the page's top left corner.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[float, float, float, float]
Origin = Literal["embedded", "ocr"]
Picture = Callable[[int], "Image"]
"""Renders a page at the given dots per inch; called only for pages that go to OCR."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes, taken once, and what they are; `media_type` is told by content, never by name.

    `more` are the files with the following pages, where a notice is kept as several pictures; `sha256` is then that
    of all their bytes in order.
    """

    file_name: str
    sha256: str
    media_type: str
    data: bytes = field(repr=False)
    more: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What a second recogniser read in a word's ink, and how surely, 0..1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Word:
    """One printed word, Unicode NFC, without white space.

    `box` is None in formats without fixed pages; `confidence` is 0..1 from OCR, None for embedded text. `read_as` is
    what the OCR engine itself read where that was corrected; `heard` is the second voice's reading, where it was asked.
    """

    text: str
    box: Box | None = None
    confidence: float | None = None
    read_as: str | None = None
    heard: Heard | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Words read one after the other: a printed line, or a whole paragraph in formats without fixed pages.

    `block` numbers the column or table cell that the format itself names; None where only geometry tells.
    `centred` is True where the format itself says so.
    """

    words: tuple[Word, ...]
    block: int | None = None
    centred: bool = False

    @property
    def text(self) -> str:
        """The words, joined by single blanks."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box | None:
        """The smallest box around the words; None without fixed pages."""
        boxes = [word.box for word in self.words if word.box is not None]
        return enclose(boxes) if boxes else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a reader or the OCR left it; `number` is None in formats without fixed pages.

    `width` and `height` are in PDF points. A page with `picture` and without `lines` waits for OCR. `turned` says by
    how many degrees clockwise the page was turned for reading; size and boxes are those of the turned page. `cells`
    are the boxes of ruled tables, row by row.
    """

    number: int | None
    lines: tuple[Line, ...]
    width: float | None = None
    height: float | None = None
    origin: Origin = "embedded"
    picture: Picture | None = None
    warnings: tuple[str, ...] = ()
    turned: int = 0
    cells: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word at its place in the document text."""

    start: int
    end: int
    word: Word
    page: int | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the document text, mended over line and page breaks.

    Paragraphs of one `block` stand in one column or table cell. `centred` is True where the layout shows it.
    """

    start: int
    end: int
    block: int
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One document's plain text in reading order, and where each word of it is printed.

    Paragraphs are joined by a line feed, blocks by two; within a paragraph words are joined by single blanks, or touch
    where they are printed without one (words in two sizes, a compound broken at its own hyphen).
    """

    text: str
    paragraphs: tuple[Paragraph, ...]
    words: tuple[PlacedWord, ...]
    page_count: int | None = None
    text_origin: Literal["embedded", "ocr", "mixed"] = "embedded"
    warnings: tuple[str, ...] = ()
    _starts: tuple[int, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the words' starts for look-ups by offset."""
        object.__setattr__(self, "_starts", tuple(placed.start for placed in self.words))

    def words_in(self, start: int, end: int) -> Iterator[PlacedWord]:
        """Yield the words that overlap ``text[start:end]``."""
        first = max(bisect.bisect_right(self._starts, start) - 1, 0)
        for index in range(first, len(self.words)):  # a slice would copy the rest of the words at every look-up
            placed = self.words[index]
            if placed.start >= end:
                return
            if placed.end > start:
                yield placed

    def boxes(self, start: int, end: int) -> list[tuple[int, float, float, float, float]]:
        """Return one ``(page, left, top, right, bottom)`` a printed line of ``text[start:end]``."""
        rows: list[tuple[int, Box]] = []
        for placed in self.words_in(start, end):
            box = placed.word.box
            if box is None or placed.page is None:
                continue
            if rows and rows[-1][0] == placed.page and _on_one_line(rows[-1][1], box):
                rows[-1] = (placed.page, enclose([rows[-1][1], box]))
            else:
                rows.append((placed.page, box))
        return [(page, *box) for page, box in rows]

    def page_at(self, start: int, end: int) -> int | None:
        """Return the page of the first word in ``text[start:end]``; None without fixed pages."""
        return next((placed.page for placed in self.words_in(start, end)), None)

    def confidence(self, start: int, end: int) -> float:
        """Return the mean OCR confidence of ``text[start:end]``; embedded words count as 1."""
        scores = [1.0 if p.word.confidence is None else p.word.confidence for p in self.words_in(start, end)]
        return sum(scores) / len(scores) if scores else 1.0

    @property
    def ocr_confidence(self) -> float | None:
        """Mean confidence over all words from OCR; None when there are none."""
        scores = [p.word.confidence for p in self.words if p.word.confidence is not None]
        return sum(scores) / len(scores) if scores else None


@dataclass(frozen=True, slots=True)
class Span:
    """Something found in the document text.

    `label` says what it is ("chair", "directive", "deadline" …); `value` is what it means where that differs from
    the words (a date, a name with its head word restored); `parts` are the spans that it is made of.
    """

    label: str
    start: int
    end: int
    value: object = None
    parts: tuple[Span, ...] = ()
    method: str = "rule"
    confidence: float = 1.0

    def part(self, label: str) -> Span | None:
        """Return the first part with that label."""
        return next((span for span in self.parts if span.label == label), None)

    def parts_of(self, label: str) -> list[Span]:
        """Return all parts with that label, in order."""
        return [span for span in self.parts if span.label == label]


def enclose(boxes: list[Box]) -> Box:
    """Return the smallest box around `boxes`, of which there is at least one."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _on_one_line(row: Box, box: Box) -> bool:
    """Tell whether `box` continues the printed line `row` to the right."""
    overlap = min(row[3], box[3]) - max(row[1], box[1])
    height = min(row[3] - row[1], box[3] - box[1])
    return overlap > 0.4 * height and box[0] >= row[0]
