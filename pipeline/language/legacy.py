"""Legacy fonts: TCVN3 (ABC) and VNI, where Vietnamese letters sit on the codes of Latin-1's.

In TCVN3 each letter has one code, and capitals with tones come from another font, whose name ends in H. In VNI a vowel
is followed by its marks, which are letters of their own in Latin-1. The font says which of the two it would be; whether
the text is Unicode all the same, as in many files that only name such a font, is told by the letters.

The codes come from viparse, which has all 74 letters of TCVN3 and 130 of VNI's 134. It is asked for them one by one:
given a whole run it takes blanks off its ends, damages Unicode among legacy text, and does not know VNI's capitals
with small marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import viparse

Encoding = Literal["tcvn3", "vni"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text that one font prints."""

    text: str
    font: str | None = None


_VNI_GAPS = {"aú": "ẳ", "î": "ỵ"}
"""Two letters that viparse does not know."""


def _letters(encoding: Encoding, codes: Iterable[str]) -> dict[str, str]:
    """Return those of `codes` that are one letter in `encoding`, each with that letter."""
    found = {code: viparse.fix(code, encoding=encoding) for code in codes}
    return {code: letter for code, letter in found.items() if len(letter) == 1 and letter != code}


_HIGH = [chr(code) for code in range(0xA1, 0x100)]
_TCVN3 = _letters("tcvn3", _HIGH)
_DECODED = _TCVN3 | {"\u2212": "ư", "\u2219": "ã"}  # PDFs show two codes as other signs
_MARKS = [code for code in _HIGH if code.isalpha()]
_VNI = _letters("vni", [*_MARKS, *(vowel + mark for vowel in "aeiouyôö" for mark in _MARKS)]) | _VNI_GAPS
"""Letters of VNI by one code, or by a vowel and its mark; small ones, since capitals are written alike."""

_VNI_FONT = re.compile(r"(?:[A-Z]{6}\+)?\.?vni(?![a-z])", re.IGNORECASE)
_TCVN3_FONT = re.compile(r"(?:[A-Z]{6}\+)?\.?vn", re.IGNORECASE)
_CAPITAL_FONT = re.compile(r"(?:[A-Z]{6}\+)?\.?vn[^,-]*h(?:[,-].*)?$", re.IGNORECASE)

_UNICODE_LETTER = re.compile("[\u0102-\u0111\u0128\u0129\u0168\u0169\u01a0-\u01b0\u0300-\u0323\u1ea0-\u1ef9]")
_NO_SIGN = set("àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝÐð\xad")
"""Codes that Unicode Vietnamese uses as well; eth stands for Đ in much of it."""
_SIGNS: dict[Encoding, re.Pattern[str]] = {
    "tcvn3": re.compile(f"[{re.escape(''.join(sorted(set(_TCVN3) - _NO_SIGN)))}]|(?<=[a-z])[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝ]"),
    "vni": re.compile("[øûïåäëüöñæî]|[ae][âàáåã]|o[âå]|a[êéèú]|[uyôö][ùõ]", re.IGNORECASE),
}
_WORD = re.compile(r"\s+|\S+")


def tell_font(font: str | None) -> Encoding | None:
    """Return the encoding that a font's name promises.

    >>> tell_font(".VnTimeH"), tell_font("ABCDEF+VNI-Times,Bold"), tell_font("Arial")
    ('tcvn3', 'vni', None)
    """
    if font is None:
        return None
    if _VNI_FONT.match(font):
        return "vni"
    return "tcvn3" if _TCVN3_FONT.match(font) else None


def coded_fonts(runs: Iterable[Run]) -> frozenset[Encoding]:
    """Return in which encodings the runs of a document, taken together, really are written.

    >>> coded_fonts([Run("Th«ng b¸o", ".VnTime"), Run("Thông báo của Sở", "VNI-Times")])
    frozenset({'tcvn3'})
    """
    return frozenset(encoding for encoding, weight in _weigh_runs(runs).items() if weight > 0)


def decode_runs(runs: Sequence[Run], coded: frozenset[Encoding] = frozenset()) -> list[str]:
    """Return the runs of one paragraph in Unicode; those that are Unicode already, or in other fonts, as they are.

    Each word is judged by its own letters; one that could be either goes with its run, that with the paragraph, and
    that with the document, of which `coded` tells.

    >>> decode_runs([Run("th«ng b¸o", ".VnTimeH"), Run(" cuûa ", "VNI-Times"), Run("Sở Y tế", ".VnTime")])
    ['THÔNG BÁO', ' của ', 'Sở Y tế']
    """
    weights = _weigh_runs(runs)
    around = frozenset(kind for kind in _SIGNS if (weights[kind] or (1 if kind in coded else 0)) > 0)
    return ["".join(decode_letters(run, around)) for run in _gather_marks(runs)]


def decode_letters(run: Run, around: frozenset[Encoding]) -> list[str]:
    """Return what each character of a run is in Unicode, nothing for a mark that its vowel has taken up.

    `around` are the encodings in which the text around the run is written.

    >>> decode_letters(Run("hoïp", "VNI-Times"), frozenset())
    ['h', 'ọ', '', 'p']
    """
    encoding = tell_font(run.font)
    if encoding is None:
        return list(run.text)
    usual = _weigh(run.text, encoding) or (1 if encoding in around else 0)
    letters: list[str] = []
    for word in _WORD.findall(run.text):
        is_coded = (_weigh(word, encoding) or usual) > 0
        letters += _decode_word(word, encoding) if is_coded else word
    if usual > 0 and encoding == "tcvn3" and _CAPITAL_FONT.match(run.font or ""):
        return [letter.upper() for letter in letters]
    return letters


def _weigh(text: str, encoding: Encoding) -> int:
    """Return how much speaks for the encoding, less what speaks for Unicode."""
    return len(_SIGNS[encoding].findall(text)) - len(_UNICODE_LETTER.findall(text))


def _weigh_runs(runs: Iterable[Run]) -> Counter[Encoding]:
    weights: Counter[Encoding] = Counter()
    for run in runs:
        encoding = tell_font(run.font)
        if encoding is not None:
            weights[encoding] += _weigh(run.text, encoding)
    return weights


def _gather_marks(runs: Sequence[Run]) -> list[Run]:
    """Return the runs with VNI's marks beside their vowels, where a change of format parted them."""
    gathered: list[Run] = []
    for run in runs:
        before = gathered[-1] if gathered else None
        parted = before is not None and tell_font(before.font) == tell_font(run.font) == "vni"
        if before is not None and parted and (before.text[-1:] + run.text[:1]).lower() in _VNI:
            gathered[-1] = Run(before.text + run.text[0], before.font)
            gathered.append(Run(run.text[1:], run.font))
        else:
            gathered.append(run)
    return gathered


def _decode_word(word: str, encoding: Encoding) -> list[str]:
    if encoding == "tcvn3":
        return [_DECODED.get(letter, letter) for letter in word]
    letters: list[str] = []
    taken = False
    for letter, following in zip(word, word[1:] + " ", strict=True):
        if taken:
            letters.append("")
            taken = False
            continue
        pair = _VNI.get((letter + following).lower())
        taken = pair is not None
        found = pair or _VNI.get(letter.lower(), letter)
        letters.append(found.upper() if letter.isupper() else found)
    return letters
