"""What the lexicon knows of bodies: those of the centre, those that every place has, and the heads of other names."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pipeline.language import alternatives, load
from pipeline.normalise.spellings import bare, slug, words_of
from pipeline.normalise.units import split_units

HeadClass = Literal["company", "school", "hospital", "inner", "agency"]
Entry = dict[str, Any]


def _spellings(entry: Entry, *lists: str) -> Iterator[str]:
    yield bare(words_of(entry["name"]))
    for name in lists:
        yield from (bare(words_of(spelling)) for spelling in entry.get(name, []))


def _index(table: str, *lists: str) -> dict[str, tuple[str, Entry]]:
    found: dict[str, tuple[str, Entry]] = {}
    for entry in load("bodies")[table].values():
        for spelling in _spellings(entry, *lists):
            found.setdefault(spelling, (slug(words_of(entry["name"])), entry))
    return found


@functools.cache
def _tables() -> dict[str, dict[str, tuple[str, Entry]]]:
    return {
        "central": _index("central", "also"),
        "loose": _index("central", "also", "loose"),
        "local": _index("local", "also"),
        "fields": _index("fields"),
    }


def central(words: str, *, loose: bool) -> tuple[str, Entry] | None:
    """Return key and entry of a body of the centre; `loose` takes names too that mean another in a local notice."""
    return _tables()["loose" if loose else "central"].get(words)


def field(words: str) -> str | None:
    """Return the name of a department's field: "khoa học công nghệ" is "Khoa học và Công nghệ"."""
    found = _tables()["fields"].get(words)
    return found[1]["name"] if found else None


def local_fronts(words: str) -> Iterator[tuple[str, Entry, str]]:
    """Yield the local bodies whose name `words` begin with, longest first: key, entry and what follows."""
    parts = words.split()
    for size in range(min(len(parts), 12), 0, -1):
        found = _tables()["local"].get(" ".join(parts[:size]))
        if found:
            yield *found, " ".join(parts[size:])


def department(words: str) -> tuple[str, str] | None:
    """Return which department's type word `words` begin with, and the rest."""
    for tier in ("province", "central", "room"):
        for word in load("bodies")["departments"][tier]:
            if words.startswith(f"{word} "):
                return tier, words.removeprefix(f"{word} ")
    return None


def type_word(tier: str) -> str:
    """Return the type word of the departments of that tier."""
    word: str = load("bodies")["departments"][tier][0]
    return word


def holds_type(key: str, of: str) -> bool:
    """Tell whether a head has the unit's type in it: "huyen-uy" has "huyện"."""
    return key.split("-", maxsplit=1)[0] == slug(of).split("-")[0]


def is_room_of_districts(words: str) -> bool:
    """Tell whether districts have a room for that field."""
    return words in load("bodies")["departments"]["of_districts"]


@functools.cache
def _heads() -> tuple[re.Pattern[str], dict[str, HeadClass], re.Pattern[str]]:
    heads = load("bodies")["heads"]
    kinds: tuple[HeadClass, ...] = ("inner", "agency", "hospital", "school", "company")
    classes: dict[str, HeadClass] = {word: kind for kind in kinds for word in heads[kind]}
    return _whole(classes), classes, _whole(heads["not_heads"])


def _whole(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"{alternatives(words)}(?!\w)")


@functools.cache
def _listed(table: str, key: str) -> re.Pattern[str]:
    """Return the pattern of a list's entries as whole words."""
    return re.compile(rf"(?<!\w){alternatives(load('bodies')[table][key])}(?!\w)")


@functools.cache
def _at_end(key: str) -> re.Pattern[str]:
    """Return the pattern of a list's entries at the end of a name."""
    return re.compile(rf"(?<!\w){alternatives(load('bodies')['heads'][key])}$")


def head(words: str) -> tuple[str, HeadClass] | None:
    """Return the head that a body's own name begins with, and its class."""
    pattern, classes, others = _heads()
    found = pattern.match(words)
    wrong = others.match(words)
    if found is None or (wrong is not None and wrong.end() >= found.end()):
        return None
    return found.group(), classes[found.group()]


def stands_alone(words: str) -> bool:
    """Tell whether a type word without a name is a body's part by custom: "Văn phòng"."""
    return words in load("bodies")["heads"]["alone"]


def is_national(words: str) -> bool:
    """Tell whether a name ends as those do that are there once in the country."""
    return _at_end("national").search(words) is not None


def own_word(words: str) -> str | None:
    """Return the word at the end of `words` by which an issuer calls itself: "văn phòng sở"."""
    found = _at_end("own").search(words)
    return found.group() if found else None


def itself(words: str) -> str | None:
    """Return the type word, if `words` are no more than one by which an issuer calls itself."""
    heads = load("bodies")["heads"]
    word: str = heads["self"].get(words, words)
    return word if _listed("heads", "own").fullmatch(word) else None


def has(table: str, key: str, word: str) -> bool:
    """Tell whether a list of the lexicon holds `word`."""
    return word in load("bodies")[table][key]


def begins(table: str, key: str, words: str) -> bool:
    """Tell whether `words` begin with an entry of a list of the lexicon."""
    return _listed(table, key).match(words) is not None


@functools.cache
def _counted() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternatives(load('bodies')['groups']['counted'])}")


def group(words: str) -> bool | None:
    """Tell whether `words` name several bodies or people; None if they name who holds an office."""
    groups = load("bodies")["groups"]
    front, items = split_units(words)
    counted = front if items and all(name for _, name in items) else words
    office = begins("groups", "offices", words)
    several = (
        begins("groups", "starts", words) or _listed("groups", "inside").search(words) or _counted().search(counted)
    )
    if several or (office and groups["plural"] in words.split()):
        return True
    return None if office else False


def key_of(prefix: str, words: str) -> str:
    """Return a body's part of a key."""
    return slug(f"{prefix} {words}")
