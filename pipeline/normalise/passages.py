"""When two passages say the same thing again: by the word sequences that they have in common, whatever the figures.

Signatures are MinHash (Broder, 1997), looked up by bands (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets,
chapter 3). The library that has both brings SciPy with it, for one integral; these few lines need NumPy alone.
"""

from __future__ import annotations

import functools
import itertools
import re
import zlib
from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.language import fold, lower, pattern

BANDS, ROWS = 40, 3
"""So passages with a third of their pairs of words in common are looked at with a chance of 0.78, with half of 1."""
LIKE = 0.42
"""Likeness from which two passages count as the same said again; where F1 was best on the half that was looked at."""
_PRIME = (1 << 61) - 1
_FIGURE = re.compile(r"\d+(?:[.,/-]\d+)*")
_WORD = re.compile(r"[^\W_]+")
_AT_ONCE = 2_000
_LEAST = 4
"""Hashes below which a passage says hardly more than the form."""
Shingles = frozenset[int]


def shingles(text: str) -> Shingles:
    """Return hashes of the words of a passage and of each two that follow one another.

    Figures, marks, capitals and what notices say of anything ("giao", "còn chậm", "trước ngày") count for nothing; only
    where a passage says hardly more than that, it counts.
    """
    plain = lower(_FIGURE.sub(" ", text))
    telling = _hashes(_form().sub(" | ", plain))
    return telling if len(telling) >= _LEAST else _hashes(plain)


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


def bands(passages: Sequence[Shingles]) -> Iterator[list[int]]:
    """Yield for each passage the keys under which others that are like it are found: those with one in common.

    A passage without words has none.
    """
    for start in range(0, len(passages), _AT_ONCE):
        part = passages[start : start + _AT_ONCE]
        signatures = _signatures(part)
        keys = _keys(signatures)
        for shingled, row in zip(part, keys.tolist(), strict=True):
            yield row if shingled else []


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
