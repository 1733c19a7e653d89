"""Labelled items and their nesting: I. › 1. › 1.1. › a) › - › +, with plain paragraphs between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Paragraph
from pipeline.extract.view import View

_LABELS = {
    "roman": re.compile(r"(?P<label>X{0,2}(?:IX|IV|V?I{1,3}|V|X))\s?[.)/:-]\s*(?=\S)"),
    "capital": re.compile(r"(?P<label>[A-HĐ])(?:\.|/|\))\s+(?=\S)"),
    "path": re.compile(r"(?P<label>\d{1,2}(?:\.\d{1,2}){1,3})(?:\s?[-–:/]|[.)])?\s+(?=\S)"),
    "number": re.compile(r"(?P<label>\d{1,2})(?:(?:[.)/]\s*|\s?[-:]\s+)(?=[^\d\s])|[.)]\s+(?=\d))"),
    "bracketed": re.compile(r"\((?P<label>\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s*(?=\S)"),
    "letter": re.compile(r"(?P<label>[a-zđ])(?:\)\s*|\.\s+)(?=\S)"),
    "dash": re.compile(r"(?P<label>[-–—•●▪■*○◦])\s*(?=\S)"),
    "plus": re.compile(r"(?P<label>\+)\s*(?=\S)"),
    "ordinal": re.compile(
        r"(?P<label>(?:Thứ|Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười)"
        r"(?: (?:nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười))?(?: là)?)\s*[,:]\s*(?=\S)"
    ),
}
_UNNUMBERED = {"dash", "plus", "ordinal"}
_RANK = {
    "capital": 0,
    "roman": 0,
    "number": 1,
    "path": 2,
    "letter": 3,
    "bracketed": 4,
    "ordinal": 4,
    "dash": 5,
    "plus": 6,
}


@dataclass(frozen=True, slots=True)
class Item:
    """One paragraph of the body: its label, if any, and the items that it stands under.

    `parents` are the indexes of the items above, outermost first; `start` is behind the label.
    """

    paragraph: Paragraph
    start: int
    end: int
    kind: str | None
    label: str | None
    parents: tuple[int, ...]

    @property
    def is_numbered(self) -> bool:
        """Tell whether a number or letter is printed before the item."""
        return self.kind is not None and self.kind not in _UNNUMBERED


def find_items(view: View, paragraphs: Sequence[Paragraph]) -> list[Item]:
    """Read the labels of `paragraphs` and nest the items by the order in which the kinds of label first appear."""
    items: list[Item] = []
    stack: list[tuple[str, int]] = []
    for index, paragraph in enumerate(paragraphs):
        kind, label, start = _read_label(view, paragraph, stack)
        if kind is None:
            items.append(Item(paragraph, start, paragraph.end, None, None, _above_plain(stack, items)))
            continue
        while stack and _closes(stack, kind, label or "", items):
            stack.pop()
        items.append(Item(paragraph, start, paragraph.end, kind, label, tuple(i for _, i in stack)))
        stack.append((kind, index))
    return items


def _read_label(
    view: View, paragraph: Paragraph, stack: Sequence[tuple[str, int]]
) -> tuple[str | None, str | None, int]:
    for kind, pattern in _LABELS.items():
        found = pattern.match(view.text, paragraph.start, paragraph.end)
        if found is None:
            continue
        label = found["label"]
        if kind == "roman" and label == "I" and any(name == "letter" for name, _ in stack):
            continue
        return kind, label, found.end()
    return None, None, paragraph.start


def _closes(stack: Sequence[tuple[str, int]], kind: str, label: str, items: Sequence[Item]) -> bool:
    """Tell whether the innermost open item ends where an item with `label` begins."""
    kinds = [name for name, _ in stack]
    if kind == "path":
        above = items[stack[-1][1]]
        return above.kind != "roman" and not label.startswith(f"{above.label}.")
    if kind in kinds:
        return True
    return _RANK[kinds[-1]] > _RANK[kind]


def _above_plain(stack: Sequence[tuple[str, int]], items: Sequence[Item]) -> tuple[int, ...]:
    """Return what a paragraph without a label stands under: a numbered heading above it, not a dash."""
    kept = [index for _, index in stack if items[index].is_numbered]
    return tuple(kept)


def number_of(items: Sequence[Item], index: int) -> str | None:
    """Return the printed labels from the outermost item to this one, joined by points; None without an own label.

    A label that repeats its parents ("2.1" under "2") is not doubled.
    """
    item = items[index]
    if not item.is_numbered or item.label is None:
        return None
    path: list[str] = []
    for above in [*item.parents, index]:
        one = items[above]
        if not one.is_numbered or one.label is None:
            continue
        while path and one.label.startswith(f"{path[-1]}."):
            path.pop()
        path.append(one.label)
    return ".".join(path)
