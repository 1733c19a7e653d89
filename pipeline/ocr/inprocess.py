"""Tesseract in this process: no start, no file and no second decoding for each picture; optional.

Measured against the program: a third less processor time a page (docs/ocr.md). It reads the models that the
program is installed with.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL.Image import Image

from pipeline.config import OcrSettings
from pipeline.document import Line
from pipeline.errors import OcrError
from pipeline.ocr.modes import Mode, dots_per_inch
from pipeline.ocr.table import parse_table, table_lines
from pipeline.ocr.tesseract import DIGITS, SEGMENTATION

_MODEL_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
_idle: dict[str, queue.LifoQueue[Any]] = {}
"""Readers that are in no thread's hands, by language: one may not be shared, and its model is loaded once."""


def can_read(language: str) -> bool:
    """Tell whether the package is installed and finds the models of `language`."""
    return importlib.util.find_spec("tesserocr") is not None and _find_models(language) is not None


def recognise_in_process(settings: OcrSettings, image: Image, mode: Mode) -> tuple[Line, ...]:
    """Return the lines that Tesseract reads on a prepared picture, with boxes in its pixels."""
    with _reader(settings.language) as reader:
        reader.SetPageSegMode(SEGMENTATION[mode])
        reader.SetVariable("tessedit_char_whitelist", DIGITS if mode is Mode.DIGITS else "")
        reader.SetImage(image)
        reader.SetSourceResolution(dots_per_inch(image, settings))
        if not reader.Recognize(round(settings.timeout * 1000)):
            raise OcrError(
                f"Tesseract failed or took longer than {settings.timeout:g} seconds on a page",
                "raise the limit with --set ocr.timeout=N",
            )
        table: str = reader.GetTSVText(0)
        reader.Clear()
    return tuple(table_lines(parse_table(table)))


@contextmanager
def _reader(language: str) -> Iterator[Any]:
    """Lend a reader for the time of one reading; one that failed is not used again."""
    idle = _idle.setdefault(language, queue.LifoQueue())
    try:
        reader = idle.get_nowait()
    except queue.Empty:
        reader = _load(language)
    yield reader
    idle.put(reader)


def _load(language: str) -> Any:
    import tesserocr  # noqa: PLC0415 - optional

    try:
        return tesserocr.PyTessBaseAPI(path=_find_models(language), lang=language)
    except RuntimeError as error:
        raise OcrError(f"Tesseract cannot load its model {language}", "install the model again") from error


@functools.cache
def _find_models(language: str) -> str | None:
    """Return the folder that holds all models of `language`."""
    told = os.environ.get("TESSDATA_PREFIX")
    wanted = [f"{name}.traineddata" for name in language.split("+")]
    for folder in (told,) if told else _MODEL_FOLDERS:  # as Tesseract itself: no other folder than the one told
        if all(Path(folder, name).is_file() for name in wanted):
            return folder
    return None
