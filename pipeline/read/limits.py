"""Limits: what a file may unpack to, checked from its headers first and counted while unpacking."""

from __future__ import annotations

import io
import math
import zipfile
import zlib

from pipeline.config import ReadSettings
from pipeline.errors import DamagedFileError, EncryptedFileError, LimitError

_CHUNK = 1 << 20
_SAFE_SIZE = 5_000_000
"""Members that unpack to less than this are harmless, however well they are packed."""
_MAX_RATIO = 200
"""Word's own XML packs to a tenth or less; 200 leaves room for endless blank tables."""
_MAX_SIDE = 14_400.0
"""The longest page side that PDF allows, in points (200 inches)."""


def open_archive(data: bytes, settings: ReadSettings) -> zipfile.ZipFile:
    """Open a zip whose directory keeps to the limits."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise DamagedFileError("the packed file's directory is damaged", "copy or export the file again") from error
    if sum(member.file_size for member in members) > settings.max_unpacked:
        raise _unpacks_too_large(settings)
    for member in members:
        if member.file_size > _SAFE_SIZE and member.file_size > _MAX_RATIO * max(member.compress_size, 1):
            raise LimitError(
                f"{member.filename} inside the file unpacks to {member.file_size:,} bytes, more than "
                f"{_MAX_RATIO} times its packed size",
                "the file looks like a zip bomb; do not open it",
            )
    return archive


def unpack(archive: zipfile.ZipFile, name: str, settings: ReadSettings) -> bytes:
    """Return one member's bytes, counted while they are unpacked because the directory may lie."""
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


def _unpacks_too_large(settings: ReadSettings) -> LimitError:
    return LimitError(
        f"the file unpacks to more than {settings.max_unpacked:,} bytes",
        "remove large pictures, or raise the limit read.max_unpacked",
    )


def check_inflation(packed: bytes, left: int) -> int:
    """Inflate zlib data piece by piece without keeping it; return how much of `left` bytes remains.

    Raises :class:`LimitError` when there is more; data that is not zlib counts as it is.
    """
    inflater = zlib.decompressobj()
    while packed:
        try:
            piece = inflater.decompress(packed, _CHUNK)
        except zlib.error:
            return left - len(packed)
        left -= len(piece)
        if left < 0:
            raise LimitError("the pages' contents unpack to too many bytes", "print the document to a new PDF")
        packed = inflater.unconsumed_tail
    return left


def check_page_count(count: int, settings: ReadSettings) -> None:
    """Refuse a file of too many pages."""
    if count > settings.max_pages:
        raise LimitError(
            f"the file has {count:,} pages, more than {settings.max_pages:,}",
            "split it, or raise the limit read.max_pages",
        )


def check_pixels(width: int, height: int, settings: ReadSettings) -> None:
    """Refuse a picture of too many pixels, from its header alone."""
    if width * height > settings.max_pixels:
        raise LimitError(
            f"the picture has {width:,} x {height:,} pixels, more than {settings.max_pixels:,}",
            "scan at 300 dots per inch, or raise the limit read.max_pixels",
        )


def check_page_size(width: float, height: float) -> None:
    """Refuse a page that no printer could print."""
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
        raise LimitError(f"a page measures {width:.0f} x {height:.0f} points", "print the document to a new PDF")


def cap_scale(width: float, height: float, dpi: int, max_pixels: int) -> float:
    """Return the pixels a point at `dpi`, or fewer where the page would exceed `max_pixels`."""
    return min(dpi / 72, math.sqrt(max_pixels / (width * height)))
