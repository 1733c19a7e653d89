"""The opening: which meeting, when, where, who chaired, who took part and who was absent."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from pipeline.document import Paragraph, Span
from pipeline.extract.attendance import distinct, find_attendants, person_span, persons_up_to
from pipeline.extract.grammar import Member, begins_member
from pipeline.extract.names import parse_list
from pipeline.extract.outline import Outline
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


_SENTENCE = re.compile(rf"(?:(?<=[^.\s\dA-Z])|(?<=[A-ZĐ]{{3}}))\.\s+(?=[^{LOWER}])|\n+")
_HELD = regex("opening", "held")
_CHAIRED = re.compile(r"(?<!\w)(?:đồng |làm )?(?:chủ trì|chủ toạ|điều hành)(?!\w)")
_WORKED = regex("opening", "worked")
_CHAIRS_BEHIND = regex("opening", "chairs_behind")
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
        *[person_span("chair", member) for member in chairs],
        *find_attendants(view, sentences, attendance, chairs),
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
    found = near or _LATE_LOCATION.search(view.plain, at, end) or _place_behind(view, at, end)
    if found is None:
        return []
    stop = _location_end(view, found.end(), end)
    return [_text_span(view, "location", found.end(), stop)] if stop > found.end() else []


_TENSE = re.compile(r"\s+(?:đã|đang|có)\s*$")


def _place_behind(view: View, at: int, end: int) -> re.Match[str] | None:
    """Return what stands before a town at the end of a clause that tells of no matter: "… tại thành phố Đà Lạt."."""
    found = _PLACE_BEHIND.search(view.plain, at, end)
    return None if found is None or _TOPIC.search(view.plain, at, found.start()) else found


def _location_end(view: View, start: int, end: int) -> int:
    """A place ends at a mark, a verb, or where the body that met is named right behind it."""
    mark = re.compile(r"[,;:.](?=\s|$)|\s\(|\s(?:dưới (?:sự|quyền)|do|với sự|để|nhằm)\s").search(view.text, start, end)
    limit = mark.start() if mark else end
    verb = _HELD.search(view.plain, start, limit)
    limit = verb.start() if verb else limit
    for a, _ in view.words(start + 1, limit):
        if a > start + 3 and begins_member(view, a) and view.text[a].isupper() and not _belongs(view, start, a):
            return view.strip(start, a)[1]
    if verb is None and mark is not None:
        limit = _building_end(view, start, limit, end)
    tense = _TENSE.search(view.plain, start, limit)
    return view.strip(start, tense.start() if tense else limit)[1]


def _building_end(view: View, start: int, at: int, end: int) -> int:
    """Take the building behind a room into the place: "phòng họp tầng 3, Trung tâm Hành chính"."""
    if not re.match(
        r"(?:phòng|hội trường|tầng|nhà|thôn|bản|buôn|ấp|xóm|khu|tổ dân phố|xã|phường|số)", view.plain[start:at]
    ):
        return at
    further = _FURTHER_PLACE.match(view.plain, at, end)
    if further is None or _HELD.search(view.plain, further.start(), further.end()):
        return at
    return _building_end(view, start, further.end(), end)


_PLACE_BEHIND = regex("opening", "place_behind")
_TOPIC = regex("opening", "topic")
_FURTHER_PLACE = regex("opening", "further_place")
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
    return distinct(chairs)


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
        named = view.text[chaired.start()].isupper() and chaired.start() > start  # "Hà Sỹ Đồng chủ trì"
        persons = persons_up_to(view, start, view.plain.find(" ", chaired.start()) if named else chaired.start())
        if persons:
            return persons
    return []


def _those_who_worked(view: View, start: int, end: int) -> list[Member]:
    """Who "có buổi làm việc với" or "kiểm tra" at the head of the others."""
    for a, _ in view.words(start, end):
        if begins_member(view, a):
            members, stop = parse_list(view, a, end)
            if members and members[0].kind == "person" and _WORKED.match(view.plain, stop, end):
                return [member for member in members if member.kind == "person"]
    return []
