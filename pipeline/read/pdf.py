"""PDF: words of the text layer where there is a real one, else a picture of the page for OCR."""

from __future__ import annotations

import io
import itertools
import logging
import operator
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import PDFStream, resolve1, stream_value
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from pipeline.config import ReadSettings
from pipeline.document import Box, Line, Page, Source, Word
from pipeline.errors import PortfolioError
from pipeline.language import clean
from pipeline.language.legacy import Run, coded_fonts, decode_letters, tell_font
from pipeline.language.syllables import share_of_syllables
from pipeline.read.bounded import lay_out
from pipeline.read.limits import check_inflation, check_page_size
from pipeline.read.paper import draw_page, page_sizes
from pipeline.read.ruled import find_cells
from pipeline.read.symbols import mend_symbols
from pipeline.read.turning import describe_turn, tell_turn, turn_box, turn_chars, turn_size, turn_word
from pipeline.read.visible import mark_letters, seen_letters
from pipeline.read.widgets import Widget, read_widgets, stamp_rects

_LOGGER = logging.getLogger(__name__)
logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of trifles, thousands of times in one damaged file

PARSER_ERRORS = (
    MalformedPDFException, PdfminerException, PDFException, PSException, AssertionError, AttributeError, EOFError,
    IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError, ZeroDivisionError, struct.error,
    zlib.error,
)  # fmt: skip
"""What pdfminer raises on damaged pages; it has no common base for them."""

_MARKED = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_LEAST_SHARE, _LEAST_SHARE_SHORT = 0.08, 0.04
"""Shares of marked letters that divide Vietnamese from the garbage of careless OCR, on whole and on short pages."""
_SHORT = 200
_UNMAPPED = re.compile(r"\(cid:\d+\)|\ufffd")
_MOST_UNMAPPED = 0.02

_LEAST_SYLLABLES = 0.85
"""Of the words of an invisible text layer, so many must be possible syllables; of true text, 0.95 and more are."""

_NO_TEXT = "page {}: no text layer; read by OCR"
_GARBAGE = "page {}: the text layer is unusable (not Vietnamese); read by OCR"
_POOR = "page {}: the invisible text layer, made by other OCR, is of poor quality; read by OCR"
_FILLED = "page {}: read from form or signature fields, which lie over the page: {}"
_NOTED = "page {}: read from notes or stamps put over the page: {}"
_ASLANT = "page {}: left out, as it is printed aslant: {}"
_MOST_QUOTED = 80
_FIRST_NOTE = 10
_UNREADABLE = "page {}: the text layer is damaged; read by OCR"


def read_pdf(source: Source, settings: ReadSettings) -> tuple[Page, ...]:
    """Read a PDF page by page."""
    sizes = page_sizes(source.data, settings)
    for width, height in sizes:
        check_page_size(width, height)
    layers = _text_layers(source.data, len(sizes), settings)
    return tuple(
        _page(number, size, layer, source.data, settings)
        for number, (size, layer) in enumerate(zip(sizes, layers, strict=True), 1)
    )


@dataclass(frozen=True, slots=True)
class _Layer:
    """A page's text layer, where stamps of digital signatures lie over it, and whether the page holds pictures.

    `turn` is by how many degrees its print had to be turned. `damaged` is True where it cannot be parsed, `hidden`
    where the print is invisible, as that of a scanner's own OCR. `cells` are the boxes of ruled tables, and `said` are
    warnings, to be filled with the page's number.
    """

    lines: tuple[Line, ...] = ()
    stamps: tuple[Box, ...] = ()
    pictured: bool = False
    turn: int = 0
    damaged: bool = False
    hidden: bool = False
    cells: tuple[Box, ...] = ()
    said: tuple[tuple[str, str], ...] = ()


def _text_layers(data: bytes, count: int, settings: ReadSettings) -> list[_Layer]:
    """Return every page's text layer; a file that pdfminer cannot open at all goes to OCR whole."""
    left = settings.max_unpacked
    layers = []
    for page in _open_pages(data)[:count]:
        left = _check_contents(page, left)
        layers.append(_text_layer(page))
        page.close()
    return layers + [_Layer(damaged=True)] * (count - len(layers))


def _open_pages(data: bytes) -> list[Any]:
    """Return pdfplumber's pages, none when it cannot find them; closing it would look for them again."""
    try:
        document = pdfplumber.open(io.BytesIO(data))
        is_portfolio = "Collection" in document.doc.catalog
        pages = list(document.pages)
    except PARSER_ERRORS as error:
        _LOGGER.info("no text layer: %s", error)
        return []
    if is_portfolio:
        raise PortfolioError("this is a PDF portfolio, a case for other files", "save its files one by one")
    return pages


def _check_contents(page: Any, left: int) -> int:
    """Count what the page's packed contents unpack to, before a parser holds all of it in memory."""
    try:
        streams = [stream_value(item) for item in page.page_obj.contents]
        packed = [stream.rawdata for stream in streams if _is_flate(stream)]
    except PARSER_ERRORS:
        return left
    for raw in packed:
        left = check_inflation(raw or b"", left)
    return left


def _is_flate(stream: PDFStream) -> bool:
    return any("Flate" in str(resolve1(name)) or str(resolve1(name)) == "/'Fl'" for name, _ in stream.get_filters())


def _text_layer(page: Any) -> _Layer:
    try:
        lay_out(page)
        page.cropbox = _visible_box(page)
        mark_letters(page)
        _decode_letters(page)
        size = (float(page.cropbox[2] - page.cropbox[0]), float(page.cropbox[3] - page.cropbox[1]))
        turn = tell_turn(page.chars)
        _place_letters(page, turn, size)
        seen = seen_letters(page, turn_size(size, turn), turn)
        page.objects["char"] = seen.letters
        found = page.extract_words(x_tolerance_ratio=0.16, y_tolerance=3, extra_attrs=["ink"])
        widgets = read_widgets(page)
        filled = [[turn_word(word, turn, *size) for word in widget.filled] for widget in widgets]
        return _Layer(
            lines=(*_lines(found), *_filled_lines(widgets, filled)),
            stamps=tuple(stamp_rects(widgets)),
            pictured=bool(page.images),
            turn=turn,
            hidden=seen.hidden,
            cells=tuple(sorted((turn_box(cell, turn, *size) for cell in find_cells(page)), key=_cell_order)),
            said=tuple(_say(widgets, seen.aslant)),
        )
    except PARSER_ERRORS as error:
        _LOGGER.info("page %s: text layer damaged: %s", page.page_number, error)
        return _Layer(damaged=True)


def _visible_box(page: Any) -> Box:
    """Return which part of a page is seen: its crop box as far as the paper goes."""
    crop, paper = page.cropbox, page.mediabox
    return max(crop[0], paper[0]), max(crop[1], paper[1]), min(crop[2], paper[2]), min(crop[3], paper[3])


def _cell_order(cell: Box) -> tuple[int, float]:
    return round(cell[1]), cell[0]


def _say(widgets: list[Widget], aslant: str) -> Iterator[tuple[str, str]]:
    """Yield the warnings of a page: what was read from over it, and what was left out."""
    for said, notes in ((_FILLED, False), (_NOTED, True)):
        words = [word.text for widget in widgets if widget.note == notes for word in widget.filled]
        if words:
            yield said, " ".join(words)
    if aslant:
        yield _ASLANT, aslant if len(aslant) <= _MOST_QUOTED else aslant[:_MOST_QUOTED] + " …"


def _decode_letters(page: Any) -> None:
    """Turn the letters of a page in a legacy encoding into Unicode, before words are made of them."""
    if not any(tell_font(char["fontname"]) for char in page.chars):
        return
    groups = [list(group) for _, group in itertools.groupby(page.chars, key=operator.itemgetter("fontname"))]
    runs = [Run("".join((char["text"] or " ")[0] for char in group), group[0]["fontname"]) for group in groups]
    around = coded_fonts(runs)
    for run, group in zip(runs, groups, strict=True):
        before: dict[str, Any] = {}
        for char, letter in zip(group, decode_letters(run, around), strict=True):
            if letter or not before:
                before = char
            else:
                before["x1"] = max(before["x1"], char["x1"])  # a mark printed beside its vowel
            char["text"] = letter + char["text"][1:]
    page.objects["char"] = [char for char in page.chars if char["text"]]


def _place_letters(page: Any, turn: int, size: tuple[float, float]) -> None:
    """Let the letters' places count from the corner of the visible page, as it stands upright."""
    left, top = page.cropbox[0], page.cropbox[1]
    for char in page.chars:
        char["x0"], char["x1"] = char["x0"] - left, char["x1"] - left
        char["top"], char["bottom"] = char["top"] - top, char["bottom"] - top
    if turn:
        turn_chars(page.chars, turn, *size)


def _lines(found: list[dict[str, Any]]) -> Iterator[Line]:
    """Yield each word as a line; those of each coloured ink are a block of their own, as stamps are."""
    inks = sorted({item["ink"] for item in found} - {""})
    for item in found:
        box = (item["x0"], item["top"], item["x1"], item["bottom"])
        block = inks.index(item["ink"]) + 1 if item["ink"] else None
        for text in clean(mend_symbols(item["text"])).split():
            yield Line((Word(text, box),), block)


def _filled_lines(widgets: list[Widget], filled: list[list[Word]]) -> Iterator[Line]:
    """Yield what lies over the page; each note or stamp is a block of its own, numbered after those of the inks."""
    for number, (widget, words) in enumerate(zip(widgets, filled, strict=True), _FIRST_NOTE):
        for word in words:
            yield Line((word,), number if widget.note else None)


def _page(number: int, size: tuple[float, float], layer: _Layer, data: bytes, settings: ReadSettings) -> Page:
    """Make the page of its text layer if that is usable, else of its picture."""
    reason = _reason_for_ocr(layer, settings)
    if reason is None:
        turned = (describe_turn(number, layer.turn),) if layer.turn else ()
        said = tuple(text.format(number, words) for text, words in layer.said)
        return Page(number, layer.lines, *turn_size(size, layer.turn), warnings=turned + said, cells=layer.cells)

    def picture(dpi: int) -> Any:
        return draw_page(data, number - 1, dpi, settings.max_pixels, layer.stamps)

    return Page(number, (), *size, origin="ocr", picture=picture, warnings=(reason.format(number),))


def _reason_for_ocr(layer: _Layer, settings: ReadSettings) -> str | None:
    """Say why a text layer is not used; None when it is."""
    if layer.damaged:
        return _UNREADABLE
    text = "".join(line.text for line in layer.lines)
    letters = sum(letter.isalpha() for letter in text)
    if letters < settings.min_page_letters:
        return _NO_TEXT if layer.pictured or not letters else None  # a scan is a picture; a short last page is not
    least = _LEAST_SHARE if letters >= _SHORT else _LEAST_SHARE_SHORT
    unmapped = len(_UNMAPPED.findall(text))
    if len(_MARKED.findall(text)) < least * letters or unmapped > _MOST_UNMAPPED * letters:
        return _GARBAGE
    if layer.hidden and share_of_syllables(" ".join(line.text for line in layer.lines)) < _LEAST_SYLLABLES:
        return _POOR
    return None
