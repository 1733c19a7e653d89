"""Hostile pictures: headers that claim too much, and parts that go on without end."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator

from hostile_files import Hostile, chunk, encode, picture

from pipeline.errors import BombError, DamagedFileError, PageCountError, PixelError

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ROWS = chunk(b"IDAT", zlib.compress((b"\0" + b"\xff" * 60) * 60))
_END = chunk(b"IEND", b"")
_TIFF_ROWS = bytes(480)
Tag = tuple[int, int, int, int]


def pixel_bombs(chance: random.Random) -> Iterator[Hostile]:
    """Yield pictures of a few bytes that claim billions of pixels, in every format."""
    side = chance.randrange(20_000, 60_000)
    bitmap = b"BM" + struct.pack("<IIIIiiHHIIiiII", 70, 0, 54, 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0) + bytes(16)
    frame = b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 11, 8, side, side, 1) + b"\x01\x11\0"
    scan = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\xff\xd9"
    lossless = b"\x2f" + struct.pack("<I", 16_382 | 16_382 << 14) + bytes(60)
    canvas = b"\x02\0\0\0" + (16_382).to_bytes(3, "little") * 2
    for name, data in (
        ("a.png", _png(8_000, 8_000)),
        ("b.png", _png(12_000, 12_000)),
        ("c.png", _png(side, side)),
        ("strip.png", _png(49_000_000, 1)),
        ("ribbon.png", _png(1, 49_000_000)),
        ("e.bmp", bitmap),
        ("f.jpg", frame + scan),
        ("g.tif", _tiff(_frame(side, side))),
        ("second.tif", _tiff(_frame(60, 60), _frame(9_000, 9_000))),
        ("h.webp", _webp((b"VP8L", lossless))),
        ("canvas.webp", _webp((b"VP8X", canvas), (b"ANIM", bytes(6)), (b"ANMF", bytes(40)))),
    ):
        yield Hostile("pixel bomb", name, data, PixelError)


def part_bombs(chance: random.Random) -> Iterator[Hostile]:
    """Yield pictures of endless parts: chunks, scans, frames, and texts that unpack to hundreds of megabytes."""
    profile = b"a\0\0" + zlib.compress(bytes(250_000_000 + chance.randrange(1_000_000)), 9)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60, 60, 8, 0, 0, 0, 0))
    for name, kind in (("profile.png", b"iCCP"), ("text.png", b"zTXt")):
        data = _SIGNATURE + header + chunk(kind, profile) + _ROWS + _END
        yield Hostile("chunk bomb", name, data, DamagedFileError)
    after = _SIGNATURE + header + _ROWS + chunk(b"iTXt", b"a\0\1\0\0\0" + profile[3:]) + _END
    yield Hostile("chunk bomb", "after.png", after, None)
    chunks = _SIGNATURE + header + chunk(b"prVt", b"") * 60_000 + _ROWS + _END
    yield Hostile("chunk bomb", "many.png", chunks, BombError)
    drawn = encode(picture((5, 5, "a"), size=(60, 40)), "JPEG", progressive=True)
    start = drawn.rfind(b"\xff\xda")
    yield Hostile(
        "scan bomb", "a.jpg", drawn[:-2] + drawn[start:-2] * chance.randrange(100, 2_000) + drawn[-2:], BombError
    )
    yield Hostile("frame bomb", "a.tif", _tiff(*[_frame(60, 60)] * 2_001), PageCountError)
    yield Hostile("frame bomb", "b.tif", _tiff(*[_frame(60, 60)] * 20_000), PageCountError)


def odd_tags(_chance: random.Random) -> Iterator[Hostile]:
    """Yield TIFF pictures whose tags make no sense."""
    endless = [(282, 5, 0xFFFFFFFF, 8), (305, 2, 0xFFFFFFF0, 8)]
    yield Hostile("odd tags", "counts.tif", _tiff(sorted([*_frame(60, 60), *endless])), None)
    changes: tuple[tuple[str, dict[int, Tag]], ...] = (
        ("offsets.tif", {273: (273, 4, 500_000_000, 8), 279: (279, 4, 500_000_000, 8)}),
        ("samples.tif", {258: (258, 3, 60_000, 8), 277: (277, 3, 1, 60_000)}),
        ("depth.tif", {258: (258, 3, 1, 60_000)}),
        ("nothing.tif", {256: (256, 4, 1, 0)}),
    )
    for name, changed in changes:
        yield Hostile("odd tags", name, _tiff([changed.get(tag[0], tag) for tag in _frame(60, 60)]), DamagedFileError)


def _png(width: int, height: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return _SIGNATURE + header + chunk(b"IDAT", zlib.compress(bytes(1_000)))


def _frame(width: int, height: int) -> list[Tag]:
    """Return the tags of one frame, black on white, whose rows stand after the header."""
    return [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 1), (259, 3, 1, 1), (262, 3, 1, 0),
        (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, len(_TIFF_ROWS)),
    ]  # fmt: skip


def _tiff(*frames: list[Tag]) -> bytes:
    pieces = [b"II*\0" + struct.pack("<I", 8 + len(_TIFF_ROWS)) + _TIFF_ROWS]
    place = len(pieces[0])
    for index, tags in enumerate(frames, 1):
        place += 2 + 12 * len(tags) + 4
        pieces.append(struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags))
        pieces.append(struct.pack("<I", place if index < len(frames) else 0))
    return b"".join(pieces)


def _webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


PICTURES = (pixel_bombs, part_bombs, odd_tags)
