"""A body, what is known of a notice's issuer, and where a body belongs by both."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.language import alternatives, load, lower
from pipeline.normalise.spellings import bare, capital, first_words, official, slug, spell_out, titled, words_of
from pipeline.normalise.units import MERGED, TIERS, Item, Unit, is_ambiguous, province_now, unit_of, with_provinces

Level = Literal[
    "central", "province", "district", "commune", "school", "hospital", "company", "party", "inner", "group"
]
_OWN_LEVELS: dict[str, Level] = {"school": "school", "hospital": "hospital", "company": "company", "party": "party"}


@dataclass(frozen=True, slots=True)
class Body:
    """One body under its canonical name; `printed` names of it have the same `key`.

    `unit` is its province as it was called then, `unit_now` the one that has its land since 1 July 2025; both are None
    where the notice does not say it. `place` has all units, smallest first. Where a body of a province, district or
    commune has no `unit`, its key tells it from others of the same notice only.
    """

    key: str
    name: str
    level: Level
    unit: str | None
    unit_now: str | None
    kind: str
    place: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """A name as printed, with abbreviations written out, and its words to compare by."""

    text: str
    words: str

    @classmethod
    def of(cls, name: str) -> Printed:
        """Read a printed name."""
        text = official(spell_out(name.lower() if name.isupper() else name)).strip(" .,;:-")
        text = _cased(capital(text)) if name.isupper() else text
        return cls(text, bare(words_of(text)))

    def start(self, words: str) -> str:
        """Return the text of the first `words`."""
        return capital(first_words(self.text, len(words.split())))

    def behind(self, word: str, front: str) -> str:
        """Return the text of the words `front`, which stand behind `word`."""
        text = self.start(f"{word} {front}")
        return text[len(self.start(word)) :].strip(" ,;:-&")


def _cased(text: str) -> str:
    """Give the proper names in a name that was printed in capitals theirs back, as far as they are known."""
    proper = load("bodies")["heads"]["proper"]
    text = re.sub(rf"(?<!\w){alternatives(proper)}(?!\w)", lambda found: titled(found.group()), text)
    named = re.match(alternatives(load("bodies")["heads"]["named_after"]) + " ", lower(text))
    return text[: named.end()] + titled(text[named.end() :]) if named else with_provinces(text)


@dataclass(frozen=True, slots=True)
class Where:
    """The units that a body belongs to, smallest first; or the bare word for one that is not named."""

    units: tuple[Unit, ...] = ()
    word: str = ""

    @property
    def slug(self) -> str:
        """What stands behind the @ of a key."""
        return ".".join(unit.slug for unit in self.units)

    def __str__(self) -> str:
        """Return the units as in an address."""
        return self.word or ", ".join(map(str, self.units))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a notice's head tells of where its bodies belong: the issuer's units, the issuer and its parent body."""

    units: tuple[Unit, ...] = ()
    day: dt.date | None = None
    central: bool = False
    issuer: Body | None = None
    parent: Body | None = None
    heading: bool = False

    def unit(self, tier: str) -> Unit | None:
        """Return the issuer's unit of that tier."""
        return next((unit for unit in self.units if unit.tier == tier), None)

    @property
    def province(self) -> Unit | None:
        """The issuer's province."""
        return self.unit("province")


def locate(items: Sequence[Item], scope: Scope) -> Where | None:
    """Return where a body belongs whose name ends with these units; None if it is not told."""
    units = []
    for item in items:
        unit = unit_of(item, scope.units, scope.day)
        if unit is None:
            plain = load("units")["tiers"]["province"]
            unnamed = item[1] is None and item[0] in plain and not scope.central and scope.province is None
            return Where(word=item[0]) if unnamed and len(items) == 1 else None
        units.append(unit)
    return _completed(units, scope)


def _completed(units: list[Unit], scope: Scope) -> Where | None:
    """Add the larger units that the head states."""
    tiers = [unit.tier for unit in units]
    if len(set(tiers)) < len(tiers):
        return None
    stated = next((unit for unit in units if unit.tier == "province"), None)
    home = stated is None or stated == scope.province
    before = scope.day is None or scope.day < MERGED
    district = scope.unit("district")
    if "district" not in tiers and "commune" in tiers and home and before and district:
        units.append(district)
    if stated is None and scope.province:
        units.append(scope.province)
    units.sort(key=lambda unit: TIERS.index(unit.tier))
    if len(units) == 2 and units[0].tier == "commune" and is_ambiguous(units[0], units[1], scope.day):
        return None
    return Where(tuple(units))


def level_of(kind: str, where: Where) -> Level:
    """Return a body's level: by what it is, else by the smallest unit that it belongs to."""
    tiers = load("units")["tiers"]
    if kind in _OWN_LEVELS:
        return _OWN_LEVELS[kind]
    if where.units:
        return where.units[0].tier
    return "province" if where.word in tiers["province"] else "central"


def place_body(head: tuple[str, str], kind: str, where: Where, level: Level | None = None) -> Body:
    """Make a body of a place; `head` is its part of the key and of the name."""
    key, name = head
    key = f"{key}@{where.slug}" if where.units else f"{key}-{slug(where.word)}" if where.word else key
    return _body(key, f"{name} {where}".strip(), kind, where.units, level or level_of(kind, where))


def part_of(host: Body, head: tuple[str, str], kind: str = "part") -> Body:
    """Make a body that is a part of another."""
    of = load("bodies")["joining"]["of"]
    return _body(f"{head[0]}@{host.key.replace('@', '.')}", f"{head[1]} {of} {host.name}", kind, host.place, "inner")


def plain_body(head: tuple[str, str], kind: str, level: Level, units: tuple[Unit, ...] = ()) -> Body:
    """Make a body whose name needs no place behind it."""
    return _body(head[0], head[1], kind, units, level)


def group_of(printed: Printed, scope: Scope) -> Body:
    """Make a group: never the same as any body, and that of one place is not that of another."""
    behind = scope.issuer.key.replace("@", ".") if scope.central and scope.issuer else Where(scope.units).slug
    key = f"group:{slug(printed.words)}" + (f"@{behind}" if behind else "")
    return _body(key, printed.text, "group", scope.units, "group")


def _body(key: str, name: str, kind: str, units: tuple[Unit, ...], level: Level) -> Body:
    top = next((unit for unit in units if unit.tier == "province"), None)
    now = province_now(top)
    return Body(key, name, level, str(top) if top else None, str(now) if now else None, kind, units)
