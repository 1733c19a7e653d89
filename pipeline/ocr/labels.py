"""Labels of list items: a label that OCR misread is set right where the labels around it prove what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.document import Line

_LETTERS = "abcdđeghiklmnopq"
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_LIKE: dict[str, str] = {
    "b": "6h",
    "c": "©¢®eo€",
    "d": "đđa",
    "đ": "d",
    "e": "©¢®c€",
    "g": "øq9ạ",
    "h": "bn",
    "i": "íìïj1l",
    "k": "Kx",
    "l": "1I|!",
    "o": "0ø",
}
"""What is read for a letter; none of it is believed unless the labels before and after prove the letter."""
_NO_LABEL = "©¢®€"
_LETTER_LABEL = re.compile(r"([^\W\d_]|[©¢®€ø0-9|!])\)")
_NUMBER_LABEL = re.compile(r"(\d{1,2})\.")
_ROMAN_LABEL = re.compile(r"([IVXHlU1|]{1,5})\.")


Prove = Callable[[str, str, str], str | None]
"""Takes the label before, the one as read and the one after; returns what the label is, None where it stays."""


@dataclass(frozen=True, slots=True)
class _Label:
    """A label as read: where its line is, and what stands before the mark."""

    line: int
    text: str


def mend_labels(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return a document's lines with misread labels set right."""
    mended = _with_points(lines)
    for pattern, prove in _kinds():
        labels = [
            _Label(index, found[1])
            for index, line in enumerate(mended)
            if line.words and (found := pattern.fullmatch(line.words[0].text))
        ]
        for place, label in enumerate(labels):
            before = labels[place - 1].text if place else ""
            after = labels[place + 1].text if place + 1 < len(labels) else ""
            proved = prove(before, label.text, after)
            if proved is not None:
                labels[place] = replace(label, text=proved)
                mended[label.line] = _relabel(mended[label.line], label.text, proved)
    return tuple(mended)


def _with_points(lines: Sequence[Line]) -> list[Line]:
    """Put the point behind a numeral that is next in its list and begins a line in front of a capital letter."""
    mended: list[Line] = []
    before = ""
    for line in lines:
        first, second = (*(word.text for word in line.words[:2]), "", "")[:2]
        found = _ROMAN_LABEL.fullmatch(first)
        if found:
            before = found[1]
        elif (before, first) in pairwise(_ROMANS) and second[:1].isupper():
            before = first
            line = _relabel(line, first, f"{first}.")  # noqa: PLW2901 - the line as it is printed
        mended.append(line)
    return mended


def _kinds() -> Iterator[tuple[re.Pattern[str], Prove]]:
    """Yield the kinds of labels, and for each what proves a label from the ones before and after it."""
    yield _LETTER_LABEL, _prove_letter
    yield _NUMBER_LABEL, _prove_number
    yield _ROMAN_LABEL, _prove_roman


def _relabel(line: Line, read: str, proved: str) -> Line:
    first = line.words[0]
    word = replace(first, text=proved + first.text[len(read) :], read_as=first.read_as or first.text)
    return replace(line, words=(word, *line.words[1:]))


def _prove_letter(before: str, read: str, after: str) -> str | None:
    """Return the letter between two letters of a list; a sign that is no letter needs the one before it only."""
    place = _LETTERS.find(before) if len(before) == 1 else -1
    if place < 0 or place + 1 >= len(_LETTERS):
        return None
    expected = _LETTERS[place + 1]
    if read == expected or read not in _LIKE.get(expected, ""):
        return None
    follows = place + 2 < len(_LETTERS) and after == _LETTERS[place + 2]
    return expected if follows or read in _NO_LABEL else None


def _prove_number(before: str, read: str, after: str) -> str | None:
    """Return the number between two numbers that are two apart."""
    if not (before.isdigit() and after.isdigit()) or int(after) - int(before) != 2:
        return None
    expected = str(int(before) + 1)
    return expected if expected != read and len(expected) == len(read) else None


def _prove_roman(before: str, read: str, after: str) -> str | None:
    """Return the numeral behind `before` where what was read is none, or the one between two others."""
    if before not in _ROMANS[:-1] or read.isdigit():
        return None
    expected = _ROMANS[_ROMANS.index(before) + 1]
    if read == expected:
        return None
    beyond = _ROMANS[_ROMANS.index(expected) + 1] if expected != _ROMANS[-1] else ""
    return expected if read not in _ROMANS or (after and after == beyond) else None
