"""Zones: columns that OCR took for one are read again, each alone."""

from __future__ import annotations

import numpy as np
from hostile_files import picture
from PIL import Image

from pipeline.document import Line, Word
from pipeline.ocr.modes import Mode
from pipeline.ocr.zones import read_columns

FOOT = picture(
    (100, 300, "Body that goes on over the whole of the page to its end"),
    (100, 500, "Recipients"),
    (800, 500, "Chairman"),
    (100, 560, "- One"),
    (100, 620, "- Two"),
    (800, 650, "Name"),
    letters=36,
)


def rows_of_ink(image: Image.Image, _mode: Mode) -> tuple[Line, ...]:
    """Stands in for an engine: a line a row of ink, a word where paper parts it."""
    ink = np.asarray(image) < 128
    lines = []
    for top, bottom in runs(ink.any(axis=1)):
        words = [Word(f"{b - a}", (a, top, b, bottom), 0.9) for a, b in join(runs(ink[top:bottom].any(axis=0)))]
        lines.append(Line(tuple(words)))
    return tuple(lines)


def runs(marks: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], marks.astype(int), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def join(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined = pieces[:1]
    for left, right in pieces[1:]:
        if left - joined[-1][1] < 8:
            joined[-1] = (joined[-1][0], right)
        else:
            joined.append((left, right))
    return joined


def test_the_foots_columns_are_read_apart():
    calls = []

    def read(image: Image.Image, mode: Mode) -> tuple[Line, ...]:
        calls.append(mode)
        return rows_of_ink(image, mode)

    lines = read_columns(FOOT, read)
    assert calls == [Mode.PAGE, Mode.COLUMN, Mode.COLUMN]
    sides = [("left" if line.box[2] < 700 else "right" if line.box[0] > 700 else "both") for line in lines]
    assert sides == ["both", "left", "left", "left", "right", "right"]


def test_words_of_a_part_stand_at_their_places_on_the_page():
    ink = np.asarray(FOOT) < 128
    for line in read_columns(FOOT, rows_of_ink):
        left, top, right, bottom = (int(side) for side in line.box)
        assert ink[top:bottom, left].any()
        assert ink[top:bottom, right - 1].any()


def test_a_page_of_one_column_is_read_once():
    calls = []

    def read(image: Image.Image, mode: Mode) -> tuple[Line, ...]:
        calls.append(mode)
        return rows_of_ink(image, mode)

    read_columns(picture((100, 300, "Body that goes on"), (100, 360, "and on over the page")), read)
    assert calls == [Mode.PAGE]


def test_a_gap_in_a_line_is_no_column_where_other_lines_cross_it():
    crossed = picture(
        (100, 300, "Date:"), (800, 300, "Place:"), (100, 345, "Body that goes on over the whole of the page")
    )
    sizes = []

    def read(image: Image.Image, mode: Mode) -> tuple[Line, ...]:
        sizes.append(image.height)
        return rows_of_ink(image, mode)

    lines = read_columns(crossed, read)
    assert len(lines) == 3
    assert all(height < 200 for height in sizes[1:])


def test_an_empty_page_has_no_lines():
    assert read_columns(Image.new("L", (100, 100), 255), rows_of_ink) == ()
