"""Images: scans and photographs, one page a frame, all of them for OCR."""

from __future__ import annotations

import io
import math
import struct
import warnings
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.config import ReadSettings
from pipeline.document import Page, Picture, Source
from pipeline.errors import DamagedFileError, PixelError
from pipeline.read.limits import check_page_count, check_pixels

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_CAMERA_FORMATS = frozenset({"JPEG", "TIFF", "WEBP"})
_TURNED_BY_PILLOW = frozenset({"TIFF"})
"""Pillow turns these itself, and tells their upright size from the beginning."""
_ORIENTATION = 0x0112
_SIDEWAYS = frozenset({5, 6, 7, 8})
_LONG_SIDE = 842.0
"""The long side of A4 in points, taken where the file does not tell its resolution."""
_LEAST_DPI, _MOST_DPI = 90, 1300
_SQUARE, _MOST_STRETCH = 1.05, 2.5
"""Dots are stretched when one side of them is this many times the other; more than that is no true resolution."""
_LONGEST_PAGE = 1300.0
"""A scan does not come from paper longer than A3; a longer one tells a false resolution."""
_DECODER_ERRORS = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError)
"""What Pillow's decoders raise on damaged files."""


def read_image(source: Source, settings: ReadSettings) -> tuple[Page, ...]:
    """Read an image file as pages that wait for OCR; only headers are looked at here."""
    pages = []
    with _open(source.data, settings) as image:
        count = _count_frames(image)
        check_page_count(count, settings)
        for number in range(1, count + 1):
            _seek(image, number - 1)
            check_pixels(*_square_size(image), settings)
            width, height = _size_in_points(image)
            pages.append(Page(number, (), width, height, "ocr", _picture(source.data, number - 1, settings)))
    return tuple(pages)


def _open(data: bytes, settings: ReadSettings) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # check_pixels is stricter
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise PixelError(
            f"the picture has far more than {settings.max_pixels:,} pixels", "scan at 300 dots per inch"
        ) from error
    except (UnidentifiedImageError, *_DECODER_ERRORS) as error:
        raise _damaged() from error
    return image


def _count_frames(image: Image.Image) -> int:
    try:
        return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    except _DECODER_ERRORS as error:
        raise _damaged() from error


def _seek(image: Image.Image, frame: int) -> None:
    try:
        image.seek(frame)
    except _DECODER_ERRORS as error:
        raise _damaged() from error


def _damaged() -> DamagedFileError:
    return DamagedFileError("the picture is truncated or damaged", "scan or copy it again")


def _size_in_points(image: Image.Image) -> tuple[float, float]:
    """Return the paper's size, from the stated resolution where that makes sense."""
    width, height = _square_size(image)
    stated = max(_resolution(image))
    if _LEAST_DPI <= stated <= _MOST_DPI and max(width, height) / stated * 72 <= _LONGEST_PAGE:
        scale = 72 / stated
    else:
        scale = _LONG_SIDE / max(width, height)
    return width * scale, height * scale


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Return the stated dots per inch across and down the upright picture; zeros where there are none."""
    dpi = image.info.get("dpi", (0, 0))
    if not isinstance(dpi, tuple) or len(dpi) != 2:
        return 0.0, 0.0
    across, down = (float(value or 0) for value in dpi)
    if not (math.isfinite(across) and math.isfinite(down)):
        return 0.0, 0.0
    return (down, across) if _orientation(image) in _SIDEWAYS else (across, down)


def _square_size(image: Image.Image) -> tuple[int, int]:
    """Return the upright picture's size with as many dots an inch down as across; a fax has half as many lines."""
    width, height = image.size
    if _orientation(image) in _SIDEWAYS and image.format not in _TURNED_BY_PILLOW:
        width, height = height, width
    across, down = _resolution(image)
    if min(across, down) < _LEAST_DPI or max(across, down) > _MOST_DPI:
        return width, height
    if not _SQUARE < max(across, down) / min(across, down) <= _MOST_STRETCH:
        return width, height
    finest = max(across, down)
    return round(width * finest / across), round(height * finest / down)


def _orientation(image: Image.Image) -> int:
    """Return how the camera was held; a PNG would have to be decoded to tell."""
    if image.format not in _CAMERA_FORMATS:
        return 1
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _DECODER_ERRORS:
        return 1


def _picture(data: bytes, frame: int, settings: ReadSettings) -> Picture:
    """Return what decodes one frame, upright, in its own resolution whatever is asked for."""

    def draw(_dpi: int) -> Image.Image:
        with _open(data, settings) as image:
            _seek(image, frame)
            return _decode(image)

    return draw


def _decode(image: Image.Image) -> Image.Image:
    load: Callable[[], object] = image.load
    size = _square_size(image)
    try:
        load()
        upright = ImageOps.exif_transpose(image) if _orientation(image) != 1 else image
    except _DECODER_ERRORS as error:
        raise _damaged() from error
    return _on_white(upright if upright.size == size else _stretch(upright, size))


def _stretch(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return `image` in that size; dots without shades get some, so that thin strokes last."""
    smooth = image.convert("L" if image.mode == "1" else "RGB") if image.mode in {"1", "P"} else image
    return smooth.resize(size, Image.Resampling.BICUBIC)


def _on_white(image: Image.Image) -> Image.Image:
    """Return `image` as RGB or grey; what is transparent shows white paper."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    if image.mode in {"1", "L", "RGB"}:
        return image.copy() if image.mode != "1" else image.convert("L")
    if image.mode.startswith("I") or image.mode == "F":
        return _squeeze(image)
    return image.convert("RGB")


def _squeeze(image: Image.Image) -> Image.Image:
    """Return a picture of 16 or 32 bits a pixel with its own range spread over 8."""
    values = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(high - low, 1.0))).astype(np.uint8))
