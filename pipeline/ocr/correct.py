"""Correction: marks that OCR confuses, where the word as read is unknown in its place and one other is known there.

A word becomes another syllable of the same letters, or stays as it is; nothing else is ever written. The engine's
own reading is kept in `Word.read_as`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from pipeline.document import Line, Word
from pipeline.ocr.context import WORD, Context, letters, spell
from pipeline.ocr.syllables import is_syllable, variants

_SURE = 0.95
"""Words that the engine is surer of are never touched: among them are hardly any errors to mend."""
_LEAST = 4
"""The least support that another syllable needs."""
_LEAST_ONE_SIDED = 8
"""The same where only the word before or the word after speaks for it."""
_TIMES = 3
"""Another syllable needs this many times the support of the one read."""
_RIVALS = 3
"""And this many times that of the next best."""


def correct(pages: Sequence[tuple[Line, ...]]) -> list[tuple[Line, ...]]:
    """Return the lines of a document's pages with confused marks set right."""
    words = [word for lines in pages for line in lines for word in line.words]
    context = Context(words)
    mended = iter(_mend_all(words, context))
    return [tuple(replace(line, words=tuple(next(mended) for _ in line.words)) for line in lines) for lines in pages]


def _mend_all(words: list[Word], context: Context) -> list[Word]:
    """Mend from left to right, so that a mended word speaks for the next."""
    mended: list[Word] = []
    known = [letters(word) for word in words]
    for index, word in enumerate(words):
        before = known[index - 1] if index else ""
        after = known[index + 1] if index + 1 < len(words) else ""
        new = _mend(word, before, after, context) if known[index] else word
        known[index] = letters(new)
        mended.append(new)
    return mended


def _mend(word: Word, before: str, after: str, context: Context) -> Word:
    read = letters(word)
    if len(read) < 2 or (word.confidence or 0.0) > _SURE or context.known(before, read) or context.known(read, after):
        return word
    rivals = {spell(syllable) for syllable in variants(read)} - {read}
    if not rivals:
        return word
    ranked = sorted(((_support(one, before, after, context), one) for one in rivals), reverse=True)
    (best, sides), new = ranked[0]
    second = ranked[1][0][0] if len(ranked) > 1 else 0
    own = _support(read, before, after, context)[0] if is_syllable(read) else 0
    if best < _least(word, sides) or best < _TIMES * own or best < _RIVALS * second:
        return word
    return replace_letters(word, new)


def _least(word: Word, sides: int) -> float:
    """Return the support that another syllable needs; of a name nobody knows what stands beside it."""
    if sides == 2:
        return _LEAST
    found = WORD.findall(word.text)
    is_name = any(part.istitle() for part in found)
    return math.inf if is_name else _LEAST_ONE_SIDED


def _support(syllable: str, before: str, after: str, context: Context) -> tuple[int, int]:
    """Return how strongly its neighbours speak for a syllable, and how many of them do."""
    left, right = context.support(before, syllable), context.support(syllable, after)
    return left + right, (left > 0) + (right > 0)


def replace_letters(word: Word, syllable: str) -> Word:
    """Return the word with `syllable` for its letters, in their case, and with what the engine read."""
    (found,) = WORD.finditer(word.text)
    old = found.group()
    new = "".join(n.upper() if o.isupper() else n for o, n in zip(old, syllable, strict=True))
    if new == old:
        return word
    text = word.text[: found.start()] + new + word.text[found.end() :]
    return replace(word, text=text, read_as=word.read_as or word.text)
