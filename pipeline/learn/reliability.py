"""Whether confidences mean what they say: values put in bins by confidence, and how many of each bin are right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

BINS = 10


@dataclass(frozen=True, slots=True)
class Rated:
    """A value that we gave with a confidence, and whether it is right."""

    case: str
    field: str
    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The values whose confidence lies in one tenth: how many, their mean confidence, and the share that is right."""

    low: float
    high: float
    count: int
    confidence: float
    precision: float


def fill_bins(rated: Iterable[Rated]) -> list[Bin]:
    """Return the bins that hold values, the lowest first; a confidence of 1 counts in the last."""
    ordered = sorted(rated, key=lambda value: value.confidence)
    bins = []
    for place, group in groupby(ordered, key=lambda value: min(int(value.confidence * BINS), BINS - 1)):
        values = list(group)
        mean = sum(value.confidence for value in values) / len(values)
        bins.append(Bin(place / BINS, (place + 1) / BINS, len(values), mean, _precision(values)))
    return bins


def calibration_error(rated: Sequence[Rated]) -> float | None:
    """Return the expected calibration error: how far confidence and precision lie apart, bins weighed by their size."""
    if not rated:
        return None
    return sum(each.count * abs(each.confidence - each.precision) for each in fill_bins(rated)) / len(rated)


def coverage(rated: Sequence[Rated], precision: float) -> float | None:
    """Return the largest share of values, the surest first, of which at least `precision` are right.

    Values of equal confidence are taken together, as a threshold would.
    """
    if not rated:
        return None
    ordered = sorted(rated, key=lambda value: -value.confidence)
    taken = right = best = 0
    for _, group in groupby(ordered, key=lambda value: value.confidence):
        values = list(group)
        taken += len(values)
        right += sum(value.right for value in values)
        best = taken if right >= precision * taken else best
    return best / len(ordered)


def mean_confidence(rated: Sequence[Rated]) -> float | None:
    """Return the mean confidence; None without values."""
    return sum(value.confidence for value in rated) / len(rated) if rated else None


def precision_of(rated: Sequence[Rated]) -> float | None:
    """Return the share that is right; None without values."""
    return _precision(rated) if rated else None


def _precision(rated: Sequence[Rated]) -> float:
    return sum(value.right for value in rated) / len(rated)
