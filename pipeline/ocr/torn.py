"""Torn lines: the marks over a printed line that the engine took for a line of their own.

What is read of the marks is a row of signs, and the line below has lost them. Both are read again as one line.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from PIL import Image

from pipeline.document import Box, Line, enclose
from pipeline.language import fold
from pipeline.ocr.judge import quality
from pipeline.ocr.modes import Mode, Read
from pipeline.ocr.zones import read_part

_LONGEST = 2.5
"""Signs made of marks have fewer letters each."""
_UNSURE = 0.8
_LOW = 0.8
"""Marks are lower than this share of the line below, unless they are `_WITHIN` it."""
_NEAR, _WITHIN = 0.3, 0.2
"""They end no further over it than this share of its height, or at least so far below its top."""
_ABOVE = 0.4
"""And at least so far over its foot."""
_ALIKE = 0.85
"""Letters, marks aside, that both readings of the line share."""
_MARGIN = 3
_HIGHEST = 0.5
"""No mark stands further over a line than this share of its height."""


def join_torn(lines: tuple[Line, ...], image: Image.Image, read: Read) -> tuple[Line, ...]:
    """Return the lines, whose boxes are in pixels of `image`, with torn ones read again as one."""
    torn: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        if _is_odd(line) and (below := _find_below(line, lines)) is not None:
            torn.setdefault(below, []).append(index)
    if not torn:
        return lines
    joined: dict[int, tuple[Line, ...]] = {}
    for below, marks in torn.items():
        whole = _read_whole([lines[below], *(lines[index] for index in marks)], image, read)
        if whole is not None:
            joined |= dict.fromkeys(marks, ()) | {below: (whole,)}
    return tuple(new for index, line in enumerate(lines) for new in joined.get(index, (line,)))


def _is_odd(line: Line) -> bool:
    """Tell whether a line is a row of signs that the engine is not sure of."""
    words = line.words
    if len(words) < 2 or sum(len(word.text) for word in words) > _LONGEST * len(words):
        return False
    return sum(word.confidence or 0.0 for word in words) < _UNSURE * len(words)


def _find_below(marks: Line, lines: tuple[Line, ...]) -> int | None:
    """Return the place of the line that wears the marks."""
    near = (index for index, line in enumerate(lines) if line is not marks and _wears(line.box, marks.box))
    return next((index for index in near if not _is_odd(lines[index])), None)


def _wears(line: Box | None, marks: Box | None) -> bool:
    if line is None or marks is None:
        return False
    height = line[3] - line[1]
    least = -_NEAR if marks[3] - marks[1] < _LOW * height else _WITHIN
    is_over = marks[1] < line[1] <= marks[3] - least * height and marks[3] < line[3] - _ABOVE * height
    return is_over and line[0] - height < marks[0] and marks[2] < line[2] + height


def _read_whole(parts: list[Line], image: Image.Image, read: Read) -> Line | None:
    """Return the line read with its marks, if the reading is better; its letters must be the same."""
    boxes = [part.box for part in parts if part.box is not None]
    left, top, right, bottom = enclose(boxes)
    highest = boxes[0][1] - _HIGHEST * (boxes[0][3] - boxes[0][1])
    strip = (left - _MARGIN, max(top - _MARGIN, highest), right + _MARGIN, bottom + _MARGIN)
    found = read_part(image, strip, read, Mode.LINE)
    whole = Line(tuple(word for line in found for word in line.words))
    old, new = (fold(line.text.replace(" ", "")) for line in (parts[0], whole))
    is_same = SequenceMatcher(None, old, new, autojunk=False).ratio() >= _ALIKE
    return whole if is_same and quality((whole,)) >= quality(tuple(parts)) else None
