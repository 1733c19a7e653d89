"""Styles: what a Word paragraph or run inherits from its named style and the document's defaults."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.read.ooxml import Element, switch_of, value_of, w

_DEEPEST = 12
"""Styles may be based on styles; a longer chain is a circle."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The document's named styles by id, the default paragraph style, and what holds for all runs."""

    by_id: dict[str, Element]
    default: str | None = None
    run_defaults: Element | None = None

    def chain(self, style: str | None) -> list[Element]:
        """Return the style and those that it is based on, nearest first."""
        found: list[Element] = []
        while style in self.by_id and len(found) < _DEEPEST:
            found.append(self.by_id[style])
            style = value_of(found[-1], "basedOn")
        return found

    def paragraph_chain(self, properties: Element | None) -> list[Element]:
        """Return the ``w:pPr`` that hold for a paragraph, its own first."""
        own = [properties] if properties is not None else []
        inherited = (style.find(w("pPr")) for style in self.chain(self.style_of(properties)))
        return own + [item for item in inherited if item is not None]

    def run_chain(self, run: Element | None, paragraph: Element | None) -> list[Element]:
        """Return the ``w:rPr`` that hold for a run: its own, its character and paragraph style's, the document's."""
        own = run.find(w("rPr")) if run is not None else None
        styles = [*self.chain(value_of(own, "rStyle")), *self.chain(self.style_of(paragraph))]
        inherited = (style.find(w("rPr")) for style in styles)
        return [item for item in (own, *inherited, self.run_defaults) if item is not None]

    def ids(self, properties: Element | None) -> list[str]:
        """Return the ids of a paragraph's style and of those that it is based on, nearest first."""
        return [style.get(w("styleId"), "") for style in self.chain(self.style_of(properties))]

    def style_of(self, properties: Element | None) -> str | None:
        """Return the id of a paragraph's style."""
        return value_of(properties, "pStyle") or self.default


def read_styles(root: Element | None) -> Styles:
    """Read ``styles.xml``."""
    if root is None:
        return Styles({})
    by_id = {style.get(w("styleId"), ""): style for style in root.iterfind(w("style"))}
    default = next((key for key, style in by_id.items() if _is_default_paragraph(style)), None)
    return Styles(by_id, default, root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}"))


def _is_default_paragraph(style: Element) -> bool:
    return style.get(w("type")) == "paragraph" and style.get(w("default"), "0") in {"1", "true", "on"}


def is_on(chain: list[Element], name: str) -> bool:
    """Tell whether the nearest word on the switch `name` is yes."""
    return next((state for item in chain if (state := switch_of(item, name)) is not None), False)


def nearest(chain: list[Element], name: str) -> str | None:
    """Return the nearest ``w:val`` of `name`."""
    return next((value for item in chain if (value := value_of(item, name)) is not None), None)
