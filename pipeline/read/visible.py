"""What of a PDF page's letters a reader sees: nothing outside the page, tiny, printed twice, or white on white."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pdfminer.layout import LTChar, LTContainer

_INVISIBLE = 3
"""The mode in which text is painted that is there to be found and not to be seen."""
_LEAST_HEIGHT = 2.0
"""Letters less high, in points, are nothing but a grey line to a reader."""
_SHIFT, _MOST_SHIFT = 0.1, 1.0
"""A letter printed again within this share of its height, and so many points, makes it bold."""
_SLANT = 10.0
"""Print that leans by more degrees than this is no line of the text."""
_WHITE = 0.98
_COLOURED = 0.25
"""The least difference between red, green and blue of a colour that is no grey."""
_SCAN = 0.5
"""A picture that covers this share of its page is a scan."""
_MOST_FIELDS = 2_000
"""Pages with more filled shapes are drawings; what lies under white letters is not looked for there."""

Letter = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """The letters that a reader sees, in their order.

    `aslant` is what is printed in another direction than the page, such as a watermark. `hidden` is True where most
    letters are invisible, those of a scanner's own OCR; then they are taken for what is seen in its picture.
    """

    letters: list[Letter]
    aslant: str = ""
    hidden: bool = False


def mark_letters(page: Any) -> None:
    """Note at each letter of pdfplumber's `page` its `own_box`, the `mode` in which it is painted, and its `ink`."""
    for char, printed in zip(page.chars, _printed(page.layout), strict=True):
        char["own_box"] = (char["x0"], char["top"], char["x1"], char["bottom"])
        char["mode"] = getattr(printed, "mode", 0)
        char["ink"] = name_ink(char.get("non_stroking_color"))


def _printed(container: LTContainer[Any]) -> Iterator[LTChar]:
    for item in container:
        if isinstance(item, LTChar):
            yield item
        elif isinstance(item, LTContainer):
            yield from _printed(item)


def seen_letters(page: Any, size: tuple[float, float], turn: int) -> Seen:
    """Return the letters of pdfplumber's `page` that are seen.

    `size` is that of the visible page, which was turned by `turn` degrees; the letters' places count from its upper
    left corner already.
    """
    inside = [char for char in page.chars if _is_inside(char, *size)]
    upright = [char for char in inside if _slant(char, turn) <= _SLANT]
    aslant = [char for char in inside if _slant(char, turn) > _SLANT]
    unseen = _unseen(upright, page)
    hidden = bool(page.images) and len(unseen) > len(upright) / 2
    kept = upright if hidden else [char for char in upright if id(char) not in unseen]
    watermark = "".join(char["text"] for char in aslant if char["mode"] != _INVISIBLE)
    return Seen(list(_once(kept)), " ".join(watermark.split()), hidden)


def _is_inside(char: Letter, width: float, height: float) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(0 <= x <= width and 0 <= y <= height and char["bottom"] - char["top"] >= _LEAST_HEIGHT)


def _slant(char: Letter, turn: int) -> float:
    """Return by how many degrees a letter leans from the direction in which its page is read."""
    across, up = char["matrix"][:2]
    lean = abs(math.degrees(math.atan2(up, across)) - turn) % 360
    return min(lean, 360 - lean)


def _unseen(chars: Sequence[Letter], page: Any) -> set[int]:
    """Return the letters, by identity, that leave no mark on the paper: invisible, or white on it or under a scan."""
    unseen = {id(char) for char in chars if char["mode"] == _INVISIBLE}
    white = [char for char in chars if _is_white(char.get("non_stroking_color"))]
    grounds = _grounds(page) if white else []
    if len(grounds) > _MOST_FIELDS:
        return unseen
    return unseen | {id(char) for char in white if not _lies_on(char, grounds)}


def _grounds(page: Any) -> list[Letter]:
    """Return what is filled with a colour, and the pictures; one that covers the page is a scan of paper."""
    area = float(page.width * page.height)
    filled = [shape for shape in (*page.rects, *page.curves) if shape.get("fill")]
    pictures = [picture for picture in page.images if picture["width"] * picture["height"] < _SCAN * area]
    return [shape for shape in filled if not _is_white(shape.get("non_stroking_color"))] + pictures


def _lies_on(char: Letter, grounds: Iterable[Letter]) -> bool:
    """Tell whether one of the filled shapes lies beneath a letter."""
    left, top, right, bottom = char["own_box"]
    x, y = (left + right) / 2, (top + bottom) / 2
    return any(ground["x0"] <= x <= ground["x1"] and ground["top"] <= y <= ground["bottom"] for ground in grounds)


def _once(chars: Iterable[Letter]) -> Iterator[Letter]:
    """Yield each letter once that is printed again and again at nearly the same place."""
    taken: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    for char in chars:
        x, y, text = char["x0"], char["top"], char["text"]
        shift = min(_SHIFT * (char["bottom"] - y), _MOST_SHIFT)
        column, line = int(x // _MOST_SHIFT), int(y // _MOST_SHIFT)
        near = [
            place
            for across in (column - 1, column, column + 1)
            for down in (line - 1, line, line + 1)
            for place in taken.get((text, across, down), ())
        ]
        if text.isspace() or not any(abs(x - left) <= shift and abs(y - top) <= shift for left, top in near):
            taken.setdefault((text, column, line), []).append((x, y))
            yield char


def name_ink(colour: object) -> str:
    """Return a name for a colour that stands out from black print, empty for black and grey.

    >>> name_ink((0.8, 0, 0)), name_ink((0,)), name_ink((0, 0, 0, 1)), name_ink((0, 0, 0.6))
    ('red', '', '', 'blue')
    """
    rgb = _rgb(colour)
    if rgb is None or max(rgb) - min(rgb) < _COLOURED:
        return ""
    return ("red", "green", "blue")[rgb.index(max(rgb))]


def _is_white(colour: object) -> bool:
    rgb = _rgb(colour)
    return rgb is not None and min(rgb) >= _WHITE


def _rgb(colour: object) -> tuple[float, float, float] | None:
    """Return a colour in grey, RGB or CMYK as RGB; None for patterns and the like."""
    given = colour if isinstance(colour, Iterable) else (colour,)
    parts = [float(part) for part in given if isinstance(part, (int, float))]
    if len(parts) == 4:
        return (1 - min(parts[0] + parts[3], 1), 1 - min(parts[1] + parts[3], 1), 1 - min(parts[2] + parts[3], 1))
    if len(parts) == 3:
        return (parts[0], parts[1], parts[2])
    return (parts[0],) * 3 if len(parts) == 1 else None
