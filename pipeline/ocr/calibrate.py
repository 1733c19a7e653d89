"""Calibration: an engine's confidence becomes the share of words of that confidence that were right on known pages.

``python benchmarks/ocr.py --calibrate`` measures the table anew.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.document import Word
from pipeline.language.lexicon import load


def calibrate(word: Word) -> Word:
    """Return the word with its confidence as measured; words without one are left as they are."""
    if word.confidence is None:
        return word
    table = load("confidence")
    return replace(word, confidence=round(float(np.interp(word.confidence, table["read"], table["right"])), 4))
