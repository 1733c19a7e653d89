"""Kinds: what a file is, told by its bytes and never by its name."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePath

from pipeline.config import ReadSettings
from pipeline.errors import (
    DamagedFileError,
    EncryptedFileError,
    MacroFileError,
    UnsupportedFileError,
    WrongSuffixError,
)
from pipeline.read.limits import check_characters, check_parts, check_rtf, check_tags, open_archive, unpack
from pipeline.read.ole import check_word
from pipeline.read.ooxml import refuse_doctype
from pipeline.read.plain import decode, has_markdown
from pipeline.read.streams import check_streams

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
RTF = "application/rtf"
ODT = "application/vnd.oasis.opendocument.text"
OFFICE = (DOC, RTF, ODT)
"""What LibreOffice has to convert first."""
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
_RTF = b"{\\rtf"
_HTML = re.compile(
    rb"\s*(?><!--.*?-->\s*)*+<(?:!doctype html|html|head|body|script|meta|title)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(rb"\s*<\?xml\b", re.IGNORECASE)
_MHTML = re.compile(rb"\s*MIME-Version:.{0,2000}?Content-Type:\s*multipart/related", re.IGNORECASE | re.DOTALL)
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis."
"""So much of what an OpenDocument file says it is stands among its first 64 bytes."""
_HEAD = 4096
_LONGEST_TYPE = 200
_WIDEST = 4
"""The most bytes that a character takes."""
_READ = "pdf docx docm doc rtf odt png jpg jpeg tif tiff bmp webp"
_SUFFIXES = frozenset(f".{ending}" for ending in _READ.split())
_MACROS = ("the document carries macros", "save it without macros and try again")
_SAVE = "save it as PDF or DOCX and try again"
_OTHER_STARTS = (
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
    try:
        return _tell(data, name, settings)
    except UnsupportedFileError as error:
        suffix = PurePath(name).suffix.lower()
        if type(error) is not UnsupportedFileError or suffix not in _SUFFIXES:
            raise
        raise WrongSuffixError(f"{error.reason}, not a {suffix[1:].upper()}", error.advice) from error


def _tell(data: bytes, name: str, settings: ReadSettings) -> str:
    if b"%PDF-" in data[:1024]:
        check_streams(data, settings)
        return PDF
    if (image := _image_kind(data)) is not None:
        check_parts(data, image, settings)
        return image
    if data.startswith(_ZIP_STARTS):
        return _archive_kind(data, settings)
    if data.startswith(_OLE):
        check_word(data)
        return DOC
    if data.startswith(_RTF):
        check_rtf(data)
        return RTF
    for start, what in _OTHER_STARTS:
        if data.startswith(start):
            raise UnsupportedFileError(f"this is {what}", _SAVE)
    return _text_kind(data, name, settings)


def may_be_office(head: bytes) -> bool:
    """Tell from a file's first bytes whether it could be a DOC, RTF or ODT."""
    return head.startswith((_OLE, _RTF)) or (head.startswith(_ZIP_STARTS) and _OPEN_DOCUMENT in head)


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
    """Tell a DOCX or ODT from the other kinds of zip, which are refused."""
    with open_archive(data, settings) as archive:
        names = {member.filename for member in archive.infolist()}
        if any(name.lower().endswith("vbaproject.bin") for name in names) or _declares_macros(archive, names, settings):
            raise MacroFileError(*_MACROS)
        if any(name.startswith("word/") for name in names) and "[Content_Types].xml" in names:
            return DOCX
        if _has_mimetype(archive, names, ODT, settings):
            _check_odt(archive, names, settings)
            return ODT
        raise UnsupportedFileError(f"this is {_describe_archive(archive, names)}", _SAVE)


def _declares_macros(archive: zipfile.ZipFile, names: set[str], settings: ReadSettings) -> bool:
    """Tell whether the list of parts names macros, whatever the parts themselves are called."""
    if "[Content_Types].xml" not in names:
        return False
    listed = unpack(archive, "[Content_Types].xml", settings).lower()
    return b"vbaproject" in listed or b"macroenabled" in listed


def _check_odt(archive: zipfile.ZipFile, names: set[str], settings: ReadSettings) -> None:
    """Make sure that an ODT is open, holds no macros and declares no document type."""
    if "META-INF/manifest.xml" in names and b"encryption-data" in unpack(archive, "META-INF/manifest.xml", settings):
        raise EncryptedFileError("the document is locked with a password", "save it without a password and try again")
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise MacroFileError(*_MACROS)
    if "content.xml" not in names:
        raise DamagedFileError("the ODT lacks its main part", "open it in LibreOffice and save it again")
    for name in sorted(names):
        if name.endswith(".xml"):
            data = unpack(archive, name, settings)
            refuse_doctype(data, name)
            check_tags(data, name)


def _has_mimetype(archive: zipfile.ZipFile, names: set[str], wanted: str, settings: ReadSettings) -> bool:
    """Tell whether an OpenDocument or EPUB archive says that it is of one kind."""
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > _LONGEST_TYPE:
        return False
    return unpack(archive, "mimetype", settings).strip() == wanted.encode()


def _describe_archive(archive: zipfile.ZipFile, names: set[str]) -> str:
    for folder, what in (("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint presentation")):
        if any(name.startswith(folder) for name in names):
            return what
    if "mimetype" in names and archive.getinfo("mimetype").file_size < _LONGEST_TYPE:
        return "an EPUB or an OpenDocument file that is no text"
    return "a bare zip archive"


def _text_kind(data: bytes, name: str, settings: ReadSettings) -> str:
    """Tell plain text from Markdown, and both from anything else."""
    check_characters(len(data) // _WIDEST, settings)  # before a copy of it is made
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:_HEAD]
    if _HTML.match(head):
        raise UnsupportedFileError("this is an HTML page", _SAVE)
    if _MHTML.match(head):
        raise UnsupportedFileError("this is a web page with its pictures (MHTML)", _SAVE)
    text = decode(data)
    if _XML.match(head):
        raise UnsupportedFileError("this is an XML file", _SAVE)
    if text is None and PurePath(name).suffix.lower() in {".pdf", ".docx"}:
        raise DamagedFileError(f"{name} does not begin like a PDF or DOCX file", "copy or export the file again")
    if text is None:
        raise UnsupportedFileError("the content is of no kind that is read", _SAVE)
    check_characters(len(text), settings)
    return MARKDOWN if has_markdown(text) else TEXT
