"""Context: which syllables are known to stand side by side, from lexicon, dictionary and the document itself."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from pipeline.document import Word
from pipeline.language import compounds, place_tones
from pipeline.language.lexicon import load

WORD = re.compile(r"[^\W\d_]+")
"""The letters of a word, without the marks around them."""

_SURE = 0.9
_WORD = 4
"""A word of the dictionary counts like so many meetings of its syllables in notices."""
_DOUBLE = 2
"""What a notice of the lexicon says counts this many times what the page says of itself."""


def spell(word: str) -> str:
    """Return a syllable in the one spelling in which syllables are counted.

    >>> spell("HÒA")
    'hoà'
    """
    return place_tones(word.lower())


class Context:
    """How often syllables stand side by side: in the project's notices, and in the document that is read."""

    def __init__(self, words: Iterable[Word] = ()) -> None:
        """Count the pairs of `words`, those that the engine is sure of."""
        self._here: Counter[tuple[str, str]] = Counter()
        for one, other in pairwise(words):
            if min(one.confidence or 0.0, other.confidence or 0.0) >= _SURE:
                self._here[letters(one), letters(other)] += 1

    def known(self, first: str, second: str) -> int:
        """Return how often the lexicon holds the pair."""
        return _pairs().get((first, second), 0)

    def support(self, first: str, second: str) -> int:
        """Return how strongly lexicon and document together speak for the pair."""
        return _DOUBLE * self.known(first, second) + self._here[first, second]

    def support_of_words(self, first: str, second: str) -> int:
        """Return the same with what the dictionary says, which knows many a word that no notice would hold."""
        return expect(first, second) + self._here[first, second]


def expect(first: str, second: str) -> int:
    """Return how strongly lexicon and dictionary speak for a pair, whatever the document itself repeats."""
    return _DOUBLE * (_pairs().get((first, second), 0) + _WORD * ((first, second) in compounds()))


def letters(word: Word) -> str:
    """Return the syllable that a word holds, without marks around it, as it is counted; empty where there is none."""
    found = WORD.findall(word.text)
    return spell(found[0]) if len(found) == 1 else ""


def is_known(syllable: str) -> bool:
    """Tell whether a syllable stands in any word that the lexicon or the dictionary knows."""
    return syllable in _known_syllables()


@functools.cache
def _known_syllables() -> frozenset[str]:
    return frozenset(syllable for pairs in (_pairs(), compounds()) for pair in pairs for syllable in pair)


@functools.cache
def _pairs() -> dict[tuple[str, str], int]:
    rows = (line.split() for line in load("pairs")["pairs"].split("\n") if line)
    return {(first, second): int(count) for first, second, count in rows}
