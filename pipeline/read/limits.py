"""Limits: what a file may unpack to, checked from its headers first and counted while unpacking."""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterable
from typing import Literal

from pipeline.config import ReadSettings
from pipeline.document import Page
from pipeline.errors import (
    BombError,
    DamagedFileError,
    EncryptedFileError,
    ForbiddenContentError,
    PageCountError,
    PageSizeError,
    PixelError,
    TextLimitError,
)

_CHUNK = 1 << 20
_SAFE_SIZE = 5_000_000
"""Members that unpack to less than this are harmless, however well they are packed."""
_MAX_RATIO = 200
"""Word's own XML packs to a tenth or less; 200 leaves room for endless blank tables."""
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""All that office programs write; what is packed otherwise cannot be unpacked piece by piece."""
_ENTRY = b"PK\x01\x02"
_MOST_MEMBERS = 20_000
_MOST_TAGS = 1_500_000
"""A tag takes a hundred times its bytes once it is parsed; a document of a thousand pages has half a million."""
_GROUPS = re.compile(rb"\\.|[{}]", re.DOTALL)
_BINARY = re.compile(rb"\\bin(\d{1,15})\b")
_MOST_DEPTH = 200
"""Word nests tables, fields and pictures in RTF to a few dozen groups."""
_LONGEST_SIDE = 65_500
"""Of a picture, in pixels: as much as a JPEG can hold, and five metres of paper."""
_MOST_CHUNKS = 50_000
"""A scan of fifty megabytes has six thousand."""
_MOST_SCANS = 100
"""A progressive JPEG is drawn over ten times, and a camera's holds two small ones besides."""
_MAX_SIDE = 14_400.0
"""The longest page side that PDF allows, in points (200 inches)."""


def open_archive(data: bytes, settings: ReadSettings) -> zipfile.ZipFile:
    """Open a zip whose directory keeps to the limits."""
    if data.count(_ENTRY) > _MOST_MEMBERS:
        raise BombError(f"the packed file has more than {_MOST_MEMBERS:,} parts", "do not open it")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise DamagedFileError("the packed file's directory is damaged", "copy or export the file again") from error
    if sum(member.file_size for member in members) > settings.max_unpacked:
        raise _unpacks_too_large(settings)
    for member in members:
        if member.file_size > _SAFE_SIZE and member.file_size > _MAX_RATIO * max(member.compress_size, 1):
            raise BombError(
                f"{member.filename} inside the file unpacks to {member.file_size:,} bytes, more than "
                f"{_MAX_RATIO} times its packed size",
                "the file looks like a zip bomb; do not open it",
            )
    return archive


def unpack(archive: zipfile.ZipFile, name: str, settings: ReadSettings) -> bytes:
    """Return one member's bytes, counted while they are unpacked because the directory may lie."""
    if archive.getinfo(name).compress_type not in _PACKINGS:
        raise ForbiddenContentError(f"{name} inside the file is packed as no office program packs", "do not open it")
    pieces, total = [], 0
    try:
        with archive.open(name) as stream:
            while piece := stream.read(_CHUNK):
                total += len(piece)
                if total > settings.max_unpacked:
                    raise _unpacks_too_large(settings)
                pieces.append(piece)
    except RuntimeError as error:  # zipfile's word for an encrypted member
        raise EncryptedFileError(f"{name} inside the file is encrypted", "save it without a password") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise DamagedFileError(f"{name} inside the file is damaged", "copy or export the file again") from error
    return b"".join(pieces)


def check_written(size: int, settings: ReadSettings) -> None:
    """Refuse what a converter made of a file when it is too large to be a notice."""
    if size > settings.max_unpacked:
        raise _unpacks_too_large(settings)


def check_tags(data: bytes, name: str) -> None:
    """Refuse a part of a packed file that would fill the memory once it is parsed."""
    if data.count(b"<") > _MOST_TAGS:
        raise BombError(f"{name} inside the file has more than {_MOST_TAGS:,} tags", "copy its text to a new document")


def check_rtf(data: bytes) -> None:
    """Refuse an RTF nested deeper than any program nests groups, or whose binary parts are longer than the file."""
    depth = 0
    for found in _GROUPS.finditer(data):
        depth += (found[0] == b"{") - (found[0] == b"}")
        if depth > _MOST_DEPTH:
            raise BombError(f"the RTF nests more than {_MOST_DEPTH} groups", "copy its text to a new document")
    if any(int(found[1]) > len(data) - found.end() for found in _BINARY.finditer(data)):
        raise DamagedFileError("the RTF ends within a picture", "open it in Word and save it again")


def _unpacks_too_large(settings: ReadSettings) -> BombError:
    return BombError(
        f"the file unpacks to more than {settings.max_unpacked:,} bytes",
        "remove large pictures, or raise the limit with --set read.max_unpacked=N",
    )


def check_inflation(packed: bytes, left: int) -> int:
    """Inflate zlib data piece by piece without keeping it; return how much of `left` bytes remains.

    Raises :class:`BombError` when there is more; data that is not zlib counts as it is.
    """
    inflater = zlib.decompressobj()
    while packed:
        try:
            piece = inflater.decompress(packed, _CHUNK)
        except zlib.error:
            return left - len(packed)
        left -= len(piece)
        if left < 0:
            raise BombError("the pages' contents unpack to too many bytes", "print the document to a new PDF")
        packed = inflater.unconsumed_tail
    return left


def check_parts(data: bytes, media_type: str, settings: ReadSettings) -> None:
    """Refuse a picture of more parts than any program writes, each of which costs its decoder time."""
    if media_type == "image/tiff":
        check_page_count(_count_frames(data, 100 * settings.max_pages), settings)
    if media_type == "image/jpeg":
        count = data.count(b"\xff\xda")
        what, most = "scans", _MOST_SCANS
    else:
        count = _count_chunks(data) if media_type == "image/png" else 0
        what, most = "chunks", _MOST_CHUNKS
    if count > most:
        raise BombError(f"the picture is cut into more than {most:,} {what}", "save it anew in another program")


def _count_chunks(data: bytes) -> int:
    """Count a PNG's chunks as far as there may be so many."""
    place = count = 0
    while (place := place + 8) < len(data) and count <= _MOST_CHUNKS:
        place += int.from_bytes(data[place : place + 4], "big") + 4
        count += 1
    return count


def _count_frames(data: bytes, most: int) -> int:
    """Count a TIFF's frames, one more than `most` at the most, by the places that each tells of the next."""
    order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
    place, count = int.from_bytes(data[4:8], order), 0
    seen: set[int] = set()
    while 0 < place < len(data) and place not in seen and count <= most:
        seen.add(place)
        count += 1
        after = place + 2 + 12 * int.from_bytes(data[place : place + 2], order)
        place = int.from_bytes(data[after : after + 4], order)
    return count


def check_page_count(count: int, settings: ReadSettings) -> None:
    """Refuse a file of too many pages."""
    if count > settings.max_pages:
        raise PageCountError(
            f"the file has {count:,} pages, more than {settings.max_pages:,}",
            "split it, or raise the limit with --set read.max_pages=N",
        )


def check_characters(count: int, settings: ReadSettings) -> None:
    """Refuse a text that is longer than any notice."""
    if count > settings.max_characters:
        raise TextLimitError(
            f"the text has more than {settings.max_characters:,} characters",
            "split it, or raise the limit with --set read.max_characters=N",
        )


def check_text(pages: Iterable[Page], settings: ReadSettings) -> None:
    """Refuse pages whose words together are longer than any notice."""
    words = (word for page in pages for line in page.lines for word in line.words)
    check_characters(sum(len(word.text) + 1 for word in words), settings)


def check_pixels(width: int, height: int, settings: ReadSettings) -> None:
    """Refuse a picture of too many pixels, from its header alone."""
    if width * height > settings.max_pixels or max(width, height) > _LONGEST_SIDE:
        raise PixelError(
            f"the picture has {width:,} x {height:,} pixels, more than {settings.max_pixels:,} "
            f"or {_LONGEST_SIDE:,} on a side",
            "scan at 300 dots per inch, or raise the limit with --set read.max_pixels=N",
        )


def check_page_size(width: float, height: float) -> None:
    """Refuse a page that no printer could print."""
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
        raise PageSizeError(f"a page measures {width:.0f} x {height:.0f} points", "print the document to a new PDF")


def cap_scale(width: float, height: float, dpi: int, max_pixels: int) -> float:
    """Return the pixels a point at `dpi`, or fewer where the page would exceed `max_pixels`."""
    return min(dpi / 72, math.sqrt(max_pixels / (width * height)))
