"""Vietnamese characters and words, and the lexicon."""

from pipeline.language.lexicon import alternatives, load, pattern, regex
from pipeline.language.text import LOWER, UPPER, clean, fold, lower, place_tones
from pipeline.language.words import compounds, verbs, words

__all__ = [
    "LOWER",
    "UPPER",
    "alternatives",
    "clean",
    "compounds",
    "fold",
    "load",
    "lower",
    "pattern",
    "place_tones",
    "regex",
    "verbs",
    "words",
]
