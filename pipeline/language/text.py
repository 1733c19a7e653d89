"""Characters: one written form for every word at the border, and same-length views of the text later.

`clean` runs before offsets exist and may change the length. `fold` and `place_tones` never do, so an offset into
the text is true in every view of it.
"""

from __future__ import annotations

import re
import unicodedata

_MENDED = str.maketrans({"Ð": "Đ", "ð": "đ", "\u00a0": " ", "\u2007": " ", "\u202f": " "})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_TONE_MARKS = "\u0300\u0301\u0309\u0303\u0323"


_BASES = "aăâeêioôơuưy"
_TONED = [unicodedata.normalize("NFC", base + mark) for base in _BASES for mark in _TONE_MARKS]
LOWER = "a-zđ" + "".join([*_BASES[1:], *_TONED])
"""The lower-case letters of Vietnamese, for use inside a character class."""
UPPER = "A-ZĐ" + "".join([*_BASES[1:], *_TONED]).upper()
"""The capital letters of Vietnamese, for use inside a character class."""


def clean(text: str) -> str:
    """Return `text` in the one form used everywhere: NFC, Icelandic eth mended to Đ, no invisible characters.

    >>> clean("Ða\u0323i ho\u0323c\u200b")
    'Đại học'
    """
    text = _INVISIBLE.sub("", text.translate(_MENDED))
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", text))


def _fold_character(character: str) -> str:
    lowered = character.lower()
    if len(lowered) != 1:
        return character
    if lowered == "đ":
        return "d"
    base = unicodedata.normalize("NFD", lowered)[0]
    return base if base.isalpha() and base.isascii() else lowered


class _FoldTable(dict[int, str]):
    """Translates any character to its folded form, remembering the ones met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_FOLDED = _FoldTable()


def fold(text: str) -> str:
    """Return `text` in lower case and without Vietnamese marks, of the same length.

    >>> fold("Đắk R'lấp")
    "dak r'lap"
    """
    return text.translate(_FOLDED)


def _tone_pairs() -> dict[str, str]:
    """Map old tone placement to new (òa -> oà), in the three vowel pairs where both are written."""
    pairs = {}
    for first, second in (("o", "a"), ("o", "e"), ("u", "y")):
        for mark in _TONE_MARKS:
            old = unicodedata.normalize("NFC", first + mark) + second
            pairs[old] = first + unicodedata.normalize("NFC", second + mark)
    return pairs


_NEW_PLACES = _tone_pairs()
_OLD_PLACE = re.compile("|".join(_NEW_PLACES) + "|" + "|".join(pair.title() for pair in _NEW_PLACES), re.IGNORECASE)
_WORD_END = re.compile(r"\w")


def place_tones(text: str) -> str:
    """Return `text` with tones on the second vowel of oa, oe, uy at a syllable's end, of the same length.

    The word list of the segmenter is written so; both spellings are correct Vietnamese.

    >>> place_tones("Ủy ban, hòa bình, hoàn")
    'Uỷ ban, hoà bình, hoàn'
    """

    def moved(match: re.Match[str]) -> str:
        if _WORD_END.match(text, match.end()):
            return match.group()
        pair = _NEW_PLACES[match.group().lower()]
        return "".join(n.upper() if o.isupper() else n for o, n in zip(match.group(), pair, strict=True))

    return _OLD_PLACE.sub(moved, text)


def lower(text: str) -> str:
    """Return `text` in lower case and with new tone placement, of the same length.

    The view in which the lexicon's cues are looked for.

    >>> lower("ỦY BAN")
    'uỷ ban'
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # few letters become two
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return place_tones(lowered)
