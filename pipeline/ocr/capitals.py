"""Shapes: letters and marks that look the same in another size or form, set right where the line proves which is meant.

Only case, numerals in brackets, strokes and dashes change; no other letter is ever written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.document import Line, Word
from pipeline.language import fold, load
from pipeline.ocr.context import WORD
from pipeline.ocr.syllables import is_syllable

_SAME_SHAPE = frozenset("cosuvxz")
"""Letters that look like their capitals, marks aside."""
_SHORT = (2, 3)
"""A word of so many letters may be read as capitals altogether."""
_NUMERAL = re.compile(r"\((?:[iïîìí¡]{1,3}|[iï¡][vx]|[vx][iï¡]{1,3})\)[.,;:]*")
_LIKE_I = str.maketrans("ïîìí¡", "iiiii")
_STROKE = re.compile(r"/\u2044|\u2044/|(?<=\w)\u2044(?=\w)")
"""A stroke and the same again as a fraction's, or that alone."""
_DASHES = re.compile(r"\u2013-|-\u2013")
"""One dash, read as two."""


def mend_shapes(line: Line) -> Line:
    """Return the line with capitals, numerals in brackets, strokes and dashes that were misread set right.

    >>> mend_shapes(Line((Word("Giao"), Word("SỞ"), Word("Nội"), Word("vụ")))).text
    'Giao Sở Nội vụ'
    """
    read = [_mend_signs(word.text) for word in line.words]
    mended = (_mend_case(read, place) for place in range(len(read)))
    return replace(line, words=tuple(map(_write, line.words, mended)))


def _write(word: Word, text: str) -> Word:
    return word if text == word.text else replace(word, text=text, read_as=word.read_as or word.text)


def _mend_signs(text: str) -> str:
    if _NUMERAL.fullmatch(text):
        return text.translate(_LIKE_I)
    return _DASHES.sub("\u2013", _STROKE.sub("/", text))


def _mend_case(texts: Sequence[str], place: int) -> str:
    """Return the text at `place` with those capitals small that cannot stand there."""
    found = list(WORD.finditer(texts[place]))
    if len(found) != 1:
        return texts[place]
    letters = found[0].group()
    first = _first_too_large(letters, texts, place)
    new = letters[:first] + letters[first:].lower()
    return texts[place][: found[0].start()] + new + texts[place][found[0].end() :]


def _first_too_large(letters: str, texts: Sequence[str], place: int) -> int:
    """Return from where on a word's letters are meant to be small; its length where they are as meant."""
    keep = len(letters)
    if letters.lower() == letters or not is_syllable(letters):
        return keep
    if letters in load("capitals")["alone"]:
        return 0 if place and _goes_on(texts[place - 1]) else keep
    if not any(letter.isupper() and _is_marked(letter) for letter in letters[1:]):
        return keep
    around = list(_neighbours(texts, place))
    if any(word.isupper() for word in around):
        return keep
    small = sum(letter.islower() for letter in letters)
    if small:
        return 1 if around or 2 * small > keep else keep
    return 1 if around and _looks_small(letters) else keep


def _goes_on(before: str) -> bool:
    """Tell whether a sentence goes on behind a word."""
    return before.rstrip(",").isalpha() and before.islower()


def _looks_small(letters: str) -> bool:
    """Tell whether a word in capitals may be one of which the first letter is a capital, or none."""
    is_short = _SHORT[0] <= len(letters) <= _SHORT[1]
    return is_short and _SAME_SHAPE.issuperset(fold(letters[1:])) and letters not in load("capitals")["abbreviations"]


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
