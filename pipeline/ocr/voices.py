"""A second voice: another recogniser, asked for the words that the engine doubts, in the same ink.

It is no engine of its own: alone it reads worse than Tesseract. Its word counts where letters or neighbours speak for
it (`correct`).
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pipeline.config import OcrSettings
from pipeline.document import Heard, Line, Word
from pipeline.errors import ConfigError
from pipeline.ocr.context import expect, letters
from pipeline.ocr.prepare import Pixels

Voice = Callable[[Sequence[Pixels]], list[Heard]]
"""Reads pictures of single words, grey on white."""

SURE = 0.966
"""Tesseract says this of words that it does not doubt; it hardly ever says more."""
_LOST = 0.6
"""Below this a word is doubted whoever stands beside it."""
_MARGIN = 2
_LEAST_SIDE = 4


def hear_trueocr(pieces: Sequence[Pixels]) -> list[Heard]:
    """Read words by trueocr's recogniser, whose weights come with its package."""
    return [Heard(found.text, float(found.confidence)) for found in _trueocr().predict(list(pieces))]


@functools.cache
def _trueocr() -> Any:
    """Load the recogniser once; its sessions may be shared by threads."""
    import trueocr  # noqa: PLC0415 - an extra
    from trueocr.recognizer import Recognizer  # noqa: PLC0415

    return Recognizer(Path(trueocr.__file__).with_name("models"), threads=1)


VOICES: dict[str, Voice] = {"trueocr": hear_trueocr}
"""Name -> second voice, which is also the name of the package that it comes from."""


def choose_voice(settings: OcrSettings) -> Voice | None:
    """Return the voice that `settings` name, or the first that is installed; None where there is none."""
    name = settings.second_voice
    if name == "none":
        return None
    installed = [voice for voice in VOICES if importlib.util.find_spec(voice) is not None]
    if name == "auto":
        return VOICES[installed[0]] if installed else None
    if name not in installed:
        known = ", ".join(("auto", "none", *VOICES))
        raise ConfigError(
            f"the second voice {name} is not installed", f"pip install chidao[ocr2], or choose of {known}"
        )
    return VOICES[name]


def hear(lines: tuple[Line, ...], image: Image.Image, voice: Voice) -> tuple[Line, ...]:
    """Return the lines; words that the engine doubts carry what `voice` reads in their place on `image`."""
    grey = np.asarray(image.convert("L"))
    doubted = [word for line in lines for word in _doubted(line)]
    pieces = [_cut(grey, word) for word in doubted]
    asked = [index for index, piece in enumerate(pieces) if min(piece.shape) >= _LEAST_SIDE]
    found = dict(zip((id(doubted[index]) for index in asked), voice([pieces[i] for i in asked]), strict=True))
    return tuple(
        replace(line, words=tuple(replace(w, heard=found[id(w)]) if id(w) in found else w for w in line.words))
        for line in lines
    )


def _doubted(line: Line) -> Iterator[Word]:
    """Yield the words that nobody knows beside their neighbours, and of which the engine is not sure either."""
    known = ["", *map(letters, line.words), ""]
    for word, (before, read, after) in zip(line.words, zip(known, known[1:], known[2:], strict=False), strict=False):
        if word.box is None or not any(map(str.isalpha, word.text)):
            continue
        sure = word.confidence or 0.0
        if sure < _LOST or (sure < SURE and not (expect(before, read) or expect(read, after))):
            yield word


def _cut(grey: Pixels, word: Word) -> Pixels:
    left, top, right, bottom = (int(edge) for edge in word.box or (0, 0, 0, 0))
    return grey[max(top - _MARGIN, 0) : bottom + _MARGIN, max(left - _MARGIN, 0) : right + _MARGIN]
