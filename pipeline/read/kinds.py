"""Kinds: what a file is, told by its bytes and never by its name."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePath

from pipeline.config import ReadSettings
from pipeline.errors import DamagedFileError, EncryptedFileError, MacroFileError, UnsupportedFileError
from pipeline.read.limits import open_archive
from pipeline.read.plain import decode, has_markdown

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
IMAGES = ("image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp")

_IMAGE_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|script|meta|title)\b", re.IGNORECASE | re.DOTALL
)
_HEAD = 4096
_SAVE = "save it as PDF or DOCX and try again"
_OTHER_STARTS = (
    (b"{\\rtf", "an RTF document"),
    (b"GIF8", "a GIF picture"),
    (b"%!PS", "a PostScript file"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"AT&TFORM", "a DjVu scan"),
)


def tell_kind(data: bytes, name: str, settings: ReadSettings) -> str:
    """Return the media type of `data`.

    Raises an :class:`~pipeline.errors.InputError` when it is of a kind that is not read; `name` only makes the
    message clearer.
    """
    if b"%PDF-" in data[:1024]:
        return PDF
    if (image := _image_kind(data)) is not None:
        return image
    if data.startswith(_ZIP_STARTS):
        return _archive_kind(data, settings)
    if data.startswith(_OLE):
        raise _ole_error(data)
    for start, what in _OTHER_STARTS:
        if data.startswith(start):
            raise UnsupportedFileError(f"this is {what}", _SAVE)
    return _text_kind(data, name)


def _image_kind(data: bytes) -> str | None:
    for start, kind in _IMAGE_STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    return None


def _archive_kind(data: bytes, settings: ReadSettings) -> str:
    """Tell a DOCX from the other kinds of zip, which are refused."""
    with open_archive(data, settings) as archive:
        names = {member.filename for member in archive.infolist()}
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise MacroFileError("the document carries macros", "save it as DOCX without macros and try again")
        if any(name.startswith("word/") for name in names) and "[Content_Types].xml" in names:
            return DOCX
        raise UnsupportedFileError(f"this is {_describe_archive(archive, names)}", _SAVE)


def _describe_archive(archive: zipfile.ZipFile, names: set[str]) -> str:
    for folder, what in (("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint presentation")):
        if any(name.startswith(folder) for name in names):
            return what
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        return "an OpenDocument (ODT) or EPUB file"
    return "a zip archive, not a document"


def _ole_error(data: bytes) -> EncryptedFileError | MacroFileError | UnsupportedFileError:
    """Say what is inside an OLE container: a locked DOCX or a legacy Office file."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return EncryptedFileError("the document is locked with a password", "save it without a password and try again")
    if "WordDocument".encode("utf-16-le") in data:
        return UnsupportedFileError("this is a legacy Word document (.doc), not read as yet", _SAVE)
    return UnsupportedFileError("this is a legacy Office file", _SAVE)


def _text_kind(data: bytes, name: str) -> str:
    """Tell plain text from Markdown, and both from anything else."""
    if _HTML.match(data[:_HEAD].lstrip(b"\xef\xbb\xbf")):
        suffix = PurePath(name).suffix.lstrip(".").upper()
        instead = f", not a {suffix}" if suffix and suffix not in {"HTML", "HTM"} else ""
        raise UnsupportedFileError(f"this is an HTML page{instead}", _SAVE)
    text = decode(data)
    if text is None and PurePath(name).suffix.lower() in {".pdf", ".docx"}:
        raise DamagedFileError(f"{name} does not begin like a PDF or DOCX file", "copy or export the file again")
    if text is None:
        raise UnsupportedFileError("the content is of no kind that is read", _SAVE)
    return MARKDOWN if has_markdown(text) else TEXT
