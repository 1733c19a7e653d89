"""Runs: the text of one Word paragraph as printed, with the notes and boxes that hang on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.language.legacy import Encoding, Run, coded_fonts, decode_runs, tell_font
from pipeline.read.numbering import Label
from pipeline.read.ooxml import Element, choose, mc, w
from pipeline.read.styles import Styles, is_on
from pipeline.read.symbols import mend_symbols

_DROPPED = frozenset(
    w(name)
    for name in ("del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "ruby", "footnoteRef",
                 "endnoteRef", "annotationRef", "commentReference", "sdtPr", "sdtEndPr", "object")
)  # fmt: skip
_CHARACTERS = {
    w("tab"): " ",
    w("ptab"): " ",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "-",
    w("softHyphen"): "\u00ad",
}
_NOTES = {w("footnoteReference"): "footnotes", w("endnoteReference"): "endnotes"}
_FORMULA_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_VML = "{urn:schemas-microsoft-com:vml}"
_BOXES = frozenset({w("txbxContent"), f"{_VML}textpath"})
"""Where a drawing holds text: a text box, or the old kind of lettering that is drawn along a path."""
_PICTURES = frozenset({"{http://schemas.openxmlformats.org/drawingml/2006/main}blip", f"{_VML}imagedata"})


@dataclass(frozen=True, slots=True)
class Flow:
    """What one paragraph prints: its text, its notes by kind and id, and the text boxes and pictures anchored in it."""

    text: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    boxes: tuple[Element, ...] = ()
    pictures: tuple[Element, ...] = ()

    @classmethod
    def join(cls, flows: list[Flow]) -> Flow:
        """Return several paragraphs as one."""
        return cls(
            "".join(flow.text for flow in flows),
            tuple(note for flow in flows for note in flow.notes),
            tuple(box for flow in flows for box in flow.boxes),
            tuple(picture for flow in flows for picture in flow.pictures),
        )


@dataclass(slots=True)
class _Parts:
    runs: list[tuple[Run, bool]] = field(default_factory=list)
    """Each run, and whether it is set in capitals."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    pictures: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """Reads paragraph after paragraph; fields may begin in one and end in another, so their state is kept."""

    coded: frozenset[Encoding] = frozenset()
    """The legacy encodings in which the document is written."""
    fields: list[bool] = field(default_factory=list)
    """One entry for each open field: True while its code, not its result, goes by."""
    endless: frozenset[Element] = frozenset()
    """The beginnings of fields that never end; they would hide all that follows."""

    def read(self, paragraph: Element, styles: Styles) -> Flow:
        """Return what `paragraph` prints."""
        parts = _Parts()
        self._walk(paragraph, paragraph.find(w("pPr")), styles, parts)
        decoded = decode_runs([run for run, _ in parts.runs], self.coded)
        texts = (text.upper() if caps else text for text, (_, caps) in zip(decoded, parts.runs, strict=True))
        text = "".join(map(mend_symbols, texts))
        return Flow(text, tuple(parts.notes), tuple(parts.boxes), tuple(parts.pictures))

    def label(self, label: Label, properties: Element | None, styles: Styles) -> str:
        """Return a numbering label as printed: set like the paragraph's mark, unless its level says otherwise."""
        chain = styles.run_chain(properties, properties)  # a paragraph's own w:rPr sets its mark
        if label.properties is not None:
            if is_on([label.properties], "vanish"):
                return ""
            chain = [label.properties, *chain]
        text = "".join(decode_runs([Run(label.text, _font(chain))], self.coded))
        return text.upper() if _is_capital(chain) else text

    def _walk(self, parent: Element, properties: Element | None, styles: Styles, parts: _Parts) -> None:
        for child in parent:
            if child.tag in _DROPPED or not isinstance(child.tag, str):
                continue
            if child.tag == w("r"):
                self._run(child, properties, styles, parts)
            elif child.tag == mc("AlternateContent"):
                chosen = choose(child)
                if chosen is not None:
                    self._walk(chosen, properties, styles, parts)
            elif child.tag == w("txbxContent"):
                parts.boxes.append(child)
            elif child.tag == _FORMULA_TEXT:
                parts.runs.append((Run(child.text or ""), False))
            else:
                self._walk(child, properties, styles, parts)

    def _run(self, run: Element, properties: Element | None, styles: Styles, parts: _Parts) -> None:
        chain = styles.run_chain(run, properties)
        if is_on(chain, "vanish"):
            return
        text = "".join(self._characters(run, parts))
        for child in run:
            if child.tag in {w("drawing"), w("pict"), mc("AlternateContent")}:
                _walk_shape(child, parts)
        parts.runs.append((Run(text, _font(chain)), _is_capital(chain)))

    def _characters(self, run: Element, parts: _Parts) -> list[str]:
        found: list[str] = []
        for child in run:
            if child.tag == w("fldChar"):
                if child not in self.endless:
                    self._turn_field(child.get(w("fldCharType")))
            elif any(self.fields):
                continue
            elif child.tag == w("t"):
                found.append((child.text or "").replace("\n", " "))
            elif child.tag in _CHARACTERS:
                found.append(_CHARACTERS[child.tag])
            elif child.tag == w("sym"):
                found.append(_symbol(child.get(w("char"), "")))
            elif child.tag in _NOTES:
                parts.notes.append((_NOTES[child.tag], child.get(w("id"), "")))
        return found

    def _turn_field(self, kind: str | None) -> None:
        if kind == "begin":
            self.fields.append(True)
        elif kind == "separate" and self.fields:
            self.fields[-1] = False
        elif kind == "end" and self.fields:
            self.fields.pop()


def _walk_shape(shape: Element, parts: _Parts) -> None:
    """Collect the text boxes and pictures of a drawing, each once; what is inside a box comes when it is read."""
    if shape.tag in _BOXES:
        parts.boxes.append(shape)
        return
    if shape.tag in _PICTURES:
        parts.pictures.append(shape)
    chosen = choose(shape) if shape.tag == mc("AlternateContent") else shape
    for child in chosen if chosen is not None else ():
        if isinstance(child.tag, str):
            _walk_shape(child, parts)


def tell_endless(root: Element) -> frozenset[Element]:
    """Return the marks of a story that begin fields which never end, and those that divide them."""
    open_fields: list[list[Element]] = []
    for mark in root.iter(w("fldChar")):
        if next(mark.iterancestors(w("del"), w("moveFrom")), None) is not None:
            continue
        kind = mark.get(w("fldCharType"))
        if kind == "begin":
            open_fields.append([mark])
        elif kind == "separate" and open_fields:
            open_fields[-1].append(mark)
        elif kind == "end" and open_fields:
            open_fields.pop()
    return frozenset(mark for marks in open_fields for mark in marks)


def tell_encodings(root: Element, styles: Styles) -> frozenset[Encoding]:
    """Return the legacy encodings in which a story is written."""
    return coded_fonts(
        Run("".join(node.text or "" for node in run.iterfind(w("t"))), _font(styles.run_chain(run, properties)))
        for paragraph in root.iter(w("p"))
        for properties in (paragraph.find(w("pPr")),)
        for run in paragraph.iter(w("r"))
    )


def _font(chain: list[Element]) -> str | None:
    """Return the name of the font that prints the run; of two, the legacy one, since it is there for a reason."""
    fonts = [found for item in chain if (found := item.find(w("rFonts"))) is not None]
    names = [_nearest_font(fonts, key) for key in ("hAnsi", "ascii")]
    return next((name for name in names if tell_font(name) is not None), names[0])


def _nearest_font(fonts: list[Element], key: str) -> str | None:
    """Return the nearest name under `key`; a font of the theme, which is never a legacy one, goes before a name."""
    for item in fonts:
        if item.get(w(f"{key}Theme")) is not None:
            return None
        if item.get(w(key)):
            return item.get(w(key))
    return None


def _is_capital(chain: list[Element]) -> bool:
    return is_on(chain, "caps") or is_on(chain, "smallCaps")


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if number < 0x20 or number > 0xFFFF or 0xD800 <= number < 0xE000:
        return ""
    return chr(number if number >= 0x100 else 0xF000 + number)
