"""Which words Vietnamese can hold: syllables made by the rules of the script."""

from __future__ import annotations

import functools
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from pipeline.language import fold
from pipeline.language.lexicon import load

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_TONES_OF_STOPS = ("\u0301", "\u0323")
_FRONT = "eêiy"
_MARKED = "ăâêôơư"
_EITHER = frozenset({"oa", "oe", "uy"})
"""Rimes whose tone stands on either vowel, by the old and the new spelling."""


def is_syllable(word: str) -> bool:
    """Tell whether `word` can be a Vietnamese syllable, in any case.

    >>> is_syllable("Nghiệm"), is_syllable("nghỉep")
    (True, False)
    """
    return word.lower() in _syllables()


def variants(word: str) -> frozenset[str]:
    """Return the syllables with the letters of `word` and other marks, in lower case.

    >>> sorted(variants("ca"))[:3]
    ['ca', 'cà', 'cá']
    """
    return _by_letters().get(fold(word), frozenset())


@functools.cache
def _syllables() -> frozenset[str]:
    return frozenset(_build())


@functools.cache
def _by_letters() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for syllable in _syllables():
        found[fold(syllable)].add(syllable)
    return {letters: frozenset(syllables) for letters, syllables in found.items()}


def _build() -> Iterator[str]:
    """Join every initial with the rimes that may follow it, in every tone that the rime takes."""
    rules = load("syllables")
    open_rimes, stopped = rules["open_rimes"].split(), rules["stopped_rimes"].split()
    after_qu = rules["rimes_after_qu"].split()
    for initial in rules["initials"]:
        for rime in after_qu if initial == "qu" else open_rimes + stopped:
            front = rime[0] in _FRONT
            if (initial in rules["before_front"] and not front) or (initial in rules["never_before_front"] and front):
                continue
            tones = _TONES_OF_STOPS if rime.endswith(("p", "t", "c", "ch")) else _TONES
            yield from (initial + spelled for tone in tones for spelled in _put_tone(rime, tone))
    yield from (unicodedata.normalize("NFC", f"gi{tone}") for tone in _TONES)


def _put_tone(rime: str, tone: str) -> Iterator[str]:
    """Spell `rime` with `tone` on the vowel that carries it, or on each of the two that may."""
    vowels = [index for index, letter in enumerate(rime) if fold(letter) in "aeiouy"]
    marked = [index for index in vowels if rime[index] in _MARKED]
    if marked:
        places = marked[-1:]
    elif vowels[-1] < len(rime) - 1:
        places = vowels[-1:]
    elif rime in _EITHER:
        places = vowels
    else:
        places = vowels[1:2] if len(vowels) == 3 else vowels[:1]
    for place in places:
        yield unicodedata.normalize("NFC", rime[: place + 1] + tone + rime[place + 1 :])
