"""Marks: how the printed form shows where a paragraph or list item begins and ends."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from pipeline.language import fold
from pipeline.language.page import page_phrases

_LABEL = re.compile(
    r"(?:[-–—+*•●▪■◦o✓]|(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,3})[.)/]?|[a-zđ][.)]|\([a-zđ\divx]{1,4}\))$"
)
_GLUED = re.compile(r"(?:[-–+•]|(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,3})\.|[a-zđ]\))(?=[^\W\d_])")
_ORNAMENT = re.compile(r"[-–—_=*~.+#o\s]{3,}|[_–—]+")
_BARE_NUMBER = re.compile(r"\d+|[IVX]+")
_END = re.compile(r"(?:[.;:!?…]|\./\.?)[\"”’)\]]*$")
_SENTENCE_END = re.compile(r"(?:[.;:!?]|\./\.?)[\"”’]*$")


def begins_item(words: list[str]) -> bool:
    """Tell whether a line begins with a list label: "1.", "a)", "-", "II.", also glued to its first word."""
    if not words:
        return False
    first = words[0]
    if _LABEL.match(first) and not _BARE_NUMBER.fullmatch(first):
        return True
    return _GLUED.match(first) is not None


def ends_sentence(text: str) -> bool:
    """Tell whether a line's end could be a paragraph's."""
    return _SENTENCE_END.search(text) is not None


def is_ornament(text: str) -> bool:
    """Tell whether a line is only a rule, of dashes, stars or the like."""
    return _ORNAMENT.fullmatch(text) is not None


def runs_on(before: str, after: str) -> bool:
    """Tell whether `after` carries on the sentence of `before`: no end mark there, a small letter here."""
    return _END.search(before) is None and after[:1].islower() and not begins_item(after.split())


def resembles(text: str, key: str, least: float = 80) -> bool:
    """Tell whether `text` is, but for misread letters, one of the lexicon's form phrases under `key`."""
    return likeness(text, key) >= least


def likeness(text: str, key: str) -> float:
    """Return how much `text` is like the most similar phrase under `key`, of 100."""
    folded = fold(text).strip(" .:;-*_")
    return max(fuzz.ratio(folded, phrase) for phrase in page_phrases(key))
