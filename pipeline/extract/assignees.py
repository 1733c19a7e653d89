"""Who must act on a directive, and with whom: "Giao A chủ trì, phối hợp với B, C"."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.extract.boundaries import name_end
from pipeline.extract.grammar import Member, begins_member, pattern_of, type_at
from pipeline.extract.names import parse_list
from pipeline.extract.view import View
from pipeline.language import alternatives, load, regex

Role = Literal["lead", "support"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A member with its part in the task."""

    member: Member
    role: Role


@functools.cache
def _cue(key: str) -> str:
    return alternatives(load("cues")[key])


@functools.cache
def _order() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_cue('orders')}\s*:?\s+")


@functools.cache
def _request() -> re.Pattern[str]:
    return re.compile(rf"(?:{_cue('agreements')}\s+)*{_cue('requests')}\s*:?\s+")


@functools.cache
def _noun_before() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_cue('not_orders')}\s+$")


@functools.cache
def _at_border() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[,;:.)–-]|(?<!\w){_cue('agreements')})\s*$")


@functools.cache
def _frame() -> re.Pattern[str]:
    return re.compile(rf"{_cue('frames')}(?!\w)")


@functools.cache
def _support() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_cue('support')}\s+(?:[^\s,;.]+\s+){{0,3}}?(?:cùng với|với|cùng)\s+")


@functools.cache
def _bare_support() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_cue('support')}\s+")


@functools.cache
def _predicate() -> re.Pattern[str]:
    stops = alternatives(load("organisations")["stops"])
    return re.compile(rf"\s*(?:$|:|[,]?\s*{stops}(?!\w))")


def _acts(view: View, start: int, stop: int, end: int) -> bool:
    """Tell whether a verb stands behind the name that ends at `stop`: one of the lexicon, or one by the tagger."""
    stop = view.skip(_ASIDE, stop, end)
    if _CONCLUDES.match(view.plain, stop, end):
        return False
    if view.match(_predicate(), stop, end):
        return not view.match(_idle(), stop, end)
    follows = view.text[stop : stop + 1] == " " and view.text[stop + 1 : stop + 2].islower()
    return follows and not view.plain.startswith((" có ", " còn "), stop) and view.is_verb(start, stop + 1)


_ASIDE = re.compile(r"\s*\([^()]{0,150}\)(?=\s\w)")
_CONCLUDES = re.compile(
    r"\s*(?:đã\s+)?(?:yêu cầu|đề nghị|giao|kết luận|chỉ đạo|nhấn mạnh|phát biểu|lưu ý)[^,;.]{0,30}:"
)


@functools.cache
def _idle() -> re.Pattern[str]:
    """Match what stands behind a name that does not act: "được", "với", "đã"."""
    return re.compile(rf"\s*{alternatives(load('organisations')['not_acting'])}(?!\w)")


_ALSO = re.compile(r"(?:riêng|nhờ|đồng thời|ngoài ra|trong đó|còn|và)\s+(?=\S)")
_LED_WITH = re.compile(r"chủ trì,\s+(?!phối hợp)")
_STANDS = re.compile(r"\s+là (?:cơ quan|đơn vị|đầu mối|người|trưởng|chủ|thành viên)")
_TOLD = regex("assignees", "told")
_COUNT = re.compile(r"(?:hai|ba|bốn|năm)\s+(?=thành phố|tỉnh|huyện|xã|đơn vị|sở|bộ)")
_TOGETHER = re.compile(r"\s+(?:cùng với|cùng)\s+")
_CLAUSE = re.compile(r"(?<=[.;])\s+|(?<=[.;])$|(?:^|(?<=\s))\((?:\d{1,2}|[ivx]{1,4}|[a-zđ])\)\s*")
_INNER = re.compile(r"(?:[,:)]|(?<!\w)(?:do đó|vì vậy|do vậy|thì|thực hiện))\s+")


def find_actors(view: View, start: int, end: int) -> list[Actor]:
    """Return who is told to act in ``text[start:end]``, in order, each once a role."""
    known: list[Actor] | None = view.findings.get((start, end))
    if known is None:
        known = view.findings[start, end] = _find_actors(view, start, end)
    return list(known)


def _find_actors(view: View, start: int, end: int) -> list[Actor]:
    actors: list[Actor] = []
    for first, last in _clauses(view, start, end):
        leads = _leads(view, first, last)
        helps = bool(actors and leads) and _HELPS.match(view.plain, leads[-1].end, last) is not None
        actors += [
            Actor(m, "support" if helps or _IN_SUPPORT.match(view.plain, m.end, last) else "lead") for m in leads
        ]
        actors += [Actor(member, "support") for member in _supports(view, first, last)]
    return _once(actors)


_HELPS = re.compile(
    r"\s+(?:cùng |có trách nhiệm |chủ động |tích cực )*phối hợp"
    r"(?:\s+(?:cùng |trong quá trình |chặt chẽ )*(?:thực hiện|triển khai|giải quyết|hỗ trợ|tham gia))?\s*(?:$|[.;/])"
)
"""Who does no more than to work together with the one named before: "Sở A lập kế hoạch; Sở B phối hợp."."""
_IN_SUPPORT = re.compile(r"\s*\((?:cơ quan |đơn vị )?phối hợp\)")


def _once(actors: list[Actor]) -> list[Actor]:
    """Drop repetitions: a body is lead or support, as it is named first."""
    seen: set[str] = set()
    kept = []
    for actor in sorted(actors, key=lambda actor: actor.member.start):
        key = actor.member.name.casefold()
        if key not in seen:
            seen.add(key)
            kept.append(actor)
    return kept


def _clauses(view: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut at sentence ends, at ";" and at enumerators "(1)", "(i)"."""
    at = start
    for found in _CLAUSE.finditer(view.text, start, end):
        if found.start() > at:
            yield at, found.start()
        at = found.end()
    if at < end:
        yield at, end


def _leads(view: View, start: int, end: int) -> list[Member]:
    """The actors of one clause: behind orders, or at its head before a verb."""
    request = _request().match(view.plain, start, end)
    if request is not None and begins_member(view, request.end()):
        return parse_list(view, request.end(), end)[0]
    leads = _heading_actors(view, start, end)
    leads += (
        _further_actors(view, leads[-1].end if leads else start, end) if leads or view.is_verb(start, start) else []
    )
    for order in _order().finditer(view.plain, start, end):
        if _is_order(view, start, order.start(), has_actor=bool(leads)):
            ordered = _ordered(view, order.end(), end)
            leads += ordered + (_further_actors(view, ordered[-1].end, end) if ordered else [])
    return leads or _named_behind(view, start, end)


_CHARGED = re.compile(r"\s+(?:chủ trì(?: thực hiện)?|chịu trách nhiệm|phụ trách|đảm nhận|đảm nhiệm)(?!\w)")


def _named_behind(view: View, start: int, end: int) -> list[Member]:
    """The actor that a task names behind "do": "Việc cắm mốc do Ban A chủ trì thực hiện"."""
    for by in re.compile(r"(?<!\w)do\s+").finditer(view.plain, start, end):
        members, stop = parse_list(view, by.end(), end) if begins_member(view, by.end()) else ([], start)
        if members and _CHARGED.match(view.plain, stop, end):
            return members
    return []


_FURTHER = re.compile(r",\s+(?:còn\s+|riêng\s+)?")


def _further_actors(view: View, start: int, end: int) -> list[Member]:
    """Actors with a task of their own behind a comma: "Sở A làm đầu mối, Sở B bố trí kinh phí"."""
    for comma in _FURTHER.finditer(view.plain, start, end):
        if not view.starts_upper(comma.end()) or not type_at(view, comma.end()):
            continue
        before = max(view.plain.rfind(mark, start, comma.start()) for mark in ",;:")
        segment = view.plain[max(before, start) : comma.start()]
        if _OBJECT.search(segment) or _TOLD.search(view.plain, start, comma.start()):
            continue
        members, stop = parse_list(view, comma.end(), end)
        helps = view.plain.startswith(" phối hợp", stop)
        if members and not helps and _acts(view, members[-1].start, stop, end):
            return members
    return []


_OBJECT = regex("assignees", "object")


def _ordered(view: View, at: int, end: int) -> list[Member]:
    return parse_list(view, at, end)[0] or _collective(view, at, end)[0]


_COLLECTIVE = re.compile(r"(?:chủ đầu tư|nhà thầu|nhà đầu tư|đơn vị|doanh nghiệp|chính quyền|công ty|nhà trường)(?!\w)")


def _collective(view: View, at: int, end: int) -> tuple[list[Member], int]:
    """Parse one of many whom nobody names: "Yêu cầu nhà thầu thi công …", "Đơn vị tư vấn hoàn thiện …"."""
    stop = name_end(view, at, end) if view.match(_COLLECTIVE, at, end) else at
    if stop == at or not _acts(view, at, stop, end):
        return [], at
    return [Member(at, stop, view.text[at:stop], "group")], stop


def _is_order(view: View, start: int, at: int, *, has_actor: bool) -> bool:
    """Tell an order ("giao Sở A") from a noun ("theo yêu cầu của") and from what an actor does itself."""
    before = view.plain[start:at]
    if _noun_before().search(before[-24:]):
        return False
    if _at_border().search(before[-24:]) or (not has_actor and _HANDED_ON.match(before)):
        return True
    return view.plain.startswith("yêu cầu", at) and not has_actor


_HANDS_ON = re.compile(r"\s+(?:thống nhất |cũng )?(?:giao|yêu cầu|đề nghị|phân công)\s+(?:cho\s+)?")
"""Behind the one who chairs: "Thường trực HĐND huyện đề nghị UBND huyện:"."""


def _handed_on(view: View, stop: int, end: int) -> list[Member]:
    """Those to whom the one who ends at `stop` hands the items below, and nothing else."""
    order = _HANDS_ON.match(view.plain, stop, end)
    members, behind = parse_list(view, order.end(), end) if order and begins_member(view, order.end()) else ([], stop)
    return [] if view.text[behind:end].strip(" :.") else members


def _heading_actors(view: View, start: int, end: int) -> list[Member]:
    """Actors at the head of a clause, also behind a frame ("Trên cơ sở …, Sở A rà soát")."""
    start = view.skip(_ALSO, start, end)
    members, stop = parse_list(view, start, end)
    if not members:
        members, stop = _obliged(view, start, end)
    together = _TOGETHER.match(view.plain, stop, end) if members else None
    stop = parse_list(view, together.end(), end)[1] if together else stop
    stands = _STANDS.match(view.plain, stop, end)
    handed = _handed_on(view, stop, end) if members else []
    if handed:
        return handed
    if members and (stands or _acts(view, members[-1].start, stop, end)):
        following = _order().match(view.plain, stop + 1, end)
        ordered = _ordered(view, following.end(), end) if following else []
        return ordered or _without_leading(view, members)
    if members or _goes_along(view, start, end):
        return []
    return _framed_actors(view, start, end)


def _framed_actors(view: View, start: int, end: int) -> list[Member]:
    """Actors behind a frame, at a comma, a colon or a connective inside the clause."""
    framed = _frame().match(view.plain, start, end) is not None
    for inner in _INNER.finditer(view.plain, start, _first_order(view, start, end)):
        if (not framed and inner.group()[0] != ":") or _TOLD.search(view.plain, start, inner.start()):
            continue
        asked = _request().match(view.plain, inner.end(), end)
        if asked is not None and begins_member(view, asked.end()):
            return parse_list(view, asked.end(), end)[0]
        if not begins_member(view, inner.end()):
            continue
        members, stop = parse_list(view, inner.end(), end)
        acts = members and view.plain[stop : stop + 1] != "," and _acts(view, members[-1].start, stop, end)
        if acts and not _order().match(view.plain, stop + 1, end):
            return members
    return []


def _goes_along(view: View, start: int, end: int) -> bool:
    """Tell whether an item begins with those who help whoever its parent names: "Cùng với A, B giải tỏa …"."""
    along = re.compile(r"cùng với\s+").match(view.plain, start, end)
    members, stop = parse_list(view, along.end(), end) if along else ([], start)
    return bool(members) and _acts(view, members[-1].start, stop, end)


_HANDED_ON = re.compile(
    r"(?:riêng |về |đối với )?(?:việc|nhiệm vụ|nội dung|phần việc|công tác|phần)\s[^,;:.]{3,120}\s$"
)
"""Before an order: the task is named first, "Việc dời trạm giao Điện lực A thực hiện"."""


def _first_order(view: View, start: int, end: int) -> int:
    """Return where the first order of somebody begins: what stands behind it is told to those ordered."""
    orders = _order().finditer(view.plain, start, end)
    return next(
        (
            o.start()
            for o in orders
            if begins_member(view, o.end()) and _is_order(view, start, o.start(), has_actor=True)
        ),
        end,
    )


def _without_leading(view: View, members: list[Member]) -> list[Member]:
    """Leave out "lãnh đạo" alone: it is the verb, "to lead"."""
    return [member for member in members if view.plain[member.start : member.end] != "lãnh đạo"]


def _obliged(view: View, start: int, end: int) -> tuple[list[Member], int]:
    """Parse a collective without a plural that is told what it must: "Doanh nghiệp khai thác cát phải nộp …"."""
    if not view.match(pattern_of("group"), start, end):
        return [], start
    found = _collective(view, start, end)
    if found[0]:
        return found
    stop = name_end(view, start, end)
    if re.search(r"\scác\s", view.plain[start:stop]) and _acts(view, start, stop, end):
        return [Member(start, stop, view.text[start:stop], "group")], stop
    if not re.compile(r"\s(?:phải|cần|có trách nhiệm|chịu trách nhiệm)\s(?!được|bị)").match(view.plain, stop, end):
        return [], start
    return [Member(start, stop, view.text[start:stop], "group")], stop


def _supports(view: View, start: int, end: int) -> list[Member]:
    """Those with whom the actors are told to work together."""
    found: list[Member] = []
    for cue in _support().finditer(view.plain, start, end):
        if _is_others_support(view, start, cue.start()):
            continue
        at = view.skip(_COUNT, cue.end(), end)
        members, stop = parse_list(view, at, end, bare=view.starts_upper(at))
        found += members
        further = re.compile(r"\s*,\s*(?:đặc biệt|nhất là)(?:\s+là)?\s+(?:với\s+)?").match(view.plain, stop, end)
        if members and further is not None:
            found += parse_list(view, further.end(), end)[0]
    led = _LED_WITH.search(view.plain, start, end)
    if led is not None and begins_member(view, led.end()):
        members, stop = parse_list(view, led.end(), end)
        found += members if view.plain.startswith(" phối hợp", stop) else []
    if not found:
        for cue in _bare_support().finditer(view.plain, start, end):
            if begins_member(view, cue.end()):
                found += parse_list(view, cue.end(), end)[0]
    return [member for member in [*found, *_companions(view, start, end)] if not _is_vague(member)]


def _companions(view: View, start: int, end: int) -> list[Member]:
    """Return B of "Giao A cùng với B", who supports."""
    opening = re.compile(r"cùng với\s+|cùng\s+").match(view.plain, start, end)
    if opening is not None and begins_member(view, opening.end()):
        return parse_list(view, opening.end(), end)[0]
    for cue in _TOGETHER.finditer(view.plain, start, min(end, start + 200)):
        before = view.plain[start : cue.start()]
        told = re.search(r"(?:giao|yêu cầu|phân công)\s[^;.]*$|chủ trì$", before)
        if begins_member(view, cue.end()) and (told or begins_member(view, start)):
            return parse_list(view, cue.end(), end)[0]
    return []


def _is_others_support(view: View, start: int, at: int) -> bool:
    """Tell "đôn đốc các chủ đầu tư phối hợp với B" from the actor's own work with B."""
    before = view.plain[start:at]
    return re.search(
        r"(?<!\w)(?:đôn đốc|chỉ đạo|hướng dẫn|yêu cầu|vận động|mời)\s+(?:các|những)\s[^,;:]*$", before
    ) is not None and not re.search(r"(?:chủ trì|và)\s*,?\s*$", before)


def _is_vague(member: Member) -> bool:
    return re.search(rf"(?<!\w){_cue('vague_support')}(?!\w)", member.name.lower()) is not None
