"""Whole pages: several at once, turned ones, poor ones, and clean ones that nothing may harm."""

from __future__ import annotations

import io
import shutil
import threading
from pathlib import Path

import pytest
from hostile_files import picture
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from pipeline import ocr
from pipeline.config import OcrSettings
from pipeline.document import Line, Page, Word
from pipeline.ocr import Mode, choose_engine, recognise
from pipeline.ocr.digits import DATE_UNREADABLE, NUMBER_UNREADABLE
from pipeline.ocr.page import recognise_page
from pipeline.read.paper import draw_page

SETTINGS = OcrSettings()
TEXT = picture(*((120, 100 + 60 * row, f"Thong bao so {row} ve viec hop giao ban thang {row}") for row in range(12)))
GOOD = Line(tuple(Word(word, (100.0, 900.0, 200.0, 930.0), 0.96) for word in ["kế", "hoạch", "thực", "hiện"] * 4))
POOR = Line(tuple(Word(word, (100.0, 900.0, 200.0, 930.0), 0.4) for word in ["kẽ", "hoqch", "fhực", "hịênn"] * 4))
ocrmypdf = pytest.importorskip("ocrmypdf")  # it carries a font with all letters
FONT = Path(ocrmypdf.__file__).parent / "data" / "NotoSans-Regular.ttf"
CASE = Path(__file__).parents[1] / "data" / "samples" / "cases" / "vpcp-han-man-dbscl-2024" / "notice.txt"

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")


def page(image: Image.Image, number: int = 1) -> Page:
    return Page(number, (), 595.0, 842.0, picture=lambda _dpi: image)


def test_pages_come_back_in_their_order_and_no_more_are_in_hand_than_workers(monkeypatch):
    in_hand, most, lock = 0, 0, threading.Lock()

    def engine(*_args):
        nonlocal in_hand, most
        with lock:
            in_hand += 1
            most = max(most, in_hand)
        threading.Event().wait(0.02)
        with lock:
            in_hand -= 1
        return (GOOD,)

    monkeypatch.setattr(ocr, "choose_engine", lambda _settings: engine)
    read = recognise(tuple(page(TEXT, number) for number in range(1, 7)), OcrSettings(workers=2))
    assert [one.number for one in read] == [1, 2, 3, 4, 5, 6]
    assert most <= 2


def test_a_page_read_well_is_read_once():
    modes = []
    recognise_page(page(TEXT), lambda _image, mode: modes.append(mode) or (GOOD,), SETTINGS)
    assert modes == [Mode.PAGE]


def test_a_page_read_poorly_is_read_in_other_ways_and_the_best_is_kept():
    answers = [(POOR,), (POOR,), (POOR,), (GOOD,), (POOR,)]
    read = recognise_page(page(TEXT), lambda *_args: answers.pop(0), SETTINGS)
    assert [word.text for word in read.lines[0].words] == [word.text for word in GOOD.words]
    assert not answers


def test_a_page_on_its_head_is_turned():
    answers = [(POOR,), (GOOD,)]
    read = recognise_page(page(TEXT), lambda *_args: answers.pop(0), SETTINGS)
    assert (read.turned, read.warnings) == (180, ("page 1: turned by 180 degrees for reading",))


def test_a_page_on_its_side_is_turned_with_its_size():
    read = recognise_page(page(clean_page(150)[0].rotate(90, expand=True)), lambda *_args: (GOOD,), SETTINGS)
    assert (read.turned, read.width, read.height) == (90, 842.0, 595.0)


@pytest.mark.parametrize(
    ("words", "warning"),
    [
        (["Số:", "?ý", "/TB-UBND"], NUMBER_UNREADABLE),
        (["Huế,", "ngày", "ƒý", "tháng", "3", "năm", "2019"], DATE_UNREADABLE),
    ],
)
def test_what_cannot_be_read_in_the_head_is_a_warning(words, warning):
    placed = (
        Word(word, (100.0 + 90 * i, 50.0, 180.0 + 90 * i, 70.0), 0.9 if word.isascii() else 0.1)
        for i, word in enumerate(words)
    )
    head = Line(tuple(placed))
    read = recognise_page(page(TEXT), lambda _image, mode: (head, GOOD) if mode is Mode.PAGE else (), SETTINGS)
    assert warning in read.warnings
    assert not any("ý" in word.text for line in read.lines for word in line.words)


def clean_page(dpi: int) -> tuple[Image.Image, str]:
    """Print the first lines of a sample."""
    words = CASE.read_text(encoding="utf-8").split()[40:200]
    image = Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 255)
    font = ImageFont.truetype(FONT, round(14 / 72 * dpi))
    for row in range(0, len(words), 10):
        place = (dpi, dpi + row / 10 * 0.33 * dpi)
        ImageDraw.Draw(image).text(place, " ".join(words[row : row + 10]), 0, font)
    return image, " ".join(words)


def distance(lines: tuple[Line, ...], truth: str) -> int:
    return Levenshtein.distance(" ".join(word.text for line in lines for word in line.words), truth)


@needs_tesseract
@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_clean_pages_are_read_no_worse_than_without_any_help(dpi):
    image, truth = clean_page(dpi)
    image.info["dpi"] = (dpi, dpi)
    bare = choose_engine(SETTINGS)(SETTINGS, image, Mode.PAGE)
    (read,) = recognise((page(image),), SETTINGS)
    assert distance(read.lines, truth) <= distance(bare, truth)
    assert distance(read.lines, truth) <= 0.01 * len(truth)


@pytest.mark.parametrize(("asked", "drawn"), [(300, 150), (100, 100)])
def test_a_scan_is_drawn_no_finer_than_it_is(asked, drawn):
    made = io.BytesIO()
    TEXT.save(made, "PDF", resolution=150)
    assert draw_page(made.getvalue(), 0, asked, 10**9).width == pytest.approx(TEXT.width * drawn / 150, abs=2)


@needs_tesseract
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_are_read_as_upright_ones(turn):
    image, truth = clean_page(200)
    (read,) = recognise((page(image.rotate(turn, expand=True)),), SETTINGS)
    assert read.turned == turn
    assert distance(read.lines, truth) <= 0.01 * len(truth)


def test_each_page_that_is_done_is_told(caplog):
    caplog.set_level("INFO", logger="pipeline.ocr.progress")
    pages = tuple(Page(number, (), 595.0, 842.0, "ocr", lambda _dpi: TEXT) for number in (1, 2))
    recognise(pages, SETTINGS)
    assert [record.getMessage() for record in caplog.records] == ["page 1 of 2", "page 2 of 2"]
