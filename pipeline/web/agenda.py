"""What there is to review: the least certain values of all notices, or the values of one, and which comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from pipeline.notice import Notice
from pipeline.store import Doubt, Store
from pipeline.web.fields import Field, flat, groups_of
from pipeline.web.i18n import mark
from pipeline.web.shapes import SHAPES, pattern_of, shape_of

PAGE = 20
"""Values of the queue that are looked at together."""
LEVELS = (0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Confidences below which one may want to look."""
USUAL = 0.9
_OTHERS = 200
"""Doubts among which the next notice is looked for."""
_NAMES = ("text", "name", "citation", "title")
_NO_QUEUE_END = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which values are asked for, as the address says it: the least certain ones, or those of one notice."""

    below: float = USUAL
    sha256: str | None = None
    offset: int = 0

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Read an address or a form; what makes no sense is left out."""
        below, offset = str(given.get("below", "")), str(given.get("offset", ""))
        levels = {f"{level:g}": level for level in LEVELS}
        start = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 6 else 0
        return cls(levels.get(below, USUAL), str(given.get("sha256", "")) or None, min(start, _NO_QUEUE_END))

    def address(self, item: Item | None = None, **more: str) -> str:
        """Return the address of one value among these; without `item` that of the first one."""
        query: dict[str, str] = {}
        if self.below != USUAL:
            query["below"] = f"{self.below:g}"
        if self.sha256:
            query["sha256"] = self.sha256
        if self.offset:
            query["offset"] = str(self.offset)
        if item is not None:
            query |= {"at": item.pointer} if self.sha256 else {"of": item.sha256, "at": item.pointer}
        query |= more
        return "/review" + (f"?{urlencode(query)}" if query else "")


@dataclass(frozen=True, slots=True)
class Item:
    """One value to review: where it is in the notice as it is corrected, what it is called and what it says.

    `label` is a message; `number` is that of a directive. `is_inner` says that it is a part of the one above.
    """

    sha256: str
    pointer: str
    label: str
    value: Any
    name: str = ""
    number: str | None = None
    confidence: float | None = None
    document_number: str | None = None
    issuing_body: str | None = None
    is_inner: bool = False

    @property
    def words(self) -> str | dt.date:
        """Return what the value says in a line."""
        return self.value if isinstance(self.value, dt.date) else words_of(self.value)


def words_of(value: Any) -> str:
    """Return the words of a value of the contract's JSON.

    >>> words_of({"name": None, "title": "A"}), words_of(None)
    ('A', '')
    """
    if isinstance(value, dict):
        return next((str(value[name]) for name in _NAMES if value.get(name)), "")
    return "" if value is None else str(value)


def items_of(store: Store, asked: Asked, notice: Notice | None) -> list[Item]:
    """Return the values that are asked for, a page of them; `notice` is the one that is asked for, corrected."""
    if asked.sha256 is None:
        found = store.doubts(PAGE, asked.offset, asked.below)
        return [_doubted(doubt) for doubt in found if shape_of(doubt.pointer)]
    return [] if notice is None else list(_all_of(asked.sha256, notice))


def item_at(sha256: str, notice: Notice, pointer: str) -> Item | None:
    """Return one value of a notice, or the empty place that a value is to be written to; None where there is none."""
    shape = shape_of(pointer)
    known = next((item for item in _all_of(sha256, notice) if item.pointer == pointer), None)
    if known is not None or shape is None or not _is_free(notice, pointer):
        return known
    return Item(sha256, pointer, shape.label, None)


def free_places(notice: Notice, pointer: str | None) -> list[tuple[str, str, str | None]]:
    """Return where something can be added: pointer, label, and number of the directive; those of `pointer`'s first."""
    form = notice.model_dump(mode="json")
    own = pointer.split("/")[2] if pointer and pointer.startswith("/directives/") else "-"
    places = [(_place(where, own), where) for where in _places(own.isdigit())]
    named = [
        (place, shape.label, _number(form, place))
        for place, where in places
        if (shape := shape_of(where)) and _is_free(notice, place)
    ]
    return sorted(named, key=lambda place: not place[0].startswith(f"/directives/{own}/"))


def after_rejection(pointer: str, rejected: str) -> str:
    """Return where a value is once an entry before it in the same list is gone.

    >>> after_rejection("/recipients/3", "/recipients/1"), after_rejection("/directives/2/deadline", "/directives/0")
    ('/recipients/2', '/directives/1/deadline')
    """
    parts, gone = pointer.split("/"), rejected.split("/")
    at = len(gone) - 1
    same_list = len(parts) > at and parts[:at] == gone[:at]
    if same_list and parts[at].isdigit() and gone[at].isdigit() and int(parts[at]) > int(gone[at]):
        parts[at] = str(int(parts[at]) - 1)
    return "/".join(parts)


def following(items: Sequence[Item], current: Item) -> Item | None:
    """Return the next value that is not inside this one."""
    at = index_of(items, current)
    rest = items[at + 1 :] if at is not None else items
    return next((item for item in rest if not _is_inside(item, current)), None)


def index_of(items: Sequence[Item], current: Item | None) -> int | None:
    """Return where a value is among others."""
    if current is None:
        return None
    key = (current.sha256, current.pointer)
    return next((at for at, item in enumerate(items) if (item.sha256, item.pointer) == key), None)


def notices_around(store: Store, asked: Asked, sha256: str | None) -> tuple[str | None, str | None]:
    """Return the notices before and after one, in the order of their least certain values."""
    shas = list(dict.fromkeys(doubt.sha256 for doubt in store.doubts(_OTHERS, 0, asked.below)))
    if sha256 not in shas:
        return None, shas[0] if shas else None
    at = shas.index(sha256)
    return shas[at - 1] if at else None, shas[at + 1] if at + 1 < len(shas) else None


def next_page(asked: Asked, step: int) -> Asked:
    """Return the page of the queue before or after this one."""
    return replace(asked, offset=max(0, asked.offset + step * PAGE))


def _is_inside(item: Item, outer: Item) -> bool:
    return item.sha256 == outer.sha256 and item.pointer.startswith(outer.pointer + "/")


def _doubted(doubt: Doubt) -> Item:
    shape = shape_of(doubt.pointer)
    number = doubt.value.get("number") if isinstance(doubt.value, dict) and "/legal" not in doubt.pointer else None
    return Item(
        doubt.sha256,
        doubt.pointer,
        shape.label if shape else mark("Value"),
        doubt.value,
        doubt.name,
        number,
        doubt.confidence,
        doubt.document_number,
        doubt.issuing_body,
    )


def _all_of(sha256: str, notice: Notice) -> Iterator[Item]:
    for field in flat(groups_of(notice)):
        shape = shape_of(field.pointer)
        if shape is not None:
            yield _item(sha256, field, shape.label)


def _item(sha256: str, field: Field, label: str) -> Item:
    number = field.label if field.is_number else None
    confidence = None if field.evidence is None else field.evidence.confidence
    inner = pattern_of(field.pointer).startswith("/directives/*/")
    return Item(sha256, field.pointer, label, field.value, "", number, confidence, is_inner=inner)


def _places(in_directive: bool) -> Iterator[str]:
    for where in SHAPES:
        if in_directive or not where.startswith("/directives/*/"):
            yield where


def _place(where: str, own: str) -> str:
    """Return the pointer of a free place: in lists behind the end, in directives that of the number `own`."""
    if where.startswith("/directives/*/"):
        where = where.replace("*", own, 1)
    return where.replace("*", "-")


def _number(form: dict[str, Any], pointer: str) -> str | None:
    parts = pointer.split("/")
    if len(parts) > 3 and parts[1] == "directives" and parts[2].isdigit():
        return str(form["directives"][int(parts[2])]["number"] or int(parts[2]) + 1)
    return None


def _is_free(notice: Notice, pointer: str) -> bool:
    """Tell whether something can be written to a place: behind the end of a list, or where nothing is stated."""
    node: Any = notice.model_dump(mode="json")
    parts = pointer.split("/")[1:]
    for part in parts[:-1]:
        if isinstance(node, list):
            if not (part.isascii() and part.isdigit() and int(part) < len(node)):
                return False
            node = node[int(part)]
        elif isinstance(node, dict) and part in node:
            node = node[part]
        else:
            return False
    if isinstance(node, list):
        return parts[-1] == "-"
    return isinstance(node, dict) and parts[-1] in node and node[parts[-1]] is None
