"""Capitals: letters that look the same in another size, set right where the line proves which case is meant.

Only case changes; no other letter is ever written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.document import Line
from pipeline.language import fold, load
from pipeline.ocr.context import WORD
from pipeline.ocr.syllables import is_syllable

_SAME_SHAPE = frozenset("ceosuvxyz")
"""Letters that are taken for their capitals and the other way round, marks aside."""
_SHORT = (2, 3)
"""A word of so many letters may be read as capitals altogether."""
_HEADING = 2
"""So many other words, abbreviations aside, make a line of capitals."""


def mend_case(line: Line) -> Line:
    """Return the line with capitals that cannot stand where they were read made small, and small letters capitals.

    >>> from pipeline.document import Word
    >>> mend_case(Line((Word("Giao"), Word("SỞ"), Word("Nội"), Word("vụ")))).text
    'Giao Sở Nội vụ'
    """
    texts = [word.text for word in line.words]
    mended = (_mend(texts, place) for place in range(len(texts)))
    pairs = zip(line.words, mended, strict=True)
    words = (w if new == w.text else replace(w, text=new, read_as=w.read_as or w.text) for w, new in pairs)
    return replace(line, words=tuple(words))


def _mend(texts: Sequence[str], place: int) -> str:
    """Return the text at `place` in the case that it must have."""
    around = list(_neighbours(texts, place))
    text, is_one = texts[place], len(WORD.findall(texts[place])) == 1

    def mended(found: re.Match[str]) -> str:
        letters = found.group()
        if letters.islower() or not is_syllable(letters):
            return letters
        if letters.lower() in load("capitals")["alone"]:
            return letters.lower() if is_one and place and _goes_on(texts[place - 1]) else letters
        if is_one and _is_heading(texts, place) and _SAME_SHAPE.issuperset(fold(letters[1:])):
            return letters.upper()
        if any(word.isupper() for word in around):
            return letters
        is_too_large = _is_mixed(letters, around) or (is_one and around and _looks_small(letters))
        return letters[0] + letters[1:].lower() if is_too_large else letters

    return WORD.sub(mended, text)


def _is_heading(texts: Sequence[str], place: int) -> bool:
    """Tell whether a word without marks behind it stands in a line of capitals."""
    others = [word for text in (*texts[:place], *texts[place + 1 :]) for word in WORD.findall(text)]
    in_full = sum(not _is_abbreviation(word) for word in others)
    is_bare = texts[place].isalpha() and not any(char.isdigit() for text in texts for char in text)
    return is_bare and in_full >= _HEADING and all(map(str.isupper, others))


def _is_mixed(letters: str, around: Sequence[str]) -> bool:
    """Tell whether a capital stands behind a small letter where no abbreviation has one."""
    small = sum(map(str.islower, letters))
    if not small or not (around or 2 * small > len(letters)):
        return False
    behind = [letter for letter in letters[1:] if letter.isupper()]
    starts_small = letters[0].islower() and _SAME_SHAPE.issuperset(fold("".join(behind)))
    return any(map(_is_marked, behind)) or bool(behind and starts_small and len(letters) > _SHORT[0])


def _goes_on(before: str) -> bool:
    """Tell whether a sentence goes on behind a word."""
    return before.rstrip(",").isalpha() and before.islower()


def _looks_small(letters: str) -> bool:
    """Tell whether a word in capitals may be one of which the first letter is a capital, or none."""
    is_short = _SHORT[0] <= len(letters) <= _SHORT[1]
    return (
        is_short
        and _SAME_SHAPE.issuperset(fold(letters[1:]))
        and letters.lower() not in load("capitals")["abbreviations"]
    )


def _neighbours(texts: Sequence[str], place: int) -> Iterator[str]:
    """Yield the letters of the next word on either side, abbreviations passed over."""
    for side in (texts[:place][::-1], texts[place + 1 :]):
        words = (word for text in side for word in WORD.findall(text))
        near = next((word for word in words if not _is_abbreviation(word)), None)
        if near is not None:
            yield near


def _is_abbreviation(word: str) -> bool:
    return word.isupper() and not any(map(_is_marked, word))


def _is_marked(letter: str) -> bool:
    return len(unicodedata.normalize("NFD", letter)) > 1
