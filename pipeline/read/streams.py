"""Streams: what a PDF's packed streams unpack to, counted from the bytes before any parser unpacks them."""

from __future__ import annotations

import re
import zlib

from pipeline.config import ReadSettings
from pipeline.errors import BombError
from pipeline.read.limits import check_pixels

_STREAM = re.compile(rb"\bstream\r?\n")
_OBJECT = re.compile(rb"\bobj\b")
_LOOK_BACK = 4096
"""The longest dictionary that is looked at before a stream."""
_CHUNK = 1 << 20
_SAFE_SIZE = 5_000_000
_MAX_RATIO = 200
"""Text, fonts and tables pack to a tenth; only pictures of blank paper pack better than this."""
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_PACKERS = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL)\b")
_WIDTH, _HEIGHT = re.compile(rb"/Width\s+(\d{1,9})\b"), re.compile(rb"/Height\s+(\d{1,9})\b")
_RUNS = re.compile(rb"/(?:RunLengthDecode|RL)\b")
_MOST_RUNS = 200_000
"""Bytes of a run-length stream, each of which may stand for sixty-four; no program packs text so."""
_WIDE_ROWS = re.compile(rb"/(?:Columns|Colors)\s*\d{7,}")
_KEYWORD = re.compile(rb"(?:begin|end)(?:bf|cid|notdef|codespace)(?:char|range)")
_PAIR = re.compile(rb"<([0-9A-Fa-f]{1,16})>\s*<([0-9A-Fa-f]{1,16})>")
_MOST_CODES = 1_000_000
"""Codes that fonts map; many PDFs map all 65,536 of a font where they use some hundreds."""
_PRINT = "print the document to a new PDF, if you trust where it comes from"


def check_streams(data: bytes, settings: ReadSettings) -> None:
    """Refuse a PDF one of whose streams is a bomb.

    Streams are found by their keyword, whatever the tables of the file say of them. Pictures are judged by the size
    that they claim, all others by what they unpack to.
    """
    check_tables(data)
    left = settings.max_unpacked
    for found in _STREAM.finditer(data):
        header = _dictionary(data, found.start())
        if _PICTURE.search(header):
            _check_picture(header, settings)
            continue
        _check_packing(header, data, found.end())
        if _PACKERS.search(header) and _is_zlib(data[found.end() : found.end() + 2]):
            left = _count(data, found.end(), left)


def check_tables(data: bytes) -> None:
    """Refuse what makes a decoder count without end: rows of endless width, and ranges of endless codes."""
    if _WIDE_ROWS.search(data):
        raise BombError("a part of the PDF claims rows of more than a million points", _PRINT)
    end = codes = 0
    for keyword in _KEYWORD.finditer(data):
        if keyword[0].startswith(b"end") and keyword[0].endswith((b"bfrange", b"cidrange", b"notdefrange")):
            for first, last in _PAIR.findall(data, end, keyword.start()):
                codes += max(0, int(last, 16) - int(first, 16))
        end = keyword.end()
    if codes > _MOST_CODES:
        raise BombError(f"a font of the PDF maps more than {_MOST_CODES:,} codes", _PRINT)


def _check_packing(header: bytes, data: bytes, start: int) -> None:
    if len(_PACKERS.findall(header)) > 1:
        raise BombError("a part of the PDF is packed twice, which hides its size", _PRINT)
    if _RUNS.search(header) and data.find(b"endstream", start, start + _MOST_RUNS) < 0:
        raise _unpacks_too_large()


def _dictionary(data: bytes, end: int) -> bytes:
    """Return what stands before a stream since its object began."""
    before = data[max(0, end - _LOOK_BACK) : end]
    start = max((found.end() for found in _OBJECT.finditer(before)), default=0)
    return before[start:]


def _check_picture(header: bytes, settings: ReadSettings) -> None:
    width, height = _WIDTH.search(header), _HEIGHT.search(header)
    if width and height:
        check_pixels(int(width[1]), int(height[1]), settings)


def _is_zlib(head: bytes) -> bool:
    return len(head) == 2 and head[0] & 15 == 8 and (head[0] << 8 | head[1]) % 31 == 0


def _count(data: bytes, start: int, left: int) -> int:
    """Unpack one stream, look at it if it is small, and return how much of `left` bytes remains."""
    inflater = zlib.decompressobj()
    total, place = 0, start
    kept: list[bytes] = []
    while not inflater.eof and (packed := data[place : place + _CHUNK]):
        try:
            piece = inflater.decompress(packed, _CHUNK)
        except zlib.error:  # it is not packed after all, or damaged; what follows is never unpacked
            break
        total += len(piece)
        place += len(packed) - len(inflater.unconsumed_tail) - len(inflater.unused_data)
        if total > left or (total > _SAFE_SIZE and total > _MAX_RATIO * (place - start)):
            raise _unpacks_too_large()
        if total <= _SAFE_SIZE:
            kept.append(piece)
    check_tables(b"".join(kept))
    return left - total


def _unpacks_too_large() -> BombError:
    return BombError("a part of the PDF unpacks to far more bytes than any text has", _PRINT)
