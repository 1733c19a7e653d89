"""Files made by hand for the reading tests: small, whole ones, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from pipeline.errors import InputError

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_ROOTS = {"header": "hdr"}
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = (
    f'xmlns:w="{_MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file; `error` is None where it is harmless once read rightly, and then it must be read."""

    kind: str
    name: str
    data: bytes
    error: type[InputError] | None

    @property
    def label(self) -> str:
        """What a test is called by."""
        return f"{self.kind}: {self.name}"


def paragraph(text: str, properties: str = "") -> str:
    """Return a ``w:p`` of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    """Return a ``w:r`` of one text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: tuple[str, ...]) -> str:
    """Return a ``w:tbl``; each cell is the inside of its ``w:tc``."""
    body = "".join("<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
    return f"<w:tbl>{body}</w:tbl>"


def part(root: str, content: str) -> str:
    """Return an XML part with the root element `root`."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {_NAMES}>{content}</w:{root}>'


def docx(body: str, prolog: str = "", extra: dict[str, bytes | str] | None = None, **parts: str) -> bytes:
    """Return a DOCX with `body` in its body; `parts` are related parts by kind (numbering, styles, footnotes)."""
    relations = "".join(f'<Relationship Id="r{kind}" Type="{_RELATION}/{kind}" Target="{kind}.xml"/>' for kind in parts)
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": _TYPES,
        "word/document.xml": prolog + part("document", f"<w:body>{body}</w:body>").partition("?>")[2],
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{relations}</Relationships>',
        **{f"word/{kind}.xml": part(_ROOTS.get(kind, kind), content) for kind, content in parts.items()},
        **(extra or {}),
    }
    return archive(files)


def archive(files: dict[str, bytes | str]) -> bytes:
    """Return a zip of `files`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


def pdf(
    *contents: bytes,
    media_box: tuple[float, float, float, float] = (0, 0, 595, 842),
    page_extra: bytes = b"",
    objects: tuple[bytes, ...] = (),
    fields: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """Return a PDF of one page a content stream; object 3 is Times-Roman, `objects` are numbered from 4.

    `fields` refers to the objects among them that are form fields.
    """
    box = " ".join(str(side) for side in media_box).encode()
    first = 4 + len(objects)
    kids = b" ".join(f"{first + 2 * index} 0 R".encode() for index in range(len(contents)))
    body = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] >> >>" % fields,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
        *objects,
    ]
    for index, content in enumerate(contents):
        body.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R %s >>"
            % (box, first + 2 * index + 1, page_extra)
        )
        body.append(content)
    return join_objects(body, trailer)


def join_objects(body: list[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of numbered objects; the first is its catalog."""
    data = b"%PDF-1.7\n"
    offsets = []
    for number, item in enumerate(body, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(body) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(body) + 1, trailer, start)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """Return `content` as a PDF stream."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content)


def flate(content: bytes) -> bytes:
    """Return `content` as a packed PDF stream."""
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode")


def show(*words: tuple[float, float, str], size: float = 14, drawn: bytes = b"") -> bytes:
    """Return a content stream that prints each text at its place (from the bottom left), over what is `drawn`."""
    return stream(
        drawn + b"".join(b"BT /F1 %g Tf %g %g Td (%s) Tj ET\n" % (size, x, y, t.encode()) for x, y, t in words)
    )


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds hardly any data."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def picture(*lines: tuple[int, int, str], size: tuple[int, int] = (1240, 1754), letters: int = 40) -> Image.Image:
    """Return a white page with `lines` printed on it (at 150 dots per inch, from the top left)."""
    image = Image.new("L", size, 255)
    font = ImageFont.load_default(letters)
    for x, y, text in lines:
        ImageDraw.Draw(image).text((x, y), text, fill=0, font=font)
    return image


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return `image` as a file of the given kind."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()
