"""Numbering: the labels that Word prints before list paragraphs without storing them in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipeline.read.ooxml import Element, choose, mc, number_of, switch_of, value_of, w
from pipeline.read.symbols import mend_symbols

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_TYPED_BULLETS = frozenset("-–—+*•")
_AROUND = {
    "decimalEnclosedFullstop": ("", "."), "decimalEnclosedParen": ("(", ")"), "numberInDash": ("- ", " -"),
}  # fmt: skip
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts and prints."""

    kind: str = "decimal"
    template: str = ""
    start: int = 1
    suffix: str = "tab"
    restart_after: int | None = None
    legal: bool = False
    style: str | None = None
    properties: Element | None = None
    """How the label itself is set: its font, capitals, hidden or not."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is printed before a paragraph, with what follows it, and how it is set."""

    text: str = ""
    properties: Element | None = None


@dataclass(frozen=True, slots=True)
class List:
    """One ``w:num``: the list that it counts in, its levels, and where it starts anew."""

    counter: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(slots=True)
class Numbering:
    """All lists of a document, and how far each has counted."""

    lists: dict[str, List]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, number: str, styles: list[str]) -> int:
        """Return the level of list `number` that belongs to the first of `styles` that has one; 0 when none has."""
        levels = self.lists[number].levels if number in self.lists else {}
        by_style = {level.style: depth for depth, level in levels.items() if level.style is not None}
        return next((by_style[style] for style in styles if style in by_style), 0)

    def next_label(self, number: str, depth: int) -> Label:
        """Count one paragraph of list `number` at level `depth` and return its label."""
        found = self.lists.get(number)
        level = found.levels.get(depth) if found else None
        if found is None or level is None:
            return Label()
        counts = self._counts.setdefault(found.counter, {})
        for above in range(depth):  # a level that is passed over counts as if it had been there
            counts.setdefault(above, found.levels.get(above, Level()).start)
        if depth in found.starts and (number, depth) not in self._begun:
            counts[depth] = found.starts[depth]
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        self._begun.add((number, depth))
        for deeper in [deep for deep in counts if deep > depth]:
            if _restarts(found.levels.get(deeper), depth):
                del counts[deeper]
        text = _print_label(found.levels, counts, depth)
        return Label(text + ("" if level.suffix == "nothing" or not text else " "), level.properties)


def _restarts(level: Level | None, above: int) -> bool:
    """Tell whether `level` starts anew after a paragraph of level `above`; by default after any higher one."""
    if level is None or level.restart_after is None:
        return True
    return above < level.restart_after


def _print_label(levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
    level = levels[depth]
    if level.kind == "bullet":
        return _print_bullet(level.template)

    def printed(match: re.Match[str]) -> str:
        place = int(match.group(1)) - 1
        other = levels.get(place, Level())
        kind = "decimal" if level.legal and not other.kind.startswith("decimalZero") else other.kind
        return print_number(counts.get(place, other.start), kind)

    return _PLACE.sub(printed, level.template).strip()


def _print_bullet(template: str) -> str:
    """Return the bullet as typed; dots, boxes and arrows of symbol fonts become a dash."""
    mended = mend_symbols(template).strip()
    return mended if mended in _TYPED_BULLETS or len(mended) > 1 else "-" if mended else ""


def print_number(number: int, kind: str) -> str:
    """Return `number` in Word's number format `kind`.

    >>> print_number(4, "upperRoman"), print_number(28, "lowerLetter"), print_number(3, "decimalZero")
    ('IV', 'bb', '03')
    >>> print_number(2, "ordinal"), print_number(7, "decimalZero3"), print_number(5, "numberInDash")
    ('2nd', '007', '- 5 -')
    """
    if kind in {"upperRoman", "lowerRoman"}:
        roman = _print_roman(number)
        return roman if kind == "upperRoman" else roman.lower()
    if kind in {"upperLetter", "lowerLetter"}:
        turn, place = divmod(max(number, 1) - 1, 26)
        letters = chr(ord("a") + place) * (turn % 20 + 1)
        return letters.upper() if kind == "upperLetter" else letters
    if kind.startswith("decimalZero"):
        return str(number).zfill(int(kind.removeprefix("decimalZero") or 2))
    if kind == "ordinal":
        return f"{number}{_ordinal_ending(number)}"
    if kind == "decimalEnclosedCircle" and 1 <= number <= len(_CIRCLED):
        return _CIRCLED[number - 1]
    before, after = _AROUND.get(kind, ("", ""))
    return "" if kind == "none" else f"{before}{number}{after}"


def _ordinal_ending(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _print_roman(number: int) -> str:
    number, printed = min(max(number, 0), 3999), ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        printed += letters * count
    return printed


def read_numbering(root: Element | None, styles: Element | None) -> Numbering:
    """Read ``numbering.xml``; `styles` resolves lists that are defined by a numbering style."""
    if root is None:
        return Numbering({})
    abstracts = {item.get(w("abstractNumId"), ""): item for item in root.iterfind(w("abstractNum"))}
    numbers = {item.get(w("numId"), ""): item for item in root.iterfind(w("num"))}
    by_style = _lists_by_style(styles, numbers)
    lists = {}
    for number, item in numbers.items():
        counter = value_of(item, "abstractNumId") or ""
        linked = value_of(abstracts.get(counter), "numStyleLink")
        if linked in by_style:
            counter = by_style[linked]
        lists[number] = _read_list(item, counter, abstracts.get(counter))
    return Numbering(lists)


def _lists_by_style(styles: Element | None, numbers: dict[str, Element]) -> dict[str | None, str]:
    """Map a numbering style to the abstract list behind it."""
    found: dict[str | None, str] = {}
    for style in styles.iterfind(w("style")) if styles is not None else ():
        number = style.find(f"{w('pPr')}/{w('numPr')}/{w('numId')}")
        if style.get(w("type")) == "numbering" and number is not None:
            item = numbers.get(number.get(w("val"), ""))
            found[style.get(w("styleId"))] = value_of(item, "abstractNumId") or ""
    return found


def _read_list(item: Element, counter: str, abstract: Element | None) -> List:
    levels = _read_levels(abstract)
    starts = {}
    for override in item.iterfind(w("lvlOverride")):
        depth = _depth(override)
        levels.update(_read_levels(override))
        start = number_of(override, "startOverride")
        if start is not None:
            starts[depth] = start
            levels[depth] = replace(levels.get(depth, Level()), start=start)
    return List(counter, levels, starts)


def _read_levels(parent: Element | None) -> dict[int, Level]:
    return {_depth(level): _read_level(level) for level in parent.iterfind(w("lvl"))} if parent is not None else {}


def _depth(element: Element) -> int:
    text = element.get(w("ilvl"), "0")
    return min(int(text), _LEVELS - 1) if text.isdecimal() else 0


def _read_level(level: Element) -> Level:
    start = number_of(level, "start")
    return Level(
        kind=_read_kind(level),
        template=value_of(level, "lvlText") or "",
        start=start or 0,  # so the standard has it, and so Word counts
        suffix=value_of(level, "suff") or "tab",
        restart_after=number_of(level, "lvlRestart"),
        legal=switch_of(level, "isLgl") is True,
        style=value_of(level, "pStyle"),
        properties=level.find(w("rPr")),
    )


def _read_kind(level: Element) -> str:
    """Return the number format; of Word's formats of its own ("001, 002, 003, ...") only the width is of interest."""
    alternative = level.find(mc("AlternateContent"))
    own = choose(alternative) if alternative is not None else level
    own = own.find(w("numFmt")) if own is not None else None
    if own is None:
        return "decimal"
    first = own.get(w("format"), "").partition(",")[0].strip()
    if own.get(w("val")) == "custom":
        return f"decimalZero{len(first)}" if first.isdecimal() else "decimal"
    return own.get(w("val"), "decimal")
