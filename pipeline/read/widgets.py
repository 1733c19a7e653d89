"""Widgets: what lies over a PDF's pages, which is printed with them but is no part of their text layer.

Offices that sign digitally put the number and the day into the blanks of the head with signature fields of their own;
the visible stamps of the signatures are such fields too, and are no part of the text. Clerks type into blanks with
free notes, and programs stamp pages.
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


_LETTER = 0.55
"""How wide letters are for their field's height; the values of fields without an appearance are printed so."""
_NOTES = frozenset({"FreeText", "Stamp"})
"""What is put over a page for all to read; other annotations are marks and remarks beside the text."""
_UNSEEN = 2 | 32
"""The flags of what is hidden or not shown."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One field: where it stands (in PDF's own coordinates), what it prints, and whether it holds a signature.

    `note` is True for a free note or stamp that is no field.
    """

    rect: Box
    words: tuple[Word, ...]
    signature: bool = False
    note: bool = False

    @property
    def number(self) -> Word | None:
        """The number or day that a signature field fills into a blank; digits set apart are one word."""
        text = "".join(word.text for word in self.words)
        if not self.signature or _FILLED.fullmatch(text) is None:
            return None
        return Word(text, enclose([word.box for word in self.words if word.box is not None]))

    @property
    def filled(self) -> tuple[Word, ...]:
        """What it adds to the page: a signature field its number, any other all its words."""
        if not self.signature:
            return self.words
        return (self.number,) if self.number is not None else ()


def stamp_rects(widgets: list[Widget]) -> list[Box]:
    """Return the places of the visible stamps of digital signatures."""
    return [widget.rect for widget in widgets if widget.signature and widget.number is None]


def read_widgets(page: Any) -> list[Widget]:
    """Read all fields, free notes and stamps of a pdfplumber page that are seen; boxes that are ticked are not read."""
    found = (_read_annotation(page, resolve1(reference)) for reference in resolve1(page.page_obj.annots) or ())
    return [widget for widget in found if widget is not None]


def _read_annotation(page: Any, annotation: Any) -> Widget | None:
    if not isinstance(annotation, dict) or int(resolve1(annotation.get("F", 0)) or 0) & _UNSEEN:
        return None
    kind = _name(annotation.get("Subtype"))
    note = kind in _NOTES
    if not note and (kind != "Widget" or _kind(annotation) == "Btn"):
        return None
    appearance = resolve1((resolve1(annotation.get("AP")) or {}).get("N"))
    if isinstance(appearance, PDFStream):
        return _read_appearance(page, annotation, appearance, note)
    value = resolve1(annotation.get("Contents" if kind == "FreeText" else "V"))
    if isinstance(value, bytes) and (kind == "FreeText" or _kind(annotation) == "Tx"):
        return _spread_value(page, annotation, value, note)
    return None


def _name(value: Any) -> str:
    return str(getattr(resolve1(value), "name", ""))


def _kind(field: dict[str, Any]) -> str:
    """Return a field's type, which it may have from its parent."""
    kind = field.get("FT") or resolve1(field.get("Parent", {})).get("FT")
    return _name(kind)


def _spread_value(page: Any, field: dict[str, Any], value: bytes, note: bool) -> Widget:
    """Return a text field without an appearance: its value's words side by side, as a viewer would print them."""
    rect = _rect(field)
    words = clean(decode_text(value)).split()
    left, top = rect[0] - page.cropbox[0], page.page_obj.mediabox[3] - rect[3] - page.cropbox[1]
    step, height = (rect[2] - rect[0]) / max(len(words), 1), rect[3] - rect[1]
    widths = [min(step, _LETTER * height * len(word)) for word in words]
    places = [(left + step * at, top, left + step * at + width, top + height) for at, width in enumerate(widths)]
    return Widget(rect, tuple(Word(text, box) for text, box in zip(words, places, strict=True)), note=note)


def _rect(field: dict[str, Any]) -> Box:
    numbers = [float(resolve1(number)) for number in resolve1(field["Rect"])]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def _read_appearance(page: Any, field: dict[str, Any], appearance: PDFStream, note: bool) -> Widget:
    rect = _rect(field)
    letters = _letters(page, appearance, _placing(appearance, rect))
    return Widget(rect, tuple(_join_letters(letters)), not note and _kind(field) == "Sig", note)


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
