"""Pages printed for the layout tests: text at places, with boxes as a reader or the OCR would give them."""

from __future__ import annotations

import math

from pipeline.document import Line, Page, Word

LETTER, HEIGHT, BLANK = 6.5, 13.0, 3.5
LEFT, RIGHT = 85.0, 540.0


def printed(x: float, y: float, text: str, confidence: float | None = None) -> Line:
    """Return `text` as one line that begins at `x`, its top at `y`."""
    words = []
    for word in text.split():
        words.append(Word(word, (x, y, x + LETTER * len(word), y + HEIGHT), confidence))
        x += LETTER * len(word) + BLANK
    return Line(tuple(words))


def centred(middle: float, y: float, text: str) -> Line:
    """Return `text` as one line around `middle`."""
    width = LETTER * len(text.replace(" ", "")) + BLANK * text.count(" ")
    return printed(middle - width / 2, y, text)


def full(x: float, y: float, text: str) -> Line:
    """Return `text` as one justified line from `x` to the right margin."""
    words = text.split()
    gap = (RIGHT - x - LETTER * sum(map(len, words))) / max(len(words) - 1, 1)
    found = []
    for word in words:
        found.append(Word(word, (x, y, x + LETTER * len(word), y + HEIGHT)))
        x += LETTER * len(word) + gap
    return Line(tuple(found))


def page(*lines: Line, number: int = 1, lean: float = 0.0) -> Page:
    """Return a page of A4; `lean` turns it clockwise by so many degrees."""
    turned = tuple(Line(tuple(_lean(word, math.radians(lean)) for word in line.words)) for line in lines)
    return Page(number, turned if lean else lines, 595.0, 842.0)


def _lean(word: Word, angle: float) -> Word:
    left, top, right, bottom = word.box
    corners = [(x, y) for x in (left, right) for y in (top, bottom)]
    xs = [x * math.cos(angle) - y * math.sin(angle) for x, y in corners]
    ys = [x * math.sin(angle) + y * math.cos(angle) for x, y in corners]
    return Word(word.text, (min(xs), min(ys), max(xs), max(ys)), word.confidence)
