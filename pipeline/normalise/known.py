"""Bodies that the lexicon knows: of the centre, of every place, departments and the rooms of districts."""

from __future__ import annotations

from pipeline.normalise import catalogue
from pipeline.normalise.bodies import (
    Body,
    Printed,
    Scope,
    Where,
    locate,
    part_of,
    place_body,
    plain_body,
)
from pipeline.normalise.spellings import bare, slug, words_of
from pipeline.normalise.units import Item, district, items_of, province, split_units, trailing_province


def central_body(words: str, scope: Scope) -> Body | None:
    """Resolve a body that is there once: "Bộ Y tế", "Văn phòng Chính phủ"."""
    local_notice = scope.province is not None and not scope.central and not scope.heading
    found = catalogue.central(words, loose=not local_notice)
    if found:
        key, entry = found
        return plain_body((key, entry["name"]), entry["kind"], "central")
    ministry = catalogue.department(words)
    name = catalogue.field(ministry[1]) if ministry and ministry[0] == "central" else None
    if name is None:
        return None
    word = catalogue.type_word("central")
    return plain_body((catalogue.key_of(word, name), f"{word.capitalize()} {name}"), "ministry", "central")


def local_body(words: str, scope: Scope, *, inside: bool = False) -> Body | None:
    """Resolve a body that every place has: "UBND huyện Cư Jút", "Công an tỉnh", "Tỉnh ủy Cà Mau".

    With `inside` it is looked for at the end of another's name, where not all can stand.
    """
    for key, entry, rest in catalogue.local_fronts(words):
        if inside and entry.get("first"):
            continue
        where = _behind_type(rest, entry["of"], scope) if "of" in entry else _behind(rest, scope)
        if where is None:
            continue
        body = place_body((key, entry["name"]), entry["kind"], where)
        return _without_type(body, key, entry["name"], where, entry.get("of"))
    return None


def _without_type(body: Body, key: str, name: str, where: Where, of: str | None) -> Body:
    """Leave the type out of a name that has it in its head: "Tỉnh ủy Cà Mau"."""
    if of is None or not where.units:
        return body
    first, *further = where.units
    short = first.type == of and catalogue.holds_type(key, of)
    behind = ", ".join([first.name if short else str(first), *map(str, further)])
    return Body(body.key, f"{name} {behind}", body.level, body.unit, body.unit_now, body.kind, body.place)


def _behind_type(rest: str, of: str, scope: Scope) -> Where | None:
    """Read the units behind a head that has the type in it: "Huyện ủy Thới Bình", "Tỉnh Đoàn"."""
    if not rest:
        found = locate([(of, None)], scope)
        return Where() if found and found.word else found
    items = items_of(rest)
    if items:
        return locate(items, scope)
    front, further = split_units(rest)
    if len(front.split()) > 4 or catalogue.group(rest) is not False:
        return None
    return locate([(of, front), *further], scope)


def _behind(rest: str, scope: Scope) -> Where | None:
    """Read the units behind a body's name: with their types, or the name of a province or of one of its districts."""
    if not rest:
        return None
    items = items_of(rest)
    if items:
        return locate(items, scope)
    front, further = split_units(rest)
    above = locate(further, scope) if further else None
    within = next((unit for unit in above.units if unit.tier == "province"), None) if above else scope.province
    found = (None if further else province(front, scope.day)) or district(front, within)
    named: list[Item] = [(found.type, found.name)] if found else []
    return locate([*named, *further], scope) if found else None


def department_body(printed: Printed, scope: Scope, *, known: bool = False) -> Body | None:
    """Resolve a department of a province: "Sở KH&CN", "Sở Y tế Ninh Bình"; with `known`, of a known field only."""
    found = catalogue.department(printed.words)
    if found is None or found[0] != "province":
        return None
    front, items = split_units(found[1])
    end = trailing_province(front) if not items else None
    if end and catalogue.field(end[0]):
        front, items = end[0], [(end[1].type, end[1].name)]
    where = locate(items, scope) if items else Where((scope.province,) if scope.province else ())
    if where is None or not front or len(front.split()) > 8 or _tiers(where) not in ([], ["province"]):
        return None
    if known and not catalogue.field(front):
        return None
    word = catalogue.type_word("province")
    name = catalogue.field(front) or printed.behind(word, front)
    head = (catalogue.key_of(word, bare_name(name)), f"{word.capitalize()} {name}")
    return place_body(head, "department", where, "province")


def _tiers(where: Where) -> list[str]:
    return [unit.tier for unit in where.units]


def bare_name(name: str) -> str:
    """Return a field as it stands in a key: one that is known with "và", another without."""
    words = words_of(name)
    return words if catalogue.field(bare(words)) else bare(words)


def room_body(printed: Printed, scope: Scope) -> Body | None:
    """Resolve a room of a district or a commune, or of the issuer: "Phòng Kinh tế huyện Tân Yên"."""
    found = catalogue.department(printed.words)
    front, items = split_units(found[1]) if found and found[0] == "room" else ("", [])
    if not front:
        return None
    word = catalogue.type_word("room")
    name = catalogue.field(front) or printed.behind(word, front)
    head = (catalogue.key_of(word, bare_name(name)), f"{word.capitalize()} {name}")
    if items:
        where = locate(items, scope)
        return place_body(head, "room", where) if where and _tiers(where)[:1] not in ([], ["province"]) else None
    host = scope.issuer
    if host is not None and host.kind in {"government", "office"}:
        small = host.level in {"district", "commune"} and host.place
        return place_body(head, "room", Where(host.place)) if small else None
    if host is None or not catalogue.has("hosts", "rooms", host.kind) or _is_anothers(front, host):
        return None
    return part_of(host, (slug(f"{word} {front}"), printed.start(f"{word} {front}")), "inner")


def _is_anothers(front: str, host: Body) -> bool:
    """Tell a room that is likelier a district's than one of the body that issued the notice."""
    return bool(host.place) and host.kind != "company" and catalogue.is_room_of_districts(front)
