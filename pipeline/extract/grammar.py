"""The word patterns of bodies, groups and offices, and where one begins."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

from pipeline.extract.persons import address_pattern, office_pattern
from pipeline.extract.view import View
from pipeline.language import alternatives, load

Kind = Literal["person", "organization", "group"]


PLACE = re.compile(r"(?:thành phố|thị xã|huyện|quận|phường|xã|thị trấn|tỉnh|đặc khu)\s+(?=[^\W\d_])")


_SMALL = re.compile(
    r"(?:phòng|sở|ban|tổ|khoa|trường|công ty|trung tâm|đội|chi cục|cục|vụ|viện|bệnh viện|xí nghiệp|văn phòng|trạm|hạt|"
    r"uỷ ban nhân dân|nhà máy|bộ môn|hội)\s+(?=[^\W\d_])"
)
"""A type word printed small before a body's own name: "phòng Nội vụ"."""


_ABBREVIATED = re.compile(r"[A-ZĐ]{3,8}(?=\s+(?:các|tỉnh|huyện|xã|phường|quận|thành phố|thị xã|cấp|TP|Việt Nam)(?!\w))")
"""A body by its abbreviation and place: "KBNN huyện Cao Lộc"."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a list: where it stands, and its name with a shared head word restored."""

    start: int
    end: int
    name: str
    kind: Kind
    title: str | None = None
    organization: str | None = None


@functools.cache
def words_of(key: str) -> str:
    """Return a group that matches any word under `key` of the lexicon of organisations."""
    return alternatives(load("organisations")[key])


@functools.cache
def pattern_of(kind: str) -> re.Pattern[str]:
    """Return the pattern of that name, for the lower-case view of a text."""
    patterns = {
        "type": rf"{words_of('types')}(?!\w)",
        "not type": rf"{words_of('not_types')}(?!\w)",
        "bare type": rf"{words_of('types')}",
        "closed": rf"{words_of('closed')}(?!\w)",
        "plural": rf"{words_of('plurals')}\s+",
        "group": rf"{words_of('group_nouns')}(?!\w)",
        "noun": rf"{words_of('name_nouns')}(?!\w)",
        "stop": rf"{words_of('stops')}(?!\w)",
        "nominal": rf"{words_of('nominal')}(?!\w)",
        "tail": rf"{words_of('tails')}(?!\w)",
        "break": rf"{words_of('breaks')}(?!\w)",
        "document": rf"{alternatives(load('documents')['types'])}(?!\w)",
        "separator": r"\s*(?:gồm (?:có )?(?=ông|bà|đồng chí|các ông)|"
        r"[,;]\s*(?:và\s+|cùng\s+|(?:đặc biệt|nhất) là\s+|trong đó có\s+)?|\s+(?:và|hoặc)\s+)",
        "several": rf"(?:\S+\s){{0,6}}?(?:các|những|một số|toàn thể)\s+{words_of('group_nouns')}(?!\w)",
        "alone": rf"{words_of('types')}(?=\s*(?:,|và\s|$|(?:trực )?thuộc\s|có liên quan|liên quan)|\s(?P<word>\S))",
        "topic": rf"{words_of('topics')}(?!\w)",
        "field": rf"(?:{'|'.join(_field_patterns())})(?!\w)",
    }
    return re.compile(patterns[kind])


def _field_patterns() -> list[str]:
    """A blank in a field also stands for ' và ' and ' - ': the same department is printed in all these ways."""
    fields = sorted(load("organisations")["fields"], key=len, reverse=True)
    joined = [r"(?:\s*[-–]\s*|\s+và\s+|\s+)".join(map(re.escape, entry.split())) for entry in fields]
    return [entry.replace(",(?:", ",?(?:") for entry in joined]


def begins_member(view: View, at: int) -> bool:
    """Tell whether a body, a group, an office or an addressed person begins at `at`."""
    if view.match(pattern_of("plural"), at) and _group_follows(
        view, view.skip(pattern_of("plural"), at, len(view.plain))
    ):
        return True
    if address_pattern().match(view.plain, at) or office_pattern().match(view.plain, at):
        return True
    if not view.starts_upper(at):
        begun = PLACE.match(view.plain, at) or _SMALL.match(view.plain, at)
        return begun is not None and view.starts_upper(begun.end())
    closed = view.match(pattern_of("closed"), at) and not view.match(pattern_of("not type"), at)
    return type_at(view, at) or bool(closed) or _ABBREVIATED.match(view.text, at) is not None


def type_at(view: View, at: int) -> bool:
    """Tell whether a body's type word begins at `at`; "Trường hợp" and "Ban hành" only look like one."""
    return bool(view.match(pattern_of("type"), at)) and not view.match(pattern_of("not type"), at)


def _group_follows(view: View, at: int) -> bool:
    return bool(
        view.match(pattern_of("group"), at)
        or view.match(pattern_of("type"), at)
        or view.match(pattern_of("closed"), at)
        or office_pattern().match(view.plain, at)
    )


def field_end(view: View, at: int, end: int) -> int | None:
    """Return the end of a department's field at `at` ("Kế hoạch và Đầu tư"), printed with a capital."""
    if not view.starts_upper(at):
        return None
    found = view.match(pattern_of("field"), at, end)
    return found.end() if found else None


def is_group(view: View, start: int, end: int) -> bool:
    """Tell whether the name ``text[start:end]`` is of several: "các sở", "Thủ trưởng các đơn vị"."""
    head = view.plain[start:end]
    return bool(re.match(r"(?:\S+ ){0,8}?(?:các|những|một số|toàn thể|từng|mỗi|mọi)\s", head) or _counted().match(head))


@functools.cache
def _counted() -> re.Pattern[str]:
    return re.compile(rf"(?:\S+ ){{0,4}}?\d{{1,3}}\s{words_of('group_nouns')}(?!\w)")
