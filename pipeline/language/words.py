"""Vietnamese word segmentation with exact offsets, by underthesea.

underthesea returns words without offsets and wants text of one line and moderate length; here every word is found
again in the text that was given, which is never changed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise

import underthesea

from pipeline.language.text import clean, place_tones

CHUNK_LENGTH = 1_000
"""Characters handed to the segmenter at once: its time grows with the square of the length."""

_LETTER = re.compile(r"\w")
_TOKEN = re.compile(r"\w+(?:[&'’]\w+)*|[^\w\s]")


def words(text: str) -> list[tuple[int, int]]:
    """Return the half-open offsets of the words and marks of `text`, in order; white space stands between them.

    >>> text = "Sở Kế hoạch và Đầu tư chủ trì."
    >>> [text[start:end] for start, end in words(text)]
    ['Sở', 'Kế hoạch', 'và', 'Đầu tư', 'chủ trì', '.']
    """
    return [(start + a, start + b) for start, chunk in _chunks(text) for a, b in _segment(chunk)]


def syllables(text: str) -> list[tuple[int, int]]:
    """Return the half-open offsets of the syllables and marks of `text`, in order.

    >>> text = "Kế hoạch, 2010"
    >>> [text[start:end] for start, end in syllables(text)]
    ['Kế', 'hoạch', ',', '2010']
    """
    return list(_syllables(text))


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Cut `text` at line ends, and at blanks where a line is long; yield each piece with its offset."""
    for line in re.finditer(r"[^\n]+", text):
        start, end = line.span()
        while end - start > CHUNK_LENGTH:
            cut = text.rfind(" ", start + 1, start + CHUNK_LENGTH)
            cut = cut if cut > start else start + CHUNK_LENGTH
            yield start, text[start:cut]
            start = cut
        yield start, text[start:end]


@functools.lru_cache(maxsize=4096)
def _segment(chunk: str) -> tuple[tuple[int, int], ...]:
    """Segment one piece of a line; fall back to syllables where the words are not found again."""
    if not _LETTER.search(chunk):
        return _syllables(chunk)
    shadow = place_tones(chunk)
    found = []
    position = 0
    for word in underthesea.word_tokenize(shadow, use_token_normalize=False):
        start = shadow.find(word, position)
        if start < 0 or shadow[position:start].strip():
            return _syllables(chunk)
        position = start + len(word)
        found.append((start, position))
    return _syllables(chunk) if shadow[position:].strip() else tuple(found)


def _syllables(chunk: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in _TOKEN.finditer(chunk))


@functools.lru_cache(maxsize=4096)
def verbs(phrase: str) -> frozenset[int]:
    """Return where in `phrase`, one line of at most a few hundred characters, a verb begins.

    The tagger is underthesea's; where its words are not found again in the phrase, nothing is said.

    >>> sorted(verbs("Phòng Hành chính hoán đổi địa bàn"))
    [17]
    """
    found = set()
    shadow = place_tones(phrase).lower()
    position = 0
    for word, tag in underthesea.pos_tag(phrase):
        start = shadow.find(place_tones(word).lower(), position)
        if start < 0:
            return frozenset()
        position = start + len(word)
        if tag == "V":
            found.add(start)
    return frozenset(found)


@functools.cache
def compounds() -> frozenset[tuple[str, str]]:
    """Return which syllables stand side by side in words of underthesea's dictionary, in lower case, tones new style.

    >>> ("bồi", "dưỡng") in compounds(), ("bồi", "đưỡng") in compounds()
    (True, False)
    """
    entries = files("underthesea").joinpath("corpus", "data", "Viet74K.txt").read_text(encoding="utf-8")
    return frozenset(
        pair for entry in entries.splitlines() for pair in pairwise(place_tones(clean(entry).lower()).split())
    )
