"""DOCX: paragraphs, tables, boxes and notes in the order in which a reader meets them on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipeline.config import ReadSettings
from pipeline.document import Line, Page, Source, Word
from pipeline.language import clean, fold
from pipeline.language.page import page_pattern
from pipeline.read.numbering import Label, Numbering, read_numbering
from pipeline.read.ooxml import Element, Package, choose, mc, open_package, w
from pipeline.read.pictures import Picture, find_picture, read_pictures
from pipeline.read.runs import Flow, Story, tell_encodings, tell_endless
from pipeline.read.styles import Styles, is_on, nearest, read_styles
from pipeline.read.tables import order_cells

_TRANSPARENT = frozenset(w(name) for name in ("ins", "moveTo", "customXml", "smartTag", "sdtContent", "body"))
_EMBEDDED = "a part of the document is an embedded file and was not read"


def read_docx(source: Source, settings: ReadSettings) -> tuple[Page, ...]:
    """Read a DOCX as one page without geometry, each line of it a paragraph; pictures of pages are pages for OCR."""
    package = open_package(source.data, settings)
    with package.archive:
        root = package.body()
        body = _Body.of(package)
        body.story.coded = tell_encodings(root, body.styles)
        body.story.endless = tell_endless(root)
        body.marks(package.parts("header"))
        body.walk(root)
        return _pages(body, package, settings)


def _pages(body: _Body, package: Package, settings: ReadSettings) -> tuple[Page, ...]:
    """Return the text, with the pages that are pictures where they stand in it."""
    letters = sum(letter.isalpha() for line in body.lines for letter in line.text)
    scans, warnings = read_pictures((picture for _, picture in body.pictures), letters, package, settings)
    pages: list[Page] = []
    done = 0
    for end, picture in body.pictures:
        scan = scans.pop(picture.name, None)
        if scan is not None:
            pages += [Page(None, tuple(body.lines[done:end])), scan]
            done = end
    pages.append(Page(None, tuple(body.lines[done:]), warnings=tuple(dict.fromkeys(body.warnings + warnings))))
    return tuple(page for page in pages if page.lines or page.picture or page.warnings or len(pages) == 1)


@dataclass(slots=True)
class _Body:
    """The walk through the main story; `block` goes up at each table cell and text box."""

    package: Package
    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], Element]
    lines: list[Line] = field(default_factory=list)
    pictures: list[tuple[int, Picture]] = field(default_factory=list)
    """Each picture, and how many lines stand before it."""
    warnings: list[str] = field(default_factory=list)
    block: int = 0
    story: Story = field(default_factory=Story)
    held: list[Flow] = field(default_factory=list)
    """Paragraphs without a mark, which run on into the next; `labelled` when the first of them has its number."""
    labelled: bool = False

    @classmethod
    def of(cls, package: Package) -> _Body:
        root = package.part("styles")
        notes = {
            (kind, note.get(w("id"), "")): note
            for kind in ("footnotes", "endnotes")
            for part in package.parts(kind)
            for note in part
        }
        return cls(package, read_styles(root), read_numbering(package.part("numbering"), root), notes)

    def marks(self, headers: list[Element]) -> None:
        """Take from the page headers what is stamped there, such as how urgent the document is, and nothing else."""
        seen = {text for header in headers for text in self._texts(header)}
        stamped = sorted(text for text in seen if page_pattern("marks").fullmatch(fold(text)))
        self.lines += [Line(tuple(map(Word, text.split())), self.block, centred=True) for text in stamped]
        self.block += bool(stamped)

    def _texts(self, part: Element) -> Iterator[str]:
        """Yield what each paragraph and each drawn lettering of `part` says, aside from the story itself."""
        story = Story(self.story.coded, endless=tell_endless(part))
        for paragraph in part.iter(w("p")):
            flow = story.read(paragraph, self.styles)
            for text in (flow.text, *(box.get("string", "") for box in flow.boxes)):
                yield " ".join(clean(text).split())

    def walk(self, parent: Element) -> None:
        for child in _blocks(parent):
            if child.tag == w("p"):
                self.paragraph(child)
            elif child.tag == w("tbl"):
                self._release()
                self.table(child)
            elif child.tag == w("altChunk"):
                self.warnings.append(_EMBEDDED)
        self._release()

    def table(self, table: Element) -> None:
        for cell in order_cells(table, lambda cell: "\n".join(self._texts(cell))):
            self.block += 1
            self.walk(cell)
        self.block += 1

    def paragraph(self, paragraph: Element) -> None:
        properties = paragraph.find(w("pPr"))
        flow = self.story.read(paragraph, self.styles)
        if self._is_mark_hidden(properties):
            if flow != Flow(flow.text) or flow.text.strip():  # a paragraph that is hidden whole is not even counted
                label = self._label(properties)
                self.labelled = self.labelled or bool(label)
                self.held.append(replace(flow, text=label + flow.text))
        elif _runs_on(properties):
            self.held.append(flow)
        else:
            label = self._label(properties)
            chain = self.styles.paragraph_chain(properties)
            self._emit(flow, "" if self.labelled else label, centred=nearest(chain, "jc") == "center")

    def _release(self) -> None:
        """Print what waits for a paragraph that does not come."""
        if self.held:
            self._emit(Flow(), "", centred=False)

    def _emit(self, flow: Flow, label: str, *, centred: bool) -> None:
        flow = Flow.join([*self.held, flow])
        self.held, self.labelled = [], False
        self._print(label + flow.text if flow.text.strip() else "", centred=centred)
        found = (find_picture(shape, self.package) for shape in flow.pictures)
        self.pictures += [(len(self.lines), picture) for picture in found if picture is not None]
        for note in flow.notes:
            self._note(note)
        for box in flow.boxes:
            self.block += 1
            self._print(box.get("string", ""), centred=True)
            self.walk(box)
            self.block += 1

    def _is_mark_hidden(self, properties: Element | None) -> bool:
        return is_on(self.styles.run_chain(properties, properties), "vanish")

    def _label(self, properties: Element | None) -> str:
        return self.story.label(self._count(properties), properties, self.styles)

    def _count(self, properties: Element | None) -> Label:
        chain = self.styles.paragraph_chain(properties)
        found = next((item.find(w("numPr")) for item in chain if item.find(w("numPr")) is not None), None)
        number = next((n for item in chain if (n := _number(item)) is not None), None)
        if found is None or number in {None, "0"}:
            return Label()
        depth = nearest([item for item in (c.find(w("numPr")) for c in chain) if item is not None], "ilvl")
        if depth is None or not depth.isdecimal():
            level = self.numbering.level_of_style(str(number), self.styles.ids(properties))
            return self.numbering.next_label(str(number), level)
        return self.numbering.next_label(str(number), int(depth))

    def _note(self, key: tuple[str, str]) -> None:
        note = self.notes.pop(key, None)  # a note that refers to itself is read once
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
            chosen = choose(child)
            if chosen is not None:
                yield from _blocks(chosen)
        elif child.tag in {w("p"), w("tbl"), w("altChunk")}:
            yield child


def _number(properties: Element) -> str | None:
    number = properties.find(f"{w('numPr')}/{w('numId')}")
    return number.get(w("val")) if number is not None else None


def _runs_on(properties: Element | None) -> bool:
    """Tell whether a paragraph is one with the next: its mark is deleted, or it is only a dropped capital."""
    if properties is None:
        return False
    mark = properties.find(w("rPr"))
    if mark is not None and (mark.find(w("del")) is not None or mark.find(w("moveFrom")) is not None):
        return True
    frame = properties.find(w("framePr"))
    return frame is not None and frame.get(w("dropCap"), "none") != "none"


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
