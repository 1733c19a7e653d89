"""Turning: pages whose print lies on its side or upside down, turned so that it can be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from pipeline.document import Box, Word

_TURNED = "page {}: the print is turned by {} degrees; boxes count from the corner of the upright page"


def tell_turn(chars: list[dict[str, Any]]) -> int:
    """Return by how many degrees (0, 90, 180, 270) the print of a page must be turned clockwise to stand upright."""
    counts: Counter[int] = Counter()
    for char in chars:
        across, up = char["matrix"][0], char["matrix"][1]
        if abs(across) >= abs(up):
            counts[0 if across >= 0 else 180] += 1
        else:
            counts[90 if up > 0 else 270] += 1
    return counts.most_common(1)[0][0] if counts else 0


def turn_box(box: Box, turn: int, width: float, height: float) -> Box:
    """Return where `box` of a page of that size is when the page is turned clockwise.

    >>> turn_box((10, 700, 20, 800), 90, 600, 800)
    (0, 10, 100, 20)
    """
    left, top, right, bottom = box
    if turn == 90:
        return height - bottom, left, height - top, right
    if turn == 180:
        return width - right, height - bottom, width - left, height - top
    if turn == 270:
        return top, width - right, bottom, width - left
    return box


def turn_size(size: tuple[float, float], turn: int) -> tuple[float, float]:
    """Return the width and height of a page after turning it."""
    return size if turn in {0, 180} else (size[1], size[0])


def turn_word(word: Word, turn: int, width: float, height: float) -> Word:
    """Return `word` with its box on the turned page."""
    return word if word.box is None else replace(word, box=turn_box(word.box, turn, width, height))


def turn_chars(chars: list[dict[str, Any]], turn: int, width: float, height: float) -> None:
    """Turn the letters of a page, in place; those that lay otherwise are upright no more."""
    for char in chars:
        box = (char["x0"], char["top"], char["x1"], char["bottom"])
        char["x0"], char["top"], char["x1"], char["bottom"] = turn_box(box, turn, width, height)
        char["upright"] = tell_turn([char]) == turn
        char["size"] = char["bottom"] - char["top"]


def describe_turn(number: int, turn: int) -> str:
    """Say that a page was turned."""
    return _TURNED.format(number, turn)
