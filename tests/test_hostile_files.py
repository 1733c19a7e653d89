"""Files that are broken, locked, disguised or meant to harm: each ends in an error that says why."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hostile_files import archive, docx, encode, flate, paragraph, pdf, picture, png_header, show, stream
from hostile_pdfs import pdf_bombs, pdf_loops
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import odt, ole, word_header

from pipeline.config import ReadSettings
from pipeline.document import Page
from pipeline.errors import (
    BombError,
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    LimitError,
    MacroFileError,
    MissingFileError,
    PipelineError,
    UnsupportedFileError,
)
from pipeline.layout import build_document
from pipeline.read import open_source, read_pages

SETTINGS = ReadSettings()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LOCKED = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (b"11" * 32, b"22" * 32)


@pytest.fixture
def read(tmp_path):
    def read(data: bytes, name: str = "notice.pdf", limits: ReadSettings = SETTINGS) -> tuple[Page, ...]:
        path = tmp_path / name
        path.write_bytes(data)
        return read_pages(open_source(path, limits), limits)

    return read


@pytest.mark.parametrize("data", [b"", b" \n\t \r\n"])
def test_an_empty_file_is_told(read, data):
    with pytest.raises(EmptyFileError, match=r"notice\.pdf is empty"):
        read(data)


def test_a_document_without_any_text_is_told():
    with pytest.raises(EmptyFileError, match="no text found on any page"):
        build_document((Page(1, (), 595, 842), Page(2, (), 595, 842)))


def test_a_missing_file_a_folder_and_a_link_are_refused(tmp_path):
    (tmp_path / "real.txt").write_text("Thông báo")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    for name, reason in (("none.pdf", "no file"), (".", "regular"), ("link.txt", "symbolic link")):
        with pytest.raises(MissingFileError, match=reason):
            open_source(tmp_path / name, SETTINGS)


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path):
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(MissingFileError, match="regular"):
        open_source(tmp_path / "pipe.pdf", SETTINGS)


def test_a_name_with_a_nul_is_no_file(tmp_path):
    with pytest.raises(MissingFileError):
        open_source(tmp_path / "a\0b.pdf", SETTINGS)


def test_a_large_file_is_refused(read):
    with pytest.raises(LimitError, match="10 bytes"):
        read(b"Th\xc3\xb4ng b\xc3\xa1o", limits=ReadSettings(max_bytes=10))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<!DOCTYPE html><html><body>404</body></html>", "HTML page, not a PDF: save it as PDF or DOCX"),
        (b"\xef\xbb\xbf  <html lang='vi'>", "HTML page"),
        (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?>", "XML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "MHTML"),
        (ole(Workbook=b"x"), "Excel"),
        (ole(PowerPoint_0Document=b"x"), "PowerPoint"),
        (ole(Tables=b"x"), "legacy Office"),
        (b"GIF89a" + bytes(40), "GIF"),
        (
            archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}),
            "OpenDocument",
        ),
        (archive({"xl/workbook.xml": "<a/>", "[Content_Types].xml": "<a/>"}), "Excel"),
        (archive({"a.txt": "a"}), "zip archive"),
    ],
)
def test_other_kinds_are_named_whatever_the_name_says(read, data, reason):
    with pytest.raises(UnsupportedFileError, match=reason):
        read(data)


def test_binary_junk_is_no_document(read):
    junk = bytes(range(1, 256)) * 20
    with pytest.raises(UnsupportedFileError, match="no kind"):
        read(junk, "junk.txt")
    with pytest.raises(DamagedFileError, match="does not begin like"):
        read(junk, "junk.pdf")


def test_a_docx_named_pdf_is_read_by_its_content(read):
    (page,) = read(docx(paragraph("Thông báo")), "notice.pdf")
    assert [line.text for line in page.lines] == ["Thông báo"]


def test_macros_are_refused(read):
    with pytest.raises(MacroFileError, match="macros"):
        read(docx(paragraph("x"), extra={"word/vbaProject.bin": b"x"}))


def test_a_locked_docx_is_told_from_a_legacy_file(read):
    with pytest.raises(EncryptedFileError, match="password"):
        read(ole(EncryptedPackage=b"x"), "notice.docx")


def test_locked_doc_and_odt_files_are_told(read):
    manifest = {"META-INF/manifest.xml": "<manifest:encryption-data/>"}
    for data in (ole(WordDocument=word_header(0x0100)), odt("x", extra=manifest)):
        with pytest.raises(EncryptedFileError, match="password"):
            read(data, "notice.doc")


def test_macros_in_doc_and_odt_files_are_refused(read):
    for data in (ole(WordDocument=word_header(), Macros=b"x"), odt("x", extra={"Basic/Standard/a.xml": "<a/>"})):
        with pytest.raises(MacroFileError, match="macros"):
            read(data, "notice.doc")


def test_a_damaged_ole_container_is_told(read):
    whole = ole(WordDocument=word_header())
    for data in (OLE, whole[:700], whole[:512] + bytes(len(whole) - 512)):
        with pytest.raises((DamagedFileError, UnsupportedFileError)):
            read(data, "notice.doc")


def test_a_document_type_in_an_odt_is_refused(read):
    with pytest.raises(UnsupportedFileError, match="document type"):
        read(odt("&a;", prolog='<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "notice.odt")


def test_a_locked_pdf_is_told(read):
    with pytest.raises(EncryptedFileError, match="password"):
        read(pdf(show((72, 700, "x")), trailer=LOCKED))


@pytest.mark.parametrize(
    ("name", "user", "error"),
    [("long.pdf", "", None), ("long.pdf", "u", EncryptedFileError), ("contents.pdf", "", BombError),
     ("range.pdf", "", BombError), ("tounicode.pdf", "", BombError)],
)  # fmt: skip
def test_a_pdf_that_opens_without_a_password_is_read_and_its_bombs_are_found(read, name, user, error):
    pikepdf = pytest.importorskip("pikepdf")
    made = {case.name: case.data for make in (pdf_bombs, pdf_loops) for case in make(random.Random(0))}
    made["long.pdf"] = pdf(show((72, 700, "Thong bao")))
    locked = BytesIO()
    with pikepdf.open(BytesIO(made[name])) as document:
        encryption = pikepdf.Encryption(owner="o", user=user)
        document.save(locked, encryption=encryption, compress_streams=False)
    if error is None:
        assert len(read(locked.getvalue())) == 1
        return
    with pytest.raises(error):
        read(locked.getvalue())


def test_a_socket_and_a_device_are_refused(tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.pdf"))
        with pytest.raises(MissingFileError):
            open_source(tmp_path / "socket.pdf", SETTINGS)
    with pytest.raises(MissingFileError, match="regular"):
        open_source(Path("/dev/zero"), SETTINGS)


def test_a_zip_bomb_is_refused_from_its_directory(read):
    with pytest.raises(LimitError, match="zip bomb"):
        read(docx(paragraph("x"), extra={"word/media/image1.bin": bytes(6_000_000)}))
    with pytest.raises(LimitError, match="unpacks to more than 100 bytes"):
        read(docx(paragraph("Thông báo " * 50)), limits=ReadSettings(max_unpacked=100))


def test_a_directory_that_lies_about_sizes_gains_nothing(read):
    data = bytearray(docx(paragraph("Thông báo " * 5000)))
    true_size = zipfile.ZipFile(BytesIO(data)).getinfo("word/document.xml").file_size
    place = data.rfind(true_size.to_bytes(4, "little"))
    data[place : place + 4] = (100).to_bytes(4, "little")
    with pytest.raises(DamagedFileError):
        read(bytes(data))


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_document_type_in_a_docx_is_refused(read, codec):
    bomb = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    content = f'<?xml version="1.0" encoding="{codec}"?>{bomb}<d>&b;</d>'.encode(codec)
    with pytest.raises(UnsupportedFileError, match="document type"):
        read(docx("", extra={"word/document.xml": content}))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_docx_is_damaged(read, share):
    whole = docx(paragraph("Thông báo " * 50))
    with pytest.raises(DamagedFileError):
        read(whole[: int(len(whole) * share)])


def test_a_docx_with_broken_xml_or_without_a_body_is_damaged(read):
    with pytest.raises(DamagedFileError, match=r"document\.xml"):
        read(docx("<w:p>"))
    with pytest.raises(DamagedFileError, match="body"):
        read(docx("", extra={"word/document.xml": "<a/>"}))
    with pytest.raises(DamagedFileError, match="main part"):
        read(archive({"[Content_Types].xml": "<a/>", "word/styles.xml": "<a/>"}))


def test_a_truncated_pdf_is_damaged(read):
    with pytest.raises(DamagedFileError, match="truncated"):
        read(b"%PDF-1.7\n1 0 obj\n<< /Type")


def test_a_page_no_printer_could_print_is_refused(read):
    with pytest.raises(LimitError, match="200000 x 200000 points"):
        read(pdf(show((72, 700, "x")), media_box=(0, 0, 200_000, 200_000)))


def test_a_huge_page_is_drawn_within_the_pixel_limit(read):
    limits = ReadSettings(max_pixels=1_000_000)
    (page,) = read(pdf(stream(b"0 0 m 9 9 l S"), media_box=(0, 0, 14_000, 14_000)), limits=limits)
    image = page.picture(300)
    assert 900_000 < image.width * image.height <= 1_010_000


def test_too_many_pages_are_refused(read):
    with pytest.raises(LimitError, match="3 pages, more than 2"):
        read(pdf(*[show((72, 700, "x"))] * 3), limits=ReadSettings(max_pages=2))


def test_a_pdf_whose_contents_inflate_without_end_is_refused(read):
    with pytest.raises(LimitError, match="unpacks to far more bytes"):
        read(pdf(flate(b" " * 3_000_000)), limits=ReadSettings(max_unpacked=1_000_000))


@pytest.mark.parametrize("side", [8_000, 12_000, 40_000])
def test_a_pixel_bomb_is_refused_from_its_header(read, side):
    with pytest.raises(LimitError, match="pixels"):
        read(png_header(side, side), "scan.png")


def test_a_truncated_picture_is_damaged(read):
    whole = encode(picture((100, 100, "Thong bao")), "PNG")
    (page,) = read(whole[: len(whole) // 2], "scan.png")
    with pytest.raises(DamagedFileError, match="truncated"):
        page.picture(300)
    with pytest.raises(DamagedFileError):
        read(whole[:20], "scan.png")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["docx", "pdf", "png"]), st.data())
def test_no_damage_leads_to_anything_but_our_own_errors(read, kind, data):
    whole = bytearray(
        {
            "docx": docx(paragraph("Thông báo")),
            "pdf": pdf(show((72, 700, "Thong bao ket luan"))),
            "png": encode(picture((50, 50, "Thong bao"), size=(200, 200)), "PNG"),
        }[kind]
    )
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        whole[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(PipelineError):
        pages = read(bytes(whole))
        assert pages
        for page in pages:
            if page.picture is not None:
                page.picture(72)
