"""Sets a notice as a DOCX in the prescribed form: head table, centred title, justified body, foot table.

A development tool: it needs python-docx, which the product itself does not.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, cast

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

# What may follow a border in a paragraph's properties; the order is the format's.
AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")
FONT = "Times New Roman"
NATION = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
LABEL = re.compile(r"(?P<label>[IVX]+\.|\d+\.\d+\.|\d+\.|[a-zđ]\)|[-+])\s+(?P<text>.+)")
HEADING = re.compile(r"(?:[IVX]+\.|\d+(?:\.\d+)*[.-])\s.*[^.;:,…/]$")
# The levels of the one list that automatic numbering uses: number format, text, left indent in millimetres.
LEVELS = (
    ("upperRoman", "%1."),
    ("decimal", "%2."),
    ("decimal", "%2.%3."),
    ("lowerLetter", "%4)"),
    ("bullet", "-"),
    ("bullet", "+"),
)
_ZIP_TIME = (2000, 1, 1, 0, 0, 0)


class Layout(BaseModel):
    """The parts of a notice as they stand on the paper, line by line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    left_header: list[str]
    number_line: str
    marks: list[str] = []
    right_header: list[str] = NATION
    place_date: str
    title: list[str]
    body: list[str]
    recipients: list[str]
    signature: list[str]
    signer: str


def set_notice(layout: Layout, *, upper: int = 0, numbered: bool = False) -> bytes:
    """Return `layout` as the bytes of a DOCX file.

    Args:
        layout: the notice.
        upper: how many lines of the left head name the parent body; they are not bold.
        numbered: whether labels are automatic list numbers, so that they are not in the paragraphs' text.
    """
    document = docx.Document()
    _set_page(document)
    _set_head(document, layout, upper)
    _set_title(document, layout.title)
    _set_body(document, layout.body, numbered=numbered)
    _set_foot(document, layout)
    return _save(document)


def number_labels(body: list[str]) -> Iterator[tuple[int | None, str]]:
    """Yield each paragraph with the list level that numbers it, or None where its label must be typed.

    >>> list(number_labels(["1. Một", "a) Hai", "đ) Ba", "Bốn"]))
    [(1, 'Một'), (3, 'Hai'), (None, 'đ) Ba'), (None, 'Bốn')]
    """
    counts = [0] * len(LEVELS)
    for paragraph in body:
        match = LABEL.fullmatch(paragraph)
        level = _level(match["label"]) if match else None
        if match is None or level is None:
            yield None, paragraph
            continue
        ahead = [*counts[:level], counts[level] + 1, *[0] * (len(LEVELS) - level - 1)]
        if _label(level, ahead) != match["label"]:
            yield None, paragraph
            continue
        counts = ahead
        yield level, match["text"]


def _level(label: str) -> int | None:
    forms = (r"[IVX]+\.", r"\d+\.", r"\d+\.\d+\.", r"[a-z]\)", r"-", r"\+")
    return next((level for level, form in enumerate(forms) if re.fullmatch(form, label)), None)


def _label(level: int, counts: list[int]) -> str:
    roman = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    number = counts[level]
    made = {
        0: f"{roman[number] if number < len(roman) else number}.",
        1: f"{number}.",
        2: f"{counts[1]}.{number}.",
        3: f"{chr(ord('a') + number - 1)})",
    }
    return made.get(level, LEVELS[level][1])


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(17)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)
    _add_page_number(section.header.paragraphs[0])


def _add_page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = ALIGN.CENTER
    field = _element("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no call for fields


def _write(paragraph: Paragraph, text: str, size: float, style: str = "", alignment: ALIGN = ALIGN.CENTER) -> Paragraph:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.bold, run.italic = "b" in style, "i" in style
    paragraph.alignment = alignment
    return paragraph


def _next(cell: _Cell) -> Paragraph:
    """Return the cell's first paragraph while it is still empty, else a new one."""
    first: Paragraph = cell.paragraphs[0]
    return cell.add_paragraph() if first.text or len(cell.paragraphs) > 1 else first


def _rule(paragraph: Paragraph, indent: float) -> None:
    """Make `paragraph` a thin line, `indent` millimetres short at both ends."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm(indent)
    form.space_before, form.line_spacing = Pt(2), Pt(4)
    _border(paragraph, ("top",))


def _border(paragraph: Paragraph, sides: tuple[str, ...]) -> None:
    borders = _element("w:pBdr")
    for side in sides:
        line = _element(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    _insert(paragraph, borders, AFTER_BORDERS)


def _insert(paragraph: Paragraph, element: BaseOxmlElement, successors: tuple[str, ...]) -> None:
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no call for these properties
    properties.insert_element_before(element, *successors)


def _add_columns(document: Document, left: float, right: float) -> tuple[_Cell, _Cell]:
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, (left, right), strict=True):
        column.width = Mm(width)
        column.cells[0].width = Mm(width)
    return table.rows[0].cells[0], table.rows[0].cells[1]


def _set_head(document: Document, layout: Layout, upper: int) -> None:
    left, right = _add_columns(document, 70, 100)
    for place, line in enumerate(layout.left_header):
        _write(_next(left), line, 12 if place < upper else 12.5, "" if place < upper else "b")
    if layout.left_header[-1] != "*":
        _rule(left.add_paragraph(), 22)
    _write(left.add_paragraph(), layout.number_line, 13)
    for mark in layout.marks:
        _set_mark(left.add_paragraph(), mark)
    _set_nation(right, layout)


def _set_nation(cell: _Cell, layout: Layout) -> None:
    _write(_next(cell), layout.right_header[0], 12.5 if len(layout.right_header) > 1 else 14, "b")
    for line in layout.right_header[1:]:
        _write(cell.add_paragraph(), line, 13.5, "b")
    _rule(cell.add_paragraph(), 18)
    place = _write(cell.add_paragraph(), layout.place_date, 13.5, "i")
    place.paragraph_format.space_before = Pt(2)


def _set_mark(paragraph: Paragraph, mark: str) -> None:
    _write(paragraph, mark, 14, "b")
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm(16)
    form.space_before = Pt(8)
    _border(paragraph, ("top", "left", "bottom", "right"))


def _set_title(document: Document, title: list[str]) -> None:
    for place, line in enumerate(title):
        paragraph = _write(document.add_paragraph(), line, 14, "b")
        paragraph.paragraph_format.space_before = Pt(0 if place else 16)
    _rule(document.add_paragraph(), 62)


def _set_body(document: Document, body: list[str], *, numbered: bool) -> None:
    parts = number_labels(body) if numbered else ((None, paragraph) for paragraph in body)
    if numbered:
        _add_list(document)
    for (level, text), printed in zip(parts, body, strict=True):
        heading = HEADING.match(printed) is not None
        paragraph = _write(document.add_paragraph(), text, 14, "b" if heading else "", ALIGN.JUSTIFY)
        form = paragraph.paragraph_format
        form.keep_with_next = heading
        form.space_before, form.line_spacing = Pt(6), 1.08
        form.first_line_indent = Mm(12.7)
        if level is not None:
            _number(paragraph, level, bold=heading)


def _add_list(document: Document) -> None:
    """Add the one multi-level list, as abstract list and list number 90."""
    abstract = _element("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "90")
    abstract.append(_value("w:multiLevelType", "multilevel"))
    for level, (form, text) in enumerate(LEVELS):
        abstract.append(_make_level(level, form, text))
    number = _element("w:num")
    number.set(qn("w:numId"), "90")
    number.append(_value("w:abstractNumId", "90"))
    numbering = document.part.numbering_part.element
    numbering.insert(0, abstract)
    numbering.append(number)


def _make_level(level: int, form: str, text: str) -> BaseOxmlElement:
    element = _element("w:lvl")
    element.set(qn("w:ilvl"), str(level))
    for name, value in (("start", "1"), ("numFmt", form), ("suff", "space"), ("lvlText", text), ("lvlJc", "left")):
        element.append(_value(f"w:{name}", value))
    return element


def _element(name: str) -> BaseOxmlElement:
    return cast("BaseOxmlElement", OxmlElement(name))


def _value(name: str, value: str) -> BaseOxmlElement:
    element = _element(name)
    element.set(qn("w:val"), value)
    return element


def _number(paragraph: Paragraph, level: int, *, bold: bool) -> None:
    """Number `paragraph`; the label takes the look of the paragraph's end mark."""
    number = _element("w:numPr")
    number.append(_value("w:ilvl", str(level)))
    number.append(_value("w:numId", "90"))
    _insert(paragraph, number, ("w:pBdr", *AFTER_BORDERS))
    if bold:
        mark = _element("w:rPr")
        mark.append(_element("w:b"))
        _insert(paragraph, mark, ())


def _set_foot(document: Document, layout: Layout) -> None:
    gap = document.add_paragraph()
    gap.paragraph_format.line_spacing = Pt(10)
    left, right = _add_columns(document, 84, 84)
    _write(_next(left), "Nơi nhận:", 12, "bi", ALIGN.LEFT)
    for line in layout.recipients:
        _write(left.add_paragraph(), line, 11, "", ALIGN.LEFT)
    for line in layout.signature:
        _write(_next(right), line, 13.5, "b")
    signer = _write(right.add_paragraph(), layout.signer, 14, "b")
    signer.paragraph_format.space_before = Pt(72)
    _keep_together(left, right)


def _keep_together(*cells: _Cell) -> None:
    """Keep the foot on one page, as a clerk would."""
    for cell in cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _save(document: Document) -> bytes:
    """Return the file's bytes; the same document gives the same bytes."""
    moment = dt.datetime(*_ZIP_TIME, tzinfo=dt.UTC)
    properties = document.core_properties
    properties.author = properties.last_modified_by = "chidao"
    properties.created = properties.modified = moment.replace(tzinfo=None)
    made = io.BytesIO()
    document.save(made)
    fixed = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _ZIP_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
