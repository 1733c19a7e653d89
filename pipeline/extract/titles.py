"""The line that names a document's type: alone, spaced out, blurred by OCR, or glued to its subject."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.document import Paragraph
from pipeline.extract.view import View
from pipeline.language import alternatives, fold, load, regex

LAST_TITLE = 60
"""Paragraphs from the top among which a title is looked for."""
_TRIMMED = ' .:_-*“”"'
_LEAST_LETTERS = 8
_DIGITS = str.maketrans({"0": "o", "1": "i", "8": "b", "5": "s"})


def squeeze(text: str) -> str:
    """Return the folded letters of a line without blanks and marks; digits are the letters that OCR took for them.

    >>> squeeze("T H Ô N G  B Á 0")
    'thongbao'
    """
    return "".join(filter(str.isalpha, fold(text).translate(_DIGITS)))


def is_nearly(printed: str, meant: str) -> bool:
    """Tell whether two squeezed names are equal, or differ by one letter where they are long."""
    if printed == meant:
        return True
    differ = sum(a != b for a, b in zip(printed, meant, strict=False))
    return len(printed) == len(meant) >= _LEAST_LETTERS and differ == 1


def nearest(line: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that a line prints, whatever its blanks, marks and one blurred letter."""
    letters = squeeze(line)
    return next((name for name in names if is_nearly(letters, squeeze(name))), None)


@functools.cache
def _titles() -> re.Pattern[str]:
    return re.compile(rf"{alternatives(load('cues')['titles'])}(?!\w)")


def part_title(view: View, paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], int | None]:
    """Return `paragraphs` with the title on a line of its own, and its index; None where none is printed."""
    found = list(paragraphs)
    for index, paragraph in enumerate(found[:LAST_TITLE]):
        text = view.text[paragraph.start : paragraph.end]
        plain = view.plain[paragraph.start : paragraph.end].strip(_TRIMMED)
        if text.isupper() and _titles().fullmatch(plain):
            return found, index
        end = _glued_end(view, paragraph)
        if end is not None:
            begin, _ = view.strip(end, paragraph.end)
            title, rest = replace(paragraph, end=end), replace(paragraph, start=begin)
            return [*found[:index], title, rest, *found[index + 1 :]], index
    return found, _blurred(view, found)


def _blurred(view: View, paragraphs: Sequence[Paragraph]) -> int | None:
    """Return the index of a line that prints the commonest type's name without its marks or spaced out."""
    name = load("cues")["titles"][0]
    for index, paragraph in enumerate(paragraphs[:LAST_TITLE]):
        text = view.text[paragraph.start : paragraph.end].strip(_TRIMMED)
        if len(text) < 2 * len(name) + 4 and nearest(text, [name]):
            return index
    return None


_SUBJECT = regex("titles", "subject")


def _glued_end(view: View, paragraph: Paragraph) -> int | None:
    """Return where the title ends in a line that goes on with the subject: at the change of case, else before it."""
    text = view.text[paragraph.start : paragraph.end]
    found = _titles().match(view.plain, paragraph.start, paragraph.end)
    if found is None or not view.text[found.start() : found.end()].isupper():
        return None
    if not text.isupper():
        at, _ = view.strip(found.end(), paragraph.end)
        return found.end() if view.text[at].islower() or _SUBJECT.match(view.plain, at) else None
    for name in sorted(load("cues")["titles"], key=len):
        end = paragraph.start + len(name)
        if view.plain.startswith(name, paragraph.start) and _SUBJECT.match(view.plain[end : paragraph.end].lstrip()):
            return end
    return None
