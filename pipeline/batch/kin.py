"""Near-duplicates: the draft, the issued file and the scan of one notice are linked, never merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.language import fold
from pipeline.store import Link, Store

_MOST_CHARACTERS = 20_000
"""Of each text: as much as tells two notices apart, in milliseconds."""
_SAME_HEAD, _SAME_TEXT = 0.75, 0.90
"""How alike two texts must be where number and date agree, and where they do not say."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """Two documents that are one notice: their SHA-256 in order, by what they are told, and how alike (0 to 1)."""

    first: str
    second: str
    kind: str
    likeness: float
    reason: str


def find_kin(store: Store, documents: Iterable[str]) -> Iterator[Kinship]:
    """Compare each document with those that may be the same notice, and yield the pairs that are."""
    seen: set[tuple[str, str]] = set()
    for sha256 in documents:
        for other in store.candidates(sha256):
            pair = (min(sha256, other), max(sha256, other))
            if pair not in seen:
                seen.add(pair)
                kinship = _compare(store, *pair)
                if kinship is not None:
                    yield kinship


def link_kin(store: Store) -> tuple[tuple[str, str, str], ...]:
    """Link what was read since the last run that ended; return each pair's files and why they are linked."""
    found = list(find_kin(store, store.read_lately()))
    store.add_links(Link(kin.first, kin.second, kin.kind, kin.likeness, kin.reason) for kin in found)
    names = store.documents([sha256 for kin in found for sha256 in (kin.first, kin.second)])
    return tuple((names[kin.first].name, names[kin.second].name, kin.reason) for kin in found)


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1, whatever their accents, case and line breaks.

    >>> likeness("Giao Sở Y tế", "GIAO SỞ Y TẾ")
    1.0
    """
    one, other = (" ".join(fold(text[:_MOST_CHARACTERS]).split()) for text in (one, other))
    return round(fuzz.ratio(one, other) / 100, 3)


def _compare(store: Store, first: str, second: str) -> Kinship | None:
    one, other = store.notice(first), store.notice(second)
    if one is None or other is None:
        return None
    alike = likeness(store.text(first) or "", store.text(second) or "")
    numbers = one.header.document_number, other.header.document_number
    dates = one.header.issue_date, other.header.issue_date
    if None not in (*numbers, *dates) and numbers[0] == numbers[1] and dates[0] == dates[1]:
        if alike >= _SAME_HEAD:
            return Kinship(first, second, "same-notice", alike, f"the same number and date, {alike:.0%} the same text")
        return None
    unequal = any(None not in pair and pair[0] != pair[1] for pair in (numbers, dates))
    if alike >= _SAME_TEXT and not unequal:
        return Kinship(first, second, "draft", alike, f"{alike:.0%} the same text; one states no number or date")
    return None
