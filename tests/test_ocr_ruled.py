"""Ruled tables in scans: cells are found by their strokes, and read one by one."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from hostile_files import picture
from PIL import Image, ImageDraw

from pipeline.config import OcrSettings
from pipeline.document import Line, Page, Word
from pipeline.layout import build_document
from pipeline.ocr import recognise
from pipeline.ocr.ruled import find_cells, without_strokes


def ruled(image: Image.Image, left: int, top: int, widths: list[int], heights: list[int]) -> Image.Image:
    """Draw a ruled table on a copy of `image`."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    right, bottom = left + sum(widths), top + sum(heights)
    for index in range(len(heights) + 1):
        y = top + sum(heights[:index])
        draw.line((left, y, right, y), fill=0, width=3)
    for index in range(len(widths) + 1):
        x = left + sum(widths[:index])
        draw.line((x, top, x, bottom), fill=0, width=3)
    return image


def test_cells_are_found_row_by_row():
    page = ruled(Image.new("L", (1240, 1754), 255), 100, 300, [400, 300, 300], [100, 160])
    cells = find_cells(np.asarray(page))
    assert len(cells) == 6
    assert [cell[:2] for cell in cells] == sorted(
        (cell[:2] for cell in cells), key=lambda corner: (corner[1], corner[0])
    )
    left, top, right, bottom = cells[4]
    assert (left, top) == pytest.approx((504, 404), abs=6)
    assert (right, bottom) == pytest.approx((796, 556), abs=6)


@pytest.mark.parametrize(("widths", "heights"), [([300], [80]), ([250, 250], [90])])
def test_frames_around_marks_are_no_tables(widths, heights):
    assert find_cells(np.asarray(ruled(Image.new("L", (1240, 1754), 255), 100, 300, widths, heights))) == ()


def test_a_page_of_text_has_no_cells():
    page = picture(
        *((120, 100 + 60 * row, f"Thong bao so {row} ve viec hop giao ban thang {row}") for row in range(20))
    )
    assert find_cells(np.asarray(page)) == ()


def test_strokes_that_were_read_as_words_go_and_others_stay():
    cells = ((100.0, 100.0, 200.0, 150.0), (204.0, 100.0, 300.0, 150.0))
    words = (
        Word("|", (199.0, 110.0, 205.0, 140.0)),
        Word("I", (150.0, 110.0, 156.0, 140.0)),
        Word("|", (20.0, 10.0, 26.0, 40.0)),
    )
    (line,) = without_strokes((Line(words),), cells)
    assert line.words == words[1:]
    assert without_strokes((Line(words),), ()) == (Line(words),)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
def test_a_scanned_table_is_read_cell_by_cell():
    rows = (
        (120, 320, "Soan bao cao"),
        (120, 370, "quy hai"),
        (640, 320, "Van phong"),
        (120, 460, "Hop dinh ky"),
        (640, 460, "Phong Ke"),
    )
    text = [(120, 100 + 60 * row, f"Thong bao so {row} ve viec hop giao ban thang {row}") for row in range(3)]
    image = ruled(picture(*text, *rows, (640, 510, "hoach")), 100, 300, [500, 500], [140, 140])
    page = Page(1, (), 595.0, 842.0, "ocr", lambda _dpi: image)
    document = build_document(recognise((page,), OcrSettings()))
    assert document.text.split("\n\n")[-4:] == ["Soan bao cao quy hai", "Van phong", "Hop dinh ky", "Phong Ke hoach"]
