"""Signs: strokes, dashes, numerals in brackets and specks that no notice prints as OCR read them."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.document import Line, Word

_NUMERAL = re.compile(r"\((?:[iïîìí¡]{1,3}|[iï¡][vx]|[vx][iï¡]{1,3})\)[.,;:]*")
_LIKE_I = str.maketrans("ïîìí¡", "iiiii")
_STROKE = re.compile(r"/\u2044|\u2044/|(?<=\w)\u2044(?=\w)")
"""A stroke and the same again as a fraction's, or that alone."""
_DASHES = re.compile(r"\u2013-|-\u2013")
"""One dash, read as two."""
_LIKE_DASH = frozenset("~_")
"""What is read for the dash before a list's item."""
_SPECKS = frozenset("`\\^¬")
"""Signs that stand alone nowhere in a notice."""


def mend_signs(line: Line) -> Line:
    """Return the line with misread signs set right, and without those that are nothing but specks.

    >>> mend_signs(Line((Word("~"), Word("(¡)"), Word("Giao"), Word("^")))).text
    '- (i) Giao'
    """
    words = [_mend(word) for word in line.words]
    if len(words) > 1 and words[0].text in _LIKE_DASH and any(map(str.isalpha, words[1].text)):
        words[0] = _write(words[0], "-")
    kept = tuple(word for word in words if word.text not in _SPECKS)
    return replace(line, words=kept or line.words)


def _mend(word: Word) -> Word:
    if _NUMERAL.fullmatch(word.text):
        return _write(word, word.text.translate(_LIKE_I))
    return _write(word, _DASHES.sub("\u2013", _STROKE.sub("/", word.text)))


def _write(word: Word, text: str) -> Word:
    return word if text == word.text else replace(word, text=text, read_as=word.read_as or word.text)
