"""Runs: the text of one Word paragraph as printed, with the notes and boxes that hang on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.language.legacy import Encoding, Run, coded_fonts, decode_runs, tell_font
from pipeline.read.ooxml import Element, mc, w
from pipeline.read.styles import Styles, is_on
from pipeline.read.symbols import mend_symbols

_DROPPED = frozenset(
    w(name)
    for name in ("del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "ruby", "footnoteRef",
                 "annotationRef", "commentReference", "sdtPr", "sdtEndPr", "object")
)  # fmt: skip
_CHARACTERS = {
    w("tab"): " ",
    w("ptab"): " ",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "-",
    w("softHyphen"): "\u00ad",
}


@dataclass(frozen=True, slots=True)
class Flow:
    """What one paragraph prints: its text, the ids of its footnotes, and the text boxes anchored in it."""

    text: str = ""
    notes: tuple[str, ...] = ()
    boxes: tuple[Element, ...] = ()

    @classmethod
    def join(cls, flows: list[Flow]) -> Flow:
        """Return several paragraphs as one."""
        return cls(
            "".join(flow.text for flow in flows),
            tuple(note for flow in flows for note in flow.notes),
            tuple(box for flow in flows for box in flow.boxes),
        )


@dataclass(slots=True)
class _Parts:
    runs: list[tuple[Run, bool]] = field(default_factory=list)
    """Each run, and whether it is set in capitals."""
    notes: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """Reads paragraph after paragraph; fields may begin in one and end in another, so their state is kept."""

    coded: frozenset[Encoding] = frozenset()
    """The legacy encodings in which the document is written."""
    fields: list[bool] = field(default_factory=list)
    """One entry for each open field: True while its code, not its result, goes by."""

    def read(self, paragraph: Element, styles: Styles) -> Flow:
        """Return what `paragraph` prints."""
        parts = _Parts()
        self._walk(paragraph, paragraph.find(w("pPr")), styles, parts)
        decoded = decode_runs([run for run, _ in parts.runs], self.coded)
        texts = (text.upper() if caps else text for text, (_, caps) in zip(decoded, parts.runs, strict=True))
        return Flow("".join(map(mend_symbols, texts)), tuple(parts.notes), tuple(parts.boxes))

    def _walk(self, parent: Element, properties: Element | None, styles: Styles, parts: _Parts) -> None:
        for child in parent:
            if child.tag in _DROPPED or not isinstance(child.tag, str):
                continue
            if child.tag == w("r"):
                self._run(child, properties, styles, parts)
            elif child.tag == mc("AlternateContent"):
                chosen = _choose(child)
                if chosen is not None:
                    self._walk(chosen, properties, styles, parts)
            elif child.tag == w("txbxContent"):
                parts.boxes.append(child)
            else:
                self._walk(child, properties, styles, parts)

    def _run(self, run: Element, properties: Element | None, styles: Styles, parts: _Parts) -> None:
        chain = styles.run_chain(run, properties)
        if is_on(chain, "vanish"):
            return
        text = "".join(self._characters(run, parts))
        inner = _Parts()
        for child in run:
            if child.tag in {w("drawing"), w("pict"), mc("AlternateContent")}:
                self._walk_shape(child, inner)
        parts.boxes += inner.boxes
        parts.runs.append((Run(text, _font(chain)), is_on(chain, "caps")))

    def _walk_shape(self, shape: Element, parts: _Parts) -> None:
        """Collect the text boxes of a drawing, each once; boxes inside boxes come when their own are read."""
        if shape.tag == w("txbxContent"):
            parts.boxes.append(shape)
            return
        chosen = _choose(shape) if shape.tag == mc("AlternateContent") else shape
        for child in chosen if chosen is not None else ():
            if isinstance(child.tag, str):
                self._walk_shape(child, parts)

    def _characters(self, run: Element, parts: _Parts) -> list[str]:
        found: list[str] = []
        for child in run:
            if child.tag == w("fldChar"):
                self._turn_field(child.get(w("fldCharType")))
            elif any(self.fields):
                continue
            elif child.tag == w("t"):
                found.append((child.text or "").replace("\n", " "))
            elif child.tag in _CHARACTERS:
                found.append(_CHARACTERS[child.tag])
            elif child.tag == w("sym"):
                found.append(_symbol(child.get(w("char"), "")))
            elif child.tag == w("footnoteReference"):
                parts.notes.append(child.get(w("id"), ""))
        return found

    def _turn_field(self, kind: str | None) -> None:
        if kind == "begin":
            self.fields.append(True)
        elif kind == "separate" and self.fields:
            self.fields[-1] = False
        elif kind == "end" and self.fields:
            self.fields.pop()


def _choose(alternative: Element) -> Element | None:
    """Return the one version of a shape that is to be read."""
    choice = alternative.find(mc("Choice"))
    return choice if choice is not None else alternative.find(mc("Fallback"))


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
    for item in chain:
        fonts = item.find(w("rFonts"))
        names = [name for key in ("ascii", "hAnsi") if (name := fonts.get(w(key)))] if fonts is not None else []
        if names:
            return next((name for name in names if tell_font(name) is not None), names[0])
    return None


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if number < 0x20 or number > 0xFFFF or 0xD800 <= number < 0xE000:
        return ""
    return chr(number if number >= 0x100 else 0xF000 + number)
