"""`chidao ocr`: searchable PDF/A-2b, hOCR and ALTO; the original is never changed."""

from __future__ import annotations

import io
import shutil
import subprocess

import pytest
from click.testing import CliRunner
from hostile_files import picture
from lxml import etree

from pipeline.cli import main
from pipeline.document import Line, Page, Word
from pipeline.errors import EXIT_INPUT, EXIT_MISSING, EXIT_OUTPUT
from pipeline.layout import build_document
from pipeline.process import read_document
from pipeline.write import lay_out, to_alto, to_hocr

pikepdf = pytest.importorskip("pikepdf")
pytest.importorskip("ocrmypdf")
validate_written = pytest.importorskip("pikepdf.pdfa").validate_written
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")

TEXT = picture(*((120, 100 + 60 * row, f"Thong bao so {row} ve viec hop giao ban thang {row}") for row in range(12)))


def run(*arguments: object):
    return CliRunner().invoke(main, ["ocr", *map(str, arguments)])


@pytest.fixture
def scan(tmp_path):
    made = io.BytesIO()
    TEXT.save(made, "PDF", resolution=150)
    path = tmp_path / "scan.pdf"
    path.write_bytes(made.getvalue())
    return path


@needs_tesseract
def test_the_copy_is_pdfa_with_the_picture_as_it_was(scan, tmp_path):
    before, out = scan.read_bytes(), tmp_path / "out.pdf"
    result = run(scan, "-o", out, "--hocr", tmp_path / "out.hocr", "--alto", tmp_path / "out.xml")
    assert result.exit_code == 0, result.output
    assert scan.read_bytes() == before
    assert out.stat().st_size < 1.3 * len(before) + 60_000
    with pikepdf.open(out) as copy, pikepdf.open(scan) as original:
        assert copy.open_metadata().pdfa_status == "2B"
        assert not copy.check_pdf_syntax()
        assert pictures(copy) == pictures(original)
    report = validate_written(out, "2b")
    assert report.passed, report.findings
    assert etree.parse(tmp_path / "out.hocr").getroot().tag.endswith("html")
    assert etree.parse(tmp_path / "out.xml").getroot().tag.endswith("alto")


@needs_tesseract
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_the_invisible_text_of_earlier_ocr_goes_with_its_fonts(scan, tmp_path):
    out = tmp_path / "out.pdf"
    with pikepdf.open(scan, allow_overwriting_input=True) as document:
        page = document.pages[0]
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources.Font = pikepdf.Dictionary(F1=font)
        words = b"CeNG HoA xA ugr cuu xcuia vlpt nam hoc tap, hop giao ban thang nam"
        page.contents_add(b"BT 3 Tr /F1 12 Tf 72 700 Td (%s) Tj ET" % words)
        document.save(scan)
    result = run(scan, "-o", out)
    assert result.exit_code == 0, result.output
    assert validate_written(out, "2b").passed
    said = subprocess.run(["pdftotext", "-raw", out, "-"], check=True, capture_output=True).stdout.decode()
    assert "CeNG" not in said
    assert "Thong" in said


def pictures(document) -> list[bytes]:
    return [bytes(image.read_raw_bytes()) for page in document.pages for image in page.get_images().values()]


@needs_tesseract
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_its_text_is_that_of_the_text_command(tmp_path, turn):
    path, out = tmp_path / "scan.png", tmp_path / "out.pdf"
    TEXT.rotate(turn, expand=True).save(path, dpi=(150, 150))
    assert run(path, "-o", out).exit_code == 0
    said = subprocess.run(["pdftotext", "-raw", out, "-"], check=True, capture_output=True).stdout.decode()
    assert "".join(said.split()) == "".join(read_document(path).text.split())


def test_the_original_is_never_written_over(scan):
    before = scan.read_bytes()
    result = run(scan, "-o", scan)
    assert (result.exit_code, scan.read_bytes()) == (EXIT_OUTPUT, before)


def test_a_file_that_holds_its_text_is_no_scan(tmp_path):
    path = tmp_path / "notice.txt"
    path.write_text("THÔNG BÁO\nKết luận cuộc họp", encoding="utf-8")
    assert run(path, "-o", tmp_path / "out.pdf").exit_code == EXIT_INPUT


@needs_tesseract
def test_a_missing_package_is_told(scan, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pikepdf", None)
    result = run(scan, "-o", tmp_path / "out.pdf")
    assert result.exit_code == EXIT_MISSING
    assert "chidao[pdfa]" in result.output


def printed(*rows: tuple[float, float, str]) -> Page:
    lines = (
        Line(tuple(Word(w, (x + 50 * i, y, x + 50 * i + 40, y + 12), 0.9) for i, w in enumerate(text.split())))
        for x, y, text in rows
    )
    return Page(1, tuple(lines), 595.0, 842.0, origin="ocr")


def test_sidecars_hold_all_words_in_the_order_of_the_text():
    pages = (printed((85, 100, "Một & hai"), (85, 120, "ba bốn <năm>")),)
    document = build_document(pages)
    sheets = lay_out(document, pages)
    assert [[word.text for word in line] for line in sheets[0].lines] == [["Một", "&", "hai"], ["ba", "bốn", "<năm>"]]
    words = [
        item.text for item in etree.fromstring(to_hocr(sheets)).iter("{*}span") if item.get("class") == "ocrx_word"
    ]
    strings = list(etree.fromstring(to_alto(sheets, "scan.pdf")).iter("{*}String"))
    assert words == [string.get("CONTENT") for string in strings] == document.text.split()
    assert (strings[0].get("HPOS"), strings[0].get("WC")) == ("299.9", "0.90")
