"""DOCX: paragraphs, tables, boxes and notes in the order in which a reader meets them on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.config import ReadSettings
from pipeline.document import Line, Page, Source, Word
from pipeline.language import clean, fold
from pipeline.language.page import page_pattern
from pipeline.read.numbering import Numbering, read_numbering
from pipeline.read.ooxml import Element, Package, mc, open_package, w
from pipeline.read.runs import Flow, Story, tell_encodings
from pipeline.read.styles import Styles, nearest, read_styles
from pipeline.read.tables import order_cells

_TRANSPARENT = frozenset(w(name) for name in ("ins", "moveTo", "customXml", "smartTag", "sdtContent", "body"))
_EMBEDDED = "a part of the document is an embedded file and was not read"


def read_docx(source: Source, settings: ReadSettings) -> tuple[Page, ...]:
    """Read a DOCX as one page without geometry, each line of it a paragraph."""
    package = open_package(source.data, settings)
    with package.archive:
        root = package.body()
        body = _Body.of(package)
        body.story.coded = tell_encodings(root, body.styles)
        body.marks(package.parts("header"))
        body.walk(root)
        return (Page(None, tuple(body.lines), warnings=tuple(dict.fromkeys(body.warnings))),)


@dataclass(slots=True)
class _Body:
    """The walk through the main story; `block` goes up at each table cell and text box."""

    styles: Styles
    numbering: Numbering
    notes: dict[str, Element]
    lines: list[Line] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    block: int = 0
    story: Story = field(default_factory=Story)
    held: list[Flow] = field(default_factory=list)

    @classmethod
    def of(cls, package: Package) -> _Body:
        root = package.part("styles")
        notes = package.part("footnotes")
        return cls(
            read_styles(root),
            read_numbering(package.part("numbering"), root),
            {note.get(w("id"), ""): note for note in notes} if notes is not None else {},
        )

    def marks(self, headers: list[Element]) -> None:
        """Take from the page headers what is stamped there, such as how urgent the document is, and nothing else."""
        seen = {
            " ".join(clean(self.story.read(paragraph, self.styles).text).split())
            for header in headers
            for paragraph in header.iter(w("p"))
        }
        stamped = sorted(text for text in seen if page_pattern("marks").fullmatch(fold(text)))
        self.lines += [Line(tuple(map(Word, text.split())), self.block, centred=True) for text in stamped]
        self.block += bool(stamped)

    def walk(self, parent: Element) -> None:
        for child in _blocks(parent):
            if child.tag == w("p"):
                self.paragraph(child)
            elif child.tag == w("tbl"):
                self.table(child)
            elif child.tag == w("altChunk"):
                self.warnings.append(_EMBEDDED)

    def table(self, table: Element) -> None:
        for cell in order_cells(table):
            self.block += 1
            self.walk(cell)
        self.block += 1

    def paragraph(self, paragraph: Element) -> None:
        properties = paragraph.find(w("pPr"))
        flow = self.story.read(paragraph, self.styles)
        if _is_mark_deleted(properties):
            self.held.append(flow)  # without its mark the paragraph runs on into the next one
            return
        flow = Flow.join([*self.held, flow])
        self.held = []
        chain = self.styles.paragraph_chain(properties)
        label = self._label(properties, chain)
        self._print(label + flow.text if flow.text.strip() else "", centred=nearest(chain, "jc") == "center")
        for note in flow.notes:
            self._note(note)
        for box in flow.boxes:
            self.block += 1
            self.walk(box)
            self.block += 1

    def _label(self, properties: Element | None, chain: list[Element]) -> str:
        found = next((item.find(w("numPr")) for item in chain if item.find(w("numPr")) is not None), None)
        number = next((n for item in chain if (n := _number(item)) is not None), None)
        if found is None or number in {None, "0"}:
            return ""
        depth = nearest([item for item in (c.find(w("numPr")) for c in chain) if item is not None], "ilvl")
        style = self.styles.style_of(properties)
        if depth is None or not depth.isdecimal():
            return self.numbering.next_label(str(number), self.numbering.level_of_style(str(number), style or ""))
        return self.numbering.next_label(str(number), int(depth))

    def _note(self, number: str) -> None:
        note = self.notes.pop(number, None)  # a note that refers to itself is read once
        if note is not None:
            self.walk(note)

    def _print(self, text: str, *, centred: bool) -> None:
        for row in _mend_breaks(text, centred=centred):
            words = tuple(Word(word) for word in clean(row).split())
            if words:
                self.lines.append(Line(words, self.block, centred))


def _blocks(parent: Element) -> Iterator[Element]:
    """Yield paragraphs and tables, through content controls and tracked insertions, not through deletions."""
    for child in parent:
        if child.tag in _TRANSPARENT or child.tag == w("sdt"):
            yield from _blocks(child)
        elif child.tag == mc("AlternateContent"):
            choice = child.find(mc("Choice"))
            yield from _blocks(choice if choice is not None else child.find(mc("Fallback")) or child)
        elif child.tag in {w("p"), w("tbl"), w("altChunk")}:
            yield child


def _number(properties: Element) -> str | None:
    number = properties.find(f"{w('numPr')}/{w('numId')}")
    return number.get(w("val")) if number is not None else None


def _is_mark_deleted(properties: Element | None) -> bool:
    mark = properties.find(w("rPr")) if properties is not None else None
    return mark is not None and (mark.find(w("del")) is not None or mark.find(w("moveFrom")) is not None)


def _mend_breaks(text: str, *, centred: bool) -> list[str]:
    """Cut at line breaks, except where they only wrap a sentence of running text."""
    rows: list[str] = []
    for row in text.split("\n"):
        runs_on = rows and not centred and rows[-1].rstrip()[-1:] not in set(".:;!?") and row.lstrip()[:1].islower()
        if runs_on:
            rows[-1] += " " + row
        else:
            rows.append(row)
    return rows
