"""Hostile office files and texts: archives that lie, XML that grows, containers in circles, texts without end."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Iterator

from hostile_files import Hostile, archive, docx, paragraph
from office_files import odt, ole, word_header

from pipeline.errors import (
    BombError,
    DamagedFileError,
    EncryptedFileError,
    ForbiddenContentError,
    InputError,
    MacroFileError,
    TextLimitError,
    UnsupportedFileError,
    WrongSuffixError,
)

_READ = "Thông báo"
_ENTITY = '<!DOCTYPE d [<!ENTITY a "ha">]>'
_CONTENT_TYPES = "[Content_Types].xml"


def archive_bombs(chance: random.Random) -> Iterator[Hostile]:
    """Yield archives that lie about sizes, hold too many parts, or fill the memory once they are parsed."""
    size = chance.randrange(60_000_000, 70_000_000)
    for name, packing, error in (
        ("bzip2.docx", zipfile.ZIP_BZIP2, ForbiddenContentError),
        ("flate.docx", zipfile.ZIP_DEFLATED, DamagedFileError),
    ):
        yield Hostile("lying archive", name, _lying(packing, size), error)
    yield Hostile("lying archive", "members.docx", _members(20_001), BombError)
    tags = "<w:p/>" * 800_000
    shades = "".join(f'<w:p w:a="{chance.getrandbits(64):x}"/>' + tags[:1_200] for _ in range(10_000))
    yield Hostile("many tags", "paragraphs.docx", docx(shades), BombError)
    nested = archive({"a": bytes(4_000_000)})
    for _ in range(4):
        nested = archive({f"{number}.zip": nested for number in range(10)})
    yield Hostile("nested archive", "a.zip", nested, UnsupportedFileError)
    yield Hostile("nested archive", "b.docx", nested, WrongSuffixError)
    inside = {"word/embeddings/a.zip": nested}
    yield Hostile("nested archive", "c.docx", docx(paragraph(_READ), extra=inside), None)
    paths: dict[str, bytes | str] = {"../../../etc/cron.d/x": b"x", "/etc/passwd": b"x", "word/\0a": b"x"}
    yield Hostile("paths", "a.docx", docx(paragraph(_READ), extra=paths), None)
    yield Hostile("locked", "e.docx", _flagged(docx(paragraph("x"))), EncryptedFileError)


def hidden_macros(_chance: random.Random) -> Iterator[Hostile]:
    """Yield macros under other names, and document types in other encodings and parts."""
    listed = '<Types><Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    enabled = '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    for name, extra in (
        ("renamed.docx", {_CONTENT_TYPES: listed, "word/a.bin": "x"}),
        ("enabled.docm", {_CONTENT_TYPES: enabled}),
        ("backslash.docx", {"word\\vbaProject.bin": "x"}),
    ):
        yield Hostile("macros", name, docx(paragraph("x"), extra=dict(extra)), MacroFileError)
    yield Hostile("macros", "project.doc", ole(WordDocument=word_header(), _VBA_PROJECT=b"x"), MacroFileError)
    xml = '<?xml version="1.0" encoding="{}"?>' + _ENTITY + "<d>&a;</d>"
    for name, codec, error in (
        ("utf32.docx", "utf-32", InputError),
        ("ebcdic.docx", "cp037", InputError),
        ("utf7.docx", "utf-7", InputError),
    ):
        data = docx("", extra={"word/document.xml": xml.format(codec).encode(codec)})
        yield Hostile("document type", name, data, error)
    relations = {"word/_rels/document.xml.rels": _ENTITY + "<a/>"}
    yield Hostile("document type", "relations.docx", docx(paragraph("x"), extra=dict(relations)), ForbiddenContentError)
    yield Hostile(
        "document type", "styles.odt", odt("x", extra={"styles.xml": _ENTITY + "<a/>"}), ForbiddenContentError
    )


def broken_containers(_chance: random.Random) -> Iterator[Hostile]:
    """Yield OLE containers whose tables run in circles or beyond the file, and RTF nested without end."""
    whole = ole(WordDocument=word_header())
    for name, place, value in (
        ("tables.doc", 44, 2_000_000_000),
        ("circle.doc", 516, 1),
        ("shift.doc", 30, 60_000),
        ("more.doc", 72, 2_000_000_000),
    ):
        data = bytearray(whole)
        struct.pack_into("<I", data, place, value)
        yield Hostile("broken container", name, bytes(data), DamagedFileError)
    groups = b"{" * 300_000
    yield Hostile("deep groups", "a.rtf", b"{\\rtf1 " + groups + b"x" + b"}" * 300_001, BombError)
    yield Hostile("deep groups", "b.rtf", b"{\\rtf1 " + groups, BombError)
    yield Hostile("deep groups", "c.rtf", b"{\\rtf1 {\\pict\\bin2147483647 abc}}", DamagedFileError)


def odd_texts(chance: random.Random) -> Iterator[Hostile]:
    """Yield texts that are too long, or in encodings cut off in the middle of a character."""
    text = "Giao Sở Y tế báo cáo.\n" * chance.randrange(100_000, 110_000)
    yield Hostile("long text", "a.txt", text.encode(), TextLimitError)
    yield Hostile("long text", "b.md", ("# A\n" + text).encode("utf-16"), TextLimitError)
    body = "<w:p><w:r><w:t>" + "ab " * 700_000 + "</w:t></w:r></w:p>"
    yield Hostile("long text", "c.docx", docx(body, extra={"word/media/a": chance.randbytes(50_000)}), TextLimitError)
    cut = (_READ * 10).encode("utf-16-le")
    for name, data, error in (
        ("wide.txt", _READ.encode("utf-16"), None),
        ("widest.txt", _READ.encode("utf-32"), None),
        ("odd.txt", _READ.encode("utf-16")[:-1], UnsupportedFileError),
        ("half.txt", cut + b"\x00\xd8a\x00", UnsupportedFileError),
        ("nul.txt", _READ.encode() + bytes(100), UnsupportedFileError),
        ("nul.pdf", bytes(1_000), DamagedFileError),
        ("marks.txt", f"{_READ[:-1]}\u202eo\u200b\ufeff".encode(), None),
    ):
        yield Hostile("odd encoding", name, data, error)


def _lying(packing: int, size: int) -> bytes:
    """Return a DOCX whose directory says that its main part of `size` bytes has a hundred."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as packed:
        packed.writestr(_CONTENT_TYPES, "<Types/>")
        packed.writestr("word/document.xml", b"a" * size)
    data = bytearray(target.getvalue())
    place = data.rfind(size.to_bytes(4, "little"))
    data[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def _members(count: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for number in range(count):
            packed.writestr(zipfile.ZipInfo(f"word/{number}"), b"")
    return target.getvalue()


def _flagged(data: bytes) -> bytes:
    """Return a zip whose members say that they are encrypted."""
    flagged = bytearray(data)
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = flagged.find(mark)
        while start >= 0:
            flagged[start + place] |= 1
            start = flagged.find(mark, start + 4)
    return bytes(flagged)


PACKAGES = (archive_bombs, hidden_macros, broken_containers, odd_texts)
