"""Lists of those who act or attend, each member with a shared head word restored."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.extract.boundaries import name_end
from pipeline.extract.grammar import Kind, Member, begins_member, field_end, pattern_of
from pipeline.extract.heads import further_place, place_under, shared_head
from pipeline.extract.offices import parse_person
from pipeline.extract.persons import name_at, office_pattern
from pipeline.extract.view import View
from pipeline.language import LOWER

_EXPANSION = re.compile(r"\s*\(((?:[^()]|\([^()]*\))+)\)")
_PLACES = re.compile(r"(?<!\w)các\s+(tỉnh|huyện|xã|phường|thành phố|quận|thị xã)\b")


def parse_list(
    view: View, start: int, end: int, *, bare: bool = False, skip: Callable[[View, int, int], int] | None = None
) -> tuple[list[Member], int]:
    """Parse the list of members that begins at `start`; return them and the offset behind the last.

    With `bare`, members without a type word of their own ("QISC") count as well; `skip` returns the offset behind
    words before a member that are not part of its name ("đại diện lãnh đạo").
    """
    members: list[Member] = []
    head: str | None = None
    at = start
    while at < end:
        led_in = skip(view, at, end) if skip else at
        head, at = (None if led_in > at else head), led_in
        shared = None if place_under(view, at, end, head) else shared_head(view, at, end)
        if shared is not None:
            head, at = shared
        found = _member(view, at, end, _Context(head, members, bare))
        if not found:
            break
        members += _with_base_of(members, found)
        at = found[-1].end
        separator = view.match(pattern_of("separator"), _behind_aside(view, at, end), end)
        if separator is None:
            break
        at = separator.end()
        if not _may_follow(view, skip(view, at, end) if skip else at, end, head, members):
            break
    return _merge_offices(view, members), members[-1].end if members else start


_ASIDE = re.compile(r"\s*\((?!vắng|có mặt)[^()]{2,80}\)(?=\s*[,;]|\s+và\s)")


def _behind_aside(view: View, at: int, end: int) -> int:
    """Return the offset behind a bracket that tells of a member but names nobody: "Sở A (cơ quan thường trực), …"."""
    found = view.match(_ASIDE, at, end)
    return found.end() if found and view.text[at : found.end()].islower() else at


def _may_follow(view: View, at: int, end: int, head: str | None, members: list[Member]) -> bool:
    """Tell whether what stands behind a separator is another member."""
    if at >= end:
        return False
    if begins_member(view, at) or field_end(view, at, end):
        return True
    if not view.starts_upper(at):
        place = further_place(view, at, end, head) is not None
        return place or (
            bool(view.match(pattern_of("group"), at)) and any(member.kind == "group" for member in members)
        )
    if head is not None or _is_proper(view, at, end):
        return True
    return members[-1].kind == "person" and _listed_person(view, at, end) is not None


def _is_proper(view: View, at: int, end: int) -> bool:
    """Tell whether one capitalised word alone stands at `at`: an abbreviation of a body defined before."""
    found = re.compile(rf"[^\W\d_][\w&-]+(?=\s*(?:[,;.)]|\s[{LOWER}]|$))").match(view.text, at, end)
    return found is not None and view.text[at].isupper()


def _merge_offices(view: View, members: list[Member]) -> list[Member]:
    """Join an office without a body to the member behind it: "Trưởng ban, Phó ban và các thành viên Ban A"."""
    merged: list[Member] = []
    for member in members:
        before = merged[-1] if merged else None
        if before is not None and _is_bare_office(view, before) and member.kind == "group":
            merged[-1] = Member(before.start, member.end, view.text[before.start : member.end], "group")
        else:
            merged.append(member)
    return merged


def _is_bare_office(view: View, member: Member) -> bool:
    office = office_pattern().match(view.plain, member.start, member.end)
    bare = office is not None and view.plain[office.end() : member.end].strip() in {"", "ban"}
    return bare or (
        member.kind == "group" and re.search(r"(?:trưởng|phó) ban$", view.plain[member.start : member.end]) is not None
    )


def _with_base_of(members: list[Member], found: list[Member]) -> list[Member]:
    """Give places in brackets the body of the places before: "Sở A các tỉnh … (B), các tỉnh … (C)"."""
    before = re.match(r"(.+) (tỉnh|huyện|xã|phường|thành phố|quận|thị xã) ", members[-1].name) if members else None
    if before is None or not all(
        re.match(r"(?:tỉnh|huyện|xã|phường|thành phố|quận|thị xã) [^a-z]", m.name) for m in found
    ):
        return found
    return [dataclasses.replace(member, name=f"{before.group(1)} {member.name}") for member in found]


def _is_bare_type(view: View, start: int, end: int) -> bool:
    """A type word alone ("Bộ", "Phòng") names nobody, unless it stands for one body by custom ("Văn phòng")."""
    name = view.plain[start:end]
    short = len(name.split()) < 3
    return short and bool(pattern_of("bare type").fullmatch(name)) and not pattern_of("closed").fullmatch(name)


_COMRADES = re.compile(r"(?:các (?:đồng chí|ông|bà)|các đ/c)\s+(?=\S)")


def _comrades(view: View, at: int, end: int) -> Member | None:
    """Parse holders of an office who are not named: "các đồng chí Phó Giám đốc"."""
    found = view.match(_COMRADES, at, end)
    within = view.match(re.compile(r"trong\s+"), found.end(), end) if found else None
    within = within if within and begins_member(view, within.end()) else None
    if found is None or not (within or office_pattern().match(view.plain, found.end(), end)):
        return None
    if within:
        stop = name_end(view, within.end(), end)
        return Member(at, stop, view.text[at:stop], "group")
    stop = name_end(view, found.end(), end)
    return Member(at, stop, view.text[at:stop], "group")


def _listed_person(view: View, at: int, end: int) -> Member | None:
    """Parse a name of three or more syllables that goes on a list of persons, whatever its family name."""
    named = name_at(view, at, end, addressed=True)
    if named is None or begins_member(view, at) or len(view.text[slice(*named)].split()) < 3:
        return None
    return parse_person(view, at, end) or Member(at, named[1], view.text[slice(*named)], "person")


@dataclass(frozen=True, slots=True)
class _Context:
    """What stands before a member: the shared head, the members so far; and whether bare names count."""

    head: str | None
    before: Sequence[Member]
    bare: bool


def _member(view: View, at: int, end: int, context: _Context) -> list[Member]:
    """Parse one member at `at`; a list in brackets behind it ("các tỉnh … (A, B)") makes one of each."""
    head = context.head
    one = place_under(view, at, end, head) or further_place(view, at, end, head) or _one_person(view, at, end, context)
    if one is not None:
        return [one]
    known = field_end(view, at, end) if head and not _is_central(view, at, head) else None
    if head and view.starts_upper(at) and (known or not begins_member(view, at)):
        stop = max(known or 0, name_end(view, at, end, known=known))
        return [Member(at, stop, f"{head} {view.text[at:stop]}", "organization")] if stop > at else []
    named = context.bare or context.before or begins_member(view, at)
    stop = name_end(view, at, end) if named else at
    if stop <= at or _is_bare_type(view, at, stop):
        return []
    expanded = _expanded(view, at, stop, end)
    return expanded or [Member(at, stop, view.text[at:stop], _kind(view, at, stop))]


def _one_person(view: View, at: int, end: int, context: _Context) -> Member | None:
    """Parse a person; under a shared head a bare name is rather a place or a department."""
    person = parse_person(view, at, end)
    bare = person is not None and person.title is None and view.text.startswith(person.name, at)
    if person is not None and not (context.head and bare):
        return person
    together = _comrades(view, at, end)
    if together is not None:
        return together
    listed = bool(context.before) and context.before[-1].kind == "person"
    return _listed_person(view, at, end) if listed else None


_CENTRAL = re.compile(r"(?:công an|quốc phòng|ngoại giao)(?!\w)")


def _is_central(view: View, at: int, head: str) -> bool:
    """Công an and the like are ministries, but no departments of a province: "các Sở: …, Công an tỉnh"."""
    return not head.lower().startswith("bộ") and bool(_CENTRAL.match(view.plain, at))


def _kind(view: View, start: int, end: int) -> Kind:
    name = view.plain[start:end]
    several = pattern_of("plural").match(name)
    holders = office_pattern().match(name, several.end() if several else 0)
    return "group" if holders or pattern_of("several").match(name) else "organization"


def _expanded(view: View, start: int, end: int, limit: int) -> list[Member]:
    """Return one member a place for "Sở A các tỉnh … (B, C)"."""
    bracket = _EXPANSION.match(view.text, end, limit)
    if bracket is None:
        return []
    places = _PLACES.search(view.plain, start, end)
    if places is None:
        return _specified(view, start, end, bracket)
    base = view.text[start : places.start()].strip()
    members, at = [], bracket.start(1)
    for piece in re.finditer(r"[^,;]+", bracket.group(1)):
        a, b = view.strip(at + piece.start(), at + piece.end())
        if not view.starts_upper(a):
            return []
        name = f"{base} {places.group(1)} {view.text[a:b]}".strip()
        members.append(Member(a, b, name, "organization"))
    if members:
        last = members[-1]
        members[-1] = Member(last.start, bracket.end(), last.name, last.kind)
    return members


def _specified(view: View, start: int, end: int, bracket: re.Match[str]) -> list[Member]:
    """Return the bodies that brackets list for a group: "các đơn vị thuộc Bộ (Vụ A, Cục B)"."""
    if _kind(view, start, end) != "group":
        return []
    members, stop = parse_list(view, bracket.start(1), bracket.end(1))
    if len(members) < 2 or view.text[stop : bracket.end(1)].strip():
        return []
    return [*members[:-1], dataclasses.replace(members[-1], end=bracket.end())]
