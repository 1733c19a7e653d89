"""Hostile files of many kinds, made from a seed: what each is, and the error that it must end in."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

from hostile_files import Hostile, archive, docx, encode, paragraph, pdf, picture, run, show, stream
from hostile_packages import PACKAGES
from hostile_pdfs import PDFS
from hostile_pictures import PICTURES
from office_files import odt, ole, rtf, word_header

from pipeline.errors import (
    BombError,
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    ForbiddenContentError,
    MacroFileError,
    PageCountError,
    PageSizeError,
    UnsupportedFileError,
    WrongSuffixError,
)

LOCKED = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (b"11" * 32, b"22" * 32)
_ENTITIES = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
_OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def hostile_files(seed: int) -> list[Hostile]:
    """Return all of them."""
    chance = random.Random(seed)
    makers = (
        _empty, _truncated, _locked, _macros, _zip_bombs, _pdf_bombs, _doctypes, _disguised, _outside, _loops, _numbers,
        _junk, *PDFS, *PICTURES, *PACKAGES,
    )  # fmt: skip
    return [hostile for make in makers for hostile in make(chance)]


def truncated_files(seed: int) -> list[Hostile]:
    """Return the truncated ones alone."""
    return list(_truncated(random.Random(seed)))


def _empty(chance: random.Random) -> Iterator[Hostile]:
    blanks = "".join(chance.choices(" \t\r\n", k=chance.randrange(2, 500)))
    for name, data in (("a.pdf", b""), ("b.docx", blanks.encode()), ("c.txt", b"\n")):
        yield Hostile("empty", name, data, EmptyFileError)


def _truncated(chance: random.Random) -> Iterator[Hostile]:
    whole = {
        "a.docx": docx(paragraph("Thông báo kết luận " * 100)),
        "b.odt": odt("Thông báo " * 100),
        "c.doc": ole(WordDocument=word_header()),
        "d.pdf": pdf(show((72, 700, "Thong bao")))[:60],
        "e.png": encode(picture((9, 9, "a")), "PNG")[:30],
        "f.tif": encode(picture((9, 9, "a")), "TIFF")[:30],
    }
    for name, data in whole.items():
        most = {"c.doc": 1000}.get(name, len(data))
        cut = chance.randrange(min(12, most // 2), most - 1)
        yield Hostile("truncated", name, data[:cut], DamagedFileError)


def _locked(_chance: random.Random) -> Iterator[Hostile]:
    secret = {"META-INF/manifest.xml": "<a><manifest:encryption-data/></a>"}
    for name, data in (
        ("a.pdf", pdf(show((72, 700, "x")), trailer=LOCKED)),
        ("b.docx", ole(EncryptedPackage=b"x", EncryptionInfo=b"x")),
        ("c.doc", ole(WordDocument=word_header(0x0100))),
        ("d.odt", odt("x", extra=secret)),
    ):
        yield Hostile("locked", name, data, EncryptedFileError)


def _macros(_chance: random.Random) -> Iterator[Hostile]:
    for name, data in (
        ("a.docx", docx(paragraph("x"), extra={"word/vbaProject.bin": b"x"})),
        ("b.docm", docx(paragraph("x"), extra={"word/VBAProject.BIN": b"x"})),
        ("c.doc", ole(WordDocument=word_header(), Macros=b"x")),
        ("d.odt", odt("x", extra={"Basic/Standard/a.xml": "<a/>"})),
    ):
        yield Hostile("macros", name, data, MacroFileError)


def _zip_bombs(chance: random.Random) -> Iterator[Hostile]:
    zeros = bytes(chance.randrange(60_000_000, 70_000_000))
    yield Hostile("zip bomb", "a.docx", docx(paragraph("x"), extra={"word/media/a.bin": zeros}), BombError)
    text = "<w:p><w:r><w:t>" + "a" * 50_000_000 + "</w:t></w:r></w:p>"
    yield Hostile("zip bomb", "b.docx", docx(text), BombError)
    yield Hostile("zip bomb", "c.odt", odt("a" * 50_000_000), BombError)
    many = {f"word/media/{number}.bin": bytes(4_900_000) for number in range(45)}
    yield Hostile("zip bomb", "d.docx", docx(paragraph("x"), extra=many), BombError)


def _pdf_bombs(chance: random.Random) -> Iterator[Hostile]:
    side = chance.randrange(20_000, 200_000)
    yield Hostile("page bomb", "a.pdf", pdf(show((72, 700, "x")), media_box=(0, 0, side, side)), PageSizeError)
    yield Hostile("page bomb", "b.pdf", pdf(*[stream(b"")] * 2_001), PageCountError)


def _doctypes(_chance: random.Random) -> Iterator[Hostile]:
    extra = {"word/document.xml": f'<?xml version="1.0"?>{_ENTITIES}<d>&c;</d>'}
    yield Hostile("document type", "a.docx", docx("", extra=extra), ForbiddenContentError)
    yield Hostile("document type", "b.docx", docx("x", prolog=f"?>{_OUTSIDE}"), ForbiddenContentError)
    wide = f'<?xml version="1.0" encoding="utf-16"?>{_OUTSIDE}<d>&a;</d>'.encode("utf-16")
    yield Hostile("document type", "c.docx", docx("", extra={"word/document.xml": wide}), ForbiddenContentError)
    yield Hostile("document type", "d.odt", odt("&a;", prolog=_OUTSIDE), ForbiddenContentError)


def _disguised(_chance: random.Random) -> Iterator[Hostile]:
    page = b"<!DOCTYPE html><html><script>alert(1)</script>404</html>"
    for name, data in (
        ("a.pdf", page),
        ("b.doc", page),
        ("c.doc", b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"),
        ("d.docx", archive({"xl/workbook.xml": "<a/>", "[Content_Types].xml": "<a/>"})),
        ("e.doc", ole(Workbook=b"x")),
        ("f.png", b"GIF89a" + bytes(60)),
        ("g.pdf", b"\x1f\x8b" + bytes(60)),
        ("h.docx", archive({"mimetype": "application/epub+zip"})),
    ):
        yield Hostile("disguised", name, data, WrongSuffixError)
    yield Hostile("disguised", "i.pdf", docx(paragraph("Thông báo")), None)


def _outside(_chance: random.Random) -> Iterator[Hostile]:
    """Links to the network and to files, which are never followed."""
    for name, kind, target in (
        ("a.docx", "attachedTemplate", "http://127.0.0.1:9/a.dotm"),
        ("b.docx", "header", "file:///etc/passwd"),
        ("c.docx", "styles", "../../../../etc/passwd"),
    ):
        mode = "" if kind == "styles" else ' TargetMode="External"'
        relation = f'<Relationship Id="r" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'
        relations = f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'
        extra = {"word/_rels/document.xml.rels": relations}
        yield Hostile("outside link", name, docx(paragraph("Thông báo"), extra=extra), None)


def _loops(_chance: random.Random) -> Iterator[Hostile]:
    style = '<w:style w:type="paragraph" w:styleId="{}"><w:basedOn w:val="{}"/></w:style>'
    circle = style.format("A", "B") + style.format("B", "A")
    yield Hostile("loop", "a.docx", docx(paragraph("Thông báo", '<w:pStyle w:val="A"/>'), styles=circle), None)
    note = '<w:footnote w:id="1"><w:p><w:r><w:footnoteReference w:id="1"/></w:r>' + run("chú") + "</w:p></w:footnote>"
    noted = "<w:p>" + run("Thông báo") + '<w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    yield Hostile("loop", "b.docx", docx(noted, footnotes=note), None)
    deep = "<w:sdt><w:sdtContent>" * 5_000 + paragraph("x") + "</w:sdtContent></w:sdt>" * 5_000
    yield Hostile("loop", "c.docx", docx(deep), DamagedFileError)
    whole = bytearray(encode(picture((9, 9, "a"), size=(40, 40)), "TIFF"))
    start = struct.unpack_from("<I", whole, 4)[0]
    count = struct.unpack_from("<H", whole, start)[0]
    struct.pack_into("<I", whole, start + 2 + 12 * count, start)
    yield Hostile("loop", "d.tif", bytes(whole), None)
    kids = pdf(stream(b"")).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    yield Hostile("loop", "e.pdf", kids, DamagedFileError)


def _numbers(_chance: random.Random) -> Iterator[Hostile]:
    """Lists that count from where no list counts."""
    for name, shape in (("a.docx", "upperRoman"), ("b.docx", "lowerLetter"), ("c.docx", "decimal")):
        level = (
            '<w:lvl w:ilvl="0"><w:start w:val="2000000000"/>'
            f'<w:numFmt w:val="{shape}"/><w:lvlText w:val="%1."/></w:lvl>'
        )
        numbering = f'<w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
        numbering += '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        listed = paragraph("Thông báo", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
        yield Hostile("large number", name, docx(listed, numbering=numbering), None)


def _junk(chance: random.Random) -> Iterator[Hostile]:
    for name, error in (("a.bin", UnsupportedFileError), ("b.pdf", DamagedFileError), ("c.docx", DamagedFileError)):
        yield Hostile("junk", name, b"\xfe\x01" + chance.randbytes(3_000), error)
    yield Hostile("junk", "d.rtf", rtf("x").replace(b"{\\rtf", b"{\x00\x01\x02\x03rtf"), WrongSuffixError)
