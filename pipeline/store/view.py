"""A notice's JSON with what people said of it.

Pointers are those of the result throughout: an entry that was rejected keeps its place until the end, so that no other
correction moves.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.store.pointers import index_of, join, split
from pipeline.store.records import Correction


@dataclass(frozen=True, slots=True)
class _Gone:
    """The place of an entry that was rejected, or that is yet to come."""

    entry: Any = None


class View:
    """A result that corrections are put on, one after the other."""

    def __init__(self, form: dict[str, Any]) -> None:
        """Copy the result's JSON."""
        self.form = copy.deepcopy(form)
        self._spoken: dict[str, Correction] = {}

    def value(self, parts: Sequence[str]) -> Any:
        """Return the value at a place, None where there is none; a copy without what was rejected inside."""
        node = self._find(parts)
        return None if isinstance(node, _Gone | _Nowhere) else _compact(node)

    def is_place(self, parts: Sequence[str]) -> bool:
        """Tell whether a notice has such a place; it may be empty, and one behind a list's end is one."""
        if not parts:
            return False
        parent = self._find(parts[:-1])
        if isinstance(parent, list):
            index = index_of(parts[-1])
            return index is not None and index <= len(parent)
        return isinstance(parent, dict) and parts[-1] in parent

    def length(self, parts: Sequence[str]) -> int | None:
        """Return how many places a list has, rejected entries too; None for what is no list."""
        node = self._find(parts)
        return len(node) if isinstance(node, list) else None

    def put(self, parts: Sequence[str], correction: Correction) -> None:
        """Do what a correction says at a place, which may be moved from where it says; the place must be one."""
        pointer = join(parts)
        self._spoken.pop(pointer, None)
        if correction.action == "reject":
            self._remove(parts)
            return
        self._spoken[pointer] = correction
        if correction.action == "correct":
            self._set(parts, copy.deepcopy(correction.after))

    def finished(self) -> dict[str, Any]:
        """Return the notice's JSON: rejected entries taken out, and what points at entries pointing right."""
        form: dict[str, Any] = _compact(self.form)
        form["evidence"] = self._evidence()
        places = self.form["directives"]
        for kept in form["directives"] if isinstance(places, list) else ():
            # What is no directive at all is left for the contract to refuse.
            if isinstance(kept, dict) and isinstance(kept.get("parent"), int):
                kept["parent"] = _parent(places, kept["parent"])
        return form

    def _find(self, parts: Sequence[str]) -> Any:
        node: Any = self.form
        for part in parts:
            if isinstance(node, list):
                index = index_of(part)
                node = _NOWHERE if index is None or index >= len(node) else node[index]
            else:
                node = node.get(part, _NOWHERE) if isinstance(node, dict) else _NOWHERE
        return node

    def _set(self, parts: Sequence[str], value: Any) -> None:
        parent, last = self._find(parts[:-1]), parts[-1]
        if isinstance(parent, list):
            index = int(last)
            parent.extend(_Gone() for _ in range(len(parent), index + 1))
            parent[index] = value
        else:
            parent[last] = value

    def _remove(self, parts: Sequence[str]) -> None:
        parent, last = self._find(parts[:-1]), parts[-1]
        if isinstance(parent, list):
            self._set(parts, _Gone(self._find(parts)))
        else:
            parent[last] = [] if isinstance(parent[last], list) else None

    def _evidence(self) -> dict[str, Any]:
        """Return the evidence of what is left, under the pointers of now."""
        kept: dict[str, Any] = {}
        for pointer, found in self.form["evidence"].items():
            place = self.place_now(split(pointer))
            if place is not None:
                kept[join(place)] = dict(found)
        for pointer, correction in self._spoken.items():
            place = self.place_now(split(pointer))
            seen = None if place is None else _seen(kept.get(join(place)), correction)
            if place is not None and seen is not None:
                kept[join(place)] = seen
        return kept

    def place_before(self, parts: Sequence[str]) -> list[str] | None:
        """Return the place of a value of the finished notice, with the rejected entries counted again."""
        found: list[str] = []
        node: Any = self.form
        for part in parts:
            if isinstance(node, list):
                index = index_of(part)
                kept = [at for at, place in enumerate(node) if not isinstance(place, _Gone)]
                if index is None or index >= len(kept):
                    return None
                found.append(str(kept[index]))
                node = node[kept[index]]
            elif isinstance(node, dict) and part in node:
                found.append(part)
                node = node[part]
            else:
                return None
        return found

    def place_now(self, parts: Sequence[str]) -> list[str] | None:
        """Return where a place is once rejected entries are gone, None where nothing is there."""
        found: list[str] = []
        node: Any = self.form
        for part in parts:
            if isinstance(node, list):
                index = index_of(part)
                if index is None or index >= len(node):
                    return None
                found.append(str(_index_now(node, index)))
                node = node[index]
            elif isinstance(node, dict):
                found.append(part)
                node = node.get(part)
            else:
                return None
        return None if node in (None, []) or isinstance(node, _Gone) else found


class _Nowhere:
    """Says that there is no such place, which null would not."""


_NOWHERE = _Nowhere()


def _compact(node: Any) -> Any:
    """Return a copy without rejected entries."""
    if isinstance(node, dict):
        return {key: _compact(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_compact(value) for value in node if not isinstance(value, _Gone)]
    return node


def _index_now(places: list[Any], index: int) -> int:
    return sum(not isinstance(place, _Gone) for place in places[:index])


def _parent(places: list[Any], parent: int | None) -> int | None:
    """Return the index now of a directive's parent, or of the next one above it that was not rejected."""
    seen: set[int] = set()
    while parent is not None and 0 <= parent < len(places) and parent not in seen:
        if not isinstance(places[parent], _Gone):
            return _index_now(places, parent)
        seen.add(parent)
        parent = (places[parent].entry or {}).get("parent")
    return None


def _seen(found: dict[str, Any] | None, correction: Correction) -> dict[str, Any] | None:
    """Return the evidence of a value that a person confirmed or wrote; None where nobody said where it stands."""
    if found is None and not correction.boxes:
        return None
    nowhere = {"quote": "", "start": 0, "end": 0, "page": None, "boxes": []}
    said = {"confirm": "confirmed by a person", "correct": "corrected by a person"}[correction.action]
    seen = {**nowhere, **(found or {}), "confidence": 1.0, "method": said}
    if correction.boxes:
        seen |= {"page": correction.boxes[0][0], "boxes": [list(box) for box in correction.boxes]}
    return seen
