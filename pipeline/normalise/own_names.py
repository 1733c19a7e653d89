"""Bodies with names of their own: companies, schools, centres, and the parts of a body that is named or that wrote."""

from __future__ import annotations

from pipeline.normalise import catalogue
from pipeline.normalise.bodies import Body, Level, Printed, Scope, Where, locate, part_of, place_body, plain_body
from pipeline.normalise.catalogue import HeadClass
from pipeline.normalise.known import central_body, department_body, local_body
from pipeline.normalise.spellings import slug
from pipeline.normalise.units import Unit, district, split_units, trailing_province

Named = tuple[str, str]
_LEVELS: dict[HeadClass, Level] = {"company": "company", "school": "school", "hospital": "hospital"}


def part_of_named(printed: Printed, scope: Scope) -> Body | None:
    """Resolve a part whose body is named behind it: "Văn phòng UBND tỉnh", "Ban Tổ chức Huyện ủy", "Văn phòng Sở"."""
    if catalogue.head(printed.words) is None:
        return None
    parts = printed.words.split()
    for at in range(1, len(parts)):
        prefix, suffix = " ".join(parts[:at]), " ".join(parts[at:])
        host = _host_at(suffix, scope)
        if host and catalogue.head(prefix):
            return a_part(Printed(printed.start(prefix), prefix), host)
    word = catalogue.own_word(printed.words)
    prefix = printed.words.removesuffix(word or "").strip()
    host = own_body(word, scope) if word and catalogue.head(prefix) else None
    return a_part(Printed(printed.start(prefix), prefix), host) if host else None


def a_part(printed: Printed, host: Body) -> Body:
    """Return the body of that name as a part of `host`."""
    found = catalogue.head(printed.words)
    return part_of(host, _head(printed), found[1] if found else "part")


def _host_at(suffix: str, scope: Scope) -> Body | None:
    host = local_body(suffix, scope, inside=True)
    if host is None and catalogue.department(suffix):
        host = department_body(Printed(suffix, suffix), scope, known=True) or central_body(suffix, scope)
    return host


def own_body(word: str, scope: Scope) -> Body | None:
    """Return the issuer, or its parent body, that calls itself by its type word."""
    bodies = [body for body in (scope.issuer, scope.parent) if body]
    return next((body for body in bodies if f"{body.key}-".startswith(f"{slug(word)}-")), None)


def named_body(printed: Printed, scope: Scope) -> Body | None:
    """Resolve a body by the head of its own name: "Trung tâm Khuyến nông", "Công ty Cổ phần Cảng Quy Nhơn"."""
    found = catalogue.head(printed.words)
    if found is None or catalogue.own_word(printed.words) or catalogue.department(printed.words):
        return None
    word, kind = found
    if word == printed.words:
        host = scope.issuer if kind == "inner" or catalogue.stands_alone(word) else None
        return _inner(printed, host) if host and catalogue.stands_alone(word) else None
    if catalogue.is_national(printed.words):
        return plain_body(_head(printed), kind, _LEVELS.get(kind, "central"))
    front, items = split_units(printed.words)
    if items:
        where = locate(items, scope) if front != word or all(name for _, name in items) else None
        return place_body((slug(front), printed.start(front)), kind, where) if where else None
    if kind == "inner":
        return _inner(printed, scope.issuer)
    return _of_its_class(printed, scope, word, kind)


def _head(printed: Printed) -> Named:
    return slug(printed.words), printed.text


def _inner(printed: Printed, host: Body | None) -> Body | None:
    """Return a part of the issuer; the parts of a government are bodies of its place."""
    if host is None:
        return None
    if host.kind in {"government", "office"}:
        below = host.place and host.level in {"district", "commune"}
        return place_body(_head(printed), "part", Where(host.place)) if below else None
    return a_part(printed, host) if catalogue.has("hosts", "rooms", host.kind) else None


def _of_its_class(printed: Printed, scope: Scope, word: str, kind: HeadClass) -> Body | None:
    end = trailing_province(printed.words)
    if end:
        return plain_body(_head(printed), kind, _LEVELS.get(kind, "province"), (end[1],))
    host = scope.issuer
    if kind == "company":
        own = host is not None and host.kind == "company" and catalogue.has("hosts", "of_companies", word)
        return a_part(printed, host) if own and host else _in(printed, kind, scope.province)
    if kind == "school":
        national = catalogue.begins("hosts", "national_schools", printed.words)
        return _in(printed, kind, None) if national else _at(printed, kind, scope)
    if kind == "hospital":
        return _in(printed, kind, None if scope.central else scope.province)
    return _agency(printed, scope, word)


def _agency(printed: Printed, scope: Scope, word: str) -> Body | None:
    """Return an agency: a part of a ministry or a company that issued the notice, else a body of its place."""
    if district(printed.words.removeprefix(word).strip(), scope.province):
        return None
    host = scope.issuer
    board = catalogue.has("heads", "board", word) and host is not None and catalogue.has("hosts", "boards", host.kind)
    parts = host is not None and (board or catalogue.has("hosts", "agencies", host.kind))
    if catalogue.has("heads", "standalone", word):
        return _in(printed, "agency", None)
    if host and parts:
        return a_part(printed, host)
    if scope.central or catalogue.has("heads", "of_provinces", word):
        return _in(printed, "agency", None if scope.central else scope.province)
    return _at(printed, "agency", scope)


def _in(printed: Printed, kind: HeadClass, unit: Unit | None) -> Body:
    level = _LEVELS.get(kind, "province" if unit else "central")
    return place_body(_head(printed), kind, Where((unit,) if unit else ()), level)


def _at(printed: Printed, kind: HeadClass, scope: Scope) -> Body:
    """Return a body of the issuer's own place."""
    where = Where(scope.units)
    return place_body(_head(printed), kind, where, _LEVELS.get(kind))
