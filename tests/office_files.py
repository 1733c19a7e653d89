"""Office files made by hand: OLE containers, RTF, ODT, and DOCX with pictures."""

from __future__ import annotations

import io
import struct
import zipfile

from hostile_files import docx
from PIL import Image

_SECTOR = 512
_LEAST = 4096
"""Shorter streams would belong into the container's mini stream."""
_NONE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ODT_TYPE = "application/vnd.oasis.opendocument.text"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def ole(**streams: bytes) -> bytes:
    """Return an OLE container with these streams in its root; "_0" in a name is a blank."""
    padded = {name: content.ljust(_LEAST, b"\0") for name, content in streams.items()}
    starts, data, fat = {}, b"", [_FAT]
    directory_sectors = (len(streams) + 1 + 3) // 4
    fat += [*range(2, directory_sectors + 1), _END]
    for name, content in padded.items():
        starts[name] = len(fat)
        count = -(-len(content) // _SECTOR)
        fat += [*range(len(fat) + 1, len(fat) + count), _END]
        data += content.ljust(count * _SECTOR, b"\0")
    entries = [_entry("Root Entry", 5, child=1)]
    for index, (name, content) in enumerate(padded.items(), 1):
        right = index + 1 if index < len(streams) else _NONE
        entries.append(_entry(name, 2, right=right, start=starts[name], size=len(content)))
    directory = b"".join(entries).ljust(directory_sectors * _SECTOR, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, _LEAST, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _NONE) * 108
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(_SECTOR, b"\xff")
    return header + table + directory + data


def _entry(name: str, kind: int, *, right: int = _NONE, child: int = _NONE, start: int = _END, size: int = 0) -> bytes:
    encoded = name.replace("_0", " ").encode("utf-16-le") + b"\0\0"
    links = struct.pack("<BBIII", kind, 1, _NONE, right, child)
    return (
        encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded)) + links + bytes(36) + struct.pack("<IQ", start, size)
    )


def word_header(flags: int = 0) -> bytes:
    """Return the beginning of Word's main stream."""
    return struct.pack("<HHHHHH", 0xA5EC, 0x00C1, 0, 0, 0, flags)


def rtf(*paragraphs: str, extra: str = "") -> bytes:
    """Return an RTF."""
    body = "".join("".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text) + "\\par " for text in paragraphs)
    return ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Times New Roman;}}" + extra + body + "}").encode("ascii")


def odt(*paragraphs: str, prolog: str = "", extra: dict[str, bytes | str] | None = None) -> bytes:
    """Return an ODT."""
    body = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content xmlns:office="{_OFFICE}" '
        f'xmlns:text="{_TEXT}" office:version="1.2"><office:body><office:text>{body}</office:text></office:body>'
        "</office:document-content>"
    )
    names = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    manifest = (
        f'<manifest:manifest {names}><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:  # the first member tells the kind, and must not be compressed
        packed.writestr("mimetype", ODT_TYPE)
        for name, data in {"META-INF/manifest.xml": manifest, "content.xml": content, **(extra or {})}.items():
            packed.writestr(name, data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def docx_with_pictures(body: str, **pictures: bytes) -> bytes:
    """Return a DOCX with `pictures` by their relation's id; `picture_run` sets them into `body`."""
    relations = "".join(f'<Relationship Id="{key}" Type="{_RELATIONS}/image" Target="{key}.png"/>' for key in pictures)
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    files: dict[str, bytes | str] = {f"word/{key}.png": content for key, content in pictures.items()}
    files["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{package}">{relations}</Relationships>'
    return docx(body, extra=files)


def picture_run(key: str, width: float, height: float) -> str:
    """Return a ``w:r`` with a picture, printed as large as `width` times `height` points."""
    return (
        f'<w:r><w:drawing xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main" '
        f'xmlns:r="{_RELATIONS}"><wp:inline><wp:extent cx="{width * 12700:.0f}" cy="{height * 12700:.0f}"/>'
        f'<a:graphic><a:blip r:embed="{key}"/></a:graphic></wp:inline></w:drawing></w:r>'
    )


def old_picture_run(key: str, width: float, height: float) -> str:
    """Return a ``w:r`` with a picture as Word wrote it until 2007."""
    return (
        f'<w:r><w:pict xmlns:r="{_RELATIONS}"><v:shape style="width:{width}pt;height:{height}pt">'
        f'<v:imagedata r:id="{key}"/></v:shape></w:pict></w:r>'
    )


def png(width: int, height: int) -> bytes:
    """Return a white picture."""
    stream = io.BytesIO()
    Image.new("L", (width, height), 255).save(stream, "PNG")
    return stream.getvalue()
