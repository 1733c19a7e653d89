"""OCR: which pages go to it, how they are prepared, and where the words come to stand."""

from __future__ import annotations

import shutil

import cv2
import numpy as np
import pytest
from hostile_files import picture
from PIL import Image

from pipeline import ocr
from pipeline.config import OcrSettings
from pipeline.document import Line, Page, Word
from pipeline.ocr import Mode, recognise
from pipeline.ocr.prepare import (
    darken,
    even_background,
    is_blank,
    is_sideways,
    measure_skew,
    prepare,
    remove_specks,
    take_ink,
)

SETTINGS = OcrSettings()
PROGRAM = OcrSettings(engine="tesseract")
"""The program, whichever engine is installed besides."""
WORDS = ["Thong", "bao", "ket", "luan", "cuoc", "hop", "ngay"]
TEXT = [(120, 100 + 60 * row, " ".join([*WORDS[row % 7 :], *WORDS[: row % 7], str(row)])) for row in range(12)]
"""Lines that differ, as those of a page do: the same line twelve times has columns as sharp as its rows."""
PAGE = picture(*TEXT)
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")


def page(image: Image.Image, lines: tuple[Line, ...] = ()) -> Page:
    return Page(1, lines, 595.0, 842.0, picture=lambda _dpi: image)


def test_pages_with_text_are_left_as_they_are(monkeypatch):
    monkeypatch.setattr(ocr, "choose_engine", lambda _settings: None)
    embedded = page(PAGE, (Line((Word("x"),)),))
    flowing = Page(None, (Line((Word("x"),)),))
    assert recognise((embedded, flowing), PROGRAM) == (embedded, flowing)


def test_a_blank_page_is_not_read(monkeypatch):
    monkeypatch.setattr(ocr, "choose_engine", lambda _settings: lambda *_args: pytest.fail("a blank page was read"))
    (read,) = recognise((page(Image.new("L", (800, 1100), 240)),), PROGRAM)
    assert (read.lines, read.warnings) == ((), ("page 1: blank",))


def test_a_page_on_which_nothing_is_found_says_so(monkeypatch):
    monkeypatch.setattr(ocr, "choose_engine", lambda _settings: lambda *_args: ())
    assert recognise((page(PAGE),), PROGRAM)[0].warnings == ("page 1: OCR found no text",)


def test_boxes_come_back_onto_the_page_as_it_was(monkeypatch):
    def engine(_settings: OcrSettings, image: Image.Image, _mode: Mode) -> tuple[Line, ...]:
        ink = np.argwhere(np.asarray(image) < 100)
        (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
        return (Line((Word("x", (float(left), float(top), float(right), float(bottom)), 0.5),)),)

    monkeypatch.setattr(ocr, "choose_engine", lambda _settings: engine)
    mark = Image.new("L", (595, 842), 255)
    mark.paste(0, (100, 200, 400, 210))
    (read,) = recognise((page(mark),), PROGRAM)
    assert read.lines[0].words[0].box == pytest.approx((100, 200, 400, 210), abs=1.5)
    assert read.origin == "ocr"


@pytest.mark.parametrize("angle", [-3.0, -0.6, 1.4])
def test_skew_is_measured_and_undone(angle):
    leaning = PAGE.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    assert measure_skew(np.asarray(leaning)) == pytest.approx(-angle, abs=0.12)
    assert measure_skew(np.asarray(prepare(leaning, 595, 150).image)) == pytest.approx(0, abs=0.12)


def test_a_level_page_is_not_turned():
    assert measure_skew(np.asarray(PAGE)) == 0


def test_red_stamps_go_and_black_ink_stays():
    pixels = np.full((40, 40, 3), 255, np.uint8)
    pixels[10:20, 10:20] = (220, 30, 40)
    pixels[25:30, 10:20] = (20, 20, 20)
    ink = take_ink(pixels, 200)
    assert ink[15, 15] > 200
    assert ink[27, 15] < 30


def test_blue_stamps_go_and_digits_written_in_blue_stay():
    pixels = np.full((400, 800, 3), 255, np.uint8)
    pixels[50:54, 100:400] = pixels[150:154, 100:400] = (40, 60, 200)  # a stamp's frame
    pixels[90:110, 120:380] = (60, 70, 190)
    pixels[100:104, 200:300] = (20, 20, 20)  # print beneath it
    pixels[300:330, 100:130] = (40, 60, 200)  # a digit
    ink = take_ink(pixels, 200)
    assert ink[52, 200] > 150
    assert ink[95, 150] > 150
    assert ink[102, 250] < 30
    assert ink[315, 115] < 60


def test_a_shadow_over_the_page_becomes_white():
    shadow = np.tile(np.linspace(90, 250, 1240).astype(np.uint8), (1754, 1))
    shaded = np.minimum(np.asarray(PAGE), shadow)
    even = even_background(shaded)
    assert np.median(even) > 245
    assert even[np.asarray(PAGE) < 50].mean() < 120


def test_coarse_pages_are_enlarged_and_fine_ones_are_not():
    assert prepare(PAGE, 595, 300).image.width == pytest.approx(2480, abs=2)
    assert prepare(PAGE, 595, 150).image.size == PAGE.size


def test_specks_of_a_dirty_page_go_and_letters_stay():
    dirty = np.array(PAGE)
    places = np.random.default_rng(1).integers(900, 1200, (100, 2))
    dirty[places[:, 0], places[:, 1]] = 0
    cleaned = remove_specks(dirty, 150)
    assert cleaned[900:].min() == 255
    assert (cleaned[:850] == dirty[:850]).all()


def test_a_clean_page_is_not_searched_for_specks():
    page = np.asarray(PAGE)
    assert remove_specks(page, 150) is page


@pytest.mark.parametrize(("paper", "ink", "stretched"), [(240, 160, True), (240, 20, False)])
def test_only_faded_pages_are_stretched(paper, ink, stretched):
    grey = np.full((1000, 800), paper, np.uint8)
    grey[100:300, 100:500] = ink
    assert darken(grey).min() < 30
    assert (darken(grey) is grey) is not stretched


@pytest.mark.parametrize(("turn", "sideways"), [(0, False), (90, True), (180, False), (270, True)])
def test_pages_on_their_side_are_told(turn, sideways):
    assert is_sideways(PAGE.rotate(turn, expand=True)) is sideways


def test_a_few_specks_are_a_blank_page():
    assert is_blank(Image.new("L", (1000, 1000), 255))
    assert not is_blank(PAGE)


@needs_tesseract
def test_a_leaning_page_is_read_with_its_words_in_place():
    leaning = PAGE.rotate(2, resample=Image.Resampling.BICUBIC, fillcolor=255)
    (read,) = recognise((page(leaning),), SETTINGS)
    words = [word for line in read.lines for word in line.words if word.text == "hop"]
    assert len(words) >= 10
    ink = cv2.resize(np.asarray(leaning), (595, 842), interpolation=cv2.INTER_AREA)
    for word in words:
        left, top, right, bottom = (round(side) for side in word.box)
        assert ink[top : bottom + 1, left : right + 1].min() < 150
        assert word.confidence is not None
