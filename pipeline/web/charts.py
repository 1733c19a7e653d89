"""Columns of a chart as boxes of a picture: figures in, places out; how it looks is the style sheet's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720.0, 260.0
_LEFT, _TOP, _BOTTOM = 44.0, 12.0, 30.0
_GAP = 0.28
"""Share of a column's room that is left free."""
_LABELS = 13
"""Labels that fit below the columns."""
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a column; `series` says which, `title` is told of it."""

    x: float
    y: float
    width: float
    height: float
    series: int
    count: int
    column: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where, and what is written there."""

    at: float
    label: str | int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of columns in a box of `WIDTH` by `HEIGHT`, with its marks from below and from the left."""

    bars: tuple[Bar, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    base: float = HEIGHT - _BOTTOM
    left: float = _LEFT
    width: float = WIDTH
    height: float = HEIGHT


def columns(labels: Sequence[str], series: Sequence[Sequence[int]]) -> Chart:
    """Return a chart with one column a label; the series stand on one another in their order.

    >>> chart = columns(["2023", "2024"], [[1, 3], [1, 1]])
    >>> len(chart.bars), [tick.label for tick in chart.up]
    (4, [0, 1, 2, 3, 4])
    """
    totals = [sum(counts) for counts in zip(*series, strict=True)] or [0]
    step = _step(max(totals))
    top = max(step, math.ceil(max(totals) / step) * step)
    base = HEIGHT - _BOTTOM
    scale = (base - _TOP) / top
    room = (WIDTH - _LEFT) / max(len(labels), 1)
    wide = min(room * (1 - _GAP), 64.0)
    bars = []
    for column in range(len(labels)):
        below = base
        for number, counts in enumerate(series):
            high = counts[column] * scale
            below -= high
            if counts[column]:
                x = _LEFT + room * column + (room - wide) / 2
                bars.append(Bar(_short(x), _short(below), _short(wide), _short(high), number, counts[column], column))
    every = math.ceil(len(labels) / _LABELS)
    across = tuple(
        Tick(_short(_LEFT + room * (column + 0.5)), label) for column, label in enumerate(labels) if column % every == 0
    )
    up = tuple(Tick(_short(base - mark * scale), mark) for mark in range(0, top + 1, step))
    return Chart(tuple(bars), across, up)


def _step(most: int) -> int:
    """Return a round distance of marks, of which about five reach up to the most."""
    least = max(1.0, most / 5)
    power: int = 10 ** math.floor(math.log10(least))
    steps = (step * power for step in _STEPS if step * power >= least)
    return max(1, math.ceil(next(steps)))


def _short(length: float) -> float:
    return round(length, 2)
