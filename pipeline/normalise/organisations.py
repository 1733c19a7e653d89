"""Names of organisations made comparable: every printed form of a body has one key.

``resolve("Sở KH&CN", context)`` is "so-khoa-hoc-va-cong-nghe@hung-yen" in a notice of that province and another body
in another's. A name that does not tell which body it means is not resolved: a wrong merge is worse than a miss.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.language import load
from pipeline.normalise import catalogue
from pipeline.normalise.bodies import Body, Printed, Scope, group_of, locate, place_body
from pipeline.normalise.known import central_body, department_body, local_body, room_body
from pipeline.normalise.own_names import a_part, named_body, own_body, part_of_named
from pipeline.normalise.units import Unit, items_of, province
from pipeline.notice import Notice

__all__ = ["Body", "IssuerContext", "context_of", "resolve", "resolve_notice"]


@dataclass(frozen=True, slots=True)
class IssuerContext:
    """What a notice's head says of its issuer, in the words of the notice."""

    issuing_body: str | None = None
    parent_body: str | None = None
    place: str | None = None
    issue_date: dt.date | None = None


def context_of(notice: Notice) -> IssuerContext:
    """Return the context that a notice's head gives; without a date of issue, the meeting's day stands for it."""
    head = notice.header
    return IssuerContext(head.issuing_body, head.parent_body, head.place, head.issue_date or notice.meeting.start_date)


def resolve(name: str, context: IssuerContext) -> Body | None:
    """Return the body that `name` means in a notice of that context; None if that is not told.

    >>> resolve("Sở KH&CN", IssuerContext("UBND TỈNH HƯNG YÊN")).key
    'so-khoa-hoc-va-cong-nghe@hung-yen'
    """
    return _read(name, _scope_of(context))


@functools.lru_cache(maxsize=10_000)
def _read(name: str, scope: Scope) -> Body | None:
    """Resolve a name; one whose canonical form would be read as another's was not understood."""
    body = _resolve(Printed.of(name), scope)
    read = body
    for _ in range(2):
        again = _resolve(Printed.of(read.name), scope) if read else None
        if again is None or read is None or again.key != read.key:
            return None
        read = again
    return body


def resolve_notice(notice: Notice) -> dict[str, Body]:
    """Return the bodies that a notice names, by JSON Pointer: issuer, assignees, participants, those of persons."""
    context = context_of(notice)
    found = ((pointer, _named_in_head(pointer, name, context)) for pointer, name in _names(notice))
    return {pointer: body for pointer, body in found if body}


def _named_in_head(pointer: str, name: str, context: IssuerContext) -> Body | None:
    scope = _scope_of(context)
    heads = {"/header/issuing_body": scope.issuer, "/header/parent_body": scope.parent}
    return heads[pointer] if pointer in heads else _read(name, scope)


def _names(notice: Notice) -> Iterator[tuple[str, str]]:
    for field in ("issuing_body", "parent_body"):
        if getattr(notice.header, field):
            yield f"/header/{field}", getattr(notice.header, field)
    for field in ("participants", "absentees"):
        for number, member in enumerate(getattr(notice.meeting, field)):
            pointer = f"/meeting/{field}/{number}"
            if member.kind != "person":
                yield f"{pointer}/name", member.name
            if member.organization:
                yield f"{pointer}/organization", member.organization
    for number, directive in enumerate(notice.directives):
        for place, assignee in enumerate(directive.assignees):
            yield f"/directives/{number}/assignees/{place}/name", assignee.name


@functools.lru_cache(maxsize=256)
def _scope_of(context: IssuerContext) -> Scope:
    """Read the head twice: which units it states, then which bodies it names within these."""
    day = context.issue_date
    stated = Scope(day=day, heading=True)
    units = _units_of(_head_bodies(context, stated))
    issuer, parent = _head_bodies(context, dataclasses.replace(stated, units=units))
    central = not units and any(body is not None and body.level == "central" for body in (issuer, parent))
    central = central or (not units and catalogue.is_national(Printed.of(context.issuing_body or "").words))
    units = units or _by_place(context, issuer, central=central)
    scope = dataclasses.replace(stated, units=units, central=central)
    issuer, parent = _head_bodies(context, scope)
    return dataclasses.replace(scope, issuer=issuer, parent=parent, heading=False)


def _head_bodies(context: IssuerContext, scope: Scope) -> tuple[Body | None, Body | None]:
    parent = _resolve(Printed.of(context.parent_body or ""), scope)
    within = dataclasses.replace(scope, issuer=parent, parent=None)
    return _resolve(Printed.of(context.issuing_body or ""), within), parent


def _units_of(bodies: tuple[Body | None, ...]) -> tuple[Unit, ...]:
    """Return the units that issuer and parent body name between them, smallest first."""
    units: dict[str, Unit] = {}
    for body in bodies:
        for unit in body.place if body else ():
            units.setdefault(unit.tier, unit)
    return tuple(units[tier] for tier in ("commune", "district", "province") if tier in units)


def _by_place(context: IssuerContext, issuer: Body | None, *, central: bool) -> tuple[Unit, ...]:
    """Take the province from the line of place and date; the seat of a central body says nothing of its bodies.

    Hà Nội is the seat of so many that there an issuer which is not known is taken for one of them.
    """
    seat = province(context.place or "", context.issue_date)
    capital = seat is not None and seat.slug == load("bodies")["joining"]["capital"]
    if seat is None or central or (capital and (issuer is None or issuer.level not in {"province", "school"})):
        return ()
    return (seat,) if issuer is None or issuer.level not in {"district", "commune"} else ()


def _resolve(printed: Printed, scope: Scope) -> Body | None:
    if not printed.words:
        return None
    several = catalogue.group(printed.words)
    if several or several is None:
        return group_of(printed, scope) if several else None
    word = catalogue.itself(printed.words)
    if word:
        return own_body(word, scope)
    if load("bodies")["joining"]["of"] in printed.words.split():
        return _of_another(printed, scope)
    return (
        central_body(printed.words, scope)
        or local_body(printed.words, scope)
        or department_body(printed, scope)
        or _office_of(printed, scope)
        or part_of_named(printed, scope)
        or room_body(printed, scope)
        or named_body(printed, scope)
        or _unit_itself(printed.words, scope)
    )


def _of_another(printed: Printed, scope: Scope) -> Body | None:
    """Resolve a part that is said to be one: "Phòng A thuộc Sở B"."""
    front, of, behind = printed.words.partition(f" {load('bodies')['joining']['of']} ")
    host = _resolve(Printed.of(behind), scope) if of else None
    if host is None or host.kind == "group":
        return None
    head = catalogue.head(front)
    if head is None:
        return None
    part = Printed(printed.start(front), front)
    if head[1] == "agency" and host.kind == "department":
        return _resolve(part, dataclasses.replace(scope, issuer=host, units=host.place, central=False))
    return a_part(part, host)


def _office_of(printed: Printed, scope: Scope) -> Body | None:
    """Resolve the office of the government that stands above it in the head."""
    host = scope.issuer
    office = load("bodies")["joining"]["office"]
    if printed.words != office or host is None or host.kind not in {"government", "office"}:
        return None
    return host if host.kind == "office" else local_body(f"{office} {Printed.of(host.name).words}", scope)


def _unit_itself(words: str, scope: Scope) -> Body | None:
    """Resolve a unit that acts under its own name: "thành phố Hà Nội"."""
    items = items_of(words)
    where = locate(items, scope) if items and all(name for _, name in items) else None
    return place_body(("don-vi-hanh-chinh", ""), "unit", where) if where and where.units else None
