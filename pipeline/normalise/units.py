"""Administrative units as printed, and the provinces that they have belonged to since the mergers of 2025.

Provinces stand in the lexicon. Districts and communes come from the table that the package underthesea brings with it
(Apache-2.0, made from vietnamadminunits, MIT); it is read from disk when a name without its type is met.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib.util
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.language import alternatives, load, lower
from pipeline.normalise.spellings import bare, slug, titled, words_of

Tier = Literal["province", "district", "commune"]
TIERS: tuple[Tier, ...] = ("commune", "district", "province")
MERGED = dt.date(2025, 7, 1)
"""The day from which there are 34 provinces and no districts."""
Item = tuple[str, str | None]
"""A unit's type and name as printed: ("huyện", "cư jút"), or ("tỉnh", None) for the notice's own."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit: its tier, its type ("huyện") and its name."""

    tier: Tier
    type: str
    name: str

    @property
    def slug(self) -> str:
        """The unit's part of a key: a province has one name in the country, others need their type."""
        return slug(self.name) if self.tier == "province" else f"{slug(self.type)}-{slug(self.name)}"

    def __str__(self) -> str:
        """Return type and name, as in an address."""
        return f"{self.type} {self.name}"


def _types() -> tuple[str, str]:
    tiers = load("units")["tiers"]
    return tiers["province"][0], tiers["either"][0]


@functools.cache
def _provinces() -> dict[str, dict[str, Any]]:
    """Map every spelling of a province's name to its entry."""
    names: dict[str, dict[str, Any]] = {}
    for entry in load("units")["provinces"].values():
        spellings = [entry["name"], *entry.get("also", []), *([entry["before"]] if "before" in entry else [])]
        names |= {words_of(name): entry for name in spellings}
    return names


def province(name: str, day: dt.date | None = None) -> Unit | None:
    """Return the province or city of the first tier of that name, as it was called on that day.

    >>> str(province("Đăk Nông"))
    'tỉnh Đắk Nông'
    """
    found = _provinces().get(words_of(name))
    return _as_of(found, day) if found else None


def _as_of(entry: dict[str, Any], day: dt.date | None) -> Unit:
    plain, city = _types()
    if "since" in entry and day is not None and day < entry["since"]:
        return Unit("province", plain, entry["before"])
    return Unit("province", city if entry.get("city") else plain, entry["name"])


def province_now(unit: Unit | None) -> Unit | None:
    """Return the province that has the land of `unit` since 1 July 2025; None if it went to several.

    >>> str(province_now(province("Đắk Nông")))
    'tỉnh Lâm Đồng'
    """
    found = _provinces().get(words_of(unit.name)) if unit and unit.tier == "province" else None
    now = found.get("now") if found else None
    return _as_of(load("units")["provinces"][now], None) if now else None


def trailing_province(words: str) -> tuple[str, Unit] | None:
    """Split a province's bare name off the end of `words`: "sở y tế ninh bình"."""
    parts = words.split()
    for size in range(min(5, len(parts) - 1), 0, -1):
        found = province(" ".join(parts[-size:]))
        if found:
            return " ".join(parts[:-size]), found
    return None


def with_provinces(text: str) -> str:
    """Return `text` with the names of provinces in it written as they are."""
    names = {entry["name"].lower(): entry["name"] for entry in load("units")["provinces"].values()}
    every = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{every})(?!\w)", lambda found: names[found.group()], text)


@functools.cache
def _type_pattern() -> re.Pattern[str]:
    words = [word for entries in load("units")["tiers"].values() for word in entries]
    return re.compile(rf"(?<!\w){alternatives(words)}(?!\w)")


@functools.cache
def _tier_of(word: str) -> str:
    tiers: dict[str, list[str]] = load("units")["tiers"]
    return next(tier for tier, entries in tiers.items() if any(re.match(entry, word) for entry in entries))


def items_of(words: str) -> list[Item] | None:
    """Read `words` as a chain of units, smallest first; None if they are none."""
    found = list(_type_pattern().finditer(words))
    if not found or found[0].start():
        return None
    items: list[Item] = []
    for this, after in zip(found, [*found[1:], None], strict=True):
        name = words[this.end() : after.start() if after else len(words)].strip()
        if len(name.split()) > 4:
            return None
        items.append((this.group(), name or None))
    return items


def split_units(words: str) -> tuple[str, list[Item]]:
    """Split the chain of units off the end of `words`."""
    for found in _type_pattern().finditer(words):
        items = items_of(words[found.start() :]) if found.start() else None
        if items:
            return words[: found.start()].strip(), items
    return words, []


def unit_of(item: Item, known: Iterable[Unit], day: dt.date | None) -> Unit | None:
    """Return the unit that `item` names; one without a name is the unit of that type in `known`."""
    kind, name = item
    if name is None:
        return next((unit for unit in known if unit.type == kind), None)
    tier = _tier_of(kind)
    first = province(name, day)
    if tier == "province":
        return first if first and first.type == kind else _former(first, kind, day)
    if tier == "either":
        is_city = first is not None and first.type == kind
        return first if is_city else Unit("district", kind, titled(name))
    return Unit("commune" if tier == "commune" else "district", kind, titled(name))


def _former(first: Unit | None, kind: str, day: dt.date | None) -> Unit | None:
    """Return a province that has become a city since; nobody called a city so on a later day."""
    return Unit("province", kind, first.name) if first and (day is None or day < MERGED) else None


@functools.cache
def _table() -> list[dict[str, Any]]:
    """Return the rows of the package's table; none if it is not there."""
    spec = importlib.util.find_spec("underthesea")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "address" / "data" / "mapping.json"
        if path.is_file():
            rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["ward_mapping"]
            return rows
    return []


def _split_type(full: str) -> tuple[str, str]:
    """Split "Thị xã Ninh Hòa" into type and name."""
    words = lower(full)
    found = _type_pattern().match(words)
    return (words[: found.end()], words_of(words[found.end() :])) if found else ("", words_of(words))


@functools.cache
def _districts() -> dict[tuple[str, str], set[str]]:
    """Map a province's slug and a district's bare name to the types that bear it there."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in {(row["old_province"], row["old_district"]) for row in _table()}:
        kind, name = _split_type(row[1])
        found.setdefault((slug(_split_type(row[0])[1]), name), set()).add(kind)
    return found


@functools.cache
def _communes() -> dict[tuple[str, str, str], set[str]]:
    """Map a province's slug, a commune's type and name to the districts that had one of that name."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for row in _table():
        key = (slug(_split_type(row["old_province"])[1]), *_split_type(row["old_ward"]))
        found.setdefault(key, set()).add(row["old_district"])
    return found


def district(name: str, within: Unit | None) -> Unit | None:
    """Return the district of that bare name in a province; None if the province is not known or has two."""
    kinds = _districts().get((within.slug, words_of(name)), set()) if within else set()
    return Unit("district", next(iter(kinds)), titled(lower(name))) if len(kinds) == 1 else None


def is_ambiguous(unit: Unit, within: Unit, day: dt.date | None) -> bool:
    """Tell whether a province had several communes of that name, in several districts."""
    if unit.tier != "commune" or (day is not None and day >= MERGED):
        return False
    return len(_communes().get((within.slug, unit.type, words_of(unit.name)), ())) > 1


def communes_now(units: Sequence[Unit]) -> list[str]:
    """Return what a commune of before July 2025, given with district and province, has become: one name or several.

    >>> communes_now([Unit("commune", "thị trấn", "Ea T'ling"), Unit("district", "huyện", "Cư Jút"),
    ...               Unit("province", "tỉnh", "Đắk Nông")])
    ['Xã Cư Jút']
    """
    wanted = [words_of(str(unit)) for unit in units]
    if [unit.tier for unit in units] != list(TIERS):
        return []
    columns = ("old_ward", "old_district", "old_province")
    rows = [row for row in _table() if bare(words_of(row[columns[0]])) == bare(wanted[0])]
    return sorted({row["new_ward"] for row in rows if [words_of(row[name]) for name in columns] == wanted})
