"""When two values count as the same: what does not distinguish them is folded, and longer texts may differ a little."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz.fuzz import ratio

EXACT = 1.0
_MENDED = str.maketrans("–—", "--", "“”\"'‘’")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE_FIRST = {
    first + unicodedata.normalize("NFC", second + tone): unicodedata.normalize("NFC", first + tone) + second
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}
_TONE_SECOND = re.compile(rf"({'|'.join(_TONE_FIRST)})(?!\w)")
_AROUND_MARKS = re.compile(r"\s*([-/.,;:])\s*")
_ENDS = " .;,:-"


def fold_value(value: object) -> str:
    """Return a value without what does not distinguish it: case, white space, tone placement, quotes, end marks.

    >>> fold_value("UỶ BAN  nhân dân – Hoà Bình.") == fold_value("Ủy ban nhân dân-Hòa Bình")
    True
    """
    text = unicodedata.normalize("NFC", str(value)).casefold().translate(_MENDED)
    text = _TONE_SECOND.sub(lambda match: _TONE_FIRST[match.group()], text)
    return " ".join(_AROUND_MARKS.sub(r"\1", text).split()).strip(_ENDS)


def similarity(one: object, other: object) -> float:
    """Return how alike two values are, 1.0 for the same and 0.0 for nothing in common."""
    first, second = fold_value(one), fold_value(other)
    return EXACT if first == second else ratio(first, second) / 100


def pair_up(gold: Sequence[object], predicted: Sequence[object], threshold: float) -> dict[int, int]:
    """Pair values one to one, the most alike first, then those whose places are nearest.

    >>> pair_up(["Sở Y tế", "Sở Tài chính"], ["sở Tài chính"], EXACT)
    {1: 0}
    """
    candidates = sorted(
        (-likeness, abs(i - j), i, j)
        for i, one in enumerate(gold)
        for j, other in enumerate(predicted)
        if (likeness := similarity(one, other)) >= threshold
    )
    pairs: dict[int, int] = {}
    for _, _, i, j in candidates:
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs
