"""The text around hits, in pieces that are hits and pieces that are not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from pipeline.language.text import fold
from pipeline.store.search import Phrase

Pieces = tuple[tuple[str, bool], ...]
_WORD = re.compile(r"[^\W_]+")
_WIDTH = 240
"""Characters of a snippet, about two lines on a screen."""
_BEFORE = 60
"""Characters shown before the first hit."""
_READ = 100_000
_MORE = "…"


def snippet(text: str, phrases: Sequence[Phrase], width: int = _WIDTH) -> Pieces:
    """Return the part of `text` with the first hits.

    >>> snippet("Giao Sở Y tế báo cáo", [Phrase("so y te", "so y te")])
    (('Giao ', False), ('Sở Y tế', True), (' báo cáo', False))
    """
    text = unicodedata.normalize("NFC", text[:_READ])
    hits = _merged(_hits(text, phrases))
    start, end = _window(text, hits[0][0] if hits else 0, width)
    pieces: list[tuple[str, bool]] = [(_MORE, False)] if start else []
    at = start
    for first, last in hits:
        if first >= end or last <= start:
            continue
        pieces += [(text[at:first], False), (text[first : min(last, end)], True)]
        at = min(last, end)
    pieces.append((text[at:end], False))
    if end < len(text):
        pieces.append((_MORE, False))
    return tuple((piece, is_hit) for piece, is_hit in pieces if piece)


def _hits(text: str, phrases: Sequence[Phrase]) -> Iterator[tuple[int, int]]:
    """Yield where the phrases are found, whatever the marks: folding changes no length."""
    words = [(match.group(), match.span()) for match in _WORD.finditer(fold(text))]
    for phrase in phrases:
        wanted = phrase.folded.split()
        for at in range(len(words) - len(wanted) + 1):
            if all(words[at + offset][0] == word for offset, word in enumerate(wanted)):
                yield words[at][1][0], words[at + len(wanted) - 1][1][1]


def _merged(hits: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(hits):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _window(text: str, first: int, width: int) -> tuple[int, int]:
    """Return where the snippet starts and ends, at spaces where there are any near."""
    if len(text) <= width:
        return 0, len(text)
    start = max(0, min(first - _BEFORE, len(text) - width))
    if start:
        start = max(start, text.find(" ", start, max(first, start)) + 1)
    end = min(len(text), start + width)
    if end < len(text):
        space = text.rfind(" ", max(start, first) + 1, end)
        end = space if space > start + width // 2 else end
    return start, end
