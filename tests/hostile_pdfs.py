"""Hostile PDFs: contents, fonts, pictures and trees that grow without end once they are followed."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator

from hostile_files import Hostile, join_objects, show, stream

from pipeline.errors import BombError, DamagedFileError, PageCountError, PageSizeError, PixelError, PortfolioError

_HELLO = show((72, 700, "Thong bao ket luan cuoc hop"))
_DRAW = stream(b"q 595 0 0 842 0 0 cm /X Do Q")
_FLATE = b"/Filter /FlateDecode"
_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
_X = b"/XObject << /X 6 0 R >>"


def pdf_bombs(chance: random.Random) -> Iterator[Hostile]:
    """Yield PDFs of at most 300 kilobytes that unpack to hundreds of megabytes, in every place where a PDF packs."""
    blank = zlib.compress(b" " * (250_000_000 + chance.randrange(1_000_000)), 9)
    packed = stream(blank, _FLATE)
    catalog = b"/Type /Catalog /Metadata 6 0 R"
    for name, data in (
        ("contents.pdf", _page(packed)),
        ("twice.pdf", _page(stream(zlib.compress(blank, 9), b"/Filter [/FlateDecode /FlateDecode]"))),
        ("runs.pdf", _page(stream(b"\x81 " * 500_000, b"/Filter /RunLengthDecode"))),
        ("form.pdf", _page(_DRAW, _X, stream(blank, _FORM + _FLATE))),
        ("tounicode.pdf", _font(to_unicode=packed)),
        ("fontfile.pdf", _font(font_file=packed)),
        ("metadata.pdf", _page(_HELLO, b"", packed).replace(b"/Type /Catalog", catalog)),
        ("objects.pdf", _packed_objects(excess=blank)),
        ("xref.pdf", _packed_objects(xref=packed)),
    ):
        yield Hostile("flate bomb", name, data, BombError)


def pdf_loops(chance: random.Random) -> Iterator[Hostile]:
    """Yield PDFs of a few kilobytes whose forms, fonts and trees are followed without end."""
    calls = b"/X Do " * chance.randrange(10, 20)
    deeper = [stream(calls, _FORM + b"/Resources << /XObject << /X %d 0 R >> >>" % (7 + depth)) for depth in range(7)]
    itself = stream(b"/X Do /X Do", _FORM + b"/Resources << /XObject << /X 6 0 R >> >>")
    escaped = stream(b"/#58 Do /#58 Do", _FORM + b"/Resources << /XObject << /X 6 0 R >> >>")
    one_range = b"1 beginbfrange <00000000> <7FFFFFFF> <0041> endbfrange"
    many = zlib.compress(b"1 beginbfrange <0000> <FFFF> <0041> endbfrange " * 2_000, 9)
    wide = _FLATE + b" /DecodeParms << /Predictor 12 /Columns 2000000000 >>"
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [0 0 9 9] /V (x) /T (a) /Parent 6 0 R >>"
    fields = b"/Annots [%s] " % (b"6 0 R " * 20_001)
    for name, data in (
        ("forms.pdf", _page(_DRAW, _X, *deeper, stream(b"0 0 m", _FORM))),
        ("itself.pdf", _page(_DRAW, _X, itself)),
        ("escaped.pdf", _page(_DRAW, _X, escaped)),
        ("range.pdf", _font(to_unicode=stream(one_range))),
        ("ranges.pdf", _font(to_unicode=stream(many, _FLATE))),
        ("hex.pdf", _font(to_unicode=stream(one_range.hex().encode() + b">", b"/Filter /ASCIIHexDecode"))),
        ("rows.pdf", _page(stream(zlib.compress(b" " * 100), wide))),
        ("fields.pdf", _page(_HELLO, b"", field).replace(b"/Parent 2 0 R", b"/Parent 2 0 R " + fields)),
        ("drawing.pdf", _page(stream(zlib.compress(chance.randbytes(900_000) + b"q " * 9_000_000), _FLATE))),
    ):
        yield Hostile("endless page", name, data, BombError)


def pdf_trees(_chance: random.Random) -> Iterator[Hostile]:
    """Yield page trees that nobody should walk to their end."""
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    shared = [b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"%d 0 R " % (3 + n) * 10, 10 ** (6 - n)) for n in range(6)]
    yield Hostile("page tree", "million.pdf", _tree(*shared, leaf), PageCountError)
    deep = [b"<< /Type /Pages /Kids [%d 0 R] /Parent %d 0 R /Count 1 >>" % (3 + n, 1 + n) for n in range(5_000)]
    yield Hostile("page tree", "deep.pdf", _tree(*deep, leaf), DamagedFileError)
    first = b"<< /Type /Pages /Kids [3 0 R] /Count 5 >>"
    second = b"<< /Type /Pages /Kids [2 0 R 4 0 R] /Parent 2 0 R /Count 4 >>"
    yield Hostile("page tree", "cycle.pdf", _tree(first, second, leaf), DamagedFileError)
    claimed = _page(_HELLO).replace(b"/Count 1 ", b"/Count 1000000 ")
    yield Hostile("page tree", "claimed.pdf", claimed, PageCountError)
    many = _packed_objects().replace(b"/N 3 ", b"/N 2000000000 ")
    yield Hostile("page tree", "objects.pdf", many, DamagedFileError)


def pdf_pictures(_chance: random.Random) -> Iterator[Hostile]:
    """Yield pictures in PDFs that claim billions of pixels and hold hardly any."""
    wavelets = bytes.fromhex("0000000c6a5020200d0a870a00000014667479706a703220000000006a703220") + bytes(60)
    page = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", 60_000, 60_000, 0, 0, 0, 0)
    for name, filter_name, data in (
        ("flate.pdf", b"/FlateDecode", zlib.compress(bytes(1_000))),
        ("jpx.pdf", b"/JPXDecode", wavelets),
        ("jbig2.pdf", b"/JBIG2Decode", page),
        ("fax.pdf", b"/CCITTFaxDecode", bytes(100)),
        ("jpeg.pdf", b"/DCTDecode", b"\xff\xd8\xff\xd9"),
    ):
        claims = (
            b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray"
        )
        picture = stream(data, claims + b" /Filter " + filter_name)
        yield Hostile("pixel bomb", name, _page(_DRAW, _X, picture), PixelError)


def pdf_oddities(_chance: random.Random) -> Iterator[Hostile]:
    """Yield portfolios, absurd pages, and programs and links that are never followed."""
    portfolio = _page(_HELLO).replace(b"/Type /Catalog", b"/Type /Catalog /Collection << >>")
    yield Hostile("portfolio", "a.pdf", portfolio, PortfolioError)
    for name, box in (("wide.pdf", b"0 0 20000 842"), ("tall.pdf", b"0 0 595 99999")):
        yield Hostile("page size", name, _page(_HELLO).replace(b"0 0 595 842", box), PageSizeError)
    script = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >> /AA << /O << /S /Launch /F (/bin/sh) >> >>"
    link = b"<< /S /URI /URI (http://127.0.0.1:9/) >>"
    for name, action in (("script.pdf", script), ("link.pdf", link)):
        data = _page(_VIETNAMESE).replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction " + action)
        yield Hostile("action", name, data, None)
    for name, old, new in (
        ("box.pdf", b"[0 0 595 842]", b"[0 0 nan inf]"),
        ("length.pdf", b"/Length ", b"/Length 2000000000 /L "),
        ("xref.pdf", b"xref\n0 6", b"xref\n0 2000000000"),
        ("unit.pdf", b"/MediaBox", b"/UserUnit 1000000 /MediaBox"),
        ("nested.pdf", b"/MediaBox", b"/A " + b"[" * 20_000 + b"]" * 20_000 + b" /MediaBox"),
    ):
        yield Hostile("odd number", name, _page(_VIETNAMESE).replace(old, new), None)


_VIETNAMESE = stream(b"BT /F1 14 Tf 72 700 Td (Th\xf4ng b\xe1o) Tj ET")
"""Few letters, and not a picture: such a page is taken as it is."""


def _page(content: bytes, resources: bytes = b"", *objects: bytes) -> bytes:
    """Return a PDF of one page, whose content is object 5; `objects` are numbered from 6."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << %s %s >> >>"
    font = b"" if b"/Font" in resources else b"/Font << /F1 3 0 R >>"
    body = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
        page % (font, resources),
        content,
        *objects,
    ]
    return join_objects(body)


def _font(to_unicode: bytes = b"null", font_file: bytes = b"null") -> bytes:
    """Return a page in a font with the given table and program."""
    return _page(
        _HELLO,
        b"/Font << /F1 6 0 R >>",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H "
        b"/ToUnicode 7 0 R /DescendantFonts [8 0 R] >>",
        to_unicode,
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /FontDescriptor 9 0 R "
        b"/CIDSystemInfo << /Registry (A) /Ordering (I) /Supplement 0 >> >>",
        b"<< /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 10 0 R >>",
        font_file,
    )


def _tree(*objects: bytes) -> bytes:
    return join_objects([b"<< /Type /Catalog /Pages 2 0 R >>", *objects])


def _packed_objects(excess: bytes | None = None, xref: bytes | None = None) -> bytes:
    """Return a PDF whose objects are packed together; `excess` and `xref` stand in for them and for their table."""
    objects = (
        b"<< /Type /Catalog /Pages 4 0 R >> ",
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >> ",
        b"<< /Type /Page /Parent 4 0 R /MediaBox [0 0 595 842] >> ",
    )
    index = b"1 0 4 %d 5 %d " % (len(objects[0]), len(objects[0]) + len(objects[1]))
    content = excess or zlib.compress(index + b"".join(objects))
    data = b"%PDF-1.7\n"
    first = len(data)
    data += b"2 0 obj\n%s\nendobj\n" % stream(content, b"/Type /ObjStm /N 3 /First %d %s" % (len(index), _FLATE))
    start = len(data)
    rows = ((0, 0, 65535), (2, 2, 0), (1, first, 0), (1, start, 0), (2, 2, 1), (2, 2, 2))
    table = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
    head = b"/Type /XRef /W [1 4 2] /Size 6 /Root 1 0 R " + _FLATE
    found = xref or stream(table, head)
    return data + b"3 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (found, start)


PDFS = (pdf_bombs, pdf_loops, pdf_trees, pdf_pictures, pdf_oddities)
