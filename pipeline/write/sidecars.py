"""Sidecars of a scan: its words with their places, as hOCR and as ALTO."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.document import Box, Document, Page, Word, enclose

_XHTML: dict[Any, str] = {None: "http://www.w3.org/1999/xhtml"}
_ALTO: dict[Any, str] = {None: "http://www.loc.gov/standards/alto/ns-v4#"}
_DPI = 300
"""hOCR counts pixels; a picture of this resolution is meant."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A fixed page with its lines in reading order; size and boxes are in points, those of the page as `turned`."""

    number: int
    width: float
    height: float
    lines: tuple[tuple[Word, ...], ...]
    turned: int = 0
    scanned: bool = True

    @property
    def text(self) -> str:
        """The words, a line feed behind each line."""
        return "".join(" ".join(word.text for word in line) + "\n" for line in self.lines)


def lay_out(document: Document, pages: tuple[Page, ...]) -> tuple[Sheet, ...]:
    """Return the pages of a scan with the words of its text, in the order of the text."""
    found: dict[int, list[list[Word]]] = {page.number: [] for page in pages if page.number is not None}
    last: tuple[int, Box] | None = None
    for placed in document.words:
        word, page = placed.word, placed.page
        if page is None or word.box is None:
            continue
        if last is not None and last[0] == page and _goes_on(last[1], word.box):
            found[page][-1].append(word)
        else:
            found[page].append([word])
        last = (page, word.box)
    return tuple(
        Sheet(p.number, p.width or 0.0, p.height or 0.0, _lines(found[p.number]), p.turned, p.origin == "ocr")
        for p in pages
        if p.number is not None
    )


def _lines(found: list[list[Word]]) -> tuple[tuple[Word, ...], ...]:
    return tuple(tuple(line) for line in found)


def _goes_on(before: Box, box: Box) -> bool:
    """Tell whether a word stands on the line of the word before it, to the right."""
    overlap = min(before[3], box[3]) - max(before[1], box[1])
    return overlap > 0.4 * min(before[3] - before[1], box[3] - box[1]) and box[0] >= before[0]


def line_box(line: tuple[Word, ...]) -> Box:
    """Return the smallest box around a line's words."""
    return enclose([word.box for word in line if word.box is not None])


def to_hocr(sheets: tuple[Sheet, ...]) -> bytes:
    """Return the words as hOCR, in pixels at 300 dots per inch."""
    html = etree.Element("html", {"lang": "vi"}, nsmap=_XHTML)
    head = etree.SubElement(html, "head")
    etree.SubElement(head, "title").text = "chidao"
    etree.SubElement(head, "meta", {"name": "ocr-system", "content": "chidao"})
    etree.SubElement(head, "meta", {"name": "ocr-capabilities", "content": "ocr_page ocr_line ocrx_word"})
    body = etree.SubElement(html, "body")
    for sheet in sheets:
        size = (0.0, 0.0, sheet.width, sheet.height)
        title = f"{_pixels(size)}; ppageno {sheet.number - 1}"
        page = etree.SubElement(body, "div", {"class": "ocr_page", "id": f"page_{sheet.number}", "title": title})
        for index, line in enumerate(sheet.lines, 1):
            _add_hocr_line(page, f"{sheet.number}_{index}", line)
    return _serialise(html)


def _add_hocr_line(page: etree._Element, name: str, line: tuple[Word, ...]) -> None:
    span = etree.SubElement(page, "span", {"class": "ocr_line", "id": f"line_{name}", "title": _pixels(line_box(line))})
    for index, word in enumerate(line, 1):
        title = f"{_pixels(word.box or (0, 0, 0, 0))}; x_wconf {round(100 * _confidence(word))}"
        item = etree.SubElement(span, "span", {"class": "ocrx_word", "id": f"word_{name}_{index}", "title": title})
        item.text, item.tail = word.text, " "


def _pixels(box: Box) -> str:
    return "bbox " + " ".join(str(round(side / 72 * _DPI)) for side in box)


def to_alto(sheets: tuple[Sheet, ...], file_name: str) -> bytes:
    """Return the words as ALTO 4, in tenths of millimetres."""
    alto = etree.Element("alto", nsmap=_ALTO)
    description = etree.SubElement(alto, "Description")
    etree.SubElement(description, "MeasurementUnit").text = "mm10"
    source = etree.SubElement(description, "sourceImageInformation")
    etree.SubElement(source, "fileName").text = file_name
    layout = etree.SubElement(alto, "Layout")
    for sheet in sheets:
        size = {"WIDTH": _tenths(sheet.width), "HEIGHT": _tenths(sheet.height)}
        number = str(sheet.number)
        page = etree.SubElement(layout, "Page", {"ID": f"page_{number}", "PHYSICAL_IMG_NR": number, **size})
        space = etree.SubElement(page, "PrintSpace", {"HPOS": "0", "VPOS": "0", **size})
        if sheet.lines:
            whole = enclose([line_box(line) for line in sheet.lines])
            block = etree.SubElement(space, "TextBlock", {"ID": f"block_{number}", **_place(whole)})
            for index, line in enumerate(sheet.lines, 1):
                _add_alto_line(block, f"{number}_{index}", line)
    return _serialise(alto)


def _add_alto_line(block: etree._Element, name: str, line: tuple[Word, ...]) -> None:
    row = etree.SubElement(block, "TextLine", {"ID": f"line_{name}", **_place(line_box(line))})
    for index, word in enumerate(line, 1):
        if index > 1:
            etree.SubElement(row, "SP")
        content = {"ID": f"word_{name}_{index}", "CONTENT": word.text, "WC": f"{_confidence(word):.2f}"}
        etree.SubElement(row, "String", {**content, **_place(word.box or (0, 0, 0, 0))})


def _place(box: Box) -> dict[str, str]:
    left, top, right, bottom = box
    sides: Iterator[str] = map(_tenths, (left, top, right - left, bottom - top))
    return dict(zip(("HPOS", "VPOS", "WIDTH", "HEIGHT"), sides, strict=True))


def _tenths(points: float) -> str:
    return f"{points / 72 * 254:.1f}"


def _confidence(word: Word) -> float:
    return 1.0 if word.confidence is None else word.confidence


def _serialise(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=False)
