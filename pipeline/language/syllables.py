"""Syllables: how much of a text could be Vietnamese at all, to tell it from what careless OCR makes of it."""

from __future__ import annotations

import re
import unicodedata

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SYLLABLE = re.compile(
    "(?:ngh?|nh|gh|gi|g|kh|k|ph|qu|th|tr|ch|đ|[bcdhlmnprstvx])?"
    "(?:oa|oă|oe|uâ|uê|uyê|uya|uy|uơ|yê|iê|ươ|ưa|uô|ua|ia|oo|[aăâeêioôơuưy])"
    "(?:ch|nh|ng|[cmnptiuoy])?"
)
_WORD = re.compile(r"[^\W\d_]+")
_ABBREVIATION = 6
"""Words of so many capitals are mostly abbreviations, which are no syllables."""


def share_of_syllables(text: str) -> float:
    """Return which share of the words of `text` are possible Vietnamese syllables; 1 where there are no words.

    >>> share_of_syllables("Ủy ban nhân dân huyện"), share_of_syllables("kcuia ugr ban vlpt")
    (1.0, 0.25)
    """
    words = [word for word in _WORD.findall(text) if not (word.isupper() and len(word) <= _ABBREVIATION)]
    if not words:
        return 1.0
    return sum(_SYLLABLE.fullmatch(_without_tone(word)) is not None for word in words) / len(words)


def _without_tone(word: str) -> str:
    return unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", word.lower())))
