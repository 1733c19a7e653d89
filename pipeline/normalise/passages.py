"""When two passages say the same thing again: by the word sequences that they have in common, whatever the figures.

Signatures are MinHash (Broder, 1997), looked up by bands (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets,
chapter 3). The library that has both brings SciPy with it, for one integral; these few lines need NumPy alone.
"""

from __future__ import annotations

import functools
import itertools
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.language import fold, lower, pattern

BANDS, ROWS = 40, 3
"""So passages that are alike by a third are compared with a chance of 0.78, those by half with one of 0.995."""
LIKE = 0.42
"""Likeness from which two passages count as the same said again; where F1 was best on the half that was looked at."""
_PRIME = (1 << 61) - 1
_FIGURE = re.compile(r"\d+(?:[.,/-]\d+)*")
_WORD = re.compile(r"[^\W_]+")
_AT_ONCE = 2_000
_LEAST = 4
"""Hashes below which a passage says hardly more than the form."""
_MOST = 0.75
"""Share of some passages that must have a word for it to count as common to them; of two, both."""
Shingles = frozenset[int]


def shingles(text: str) -> Shingles:
    """Return hashes of the words of a passage and of each two that follow one another.

    Figures, marks, capitals and what notices say of anything ("giao", "còn chậm", "trước ngày") count for nothing; only
    where a passage says hardly more than that, it counts.
    """
    telling = _hashes(_telling(text))
    return telling if len(telling) >= _LEAST else _hashes(_plain(text))


def _plain(text: str) -> str:
    return lower(_FIGURE.sub(" ", text))


def _telling(text: str) -> str:
    return _form().sub(" | ", _plain(text))


def _hashes(text: str) -> Shingles:
    found: set[str] = set()
    for stretch in fold(text).split("|"):
        words = _WORD.findall(stretch)
        found.update(words)
        found.update(" ".join(pair) for pair in itertools.pairwise(words))
    return frozenset(zlib.crc32(part.encode()) for part in found)


@functools.cache
def _form() -> re.Pattern[str]:
    return pattern("likeness", "form")


def likeness(one: Collection[int], other: Collection[int]) -> float:
    """Return what share of both is common to them (Jaccard), from 0 to 1.

    >>> likeness(shingles("Giải ngân chậm, đạt 31%"), shingles("giải ngân chậm, đạt 48,5%"))
    1.0
    """
    first, second = frozenset(one), frozenset(other)
    common = len(first & second)
    return common / (len(first) + len(second) - common) if common else 0.0


def bands(passages: Iterable[Shingles]) -> Iterator[list[int]]:
    """Yield for each passage the keys under which others that are like it are found: those with one in common.

    A passage without words has none.
    """
    rest = iter(passages)
    while part := list(itertools.islice(rest, _AT_ONCE)):
        keys = _keys(_signatures(part))
        for shingled, row in zip(part, keys.tolist(), strict=True):
            yield row if shingled else []


def common(texts: Sequence[str]) -> list[str]:
    """Return what most of some passages say, in the words and the order of the first, without the form around it.

    >>> common(["Giải ngân vốn đầu tư công còn chậm", "Đến nay mới giải ngân 48% vốn đầu tư công"])
    ['giải ngân vốn đầu tư công']
    """
    said = Counter(word for text in texts for word in set(_WORD.findall(fold(_telling(text)))))
    found = []
    for stretch in _telling(texts[0]).split("|") if texts else ():
        runs = itertools.groupby(_WORD.findall(stretch), lambda word: said[fold(word)] >= _MOST * len(texts))
        found += [" ".join(words) for is_common, words in runs if is_common]
    return list(dict.fromkeys(found))


def shared(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is of the words in common, whatever their marks and capitals.

    >>> shared("Vốn đầu tư, giải ngân chậm", ["giải ngân vốn đầu tư"])
    [('Vốn đầu tư', True), (', ', False), ('giải ngân', True), (' chậm', False)]
    """
    known = {fold(word) for run in words for word in _WORD.findall(run)}
    pieces: list[tuple[str, bool]] = []
    at = 0
    for word in _WORD.finditer(text):
        if fold(word.group()) not in known:
            continue
        between = text[at : word.start()]
        if between == " " and pieces:
            pieces[-1] = (f"{pieces[-1][0]} {word.group()}", True)
        else:
            pieces += [(between, False), (word.group(), True)]
        at = word.end()
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]


def _signatures(passages: Sequence[Shingles]) -> NDArray[np.uint64]:
    """Return the least of each of the permuted hashes; one row a passage."""
    factors, offsets = _permutations()
    found = np.full((len(passages), BANDS * ROWS), _PRIME, dtype=np.uint64)
    for number, shingled in enumerate(passages):
        if shingled:
            values = np.fromiter(shingled, dtype=np.uint64, count=len(shingled))
            found[number] = ((values[:, None] * factors + offsets) % np.uint64(_PRIME)).min(axis=0)
    return found


def _keys(signatures: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return one number a band, which depends on which band it is."""
    rows = signatures.reshape(len(signatures), BANDS, ROWS)
    keys = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = np.broadcast_to(keys, (len(signatures), BANDS)).copy()
    for number in range(ROWS):
        mixed ^= rows[:, :, number]
        mixed *= np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(33)
    return mixed


@functools.cache
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the same factors and offsets always; a product with a 32-bit hash stays within 64 bits."""
    random = np.random.default_rng(20_241_126)
    factors = random.integers(1, 1 << 31, BANDS * ROWS, dtype=np.uint64)
    offsets = random.integers(0, 1 << 60, BANDS * ROWS, dtype=np.uint64)
    return factors, offsets
