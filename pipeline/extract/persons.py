"""The grammar of persons: names, and the offices before or after them."""

from __future__ import annotations

import functools
import re

from pipeline.extract.view import View
from pipeline.language import LOWER, UPPER, alternatives, load, regex

SYLLABLE = rf"(?:[{UPPER}](?:['’]?[{UPPER}{LOWER}]+)?)"
_NAME = re.compile(rf"{SYLLABLE}(?: {SYLLABLE}){{1,4}}(?!\w)")
_FIRST = re.compile(rf"[{UPPER}]'?[{LOWER}]*")


_NO_NAME = regex("persons", "no_name")


@functools.cache
def address_pattern() -> re.Pattern[str]:
    """Match words of address ("đồng chí", "ông") and the blank behind them."""
    return re.compile(rf"(?:{alternatives(load('organisations')['address'])}\s*:?\s*)+(?<!\w(?=\w))")


@functools.cache
def office_pattern() -> re.Pattern[str]:
    """Match the office that a title begins with."""
    return re.compile(rf"{alternatives(load('organisations')['offices'])}(?!\w)")


@functools.cache
def _surnames() -> frozenset[str]:
    return frozenset(load("persons")["surnames"])


@functools.cache
def place_before() -> re.Pattern[str]:
    """Match a word that a place's name follows, at the end of a text."""
    return re.compile(rf"(?<!\w){alternatives(load('persons')['places'])}\s*$")


def name_at(view: View, start: int, end: int, *, addressed: bool = False) -> tuple[int, int] | None:
    """Return the person's name that begins at `start`; without a word of address only after a known family name."""
    found = _NAME.match(view.text, start, end)
    if found is None:
        return None
    if office_pattern().match(view.plain, start):
        return None
    if addressed:
        return found.span()
    first = _FIRST.match(view.text, start)
    if first is None or first.group().lower() not in _surnames():
        return None
    return None if _NO_NAME.match(view.plain, start) else found.span()


def is_place(view: View, start: int, end: int) -> bool:
    """Tell whether capitalised words at `start` name a place: they stand behind "tỉnh", "huyện", "phường".

    Behind "UBND tỉnh" and "UBND huyện" a person may stand as well ("Chủ tịch UBND tỉnh Nguyễn Văn A").
    """
    before = place_before().search(view.plain, max(0, start - 24), start)
    if before is None:
        return False
    if any(view.plain.startswith(province, start) for province in load("persons")["provinces"]):
        return True
    named = name_at(view, start, end)
    if named is None:
        return True
    syllables = len(view.text[slice(*named)].split())
    return syllables < 3 and before.group().strip() != "tỉnh"
