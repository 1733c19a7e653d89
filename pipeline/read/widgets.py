"""Widgets: what was filled into a PDF's fields, which is printed on the page but is no part of its text layer.

Offices that sign digitally put the number and the day into the blanks of the head with signature fields of their own;
the visible stamps of the signatures are such fields too, and are no part of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.utils import apply_matrix_rect, decode_text, mult_matrix

from pipeline.document import Box, Word, enclose
from pipeline.language import clean

Matrix = tuple[float, float, float, float, float, float]

_FILLED = re.compile(r"[\d./-]{1,10}[A-Za-zđĐ]?")
_GAP = 0.25
"""Letters further apart than this share of their height belong to two words."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One field: where it stands (in PDF's own coordinates), what it prints, and whether it holds a signature."""

    rect: Box
    words: tuple[Word, ...]
    signature: bool

    @property
    def number(self) -> Word | None:
        """The number or day that a signature field fills into a blank; digits set apart are one word."""
        text = "".join(word.text for word in self.words)
        if not self.signature or _FILLED.fullmatch(text) is None:
            return None
        return Word(text, enclose([word.box for word in self.words if word.box is not None]))


def filled_words(widgets: list[Widget]) -> list[Word]:
    """Return what was filled in on a page: numbers from signature fields, all words from the other fields."""
    words: list[Word] = []
    for widget in widgets:
        if not widget.signature:
            words += widget.words
        elif widget.number is not None:
            words.append(widget.number)
    return words


def stamp_rects(widgets: list[Widget]) -> list[Box]:
    """Return the places of the visible stamps of digital signatures."""
    return [widget.rect for widget in widgets if widget.signature and widget.number is None]


def read_widgets(page: Any) -> list[Widget]:
    """Read all fields of a pdfplumber page that have an appearance."""
    found = []
    for reference in resolve1(page.page_obj.annots) or ():
        field = resolve1(reference)
        if isinstance(field, dict) and "Widget" in str(field.get("Subtype")):
            appearance = resolve1(resolve1(field.get("AP", {})).get("N"))
            if isinstance(appearance, PDFStream):
                found.append(_read_widget(page, field, appearance))
            elif _kind(field) == "Tx" and isinstance(value := resolve1(field.get("V")), bytes):
                found.append(_spread_value(page, field, value))
    return found


def _kind(field: dict[str, Any]) -> str:
    """Return a field's type, which it may have from its parent."""
    kind = field.get("FT") or resolve1(field.get("Parent", {})).get("FT")
    return str(getattr(resolve1(kind), "name", ""))


def _spread_value(page: Any, field: dict[str, Any], value: bytes) -> Widget:
    """Return a text field without an appearance: its value's words side by side, as a viewer would print them."""
    rect = _rect(field)
    words = clean(decode_text(value)).split()
    left, top = rect[0] - page.cropbox[0], page.page_obj.mediabox[3] - rect[3] - page.cropbox[1]
    width, height = (rect[2] - rect[0]) / max(len(words), 1), rect[3] - rect[1]
    places = [(left + width * at, top, left + width * (at + 1), top + height) for at in range(len(words))]
    return Widget(rect, tuple(Word(text, box) for text, box in zip(words, places, strict=True)), signature=False)


def _rect(field: dict[str, Any]) -> Box:
    numbers = [float(resolve1(number)) for number in resolve1(field["Rect"])]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def _read_widget(page: Any, field: dict[str, Any], appearance: PDFStream) -> Widget:
    rect = _rect(field)
    letters = _letters(page, appearance, _placing(appearance, rect))
    return Widget(rect, tuple(_join_letters(letters)), _kind(field) == "Sig")


def _placing(appearance: PDFStream, rect: Box) -> Matrix:
    """Return the matrix that puts an appearance's own box onto the field's rectangle."""
    own = _matrix(appearance)
    numbers = [float(resolve1(number)) for number in resolve1(appearance["BBox"])]
    left, bottom, right, top = apply_matrix_rect(own, (numbers[0], numbers[1], numbers[2], numbers[3]))
    across = (rect[2] - rect[0]) / (right - left) if right > left else 1.0
    up = (rect[3] - rect[1]) / (top - bottom) if top > bottom else 1.0
    return mult_matrix(own, (across, 0, 0, up, rect[0] - left * across, rect[1] - bottom * up))


def _matrix(appearance: PDFStream) -> Matrix:
    numbers = [float(resolve1(number)) for number in resolve1(appearance.get("Matrix", (1, 0, 0, 1, 0, 0)))]
    return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])


def _letters(page: Any, appearance: PDFStream, placing: Matrix) -> list[Word]:
    """Run the appearance through pdfminer and return its letters at their places on the page."""
    manager = page.pdf.rsrcmgr
    device = PDFPageAggregator(manager, laparams=None)
    interpreter = PDFPageInterpreter(manager, device)
    turned = _page_matrix(page)
    device.begin_page(page.page_obj, turned)
    interpreter.render_contents(
        resolve1(appearance.get("Resources", {})), [appearance], ctm=mult_matrix(placing, turned)
    )
    device.end_page(page.page_obj)
    left, top = page.cropbox[0] - page.mediabox[0], page.cropbox[1] - page.mediabox[1]
    height = float(page.height)
    return [
        Word(char.get_text(), (char.x0 - left, height - char.y1 - top, char.x1 - left, height - char.y0 - top))
        for char in _chars(device.get_result())
    ]


def _page_matrix(page: Any) -> Matrix:
    """Return pdfminer's own matrix for a page: its corner at the origin, turned for reading."""
    left, bottom, right, top = page.page_obj.mediabox
    turns: dict[int, Matrix] = {
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }
    return turns.get(page.page_obj.rotate, (1, 0, 0, 1, -left, -bottom))


def _chars(container: LTContainer[Any]) -> Iterator[LTChar]:
    for item in container:
        if isinstance(item, LTChar):
            yield item
        elif isinstance(item, LTContainer):
            yield from _chars(item)


def _join_letters(letters: list[Word]) -> Iterator[Word]:
    """Join letters to words, in the order in which the field prints them."""
    held: list[Word] = []
    for letter in letters:
        if held and (not letter.text.strip() or _apart(held[-1], letter)):
            yield _join(held)
            held = []
        if letter.text.strip():
            held.append(letter)
    if held:
        yield _join(held)


def _apart(before: Word, letter: Word) -> bool:
    if before.box is None or letter.box is None:
        return True
    height = before.box[3] - before.box[1]
    gap = letter.box[0] - before.box[2]
    return not -height < gap < _GAP * height or abs(before.box[3] - letter.box[3]) > height / 2


def _join(letters: list[Word]) -> Word:
    text = clean("".join(letter.text for letter in letters)).replace(" ", "")
    return Word(text, enclose([letter.box for letter in letters if letter.box is not None]))
