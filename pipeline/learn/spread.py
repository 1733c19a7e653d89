"""How far scores differ from case to case, and how sure a total over so few cases is."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.learn.scoring import Tally

RESAMPLES = 2000
CERTAINTY = 0.95
SEED = 1


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the F1 of single cases lies."""

    worst: float
    lower_quartile: float
    median: float
    upper_quartile: float
    best: float


def spread_of(tallies: Sequence[Tally]) -> Spread | None:
    """Return how F1 is spread over cases; None where no case has anything to score."""
    figures = sorted(tally.f1 for tally in tallies if tally.f1 is not None)
    if not figures:
        return None
    lower, middle, upper = statistics.quantiles(figures, n=4, method="inclusive") if len(figures) > 1 else figures * 3
    return Spread(figures[0], lower, middle, upper, figures[-1])


def interval(tallies: Sequence[Tally], seed: int = SEED) -> tuple[float, float] | None:
    """Return the 95 % bootstrap interval of the F1 over all cases: cases are drawn anew, each as a whole."""
    chance = random.Random(seed)  # noqa: S311 - the same at every run
    totals = [sum(chance.choices(tallies, k=len(tallies)), Tally()).f1 for _ in range(RESAMPLES if tallies else 0)]
    figures = sorted(figure for figure in totals if figure is not None)
    if not figures:
        return None
    left_out = int(len(figures) * (1 - CERTAINTY) / 2)
    return figures[left_out], figures[-1 - left_out]
