"""JSON Pointers (RFC 6901) into a notice's JSON, and where a place went when the document was read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.store.columns import to_json


def split(pointer: str) -> list[str]:
    """Return the parts of a pointer; ValueError where it is none.

    >>> split("/directives/0/text")
    ['directives', '0', 'text']
    """
    if pointer and not pointer.startswith("/"):
        raise ValueError(pointer)
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def join(parts: Sequence[str]) -> str:
    """Return the pointer of these parts."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def leaves(value: object, at: str = "") -> Iterator[tuple[str, object]]:
    """Return every plain value beneath `value` with its pointer; null and what is empty are left out.

    >>> dict(leaves({"a": [1, None], "b": []}))
    {'/a/0': 1}
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, at + join([key]))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{at}/{index}")
    elif value is not None:
        yield at, value


def index_of(part: str) -> int | None:
    """Return the index that a part of a pointer names, None where it is no index."""
    return int(part) if part.isascii() and part.isdigit() and len(part) <= 9 else None


def moved(parts: Sequence[str], old: Any, new: Any) -> list[str] | None:
    """Return where a place of the result `old` is in the result `new`, None where it cannot be told.

    An entry of a list is known again by its words, wherever it stands now. What people added behind the end of a list
    stays behind its end.
    """
    found: list[str] = []
    for done, part in enumerate(parts):
        if not isinstance(old, type(new)) or not isinstance(old, dict | list):
            return [*found, *parts[done:]]
        if isinstance(old, dict):
            found.append(part)
            old, new = old.get(part), new.get(part)
            continue
        index = index_of(part)
        if index is None or index >= len(old):
            beyond = part if index is None else str(len(new) + index - len(old))
            return [*found, beyond, *parts[done + 1 :]]
        place = _same_entry(old, index, new)
        if place is None:
            return None
        found.append(str(place))
        old, new = old[index], new[place]
    return found


def _same_entry(old: list[Any], index: int, new: list[Any]) -> int | None:
    """Return the index in `new` of the entry `old[index]`; twins are told by their order, where none was lost."""
    name = _identity(old[index])
    before = [place for place, entry in enumerate(old) if _identity(entry) == name]
    after = [place for place, entry in enumerate(new) if _identity(entry) == name]
    return after[before.index(index)] if len(before) == len(after) else None


def _identity(entry: Any) -> str:
    """Return the words by which an entry is known."""
    if isinstance(entry, dict):
        for key in ("text", "citation", "name"):
            if entry.get(key):
                return str(entry[key])
    return to_json(entry)
