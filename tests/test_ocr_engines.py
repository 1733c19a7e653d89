"""OCR engines: Tesseract as a program and in the process, its table, and its failures."""

from __future__ import annotations

import pytesseract
import pytest
from hostile_files import picture

from pipeline.config import OcrSettings
from pipeline.document import Word
from pipeline.errors import ConfigError, MissingDependencyError, OcrError
from pipeline.ocr import ENGINES, choose_engine, inprocess, tesseract
from pipeline.ocr.inprocess import can_read, recognise_in_process
from pipeline.ocr.modes import Mode
from pipeline.ocr.table import COLUMNS, parse_table, table_lines

SETTINGS = OcrSettings()
LINE = picture((20, 20, "Thong bao ket luan 2024"), size=(500, 90), letters=32)


def table(*rows):
    usual = dict.fromkeys(COLUMNS, "1")
    lines = ["\t".join({**usual, **row}.values()) for row in rows]
    return "\n".join(["\t".join(COLUMNS), *lines])


FOUND = table(
    {"text": "", "conf": "-1", "line_num": "0"},
    {"text": "Giao", "conf": "91.5", "left": "10"},
    {"text": ",'", "conf": "12"},
    {"text": "So\u0309", "conf": "80", "line_num": "2"},
    {"text": '"một', "conf": "80", "line_num": "3"},
)


def test_the_table_becomes_lines_without_speckle():
    lines = list(table_lines(parse_table(FOUND)))
    assert [line.text for line in lines] == ["Giao", "Sỏ", '"một']
    assert lines[0].words[0] == Word("Giao", (10.0, 1.0, 11.0, 2.0), 0.915)


def test_the_program_is_asked_for_what_the_picture_holds(monkeypatch):
    asked = []
    monkeypatch.setattr(tesseract, "_check_language", lambda _language: None)
    monkeypatch.setattr(pytesseract, "image_to_data", lambda *_args, **options: asked.append(options["config"]) or "")
    for mode in Mode:
        tesseract.recognise_tesseract(SETTINGS, LINE, mode)
    assert [options.split()[1] for options in asked] == ["3", "4", "7", "7"]
    assert "whitelist=0123456789" in asked[3]


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
        tesseract.recognise_tesseract(SETTINGS, LINE, Mode.PAGE)


def test_a_missing_program_or_model_is_told_before_any_page(monkeypatch):
    def missing(*_args):
        raise pytesseract.TesseractNotFoundError

    tesseract._check_language.cache_clear()
    monkeypatch.setattr(pytesseract, "get_languages", lambda *_args: ["eng", "osd"])
    with pytest.raises(MissingDependencyError, match="lacks its model vie"):
        tesseract.recognise_tesseract(SETTINGS, LINE, Mode.PAGE)
    monkeypatch.setattr(pytesseract, "get_languages", missing)
    with pytest.raises(MissingDependencyError, match="not installed: install it with"):
        tesseract.recognise_tesseract(SETTINGS, LINE, Mode.PAGE)


def test_a_model_that_is_nowhere_cannot_be_read_in_process():
    assert not can_read("klingon")


@pytest.mark.parametrize("installed", [True, False])
def test_the_faster_engine_is_taken_where_it_is_installed(monkeypatch, installed):
    monkeypatch.setattr("pipeline.ocr.can_read", lambda _language: installed)
    assert choose_engine(SETTINGS) is ENGINES["tesserocr" if installed else "tesseract"]


def test_an_unknown_engine_is_told():
    with pytest.raises(ConfigError, match="choose one of auto, tesserocr, tesseract"):
        choose_engine(OcrSettings(engine="magic"))


def test_an_engine_of_ones_own_is_one_entry(monkeypatch):
    def mine(*_args):
        return ()

    monkeypatch.setitem(ENGINES, "mine", mine)
    assert choose_engine(OcrSettings(engine="mine")) is mine


@pytest.mark.skipif(not can_read("vie"), reason="tesserocr is not installed")
def test_both_ways_read_the_same():
    read = [
        [line.text for line in engine(SETTINGS, LINE, Mode.LINE)]
        for engine in (recognise_in_process, tesseract.recognise_tesseract)
    ]
    assert read[0] == read[1]
    digits = recognise_in_process(SETTINGS, LINE, Mode.DIGITS)
    assert all(word.text.isdigit() for line in digits for word in line.words)


@pytest.mark.skipif(not can_read("vie"), reason="tesserocr is not installed")
def test_the_model_is_loaded_once(monkeypatch):
    loaded = []
    load = inprocess._load
    monkeypatch.setattr(inprocess, "_idle", {})
    monkeypatch.setattr(inprocess, "_load", lambda language: loaded.append(language) or load(language))
    for _ in range(3):
        recognise_in_process(SETTINGS, LINE, Mode.LINE)
    assert loaded == ["vie"]


def test_running_out_of_time_is_told(monkeypatch):
    class Slow:
        def Recognize(self, _timeout):  # noqa: N802 - the library's name
            return False

        def __getattr__(self, _name):
            return lambda *_args: None

    monkeypatch.setattr(inprocess, "_load", lambda _language: Slow())
    monkeypatch.setattr(inprocess, "_idle", {})
    with pytest.raises(OcrError, match="longer than 120 seconds"):
        recognise_in_process(SETTINGS, LINE, Mode.PAGE)
