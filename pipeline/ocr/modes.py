"""What an engine is asked to read a picture as."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PIL.Image import Image

from pipeline.config import OcrSettings
from pipeline.document import Line


class Mode(Enum):
    """What a picture holds."""

    PAGE = "a whole page"
    COLUMN = "one column"
    LINE = "one line"
    DIGITS = "one line, nothing but digits"


Engine = Callable[[OcrSettings, Image, Mode], tuple[Line, ...]]
"""Reads a prepared picture; boxes are in its pixels."""

Read = Callable[[Image, Mode], tuple[Line, ...]]
"""An engine with its settings."""


def dots_per_inch(image: Image, settings: OcrSettings) -> int:
    """Return the picture's resolution, within what engines take."""
    dpi: float = image.info.get("dpi", (settings.dpi,))[0]
    return min(max(round(dpi), 70), 2400)
