"""OCR: which pages go to it, how they are prepared, and where the words come to stand."""

from __future__ import annotations

import shutil

import cv2
import numpy as np
import pytesseract
import pytest
from hostile_files import picture
from PIL import Image

from pipeline import ocr
from pipeline.config import OcrSettings
from pipeline.document import Line, Page, Word
from pipeline.errors import MissingDependencyError, OcrError
from pipeline.ocr import recognise, tesseract
from pipeline.ocr.prepare import even_background, is_blank, measure_skew, prepare, take_ink

SETTINGS = OcrSettings()
TEXT = [(120, 100 + 60 * row, "Thong bao ket luan cuoc hop ngay " + str(row)) for row in range(12)]
PAGE = picture(*TEXT)
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")


def page(image: Image.Image, lines: tuple[Line, ...] = ()) -> Page:
    return Page(1, lines, 595.0, 842.0, picture=lambda _dpi: image)


def test_pages_with_text_are_left_as_they_are(monkeypatch):
    monkeypatch.setitem(ocr.ENGINES, "tesseract", None)
    embedded = page(PAGE, (Line((Word("x"),)),))
    flowing = Page(None, (Line((Word("x"),)),))
    assert recognise((embedded, flowing), SETTINGS) == (embedded, flowing)


def test_a_blank_page_is_not_read(monkeypatch):
    monkeypatch.setitem(ocr.ENGINES, "tesseract", None)
    (read,) = recognise((page(Image.new("L", (800, 1100), 240)),), SETTINGS)
    assert (read.lines, read.warnings) == ((), ("page 1: blank",))


def test_a_page_on_which_nothing_is_found_says_so(monkeypatch):
    monkeypatch.setitem(ocr.ENGINES, "tesseract", lambda *_args: ())
    assert recognise((page(PAGE),), SETTINGS)[0].warnings == ("page 1: OCR found no text",)


def test_boxes_come_back_onto_the_page_as_it_was(monkeypatch):
    def engine(_settings: OcrSettings, image: Image.Image, _one_column: bool) -> tuple[Line, ...]:
        ink = np.argwhere(np.asarray(image) < 100)
        (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
        return (Line((Word("x", (float(left), float(top), float(right), float(bottom)), 0.5),)),)

    monkeypatch.setitem(ocr.ENGINES, "tesseract", engine)
    mark = Image.new("L", (595, 842), 255)
    mark.paste(0, (100, 200, 400, 210))
    (read,) = recognise((page(mark),), SETTINGS)
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
    ink = take_ink(pixels)
    assert ink[15, 15] > 200
    assert ink[27, 15] < 30


def test_a_shadow_over_the_page_becomes_white():
    shadow = np.tile(np.linspace(90, 250, 1240).astype(np.uint8), (1754, 1))
    shaded = np.minimum(np.asarray(PAGE), shadow)
    even = even_background(shaded)
    assert np.median(even) > 245
    assert even[np.asarray(PAGE) < 50].mean() < 120


def test_coarse_pages_are_enlarged_and_fine_ones_are_not():
    assert prepare(PAGE, 595, 300).image.width == pytest.approx(2480, abs=2)
    assert prepare(PAGE, 595, 150).image.size == PAGE.size


def test_a_few_specks_are_a_blank_page():
    assert is_blank(Image.new("L", (1000, 1000), 255))
    assert not is_blank(PAGE)


def table(**columns):
    rows = len(next(iter(columns.values())))
    usual = {key: [1] * rows for key in ("block_num", "par_num", "line_num", "left", "top", "width", "height")}
    return {**usual, **columns}


def test_tesseracts_table_becomes_lines_without_speckle(monkeypatch):
    text, conf = ["", "Giao", ",'", "So\u0309"], [-1, 91.5, 12.0, 80.0]
    found = table(text=text, conf=conf, line_num=[0, 1, 1, 2], left=[0, 10, 60, 70])
    monkeypatch.setattr(tesseract, "_check_language", lambda _language: None)
    monkeypatch.setattr(pytesseract, "image_to_data", lambda *_args, **_options: found)
    lines = tesseract.recognise_tesseract(SETTINGS, PAGE, False)
    assert [line.text for line in lines] == ["Giao", "Sỏ"]
    assert lines[0].words[0] == Word("Giao", (10.0, 1.0, 11.0, 2.0), 0.915)


@pytest.mark.parametrize(
    ("raised", "expected", "reason"),
    [
        (pytesseract.TesseractNotFoundError(), MissingDependencyError, "apt-get install tesseract-ocr"),
        (pytesseract.TesseractError(1, "no memory"), OcrError, "no memory"),
        (RuntimeError("Tesseract process timeout"), OcrError, "longer than 120 seconds"),
    ],
)
def test_tesseracts_failures_are_told(monkeypatch, raised, expected, reason):
    def fail(*_args, **_options):
        raise raised

    monkeypatch.setattr(tesseract, "_check_language", lambda _language: None)
    monkeypatch.setattr(pytesseract, "image_to_data", fail)
    with pytest.raises(expected, match=reason):
        tesseract.recognise_tesseract(SETTINGS, PAGE, False)


def test_a_missing_program_or_model_is_told_before_any_page(monkeypatch):
    def missing(*_args):
        raise pytesseract.TesseractNotFoundError

    tesseract._check_language.cache_clear()
    monkeypatch.setattr(pytesseract, "get_languages", lambda *_args: ["eng", "osd"])
    with pytest.raises(MissingDependencyError, match="lacks its model vie"):
        tesseract.recognise_tesseract(SETTINGS, PAGE, False)
    monkeypatch.setattr(pytesseract, "get_languages", missing)
    with pytest.raises(MissingDependencyError, match="not installed: install it with"):
        tesseract.recognise_tesseract(SETTINGS, PAGE, False)


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
