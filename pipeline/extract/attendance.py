"""Who took part in the meeting and who was absent: the statement of attendance, in a sentence or in lines."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from pipeline.document import Span
from pipeline.extract.grammar import Member, begins_member
from pipeline.extract.names import parse_list
from pipeline.extract.persons import address_pattern, name_at, office_pattern
from pipeline.extract.view import View
from pipeline.language import alternatives, load, regex


@functools.cache
def _attendance() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(load('organisations')['attendance'])}(?!\w)\s*)+")


_ATTENDED = regex("opening", "attended")
_ABSENT = re.compile(r"(?<!\w)(?:vắng mặt|vắng|không dự được|không tham dự được|xin vắng)(?!\w)")


def find_attendants(
    view: View,
    sentences: Sequence[tuple[int, int]],
    attendance: Sequence[tuple[int, int]],
    chairs: Sequence[Member],
) -> list[Span]:
    """Those present and absent, from sentences that say so and from items under a heading of attendance."""
    chairing = {member.name.casefold() for member in chairs}
    present: list[Member] = []
    absent: list[Span] = []
    listing = False
    for start, end in sentences:
        absent += _absentees(view, start, end)
        line = _LINE.match(view.text, start, end) if listing else None
        if line is not None:
            present += _attendance_list(view, _behind_lead(view, line.end(), end), end)
            continue
        coming = _COMING.search(view.plain, start, end)
        present += _coming(view, start, coming.start()) if coming else []
        found = _ATTENDED.search(view.plain, start, end)
        named = _attendance_list(view, found.end(), end) if found else []
        present += named
        listing = found is not None and not named and view.text[found.start() : end].rstrip().endswith(":")
    for start, end in attendance:
        gone = _absentees(view, start, end)
        absent += gone
        present += [] if gone else _attendance_list(view, _behind_colon(view, start, end), end)
    away = {(span.start, span.end) for span in absent}
    kept = [m for m in distinct(present) if m.name.casefold() not in chairing and (m.start, m.end) not in away]
    return [*[_participant(view, member) for member in kept], *absent]


_LINE = re.compile(r"(?:[-–+•*]|[a-zđ]\)|\(?\d{1,2}[.)])\s*")
_PRESENCE = re.compile(r"\s*\((có mặt[^()]*)\)")


def _coming(view: View, start: int, end: int) -> list[Member]:
    """Return who is named before "tới dự": persons, or those behind "có"."""
    persons = persons_up_to(view, start, end)
    behind = None if persons else re.compile(r"(?<!\w)(?:có|mời)\s+").search(view.plain, start, end)
    return _attendance_list(view, behind.end(), end) if behind and begins_member(view, behind.end()) else persons


def _participant(view: View, member: Member) -> Span:
    """Return the span of one who took part; how many came ("(Có mặt 09/09)") goes into the note."""
    counted = view.match(_PRESENCE, member.end)
    notes = (Span("note", *counted.span(1), view.text[slice(*counted.span(1))]),) if counted else ()
    return Span("participant", member.start, member.end, member, notes)


def _behind_lead(view: View, start: int, end: int) -> int:
    """Return the offset behind a line's own lead ("Về phía tỉnh:"); heads of members are left to the list."""
    return start if view.skip(_attendance(), start, end) > start else _behind_colon(view, start, end)


_COMING = re.compile(r"(?:đã )?(?:tới|đến|về) dự(?!\w)")


def _behind_colon(view: View, start: int, end: int) -> int:
    """Return the offset behind a lead such as "Đại biểu tham dự:"."""
    lead = re.compile(r"[^,;:.]{0,60}:\s*").match(view.text, start, end)
    return lead.end() if lead and not begins_member(view, start) else start


_CONCLUDED = re.compile(r"(?<!\w)(?:sau khi nghe|kết luận|chủ trì|đồng chủ trì|do đồng chí|đến dự|báo cáo)(?!\w)")


_COUNT_AWAY = re.compile(r"\s*\((?:vắng|có mặt|kèm|theo danh sách)[^()]*\)")


def _attendance_list(view: View, start: int, end: int) -> list[Member]:
    """Parse members until the sentence's end, the heads ("đại diện lãnh đạo các …:") left out."""
    members: list[Member] = []
    at = start
    while at < end:
        at = _skip_heads(view, at, end)
        if _ABSENT.match(view.plain, at, end) or _CONCLUDED.match(view.plain, at, end):
            break
        found, stop = parse_list(view, at, end, bare=view.starts_upper(at), skip=_skip_heads)
        members += found
        at = max(stop, at)
        if members and _BEING.match(view.plain, at, end):
            at = view.skip(_BEING, at, end)
            continue
        at = view.skip(_COUNT_AWAY, at, end)
        following = re.compile(r"[^,;(]*?(?:[,;(]\s*|\s+và\s+|\s+cùng\s+(?=đại diện|lãnh đạo|các ))").match(
            view.text, at, end
        )
        if following is None:
            break
        at = following.end()
        again = _ATTENDED.match(view.plain, at, end)
        at = again.end() if again else at
    return members


def _skip_heads(view: View, at: int, end: int) -> int:
    """Skip "đại diện", "lãnh đạo", and a collective head that a colon closes."""
    while True:
        numbered = view.skip(_NUMBERED, at, end)
        skipped = view.skip(_attendance(), view.skip(_SIDE, numbered, end), end)
        holders = office_pattern().match(view.plain, skipped, end)
        if holders and _OF_SEVERAL.match(view.plain, holders.end(), end):
            skipped = holders.end() + 1
        colon = re.compile(r"(?:các|những)?\s*[^,;:.()]{0,40}(?:, [^,;:.()]{0,20}){0,4}:\s*").match(
            view.plain, skipped, end
        )
        if colon and _closes_collective(view, skipped, colon.end()):
            skipped = colon.end()
        if skipped == at:
            return at
        at = skipped


_PLURAL = re.compile(r"(?:các|những)\s+")
_NUMBERED = re.compile(r"(?:\(?\d{1,2}[.)]|[-–+•]|[a-zđ]\))\s+(?=\D)")
_SIDE = re.compile(r"(?:về )?phía [^,.;:]{2,40}?\s(?:có|gồm)\s*:?\s*")
_OF_SEVERAL = re.compile(r"\s+(?=các (?:phòng|sở|ban|khoa|vụ|cục|viện|chi cục)[^;:.()]{0,30}:)")
_BEING = re.compile(r"\s+(?:là|gồm|bao gồm)\s+(?=đại diện|lãnh đạo)")


def _closes_collective(view: View, start: int, end: int) -> bool:
    """Tell whether bodies follow a head such as "Thủ trưởng các cơ quan, đơn vị:", which is then no member itself."""
    behind = view.skip(_PLURAL, view.skip(address_pattern(), start, end), end)
    holders = office_pattern().match(view.plain, behind) is not None
    listed = (begins_member(view, end) and view.starts_upper(end)) or (
        holders and name_at(view, end, len(view.text)) is not None
    )
    return listed and (holders or not view.starts_upper(start))


def _absentees(view: View, start: int, end: int) -> list[Span]:
    """Parse "(Phòng A vắng có lý do)", "Vắng: đồng chí B (đi công tác)"."""
    spans: list[Span] = []
    for found in _ABSENT.finditer(view.plain, start, end):
        behind = re.compile(r"(?:mặt)?\s*(?:có lý do|không lý do)?\s*(?::|có|gồm|là)?\s*:?\s*").match(
            view.plain, found.end(), end
        )
        if behind and begins_member(view, behind.end()):
            return [*spans, *_listed_absentees(view, behind.end(), end)]
        opened = max(view.text.rfind(mark, start, found.start()) for mark in "(;.") + 1
        for a, _ in view.words(max(opened, start), found.start()):
            members, stop = parse_list(view, a, found.start()) if begins_member(view, a) else ([], a)
            if members and not view.text[stop : found.start()].strip(" ,-–"):
                note = _reason(view, found.start(), end)
                spans += [_absent_span(view, m, note) for m in members]
                break
    return spans


_NEXT = re.compile(r"\s*(?:\([^()]*\))?\s*(?:[,;]\s*(?:và\s+)?|và\s+)")


def _listed_absentees(view: View, at: int, end: int) -> list[Span]:
    """Parse "A (có lý do), B (đi công tác)"."""
    spans: list[Span] = []
    while True:
        members, stop = parse_list(view, at, end)
        spans += [_absent_span(view, member, _bracket(view, member.end, end)) for member in members]
        following = _NEXT.match(view.plain, stop, end)
        if not members or following is None or not begins_member(view, following.end()):
            return spans
        at = following.end()


def _absent_span(view: View, member: Member, note: tuple[int, int] | None) -> Span:
    parts = (Span("note", *note, view.text[slice(*note)]),) if note else ()
    return Span("absentee", member.start, member.end, member, parts)


def _bracket(view: View, at: int, end: int) -> tuple[int, int] | None:
    found = _WHY.match(view.text, at, end)
    return found.span(found.lastindex or 0) if found else None


_WHY = re.compile(r"\s*\(([^()]*)\)|\s+((?:có|không có|không) (?:lý do|phép)|do [^(),;.]{3,60})")


def _reason(view: View, start: int, end: int) -> tuple[int, int]:
    found = re.compile(r"[^().;,]*").match(view.text, start, end)
    return view.strip(start, found.end() if found else end)


def distinct(members: Sequence[Member]) -> list[Member]:
    """Return each member once, by its name."""
    found: dict[str, Member] = {}
    for member in members:
        found.setdefault(member.name.casefold(), member)
    return list(found.values())


def persons_up_to(view: View, start: int, end: int) -> list[Member]:
    """Return the persons who are named right before `end`."""
    for a, _ in view.words(start, end):
        if not begins_member(view, a):
            continue
        members, stop = parse_list(view, a, end)
        between = view.plain[stop:end]
        adjacent = re.fullmatch(r"(?:\s*\([^)]*\))?[\s,–-]*(?:đã|cùng|là|làm|thay mặt[^,]*,|uỷ quyền)?\s*", between)
        if members and adjacent and all(member.kind == "person" for member in members):
            return members
    return []


def person_span(label: str, member: Member) -> Span:
    """Return a member's span; the member is its value."""
    return Span(label, member.start, member.end, member)
