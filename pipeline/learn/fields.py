"""What is scored: each field of the contract, where its values stand, and how alike two must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.learn.likeness import EXACT

ANY = "__any__"
"""Stands in gold for a value on which no two readers would agree; it is not scored."""

Node = Mapping[str, object]


class Found(NamedTuple):
    """A value and the JSON Pointer at which it stands: in our output, there is evidence for it under that pointer."""

    pointer: str
    value: object


@dataclass(frozen=True, slots=True)
class Field:
    """A field with one value, or with `items` of them: `keys` say what of an item is compared, the first that it has.

    Values are equal when they are at least `threshold` alike after folding.
    """

    path: tuple[str, ...]
    threshold: float = EXACT
    items: bool = False
    keys: tuple[str, ...] = ()

    def values(self, notice: Node) -> list[Found] | None:
        """Return the field's values in a notice; None where gold says that they are not scored."""
        node: object = notice
        for key in self.path:
            node = node.get(key) if isinstance(node, Mapping) else None
            if node == ANY:
                return None
        pointer = "".join(f"/{key}" for key in self.path)
        if not self.items:
            return [] if node is None else [Found(pointer, node)]
        listed = list(node) if isinstance(node, Iterable) else []
        if self.keys and any(not isinstance(item, Mapping) for item in listed):
            return None
        found = [Found(f"{pointer}/{i}", self._of(item)) for i, item in enumerate(listed)]
        return [each for each in found if each.value]

    def _of(self, item: object) -> object:
        if not isinstance(item, Mapping) or not self.keys:
            return item
        return next((item[key] for key in self.keys if item.get(key)), None)


def _several(*path: str, threshold: float, keys: tuple[str, ...] = ()) -> Field:
    return Field(path, threshold, items=True, keys=keys)


FIELDS: dict[str, Field] = {
    "document_type": Field(("header", "document_type")),
    "document_number": Field(("header", "document_number")),
    "parent_body": Field(("header", "parent_body"), 0.9),
    "issuing_body": Field(("header", "issuing_body"), 0.9),
    "place": Field(("header", "place")),
    "issue_date": Field(("header", "issue_date")),
    "subject": Field(("header", "subject"), 0.95),
    "meeting_name": Field(("meeting", "name"), 0.85),
    "start_date": Field(("meeting", "start_date")),
    "end_date": Field(("meeting", "end_date")),
    "location": Field(("meeting", "location"), 0.85),
    "chairs": _several("meeting", "chairs", threshold=EXACT, keys=("name",)),
    "participants": _several("meeting", "participants", threshold=0.9, keys=("name",)),
    "absentees": _several("meeting", "absentees", threshold=0.9, keys=("name",)),
    "achievements": _several("assessment", "achievements", threshold=0.85, keys=("text",)),
    "weaknesses": _several("assessment", "weaknesses", threshold=0.85, keys=("text",)),
    "recipients": _several("recipients", threshold=0.9),
    "authority": _several("signature", "authority", threshold=0.9),
    "signer_title": Field(("signature", "signer_title"), 0.9),
    "signer_name": Field(("signature", "signer_name")),
    "legal_references": _several("legal_references", threshold=EXACT, keys=("number", "citation")),
}
DIRECTIVE_FIELDS = ("directive_text", "directive_number", "assignees", "deadlines", "amounts")

GROUPS: dict[str, tuple[str, ...]] = {
    "dates": ("start_date", "end_date", "issue_date"),
    "participants": ("chairs", "participants", "absentees"),
    "weaknesses": ("weaknesses",),
    "directives": DIRECTIVE_FIELDS,
    "header": ("document_type", "document_number", "parent_body", "issuing_body", "place", "subject"),
    "other": (
        *("meeting_name", "location", "signer_title", "signer_name", "authority", "recipients"),
        *("achievements", "legal_references"),
    ),
}
"""Fields added up; every field is in one group."""
