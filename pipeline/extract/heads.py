"""Head words that the members of a list share: "các Sở: Y tế, Tài chính", "UBND các huyện A, B"."""

from __future__ import annotations

import functools
import re

from pipeline.extract.boundaries import name_end
from pipeline.extract.grammar import PLACE, Member, begins_member, pattern_of, words_of
from pipeline.extract.persons import SYLLABLE, address_pattern, office_pattern
from pipeline.extract.view import View

_PLACE_WORD = re.compile(r"(?:tỉnh|huyện|xã|phường|quận|thành phố)$")


@functools.cache
def _head_pattern() -> re.Pattern[str]:
    types = words_of("types")
    return re.compile(
        rf"(?:các|những)\s+(?P<head>{types}(?: [^\W\d_]+){{0,3}}?)"
        r"(?:\s*,\s*(?:ban|ngành|bộ|cơ quan|đơn vị|sở|ban ngành|phường|xã|cục|vụ|viện|huyện|thị xã|thành phố|quận))*"
        rf"(?:\s+(?:và|thuộc)\s+(?:thành phố|tỉnh|ngành|đơn vị|cơ quan|ban, ngành))?"
        r"(?P<colon>\s*(?:tỉnh|thành phố|trung ương|liên quan)?\s*:\s*)"
    )


@functools.cache
def _plain_head_pattern() -> re.Pattern[str]:
    field = pattern_of("field").pattern
    return re.compile(rf"các\s+(?P<head>sở|bộ|phòng|vụ|khoa)\s+(?={field}\s*(?:,|và)\s*{field})")


_PLACE_HEAD = re.compile(
    r"(?P<base>(?:[^\s,;:.]+\s+){0,12}?)(?:các|\d{1,2})\s+(?P<head>tỉnh|huyện|xã|phường|thành phố|quận|thị xã)"
    r"(?:\s*,\s*(?:thị xã|thành phố|quận|phường|thị trấn))?\s*:?\s+(?=\w)"
)


_HOLDERS = re.compile(r"(?:[^\s,;:.()]+\s){1,3}?(?=các\s)")


def shared_head(view: View, at: int, end: int) -> tuple[str, int] | None:
    """Return the head word that the members behind it share ("các Sở: Y tế, Tài chính"), and where they begin."""
    held = view.match(_HOLDERS, at, end)
    held = held if held and office_pattern().fullmatch(view.plain, at, held.end() - 1) else None
    for heads in (_head_pattern(), _plain_head_pattern()):
        found = view.match(heads, held.end() if held else at, end)
        if found and found.end() < end and view.starts_upper(found.end()) and not _addressed(view, found.end()):
            office = view.text[at : held.end()] if held else ""
            return office + _as_head(view, *found.span("head")), found.end()
    found = view.match(_PLACE_HEAD, at, end)
    if found and _two_bodies().search(found["base"]):
        return None
    if found and view.starts_upper(found.end()) and not begins_member(view, found.end()):
        base = view.text[slice(*found.span("base"))].strip()
        if not base or begins_member(view, at):
            kind = view.text[slice(*found.span("head"))]
            numbered = view.text[found.end()].isdigit()
            return f"{base} {kind if numbered else kind.lower()}".strip(), found.end()
    return None


@functools.cache
def _two_bodies() -> re.Pattern[str]:
    """Match "A và UBND …": another body begins behind "và", so that the head is not of the first."""
    return re.compile(rf"\svà\s+{words_of('types')}(?!\w)")


def _addressed(view: View, at: int) -> bool:
    """Tell whether a person with an office or a word of address begins at `at`."""
    return bool(address_pattern().match(view.plain, at) or office_pattern().match(view.plain, at))


def _as_head(view: View, start: int, end: int) -> str:
    """Return a head as it is restored: a department with a capital, a kind of place without."""
    word = view.text[start:end]
    if view.match(_PLACE_WORD, start, end):
        return word.lower()
    return word[:1].upper() + word[1:]


_PLACE_NAME = re.compile(rf"(?:{SYLLABLE}(?:(?: - | |-){SYLLABLE}){{0,4}}|\d{{1,2}})(?=\s*[,;.()]|\s+và\s|\s*$)")


def place_under(view: View, at: int, end: int, head: str | None) -> Member | None:
    """Parse a place under a head that names its kind: "UBND các huyện: A, B", also where it begins like a person."""
    found = _PLACE_NAME.match(view.text, at, end)
    if found is None or not re.search(r"(?:^| )(?:tỉnh|huyện|xã|phường|thành phố|quận|thị xã)$", (head or "").lower()):
        return None
    return Member(at, found.end(), f"{head} {found.group()}", "organization")


def further_place(view: View, at: int, end: int, head: str | None) -> Member | None:
    """Parse "thành phố Huế" behind "UBND các huyện A, B": the body of the head, another place."""
    found = view.match(PLACE, at, end)
    base = re.match(r"(.+) (?:tỉnh|huyện|xã|phường|thành phố|quận|thị xã)$", head or "")
    if found is None or base is None or not view.starts_upper(found.end()):
        return None
    stop = name_end(view, found.end(), end)
    return Member(at, stop, f"{base.group(1)} {view.text[at:stop]}", "organization")
