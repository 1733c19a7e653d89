"""Judging: how well a page was read, told by its words alone."""

from __future__ import annotations

from pipeline.document import Line, Word
from pipeline.ocr.context import WORD
from pipeline.ocr.syllables import is_syllable

POOR = 0.82
"""Pages of less quality are read again, prepared in other ways; clean pages lie above 0.9."""
_FOREIGN = 0.4
"""What a word is worth that is no syllable: half of them are names and abbreviations, half are misread."""


def quality(lines: tuple[Line, ...]) -> float:
    """Return the share of letters that were read surely and make Vietnamese syllables; 1.0 where there are none."""
    words = _words(lines)
    count = sum(len(letters) for _, letters in words)
    return _worth(words) / count if count else 1.0


def worth(lines: tuple[Line, ...]) -> float:
    """Return how many letters were read well; of two readings of one page the one with more is the better."""
    return _worth(_words(lines))


def _words(lines: tuple[Line, ...]) -> list[tuple[Word, str]]:
    return [(word, letters) for line in lines for word in line.words for letters in WORD.findall(word.text)]


def _worth(words: list[tuple[Word, str]]) -> float:
    return sum(
        len(letters) * (word.confidence or 0.0) * (1.0 if _is_likely(letters) else _FOREIGN) for word, letters in words
    )


def _is_likely(letters: str) -> bool:
    return is_syllable(letters) or (letters.isupper() and len(letters) <= 5)
