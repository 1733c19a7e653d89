"""Correction: marks that OCR confuses, where another reading is proved by its neighbours or by a second voice.

A word becomes what a second recogniser read in the same ink, or another syllable of the same letters, or stays as it
is; nothing else is ever written. The engine's own reading is kept in `Word.read_as`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.document import Line, Word
from pipeline.language import fold
from pipeline.ocr.context import WORD, Context, expect, is_known, letters, spell
from pipeline.ocr.syllables import is_syllable, variants

_SURE = 0.95
"""Words that the engine is surer of are touched only where a second voice speaks against them."""
_LEAST = 4
"""The least support that another syllable needs."""
_LEAST_ONE_SIDED = 8
"""The same where only the word before or the word after speaks for it."""
_TIMES = 3
"""Another syllable needs this many times the support of the one read."""
_RIVALS = 3
"""And this many times that of the next best."""

_DOUBTED, _LOST = 0.88, 0.5
"""Below these the engine is unsure of a word's marks, and has not read its letters at all."""
_HEARD, _HEARD_WELL = 0.8, 0.97
"""What the second voice must say of its reading: with neighbours that speak for it, and without."""


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
        new = _take_heard(word, before, after)
        if new is word and known[index]:
            new = _mend(word, before, after, context)
        known[index] = letters(new)
        mended.append(new)
    return mended


def _take_heard(word: Word, before: str, after: str) -> Word:
    """Return the word as the second voice reads it, where that is the better reading; else the word."""
    if word.heard is None or word.heard.text == word.text:
        return word
    read, heard = letters(word), letters(Word(word.heard.text))
    if not (read and heard and len(read) == len(heard) and fold(read) == fold(heard)):
        return _take_whole(word)
    if read == heard:
        return word
    for_heard, for_read = (_support(syllable, before, after, expect)[0] for syllable in (heard, read))
    return replace_letters(word, heard) if _is_better(word, heard, for_heard, for_read) else word


def _is_better(word: Word, heard: str, for_heard: int, for_read: int) -> bool:
    """Tell whether the heard syllable is the better one: by the neighbours, else by who is surer."""
    sure, said = word.confidence or 0.0, word.heard.confidence if word.heard else 0.0
    if not is_syllable(heard):
        return False
    if for_heard >= _LEAST and for_heard > _TIMES * for_read:
        return said >= _HEARD
    if for_read > for_heard or said < _HEARD_WELL:
        return False
    return sure < _DOUBTED and is_known(heard) and (for_read == 0 or sure < _LOST)


def _take_whole(word: Word) -> Word:
    """Return what was heard for a word that the engine could not make out at all."""
    heard = word.heard
    if heard is None or (word.confidence or 0.0) >= _LOST or heard.confidence < _HEARD_WELL or " " in heard.text:
        return word
    parts = WORD.findall(heard.text)
    if not parts or not all(is_known(spell(part)) or len(part) == 1 for part in parts):
        return word
    return replace(word, text=heard.text, read_as=word.read_as or word.text)


def _mend(word: Word, before: str, after: str, context: Context) -> Word:
    """Return the word with the marks that its neighbours prove; else the word."""
    read = letters(word)
    if len(read) < 2 or (word.confidence or 0.0) > _SURE or context.known(before, read) or context.known(read, after):
        return word
    rivals = {spell(syllable) for syllable in variants(read)} - {read}
    if not rivals:
        return word
    pair = context.support if is_known(read) else context.support_of_words
    ranked = sorted(((_support(one, before, after, pair), one) for one in rivals), reverse=True)
    (best, sides), new = ranked[0]
    second = ranked[1][0][0] if len(ranked) > 1 else 0
    own = _support(read, before, after, pair)[0] if is_syllable(read) else 0
    if best < _least(word, sides) or best < _TIMES * own or best < _RIVALS * second:
        return word
    return replace_letters(word, new)


def _least(word: Word, sides: int) -> float:
    """Return the support that another syllable needs; of a name nobody knows what stands beside it."""
    if sides == 2:
        return _LEAST
    is_name = any(part.istitle() for part in WORD.findall(word.text))
    return math.inf if is_name else _LEAST_ONE_SIDED


def _support(syllable: str, before: str, after: str, pair: Callable[[str, str], int]) -> tuple[int, int]:
    """Return how strongly its neighbours speak for a syllable, and how many of them do."""
    left, right = pair(before, syllable), pair(syllable, after)
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
