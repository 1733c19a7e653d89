"""Persons with their offices: "đồng chí A - Giám đốc Sở B", "Phó Chủ tịch UBND tỉnh A"."""

from __future__ import annotations

import re

from pipeline.extract.boundaries import name_end
from pipeline.extract.grammar import Member, is_group, pattern_of, type_at
from pipeline.extract.persons import address_pattern, name_at, office_pattern
from pipeline.extract.view import View


def parse_person(view: View, at: int, end: int) -> Member | None:
    """Parse a person: "đồng chí A - Giám đốc Sở B", "ông A, Phó Giám đốc", "Phó Chủ tịch UBND tỉnh A"."""
    behind = view.skip(address_pattern(), at, end)
    addressed = behind > at
    name = name_at(view, behind, end, addressed=addressed)
    if name is not None:
        title = _title_after(view, name[1], end)
        return _make_person(view, at, _behind_title(view, name[1], title), name, title)
    found = _office_and_name(view, behind, end)
    if found is None:
        return None
    titles, name = found
    further = _title_after(view, name[1], end)
    if further is not None and not name_at(view, further[1] + 1, end):
        return _make_person(view, at, further[1], name, (behind, titles), further)
    return _make_person(view, at, name[1], name, (behind, titles))


def _behind_title(view: View, at: int, title: tuple[int, int] | None) -> int:
    """Return where a person ends: behind the name, the title, or the bracket around it."""
    if title is None:
        return at
    bracketed = "(" in view.text[at : title[0]] and view.text.startswith(")", title[1])
    return title[1] + bracketed


def _office_and_name(view: View, at: int, end: int) -> tuple[int, tuple[int, int]] | None:
    """Parse offices before a name ("Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh A"): where they end, and the name."""
    if not office_pattern().match(view.plain, at, end):
        return None
    start = at
    while True:
        stop = name_end(view, at, end)
        name = name_at(view, stop + (view.text[stop : stop + 1] == " "), end)
        if name is not None:
            return stop, name
        more = re.compile(r"\s*(?:,|-|–|và|kiêm)\s*(?:kiêm\s+)?").match(view.plain, stop, end)
        if more is None or is_group(view, start, stop) or not office_pattern().match(view.plain, more.end(), end):
            return None
        at = more.end()


def _title_after(view: View, at: int, end: int) -> tuple[int, int] | None:
    """Return the title behind a name: after a dash, a comma or in brackets, beginning with an office."""
    mark = re.compile(r"\s*(?:[-–,:]|\()\s*").match(view.text, at, end)
    if mark is None or not office_pattern().match(view.plain, mark.end(), end):
        return None
    stop = _with_body(view, mark.end(), title_end(view, mark.end(), end), end)
    closing = view.text[stop : stop + 1] == ")"
    return (mark.end(), stop) if stop > mark.end() or closing else None


def _with_body(view: View, start: int, stop: int, end: int) -> int:
    """Take the body into a title that names none: "Kiểm sát viên, Viện kiểm sát nhân dân tỉnh"."""
    office = office_pattern().match(view.plain, start, stop)
    more = re.compile(r"\s*,\s*").match(view.text, stop, end)
    if office is None or more is None or not (view.starts_upper(more.end()) and type_at(view, more.end())):
        return stop
    further = name_end(view, more.end(), end)
    if office.end() == stop:
        return further
    within = _SUBUNIT.search(view.plain, start, stop) and view.match(_PARENT, more.end(), end)
    return further if within and re.compile(r"\s*(?:[;.]|$)").match(view.text, further, end) else stop


_SUBUNIT = re.compile(r"(?<!\w)(?:vụ|phòng|khoa|bộ môn|văn phòng|trung tâm|ban)\s[^,;]*$")
_PARENT = re.compile(r"(?:bộ|sở|trường|đại học|bệnh viện|tổng cục|tổng công ty|công ty|uỷ ban nhân dân|ubnd)\s")


def title_end(view: View, start: int, end: int) -> int:
    """Return where a title that begins with an office ends; it may hold several offices with commas between."""
    stop = name_end(view, start, end)
    while True:
        more = re.compile(r"\s*,\s*(?:kiêm\s+)?").match(view.plain, stop, end)
        if more is None or not _further_office(view, more.end(), end):
            return stop
        further = name_end(view, more.end(), end)
        if name_at(view, further + 1, end) or further <= more.end():
            return stop
        stop = further


_HEADS = re.compile(r"(?:lãnh đạo|thủ trưởng|người đứng đầu|thành viên|thường trực)(?!\w)")


def _further_office(view: View, at: int, end: int) -> bool:
    """Tell a further office of the same person from the head of another member ("lãnh đạo Sở B")."""
    return office_pattern().match(view.plain, at, end) is not None and not _HEADS.match(view.plain, at, end)


def _make_person(view: View, start: int, end: int, name: tuple[int, int], *titles: tuple[int, int] | None) -> Member:
    """Join the titles before and behind a name; a single one is split into office and body."""
    held = [title for title in titles if title is not None]
    if len(held) == 1:
        office, body = split_title(view, *held[0])
        return Member(start, end, view.text[slice(*name)], "person", office, body)
    joined = ", ".join(view.text[slice(*title)] for title in held) or None
    return Member(start, end, view.text[slice(*name)], "person", joined)


def split_title(view: View, start: int, end: int) -> tuple[str, str | None]:
    """Split a title into the office and the body where it is held: ("Giám đốc", "Sở Y tế")."""
    office = office_pattern().match(view.plain, start, end)
    at = office.end() if office else start
    for a, _ in view.words(at, end):
        typed = view.match(pattern_of("type"), a, end) or view.match(pattern_of("closed"), a, end)
        if typed and view.starts_upper(a):
            return view.text[start:a].strip(), view.text[a:end]
    return view.text[start:end], None
