"""What the trained model of spans is shown of each syllable: its letters, its neighbours, and the lexicon's words."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from pipeline.language import alternatives, load, lower
from pipeline.language.words import syllables

_FAR = 3
_NEAR = 2
_DIGIT = re.compile(r"\d")
_CLAUSE_ENDS = frozenset(".;")
_LATE = 4
"""Syllables of a clause that are counted; all behind them are late."""
_GROUPS = {
    "organisations": (
        *("types", "closed", "stops", "offices", "address", "group_nouns", "plurals", "fields", "attendance", "breaks"),
        "tails",
    ),
    "cues": ("orders", "requests", "support"),
    "deadlines": ("limits", "weak_limits", "period_limits"),
    "persons": ("surnames", "places"),
}
_CUES = frozenset({"B-orders", "B-support", "B-stops", "B-attendance", "B-requests"})
"""Words that say what part those play who are named behind them."""

Rows = list[list[str]]


def describe(text: str, section: str) -> tuple[list[tuple[int, int]], Rows]:
    """Return the offsets of the syllables and marks of `text`, and for each what the model is shown.

    `section` is where the text stands: in the opening or in the body.

    >>> tokens, rows = describe("Giao Sở Y tế", "body")
    >>> tokens[1], "B-types" in rows[1], "-1B-orders" in rows[1]
    ((5, 7), True, True)
    """
    tokens = syllables(text)
    plain = lower(text)
    words = [_DIGIT.sub("0", plain[start:end]) for start, end in tokens]
    shapes = [_shape(text[start:end]) for start, end in tokens]
    flags = _flags(plain, tokens)
    rows = [
        [*_letters(words, shapes, at), *_around(flags, at), *place]
        for at, place in enumerate(_places(words, flags, section))
    ]
    return tokens, rows


def _shape(word: str) -> str:
    """Return what letters a word has.

    >>> [_shape(word) for word in ("Sở", "UBND", "2010", "tế", ",")]
    ['Xx', 'XX', 'd4', 'x', 'p']
    """
    if word.isdigit():
        return f"d{min(len(word), 4)}"
    if word.isupper():
        return "XX" if len(word) > 1 else "X"
    if word[:1].isupper():
        return "Xx"
    return "x" if word.isalpha() else ("m" if word.isalnum() else "p")


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    named = {key: load(name)[key] for name, keys in _GROUPS.items() for key in keys}
    named["recurrence"] = [entry for entries in load("deadlines")["recurrence"].values() for entry in entries]
    return {key: re.compile(rf"(?<!\w){alternatives(entries)}(?!\w)") for key, entries in named.items()}


def _flags(plain: str, tokens: Sequence[tuple[int, int]]) -> Rows:
    """Return for each syllable the groups of the lexicon whose entries begin there (B-) or go on (I-)."""
    flags: Rows = [[] for _ in tokens]
    starts = {start: place for place, (start, _) in enumerate(tokens)}
    for name, pattern in _patterns().items():
        for found in pattern.finditer(plain):
            place = starts.get(found.start())
            if place is None or not found.group():
                continue
            flags[place].append(f"B-{name}")
            while (place := place + 1) < len(tokens) and tokens[place][0] < found.end():
                flags[place].append(f"I-{name}")
    return flags


def _letters(words: Sequence[str], shapes: Sequence[str], at: int) -> Iterator[str]:
    """Yield the words and shapes at a place and around it, and the pairs that they make."""
    yield "bias"
    for away in range(-_FAR, _FAR + 1):
        place = at + away
        if 0 <= place < len(words):
            yield f"w{away}={words[place]}"
            if abs(away) <= _NEAR:
                yield f"s{away}={shapes[place]}"
        elif abs(away) <= _NEAR:
            yield f"w{away}=<>"
    for first in (-2, -1, 0):
        if at + first >= 0 and at + first + 1 < len(words):
            yield f"p{first}={words[at + first]} {words[at + first + 1]}"


def _around(flags: Rows, at: int) -> Iterator[str]:
    """Yield the groups of the lexicon at a place and around it."""
    yield from flags[at]
    for away in range(-_FAR, _FAR + 1):
        if away and 0 <= at + away < len(flags):
            yield from (f"{away}{flag}" for flag in flags[at + away])


def _places(words: Sequence[str], flags: Rows, section: str) -> Iterator[list[str]]:
    """Yield where each syllable stands: in which section, how far in its clause, behind which cue."""
    since, cue = 0, "-"
    for at, word in enumerate(words):
        if at and words[at - 1] in _CLAUSE_ENDS:
            since, cue = 0, "-"
        cue = next((flag for flag in reversed(flags[at]) if flag in _CUES), cue)
        yield [f"in={section}", f"at={section} {min(since, _LATE)}", f"cue={cue}"]
        since += word not in _CLAUSE_ENDS
