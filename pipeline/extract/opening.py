"""The opening: which meeting, when, where, who chaired, who took part and who was absent."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from pipeline.document import Paragraph, Span
from pipeline.extract.grammar import Member, begins_member
from pipeline.extract.names import parse_list
from pipeline.extract.outline import Outline
from pipeline.extract.persons import office_pattern
from pipeline.extract.references import find_references
from pipeline.extract.view import View
from pipeline.language import LOWER, alternatives, load, regex
from pipeline.normalise.dates import PrintedDate, find_dates, range_start


@functools.cache
def _meeting() -> re.Pattern[str]:
    nouns = [entry for entry in load("cues")["meetings"] if entry not in load("cues")["meeting_verbs"]]
    return re.compile(rf"(?<!\w){alternatives(nouns)}(?!\w)")


@functools.cache
def _meeting_verb() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternatives(load('cues')['meeting_verbs'])}(?!\w)")


@functools.cache
def _attendance() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(load('organisations')['attendance'])}(?!\w)\s*)+")


_SENTENCE = re.compile(rf"(?<=[^.\s\dA-Z])\.\s+(?=[^{LOWER}])|\n+")
_HELD = regex("opening", "held")
_CHAIRED = re.compile(r"(?<!\w)(?:đồng |làm )?(?:chủ trì|chủ toạ|điều hành)(?!\w)")
_WORKED = regex("opening", "worked")
_CHAIRS_BEHIND = regex("opening", "chairs_behind")
_ATTENDED = regex("opening", "attended")
_ABSENT = re.compile(r"(?<!\w)(?:vắng mặt|vắng|không dự được|không tham dự được|xin vắng)(?!\w)")
_LOCATION = re.compile(
    r"(?<!\w)tại\s+(?!(?:cuộc|buổi|hội nghị|phiên|điểm|đây|khoản|điều|văn bản|thông báo|các)(?!\w)|hội nghị)"
)
_LATE_LOCATION = regex("opening", "late_location")


def find_meeting(view: View, outline: Outline, attendance: Sequence[tuple[int, int]]) -> list[Span]:
    """Return the spans "meeting", "start_date", "end_date", "location", "chair", "participant", "absentee".

    `attendance` says where items of the body stand that are under a heading such as "I. THÀNH PHẦN".
    """
    sentences = list(_sentences(view, outline.opening))
    name = _name_in_subject(view, outline.subject) or _name_in_opening(view, sentences)
    chairs = _chairs(view, [*sentences, *attendance])
    return [
        *([name] if name else []),
        *_when_and_where(view, sentences),
        *[_person_span("chair", member) for member in chairs],
        *_attendants(view, sentences, attendance, chairs),
    ]


def _sentences(view: View, paragraphs: Sequence[Paragraph]) -> Iterator[tuple[int, int]]:
    for paragraph in paragraphs:
        at = paragraph.start
        for found in _SENTENCE.finditer(view.text, paragraph.start, paragraph.end):
            yield at, found.start()
            at = found.end()
        if at < paragraph.end:
            yield at, paragraph.end


def _name_in_subject(view: View, subject: Sequence[Paragraph]) -> Span | None:
    if not subject:
        return None
    start, end = subject[0].start, subject[-1].end
    found = _meeting().search(view.plain, start, end) or _meeting_verb().search(view.plain, start, end)
    if found is None:
        return None
    bracket = view.text.find(" (", found.end(), end)
    end = bracket if bracket > 0 and view.text[end - 1] == ")" else end
    while end > found.end() and view.text[end - 1] in " .:-_*":
        end -= 1
    return _text_span(view, "meeting", found.start(), end)


def _text_span(view: View, label: str, start: int, end: int) -> Span:
    return Span(label, start, end, " ".join(view.text[start:end].split()))


def _name_in_opening(view: View, sentences: Sequence[tuple[int, int]]) -> Span | None:
    for start, end in sentences:
        found = re.compile(rf"(?<!\w)(?:tổ chức|chủ trì|tham dự|có)\s+(?P<name>{_meeting().pattern})").search(
            view.plain, start, end
        )
        if found is None:
            continue
        stop = re.compile(r"[.;:]|,\s|\s\(|\s(?:do|dưới sự|với sự|tại (?:hội trường|trụ sở|phòng))\s|$").search(
            view.text, found.end(), end
        )
        return _text_span(view, "meeting", found.start("name"), stop.start() if stop else end)
    return None


def _when_and_where(view: View, sentences: Sequence[tuple[int, int]]) -> list[Span]:
    """The first date outside citations in a sentence about the meeting, and the place named with it."""
    for start, end in sentences:
        cited = [(span.start, span.end) for span in find_references(view, start, end)]
        dates = [
            d for d in find_dates(view.plain, start, end) if d.date and not any(a <= d.start < b for a, b in cited)
        ]
        held = _HELD.search(view.plain, start, end)
        if not dates or held is None:
            continue
        date = next(
            (
                d
                for d in dates
                if re.search(r"(?:ngày|sáng|chiều|tối)\s*(?:[^,;.]{0,40})$", view.plain[start : d.start])
            ),
            dates[0],
        )
        last = _last_of(view, dates, date)
        return [*_date_spans(view, date, last, start), *_location(view, last.end, end)]
    return []


def _last_of(view: View, dates: Sequence[PrintedDate], date: PrintedDate) -> PrintedDate:
    """Return the last of dates that are joined by "đến" or "và" to `date`."""
    last = date
    for other in dates:
        between = view.plain[last.end : other.start]
        if other.start > last.end and re.fullmatch(r"\s*(?:đến|và|-|–|,|tới)\s*(?:hết\s+)?(?:ngày\s+)?", between):
            last = other
    return last


def _date_spans(view: View, date: PrintedDate, last: PrintedDate, since: int) -> list[Span]:
    first = date if date is not last else (range_start(view.plain, last, since) or date)
    if first.date is not None and last.date is not None and last.date < first.date:
        last = first
    return [
        Span("start_date", first.start, max(first.end, first.start + 1), first.date),
        Span("end_date", last.start, last.end, last.date),
    ]


def _location(view: View, at: int, end: int) -> list[Span]:
    near = _LOCATION.search(view.plain, at, min(end, at + 16))
    found = near or _LATE_LOCATION.search(view.plain, at, end)
    if found is None:
        return []
    stop = _location_end(view, found.end(), end)
    return [_text_span(view, "location", found.end(), stop)] if stop > found.end() else []


def _location_end(view: View, start: int, end: int) -> int:
    """A place ends at a mark, a verb, or where the body that met is named right behind it."""
    mark = re.compile(r"[,;:.](?=\s|$)|\s\(").search(view.text, start, end)
    limit = mark.start() if mark else end
    for a, _ in view.words(start + 1, limit):
        if a > start + 3 and begins_member(view, a) and view.text[a].isupper() and not _belongs(view, start, a):
            return view.strip(start, a)[1]
    verb = _HELD.search(view.plain, start, limit)
    if verb is None and mark is not None:
        limit = _building_end(view, start, limit, end)
    return view.strip(start, verb.start() if verb else limit)[1]


def _building_end(view: View, start: int, at: int, end: int) -> int:
    """Take the building behind a room into the place: "phòng họp tầng 3, Trung tâm Hành chính"."""
    if not re.match(r"(?:phòng|hội trường|tầng|nhà)", view.plain[start:at]):
        return at
    further = re.compile(r",\s(?:tầng|trung tâm|trụ sở|toà nhà|khách sạn|số \d|nhà|khu)[^,;.:]*").match(
        view.plain, at, end
    )
    return further.end() if further else at


_PART_OF_PLACE = regex("opening", "part_of_place")


def _belongs(view: View, start: int, at: int) -> bool:
    """Tell whether the body at `at` is part of the place ("trụ sở UBND tỉnh")."""
    before = view.plain[start:at].rstrip()
    return _PART_OF_PLACE.search(before) is not None


def _chairs(view: View, sentences: Sequence[tuple[int, int]]) -> list[Member]:
    chairs: list[Member] = []
    for start, end in sentences:
        if _CHAIRED.search(view.plain, start, end):
            named = _chairs_behind(view, start, end) or _chairs_before(view, start, end)
            chairs += named or _those_who_worked(view, start, end)
        elif not chairs:
            chairs += _those_who_worked(view, start, end)
    return _distinct(chairs)


def _distinct(members: Sequence[Member]) -> list[Member]:
    seen: set[str] = set()
    return [m for m in members if not (m.name.casefold() in seen or seen.add(m.name.casefold()))]  # type: ignore[func-returns-value]


def _chairs_behind(view: View, start: int, end: int) -> list[Member]:
    for found in _CHAIRS_BEHIND.finditer(view.plain, start, end):
        members, stop = parse_list(view, found.end(), end)
        persons = [member for member in members if member.kind == "person"]
        passive = found.group().startswith("do")
        if persons and (not passive or _CHAIRED.search(view.plain, stop, min(end, stop + 90))):
            return persons
    return []


def _chairs_before(view: View, start: int, end: int) -> list[Member]:
    """Persons right before "chủ trì": "Phó Chủ tịch UBND tỉnh A chủ trì cuộc họp"."""
    for chaired in _CHAIRED.finditer(view.plain, start, end):
        persons = _persons_up_to(view, start, chaired.start())
        if persons:
            return persons
    return []


def _persons_up_to(view: View, start: int, end: int) -> list[Member]:
    for a, _ in view.words(start, end):
        if not begins_member(view, a):
            continue
        members, stop = parse_list(view, a, end)
        between = view.plain[stop:end]
        adjacent = re.fullmatch(r"(?:\s*\([^)]*\))?[\s,–-]*(?:đã|cùng|là|làm|thay mặt[^,]*,|uỷ quyền)?\s*", between)
        if members and adjacent and all(member.kind == "person" for member in members):
            return members
    return []


def _those_who_worked(view: View, start: int, end: int) -> list[Member]:
    """Who "có buổi làm việc với" or "kiểm tra" at the head of the others."""
    for a, _ in view.words(start, end):
        if begins_member(view, a):
            members, stop = parse_list(view, a, end)
            if members and members[0].kind == "person" and _WORKED.match(view.plain, stop, end):
                return [member for member in members if member.kind == "person"]
    return []


def _person_span(label: str, member: Member) -> Span:
    return Span(label, member.start, member.end, member)


def _attendants(
    view: View,
    sentences: Sequence[tuple[int, int]],
    attendance: Sequence[tuple[int, int]],
    chairs: Sequence[Member],
) -> list[Span]:
    """Those present and absent, from sentences that say so and from items under a heading of attendance."""
    chairing = {member.name.casefold() for member in chairs}
    present: list[Member] = []
    absent: list[Span] = []
    for start, end in sentences:
        absent += _absentees(view, start, end)
        coming = _COMING.search(view.plain, start, end)
        present += _persons_up_to(view, start, coming.start()) if coming else []
        found = _ATTENDED.search(view.plain, start, end)
        if found is not None:
            present += _attendance_list(view, found.end(), end)
    for start, end in attendance:
        gone = _absentees(view, start, end)
        absent += gone
        present += [] if gone else _attendance_list(view, _behind_colon(view, start, end), end)
    away = {(span.start, span.end) for span in absent}
    kept = [m for m in _distinct(present) if m.name.casefold() not in chairing and (m.start, m.end) not in away]
    return [*[_person_span("participant", member) for member in kept], *absent]


_COMING = re.compile(r"(?:đã )?(?:tới|đến|về) dự(?!\w)")


def _behind_colon(view: View, start: int, end: int) -> int:
    """Return the offset behind a lead such as "Đại biểu tham dự:"."""
    lead = re.compile(r"[^,;:.]{0,60}:\s*").match(view.text, start, end)
    return lead.end() if lead and not begins_member(view, start) else start


_CONCLUDED = re.compile(r"(?<!\w)(?:sau khi nghe|kết luận|chủ trì|đồng chủ trì|do đồng chí|đến dự|báo cáo)(?!\w)")


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
        following = re.compile(r"[^,;(]*?(?:[,;(]\s*|\s+và\s+)").match(view.text, at, end)
        if following is None:
            break
        at = following.end()
    return members


def _skip_heads(view: View, at: int, end: int) -> int:
    """Skip "đại diện", "lãnh đạo", and a collective head that a colon closes."""
    while True:
        skipped = view.skip(_attendance(), at, end)
        colon = re.compile(r"(?:các|những)?\s*[^,;:.()]{0,40}(?:, [^,;:.()]{0,20}){0,4}:\s*").match(
            view.plain, skipped, end
        )
        if colon and _closes_collective(view, skipped, colon.end()):
            skipped = colon.end()
        if skipped == at:
            return at
        at = skipped


def _closes_collective(view: View, start: int, end: int) -> bool:
    """Tell whether bodies follow a head such as "Thủ trưởng các cơ quan, đơn vị:", which is then no member itself."""
    holders = office_pattern().match(view.plain, start) is not None
    listed = begins_member(view, end) and view.starts_upper(end)
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
    found = re.compile(r"\s*\(([^()]*)\)").match(view.text, at, end)
    return found.span(1) if found else None


def _reason(view: View, start: int, end: int) -> tuple[int, int]:
    found = re.compile(r"[^().;,]*").match(view.text, start, end)
    return view.strip(start, found.end() if found else end)
